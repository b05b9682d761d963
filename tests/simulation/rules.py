"""What must hold whatever happens: each rule looks at the truth, not at the desk's own state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from kiosk.core.attendance import Attendance, in_order
from kiosk.core.causes import Cause
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis, EntryRecord
from kiosk.core.guests.amendments import amended
from kiosk.core.guests.guest import Attendance as Taking
from kiosk.core.guests.guest import Guest, Selection
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.clockguard import FAR
from tests.fakes.journal import MemoryJournal
from tests.simulation.world import Code, Held, World

MEMORY = timedelta(minutes=10)  # for which a code that was held up may still count somewhere
_BY_ITSELF = (EntryAct.CHECK, EntryAct.IN)
_GREEN = (*_BY_ITSELF, EntryAct.OVERRIDE)


class BrokenRuleError(AssertionError):
    """What should never be, and the step at which it was."""


class Rules:
    """Watches one simulated event."""

    def __init__(self, world: World, journal: MemoryJournal) -> None:
        self._world, self._journal, self._log = world, journal, journal.log
        self._by_id = {guest.id: guest for guest in world.guests}
        self._held: defaultdict[str, list[tuple[datetime, Held]]] = defaultdict(list)
        self._looked = 0
        self.acknowledged: set[str] = set()
        self._vouched: set[str] = set()
        self._reader_at: set[str] = set()
        self._forgers: dict[str, tuple[str, datetime]] = {}

    def held_up(self, station: str, held: Held, at: datetime) -> None:
        """A code is held up at a station."""
        self._held[station].append((at, held))
        if held.code is not Code.BADGE:
            self._forgers.pop(station, None)
        if held.code is Code.BADGE and station in self._reader_at:
            self.vouch(held.owner)
            self._reader_at.discard(station)
        del self._held[station][:-12]

    def dismissed(self, station: str) -> None:
        """Staff are done there with whoever it was."""
        self._forgers.pop(station, None)

    def vouch(self, guest_id: str) -> None:
        """Staff looked at this guest's certificate with the official reader."""
        self._vouched.add(guest_id)

    def looks_with_reader(self, station: str) -> None:
        """Staff do so there: for whoever is on the card, else for whose badge is shown next."""
        self._reader_at.add(station)

    def answered(self, station: str, answer: Admission, at: datetime, off: timedelta) -> None:
        """Everything that an answer must keep; the clock was set by `off` behind staff's back."""
        by_hand = any(r.act is EntryAct.OVERRIDE and r.at == at for r in self._log[-1:])
        if abs(off) > FAR and answer.at == at and not by_hand:
            automatic = answer.shown in (Shown.ADMIT, Shown.REFUSE, Shown.READY)
            self._check(not automatic, "an answer on a time that nobody confirmed")
        if answer.shown is Shown.REFUSE:
            last = self._held[station][-1][1]
            if last.code is Code.FORGED:
                self._forgers[station] = last.owner, at
            self._check(last.code.is_bad, f"red for {last.code.name}")
            self._check(not answer.reasons and answer.guest is None, "red says why, or of whom")
        if answer.shown is Shown.ADMIT:
            self._green(answer, at)

    def _green(self, answer: Admission, at: datetime) -> None:
        guest = answer.guest
        self._check(guest is not None, "green for nobody")
        assert guest is not None
        own = [r for r in self._log if r.guest == guest.id and r.act in _GREEN]
        self._check(bool(own), "green without a durable record")
        if answer.way is not Way.ALREADY and not answer.checked_only:
            self._check(self._log[-1].at == at, "green for a record of before")
        self.acknowledged.update(record.id for record in own)

    def log_grew(self, station: str) -> None:
        """Everything that new records must keep."""
        for record in self._log[self._looked :]:
            if record.act in _BY_ITSELF:
                self._entry(station, record)
            elif record.act is EntryAct.OVERRIDE:
                forger, since = self._forgers.get(station, ("", record.at))
                lately = timedelta() <= record.at - since <= 2 * self._world.event.visit_wait
                forged = self._held[station][-1][1].code is Code.FORGED
                own = forger == record.guest and lately
                self._check(not (forged or own), "an override of a forgery")
            elif record.cause is Cause.UNDONE:
                self._undone(record)
            elif record.cause is Cause.SUBSTITUTION:
                before = Attendance(self._world.event.time_zone, self._log[: record.seq - 1])
                taken = record.occasion in before.standing(record.guest, record.at).entered
                self._check(not taken, "a seat was passed on that somebody sits in")
            if record.cause in (Cause.SUBSTITUTION, Cause.UNDONE):
                self._check(self._is_seated(), "a seat is doubled or lost")
        self._looked = len(self._log)

    def _is_seated(self) -> bool:
        """Whether every seat that was passed on, and not taken back, is where the log says."""
        has: dict[tuple[str, str], bool] = {}
        for note in in_order(self._log):
            if note.cause is Cause.SUBSTITUTION:
                has[note.guest, note.occasion], has[note.refers, note.occasion] = False, True
        now = amended(self._world.guests, self._journal.amendments).guests
        seated = {g.id: g.occasions for g in now if g.selection is Selection.SELECTED}
        return all((occasion in seated.get(who, ())) is it for (who, occasion), it in has.items())

    def _undone(self, note: EntryRecord) -> None:
        before = self._log[: note.seq - 1]
        of = [record for record in before if record.id == note.refers]
        again = [r for r in before if r.cause is Cause.UNDONE and r.refers == note.refers]
        self._check(len(of) == 1 and not again, "what is not there is taken back, or twice")
        self._check(of[0].guest == note.guest and of[0].cause is not Cause.UNDONE, "undone amiss")

    def _entry(self, station: str, record: EntryRecord) -> None:
        now = amended(self._world.guests, self._journal.amendments).guests
        guest = next(one for one in now if one.id == record.guest)
        event, before = self._world.event, self._log[: record.seq - 1]
        door = event.door(record.door)
        assert door is not None
        self._check(
            guest.attendance is Taking.IN_PERSON
            and guest.selection is Selection.SELECTED
            and record.occasion in guest.occasions,
            "an entry of somebody who is not expected",
        )
        open_now = {occasion.id for occasion in event.open_occasions(door, record.at)}
        self._check(record.occasion in open_now, "an entry to what is not open")
        self._proof(station, record, before)
        standing = Attendance(event.time_zone, before)
        self._seats(record, guest, standing)

    def _proof(self, station: str, record: EntryRecord, before: Sequence[EntryRecord]) -> None:
        day = self._world.event.local_date(record.at)
        proved = any(
            r.guest == record.guest
            and r.act in _GREEN
            and self._world.event.local_date(r.at) == day
            for r in before
        )
        if record.basis in (EntryBasis.REENTRY, EntryBasis.CHECKED_BEFORE):
            self._check(proved, "a re-entry of somebody whose certificate nobody saw")
        elif record.basis is EntryBasis.OFFICIAL_READER:
            self._check(record.guest in self._vouched, "nobody used the official reader")
        elif record.basis is EntryBasis.CROSSED_PAIR:
            self._check(self._saw_good(None, record), "a pair without its certificate")
        else:
            self._check(self._saw_good(station, record), "an entry on another's certificate")

    def _saw_good(self, station: str | None, record: EntryRecord) -> bool:
        """Whether the guest's own certificate, or one in the same name, was held up just now."""
        stations = [station] if station else list(self._held)
        name = self._by_id[record.guest].name
        return any(
            held.code is Code.GOOD and self._by_id[held.owner].name == name
            for place in stations
            for _, held in self._held[place]
        )

    def _seats(self, record: EntryRecord, guest: Guest, before: Attendance) -> None:
        occasion = next(o for o in self._world.event.occasions if o.id == record.occasion)
        today = before.today(record.at)
        holders = {g for g, s in today.items() if occasion.id in s.seats} - {guest.id}
        same = sum(self._by_id[g].partnership == guest.partnership for g in holders)
        had_one = occasion.id in before.standing(guest.id, record.at).seats
        if occasion.seats_at_most is not None and not had_one:
            self._check(same < occasion.seats_at_most, "a third person of a Partnership")
        inside = sum(bool(today[g].inside_at or today[g].awaited) for g in holders)
        if occasion.capacity is not None and not had_one:
            self._check(inside < occasion.capacity, "more than the room holds")

    def after_a_crash(self) -> None:
        """Nothing that was acknowledged is lost, and the entries are numbered in a row."""
        self._forgers.clear()
        there = {record.id for record in self._log}
        self._check(self.acknowledged <= there, "an acknowledged entry is lost")
        numbers = [record.seq for record in self._log]
        self._check(numbers == list(range(1, len(numbers) + 1)), "the numbers are not in a row")

    def at_the_end(self, *, clock_stepped: bool) -> None:
        """The whole log: nobody came in twice within a moment."""
        self.after_a_crash()
        self._check(len({r.id for r in self._log}) == len(self._log), "a record is doubled")
        if clock_stepped:
            return
        last: dict[tuple[str, str, str], datetime] = {}
        for record in in_order(self._log):
            key = record.guest, record.door, record.occasion
            if record.act is EntryAct.OUT:
                last = {k: at for k, at in last.items() if k[0] != record.guest}
            elif record.act is EntryAct.IN:
                before = last.get(key)
                again = before is not None and record.at - before <= timedelta(seconds=120)
                self._check(not again, "one guest came in twice within two minutes")
                last[key] = record.at

    def _check(self, holds: bool, rule: str) -> None:
        if not holds:
            raise BrokenRuleError(rule)
