"""What trust lists revoke is remembered in the blocklist: a later list brings no key back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from kiosk.adapters.revocation.blocklist import block, open_blocklist
from kiosk.core.revocation.blocklist import Blocked, Blocklist, Entry
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import blocked_keys

_REVOKED = "revoked by trust list "
_SAME_KEY = "another kid of a blocked key, in trust list "
_ITS_KEY = "the key of a blocked kid, in trust list "


def remember_revoked(state: Path, trust: TrustList, at: datetime) -> tuple[Blocklist, list[str]]:
    """Block for good what `trust` revokes, the keys of blocked kids and their other kids.

    The blocklist then, and what staff should know. Nothing is written where nothing is new.
    Raises RevocationError, OSError.
    """
    blocked = open_blocklist(state)
    told = _alarms(trust, blocked)
    revoked = _entries(trust.revoked - blocked.kids, _REVOKED + _names(trust), at)
    new = [*revoked, *known_of(trust, blocked, at)]
    if new:
        block(state, new)
        blocked = open_blocklist(state)
    return blocked, told


def known_of(trust: TrustList, blocked: Blocklist, at: datetime) -> list[Entry]:
    """What `trust` adds to the keys that it revokes and `blocked` holds: keys and other kids."""
    found = blocked_keys(trust, blocked)
    kids = found.kids - trust.revoked - blocked.kids
    keys = found.public_keys - blocked.public_keys
    return [
        *_entries(kids, _SAME_KEY + _names(trust), at),
        *_entries(keys, _ITS_KEY + _names(trust), at, Blocked.PUBLIC_KEY),
    ]


def _names(trust: TrustList) -> str:
    return ", ".join(trust.sources)


def _entries(
    values: Iterable[bytes], source: str, at: datetime, what: Blocked = Blocked.KEY
) -> list[Entry]:
    return [Entry(what, value, at, source) for value in sorted(values)]


def _alarms(trust: TrustList, blocked: Blocklist) -> list[str]:
    """A list that no longer revokes what one before it did is an alarm, and changes nothing."""
    by_lists = {e.value for e in blocked.entries if e.source.startswith(_REVOKED)}
    missing = (by_lists - trust.revoked) | trust.dropped
    if not missing:
        return []
    believed = sum(1 for kid in missing if trust.candidates(kid))
    if len(missing) == 1:
        return [
            "A key that an earlier trust list revoked is not revoked by this one, which "
            f"{'believes' if believed else 'does not know'} it. It stays blocked; ask the "
            "publisher why."
        ]
    return [
        f"{len(missing):,} keys that an earlier trust list revoked are not revoked by this one, "
        f"which believes {believed:,} of them. They stay blocked; ask the publisher why."
    ]
