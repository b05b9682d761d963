"""The one internal form of a trust list: signers, with version, issue and expiry time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust.certificate import UnusableCertificateError
from kiosk.core.trust.provenance import Listing, Provenance, Remark, Signature
from kiosk.core.trust.signer import DocumentSigner, kid_of, load_key, load_signer


@dataclass(frozen=True)
class TrustList:
    """Who may sign, as known at `issued_at`.

    version: grows with each issue; 0 where a source has none.
    issued_at, expires_at: aware; None where the source does not say. newest_at: the issue time
    of the newest list of a merge whose signature was checked; the clock is certainly past it.
    weak: kids whose only key is too weak to trust: a certificate of theirs fails, while one of
    an unknown kid is merely undecided.
    revoked: kids that are not believed any more. dropped: those among them that lists of before
    revoked, and these do not.
    lists: what it was put together from.
    skipped: rows that no signer could be made of, in words.
    authorities: DER certificates of national authorities (CSCA), to check chains with.
    """

    version: int = 0
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    newest_at: datetime | None = None
    signers: tuple[DocumentSigner, ...] = ()
    weak: frozenset[bytes] = frozenset()
    revoked: frozenset[bytes] = frozenset()
    dropped: frozenset[bytes] = frozenset()
    lists: tuple[Listing, ...] = ()
    skipped: tuple[str, ...] = ()
    authorities: frozenset[bytes] = field(default=frozenset(), repr=False)
    _by_kid: dict[bytes, tuple[DocumentSigner, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for signer in self.signers:
            self._by_kid[signer.kid] = (*self._by_kid.get(signer.kid, ()), signer)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where it came from, in words, for people."""
        return tuple(str(listing) for listing in self.lists)

    def candidates(self, kid: bytes) -> tuple[DocumentSigner, ...]:
        """All signers of `kid`: eight bytes may collide, so each is tried (hcert-spec 3.3.3)."""
        return self._by_kid.get(kid, ())


@dataclass(frozen=True)
class Row:
    """One certificate as a list gives it; `kid` and `country` None where it does not."""

    der: bytes = field(repr=False)
    kid: bytes | None = None
    country: str | None = None

    def signer(self) -> DocumentSigner:
        """The signer in it. Raises UnusableCertificateError."""
        return load_signer(self.der, self.kid, self.country)

    def key_identifier(self) -> bytes:
        """The kid that certificates of this signer name."""
        return kid_of(self.der) if self.kid is None else self.kid


@dataclass(frozen=True)
class KeyRow:
    """One key as a list gives it without a certificate; see `load_key`."""

    public_key: bytes = field(repr=False)
    kid: bytes
    validity: tuple[datetime, datetime] | None = None
    country: str | None = None
    usages: frozenset[EntryKind] = frozenset()

    def signer(self) -> DocumentSigner:
        """The signer with this key. Raises UnusableCertificateError."""
        return load_key(self.public_key, self.kid, self.validity, self.country, self.usages)

    def key_identifier(self) -> bytes:
        """The kid that certificates of this signer name."""
        return self.kid


@dataclass(frozen=True)
class UnusableRow:
    """A row that an importer finds nothing in, and why."""

    why: str

    def signer(self) -> DocumentSigner:
        """Raises UnusableCertificateError."""
        raise UnusableCertificateError(self.why)


AnyRow = Row | KeyRow | UnusableRow


def trust_list_of(
    rows: Iterable[AnyRow],
    source: str,
    *,
    signature: Signature = Signature.NONE,
    key: str = "",
    form: str = "",
    version: int = 0,
    issued_at: datetime | None = None,
    expires_at: datetime | None = None,
    authorities: Iterable[bytes] = (),
) -> TrustList:
    """A list of the usable signers among `rows`; the others are told in `skipped`.

    source, signature, key, form: of its `Listing`.
    """
    found: list[DocumentSigner] = []
    weak: set[bytes] = set()
    skipped: list[str] = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(row.signer())
        except UnusableCertificateError as error:
            skipped.append(f"{source}, certificate {number}: {error}")
            if error.weak and not isinstance(row, UnusableRow):
                weak.add(row.key_identifier())
    weak -= {signer.kid for signer in found}
    named = frozenset(authorities)
    digest = _digest(found, weak, named)
    listing = Listing(source, signature, key, form, version, digest, issued_at)
    return TrustList(
        version=version,
        issued_at=issued_at,
        expires_at=expires_at,
        newest_at=issued_at if key else None,
        signers=united(_listed(signer, listing) for signer in found),
        weak=frozenset(weak),
        lists=(listing,),
        skipped=tuple(skipped),
        authorities=named,
    )


