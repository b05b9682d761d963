"""A kiosk with a staff list, for tests: a supervisor, two stewards, and their PINs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from kiosk.core.staff import pin as pins
from kiosk.core.staff.badge import make_staff_badge
from kiosk.core.staff.register import Member
from kiosk.core.staff.roles import Role
from kiosk.desk.findings import Mode
from kiosk.desk.sessions import Sessions, new_pin
from kiosk.desk.supervising import Vouching
from tests.fakes.staff import MemoryStaff, Running
from tests.gui_support import AT, KEY, DeskMaker, Opened, event, opened

SARA_PIN, ANNA_PIN, BRUNO_PIN, WRONG = "738291", "4826", "5938", "999111"


def member(name: str, role: Role, pin: str) -> Member:
    at = AT - timedelta(days=20)
    return Member(secrets.token_hex(8), name, role, at, "The organiser", new_pin(pin))


class StaffedHouse:
    """The books of such a kiosk: Sara supervises, Anna and Bruno are stewards."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, mode: Mode = Mode.DESK) -> None:
        monkeypatch.setattr(pins, "_N", 2**4)  # what is slow about a PIN is tested elsewhere
        self.sara = member("Sara Example", Role.SUPERVISOR, SARA_PIN)
        self.anna = member("Anna Example", Role.STEWARD, ANNA_PIN)
        self.bruno = member("Bruno Éxample", Role.STEWARD, BRUNO_PIN)
        self.pins = {self.sara.id: SARA_PIN, self.anna.id: ANNA_PIN, self.bruno.id: BRUNO_PIN}
        self.book = MemoryStaff(self.sara, self.anna, self.bruno)
        self.maker = DeskMaker(mode)
        self.maker.sessions = Sessions(
            self.book,
            self.maker.journal,
            "kiosk-1",
            event().time_zone,
            Running(),
            KEY.public_key(),
        )

    def vouching(self, who: Member, pin: str = "") -> Vouching:
        """The word of somebody, with the right PIN unless another is given."""
        return Vouching(who.id, pin or self.pins[who.id])

    def badge(self, who: Member) -> str:
        """The text of somebody's staff badge."""
        return make_staff_badge(who.id, KEY)

    @contextmanager
    def opened(self, size: tuple[int, int] = (1280, 800), language: str = "en") -> Iterator[Opened]:
        """A window over the desk of this kiosk."""
        with opened(self.maker.mode, size, language, open_desk=self.maker) as kiosk:
            yield Opened(kiosk.window, kiosk.clock, self.maker.journal, kiosk.desk)
