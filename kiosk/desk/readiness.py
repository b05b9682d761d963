"""Whether a door is ready for its first guest: one finding for each thing, with its remedy.

Nothing of it keeps a door shut but what would make every answer wrong: the self-test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.core.policy.event import Event
from kiosk.core.revocation.revocationlist import RevocationList
from kiosk.core.staff.register import Member
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.clockguard import ClockView
from kiosk.desk.findings import is_old, is_past_its_end
from kiosk.desk.ports import CameraTrouble

DISK_LOW, DISK_FULL = 1000**3, 200 * 1000**2  # free bytes, security.md R15
LIST_OLD = timedelta(days=2)  # since the guest list was imported
SEEN_WITHIN = timedelta(minutes=2)  # that a code was read: the camera sees


class Item(StrEnum):
    """What is looked at, in this order; the last three need somebody's eyes and ears."""

    SELF_TEST = "self_test"
    CLOCK = "clock"
    DISK = "disk"
    DATABASE = "database"
    GUESTS = "guests"
    TRUST_LIST = "trust_list"
    REVOCATIONS = "revocations"
    STAFF = "staff"
    PRINTER = "printer"
    EXPORT = "export"
    CAMERA = "camera"
    SOUND = "sound"
    PAPER = "paper"


ASKED = frozenset({Item.CAMERA, Item.SOUND, Item.PAPER})


class State(StrEnum):
    """How one thing stands."""

    OK = "ok"
    WARN = "warn"  # the door may open
    FAIL = "fail"  # it may, and guests will feel it
    ASK = "ask"  # somebody has to look or listen


@dataclass(frozen=True)
class Finding:
    """How one thing stands; `words` names its texts, `values` fill them."""

    item: Item
    state: State
    words: str
    values: Mapping[str, str | int | datetime] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether no answer can be trusted."""
        return self.item is Item.SELF_TEST and self.state is not State.OK


Check = Callable[[], Finding]


def self_test(*, passed: bool) -> Finding:
    """A genuine certificate was verified, and a forged one was not."""
    return _simple(Item.SELF_TEST, State.OK if passed else State.FAIL)


def clock(view: ClockView) -> Finding:
    """Whether the time is believed, and whether anything proves it."""
    if view.doubt is not None:
        return Finding(Item.CLOCK, State.FAIL, "fail", {"time": view.at})
    words = "warn" if view.remarks else "ok"
    return Finding(Item.CLOCK, State(words), words, {"time": view.at})


def disk(free: int | None) -> Finding:
    """The room that is left, in bytes; None where nobody can tell."""
    if free is None or free < DISK_FULL:
        return Finding(Item.DISK, State.FAIL, "fail")
    state = State.WARN if free < DISK_LOW else State.OK
    room = {"gigabytes": free // 1000**3, "megabytes": free // 1000**2}
    return Finding(Item.DISK, state, state.value, room)


def database(*, sound: bool) -> Finding:
    """Whether the file holds together."""
    return _simple(Item.DATABASE, State.OK if sound else State.FAIL)


def guests(count: int, imported: datetime | None, at: datetime) -> Finding:
    """How many guests there are, and since when; None where that was not kept."""
    if not count:
        return Finding(Item.GUESTS, State.FAIL, "fail")
    if imported is None:
        return Finding(Item.GUESTS, State.OK, "undated", {"count": count})
    words = "warn" if at - imported > LIST_OLD else "ok"
    return Finding(Item.GUESTS, State(words), words, {"count": count, "date": imported})


def trust_list(trust: TrustList, event: Event, at: datetime) -> Finding:
    """How old the list of signers is, beside what the event allows."""
    count = len(trust.signers)
    if not count:
        return Finding(Item.TRUST_LIST, State.FAIL, "none")
    if is_past_its_end(trust, event, at):
        return Finding(Item.TRUST_LIST, State.FAIL, "fail")
    if trust.issued_at is None:
        return Finding(Item.TRUST_LIST, State.WARN, "undated", {"count": count})
    words = "warn" if is_old(trust, event, at) else "ok"
    values: dict[str, str | int | datetime] = {"count": count, "date": trust.issued_at}
    return Finding(Item.TRUST_LIST, State(words), words, values)


def revocations(revoked: RevocationList | None, at: datetime) -> Finding:
    """The list of revoked certificates; a door may do without one."""
    if revoked is None:
        return Finding(Item.REVOCATIONS, State.WARN, "none")
    words = "warn" if revoked.expires_at < at else "ok"
    return Finding(Item.REVOCATIONS, State(words), words, {"date": revoked.issued_at})


def staff(members: Collection[Member]) -> Finding:
    """Whether the register that the law asks for can be filled."""
    active = [member for member in members if member.withdrawn_at is None]
    if not active:
        return Finding(Item.STAFF, State.WARN, "none")
    able = sum(member.pin is not None for member in active)
    words = "ok" if able == len(active) else "warn"
    values = {"count": len(active), "missing": len(active) - able}
    return Finding(Item.STAFF, State(words), words, values)


def printer(names: Sequence[str], chosen: str) -> Finding:
    """Whether a badge could be printed again; `chosen`: in the settings, else the system's own."""
    if chosen and chosen not in names:
        return Finding(Item.PRINTER, State.WARN, "gone", {"name": chosen})
    if not names:
        return Finding(Item.PRINTER, State.WARN, "none")
    return Finding(Item.PRINTER, State.OK, "ok", {"name": chosen or names[0]})


def export(unsent: int) -> Finding:
    """The entries of this kiosk that no export has brought anywhere."""
    if not unsent:
        return Finding(Item.EXPORT, State.OK, "ok")
    return Finding(Item.EXPORT, State.WARN, "one" if unsent == 1 else "warn", {"count": unsent})


def camera(trouble: CameraTrouble | None, read: datetime | None, at: datetime) -> Finding:
    """Whether a code was read a moment ago."""
    if trouble is not None:
        return Finding(Item.CAMERA, State.FAIL, "fail")
    if read is not None and timedelta() <= at - read <= SEEN_WITHIN:
        return Finding(Item.CAMERA, State.OK, "ok")
    return Finding(Item.CAMERA, State.ASK, "ask")


def sound(device: str | None, heard: bool | None, *, on: bool) -> Finding:
    """heard: what somebody said, None before. on: sounds are wanted at all."""
    if not on:
        return Finding(Item.SOUND, State.WARN, "off")
    if device == "":
        return Finding(Item.SOUND, State.WARN, "none")
    if heard is None:
        return Finding(Item.SOUND, State.ASK, "ask")
    return Finding(Item.SOUND, *((State.OK, "ok") if heard else (State.FAIL, "fail")))


def paper(printed: bool | None) -> Finding:
    """Whether the last resort lies on the desk; None before anybody said so."""
    if printed is None:
        return Finding(Item.PAPER, State.ASK, "ask")
    return Finding(Item.PAPER, *((State.OK, "ok") if printed else (State.WARN, "warn")))


def trouble(item: Item) -> Finding:
    """It could not be looked at."""
    return Finding(item, State.FAIL, "trouble")


def _simple(item: Item, state: State) -> Finding:
    return Finding(item, state, state.value)
