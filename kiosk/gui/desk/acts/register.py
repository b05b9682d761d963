"""Somebody who is on no list is put on it: late registration, or walk-in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from kiosk.core.policy.event import Event
from kiosk.core.reasons import Reason
from kiosk.core.staff.roles import Action
from kiosk.desk.admission import Admission
from kiosk.desk.findings import Station
from kiosk.desk.offering import Partnership
from kiosk.desk.registering import NewGuest
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act, Question
from kiosk.gui.desk.acts.terms import Terms
from kiosk.gui.parts.choice import Choice
from kiosk.gui.parts.controls import SmallKey
from kiosk.gui.parts.fields import Entry
from kiosk.gui.parts.style import Radius, Tint, Type, Weight, column, row
from kiosk.gui.parts.text import Text
from kiosk.gui.words.acts import coming_now
from kiosk.gui.words.names import isolated, plain_name
from kiosk.gui.words.wording import Wording

_LONGEST = 100  # characters of a name
_OFFERED = 3
_LOOK_UP = "partnership"


class NameEntries(QWidget):
    """Given name, family name, organisation."""

    def __init__(self) -> None:
        super().__init__()
        self.given, self.family, self.organisation = (Entry(_LONGEST) for _ in range(3))
        self.entries = (self.given, self.family, self.organisation)

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        for entry, key in zip(self.entries, ("given", "family", "organisation"), strict=True):
            entry.name(say(f"acts.{key}"))

    def fill_in(self, admission: Admission | None) -> None:
        """The name of the certificate, where one was shown."""
        person = admission.person if admission else None
        self.given.fill(plain_name(person.given) if person else "")
        self.family.fill(plain_name(person.family) if person else "")
        self.organisation.fill("")

    def new_guest(self, occasions: frozenset[str], badge: bytes = b"") -> NewGuest:
        """Who was written down."""
        family, given = self.family.text, self.given.text
        return NewGuest(family, given, self.organisation.text, occasions, badge=badge)

    @property
    def name(self) -> str:
        """Given and family name, as they were written."""
        return f"{self.given.text} {self.family.text}".strip()


class PartnershipEntry(QWidget):
    """A Partnership is typed, or one of the list is chosen that begins so."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = Entry(_LONGEST)
        self.offers = [SmallKey(40, Radius.FIELD) for _ in range(_OFFERED)]
        self.found: Partnership | None = None
        self._kept = ""  # written so on purpose, though the list has a name like it
        for key in self.offers:
            key.clicked.connect(lambda _=False, key=key: self._take(key))
        self.setLayout(column(4).put(self.entry))

    @property
    def text(self) -> str:
        """As the list writes it, where it has it."""
        found = self.found
        same = found is not None and found.written == self.entry.text
        return (found.listed if found and same else "") or self.entry.text

    def slip(self) -> str:
        """The Partnership that may have been meant; once, then what is written counts."""
        found = self.found
        if not found or found.written != self.entry.text or found.written == self._kept:
            return ""
        self._kept = found.written if found.slip else ""
        return found.slip

    def show_found(self, found: Partnership) -> None:
        """Offer what the list has; of what is not written any more, nothing."""
        if found.written != self.entry.text:
            return
        self.found = found
        near = [each for each in found.near if each != found.written]
        for number, key in enumerate(self.offers):
            key.setVisible(number < len(near))
            if number < len(near):
                key.setProperty("partnership", near[number])
                key.name(plain_name(near[number]), "")

    def clear(self) -> None:
        """Nothing is written yet."""
        self.found, self._kept = None, ""
        self.entry.fill("")
        for key in self.offers:
            key.hide()

    def _take(self, key: SmallKey) -> None:
        name = str(key.property("partnership"))
        self.entry.fill(name)
        self.show_found(Partnership(name, name))
        self.entry.field.setFocus()


