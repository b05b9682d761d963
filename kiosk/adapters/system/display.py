"""Whether a screen answers, asked without Qt: Qt ends the program where none does."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108  # where X servers listen, by their own rule
X_PORT = 6000  # TCP, of display 0
TIMEOUT = 1.0  # seconds
_X_NAME = re.compile(r"(?P<host>[^:/]*|\[[0-9A-Fa-f:.]+\]):(?P<number>\d{1,5})(\.\d+)?", re.ASCII)


def is_named(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names a screen, dead or alive."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def answers(
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    x_sockets: Path = X_SOCKETS,
) -> bool:
    """Whether a window could be shown; only Linux runs without a screen."""
    if not platform.startswith("linux"):
        return True
    return _x_answers(environment.get("DISPLAY", ""), x_sockets) or _wayland_answers(
        environment.get("WAYLAND_DISPLAY", ""), environment.get("XDG_RUNTIME_DIR", "")
    )


def _x_answers(name: str, x_sockets: Path) -> bool:
    """`:0`, `unix:0` and `:0.0` are on this machine, `host:0` is reached over the network."""
    parts = _X_NAME.fullmatch(name)
    if parts is None:
        return False
    host, number = parts["host"].strip("[]"), int(parts["number"])
    if host not in ("", "unix"):
        return _listens_at_port(host, X_PORT + number)
    path = str(x_sockets / f"X{number}")
    return listens_at(path) or listens_at("\0" + path)


def _wayland_answers(name: str, runtime: str) -> bool:
    """A name within the runtime folder, or a path."""
    if not name or not (runtime or Path(name).is_absolute()):
        return False
    return listens_at(str(Path(runtime) / name))


def listens_at(address: str) -> bool:
    """A Unix socket; one that begins with a zero has no file."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(TIMEOUT)
            probe.connect(address)
    except (OSError, ValueError):
        return False
    return True


def _listens_at_port(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=TIMEOUT).close()
    except (OSError, OverflowError, UnicodeError):
        return False
    return True
