"""The table of `python -m tests.strictness`, row by row."""

from __future__ import annotations

import pytest

from tests.strictness import Case, answer, controls, main, negatives


@pytest.mark.parametrize("case", list(controls()), ids=lambda case: case.name)
def test_what_the_standards_allow_is_accepted(case: Case) -> None:
    assert answer(case) == ()


@pytest.mark.parametrize("case", list(negatives()), ids=lambda case: case.name)
def test_what_has_one_flaw_is_not_accepted_for_it(case: Case) -> None:
    assert answer(case) == (case.flaw,)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    printed = capsys.readouterr().out
    assert printed.endswith("27 of 27 as expected\n")
    assert len(list(controls())) == 4
