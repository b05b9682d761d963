"""The figures in words: tables for the page, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from tests.matching.habits import LIST_HABITS, Grade
from tests.matching.measure import FIRST, Figures, Tally

SCRIPTS = ("Latin", "Cyrillic", "Greek", "Armenian", "Georgian")
_HEAD = ("pairs", "with badge", "without", f"of the rest, among the first {FIRST}")


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them in one."""
    found = Tally()
    for tally in tallies:
        found.pairs += tally.pairs
        found.with_badge += tally.with_badge
        found.alone += tally.alone
        found.left += tally.left
        found.first += tally.first
    return found


def markdown(figures: Figures) -> str:
    """The tables of the page."""
    return "\n".join(_lines(figures)) + "\n"


def as_json(figures: Figures) -> dict[str, Any]:
    """Everything that was counted; no name."""
    content = asdict(figures)
    del content["undecided"]
    content["probable"] = {"right": figures.probable[True], "wrong": figures.probable[False]}
    content["wrong"] = {kind: list(counts) for kind, counts in figures.wrong.items()}
    return content


def _lines(figures: Figures) -> Iterator[str]:
    pairs = total(figures.by["all"].values())
    yield f"{pairs.pairs:,} pairs on a list of {figures.guests:,} guests.\n"
    yield "Names that the list has complete and as they are written, by script:\n"
    yield from _table("script", _in_order(figures.by["proper"], SCRIPTS))
    yield "\nAll pairs, with the slips of lists that are for people to look at:\n"
    yield from _table("script", _in_order(figures.by["all"], SCRIPTS))
    yield "\nBy what the list has, all scripts:\n"
    yield from _table("list", _in_order(figures.by["grade"], [grade.value for grade in Grade]))
    yield "\nBy what people who keep lists do:\n"
    habits = [name for _, _, name, _ in LIST_HABITS]
    yield from _rows("habit of the list", _in_order(figures.by["habit"], habits))
    yield "\nBy what issuers do (the list complete and as written):\n"
    by_share = sorted(figures.by["issuer"], key=lambda name: -figures.by["issuer"][name].pairs)
    yield from _rows("habit of the issuer", _in_order(figures.by["issuer"], by_share))
    yield "\nBy country (the list complete and as written):\n"
    yield from _rows("country", _in_order(figures.by["country"], sorted(figures.by["country"])))
    yield from _wrong(figures)
    yield from _candidates(figures)


def _in_order(tallies: Mapping[str, Tally], names: Iterable[str]) -> dict[str, Tally]:
    return {name: tallies[name] for name in names if name in tallies}


def _table(what: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    yield from _rows(what, {**tallies, "**total**": total(tallies.values())})


def _rows(what: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    yield f"| {what} | {' | '.join(_HEAD)} |"
    yield "|---" * (1 + len(_HEAD)) + "|"
    for name, tally in tallies.items():
        shares = _share(tally.with_badge, tally.pairs), _share(tally.alone, tally.pairs)
        first = f"{tally.first} of {tally.left}" if tally.left else "-"
        yield f"| {name} | {tally.pairs:,} | {' | '.join(shares)} | {first} |"


def _share(part: int, whole: int) -> str:
    """Rounded down, so that only all is 100 %."""
    return f"{1000 * part // whole / 10:.1f} %"


def _wrong(figures: Figures) -> Iterator[str]:
    yield (
        f"\nTaken for somebody else, on a list of {figures.crowded:,} on which relatives and near "
        "namesakes are too:\n"
    )
    yield "| whose certificate | asked | wrong |"
    yield "|---|---|---|"
    for kind, (wrong, asked) in figures.wrong.items():
        yield f"| {kind} | {asked:,} | {wrong} |"
    wrong, asked = (sum(counts) for counts in zip(*figures.wrong.values(), strict=True))
    yield f"| **total** | {asked:,} | {wrong} |"
    same = figures.namesakes
    yield (
        f"\nWhom no name tells apart: of {same.pairs:,} relatives who are not on the list and have "
        f"the family name and the first given name of somebody who is, {same.alone:,} were taken "
        f"for that guest by the certificate alone, {same.with_badge:,} with the guest's badge."
    )


def _candidates(figures: Figures) -> Iterator[str]:
    right, wrong = figures.probable[True], figures.probable[False]
    yield (
        f"\nOf {figures.strangers:,} strangers {_share(figures.strangers_near, figures.strangers)} "
        "come close to somebody; for "
        f"{_share(figures.strangers_probable, figures.strangers)} somebody is named as probable. "
        f"Of the {len(figures.undecided)} guests who were not decided without a badge {right} are "
        f"named as probable; for {wrong} it is somebody else."
    )
