"""A seat of a Partnership goes from somebody who does not come to somebody who does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kiosk.core.guests.guest import Guest
from kiosk.core.staff.roles import Action
from kiosk.desk.findings import Station
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.desk.acts.register import NameEntries
from kiosk.gui.desk.acts.terms import Occasions
from kiosk.gui.parts.finder import GuestFinder
from kiosk.gui.parts.style import Tint, Type, Weight, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.acts import has_seat, takes_seat
from kiosk.gui.words.names import isolated
from kiosk.gui.words.wording import Wording

_CRAMPED = 2  # guests, above the keyboard upon the screen
_AWAY, _COMING, _SEATS = range(3)
_GIVERS, _FIND_AWAY, _FIND_COMING = "givers", "away:", "coming:"


class SubstituteSheet(Act):
    """Who does not come; who comes instead; for what, where there are several occasions.

    The guest of the card is the one or the other, as the answer says: whoever has a seat and is
    not at the door gives it.
    """

    asked, action, words = Asked.SUBSTITUTE, Action.AMEND, "substitute"
    goes = "substitute.go"

    def __init__(self, station: Station) -> None:
        self._station = station
        self.away: Guest | None = None
        self.coming: Guest | None = None
        self._of_card: Guest | None = None
        self.giver, self.taker, self.names = GuestFinder(5), GuestFinder(4), NameEntries()
        self._or_new = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.occasions = Occasions(station.event)
        seats = QWidget()
        seats.setLayout(column(0).put(self.occasions, None))
        super().__init__(self.giver, self._who_comes(), seats)
        self._connect()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        hint, nobody = say("acts.find"), say("desk.nobody_found")
        self.giver.name(say("substitute.away"), hint, nobody)
        self.taker.name(say("substitute.on_list"), hint, nobody)
        self._or_new.say(say("substitute.new"))
        self.names.speak(say)
        self.occasions.speak(say)

    def question(self) -> Question:
        """To pass the seats on."""
        seats = self.occasions.chosen
        away = self.away.id if self.away else ""
        taker = self.coming.id if self.coming else self.names.new_guest(seats)
        return lambda desk, by, at: desk.registering.substitute(away, taker, seats, by, at)

    def fill_in(self) -> None:
        """The guest of the card is who comes, or who does not; and the certificate's name."""
        admission = self.admission
        guest = admission.guest if admission else None
        comes = admission is not None and takes_seat(admission)
        self._of_card = guest
        self.coming = guest if comes else None
        self.away = None
        for finder in (self.giver, self.taker):
            finder.clear()
        self.names.fill_in(admission if guest is None else None)
        if guest is not None and not comes and has_seat(guest):
            self._give(guest)
        elif guest is not None and guest.partnership:
            partnership, at = guest.partnership, self.at
            self.inquires.emit(_GIVERS, lambda desk: desk.offering.givers(partnership, at))

    def take(self, what: str, answer: object) -> None:
        """Whose seat could be given; who is called so."""
        found = answer if isinstance(answer, tuple) else ()
        if what == _GIVERS:
            self.giver.suggest([guest for guest in found if guest != self.coming])
        elif what.startswith(_FIND_AWAY):
            self.giver.show_found(what.removeprefix(_FIND_AWAY), found)
        elif what.startswith(_FIND_COMING):
            self.taker.show_found(what.removeprefix(_FIND_COMING), found)

    def passes(self, step: int) -> bool:
        """What the card says already, and where there is nothing to choose."""
        match step:
            case 0:
                return self.away is not None and self.away is self._of_card
            case 1:
                return self.coming is not None and self.coming is self._of_card
            case _:
                return len(self.occasions.choice.offered) == 1

    def lacks(self) -> tuple[str, QWidget] | None:
        """Of the page that is shown."""
        match self.step:
            case 0:
                return None if self.away else ("substitute.choose_away", self.giver.field)
            case 1:
                known = self.coming or self.names.family.text
                return None if known else ("substitute.choose_coming", self.taker.field)
            case _:
                chosen = self.occasions.chosen
                return None if chosen else ("acts.choose_occasion", self.occasions.choice.stop)

    def end(self) -> None:
        """Forget everybody."""
        self.away = self.coming = self._of_card = None
        for finder in (self.giver, self.taker):
            finder.clear()
        super().end()

    def places(self) -> Sequence[QWidget]:
        """Of the page that is shown."""
        match self.step:
            case 0:
                return self.giver.stops()
            case 1:
                return [*self.taker.stops(), *(entry.field for entry in self.names.entries)]
            case _:
                return self.occasions.choice.stops()

    def cramp(self, *, cramped: bool) -> None:
        """Of the guests found, as many as there is room for."""
        for finder in (self.giver, self.taker):
            finder.show_rows(_CRAMPED if cramped else len(finder.rows))

    def digit(self, digit: str) -> bool:
        """Chooses a guest of the rows."""
        if self.stale or self.step not in (_AWAY, _COMING):
            return False
        return (self.giver if self.step == _AWAY else self.taker).press(digit)

    def step_back(self) -> None:
        """What was chosen on the page before is open again."""
        super().step_back()
        if self.step == _AWAY and self.away is not self._of_card:
            self.away = None
        if self.step == _COMING and self.coming is not self._of_card:
            self.coming = None
        self.rearm()

    def sentence(self) -> str:
        """Whose seat goes to whom."""
        if self.say is None or self.away is None:
            return ""
        name = self.coming.name if self.coming else self.names.name
        away, named = isolated(self.away.name), self.occasions.named
        return self.say("substitute.sentence", away=away, name=isolated(name), occasions=named)

    def _give(self, guest: Guest) -> None:
        """The occasions whose seats `guest` could give: those that are not over."""
        self.away = guest
        over = {o.id for o in self._station.event.occasions if o.is_over(self.at)}
        self.occasions.offer(guest.occasions - over, guest.occasions - over)

    def _chose_away(self, guest: Guest) -> None:
        self._give(guest)
        self.go_on()

    def _chose_coming(self, guest: Guest) -> None:
        self.coming = guest
        self.go_on()

    def _who_comes(self) -> QWidget:
        page = QWidget()
        given, family, organisation = self.names.entries
        names = row(12).put(given, family)
        new = column(8).put(self._or_new, names, organisation, None)
        both = row(24)
        both.addWidget(self.taker, 1)
        both.addLayout(new, 1)
        page.setLayout(both)
        return page

    def _connect(self) -> None:
        self.giver.chosen.connect(self._chose_away)
        self.taker.chosen.connect(self._chose_coming)
        for finder, what in ((self.giver, _FIND_AWAY), (self.taker, _FIND_COMING)):
            finder.wanted.connect(lambda query, what=what: self._find(what, query))
        for entry in self.names.entries:
            entry.field.textChanged.connect(self.rearm)
        self.occasions.changed.connect(self.rearm)

    def _find(self, what: str, query: str) -> None:
        self.inquires.emit(f"{what}{query}", lambda desk: desk.search(query))
