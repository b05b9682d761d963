"""What goes over the pipe between the program and its reader's process.

The reader's side handles whatever people hold before a camera, so its replies are taken for data
from outside: bounded, JSON, and checked field by field. Nothing of them is ever unpickled.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from kiosk.desk.ports import CodeSeen, Hint, Point, Sighting

MAX_CODES = 8  # of one frame; at a door more than two are one too many already
MAX_TEXT = 7_089  # characters: a version 40 code at level L, digits alone (ISO/IEC 18004 Table 7)
MAX_STAGE = 40  # characters
MAX_REPLY = 256 * 1024  # bytes; the codes above in UTF-8, with room for their corners
FARTHEST = 10_000.0  # pixels from the frame's corner; a code may reach beyond its frame

READY = b"ready"  # the first thing that a warm reader says
_REQUEST = struct.Struct("<HH")
_COMPLAINT = re.compile(r"[A-Za-z_,: ]{1,100}", re.ASCII)  # no digits: no text of a certificate


class Reply(NamedTuple):
    """What a reader says about a frame, and what it complains of."""

    sighting: Sighting
    complaints: tuple[str, ...] = ()


def request(height: int, width: int) -> bytes:
    """Read the frame of that many pixels which lies in the shared block."""
    return _REQUEST.pack(height, width)


def size_of(data: bytes) -> tuple[int, int]:
    """Height and width of the frame that a request is about."""
    height, width = _REQUEST.unpack(data)
    return height, width


def written(reply: Reply) -> bytes:
    """The reply as it goes over the pipe."""
    sighting = reply.sighting
    codes = [
        [code.text, [[float(x), float(y)] for x, y in code.corners], code.stage]
        for code in sighting.codes[:MAX_CODES]
    ]
    told = [codes, sighting.something_there, sighting.hint, reply.complaints]
    return json.dumps(told, ensure_ascii=False).encode("utf-8")


def read(data: bytes, scale: float = 1.0) -> Reply:
    """The reply in `data`, to a frame that had been made smaller by `scale`.

    Raises ValueError, which holds nothing of the reply, where it is not exactly such a one.
    """
    try:
        codes, there, hint, complaints = json.loads(data.decode("utf-8"), parse_constant=_refuse)
        sighting = Sighting(_codes(codes, scale), _truth(there), hint and Hint(hint))
        return Reply(sighting, _plain(complaints))
    except (ValueError, TypeError, RecursionError):
        raise ValueError("no reply of a reader") from None


def _truth(told: object) -> bool:
    if not isinstance(told, bool):
        raise TypeError
    return told


def _codes(told: Sequence[Sequence[object]], scale: float) -> tuple[CodeSeen, ...]:
    if len(told) > MAX_CODES:
        raise ValueError
    return tuple(_code(text, corners, stage, scale) for text, corners, stage in told)


def _code(text: object, corners: object, stage: object, scale: float) -> CodeSeen:
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise ValueError
    if not isinstance(stage, str) or len(stage) > MAX_STAGE or not isinstance(corners, list):
        raise ValueError
    one, two, three, four = (_point(x, y, scale) for x, y in corners)
    return CodeSeen(text, (one, two, three, four), stage)


def _point(x: object, y: object, scale: float) -> Point:
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        raise TypeError
    if not (abs(x) <= FARTHEST and abs(y) <= FARTHEST):
        raise ValueError
    return x / scale, y / scale


def _plain(complaints: Sequence[object]) -> tuple[str, ...]:
    """Those that can hold nothing of a frame or a code."""
    return tuple(
        each for each in complaints if isinstance(each, str) and _COMPLAINT.fullmatch(each)
    )


def _refuse(constant: str) -> NoReturn:
    """NaN and infinities are no JSON."""
    raise ValueError(constant)
