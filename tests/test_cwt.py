"""CWT claims: times that real issuers send, times that nobody may send, and the -260 claim."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cbor2 import CBORTag

from kiosk.core.hcert.claims import HealthClaims
from kiosk.core.hcert.cwt import parse
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason
from tests.certificates import refusal

IAT, EXP = 1_633_089_600, 1_664_625_600
LAST = 253_402_300_799  # 9999-12-31T23:59:59Z
DCC = {"ver": "1.3.0"}
CLAIMS: dict[int, Any] = {1: "FR", 6: IAT, 4: EXP, -260: {1: DCC}}


def read(changes: dict[int, Any]) -> HealthClaims:
    return parse(cbor2.dumps({**CLAIMS, **changes}))


def refused(changes: dict[int, Any]) -> Reason:
    return refusal(read, changes)


def without(*labels: int) -> bytes:
    return cbor2.dumps({label: value for label, value in CLAIMS.items() if label not in labels})


def test_the_claims_are_read() -> None:
    claims = read({})
    assert claims.issuer == "FR"
    assert claims.issued_at == datetime(2021, 10, 1, 12, tzinfo=UTC)
    assert claims.expires_at == claims.issued_at + timedelta(days=365)
    assert claims.dcc == DCC
    assert claims.notes == ()


@pytest.mark.parametrize("label", [4, 6])
def test_a_time_as_a_float_is_read_with_a_note(label: int) -> None:
    claims = read({label: float(CLAIMS[label])})
    assert (claims.issued_at, claims.expires_at) == (read({}).issued_at, read({}).expires_at)
    assert claims.notes == (Note.TIME_NOT_INTEGER,)


def test_two_floats_leave_one_note() -> None:
    assert read({4: EXP + 0.5, 6: IAT + 0.5}).notes == (Note.TIME_NOT_INTEGER,)


@pytest.mark.parametrize("label", [4, 6])
def test_a_time_under_tag_1_is_read(label: int) -> None:
    assert read({label: CBORTag(1, CLAIMS[label])}).expires_at == read({}).expires_at


NO_TIMES = [
    0, -1, 2**62, 2**64 - 1, -(2**62), LAST + 1, math.nan, math.inf, -math.inf, 1e300, 0.0, -0.5,
    True, False, "1664625600", "2022-10-01T12:00:00Z", b"", [], {},
]  # fmt: skip


@pytest.mark.parametrize("value", NO_TIMES, ids=repr)
@pytest.mark.parametrize("label", [4, 6])
def test_what_is_no_time_is_refused(label: int, value: object) -> None:
    assert refused({label: value}) is Reason.CLAIMS_MALFORMED


def test_the_last_second_of_the_calendar_is_a_time() -> None:
    assert read({4: LAST}).expires_at == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert read({6: 1}).issued_at == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


def test_a_certificate_without_an_end_is_refused() -> None:
    assert refusal(parse, without(4)) is Reason.CLAIMS_MALFORMED
    assert refused({4: None}) is Reason.CLAIMS_MALFORMED


def test_a_time_of_issue_may_be_absent_with_a_note() -> None:
    for claims in (parse(without(6)), read({6: None})):
        assert claims.issued_at is None
        assert claims.notes == (Note.ISSUED_AT_MISSING,)


def test_a_certificate_must_end_after_it_was_issued() -> None:
    assert read({6: EXP - 1}).expires_at
    assert refused({6: EXP}) is Reason.CLAIMS_MALFORMED
    assert refused({6: EXP + 1}) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize("issuer", ["FR", " FR ", "FR\n"], ids=repr)
def test_an_issuer_is_trimmed(issuer: str) -> None:
    assert read({1: issuer}).issuer == "FR"


@pytest.mark.parametrize("issuer", [None, 7, b"FR", ["FR"]], ids=repr)
def test_an_issuer_that_is_no_text_is_taken_for_absent(issuer: object) -> None:
    assert read({1: issuer}).issuer is None
    assert parse(without(1)).issuer is None


@pytest.mark.parametrize("claims", [[], None, "claims", b"", 7, [CLAIMS]], ids=repr)
def test_claims_that_are_no_map_are_refused(claims: object) -> None:
    assert refusal(parse, cbor2.dumps(claims)) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize("hcert", [None, [], "", 1, {}, {1: None}, {1: []}, {1: [DCC]}, {"1": DCC}])
def test_a_health_claim_without_an_eu_certificate_is_refused(hcert: object) -> None:
    assert refused({-260: hcert}) is Reason.CLAIMS_MALFORMED


def test_claims_without_a_health_claim_are_refused() -> None:
    assert refusal(parse, without(-260)) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize("label", [2, 3, 4, 5, -6])
def test_a_who_document_is_told_for_what_it_is(label: int) -> None:
    assert refused({-260: {label: {"n": "Garnier"}}}) is Reason.CODE_WHO


def test_an_eu_certificate_beside_a_who_document_is_read() -> None:
    assert read({-260: {1: DCC, -6: {}}}).dcc == DCC


def test_other_claims_are_left_alone() -> None:
    assert read({7: b"an id", 99: [1, {"a": None}]}).notes == ()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (cbor2.dumps(CLAIMS) + b"\0", Reason.CBOR_TRAILING_BYTES),
        (cbor2.dumps(CLAIMS)[:-1], Reason.CBOR_MALFORMED),
        (b"\xa2\x04\x1a\x63\x38\x2c\x00\x04\x01", Reason.CBOR_MALFORMED),  # the end twice
        (cbor2.dumps({**CLAIMS, 4: CBORTag(2, b"\x63\x38\x2c\x00")}), Reason.CBOR_TAG_REFUSED),
        (cbor2.dumps(CBORTag(61, CLAIMS)), Reason.CBOR_TAG_REFUSED),
    ],
    ids=["trailing", "cut", "duplicate", "bignum", "tagged"],
)
def test_a_payload_that_is_no_strict_cbor_is_refused(payload: bytes, reason: Reason) -> None:
    assert refusal(parse, payload) is reason


def test_claims_show_nothing_of_themselves() -> None:
    assert "1.3.0" not in repr(read({}))
