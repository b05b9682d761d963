"""Rules in words, and examples whose times are found by judging them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from kiosk.core.hcert import dcc
from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.policy.event import Event
from kiosk.core.policy.examples import Span, accepted_spans, examples
from kiosk.core.policy.explain import Worked, explanation, spans_in_words, worked_examples
from kiosk.core.policy.judge import Accepted, NotAccepted, Policy, Undecided
from kiosk.core.policy.parameters import EVENT_PARAMETERS
from kiosk.core.policy.remarks import remarks_on
from kiosk.core.policy.words import LANGUAGES, in_words, limits_in_words, places
from tests.certificates import AT
from tests.door import policy, rules, saint_ouen
from tests.rules import check_words, document, made

SECOND = timedelta(seconds=1)


def event_with(**limits: Any) -> Event:
    return replace(saint_ouen(), proofs=replace(saint_ouen().proofs, **limits))


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_has_words_in_every_language(language: str) -> None:
    told = limits_in_words(saint_ouen().proofs, language)
    assert set(told) == {parameter.limit for parameter in EVENT_PARAMETERS.values()} - {""}
    for rule in rules():
        words = in_words(rule, saint_ouen().proofs, language)
        assert "{" not in words
        assert places(rule) <= set(told)


@pytest.mark.parametrize(
    ("limit", "value", "english", "french"),
    [
        ("test_max_age", timedelta(hours=72), "72 hours", "72 heures"),
        ("test_max_age", timedelta(hours=1), "1 hour", "1 heure"),
        ("test_max_age", timedelta(minutes=90), "90 minutes", "90 minutes"),
        ("after_booster", timedelta(), "0 days", "0 jour"),
        ("after_booster", timedelta(1), "1 day", "1 jour"),
        ("recovery_until", timedelta(183), "183 days", "183 jours"),
        ("test_types", frozenset({"LP6464-4"}), "NAAT (PCR)", "TAAN (PCR)"),
        ("test_types", frozenset({"b", "a", "c"}), "a, b or c", "a, b ou c"),
        ("test_types", frozenset[str](), "-", "-"),
        ("accepted", frozenset({EntryKind.RECOVERY}), "recovery", "rétablissement"),
    ],
)
def test_limits_in_words(limit: str, value: Any, english: str, french: str) -> None:
    limits = event_with(**{limit: value}).proofs
    assert english in limits_in_words(limits, "en").values()
    assert french in limits_in_words(limits, "fr").values()


def test_a_rule_without_words_in_a_language_is_told_in_english_or_by_its_name() -> None:
    limits = saint_ouen().proofs
    english, german = made(
        document(Identifier="TR-XX-0001"),
        document(Identifier="TR-XX-0002", Description=[{"lang": "de", "desc": "Nein."}]),
    )
    assert in_words(english, limits, "fr") == "The result is negative."
    assert in_words(german, limits, "fr") == "TR-XX-0002"
    (odd,) = made(document(Description=[{"lang": "en", "desc": "{proofs.test.max_age} {other}"}]))
    assert in_words(odd, limits, "en") == "72 hours {other}"


# Examples


@cache
def at_opening(language: str = "en") -> dict[str, Worked]:
    worked = worked_examples(saint_ouen(), policy(), AT, language)
    return {one.example.words: one for one in worked}


def test_every_rule_but_the_general_ones_refuses_an_example() -> None:
    refused = {rule for one in at_opening().values() for rule in one.rules}
    named = {rule.identifier for rule in rules()}
    # Implausible doses come from no issuer; a booster's limit of none refuses nobody.
    assert refused == named - {"GR-ZZ-0001", "VR-ZZ-0001", "VR-ZZ-0006"}


def test_a_test_counts_from_its_sample_for_as_long_as_the_event_says() -> None:
    worked = at_opening()["NAAT (PCR) test, negative, sample of 2021-11-19 09:00:00"]
    assert worked.judgement == Accepted()
    assert worked.spans == [Span(AT - timedelta(hours=72), AT)]
    older = at_opening()["rapid antigen test, negative, sample of 2021-11-19 08:59:59"]
    assert older.rules == ("TR-ZZ-0004",)
    assert older.spans == [Span(AT - timedelta(hours=72) - SECOND, AT - SECOND)]


def test_a_positive_test_never_counts() -> None:
    worked = at_opening("fr")[
        "test antigénique rapide, positif, prélèvement du 2021-11-22 08:00:00"
    ]
    assert isinstance(worked.judgement, NotAccepted)
    assert worked.spans == []


def test_a_course_counts_from_midnight_of_the_venue_without_end() -> None:
    worked = at_opening()["dose 2 of 2, given on 2021-11-15"]
    assert worked.spans == [Span(datetime(2021, 11, 21, 23, tzinfo=UTC), None)]


def test_a_recovery_counts_until_the_last_second_of_a_day() -> None:
    worked = at_opening()[
        "recovery, first positive test on 2021-05-23, valid 2021-06-03 to 2021-12-22"
    ]
    begins = datetime(2021, 6, 2, 22, tzinfo=UTC)  # midnight in summer time
    assert worked.spans == [Span(begins, datetime(2021, 11, 22, 22, 59, 59, tzinfo=UTC))]


@pytest.mark.parametrize("age", [timedelta(seconds=7), timedelta(minutes=30), timedelta(days=3000)])
def test_times_are_found_for_limits_of_any_length(age: timedelta) -> None:
    event = event_with(test_max_age=age)
    own = Policy(event.proofs, event.time_zone, rules())
    example = next(e for e in examples(event, AT, "en") if e.kind is EntryKind.TEST)
    assert accepted_spans(own, example) == [Span(AT - age, AT)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_a_certificate_as_issuers_write_it(language: str) -> None:
    for example in examples(saint_ouen(), AT, language):
        written = dcc.parse(dict(example.payload))
        assert (written.kind, written.notes) == (example.kind, ())
        assert written.payload == example.payload


def test_only_kinds_that_the_event_accepts_have_examples() -> None:
    event = event_with(accepted=frozenset({EntryKind.TEST}), test_types=frozenset())
    assert {example.kind for example in examples(event, AT, "en")} == {EntryKind.TEST}


def test_a_proof_may_count_twice() -> None:
    spans = [Span(AT, AT + SECOND), Span(AT + 3 * SECOND, None)]
    assert spans_in_words(spans, saint_ouen(), "en") == (
        "counts from 2021-11-22 09:00:00 to 2021-11-22 09:00:01; "
        "counts from 2021-11-22 09:00:03, as long as the certificate is valid"
    )
    gap = {"before": [{"plusTime": [{"var": "external.event.today"}, 0, "day"]}] * 2}
    hour = "external.validationClock"
    lunch = {
        "if": [
            {
                "after": [
                    {"plusTime": ["2021-11-20T11:00:00Z", 0, "hour"]},
                    {"plusTime": [{"var": hour}, 0, "hour"]},
                ]
            },
            True,
            {
                "after": [
                    {"plusTime": [{"var": hour}, 0, "hour"]},
                    {"plusTime": ["2021-11-20T13:00:00Z", 0, "hour"]},
                ]
            },
        ]
    }
    own = made(document(Logic=lunch, AffectedFields=[]))
    two = Policy(saint_ouen().proofs, saint_ouen().time_zone, (*rules(), *own))
    example = next(e for e in examples(saint_ouen(), AT, "en") if e.kind is EntryKind.TEST)
    first, second = accepted_spans(two, example)
    assert first.last == datetime(2021, 11, 20, 10, 59, 59, tzinfo=UTC)
    assert second == Span(datetime(2021, 11, 20, 13, 0, 1, tzinfo=UTC), AT)
    never = made(document(Logic=gap, AffectedFields=[]))
    assert accepted_spans(Policy(saint_ouen().proofs, saint_ouen().time_zone, never), example) == []


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "TR-ZZ-0004  At most 72 hours have passed since the sample was taken.",
                "Examples on 2021-11-22 09:00 (Europe/Paris)",
                "accepted – dose 2 of 2, given on 2021-11-15",
                "refused (TR-ZZ-0001) – rapid antigen test, positive",
                "never counts",
            ],
        ),
        (
            "fr",
            [
                "TR-ZZ-0004  Le prélèvement remonte à 72 heures au plus.",
                "Exemples le 2021-11-22 09:00 (Europe/Paris)",
                "refusé (TR-ZZ-0001) – test antigénique rapide, positif",
                "ne compte jamais",
            ],
        ),
    ],
)
def test_the_explanation_has_rules_and_examples(language: str, lines: list[str]) -> None:
    told = "\n".join(explanation(saint_ouen(), policy(), AT, language))
    for line in lines:
        assert line in told


def test_a_rule_that_stays_open_is_told_as_the_desk() -> None:
    broken = made(document(Logic={"+": ["", 1]}, AffectedFields=[]))
    own = Policy(saint_ouen().proofs, saint_ouen().time_zone, broken)
    worked = [one for one in worked_examples(saint_ouen(), own, AT, "en") if one.rules]
    assert {type(one.judgement) for one in worked} == {Undecided}
    told = "\n".join(explanation(saint_ouen(), own, AT, "en"))
    assert "for the desk (TR-XX-0001) – " in told
    assert "Every proof" not in told


# Remarks


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"Logic": {"!": [{"var": "external.clock"}]}}, "nothing is known that tells"),
        ({"Description": [{"lang": "en", "desc": "{max_age}"}]}, "{max_age} in its description"),
        ({"EngineVersion": "1.4.0"}, "an engine later than 1.3.3"),
    ],
)
def test_what_is_odd_in_a_sound_rule_is_remarked(changes: dict[str, Any], remark: str) -> None:
    (rule,) = made(document(AffectedFields=[], **{"Logic": True, **changes}))
    (found,) = remarks_on(rule)
    assert (found.hinders, found.where) == (False, "TR-XX-0001")
    assert remark in found.problem
    check_words(found)


@pytest.mark.parametrize(
    "path", ["valueSets.x.0", "region", "countryCode", "kid", "event.today", "validationClock"]
)
def test_what_countries_and_events_tell_is_not_odd(path: str) -> None:
    (rule,) = made(document(Logic={"!": [{"var": f"external.{path}"}]}, AffectedFields=[]))
    assert list(remarks_on(rule)) == []
