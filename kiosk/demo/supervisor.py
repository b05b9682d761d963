"""The supervisor's part of the scenario: what is changed at the door, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from kiosk.core.causes import Cause
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Role
from kiosk.demo.acts import Ask, Hold, Override, Step, TimeIs
from kiosk.demo.issuer import Subject, vaccination
from kiosk.demo.shapes import AMBER, CONFIRM, GREEN, Scenes, days_ago
from kiosk.demo.world import START
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.outcome import Outcome
from kiosk.desk.ports import Authority
from kiosk.desk.registering import NewGuest
from kiosk.gui.desk_thread import Asked

SUPERVISOR = Authority("demonstration", Role.SUPERVISOR)  # invented, as everybody here
NOON = START + timedelta(hours=3, minutes=30)
AFTER_LUNCH = NOON + timedelta(minutes=90)
_DAY_1 = frozenset({"policy-day-1"})
_GOOD = vaccination(days_ago(90))


class SupervisorScenes(Scenes):
    """What needs a supervisor."""

    def all(self) -> Iterator[Step]:
        """All steps; a third person of BioValleys stands at the desk."""
        yield from self._substitution()
        yield from self._walk_in()
        yield self._override()
        yield from self._undo()
        yield from self._after_lunch()

    def _substitution(self) -> Iterator[Step]:
        away, coming = (self._world.guests[given].id for given in ("Łucja", "Nikolina"))
        passed = _ask(
            Asked.SUBSTITUTE,
            lambda desk, at: desk.registering.substitute(away, coming, _DAY_1, SUPERVISOR, at),
        )
        certificate, badge = Hold(self._of("Nikolina", "v", _GOOD)), Hold(self._badge("Nikolina"))
        yield Step(
            "Nikolina",
            "substitution for Łucja, vaccination + badge",
            "desk",
            (passed, certificate, badge, *CONFIRM),
            GREEN,
            "a supervisor passed the seat on",
        )
        yield Step(
            "Łucja",
            "badge at the desk",
            "desk",
            (Hold(self._badge("Łucja")),),
            AMBER,
            "has no seat any more",
            Reason.SEAT_PASSED_ON,
        )

    def _walk_in(self) -> Iterator[Step]:
        who = Subject("Nirgendwer", "Klara", "NIRGENDWER", "KLARA")
        certificate, blank = self._world.certificate(who, "v", _GOOD), self._world.blank
        badge = Hold(self._world.blank_badge())
        new = NewGuest(
            who.family, who.given, "Beispielblatt", _DAY_1, category="press", badge=blank.badge
        )
        registered = _ask(
            Asked.REGISTER,
            lambda desk, at: desk.registering.register(new, Cause.WALK_IN, SUPERVISOR, at),
        )
        yield Step(
            "Klara",
            f"blank badge {blank.number}",
            "desk",
            (badge,),
            AMBER,
            "not handed out yet",
            Reason.BADGE_NOT_HANDED_OUT,
        )
        yield Step(
            "Klara",
            f"walk-in, vaccination + blank badge {blank.number}",
            "desk",
            (registered, Hold(certificate), badge, *CONFIRM),
            GREEN,
            "a supervisor added her",
        )
        yield Step(
            "Klara",
            f"blank badge {blank.number} at a kiosk without connection",
            "second kiosk",
            (badge,),
            AMBER,
            f"issued at {blank.desk}",
            Reason.BADGE_OF_RESERVE,
        )

    def _override(self) -> Step:
        near = Subject("Schmidtova", "Katarzyna", "SCHMIDTOVA", "KATARZYNA")
        certificate = self._world.certificate(near, "v", _GOOD)
        known = Override(Cause.KNOWN_GUEST, SUPERVISOR)
        return Step(
            "Katarzyna",
            "near-miss name at the desk, override",
            "desk",
            (Hold(certificate), Hold(self._badge("Katarzyna")), known),
            GREEN,
            f"cause: {Cause.KNOWN_GUEST}",
        )

    def _undo(self) -> Iterator[Step]:
        why = "let in by mistake"
        yield self._both("Vaidotas", "v", _GOOD, GREEN, why, station="desk", then=CONFIRM)
        certificate, badge = Hold(self._of("Vaidotas", "v", _GOOD)), Hold(self._badge("Vaidotas"))
        yield Step(
            "Vaidotas",
            "entry taken back (undo); badge + vaccination",
            "desk",
            (Ask(lambda desk, at: desk.undo(at)), badge, certificate, *CONFIRM),
            GREEN,
            "comes again: a first entry",
        )

    def _after_lunch(self) -> Iterator[Step]:
        """Nobody has scanned out."""
        (day,) = _DAY_1
        out = _ask(
            Asked.EVERYONE_OUT,
            lambda desk, at: desk.leaving.everyone_out(day, SUPERVISOR, at),
        )
        acts = (TimeIs(NOON), out, TimeIs(AFTER_LUNCH), Hold(self._badge("Anders")))
        shows = "everyone out at noon; badge after lunch"
        yield Step("Anders", shows, "desk", acts, GREEN, "one scan is enough")
        acts_of_ines = (Hold(self._badge("Inês")),)
        why = "one scan; was in by the other door"
        yield Step("Inês", "badge after lunch", "self", acts_of_ines, GREEN, why)

    def _badge(self, given: str) -> str:
        return self._world.badge(given)


def _ask(asked: Asked, question: Callable[[EntryDesk, datetime], Outcome]) -> Ask:
    return Ask(lambda desk, at: desk.ask(asked, lambda entry: question(entry, at), at))
