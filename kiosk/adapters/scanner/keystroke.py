"""What a scanner that plays keyboard presses, and the text that it means by it.

Such a scanner knows the keys of one keyboard layout, mostly the American one, and the computer
takes them for those of its own: on a French PC `HC1:` arrives as `HC&M`. What survives is the place
of each key and whether Shift or AltGr was held. The text is found again from that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kiosk.core.guests.badge import is_badge
from kiosk.core.hcert.base45 import ALPHABET
from kiosk.core.hcert.envelope import is_certificate, other_code
from kiosk.core.reasons import Reason


class Keystroke(NamedTuple):
    """A key by its place, and what was held with it.

    key: its code in Linux' input-event-codes.h, which is that of PC scan code set 1 in the main
    block; the negative of Qt's key where the platform tells no place.
    """

    key: int
    shift: bool = False
    altgr: bool = False


@dataclass(frozen=True, repr=False)
class Typed:
    """One keystroke, and the character that this computer made of it; empty for a dead key."""

    stroke: Keystroke
    character: str = ""


Layout = Mapping[Keystroke, str]

# The rows of the American keyboard: the code of the first key, the keys, and the keys with Shift.
_ROWS: Final = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
_NUMBER_PAD: Final = {
    **{71 + place: digit for place, digit in enumerate("789-456+1230.")},
    55: "*", 98: "/",
}  # fmt: skip

# ISO/IEC 15424: a scanner may be set to say first that what follows was a QR code.
_SYMBOLOGY = re.compile(r"\]Q[0-6]")


def _american() -> dict[Keystroke, str]:
    layout = {Keystroke(key): digit for key, digit in _NUMBER_PAD.items()}
    for first, plain, shifted in _ROWS:
        for place, (lower, upper) in enumerate(zip(plain, shifted, strict=True)):
            layout[Keystroke(first + place)] = lower
            layout[Keystroke(first + place, shift=True)] = upper
    return layout


US: Final[Layout] = _american()
PRINTABLE: Final = frozenset(stroke.key for stroke in US)  # the keys that write something


def text_of(typed: Sequence[Typed], learnt: Layout | None = None) -> str:
    """What the scanner read: the first reading of its keys that is a code we know.

    As this computer took the keys; as an American keyboard would have; as this scanner was
    learnt to press them. Where none of these is a code that we know, it is the first one.
    """
    taken = "".join(each.character for each in typed)
    layouts = [US] if learnt is None else [US, learnt]
    readings = [taken, *(_read(typed, layout) for layout in layouts)]
    # With Caps Lock on, the computer or the scanner exchanges small and capital letters.
    readings += [reading.swapcase() for reading in readings]
    readings = [without_symbology(reading) for reading in readings]
    return _first(_is_ours, readings) or _first(_is_known, readings) or readings[0]


def without_symbology(text: str) -> str:
    """The text without the mark of ISO/IEC 15424 that it is from a QR code, where it has one."""
    return _SYMBOLOGY.sub("", text, count=1) if text.startswith("]Q") else text


def _read(typed: Iterable[Typed], layout: Layout) -> str:
    """The text in another layout; empty where it has no character for one of the keys."""
    characters = [layout.get(each.stroke, "") for each in typed]
    return "".join(characters) if all(characters) else ""


def _first(fits: Callable[[str], bool], readings: Iterable[str]) -> str:
    return next(filter(fits, readings), "")


def _is_ours(text: str) -> bool:
    return (is_certificate(text) or is_badge(text)) and not set(text).difference(ALPHABET)


def _is_known(text: str) -> bool:
    return bool(text) and other_code(text) is not Reason.CODE_UNKNOWN
