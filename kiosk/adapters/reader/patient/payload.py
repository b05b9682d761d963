"""Whether what was made out of a doubtful picture is one of ours: it has to prove itself.

A code that an engine reads is what was printed. Here more is put right than an engine would dare,
so a text is given out only if it could be checked: a certificate that is compressed carries the
Adler-32 of its content (RFC 1950), and a badge is base45 as well.
"""

from __future__ import annotations

from kiosk.adapters.reader.ours import BADGE_PREFIX, is_ours
from kiosk.adapters.reader.zxing import text_of
from kiosk.core.hcert import base45
from kiosk.core.hcert.envelope import PREFIX as CERTIFICATE_PREFIX
from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.hcert.errors import DecodeError

_ZLIB = 0x78  # RFC 1950, 2.2: deflate with a window of 32 KiB


def text_of_ours(content: bytes) -> str | None:
    """The text of a certificate or a badge; None for anything else."""
    text = text_of(content)
    if not is_ours(text):
        return None
    data = base45.decode(text.removeprefix(CERTIFICATE_PREFIX).removeprefix(BADGE_PREFIX))
    if text.startswith(CERTIFICATE_PREFIX) and data[:1] == bytes([_ZLIB]):
        try:
            open_envelope(text)
        except DecodeError:
            return None
    return text


def text_of_any(content: bytes) -> str | None:
    """The text of whatever code; None for one of ours that does not prove itself, and for none."""
    text = text_of(content)
    claims = text.startswith((CERTIFICATE_PREFIX, BADGE_PREFIX))
    return text_of_ours(content) if claims else text or None
