"""An orderly end at any moment, the start included: signals are noted, and looked at between steps.

A KeyboardInterrupt out of the middle of Qt, or of its loading, would leave it half made or its
threads running without their objects, which ends the process with a core dump.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

# SIGHUP: the terminal is gone. SIGBREAK: Ctrl+Break, and a console of Windows that is closed.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
_LOOK_EVERY = 100  # milliseconds; Python runs its signal handlers only while Python code runs


class Ending:
    """Notes, while it is entered, that somebody asks this process to end. In the main thread."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Ending:
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup(1), and jobs of a script
                self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def during(self, turn: Callable[[], int], leave: Callable[[], None]) -> int:
        """What `turn`, an event loop of Qt, returns; `leave` is called when the end is asked for.

        Whenever that is: before the loop has begun to turn, it ends with its first turns.
        """
        from PySide6.QtCore import QTimer  # here: Qt is loaded while an end is only noted

        ticking = QTimer(interval=_LOOK_EVERY)
        ticking.timeout.connect(lambda: leave() if self.asked else None)
        ticking.start()
        try:
            return turn()
        finally:
            ticking.stop()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


@contextmanager
def sigterm_unwinds() -> Iterator[None]:
    """From here to the end of `with` SIGTERM ends this process as Ctrl+C does, with status 0.

    For the parts without threads and windows. In the main thread.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
