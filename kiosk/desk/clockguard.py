"""Whether the clock of this PC can be believed: on a time that may be wrong nothing is automatic.

Two witnesses are asked. What a signed list proves to have passed is a floor, which only signed
times raise, so that one wrong future clock poisons nothing. And the clock that only runs tells
when the wall clock was set. Time zones play no part: everything here is UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.staff.roles import Action
from kiosk.core.trust.floors import AHEAD
from kiosk.desk.books import Books
from kiosk.desk.ports import Authority, Clock, LogMovedError, StorageTroubleError

BEHIND = timedelta(minutes=2)  # tolerated before a time that a signed list proves passed
STEP = timedelta(seconds=30)  # by which a clock is set and it is worth a line in the log
FAR = timedelta(minutes=15)  # by which it is set, and a supervisor has to confirm the time
HUB_NOTICED, HUB_FAR = timedelta(minutes=2), timedelta(minutes=15)  # beside the hub's clock
# The EU gateway went live on 1 June 2021: before that day no certificate can be shown.
FIRST_CERTIFICATES = datetime(2021, 6, 1, tzinfo=UTC)
_TOGETHER = 1.0  # seconds within which two clocks were read at the same time
_READINGS = 3  # at most, until they were
NOBODY = "nobody"  # confirmed the time, where no staff are defined


class Doubt(StrEnum):
    """Why no automatic answer is given."""

    IMPOSSIBLE = "the clock shows a time before the first certificates"
    BEHIND_SIGNED = "the clock is behind a time that a signed list proves passed"
    SET = "the clock was set by more than 15 minutes"
    HUB_DIFFERS = "the clock differs from the hub's by more than 15 minutes"


class Remark(StrEnum):
    """What a supervisor is told, while answers go on."""

    ENTRY_AHEAD = "the last entry of the log is later than the clock"
    NOTHING_SIGNED = "no signed list proves the time: compare the clock with another one"
    HUB_DIFFERS = "the clock differs from the hub's by more than 2 minutes"


REMEDY = "The supervisor sets date and time of the PC, then: kiosk clock confirm"


@dataclass(frozen=True)
class Reading:
    """Both clocks at one moment: the wall clock (aware, UTC), and seconds of the one that runs."""

    at: datetime
    seconds: float

    @property
    def zero(self) -> datetime:
        """What the wall clock as it is now showed when the other one began."""
        return self.at - timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Kept:
    """What outlives the program.

    floor: the newest signed time. boot: the start of the system in which zero holds; empty where
    the system does not tell its starts apart. zero: the believed `Reading.zero` of that start.
    confirmed_by: the operator session, or `NOBODY`; empty while nobody did. noted: whether the
    log says so.
    """

    floor: datetime | None = None
    boot: str = ""
    zero: datetime | None = None
    confirmed_by: str = ""
    noted: bool = True


class ClockMemory(Protocol):
    """Where it is kept; several screens of one kiosk share it."""

    def read(self) -> Kept:
        """What was kept; nothing where it is not there or damaged."""
        ...

    def keep(self, kept: Kept) -> None:
        """Keep it in the place of what was there. Raises OSError."""
        ...


@dataclass(frozen=True)
class ClockView:
    """What is thought of the clock. doubt: None while it is believed. moved: since it was."""

    at: datetime
    doubt: Doubt | None
    remarks: tuple[Remark, ...]
    floor: datetime | None
    moved: timedelta


@dataclass(frozen=True)
class ClockNote:
    """What the log is to say of the clock. refers: seconds of a step, with their sign."""

    cause: Cause
    refers: str = ""
    staff: str = ""


class Timekeeper(Protocol):
    """What a desk asks about the time."""

    def believes(self, at: datetime) -> bool:
        """Whether an answer may rest on `at`, which was taken from the clock a moment ago."""
        ...

    def notes(self) -> tuple[ClockNote, ...]:
        """What the log is to be told, until `noted`."""
        ...

    def noted(self) -> None:
        """The log says so now."""
        ...


@dataclass(frozen=True)
class SignedFloor:
    """Believes every time that is not before a signed one: for a clock that is not this PC's."""

    signed: datetime | None

    def believes(self, at: datetime) -> bool:
        """Whether no signed time proves that `at` is past."""
        return self.signed is None or at >= self.signed - BEHIND

    def notes(self) -> tuple[ClockNote, ...]:
        """None: nothing is watched."""
        return ()

    def noted(self) -> None:
        """Nothing was to be noted."""


