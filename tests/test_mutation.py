"""The score that `./run.sh mutate` prints."""

from __future__ import annotations

import pytest

from tests.mutation import main, report

RESULTS = [
    ("verify", "verify.x__mutmut_1", "killed"),
    ("verify", "verify.x__mutmut_2", "survived"),
    ("verify", "verify.x__mutmut_3", "timeout"),
    ("hcert.cbor", "hcert.cbor.x__mutmut_1", "no tests"),
]


def test_the_score_is_the_share_of_faults_that_the_tests_find() -> None:
    lines = report(RESULTS, name_survivors=False)
    assert [line.split() for line in lines[1:]] == [
        ["hcert.cbor", "1", "0", "0", "1", "0.0", "%"],
        ["verify", "3", "2", "1", "0", "66.7", "%"],
        ["all", "4", "2", "1", "1", "50.0", "%"],
    ]


def test_survivors_are_named_when_asked_for() -> None:
    lines = report(RESULTS, name_survivors=True)
    assert lines[-3:-1] == ["verify.x__mutmut_2", "hcert.cbor.x__mutmut_1"]


def test_a_module_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])
    assert ended.value.code == 2
    assert "no module kiosk.core.dance" in capsys.readouterr().err
