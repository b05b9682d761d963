"""What each role may do: a closed table, in which nothing is allowed that it does not name."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody was authorised as."""

    STEWARD = "steward"
    SUPERVISOR = "supervisor"


class Action(StrEnum):
    """What needs somebody who is named; a guest who scans needs nobody."""

    OPEN_DESK = "open a desk"
    CONFIRM = "let a guest in"
    OFFICIAL_READER = "check with the official reader"
    LET_OUT = "let a guest out"
    REPLACE_BADGE = "give a guest another badge"
    SEND_AWAY = "send a guest away"
    UNDO_OWN = "undo what was recorded in the own session"
    CLOSE_SESSION = "end the own session"
    # of supervisors alone
    OPEN_SELF_SCAN = "open a self-scan screen"
    UNDO_ANY = "undo what somebody else recorded"
    AMEND = "change the guest list at the door"
    OVERRIDE = "let a guest in against the answer"
    PAPER = "key in the paper list"
    EVERYONE_OUT = "close an occasion"
    CONFIRM_TIME = "confirm the time of the clock"
    CLOSE_DOOR = "close a door"
    SETTINGS = "change the settings of a PC"
    PURGE = "delete the guest data"


_BOTH = frozenset(Role)
_SUPERVISOR = frozenset({Role.SUPERVISOR})
TABLE: dict[Action, frozenset[Role]] = {
    Action.OPEN_DESK: _BOTH,
    Action.CONFIRM: _BOTH,
    Action.OFFICIAL_READER: _BOTH,
    Action.LET_OUT: _BOTH,
    Action.REPLACE_BADGE: _BOTH,
    Action.SEND_AWAY: _BOTH,
    Action.UNDO_OWN: _BOTH,
    Action.CLOSE_SESSION: _BOTH,
    Action.OPEN_SELF_SCAN: _SUPERVISOR,
    Action.UNDO_ANY: _SUPERVISOR,
    Action.AMEND: _SUPERVISOR,
    Action.OVERRIDE: _SUPERVISOR,
    Action.PAPER: _SUPERVISOR,
    Action.EVERYONE_OUT: _SUPERVISOR,
    Action.CONFIRM_TIME: _SUPERVISOR,
    Action.CLOSE_DOOR: _SUPERVISOR,
    Action.SETTINGS: _SUPERVISOR,
    Action.PURGE: _SUPERVISOR,
}


def may(role: Role, action: Action) -> bool:
    """Whether `role` is allowed `action`."""
    return role in TABLE.get(action, frozenset())
