"""The one internal form of a trust list: signers, with version, issue and expiry time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.core.trust.signer import DocumentSigner, UnusableCertificateError, load_signer


@dataclass(frozen=True)
class TrustList:
    """Who may sign, as known at `issued_at`.

    version: grows with each issue; 0 where a source has none.
    issued_at, expires_at: aware; None where the source does not say. newest_at: the issue time
    of the newest list of a merge; the clock is certainly past it.
    weak: kids whose only key is too weak to trust: a certificate of theirs fails, while one of
    an unknown kid is merely undecided.
    revoked: kids that are not believed any more.
    sources: where it came from, in words, for people.
    skipped: rows that no signer could be made of, in words.
    """

    version: int = 0
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    newest_at: datetime | None = None
    signers: tuple[DocumentSigner, ...] = ()
    weak: frozenset[bytes] = frozenset()
    revoked: frozenset[bytes] = frozenset()
    sources: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    _by_kid: dict[bytes, tuple[DocumentSigner, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for signer in self.signers:
            self._by_kid[signer.kid] = (*self._by_kid.get(signer.kid, ()), signer)

    def candidates(self, kid: bytes) -> tuple[DocumentSigner, ...]:
        """All signers of `kid`: eight bytes may collide, so each is tried (hcert-spec 3.3.3)."""
        return self._by_kid.get(kid, ())


@dataclass(frozen=True)
class Row:
    """One certificate as a list gives it; `kid` and `country` None where it does not."""

    der: bytes = field(repr=False)
    kid: bytes | None = None
    country: str | None = None


def trust_list_of(rows: Iterable[Row], source: str, **stamps: datetime | int | None) -> TrustList:
    """A list of the usable certificates among `rows`; the others are told in `skipped`.

    `stamps`: version, issued_at, expires_at.
    """
    signers: dict[tuple[bytes, bytes], DocumentSigner] = {}
    weak: set[bytes] = set()
    skipped: list[str] = []
    for number, row in enumerate(rows, start=1):
        try:
            signer = load_signer(row.der, row.kid, row.country)
        except UnusableCertificateError as error:
            skipped.append(f"{source}, certificate {number}: {error}")
            if error.weak and row.kid is not None:
                weak.add(row.kid)
            continue
        signers[signer.kid, signer.der] = signer
    return TrustList(
        signers=tuple(signers.values()),
        weak=frozenset(weak - {signer.kid for signer in signers.values()}),
        sources=(source,),
        skipped=tuple(skipped),
        **stamps,  # type: ignore[arg-type]
    )


def merge(lists: Sequence[TrustList]) -> TrustList:
    """The union of `lists`. It is as old as the oldest and ends with the first that ends.

    Blocklists only grow; a key that one list calls weak stays usable where another list has a
    strong one under the same kid.
    """
    signers = {(s.kid, s.der): s for one in lists for s in one.signers}
    known = {kid for kid, _ in signers}
    issued = [one.issued_at for one in lists if one.issued_at is not None]
    newest = [at for one in lists if (at := one.newest_at or one.issued_at) is not None]
    expires = [one.expires_at for one in lists if one.expires_at is not None]
    return TrustList(
        version=max((one.version for one in lists), default=0),
        issued_at=min(issued, default=None),
        expires_at=min(expires, default=None),
        newest_at=max(newest, default=None),
        signers=tuple(signers.values()),
        weak=frozenset(kid for one in lists for kid in one.weak if kid not in known),
        revoked=frozenset(kid for one in lists for kid in one.revoked),
        sources=tuple(source for one in lists for source in one.sources),
        skipped=tuple(line for one in lists for line in one.skipped),
    )
