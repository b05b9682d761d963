"""Worked examples of an event's policy: proofs around its limits, really judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kiosk.core.hcert.dcc import COVID_19, NOT_DETECTED, EntryKind
from kiosk.core.policy.event import Event
from kiosk.core.policy.judge import Accepted, Policy
from kiosk.core.policy.words import NAMES

DETECTED = "260373001"  # SNOMED CT, value set test-result
OTHER_TEST = "LP0-0"  # of no value set

_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LONG = timedelta(days=400)  # as far as one looks for an end

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "negative": "{type} test, negative, sample of {when}",
        "positive": "{type} test, positive, sample of {when}",
        "other": "test of another type, negative, sample of {when}",
        "dose": "dose {dn} of {sd}, given on {when}",
        "recovery": "recovery, first positive test on {when}, valid {df} to {du}",
    },
    "fr": {
        "negative": "test {type}, négatif, prélèvement du {when}",
        "positive": "test {type}, positif, prélèvement du {when}",
        "other": "test d’un autre type, négatif, prélèvement du {when}",
        "dose": "dose {dn} sur {sd}, injectée le {when}",
        "recovery": "rétablissement, premier test positif le {when}, valable du {df} au {du}",
    },
}


# What the program's own rules do not read, and an organiser's may. Nobody real.
_HOLDER = {
    "ver": "1.3.0",
    "nam": {"fn": "Exemple", "gn": "Ana", "fnt": "EXEMPLE", "gnt": "ANA"},
    "dob": "1980-01-01",
}
_ISSUED = {"tg": COVID_19, "co": "FR", "is": "Example", "ci": "URN:UVCI:01:FR:EXAMPLE#1"}
_PRODUCT = {"vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215"}


@dataclass(frozen=True)
class Example:
    """A proof, in words and as rules see it; and where to look for the time that it counts."""

    kind: EntryKind
    words: str
    payload: Mapping[str, Any]
    begins: datetime
    ends: datetime
    step: timedelta


@dataclass(frozen=True)
class Span:
    """When a proof is accepted, first and last second; None where no end was found."""

    first: datetime
    last: datetime | None


def examples(event: Event, at: datetime, language: str) -> Iterator[Example]:
    """Proofs of the kinds that the event accepts, on both sides of its limits as of `at`."""
    made = _Maker(event, at, language)
    by_kind = {
        EntryKind.VACCINATION: made.vaccinations,
        EntryKind.TEST: made.tests,
        EntryKind.RECOVERY: made.recoveries,
    }
    for kind, make in by_kind.items():
        if kind in event.proofs.accepted:
            yield from make()


class _Maker:
    def __init__(self, event: Event, at: datetime, language: str) -> None:
        self._zone, self._limits = event.time_zone, event.proofs
        self._at = at.astimezone(UTC).replace(microsecond=0)
        self._today = event.local_date(at)
        self._words, self._names = _WORDS[language], NAMES[language]

    def tests(self) -> Iterator[Example]:
        oldest = self._at - self._limits.test_max_age
        kinds = sorted(self._limits.test_types) or [OTHER_TEST]
        for kind in kinds:
            yield self._test("negative", kind, oldest)
        yield self._test("negative", kinds[0], oldest - _SECOND)
        yield self._test("negative", kinds[0], self._at + _SECOND)
        yield self._test("positive", kinds[0], self._at - _HOUR)
        yield self._test("other", OTHER_TEST, self._at - _HOUR)

    def _test(self, key: str, kind: str, sampled_at: datetime) -> Example:
        local = sampled_at.astimezone(self._zone)
        when = local.strftime("%Y-%m-%d %H:%M:%S")
        words = self._words[key].format(type=self._names.get(kind, kind), when=when)
        result = DETECTED if key == "positive" else NOT_DETECTED
        statement = {**_ISSUED, "tt": kind, "sc": local.isoformat(), "tr": result}
        age = self._limits.test_max_age
        step = max(min(_HOUR, age / 4), age / 200) // _SECOND * _SECOND or _SECOND
        ends = sampled_at + age + 4 * step
        payload = {**_HOLDER, "t": [statement]}
        return Example(EntryKind.TEST, words, payload, sampled_at - 4 * step, ends, step)

    def vaccinations(self) -> Iterator[Example]:
        limits = self._limits
        for dose, doses, wait in (
            (2, 2, limits.after_course),
            (1, 1, limits.after_single_dose),
            (3, 3, limits.after_booster),
            (2, 1, limits.after_booster),
        ):
            yield self._dose(dose, doses, self._today - wait)
            yield self._dose(dose, doses, self._today - wait + _DAY)
        yield self._dose(1, 2, self._today - 60 * _DAY)

    def _dose(self, dose: int, doses: int, on: date) -> Example:
        words = self._words["dose"].format(dn=dose, sd=doses, when=on)
        statement = {**_ISSUED, **_PRODUCT, "dn": dose, "sd": doses, "dt": on.isoformat()}
        begins = self._midnight(on) - _DAY
        payload = {**_HOLDER, "v": [statement]}
        return Example(EntryKind.VACCINATION, words, payload, begins, begins + _LONG, 12 * _HOUR)

    def recoveries(self) -> Iterator[Example]:
        least, most = self._limits.recovery_from, self._limits.recovery_until
        own_end = self._today + 30 * _DAY
        for since in (least, most, least - _DAY, most + _DAY):
            yield self._recovery(self._today - since, own_end)
        between = _DAY * ((least + most) // _DAY // 2)
        yield self._recovery(self._today - between, self._today - _DAY)

    def _recovery(self, first: date, until: date) -> Example:
        valid_from = first + self._limits.recovery_from
        words = self._words["recovery"].format(when=first, df=valid_from, du=until)
        dates = {"fr": first, "df": valid_from, "du": until}
        statement = {**_ISSUED, **{key: day.isoformat() for key, day in dates.items()}}
        begins = self._midnight(first) - _DAY
        ends = begins + min(self._limits.recovery_until, _LONG) + 40 * _DAY
        payload = {**_HOLDER, "r": [statement]}
        return Example(EntryKind.RECOVERY, words, payload, begins, ends, 12 * _HOUR)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone).astimezone(UTC)


def accepted_spans(policy: Policy, example: Example) -> list[Span]:
    """When the rules accept `example`, found by asking them: step by step, then to the second."""

    def accepted(at: datetime) -> bool:
        return isinstance(policy.judge_payload(example.payload, at), Accepted)

    def refused(at: datetime) -> bool:
        return not accepted(at)

    spans: list[Span] = []
    first: datetime | None = None
    at = example.begins
    while at <= example.ends:
        if first is None and accepted(at):
            first = _first_second(accepted, at - example.step, at)
        elif first is not None and refused(at):
            last = _first_second(refused, at - example.step, at) - _SECOND
            spans.append(Span(first, last))
            first = None
        at += example.step
    return [*spans, Span(first, None)] if first is not None else spans


def _first_second(holds: Callable[[datetime], bool], low: datetime, high: datetime) -> datetime:
    """The first second after `low` from which on `holds` is true; it is at `high`.

    Both are whole seconds apart.
    """
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
