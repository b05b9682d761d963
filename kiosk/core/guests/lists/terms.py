"""The words of an event that a list may use: its occasions and its categories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

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
_REMARK = re.compile(r"\([^)]*\)")
_DAY = re.compile(r"\b\d{1,2}[/.]\d{1,2}\b", re.ASCII)
_FILLERS = frozenset(
    {"attending", "attend", "attends", "attendance", "present", "presente", "presence", "le", "la"}
    | {"participe", "participera", "participation", "i", "will", "je", "on", "the", "au", "a", "de"}
)
_MONTHS = (
    *(("january", "janvier", "jan", "janv"), ("february", "fevrier", "feb", "fev", "fevr")),
    *(("march", "mars", "mar"), ("april", "avril", "apr", "avr"), ("may", "mai")),
    *(("june", "juin", "jun"), ("july", "juillet", "jul", "juil"), ("august", "aout", "aug")),
    *(("september", "septembre", "sep", "sept"), ("october", "octobre", "oct")),
    *(("november", "novembre", "nov"), ("december", "decembre", "dec")),
)
_WEEKDAYS = (
    *(("monday", "lundi", "mon", "lun"), ("tuesday", "mardi", "tue"), ("wednesday", "mercredi")),
    *(("thursday", "jeudi", "thu", "jeu"), ("friday", "vendredi", "fri", "ven")),
    *(("saturday", "samedi", "sat", "sam"), ("sunday", "dimanche", "sun", "dim")),
)

_MORNING = frozenset({"morning", "matin", "matinee", "am"})
_AFTERNOON = frozenset({"afternoon", "apres", "midi", "pm"})  # "apres-midi" is two words
_NOON, _AFTER_LUNCH = time(12), time(14)


@dataclass(frozen=True)
class EventTerms:
    """What an event calls its parts.

    occasions: names by id. categories: of the event file. days: of occasions, by id, and halves the
    parts of the day that they fill (`half_days`).
    """

    occasions: Mapping[str, str]
    categories: tuple[str, ...]
    days: Mapping[str, date] = field(default_factory=dict)
    halves: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def category(self, value: str) -> str | None:
        """The event's own word for a category, None where it has none."""
        word = plain(value)
        own = {plain(category): category for category in self.categories}
        if word in own:
            return own[word]
        alike = next((words for words in _CATEGORIES if word in words), frozenset[str]())
        return next((category for bare, category in own.items() if bare in alike), None)

    def occasions_like(self, text: str) -> tuple[str, ...]:
        """Ids of the occasions that a text may name: by id or name, else by some of their words.

        Their days count as such words, in English and French.
        """
        word = plain(text)
        exact = [id_ for id_, name in self.occasions.items() if word in (plain(id_), plain(name))]
        told = _words(_REMARK.sub(" ", text)) - _FILLERS
        if exact or not (any(len(part) >= _LONG for part in told) or _DAY.search(text)):
            return tuple(exact)
        return tuple(id_ for id_ in self.occasions if told <= self._words_of(id_))

    def _words_of(self, occasion: str) -> set[str]:
        words = _words(f"{occasion} {self.occasions[occasion]}")
        if day := self.days.get(occasion):
            words |= {str(day.day), str(day.month), *_MONTHS[day.month - 1]}
            words |= set(_WEEKDAYS[day.weekday()])
        return words | self.halves.get(occasion, frozenset())

    def on_day(self, text: str) -> tuple[str, ...]:
        """Ids of the occasions whose day, as 22/11, stands in a text."""
        named = {tuple(map(int, re.split("[/.]", day))) for day in _DAY.findall(text)}
        return tuple(id_ for id_, day in self.days.items() if (day.day, day.month) in named)

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

    def names_occasions(self, value: str) -> bool:
        """Whether the id or the whole name of an occasion stands in a cell."""
        text = plain(value)
        return any(
            re.search(rf"(?<![\w-]){re.escape(label)}(?![\w-])", text)
            for label, _ in self._labels()
        )

    def _labels(self) -> list[tuple[str, str]]:
        """Ids and whole names with the id, the longest first."""
        both = [(plain(text), id_) for id_, name in self.occasions.items() for text in (id_, name)]
        return sorted(both, key=lambda label: -len(label[0]))


def half_days(opens: time, closes: time) -> frozenset[str]:
    """The words for morning and afternoon that fit an occasion of these hours."""
    morning = _MORNING if opens < _NOON else frozenset[str]()
    return morning | (_AFTERNOON if max(opens, closes) >= _AFTER_LUNCH else frozenset[str]())


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", plain(text)))
