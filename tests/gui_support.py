"""What the tests of the window share: made-up guests, and a window over a real desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from kiosk.core.decide import Way
from kiosk.core.guests.badge import make_badge
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.standing import Standing
from kiosk.core.policy.event import Event
from kiosk.core.policy.eventfile import load_event
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import Verifier
from kiosk.desk.admission import Admission, Person, Shown, Waiting
from kiosk.desk.clockguard import Timekeeper
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.sessions import Sessions
from kiosk.gui.desk.screen import DeskScreen
from kiosk.gui.desk_thread import DeskThread
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.parts import text
from kiosk.gui.parts.accessible import install_accessible
from kiosk.gui.parts.style import FONT_FAMILY, install_fonts
from kiosk.gui.window import KioskWindow
from kiosk.gui.words.wording import Wording, languages_in, load_wording, load_wordings
from tests.door import policy
from tests.fakes.clock import SetClock
from tests.fakes.guests import AmendedGuests
from tests.fakes.journal import MemoryJournal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ASSETS = Path(__file__).resolve().parents[1] / "assets"
AT = datetime(2021, 11, 22, 7, 47, tzinfo=UTC)  # 08:47 in Paris, doors open
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def make_guest(
    number: int = 1,
    given: str = "Usuaria",
    family: str = "Ficticia",
    *,
    organisation: str = "Cluster Ficticio de Aragón",
    partnership: str = "GreenDigi4X",
    language: str = "",
    occasions: frozenset[str] = frozenset({"policy-day-1", "partnering"}),
) -> Guest:
    return Guest(
        id=f"g{number}",
        badge=bytes([number]) * 8,
        family=family,
        given=given,
        organisation=organisation,
        partnership=partnership,
        category="",
        occasions=occasions,
        attendance=Attendance.IN_PERSON,
        selection=Selection.SELECTED,
        language=language,
    )


GUESTS = (
    make_guest(1),
    make_guest(2, "Jānis", "Bērziņš", organisation="Zaļais klasteris", partnership="BalticLoop"),
    make_guest(3, "Zoé", "Łukasik", organisation="Pôle Seine-Numérique", partnership="GreenDigi4X"),
    make_guest(4, "Ana", "Martins", organisation="Cluster do Tejo", partnership="AtlanticTex"),
    make_guest(5, "Léa", "Le Goff", organisation="Bretagne Océan", partnership="AtlanticTex"),
    make_guest(6, "Mikko", "Virtanen", organisation="Suomen klusteri", partnership="BalticLoop"),
)
SOMEBODY = GUESTS[0]


def event() -> Event:
    return load_event((ASSETS / "events" / "saint-ouen-2021.toml").read_text(encoding="utf-8"))


def station(mode: Mode = Mode.DESK, door: str = "north") -> Station:
    the_event = event()
    found = the_event.door(door)
    assert found is not None
    return Station(the_event, policy(), found, mode, "session-1" if mode is Mode.DESK else "")


def wordings() -> dict[str, Wording]:
    return {language: load_wording(ASSETS / "texts", language) for language in ("fr", "en")}


def guest_wordings() -> dict[str, Wording]:
    """All languages that guests may choose."""
    folder = ASSETS / "texts"
    return load_wordings(folder, ["fr", "en", *languages_in(folder / "guest")])


def badge_of(guest: Guest) -> str:
    return make_badge(guest.badge, "saint-ouen-2021", KEY)


@dataclass
class DeskMaker:
    """Opens a real desk over the fake journal, in whatever thread calls it."""

    mode: Mode = Mode.DESK
    guests: tuple[Guest, ...] = GUESTS
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    sessions: Sessions | None = None  # of staff; without them the station is session-1's
    time: Timekeeper | None = None

    def __call__(self, *_: object) -> EntryDesk:
        key = KEY.public_key()
        guests = AmendedGuests(self.guests, self.journal, frozenset())
        at = station(self.mode)
        if self.sessions is not None:
            at.staff = ""
        return EntryDesk(
            at,
            Verifier(TrustList()),
            guests,
            key,
            self.journal,
            self.time,
            sessions=self.sessions,
        )


# Admissions by hand, one of each kind

PERSON = Person("Ficticia", "Usuaria", "1980-03-12")


def admit(guest: Guest = SOMEBODY, *, checked_only: bool = True, way: Way = Way.FIRST) -> Admission:
    return Admission(
        Shown.ADMIT, AT, guest=guest, person=PERSON, way=way, checked_only=checked_only
    )


def waiting(*guests: Guest, minutes: int = 3) -> tuple[Waiting, ...]:
    since = AT - timedelta(minutes=minutes)
    return tuple(Waiting(guest.id, since, guest, guest.name) for guest in guests)


def see_desk(*reasons: Reason, guest: Guest | None = None) -> Admission:
    return Admission(Shown.DESK, AT, reasons, guest=guest, person=PERSON if guest else None)


def refuse() -> Admission:
    return Admission(Shown.REFUSE, AT, has_certificate=True)


def ready(guest: Guest = SOMEBODY) -> Admission:
    return Admission(
        Shown.READY,
        AT,
        guest=guest,
        person=PERSON,
        way=Way.FIRST,
        has_certificate=True,
        has_badge=True,
        standing=Standing(),
        seats_taken=1,
        confirmable=True,
    )


def awaiting(shown: Shown, guest: Guest | None = None) -> Admission:
    certificate = shown is Shown.AWAIT_BADGE
    person = PERSON if certificate else None
    return Admission(
        shown,
        AT,
        guest=guest,
        person=person,
        has_certificate=certificate,
        has_badge=shown is Shown.AWAIT_CERTIFICATE,
    )


# Windows


def dress(app: QApplication) -> None:
    """Give every test the same style and font."""
    app.setStyle("Fusion")
    if FONT_FAMILY not in QFontDatabase.families():
        install_fonts(ASSETS / "fonts")
        text._line_height.cache_clear()  # of a window that another test had opened undressed
    install_accessible()


@dataclass
class Opened:
    """A window over a real desk, with the hands on clock and journal."""

    window: KioskWindow
    clock: SetClock
    journal: MemoryJournal
    desk: DeskThread

    @property
    def guest(self) -> SelfScreen:
        assert isinstance(self.window.screen_shown, SelfScreen)
        return self.window.screen_shown

    @property
    def staff(self) -> DeskScreen:
        assert isinstance(self.window.screen_shown, DeskScreen)
        return self.window.screen_shown


@contextmanager
def opened(
    mode: Mode,
    size: tuple[int, int] = (1280, 800),
    language: str = "fr",
    open_desk: Callable[[], EntryDesk] | None = None,
    at: Station | None = None,
    say: dict[str, Wording] | None = None,
) -> Iterator[Opened]:
    """A window of `mode`, shown, and closed at the end; `say`: in other languages."""
    maker, clock = DeskMaker(mode), SetClock(AT)
    desk = DeskThread(open_desk or maker)
    window = KioskWindow(at or station(mode), say or wordings(), clock, desk)
    window.resize(*size)
    window.show()
    window.switch_language(language)
    QApplication.processEvents()
    try:
        yield Opened(window, clock, maker.journal, desk)
    finally:
        window.close()
        window.deleteLater()
