"""The rules of an event in words: each description with the event's limits filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from kiosk.core.policy.event import ProofLimits
from kiosk.core.policy.rule import Rule

LANGUAGES = ("en", "fr")
_PLACE = re.compile(r"\{([a-z_.]+)\}")
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_UNITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {"day": ("day", "days"), "hour": ("hour", "hours"), "minute": ("minute", "minutes")},
    "fr": {"day": ("jour", "jours"), "hour": ("heure", "heures"), "minute": ("minute", "minutes")},
}
NAMES: Mapping[str, Mapping[str, str]] = {  # of codes that stand in an event file
    "en": {"LP6464-4": "NAAT (PCR)", "LP217198-3": "rapid antigen"},
    "fr": {
        "LP6464-4": "TAAN (PCR)",
        "LP217198-3": "antigénique rapide",
        "recovery": "rétablissement",
    },
}
_JOIN = {"en": " or ", "fr": " ou "}


def in_words(rule: Rule, limits: ProofLimits, language: str) -> str:
    """What `rule` asks, in `language` or else in English, else its identifier."""
    text = rule.description.get(language) or rule.description.get("en") or rule.identifier
    told = limits_in_words(limits, language)
    return _PLACE.sub(lambda place: told.get(place[1], place[0]), text)


def places(rule: Rule) -> set[str]:
    """The names in braces of its descriptions."""
    return {place for text in rule.description.values() for place in _PLACE.findall(text)}


def limits_in_words(limits: ProofLimits, language: str) -> Mapping[str, str]:
    """Each limit by its key in the event file."""

    def listed(values: Iterable[str]) -> str:
        *first, last = (NAMES[language].get(value, value) for value in sorted(values))
        return _JOIN[language].join([", ".join(first), last] if first else [last])

    def days(length: timedelta) -> str:
        return _counted(length.days, "day", language)

    return {
        "proofs.accepted": listed(kind.value for kind in limits.accepted),
        "proofs.test.max_age": _length(limits.test_max_age, language),
        "proofs.test.types": listed(limits.test_types or {"-"}),
        "proofs.vaccination.after_course": days(limits.after_course),
        "proofs.vaccination.after_single_dose": days(limits.after_single_dose),
        "proofs.vaccination.after_booster": days(limits.after_booster),
        "proofs.recovery.from": days(limits.recovery_from),
        "proofs.recovery.until": days(limits.recovery_until),
    }


def _length(length: timedelta, language: str) -> str:
    if length % _HOUR:
        return _counted(length // _MINUTE, "minute", language)
    return _counted(length // _HOUR, "hour", language)


def _counted(number: int, unit: str, language: str) -> str:
    one, many = _UNITS[language][unit]
    # French counts 0 as one, English as many.
    singular = number == 1 or (language == "fr" and number == 0)
    return f"{number} {one if singular else many}"
