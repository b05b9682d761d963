"""One simulated morning: a seed decides who does what, when, and what breaks."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from kiosk.core.causes import Cause
from kiosk.core.guests.guest import Guest, Selection
from kiosk.desk.admission import Admission
from kiosk.desk.clockguard import FAR, ClockGuard
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.desk.outcome import NotDone, Outcome
from kiosk.desk.ports import StorageTroubleError
from tests.door import ALL_SEEN, POLICY_1, POLICY_2, SUPERVISOR
from tests.door import desk as open_desk
from tests.fakes.clock import Memory
from tests.simulation.faults import CrashError, FaultyJournal, SteppingClock
from tests.simulation.rules import BrokenRuleError, Rules
from tests.simulation.world import Code, Held, guest_list, world

_STATIONS = {
    "self north": (Mode.SELF, "north"),
    "desk north": (Mode.DESK, "north"),
    "desk south": (Mode.DESK, "south"),
}
_OCCASIONS = (POLICY_1, POLICY_2)
_STEPS = (-3600, -125, -30, 30, 125, 3600)  # seconds by which a clock is set


class Morning:
    """Plays `visits` visits; `play` raises BrokenRuleError with the seed and the last steps."""

    def __init__(self, seed: int, visits: int = 50) -> None:
        self._draw = random.Random(seed)  # noqa: S311  # no secret
        self._seed, self._visits = seed, visits
        self._world, self._clock, self._journal = world(), SteppingClock(), FaultyJournal()
        self._rules = Rules(self._world, self._journal)
        self._desks: dict[str, EntryDesk] = {}
        self._guards: list[ClockGuard] = []
        self._memory, self._boot = Memory(), 1
        self._steps: list[str] = []
        self._changing = self._draw.random() < 0.25  # a morning on which everybody sends another
        self.happened: Counter[str] = Counter()
        self._start()

    def play(self) -> Counter[str]:
        """The whole morning; how often what happened."""
        try:
            for _ in range(self._visits):
                self._visit()
                self._disturb()
            self._mend()
            self._rules.at_the_end(clock_stepped=bool(self._clock.steps))
        except BrokenRuleError as error:
            told = "\n  ".join(self._steps[-14:])
            raise BrokenRuleError(f"{error}\nseed {self._seed}, last:\n  {told}") from None
        return self.happened

    def _start(self) -> None:
        """The program starts, at each screen."""
        self._mend()
        self._guards = [self._guard() for _ in _STATIONS]
        self._desks = {
            name: open_desk(
                mode=mode,
                event=self._world.event,
                journal=self._journal,
                door=door,
                guests=self._world.guests,
                time=guard,
            )
            for (name, (mode, door)), guard in zip(_STATIONS.items(), self._guards, strict=True)
        }

    def _guard(self) -> ClockGuard:
        return ClockGuard(self._clock, self._memory, f"boot-{self._boot}")

    def _mend(self) -> None:
        self._journal.full = self._journal.unreadable = False

    # Visits

    def _visit(self) -> None:
        """Somebody comes to a screen, alone or with somebody who holds up codes in between."""
        station = self._draw.choice(list(_STATIONS))
        who = self._draw.choice(self._world.guests)
        codes = [(station, held) for held in self._shown_by(who)]
        if self._draw.random() < 0.15:
            other = self._draw.choice(self._world.guests)
            codes += [(station, held) for held in self._shown_by(other)]
            self._draw.shuffle(codes)
        for place, held in codes:
            self._hold_up(place, held)
        self._staff(station, who)
        self._clock.go_on(self._draw.choice((1, 5, 20, 40, 70, 130)))
        self._ask(station, "tick", lambda desk: desk.tick(self._clock.at))

    def _shown_by(self, who: Guest) -> list[Held]:
        """What one guest holds up, in whatever order."""
        habit = self._draw.random()
        good = Code.GOOD if self._draw.random() < 0.85 else self._draw.choice(list(Code))
        kinds = [good, Code.BADGE]
        if habit < 0.1:
            kinds = [good]
        elif habit < 0.25:
            kinds = [Code.BADGE]
        elif habit < 0.3:
            kinds = [Code.POSTER, good, Code.BADGE]
        if self._draw.random() < 0.4:
            kinds.reverse()
        held = [self._world.of(who, kind) for kind in kinds]
        if self._draw.random() < 0.08:  # somebody else's telephone
            friend = self._draw.choice(self._world.guests)
            held[0] = self._world.of(friend, held[0].code)
        return held

    def _hold_up(self, station: str, held: Held) -> None:
        at = self._clock.go_on(self._draw.choice((0.3, 1, 2, 8)))
        self._rules.held_up(station, held, at)
        texts = [held.text]
        told = f"shows {held.code.name} of {held.owner}"
        self._ask(station, told, lambda desk: desk.sight(texts, at))

    # Staff

    def _staff(self, station: str, who: Guest) -> None:
        """What staff do with the visit, mostly let the guest in."""
        if _STATIONS[station][0] is Mode.SELF:
            return
        at = self._clock.go_on(self._draw.choice((1, 4, 400)))
        does = self._draw.random()
        if self._changing and self._draw.random() < 0.4:
            self._supervise(station)
        elif does < 0.75:
            self._ask(station, "confirm", lambda desk: desk.confirm(ALL_SEEN, at))
        elif does < 0.8:
            self._ask(station, "confirm half", lambda desk: desk.confirm(frozenset(), at))
        elif does < 0.84:
            self._rules.vouch(who.id)
            self._ask(station, f"chooses {who.id}", lambda desk: desk.choose(who.id, at))
            self._vouch_for_card(station)
            self._rules.looks_with_reader(station)
            self._ask(station, "official reader", lambda desk: desk.official_reader(at))
            self._ask(station, "confirm", lambda desk: desk.confirm(ALL_SEEN, at))
        elif does < 0.88:
            self._ask(station, f"lets out {who.id}", lambda desk: self._let_out(desk, who))
        elif does < 0.9:
            self._ask(station, "not read", lambda desk: desk.not_read(at))
        elif does < 0.91:
            self._rules.dismissed(station)
            self._ask(station, "clear", lambda desk: desk.clear())
        else:
            self._supervise(station)

    def _supervise(self, station: str) -> None:
        """What a supervisor does, and what anybody takes back."""
        at, does = self._clock.at, self._draw.random()
        if does < 0.4:
            self._ask(station, "undo", lambda desk: self._told(desk.undo(at)))
        elif does < 0.7:
            self._ask(
                station,
                "override",
                lambda desk: self._told(desk.override(Cause.KNOWN_GUEST, SUPERVISOR, at)),
            )
        elif does < 0.75:
            occasion = self._world.event.occasions[0].id
            self._ask(
                station,
                "everyone out",
                lambda desk: self._told(desk.leaving.everyone_out(occasion, SUPERVISOR, at)),
            )
        else:
            guests = self._world.guests
            taker = self._draw.choice([g for g in guests if g.selection is Selection.WAITING])
            giver = self._draw.choice([g for g in guests if g.partnership == taker.partnership])
            self._pass_on(station, giver, taker)
            if self._draw.random() < 0.5:  # another desk too, and the first one thinks better of it
                self._pass_on(self._draw.choice(("desk north", "desk south")), giver, taker)
                self._ask(station, "undo", lambda desk: self._told(desk.undo(at)))

    def _pass_on(self, station: str, giver: Guest, taker: Guest) -> None:
        """One seat of `giver` goes to `taker`."""
        at, seat = self._clock.at, frozenset({self._draw.choice(_OCCASIONS)})
        self._ask(
            station,
            f"seat of {giver.id} to {taker.id}",
            lambda desk: self._told(
                desk.registering.substitute(giver.id, taker.id, seat, SUPERVISOR, at)
            ),
        )

    def _told(self, result: Admission | Outcome) -> Admission | None:
        if isinstance(result, Admission):
            return result
        self.happened[result.reason if isinstance(result, NotDone) else "done by staff"] += 1
        return None

    def _vouch_for_card(self, station: str) -> None:
        """The official reader is for whoever stands on the card."""
        card = self._desks[station]._current  # what staff see
        if card is not None and card.guest is not None:
            self._rules.vouch(card.guest.id)

    def _let_out(self, desk: EntryDesk, who: Guest) -> None:
        with suppress(StorageTroubleError):
            desk.let_out(who.id, self._clock.at)

    # What breaks

    def _disturb(self) -> None:
        fate = self._draw.random()
        if abs(self._clock.off) > FAR and self._draw.random() < 0.3:
            assert self._draw.choice(self._guards).confirm(SUPERVISOR)
            self._clock.off = timedelta()
            self._note("time confirmed")
        if fate < 0.04:
            self._journal.crash = self._draw.choice(("before", "after"))
            self._note("will crash")
        elif fate < 0.06:
            self._journal.full = not self._journal.full
            self._note("disk full" if self._journal.full else "disk free")
        elif fate < 0.07:
            self._journal.unreadable = not self._journal.unreadable
            self._note("log unreadable" if self._journal.unreadable else "log readable")
        elif fate < 0.08:
            by = self._draw.choice(_STEPS)
            self._clock.step(timedelta(seconds=by))
            self._note(f"clock set by {by} s")
        elif fate < 0.1:
            self._boot, self._clock.off = self._boot + 1, timedelta()
            self._restart("power cut")

    def _restart(self, why: str) -> None:
        self._note(why)
        self._journal.crash = None
        self._start()
        self._rules.after_a_crash()

    # Between the simulation and the desk

    def _ask(self, station: str, what: str, ask: Callable[[EntryDesk], Admission | None]) -> None:
        """One step at one screen, and every rule after it."""
        try:
            answer = ask(self._desks[station])
        except CrashError:
            self._note(f"{station}: {what}: CRASH")
            self._rules.log_grew(station)
            self._restart("restart")
            return
        shown = answer.shown.name if answer else "nothing"
        self._note(f"{station}: {what}: {shown}")
        self._rules.log_grew(station)
        if answer is not None:
            self._rules.answered(station, answer, self._clock.at, self._clock.off)

    def _note(self, step: str) -> None:
        self._steps.append(f"{self._clock.at:%H:%M:%S} {step}")
        self.happened[step.rsplit(": ", 1)[-1]] += 1


def play(seed: int, visits: int = 50) -> Counter[str]:
    """One morning."""
    assert guest_list()
    return Morning(seed, visits).play()
