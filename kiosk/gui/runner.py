"""A thread that runs one function, and what may be told of an error at its top."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QThread


class Runner(QThread):
    """A thread that runs one function."""

    def __init__(self, run: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._function = run

    def run(self) -> None:
        """Called by Qt in the new thread."""
        self._function()


def where(error: Exception) -> str:
    """Type and place of an error: its words might hold a name (architecture.md rule 8)."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
