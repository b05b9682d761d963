"""A scheme that is a table of letters, with exceptions by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """letters: what each letter becomes.

    initial, final: what a word begins or ends with, where that is written otherwise.
    groups: letters that are written otherwise together. The first one that fits counts.
    """

    letters: Mapping[str, str]
    initial: Mapping[str, str] = field(default_factory=dict)
    final: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def covers(self, letters: frozenset[str]) -> bool:
        """Whether the alphabet has all of `letters`."""
        return letters <= self.letters.keys()

    def __call__(self, word: str) -> str:
        """The word in A-Z."""
        for end, written in self.final.items():
            if word.endswith(end):
                word = word.removesuffix(end) + written
                break
        for beginning, written in self.initial.items():
            if word.startswith(beginning):
                word = written + word.removeprefix(beginning)
                break
        for group, written in self.groups.items():
            word = word.replace(group, written)
        return "".join(self.letters.get(letter, letter) for letter in word)


def pairs(text: str) -> dict[str, str]:
    """A table from `А A Б B`; a dash stands for nothing."""
    words = iter(text.split())
    return {
        letter: "" if written == "-" else written
        for letter, written in zip(words, words, strict=True)
    }


def fitting(tables: tuple[Table, ...], letters: frozenset[str]) -> Iterator[Table]:
    """Those of `tables` whose alphabets have all of `letters`."""
    return (table for table in tables if table.covers(letters))
