"""Each screen of a state folder runs once; a second start brings the first one to the front."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtWidgets import QWidget

from kiosk.adapters.system.front import call_to_front, on_call
from kiosk.bootstrap.errors import DoorError
from kiosk.desk.findings import Mode


@contextmanager
def only_one(state: Path, mode: Mode) -> Iterator[None]:
    """Hold the lock of this screen; a lock that a killed program left is taken over.

    Raises DoorError where the screen runs already, after having called it to the front.
    """
    on_call(lambda: None)  # before the lock: whoever finds it taken calls at once
    lock = QLockFile(str(state / f"{mode}.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        raise DoorError(f"The {mode} screen of {state} runs already{_called(lock)}.")
    try:
        yield
    finally:
        lock.unlock()


def come_when_called(window: QWidget) -> None:
    """From now on `window` comes to the front when its screen is started a second time."""

    def come() -> None:
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()

    # Outside of the signal's handler, which may stand in the middle of anything.
    on_call(lambda: QTimer.singleShot(0, window, come))


def _called(lock: QLockFile) -> str:
    if lock.error() is not QLockFile.LockError.LockFailedError:
        return ", or its folder cannot be written to"
    process = int(lock.getLockInfo()[0])
    return ", and was brought to the front" if process > 0 and call_to_front(process) else ""
