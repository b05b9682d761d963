"""The words of an event that a list may use: its occasions and its categories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.core.guests.known import plain

NO_OCCASION = "none"
_NONE = frozenset({NO_OCCASION, "aucun", "aucune", "no", "non", "-"})
_ALL = frozenset({"all", "tous", "toutes", "tout", "both", "les deux"})
# The same category by the words of both languages; the event file's own word is what counts.
_CATEGORIES = (
    frozenset({"speaker", "speakers", "intervenant", "intervenante", "orateur", "oratrice"}),
    frozenset({"press", "presse", "journalist", "journaliste", "media", "medias"}),
    frozenset({"crew", "staff", "equipe", "technique", "equipe technique"}),
)
_LONG = 3  # letters of a word that tells something


@dataclass(frozen=True)
class EventTerms:
    """What an event calls its parts. occasions: names by id. categories: of the event file."""

    occasions: Mapping[str, str]
    categories: tuple[str, ...]

    def category(self, value: str) -> str | None:
        """The event's own word for a category, None where it has none."""
        word = plain(value)
        own = {plain(category): category for category in self.categories}
        if word in own:
            return own[word]
        alike = next((words for words in _CATEGORIES if word in words), frozenset[str]())
        return next((category for bare, category in own.items() if bare in alike), None)

    def occasions_like(self, text: str) -> tuple[str, ...]:
        """Ids of the occasions that a text may name: by id or name, else by some of their words."""
        word = plain(text)
        exact = [id_ for id_, name in self.occasions.items() if word in (plain(id_), plain(name))]
        if exact or not any(len(part) >= _LONG for part in _words(text)):
            return tuple(exact)
        told = _words(text)
        return tuple(id_ for id_, name in self.occasions.items() if told <= _words(f"{id_} {name}"))

    def is_occasion(self, text: str) -> bool:
        """Whether a text is an occasion's id or whole name."""
        names = (*self.occasions, *self.occasions.values())
        return plain(text) in map(plain, names)

    def invited(self, value: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """The occasions in one cell, all of them for an empty one, and the words that name none.

        Forms write several answers with commas between them, and names may have commas too.
        """
        rest = plain(value)
        if rest in _ALL or not rest:
            return frozenset(self.occasions), ()
        if rest in _NONE:
            return frozenset(), ()
        found, unknown = set[str](), list[str]()
        for label, occasion in self._labels():
            rest, times = re.subn(rf"(?<![\w-]){re.escape(label)}(?![\w-])", ";", rest)
            found.update([occasion] if times else ())
        for word in filter(None, re.split(r"\s*[,;|+/]\s*", rest)):
            ids = self.occasions_like(word)
            found.update(ids if len(ids) == 1 else ())
            unknown.extend([word] if len(ids) != 1 else ())
        return frozenset(found), tuple(unknown)

    def _labels(self) -> list[tuple[str, str]]:
        """Ids and whole names with the id, the longest first."""
        both = [(plain(text), id_) for id_, name in self.occasions.items() for text in (id_, name)]
        return sorted(both, key=lambda label: -len(label[0]))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", plain(text)))