class ClockGuard:
    """Watches the clock of one station, from one thread.

    signed: the newest time that an installed signed list proves passed. last_entry: of the log.
    boot: an id of this start of the system that a restart of the program finds again, or nothing.
    Raises OSError where `memory` cannot be written.
    """

    def __init__(
        self,
        clock: Clock,
        memory: ClockMemory,
        boot: str = "",
        *,
        signed: datetime | None = None,
        last_entry: datetime | None = None,
    ) -> None:
        self._clock, self._memory, self._boot = clock, memory, boot
        self._signed, self._last_entry = signed, last_entry
        self._hub: timedelta | None = None
        self._notes: list[ClockNote] = []
        reading = self._read()
        kept = memory.read()
        if not (boot and kept.boot == boot and kept.zero):
            kept = Kept(kept.floor, boot, reading.zero)
        self._seen = kept.zero or reading.zero  # how the wall clock was set when it was last noted
        self._kept = kept
        self._raise(reading.at)
        self._keep(self._kept)

    # What is thought of the time

    def view(self, at: datetime | None = None) -> ClockView:
        """What is thought of the clock now, and of a time `at` that was just taken from it."""
        self._take_up()
        reading = self._read()
        self._note_step(reading)
        doubt = self._doubt(reading, at or reading.at)
        moved = reading.zero - self._base
        return ClockView(reading.at, doubt, self._remarks(reading), self._floor, moved)

    def believes(self, at: datetime) -> bool:
        """Whether an answer may rest on `at`, which was taken from the clock a moment ago."""
        return self.view(at).doubt is None

    def notes(self) -> tuple[ClockNote, ...]:
        """What the log does not say yet; `noted` tells that it does."""
        self._note_step(self._read())
        if self._kept.noted:
            return tuple(self._notes)
        confirmed = ClockNote(Cause.CLOCK_CONFIRMED, staff=self._kept.confirmed_by)
        return (*self._notes, confirmed)

    def noted(self) -> None:
        """The log says so now.

        Where that cannot be remembered, the next start of the program has it said again.
        """
        self._notes.clear()
        self._take_up()
        if not self._kept.noted:
            self._kept = replace(self._kept, noted=True)
            with suppress(OSError):
                self._memory.keep(self._kept)

    # What settles it

    def confirm(self, authority: Authority | None) -> bool:
        """A supervisor confirms the time that the clock shows now; False where that is not enough.

        It holds until the clock is set again, or the system starts anew. No word of anybody's
        makes a time right that lies more than a day before a signed one. authority: None where no
        staff are defined. Raises OSError.
        """
        if authority is not None and not authority.may(Action.CONFIRM_TIME):
            return False
        self._take_up()
        reading = self._read()
        self._note_step(reading)
        by = authority.session if authority else NOBODY
        self._keep(Kept(self._kept.floor, self._boot, reading.zero, by, noted=False))
        return self._doubt(reading, reading.at) is None

    def prove(self, signed: datetime) -> None:
        """A signed time came in: it has passed. One of this very moment also confirms the clock.

        Raises OSError.
        """
        self._take_up()
        reading = self._read()
        self._note_step(reading)
        self._signed = max(filter(None, (self._signed, signed)))
        self._raise(reading.at)
        if abs(reading.at - signed) <= FAR:
            self._kept = replace(self._kept, zero=reading.zero)
        self._keep(self._kept)

    def tell_hub(self, offset: timedelta | None) -> None:
        """How far the hub's clock is ahead of this one; None while nobody knows."""
        self._hub = offset

    # Inside

    @property
    def _base(self) -> datetime:
        assert self._kept.zero is not None  # noqa: S101  # since the beginning
        return self._kept.zero

    @property
    def _floor(self) -> datetime | None:
        return max(filter(None, (self._kept.floor, self._signed)), default=None)

    def _doubt(self, reading: Reading, at: datetime) -> Doubt | None:
        earliest = min(reading.at, at)
        if earliest < FIRST_CERTIFICATES:
            return Doubt.IMPOSSIBLE
        tolerated = AHEAD if self._kept.confirmed_by else BEHIND
        if self._floor is not None and earliest < self._floor - tolerated:
            return Doubt.BEHIND_SIGNED
        if abs(reading.zero - self._base) > FAR:
            return Doubt.SET
        if self._hub is not None and abs(self._hub) > HUB_FAR:
            return Doubt.HUB_DIFFERS
        return None

    def _remarks(self, reading: Reading) -> tuple[Remark, ...]:
        told = {
            Remark.ENTRY_AHEAD: self._last_entry is not None
            and self._last_entry - reading.at > BEHIND,
            Remark.NOTHING_SIGNED: self._floor is None and not self._kept.confirmed_by,
            Remark.HUB_DIFFERS: self._hub is not None and HUB_NOTICED < abs(self._hub) <= HUB_FAR,
        }
        return tuple(remark for remark, holds in told.items() if holds)

    def _note_step(self, reading: Reading) -> None:
        by = reading.zero - self._seen
        if abs(by) > STEP:
            self._seen = reading.zero
            self._notes.append(ClockNote(Cause.CLOCK_STEPPED, f"{by.total_seconds():+.0f}"))

    def _take_up(self) -> None:
        """What another screen, or a command, settled since counts here too.

        Where starts of the system cannot be told apart, another program that merely started has
        written what it found: then only somebody's word counts.
        """
        kept = self._memory.read()
        says_something = bool(self._boot or kept.confirmed_by)
        if kept.zero is not None and kept.boot == self._boot and says_something:
            same = kept.zero == self._kept.zero  # the log may say so, and the file not yet
            self._kept = replace(kept, noted=kept.noted or (same and self._kept.noted))

    def _raise(self, at: datetime) -> None:
        """Have the floor outlive the list that proves it; not a date that is ahead of the clock.

        While the program runs it counts nevertheless: one of the two is wrong.
        """
        signed = self._signed
        if signed is not None and signed - at <= AHEAD:
            floor = max(filter(None, (self._kept.floor, signed)))
            self._kept = replace(self._kept, floor=floor)

    def _keep(self, kept: Kept) -> None:
        if kept != self._memory.read():
            self._memory.keep(kept)
        self._kept = kept

    def _read(self) -> Reading:
        """Both clocks, again where the program was held up between them."""
        return read_together(self._clock.now, self._clock.monotonic)


def read_together(now: Callable[[], datetime], monotonic: Callable[[], float]) -> Reading:
    """Both clocks at one moment; where the machine slept in between, they are read again."""
    for _ in range(_READINGS):
        before, at = monotonic(), now()
        if monotonic() - before <= _TOGETHER:
            break
    return Reading(at, before)


def write_notes(time: Timekeeper, books: Books, door: str, at: datetime) -> None:
    """Have the log say what is to be said of the clock; where it cannot, the next time will do."""
    notes = time.notes()
    if not notes or not books.caught_up():
        return
    with suppress(StorageTroubleError, LogMovedError):
        books.write([_draft(note, door) for note in notes], at)
        time.noted()


def _draft(note: ClockNote, door: str) -> EntryDraft:
    basis = EntryBasis.SUPERVISOR if note.cause is Cause.CLOCK_CONFIRMED else EntryBasis.KIOSK
    return EntryDraft(EntryAct.NOTE, "", "", door, basis, note.staff, note.cause, note.refers)
