"""Whether one revocation list may follow another: never back, never silently smaller.

As in The Update Framework, the highest version ever installed is the floor, across restarts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.revocationlist import RevocationList

MAX_JUMP = 1_000  # versions; more is a slip, and would bar every later list
_ASK = "Ask the organiser for the newest list."


@dataclass(frozen=True)
class Floor:
    """The list that must not be gone back behind: its version, and SHA-256 of its file."""

    version: int
    digest: bytes


def floor_of(revoked: RevocationList, data: bytes) -> Floor:
    """The floor that the list `revoked`, read from `data`, sets when it is installed."""
    return Floor(revoked.version, sha256(data).digest())


def check_floor(name: str, candidate: Floor, floor: Floor | None) -> None:
    """Refuse what is older than the floor, or another list of its version. RevocationError."""
    if floor is None:
        return
    if candidate.version < floor.version:
        raise RevocationError(
            name, f"version {candidate.version}, and version {floor.version} was installed", _ASK
        )
    if candidate.version == floor.version and candidate.digest != floor.digest:
        raise RevocationError(
            name, f"another list under version {floor.version}, which was installed", _ASK
        )
    if candidate.version > floor.version + MAX_JUMP:
        raise RevocationError(
            name,
            f"version {candidate.version} after version {floor.version}: too large a step",
            "The organiser signs it again with the next version.",
        )


def lost(old: RevocationList, new: RevocationList, at: datetime) -> int:
    """How many hashes of `old` that have not ended at `at` are not in `new`, or end sooner there.

    An end before `at` is what counts: shortening an entry that stays in force loses nothing.
    """
    now = at.timestamp()
    return sum(1 for value, end in old.hashes if end > now and new.hashes.end_of(value) <= now)
