"""Base45 (RFC 9285), decoded strictly and all groups at once.

Three letters c, d, e are the number c + 45 d + 2025 e, and that number is two bytes. Instead of one
group after the other, the values of all letters are taken as one long integer in which each group
has a lane of 24 bits: three masks and two multiplications then work on every lane together. No lane
can run into the next, as the largest group (44, 44, 44) has 17 bits.
"""

from __future__ import annotations

from typing import Final

from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MAX_TEXT: Final = 4_296  # characters; ISO 18004, alphanumeric capacity of version 40-L

_NO_LETTER = 0xFF
_VALUES = bytes(
    ALPHABET.find(chr(code)) if chr(code) in ALPHABET else _NO_LETTER for code in range(256)
)
_LOW_BYTES = int.from_bytes(b"\x00\x00\xff" * (MAX_TEXT // 3))  # of each lane
_OVERFLOWS = _LOW_BYTES << 16  # what a lane holds beyond two bytes


def decode(text: str) -> bytes:
    """The bytes in `text`, of MAX_TEXT characters at most. Raises DecodeError(BASE45_INVALID).

    Nothing is stripped: the space is a letter.
    """
    values = text.encode("ascii", "replace").translate(_VALUES)  # "?" is no letter, either
    rest = len(values) % 3
    if rest == 1 or len(values) > MAX_TEXT or _NO_LETTER in values:
        raise DecodeError(Reason.BASE45_INVALID)
    whole = len(values) - rest
    lanes = int.from_bytes(values[:whole])
    numbers = (
        (lanes >> 16 & _LOW_BYTES) + 45 * (lanes >> 8 & _LOW_BYTES) + 2025 * (lanes & _LOW_BYTES)
    )
    if numbers & _OVERFLOWS:
        raise DecodeError(Reason.BASE45_INVALID)
    decoded = bytearray(numbers.to_bytes(whole))
    del decoded[::3]  # the empty byte above the two of each lane
    if rest:
        last = values[-2] + 45 * values[-1]
        if last > 0xFF:
            raise DecodeError(Reason.BASE45_INVALID)
        decoded.append(last)
    return bytes(decoded)
