"""A desk's thread for a window that only looks on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from kiosk.desk.entry_desk import EntryDesk
from kiosk.gui.desk_thread import DeskThread


class Bystander(DeskThread):
    """Tells what the thread beside it answers, and how it fails.

    It has no thread and no desk of its own, and drops whatever would change anything.
    """

    def __init__(self, beside: DeskThread) -> None:
        super().__init__(_never)
        self._beside = beside
        self.stop()  # before it ever began: whatever is asked of it from now on is dropped
        beside.admission.connect(self.admission)
        beside.failed.connect(self.failed)

    def start(self) -> None:
        """The other one is started by its own window."""

    def tell(self, question: Callable[[EntryDesk], object], told: Callable[[object], None]) -> None:
        """What is only to be told, the other one tells."""
        self._beside.tell(question, told)


def _never() -> NoReturn:
    raise RuntimeError("a bystander opens no desk")
