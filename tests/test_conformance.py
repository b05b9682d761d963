"""The official vectors, where they lie beside the checkout (`python -m tests.conformance`)."""

from __future__ import annotations

import json

import pytest

from tests.conformance.__main__ import main, report
from tests.conformance.checks import CHECKS
from tests.conformance.pictures import Pictures, examine, look_beside
from tests.conformance.run import ISSUERS, Result, run
from tests.shared import ACCEPTANCE, DATA, VECTORS, german_list, needs_data

pytestmark = needs_data

# A difference here is a fault of this program, but for the curve that is refused on purpose.
WITHOUT_DEVIATION = [
    "EXPECTEDPICTUREDECODE",
    "EXPECTEDUNPREFIX",
    "EXPECTEDB45DECODE",
    "EXPECTEDCOMPRESSION",
    "EXPECTEDEXPIRATIONCHECK",
]


@pytest.fixture(scope="module")
def result() -> Result:
    return run(VECTORS)


def test_every_deviation_from_the_official_vectors_is_explained(result: Result) -> None:
    assert result.unexplained == []
    assert result.unreadable == []


def test_every_check_is_asked_of_many_vectors(result: Result) -> None:
    assert result.vectors == len(list(VECTORS.rglob("raw/*.json")))
    assert all(result.total[key] > 200 for key in CHECKS)
    assert set(result.not_asked) == {"EXPECTEDPICTUREDECODE"}  # those have no picture
    assert set(ISSUERS) < set(result.not_covered)


@pytest.mark.parametrize("key", WITHOUT_DEVIATION)
def test_no_vector_is_read_or_timed_otherwise_than_expected(result: Result, key: str) -> None:
    assert result.agree[key] == result.total[key]


def test_no_signature_but_those_of_p384_is_judged_otherwise_than_expected(result: Result) -> None:
    differing = [one for one in result.deviations if one.key == "EXPECTEDVERIFY"]
    assert {one.reason for one in differing} <= {"key_weak"}
    assert all(one.vector.startswith("ES/2DCode/raw/40") for one in differing)


def test_the_report_names_every_deviation_with_its_reason(result: Result) -> None:
    text = "\n".join(report(result))
    for one in result.deviations:
        assert f"{one.vector} {one.key}: " in text
        assert one.known
        assert one.known in text


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_every_official_picture_is_read_and_each_exception_has_its_reason() -> None:
    found = examine(DATA / "dcc-quality-assurance", german_list(ACCEPTANCE))
    assert found.read == found.pictures > 200
    assert found.verified + len(found.exceptions) == found.pictures
    reasons = [exception["reason"] for exception in found.exceptions]
    assert set(reasons) == {"signer_unknown", "key_weak", "dcc_malformed", "signer_not_yet_valid"}
    assert reasons.count("key_weak") == 2
    assert reasons.count("dcc_malformed") == 1  # a vaccination in month 17
    not_accepted = reasons.count("key_weak") + reasons.count("signer_unknown")
    assert found.signature_accepted == found.pictures - not_accepted


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_the_command_prints_the_same_as_json(
    result: Result, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(VECTORS), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    pictures = look_beside(VECTORS)
    assert isinstance(pictures, Pictures)
    assert printed == {**result.as_json(), "pictures": pictures.as_json()}
    assert main([str(VECTORS)]) == 0
    assert f"{result.vectors} vectors" in capsys.readouterr().out
