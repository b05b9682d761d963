"""What is wrong at a desk beside its guests, each with a remedy, the most urgent first. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from kiosk.desk.admission import Notice
from kiosk.desk.ports import CameraTrouble, ScannerNote, StorageNote
from kiosk.gui.words.wording import Wording


class Urgency(IntEnum):
    """How soon somebody has to see to it."""

    NOW = 0  # guests are kept waiting by it
    SOON = 1
    KNOWN = 2  # good to know


@dataclass(frozen=True)
class Alert:
    """One thing, in words. brief: both in a few of them; remedy: empty where `line` says it."""

    urgency: Urgency
    brief: str
    line: str
    remedy: str = ""


_STORAGE = {
    StorageNote.FULL: Urgency.NOW,
    StorageNote.NOTHING: Urgency.NOW,
    StorageNote.IN_PART: Urgency.SOON,
    StorageNote.SHORTER: Urgency.SOON,
    StorageNote.LOW: Urgency.SOON,
    StorageNote.RECOVERED: Urgency.KNOWN,
}
_FIGURES = {
    Notice.ROOM_NEARLY_FULL: ("room_nearly_full", Urgency.SOON),
    Notice.MANY_OVERRIDES: ("many_overrides", Urgency.SOON),
}


@dataclass
class Alerts:
    """What was told last, by source. Whoever tells sets a field; `told` puts it into words.

    scanner: a note that passes, or LOST. lists: the date of a list that is too old, by the name
    of its words. day_over: the session ended with its day.
    """

    scanner: ScannerNote | None = None
    clock_doubted: bool = False
    day_over: bool = False
    storage: StorageNote = StorageNote.WELL
    camera: CameraTrouble | None = None
    trust_list: date | None = None
    revocation_list: date | None = None
    figures: tuple[Notice, ...] = ()

    @property
    def calls(self) -> frozenset[str]:
        """What staff are called for by a sound: not what a scanner answers to them."""
        found = {
            "clock_doubted": self.clock_doubted,
            "day_over": self.day_over,
            "camera": self.camera is not None,
            "storage": _STORAGE.get(self.storage) is Urgency.NOW,
        }
        return frozenset(name for name, holds in found.items() if holds)

    def told(self, say: Wording) -> tuple[Alert, ...]:
        """The most urgent first; of two that are equally so, in a fixed order."""
        found = [*self._scanner(say), *self._desk(say), *self._devices(say), *self._lists(say)]
        return tuple(sorted(found, key=lambda alert: alert.urgency))

    def _scanner(self, say: Wording) -> list[Alert]:
        """Somebody is waiting for what passes; that it is lost is known at the desk's other eye."""
        if self.scanner is None:
            return []
        urgency = Urgency.SOON if self.scanner is ScannerNote.LOST else Urgency.NOW
        words = say(f"scanner.{self.scanner}")
        return [Alert(urgency, words, words)]

    def _desk(self, say: Wording) -> list[Alert]:
        found = [("clock_doubted", self.clock_doubted), ("day_over", self.day_over)]
        return [_alert(key, Urgency.NOW, say) for key, holds in found if holds]

    def _devices(self, say: Wording) -> list[Alert]:
        found = []
        if self.storage in _STORAGE:
            found.append(_alert(f"storage_{self.storage}", _STORAGE[self.storage], say))
        if self.camera is not None:
            words = say.camera_trouble(self.camera)
            brief = say("alert.camera")
            found.append(Alert(Urgency.SOON, brief, words.problem, words.remedy))
        return found

    def _lists(self, say: Wording) -> list[Alert]:
        dated = (("trust_list", self.trust_list), ("revocation_list", self.revocation_list))
        old = [_alert(key, Urgency.KNOWN, say, issued) for key, issued in dated if issued]
        return [_alert(*_FIGURES[notice], say) for notice in self.figures] + old


def _alert(key: str, urgency: Urgency, say: Wording, issued: date | None = None) -> Alert:
    values = {"date": say.day(issued)} if issued else {}
    brief, line = (say(f"alert.{key}.{which}", **values) for which in ("brief", "line"))
    return Alert(urgency, brief, line, say(f"alert.{key}.remedy"))
