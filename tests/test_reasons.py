"""Every reason is explained once, with a remedy, and is produced by a test."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from kiosk.core.notes import MEANINGS, Note, meaning
from kiosk.core.reasons import EXPLANATIONS, Group, Reason, explain

TESTS = Path(__file__).parent


@cache
def named_in_tests() -> str:
    """All other tests."""
    files = sorted(TESTS.rglob("*.py"))
    return "\n".join(file.read_text("utf-8") for file in files if file != Path(__file__))


def is_named(member: Reason | Note) -> bool:
    return re.search(rf"\b{type(member).__name__}\.{member.name}\b", named_in_tests()) is not None


def test_every_reason_is_explained_and_nothing_else() -> None:
    assert set(EXPLANATIONS) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_a_group_a_meaning_and_a_remedy_in_whole_sentences(reason: Reason) -> None:
    explanation = explain(reason)
    assert isinstance(explanation.group, Group)
    for line in (explanation.meaning, explanation.remedy):
        assert re.fullmatch(r"[A-Z][^\n]{5,99}[.]", line)


@pytest.mark.parametrize("reason", Reason)
def test_the_code_of_a_reason_is_its_name(reason: Reason) -> None:
    assert reason.value == reason.name.lower()


@pytest.mark.parametrize("group", Group)
def test_every_reason_of_a_group_is_produced_by_a_test(group: Group) -> None:
    reasons = [reason for reason in Reason if explain(reason).group is group]
    assert reasons
    assert not [reason.name for reason in reasons if not is_named(reason)]


def test_every_tolerance_is_needed_by_a_test() -> None:
    assert not [note.name for note in Note if not is_named(note)]


def test_every_tolerance_is_told_in_one_sentence() -> None:
    assert set(MEANINGS) == set(Note)
    assert all(re.fullmatch(r"[A-Z][^\n]{5,79}[.]", meaning(note)) for note in Note)
