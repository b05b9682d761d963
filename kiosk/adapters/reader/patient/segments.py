"""From the data codewords of a QR code to its text: ISO/IEC 18004:2015, 7.4."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.core.hcert.base45 import ALPHABET

_END, _NUMERIC, _LETTERS, _BYTES, _ECI = 0, 1, 2, 4, 7  # mode indicators (table 2)
# Bits of the character count by version (table 3): up to 9, up to 26, up to 40.
_COUNTS = {_NUMERIC: (10, 12, 14), _LETTERS: (9, 11, 13), _BYTES: (8, 16, 16)}


class _Bits:
    """Bits from the front; ValueError beyond the end."""

    def __init__(self, data: bytes) -> None:
        self._value, self.left = int.from_bytes(data), 8 * len(data)

    def take(self, count: int) -> int:
        if count > self.left:
            raise ValueError("a code ends within a segment")
        self.left -= count
        return self._value >> self.left & (1 << count) - 1


def content_of(data: bytes, version: int) -> bytes:
    """The bytes that the data codewords of a symbol say.

    Raises:
        ValueError: a segment is broken, or of a kind that no certificate or badge has.

    """
    bits = _Bits(data)
    content = b""
    while bits.left >= 4 and (mode := bits.take(4)) != _END:
        if mode == _ECI:  # 7.4.2.2: what follows is in that character set; ASCII is in all
            if bits.take(8) & 0x80:
                raise ValueError("a character set with a long number")
            continue
        if mode not in _COUNTS:
            raise ValueError("a segment of another kind")
        count = bits.take(_COUNTS[mode][(version > 9) + (version > 26)])
        content += bytes(_SEGMENTS[mode](bits, count))
    return content


def _numeric(bits: _Bits, count: int) -> Iterator[int]:
    """Three digits in 10 bits, two in 7, one in 4 (7.4.3)."""
    for done in range(0, count, 3):
        digits = min(3, count - done)
        value = bits.take((0, 4, 7, 10)[digits])
        if value >= 10**digits:
            raise ValueError("no decimal digits")
        yield from f"{value:0{digits}}".encode("ascii")


def _letters(bits: _Bits, count: int) -> Iterator[int]:
    """Two letters of 45 in 11 bits, one in 6 (7.4.4); table 5 numbers them as base45 does."""
    for done in range(0, count, 2):
        pair = count - done > 1
        value = bits.take(11 if pair else 6)
        high, low = divmod(value, 45)
        if high >= (45 if pair else 1):
            raise ValueError("no letters")
        if pair:
            yield ord(ALPHABET[high])
        yield ord(ALPHABET[low])


def _bytes(bits: _Bits, count: int) -> Iterator[int]:
    return (bits.take(8) for _ in range(count))


_SEGMENTS = {_NUMERIC: _numeric, _LETTERS: _letters, _BYTES: _bytes}
