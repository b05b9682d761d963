"""Writes the pages of docs/ that are made from the code: `python docs/make.py`.

A test compares them, so that a page never tells of yesterday's code.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.core.decide import TABLE
from kiosk.core.reasons import Group, Note, Reason, explain

REASONS = Path(__file__).with_name("reasons.md")

_ANSWER = {
    Group.CERTIFICATE: "Refused",
    Group.OTHER_CODE: "Desk",
    Group.UNDECIDED: "Desk",
    Group.GUEST: "Desk",
}
_TITLES = {
    Group.CERTIFICATE: "About the certificate: refused, and never explained at a door",
    Group.OTHER_CODE: "Codes of another kind: the desk, named for staff",
    Group.UNDECIDED: "What the program cannot tell: the desk, with the remedy",
    Group.GUEST: "Badge, list, occasion, seat: the desk, with the remedy",
}


def reasons_page() -> str:
    """The page of answers, reasons and notes."""
    parts = ["# Answers and reasons\n\nMade by `python docs/make.py`; do not edit.\n"]
    parts.append(_table_of_answers())
    parts.extend(_group(group) for group in _TITLES)
    parts.append(_notes())
    return "\n".join(parts)


def _table_of_answers() -> str:
    rows = "\n".join(f"{number}. {row.name}" for number, row in enumerate(TABLE, start=1))
    return (
        "## The table of answers\n\nThe first row that applies decides (`kiosk/core/decide.py`); "
        f"when none does, the desk.\n\n{rows}\n"
    )


def _group(group: Group) -> str:
    rows = [
        f"| `{reason}` | {explain(reason).meaning} | {explain(reason).remedy} |"
        for reason in Reason
        if explain(reason).group is group
    ]
    head = "| code | meaning | remedy |\n|---|---|---|"
    return f"## {_TITLES[group]}\n\nAnswer: {_ANSWER[group]}.\n\n{head}\n" + "\n".join(rows) + "\n"


def _notes() -> str:
    codes = "\n".join(f"- `{note}`" for note in Note)
    return (
        "## Notes\n\nTolerances that a genuine certificate needed; `kiosk verify` shows them, and "
        f"they change no answer.\n\n{codes}\n"
    )


if __name__ == "__main__":
    REASONS.write_text(reasons_page(), encoding="utf-8")
