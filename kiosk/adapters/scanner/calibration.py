"""The calibration code: printed once, it teaches which keys a scanner presses for each letter.

Its letters and the order in which they come again are known. So whatever layout the scanner has,
its burst is recognised by which keys come again where, and is a table from keystroke to letter.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Final

from kiosk.adapters.files import FileRefusedError, read_file, write_whole
from kiosk.adapters.scanner.keystroke import Keystroke, Layout, Typed
from kiosk.core.hcert.base45 import ALPHABET

# In the words of the program, then every letter of base45 twice more: one that was lost or doubled
# on the way changes the pattern. 113 characters, a version 5 code at level M.
CALIBRATION: Final = f"KIOSK CALIBRATION CODE:{ALPHABET}{ALPHABET[22:]}{ALPHABET[:22]}"
FILE_NAME: Final = "scanner.json"
MAX_FILE: Final = 64 * 1024  # bytes; a table has some 2,000
_VERSION: Final = 1


def is_calibration(text: str) -> bool:
    """Whether a text is the calibration code's, read by something that needs no calibration."""
    return text == CALIBRATION


def learnt_from(typed: Sequence[Typed]) -> Layout | None:
    """The scanner's layout, where `typed` is the calibration code in any layout; else None.

    In any layout means: each letter is one keystroke, and no two letters are the same.
    """
    strokes = [each.stroke for each in typed]
    if _pattern(strokes) != _CALIBRATION_PATTERN:
        return None
    return _with_small_letters(zip(strokes, CALIBRATION, strict=True))


def _pattern(sequence: Iterable[Hashable]) -> list[int]:
    """For each place the number of the thing there, numbered in the order of first appearance."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(thing, len(numbers)) for thing in sequence]


_CALIBRATION_PATTERN: Final = _pattern(CALIBRATION)


def _with_small_letters(table: Iterable[tuple[Keystroke, str]]) -> Layout:
    """The table, and the small letters, which only Caps Lock makes a scanner press."""
    learnt = dict(table)
    for stroke, letter in list(learnt.items()):
        if letter.isalpha():
            learnt.setdefault(stroke._replace(shift=not stroke.shift), letter.lower())
    return learnt


class CalibrationFileError(Exception):
    """The file of what a scanner was learnt to press cannot be used; the message has the remedy."""


def save(folder: Path, layout: Layout) -> None:
    """Keep the table in a state folder, in the place of an older one. Raises OSError."""
    table = {letter: list(stroke) for stroke, letter in layout.items() if letter in ALPHABET}
    content = {"version": _VERSION, "keystrokes": table}
    write_whole(folder / FILE_NAME, json.dumps(content, indent=1).encode())


def load(folder: Path) -> Layout | None:
    """The table of a state folder; None where no scanner was calibrated.

    Raises CalibrationFileError.
    """
    path = folder / FILE_NAME
    try:
        return _parsed(read_file(path, MAX_FILE))
    except FileNotFoundError:
        return None
    except (OSError, FileRefusedError, ValueError, RecursionError) as error:
        unread = isinstance(error, OSError | FileRefusedError)
        why = f"cannot be read ({error})" if unread else "is damaged"
        raise CalibrationFileError(
            f"{path} {why}. Delete it, and scan the calibration code at the desk again."
        ) from None


def _parsed(data: bytes) -> Layout:
    """The table in the file's bytes. Raises ValueError."""
    match json.loads(data):
        case {"version": 1, "keystrokes": dict(table)} if set(table) == set(ALPHABET):
            strokes = {letter: _stroke(stroke) for letter, stroke in table.items()}
        case _:
            raise ValueError("no table of all letters")
    if len(set(strokes.values())) < len(strokes):
        raise ValueError("two letters on one key")
    return _with_small_letters((stroke, letter) for letter, stroke in strokes.items())


def _stroke(stroke: object) -> Keystroke:
    match stroke:
        case [int(key), bool(shift), bool(altgr)] if not isinstance(key, bool):
            return Keystroke(key, shift, altgr)
        case _:
            raise ValueError("no keystroke")
