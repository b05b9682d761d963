"""Whether what was made out of a doubtful picture is one of ours: it has to prove itself.

A code that an engine reads is what was printed. Here more is put right than an engine would dare,
so a text is given out only if it could be checked: a certificate that is compressed carries the
Adler-32 of its content (RFC 1950), and a badge is base45 as well.
"""

from __future__ import annotations

import re
import zlib

from kiosk.adapters.reader.zxing import text_of
from kiosk.core.hcert import base45
from kiosk.core.hcert.errors import DecodeError

LARGEST = 16 * 1024  # bytes; as the verifier has it
_ZLIB = 0x78  # RFC 1950, 2.2: deflate with a window of 32 KiB
_OURS = re.compile(rb"(?:HC1:|B1:)[0-9A-Z $%*+\-./:]+")


def text_of_ours(content: bytes) -> str | None:
    """The text of a certificate or a badge; None for anything else."""
    if not _OURS.fullmatch(content):
        return None
    text = content.decode("ascii")
    try:
        data = base45.decode(text.partition(":")[2])
    except DecodeError:
        return None
    if text.startswith("HC1:") and data[:1] == bytes([_ZLIB]) and not _inflates(data):
        return None
    return text


def text_of_any(content: bytes) -> str | None:
    """The text of whatever code; None for one of ours that does not prove itself, and for none."""
    if content.startswith((b"HC1:", b"B1:")):
        return text_of_ours(content)
    return text_of(content) or None


def _inflates(data: bytes) -> bool:
    inflating = zlib.decompressobj()
    try:
        inflating.decompress(data, LARGEST)
    except zlib.error:
        return False
    return inflating.eof
