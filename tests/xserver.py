"""An X server of a test's own, and hands that type on it as a keyboard would (XTEST)."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CLIENT_MESSAGE = 33  # X.h
_WORDS = ctypes.c_long * 24  # as long as an XEvent


def has_xserver() -> bool:
    """Whether a server and the libraries of its hands are here."""
    with suppress(OSError):
        ctypes.CDLL("libX11.so.6")
        ctypes.CDLL("libXtst.so.6")
        return shutil.which("Xvfb") is not None
    return False


@contextmanager
def xserver(size: str = "1280x800x24") -> Iterator[str]:
    """The name of its display."""
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        with os.fdopen(read) as told:
            name = f":{told.readline().strip()}"
        try:
            yield name
        finally:
            server.terminate()


class Keyboard:
    """Types on a display, by the names of keysymdef.h."""

    def __init__(self, display: str) -> None:
        self._x, self._test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XStringToKeysym.restype = ctypes.c_ulong
        self._x.XInternAtom.restype = ctypes.c_ulong
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))

    def press(self, *names: str) -> None:
        """Hold keys down, in this order."""
        self._type(names, down=True)

    def release(self, *names: str) -> None:
        """Let them go."""
        self._type(names, down=False)

    def chord(self, *names: str) -> None:
        """Press together and let go."""
        self.press(*names)
        self.release(*reversed(names))

    def ask_windows_to_close(self) -> int:
        """As a window manager does for Alt+F4 or a cross (ICCCM 4.2.8.1); how many were asked."""
        protocols, delete = (self._atom(name) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
        windows = self._windows()
        for window in windows:
            event = _WORDS()
            event[0], event[4], event[5], event[6], event[7] = (
                _CLIENT_MESSAGE, window, protocols, 32, delete,
            )  # fmt: skip
            self._x.XSendEvent(self._display, ctypes.c_ulong(window), 0, 0, ctypes.byref(event))
        self._x.XSync(self._display, 0)
        return len(windows)

    def _windows(self) -> list[int]:
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        unused, count = ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self._x.XQueryTree(
            self._display, root, ctypes.byref(unused), ctypes.byref(unused),
            ctypes.byref(children), ctypes.byref(count),
        )  # fmt: skip
        return [children[number] for number in range(count.value)]

    def _atom(self, name: bytes) -> int:
        return int(self._x.XInternAtom(self._display, name, 0))

    def _type(self, names: tuple[str, ...], *, down: bool) -> None:
        for name in names:
            symbol = ctypes.c_ulong(self._x.XStringToKeysym(name.encode()))
            code = self._x.XKeysymToKeycode(self._display, symbol)
            self._test.XTestFakeKeyEvent(self._display, code, int(down), 0)
        self._x.XSync(self._display, 0)
