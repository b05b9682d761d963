"""Whatever a revocation may come from, and the union of it that an organiser signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.revocation import gateway, hashlist, revocationlist
from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.hashes import MAX_HASHES, RevokedHashes
from kiosk.core.revocation.imported import Imported
from kiosk.core.revocation.revocationlist import RevocationList


def read_source(name: str, data: bytes, at: datetime, key: Ed25519PublicKey) -> Imported:
    """The hashes in `data`: a batch of the gateway, a plain list, or a list of this program.

    key: the organiser's, for the last. What has ended at `at` is left out. Raises RevocationError.
    """
    if revocationlist.matches(data):
        return still_in_force(revocationlist.load(name, data, key), at)
    return gateway.read_batch(name, data, at) or hashlist.read_hash_list(name, data)


def still_in_force(revoked: RevocationList, at: datetime) -> Imported:
    """What of a list has not ended at `at`."""
    now = at.timestamp()
    ends = {value: end for value, end in revoked.hashes if end > now}
    return Imported(ends, revoked.sources, len(revoked.hashes) - len(ends))


def union(
    parts: Sequence[Imported], version: int, issued_at: datetime, expires_at: datetime
) -> RevocationList:
    """The list of everything in `parts`; a hash that several have ends with the last of them.

    Raises RevocationError.
    """
    if not parts:
        raise RevocationError(
            "the list", "there is no source for it", "Give batches or hash lists."
        )
    ends: dict[bytes, int] = {}
    for part in parts:
        for value, end in part.ends.items():
            ends[value] = max(end, ends.get(value, 0))
    if len(ends) > MAX_HASHES:
        raise RevocationError(
            "the list", f"{len(ends):,} hashes, and {MAX_HASHES:,} is the limit", "Give fewer."
        )
    sources = dict.fromkeys(line for part in parts if part.ends for line in part.sources)
    return RevocationList(version, issued_at, expires_at, tuple(sources), RevokedHashes.of(ends))
