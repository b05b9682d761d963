"""The official vectors, where they lie beside the checkout (`python -m tests.conformance`)."""

from __future__ import annotations

import pytest

from tests.conformance.__main__ import Result, main, report, run
from tests.conformance.known import KNOWN
from tests.conformance.pictures import count_pictures
from tests.conformance.vectors import CHECKS, vectors
from tests.shared import ACCEPTANCE, DATA, VECTORS, german_list, needs_data

pytestmark = needs_data


@pytest.fixture(scope="module")
def result() -> Result:
    return run(VECTORS)


def test_every_disagreement_with_the_official_vectors_is_known(result: Result) -> None:
    assert result.unknown == []
    assert result.gone == []


def test_every_check_is_asked_of_many_vectors(result: Result) -> None:
    assert result.vectors == len(list(vectors(VECTORS)))
    assert all(result.asked[check] > 200 for check in CHECKS)


@pytest.mark.parametrize(
    "check", ["UNPREFIX", "B45DECODE", "COMPRESSION", "DECODE", "PICTUREDECODE"]
)
def test_no_vector_is_read_or_decoded_otherwise_than_expected(result: Result, check: str) -> None:
    assert result.agreed[check] == result.asked[check]


def test_no_signature_but_those_of_p384_is_judged_otherwise_than_expected(result: Result) -> None:
    differing = [name for name, check in result.disagreements if check == "VERIFY"]
    assert all(name.startswith("ES/2DCode/raw/40") for name in differing)


def test_the_report_names_every_disagreement_with_its_reason(result: Result) -> None:
    lines = report(result)
    for place, said in result.disagreements.items():
        assert f"{place[0]} {place[1]}: {said}; {KNOWN[place]}" in lines


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_every_official_picture_is_read_and_its_certificate_decoded() -> None:
    counts = count_pictures(DATA / "dcc-quality-assurance", german_list(ACCEPTANCE))
    assert counts["read"] == counts["decoded"] == counts["pictures"] > 200
    assert counts["signature_invalid"] == counts["algorithm_mismatch"] == 0
    assert counts["key_weak"] == 2
    assert counts["dcc_malformed"] == 1  # a vaccination in month 17
    assert counts["verified"] > 190


def test_the_command_needs_the_folder_of_the_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == main([str(DATA / "absent")]) == 2
    assert "PATH_TO_dgc-testdata" in capsys.readouterr().err
