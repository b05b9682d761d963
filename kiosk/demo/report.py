"""The demonstration's table: what happened and why, for a terminal and for a file."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from kiosk.demo.runner import Outcome, answered_names

_HEAD = ("", "who", "shown", "at", "expected", "answer", "ms", "why")


def line(number: int, total: int, outcome: Outcome) -> str:
    """One line of progress."""
    step = outcome.step
    sign = "ok " if outcome.as_expected else "NOT"
    answer = _answer(outcome)
    return f"[{number:2}/{total}] {sign} {step.who}: {step.shows} ({step.station}) → {answer}"


def table(outcomes: Sequence[Outcome]) -> str:
    """All outcomes in columns."""
    rows = [_HEAD, *(_row(outcome) for outcome in outcomes)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(text.rstrip() for text in [lines[0], "-" * len(lines[0]), *lines[1:]])


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The same with the pictures, as a page."""
    head = "| " + " | ".join((*_HEAD, "picture")) + " |\n" + "|---" * (len(_HEAD) + 1) + "|\n"
    rows = []
    for outcome in outcomes:
        name = outcome.picture.name if outcome.picture else ""
        rows.append("| " + " | ".join((*_row(outcome), f"[{name}]({name})")) + " |\n")
    return f"# The demonstration\n\n{summary(outcomes)}\n\n{head}{''.join(rows)}"


def summary(outcomes: Sequence[Outcome]) -> str:
    """The result in a sentence."""
    good = sum(1 for outcome in outcomes if outcome.as_expected)
    times = [o.milliseconds for o in outcomes if o.milliseconds is not None]
    typical = f", answer {median(times):.0f} ms in the median" if times else ""
    return f"{good} of {len(outcomes)} answers as expected{typical}."


def _row(outcome: Outcome) -> tuple[str, ...]:
    step = outcome.step
    time = "" if outcome.milliseconds is None else f"{outcome.milliseconds:.0f}"
    return (
        "✓" if outcome.as_expected else "✗",
        step.who,
        step.shows,
        step.station,
        answered_names(step.expected),
        _answer(outcome),
        time,
        step.why,
    )


def _answer(outcome: Outcome) -> str:
    if outcome.not_done is not None:
        return f"not done ({outcome.not_done})"
    if outcome.admission is None:
        return "none"
    reasons = ", ".join(outcome.admission.reasons)
    return answered_names(outcome.admission.shown) + (f" ({reasons})" if reasons else "")
