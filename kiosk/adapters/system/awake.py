"""Keeps screen and PC awake while a door is open, by every way that the system has for it."""

from __future__ import annotations

import ctypes
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from PySide6.QtDBus import QDBusConnection, QDBusInterface, QDBusMessage

_log = logging.getLogger(__name__)
_WHO, _WHY = "Check-in kiosk", "A door is open"
_ANSWER_WITHIN = 1_000  # milliseconds for the desktop

# SetThreadExecutionState (winbase.h)
_ES_CONTINUOUS, _ES_SYSTEM, _ES_DISPLAY = 0x80000000, 0x00000001, 0x00000002


@contextmanager
def kept_awake() -> Iterator[tuple[str, ...]]:
    """From here to the end of `with`; yields the ways that worked, none of which is a must.

    What a killed program leaves behind goes with its process: the bus, systemd, the X server and
    Windows all lift what it asked for when it is gone.
    """
    with ExitStack() as ways:
        worked = []
        for name, begin in _WAYS.get(sys.platform, {}).items():
            with suppress(OSError):
                if (release := begin()) is not None:
                    ways.callback(release)
                    worked.append(name)
        _log.info("kept awake by: %s", ", ".join(worked) or "nothing")
        yield tuple(worked)


def _by_desktop() -> Callable[[], None] | None:
    """The idle inhibition of desktops (freedesktop.org), which shows also on Wayland."""
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    path = "/org/freedesktop/ScreenSaver"
    saver = QDBusInterface("org.freedesktop.ScreenSaver", path, "org.freedesktop.ScreenSaver", bus)
    saver.setTimeout(_ANSWER_WITHIN)
    reply = saver.call("Inhibit", _WHO, _WHY) if saver.isValid() else None
    if reply is None or reply.type() != QDBusMessage.MessageType.ReplyMessage:
        return None
    (cookie,) = reply.arguments()

    def release() -> None:
        saver.call("UnInhibit", cookie)

    return release


def _by_systemd() -> Callable[[], None] | None:
    """Neither idling nor sleep nor the lid (systemd-inhibit(1)), until a pipe of ours ends."""
    program = shutil.which("systemd-inhibit")
    if program is None:
        return None
    what = ("--what=idle:sleep:handle-lid-switch", "--mode=block", f"--who={_WHO}", f"--why={_WHY}")
    holder = subprocess.Popen(  # noqa: S603  # the system's own program, and `cat` under it
        [program, *what, "cat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def release() -> None:
        if holder.stdin is not None:
            with suppress(OSError):
                holder.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            holder.wait(1)
            return
        holder.kill()
        holder.wait()

    return release


def _by_x() -> Callable[[], None] | None:
    """No screen saver and no DPMS of an X server while we are connected: XScreenSaverSuspend."""
    x11, xss = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None

    def release() -> None:
        x11.XCloseDisplay(display)

    if not xss.XScreenSaverQueryExtension(display, *(ctypes.byref(ctypes.c_int()),) * 2):
        release()
        return None
    xss.XScreenSaverSuspend(display, 1)
    x11.XFlush(display)
    return release


def _by_windows() -> Callable[[], None] | None:
    if sys.platform == "win32":
        state = ctypes.windll.kernel32.SetThreadExecutionState
        if state(_ES_CONTINUOUS | _ES_SYSTEM | _ES_DISPLAY):
            return lambda: state(_ES_CONTINUOUS) and None
    return None


_WAYS: dict[str, dict[str, Callable[[], Callable[[], None] | None]]] = {
    "linux": {"desktop": _by_desktop, "systemd": _by_systemd, "X": _by_x},
    "win32": {"Windows": _by_windows},
}
