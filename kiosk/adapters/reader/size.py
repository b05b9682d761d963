"""How large a PNG or JPEG is, from its first bytes, before anything unpacks it."""

from __future__ import annotations

import struct

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"

# ITU-T T.81 table B.1: start-of-frame markers; C4, C8 and CC between them are other things.
FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # those that no length follows


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is neither PNG nor JPEG, or has none."""
    if data.startswith(PNG_START):
        size = _png_size(data)
    elif data.startswith(JPEG_START):
        size = _jpeg_size(data)
    else:
        return None
    return size if size and min(size) > 0 else None


def _png_size(data: bytes) -> tuple[int, int] | None:
    """From IHDR, which is the first chunk of every PNG (ISO/IEC 15948, 11.2.2)."""
    if len(data) < 24 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """From the first start-of-frame segment."""
    place = 2
    while place + 9 <= len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
        elif marker in FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        elif marker in BARE_MARKERS:
            place += 2
        else:
            place += 2 + int(struct.unpack_from(">H", data, place + 2)[0])
    return None
