"""Cells that a spreadsheet would run as a formula, written so that it does not, and back.

A CSV file has no types: Excel and LibreOffice take a cell that begins with = + - @ for a formula
(OWASP, "CSV Injection", which adds tab and carriage return; the full-width forms where the system
is Japanese). An apostrophe before
it makes it a text.
"""

from __future__ import annotations

import re

_RUNS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def guarded(cell: str) -> str:
    """As it goes into a CSV file; `unguarded` gives it back as it was."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def is_guarded(cell: str) -> bool:
    """Whether `unguarded` would take an apostrophe away."""
    return bool(_GUARDED.match(cell))


def unguarded(cell: str) -> str:
    """A cell of a list without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if is_guarded(cell) else cell
