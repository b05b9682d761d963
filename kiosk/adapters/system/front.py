"""Bring this program's window to the front, on the wish of one that was started a second time."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

_SW_RESTORE = 9  # ShowWindow


def call_to_front(process: int) -> bool:
    """Ask the program that has this number to come to the front; whether it could be asked.

    It has to be one that listens (`on_call`): others of POSIX systems end by that signal.
    """
    if sys.platform == "win32":
        return _show_windows_of(process)
    try:
        os.kill(process, signal.SIGUSR1)
    except OSError:
        return False
    return True


def on_call(come: Callable[[], None]) -> None:
    """Call `come` when a second start asks for it; on Windows that one does it by itself."""
    if sys.platform != "win32":

        def called(_number: int, _frame: FrameType | None) -> None:
            come()

        signal.signal(signal.SIGUSR1, called)


def _show_windows_of(process: int) -> bool:
    """Windows lets the program that the user has just started hand the front to another."""
    shown: list[int] = []
    if sys.platform == "win32":
        user32 = ctypes.windll.user32

        def show(window: int, _: int) -> bool:
            owner, handle = ctypes.c_ulong(), ctypes.c_void_p(window)
            user32.GetWindowThreadProcessId(handle, ctypes.byref(owner))
            if owner.value == process and user32.IsWindowVisible(handle):
                user32.ShowWindow(handle, _SW_RESTORE)
                user32.SetForegroundWindow(handle)
                shown.append(window)
            return True

        kind = ctypes.WINFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)
        user32.EnumWindows(kind(show), 0)
    return bool(shown)
