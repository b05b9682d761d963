"""What differs between two trust lists: keys new, gone and changed, and what is blocked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.core.trust.signer import DocumentSigner
from kiosk.core.trust.trustlist import TrustList


class Aspect(StrEnum):
    """What may change about a key that stays."""

    USAGE = "usage"
    VALIDITY = "validity"
    CERTIFICATE = "certificate"
    PROVENANCE = "provenance"


@dataclass(frozen=True)
class Change:
    """A key that both lists hold, as the second has it, and what became different."""

    signer: DocumentSigner
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True)
class Difference:
    """From one list to another, each in the order of country and kid.

    blocked, unblocked: kids that only the second, or only the first, calls revoked or weak.
    """

    new: tuple[DocumentSigner, ...]
    gone: tuple[DocumentSigner, ...]
    changed: tuple[Change, ...]
    blocked: frozenset[bytes]
    unblocked: frozenset[bytes]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.new or self.gone or self.changed or self.blocked or self.unblocked)


Identity = tuple[bytes, bytes]


def compare(old: TrustList, new: TrustList) -> Difference:
    """The difference from `old` to `new`. Names and dates of the lists are none."""
    before, after = _by_identity(old), _by_identity(new)
    blocked_before, blocked_after = old.revoked | old.weak, new.revoked | new.weak
    kept = {identity: signers for identity, signers in after.items() if identity in before}
    changes = (Change(s[0], _aspects(before[identity], s)) for identity, s in kept.items())
    return Difference(
        new=_sorted(s for identity, s in after.items() if identity not in before),
        gone=_sorted(s for identity, s in before.items() if identity not in after),
        changed=tuple(sorted((c for c in changes if c.aspects), key=lambda c: _order(c.signer))),
        blocked=blocked_after - blocked_before,
        unblocked=blocked_before - blocked_after,
    )


def _by_identity(trust: TrustList) -> dict[Identity, list[DocumentSigner]]:
    found: dict[Identity, list[DocumentSigner]] = {}
    for signer in trust.signers:
        found.setdefault(signer.identity, []).append(signer)
    return found


def _sorted(groups: Iterable[list[DocumentSigner]]) -> tuple[DocumentSigner, ...]:
    return tuple(sorted((group[0] for group in groups), key=_order))


def _order(signer: DocumentSigner) -> tuple[str, bytes]:
    return signer.country, signer.kid


def _aspects(before: list[DocumentSigner], after: list[DocumentSigner]) -> tuple[Aspect, ...]:
    old, new = _facts(before), _facts(after)
    return tuple(aspect for aspect in Aspect if old[aspect] != new[aspect])


def _facts(signers: list[DocumentSigner]) -> dict[Aspect, set[object]]:
    origins = [signer.provenance for signer in signers]
    return {
        Aspect.USAGE: {s.usages for s in signers},
        Aspect.VALIDITY: {(s.not_before, s.not_after) for s in signers},
        Aspect.CERTIFICATE: {s.der for s in signers},
        # Not the lists' names: the same list is mostly saved under another one.
        Aspect.PROVENANCE: {(p.keys, p.chained, p.remarks) for p in origins},
    }