class RegisterSheet(Act):
    """Who it is; then for what, and why only now."""

    asked, action, words = Asked.REGISTER, Action.AMEND, "register"
    goes = "register.go"
    bound = False

    def __init__(self, station: Station) -> None:
        self._station, self._badge = station, b""
        self.names, self.partnership = NameEntries(), PartnershipEntry()
        self._category = Text(Type.SMALL, Weight.SEMI, Tint.MUTE)
        self.categories = Choice(
            station.event.categories, optional=True, across=3, numbered=False, height=56
        )
        self.terms = Terms(station.event)
        super().__init__(self._who(), self.terms)
        self._connect()

    def speak(self, say: Wording) -> None:
        """Take the words of a language."""
        super().speak(say)
        self.names.speak(say)
        self.terms.speak(say)
        self.partnership.entry.name(say("desk.partnership"))
        self._category.say(say("register.or_category"))
        self.categories.name({each: plain_name(each) for each in self._event.categories})

    def question(self) -> Question:
        """To put them on the list."""
        new = self.names.new_guest(self.terms.occasions.chosen, self._badge)
        full = NewGuest(
            new.family,
            new.given,
            new.organisation,
            new.occasions,
            partnership=self.partnership.text,
            category=self.categories.one,
            badge=new.badge,
        )
        cause = self.terms.cause
        return lambda desk, by, at: desk.registering.register(full, cause, by, at)

    def fill_in(self) -> None:
        """The certificate's name, the blank badge that was shown, what is open."""
        admission = self.admission
        self.names.fill_in(admission)
        blank = admission.blank if admission else None
        ours = bool(admission and Reason.BADGE_NOT_HANDED_OUT in admission.reasons)
        self._badge = blank.badge if blank and ours else b""
        self.partnership.clear()
        self.categories.choose()
        self.terms.begin(*coming_now(self._station, self.at))

    def take(self, what: str, answer: object) -> None:
        """The Partnerships that may be meant."""
        if what == _LOOK_UP and isinstance(answer, Partnership):
            self.partnership.show_found(answer)

    def lacks(self) -> tuple[str, QWidget] | None:
        """A name and where it belongs; then occasion and cause."""
        if self.step:
            return self.terms.lacks()
        if not self.names.family.text:
            return "register.write_name", self.names.family.field
        if not (self.partnership.text or self.categories.one):
            return "register.write_group", self.partnership.entry.field
        return None

    def complete(self) -> None:
        """A Partnership that is nearly one of the list is asked about once."""
        slip = "" if self.step else self.partnership.slip()
        if slip and self.say is not None:
            self.told.say(self.say("register.meant", name=isolated(slip)))
        else:
            super().complete()

    def places(self) -> Sequence[QWidget]:
        """The fields, or the terms."""
        if self.step:
            return self.terms.stops()
        offers = [key for key in self.partnership.offers if not key.isHidden()]
        fields = [*(entry.field for entry in self.names.entries), self.partnership.entry.field]
        return [*fields, *offers, *self.categories.stops()]

    def cramp(self, *, cramped: bool) -> None:
        """Without the categories, which nobody types."""
        shown = bool(self._event.categories) and not cramped
        self._category.setVisible(shown)
        self.categories.setVisible(shown)

    def digit(self, digit: str) -> bool:
        """Chooses the cause, and goes on."""
        if self.step != 1 or self.stale or not self.terms.causes.press(digit):
            return False
        self.go_on()
        return True

    def end(self) -> None:
        """Forget who was written down."""
        self._badge = b""
        self.partnership.clear()
        super().end()

    def focus_first(self) -> None:
        """Where something is still to be written."""
        fields = [stop for stop in self.places() if isinstance(stop, type(self.names.given.field))]
        empty = next((field for field in fields if not field.text()), None)
        if empty is None:
            super().focus_first()
        else:
            empty.setFocus()

    def sentence(self) -> str:
        """Who is put on the list, and for what."""
        if self.say is None:
            return ""
        name, named = isolated(self.names.name), self.terms.occasions.named
        return self.say("register.sentence", name=name, occasions=named)

    @property
    def _event(self) -> Event:
        return self._station.event

    def _who(self) -> QWidget:
        given, family, organisation = self.names.entries
        offers = row(8).put(*self.partnership.offers)
        page = QWidget()
        content = column(8).put(row(16).put(given, family))
        content.put(row(16).put(organisation, self.partnership), offers)
        page.setLayout(content.put(self._category, self.categories, None))
        has = bool(self._event.categories)
        self._category.setVisible(has)
        self.categories.setVisible(has)
        return page

    def _connect(self) -> None:
        for entry in self.names.entries:
            entry.field.textChanged.connect(self.rearm)
        self.partnership.entry.field.textChanged.connect(self.rearm)
        self.partnership.entry.field.textEdited.connect(self._look_up)
        self.categories.changed.connect(self.rearm)
        self.terms.changed.connect(self.rearm)

    def _look_up(self) -> None:
        written = self.partnership.entry.text
        self.inquires.emit(_LOOK_UP, lambda desk: desk.offering.partnership(written))