def _digest(
    signers: Iterable[DocumentSigner], weak: Iterable[bytes], authorities: Iterable[bytes]
) -> str:
    """SHA-256 over what a list says, whatever the order of its rows."""
    parts = {signer.kid + (signer.der or signer.public_key) for signer in signers}
    parts |= {b"weak" + kid for kid in weak} | {b"authority" + der for der in authorities}
    digests = sorted(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _listed(signer: DocumentSigner, listing: Listing) -> DocumentSigner:
    return replace(signer, provenance=replace(signer.provenance, lists=frozenset({listing})))


def united(signers: Iterable[DocumentSigner]) -> tuple[DocumentSigner, ...]:
    """Each signer once, with the provenance of all who name it.

    A list that gives a key alone does not say what the key may sign; where another list has
    its certificate, the certificate says so.
    """
    found: dict[tuple[object, ...], DocumentSigner] = {}
    with_certificate: dict[tuple[bytes, bytes], tuple[object, ...]] = {}
    # Certificates first, so that a key alone finds its own whatever list it stands in.
    for signer in sorted(signers, key=lambda one: one.der is None):
        place: tuple[object, ...] = (*signer.identity, signer.der or _said_of_key(signer))
        if signer.der is None:
            place = with_certificate.get(signer.identity, place)
        else:
            with_certificate.setdefault(signer.identity, place)
        known = found.get(place)
        found[place] = signer if known is None else _also_in(known, signer.provenance)
    return tuple(found.values())


def _said_of_key(signer: DocumentSigner) -> tuple[object, ...]:
    """What a list says of a key alone; another list may say otherwise, and counts by itself."""
    return signer.not_before, signer.not_after, signer.usages


def _also_in(signer: DocumentSigner, other: Provenance) -> DocumentSigner:
    ours = signer.provenance
    chains = {ours.chained, other.chained}
    remarks = ours.remarks | other.remarks
    if signer.der is not None:
        remarks -= {Remark.KEY_ONLY, Remark.UNDATED}
    provenance = Provenance(
        lists=ours.lists | other.lists,
        chained=True if True in chains else False if False in chains else None,
        remarks=remarks,
    )
    return replace(signer, provenance=provenance)


def merge(lists: Sequence[TrustList]) -> TrustList:
    """The union of `lists`. It is as old as the oldest and ends with the first that ends.

    Of each list only the newest issue counts: what a publisher took away does not come back.
    Blocklists only grow; a key that one list calls weak stays usable where another list has a
    strong one under the same kid.
    """
    revoked = frozenset(kid for one in lists for kid in one.revoked)
    passed = _passed(listing for one in lists for listing in one.lists)
    lists = [one for one in lists if not one.lists or not passed.issuperset(one.lists)]
    signers = _without(passed, united(signer for one in lists for signer in one.signers))
    known = {signer.kid for signer in signers}
    issued = [one.issued_at for one in lists if one.issued_at is not None]
    newest = [one.newest_at for one in lists if one.newest_at is not None]
    expires = [one.expires_at for one in lists if one.expires_at is not None]
    return TrustList(
        version=max((one.version for one in lists), default=0),
        issued_at=min(issued, default=None),
        expires_at=min(expires, default=None),
        newest_at=max(newest, default=None),
        signers=signers,
        weak=frozenset(kid for one in lists for kid in one.weak if kid not in known),
        revoked=revoked,
        lists=tuple(dict.fromkeys(li for one in lists for li in one.lists if li not in passed)),
        skipped=(
            *(line for one in lists for line in one.skipped),
            *(
                f"{listing.name} of {listing.issued_at}: a newer issue is here"
                for listing in passed
            ),
        ),
        authorities=frozenset(der for one in lists for der in one.authorities),
    )


def _passed(listings: Iterable[Listing]) -> frozenset[Listing]:
    """Those of which a newer issue is among them."""
    known = frozenset(listings)
    newest: dict[str, int] = {}
    for listing in known:
        newest[listing.identity] = max(listing.version, newest.get(listing.identity, 0))
    return frozenset(li for li in known if li.identity and li.version < newest[li.identity])


def _without(
    passed: frozenset[Listing], signers: Iterable[DocumentSigner]
) -> tuple[DocumentSigner, ...]:
    """`signers`, less those that only lists of `passed` hold."""
    kept = []
    for signer in signers:
        held_by = signer.provenance.lists
        if passed.isdisjoint(held_by):
            kept.append(signer)
        elif still := held_by - passed:
            kept.append(replace(signer, provenance=replace(signer.provenance, lists=still)))
    return tuple(kept)
