"""What a webcam is asked for beyond its name: size, format, light and focus; and how it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SIZE = re.compile(r"(\d{2,5})[x×X](\d{2,5})", re.ASCII)


class Coding(StrEnum):
    """How a webcam codes its pictures."""

    MJPEG = "mjpeg"  # all that fits through USB 2 at 1080p; costs some milliseconds a frame
    YUYV = "yuyv"
    NV12 = "nv12"


class Torch(StrEnum):
    """The light of a camera."""

    ON = "on"
    OFF = "off"
    AUTO = "auto"


@dataclass(frozen=True)
class Wishes:
    """What is wished for; None leaves it to the program or to the webcam.

    size: width and height in pixels. focus: None; "auto"; or 0.0 (nearest) to 1.0 (farthest).
    """

    size: tuple[int, int] | None = None
    coding: Coding | None = None
    torch: Torch | None = None
    focus: str | float | None = None


NONE = Wishes()


def size_of(text: str) -> tuple[int, int]:
    """Width and height of "1280x720". Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no resolution; write 1280x720")
    return int(match[1]), int(match[2])


def focus_of(text: str) -> str | float:
    """The focus of "auto" or "0.3". Raises ValueError."""
    if text == "auto":
        return text
    try:
        distance = float(text)
    except ValueError:
        distance = -1.0
    if not 0.0 <= distance <= 1.0:  # nan fails too
        raise ValueError(f"{text!r} is no focus; write auto, or 0.0 (nearest) to 1.0 (farthest)")
    return distance
