"""What trust lists revoke is remembered in the blocklist: a later list brings no key back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from kiosk.adapters.revocation.blocklist import block, open_blocklist
from kiosk.core.revocation.blocklist import Blocked, Blocklist, Entry
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import names_of_keys

_REVOKED = "revoked by trust list "
_SAME_KEY = "another kid of a blocked key, in trust list "


def remember_revoked(state: Path, trust: TrustList, at: datetime) -> tuple[Blocklist, list[str]]:
    """Block for good what `trust` revokes, and every other kid of a blocked key.

    The blocklist then, and what staff should know. Nothing is written where nothing is new.
    Raises RevocationError, OSError.
    """
    blocked = open_blocklist(state)
    told = _alarms(trust, blocked)
    names = ", ".join(trust.sources)
    others = names_of_keys(trust, trust.revoked | blocked.kids) - trust.revoked
    new = [
        *_entries(trust.revoked - blocked.kids, _REVOKED + names, at),
        *_entries(others - blocked.kids, _SAME_KEY + names, at),
    ]
    if new:
        block(state, new)
        blocked = open_blocklist(state)
    return blocked, told


def _entries(kids: Iterable[bytes], source: str, at: datetime) -> list[Entry]:
    return [Entry(Blocked.KEY, kid, at, source) for kid in sorted(kids)]


def _alarms(trust: TrustList, blocked: Blocklist) -> list[str]:
    """A list that no longer revokes what one before it did is an alarm, and changes nothing."""
    by_lists = {e.value for e in blocked.entries if e.source.startswith(_REVOKED)}
    missing = (by_lists - trust.revoked) | trust.dropped
    if not missing:
        return []
    believed = sum(1 for kid in missing if trust.candidates(kid))
    return [
        f"{len(missing)} keys that an earlier trust list revoked are not revoked by this one, "
        f"which believes {believed} of them. They stay blocked; ask the publisher why."
    ]
