"""Cuts the bytes of a serial scanner into texts."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from kiosk.adapters.scanner.keystroke import without_symbology
from kiosk.core.hcert.base45 import MAX_TEXT

_ENDS: Final = re.compile(rb"[\x02\x03\r\n]")  # scanners frame with CR, LF, both, or STX and ETX
_CONTROLS: Final = bytes(range(0x20)) + b"\x7f"


class Spoilt(Enum):
    """Why a text is dropped."""

    NOT_TEXT = auto()  # a byte beyond ASCII: another speed or parity, or a damaged cable
    TOO_LONG = auto()  # more than any QR code holds


class Framing:
    """Gathers bytes until a text is complete; never more than one text of the longest kind."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._overflown = False

    def feed(self, data: bytes) -> list[str | Spoilt]:
        """The texts that are complete with these bytes."""
        *complete, rest = _ENDS.split(data)
        texts = []
        for piece in complete:
            self._add(piece)
            texts += self.silence()
        self._add(rest)
        return texts

    def silence(self) -> list[str | Spoilt]:
        """What was begun is complete, since nothing follows: one text, or none."""
        gathered, self._begun = bytes(self._begun), bytearray()
        overflown, self._overflown = self._overflown, False
        if overflown:
            return [Spoilt.TOO_LONG]
        gathered = gathered.translate(None, _CONTROLS)
        if not gathered.isascii():
            return [Spoilt.NOT_TEXT]
        return [without_symbology(gathered.decode("ascii"))] if gathered else []

    @property
    def waiting(self) -> bool:
        """Whether something was begun."""
        return bool(self._begun) or self._overflown

    def forget(self) -> None:
        """What was begun will not be completed."""
        self._begun.clear()
        self._overflown = False

    def _add(self, piece: bytes) -> None:
        room = MAX_TEXT - len(self._begun)
        self._overflown = self._overflown or len(piece) > room
        self._begun += piece[:room]
