"""Signs of life for whoever watches this process: systemd, or `kiosk keep`."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"  # sd_notify(3)
SCANNING = "STATUS=Scanning"  # the first picture of the camera was read; systemctl(1) shows it
KEPT = "KIOSK_KEPT"  # in the environment of a program that `kiosk keep` started

Tell = Callable[[str], None]


def lifesign(environment: MutableMapping[str, str] = os.environ) -> Tell:
    """What takes the words of sd_notify(3), and says them where somebody listens; it never fails.

    The address is taken out of the environment: no process that this one starts can use it.
    """
    address = environment.pop("NOTIFY_SOCKET", "")
    kept = environment.pop(KEPT, "")
    if address[:1] in ("/", "@") and hasattr(socket, "AF_UNIX"):
        return lambda word: _send(address, word)
    return _print if kept else lambda _: None


def _send(address: str, word: str) -> None:
    """One datagram; `@` stands for the zero byte of a socket without a file (unix(7))."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        out.sendto(word.encode(), "\0" + address[1:] if address[0] == "@" else address)


def _print(word: str) -> None:
    """A line to the pipe of `kiosk keep`; once that is gone, nobody is told any more."""
    with suppress(OSError, ValueError):
        sys.stdout.write(word + "\n")
        sys.stdout.flush()
