"""A PC around a desk for tests: settings in memory, findings that the test sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from kiosk.desk import readiness
from kiosk.desk.house import House
from kiosk.desk.ports import Authority
from kiosk.desk.readiness import ASKED, Check, Finding, Item, State
from kiosk.desk.settings import USUAL, Known, SettingFault, Settings
from tests.fakes.sounds import NotedSounds
from tests.gui_support import AT, Opened

FINE: Mapping[Item, Finding] = {
    Item.SELF_TEST: readiness.self_test(passed=True),
    Item.CLOCK: Finding(Item.CLOCK, State.OK, "ok", {"time": AT}),
    Item.DISK: readiness.disk(12 * 1000**3),
    Item.DATABASE: readiness.database(sound=True),
    Item.GUESTS: readiness.guests(212, AT, AT),
    Item.TRUST_LIST: Finding(Item.TRUST_LIST, State.OK, "ok", {"count": 268, "date": AT}),
    Item.REVOCATIONS: Finding(Item.REVOCATIONS, State.OK, "ok", {"date": AT}),
    Item.STAFF: Finding(Item.STAFF, State.OK, "ok", {"count": 3}),
    Item.PRINTER: readiness.printer(["Brother QL-820"], ""),
    Item.EXPORT: readiness.export(0),
}


@dataclass
class MemorySettings:
    """Implements the desk's `SettingsBook`; `fault` is what keeping runs into."""

    settings: Settings = USUAL
    fault: SettingFault | None = None

    def read(self) -> Known:
        return Known(self.settings)

    def keep(self, settings: Settings) -> SettingFault | None:
        if self.fault is None:
            self.settings = settings
        return self.fault


@dataclass
class TestHouse:
    """The house, and what was asked of it."""

    __test__ = False

    findings: dict[Item, Finding] = field(default_factory=lambda: dict(FINE))
    book: MemorySettings = field(default_factory=MemorySettings)
    sounds: NotedSounds = field(default_factory=NotedSounds)
    confirmed: list[Authority | None] = field(default_factory=list)
    cameras: list[str] = field(default_factory=lambda: ["HD Pro Webcam C920", "Integrated Camera"])
    printers: list[str] = field(default_factory=lambda: ["Brother QL-820", "Office"])
    looked_through: list[str] = field(default_factory=list)
    unexported: int | None = 12

    def house(self) -> House:
        return House(
            settings=self.book,
            checks=self._checks,
            look=lambda _, check: check(),
            unexported=lambda: self.unexported,
            confirm_time=self._confirm,
            cameras=lambda: self.cameras,
            printers=lambda: self.printers,
            use_camera=self.looked_through.append,
            sounds=self.sounds,
        )

    def _checks(self) -> Mapping[Item, Check]:
        return {
            item: partial(self.findings.__getitem__, item) for item in Item if item not in ASKED
        }

    def _confirm(self, authority: Authority | None) -> bool:
        self.confirmed.append(authority)
        self.findings[Item.CLOCK] = FINE[Item.CLOCK]
        return True


def furnished(kiosk: Opened) -> TestHouse:
    """A house around the desk of a window."""
    made = TestHouse()
    kiosk.window.pages.furnish(made.house())
    return made
