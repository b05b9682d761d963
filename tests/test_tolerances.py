"""Each thing that is tolerated, with the note it leaves; each thing that is not, with its reason.

One row for each line of what a verifier should allow and refuse: specifications, the practice of
official verifiers, and what real certificates were seen to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from cbor2 import CBORTag
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Issuer, make_issuer, text_of
from tests.certificates import (
    AT,
    ISSUED,
    claims,
    code_of,
    parts,
    put_together,
    raw_dcc,
    reason_of,
    signer,
    trust,
)

KID = signer().kid
BOTH = {1: -7, 4: KID}


@dataclass(frozen=True)
class Case:
    """A text, and the list that it is verified with."""

    text: str
    trust: TrustList


def signed(made: dict[Any, Any]) -> Case:
    return Case(signer().sign(made), trust(signer()))


def statement(group: str = "v", **changes: Any) -> Case:
    return signed(claims(group, **changes))


def dcc(group: str = "v", **changes: Any) -> Case:
    return signed({**claims(group), -260: {1: {**raw_dcc(group), **changes}}})


def named(**changes: Any) -> Case:
    return dcc(nam={**raw_dcc()["nam"], **changes})


def message(protected: object, unprotected: dict[int, Any]) -> Case:
    header = protected if isinstance(protected, bytes) else cbor2.dumps(protected)
    return Case(signer().sign_message(header, unprotected, GOOD), trust(signer()))


def under_kid(kid: bytes) -> Case:
    text = signer().sign(claims(), kid)
    return Case(text, trust_list_of([Row(signer().certificate, kid, "FR")], "a list"))


def of(issuer: Issuer, named: str | None = None) -> Case:
    return Case(issuer.sign({**claims(), 1: named or issuer.country}), trust(issuer))


def without(label: int) -> Case:
    return signed({key: value for key, value in claims().items() if key != label})


def lax_issuer() -> Issuer:
    """A signer whose basic constraints write out the default, which DER forbids."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "FI")])
    lax = x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.19"), bytes.fromhex("3003010100"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ISSUED - timedelta(days=30))
        .not_valid_after(ISSUED + timedelta(days=700))
        .add_extension(lax, critical=False)
        .sign(key, SHA256())
    )
    return Issuer(key, certificate.public_bytes(Encoding.DER), "FI")


GOOD = cbor2.dumps(claims())
TEXT = signer().sign(claims())
NOON = "2021-11-21T12:00:00Z"
NOON_IN_SECONDS = 1_637_496_000

TOLERATED: dict[str, tuple[Callable[[], Case], tuple[Note, ...]]] = {
    "nothing to tolerate": (lambda: statement(), ()),
    "untagged": (
        lambda: Case(text_of(cbor2.dumps(parts(signer()))), trust(signer())),
        (Note.COSE_UNTAGGED,),
    ),
    "61(18)": (
        lambda: Case(text_of(b"\xd8\x3d" + open_envelope(TEXT)), trust(signer())),
        (Note.COSE_CWT_TAGGED,),
    ),
    "algorithm unprotected": (
        lambda: message({4: KID}, {1: -7}),
        (Note.ALGORITHM_UNPROTECTED,),
    ),
    "kid unprotected": (lambda: message({1: -7}, {4: KID}), (Note.KID_UNPROTECTED,)),
    "both unprotected": (
        lambda: message(b"", BOTH),
        (Note.ALGORITHM_UNPROTECTED, Note.KID_UNPROTECTED),
    ),
    "kid of a British key": (lambda: under_kid(b"wprdkey1"), (Note.KID_NOT_HASH,)),
    "kid of 6 bytes": (lambda: under_kid(b"Key3RE"), (Note.KID_NOT_HASH,)),
    "kid of 32 bytes": (lambda: under_kid(bytes(32)), (Note.KID_NOT_HASH,)),
    "signer not in DER": (lambda: of(lax_issuer()), (Note.SIGNER_NOT_DER,)),
    "time of issue as a float": (
        lambda: signed({**claims(), 6: claims()[6] + 0.5}),
        (Note.TIME_NOT_INTEGER,),
    ),
    "end as a float": (
        lambda: signed({**claims(), 4: float(claims()[4])}),
        (Note.TIME_NOT_INTEGER,),
    ),
    "end under tag 1": (
        lambda: signed({**claims(), 4: CBORTag(1, claims()[4])}),
        (Note.DATE_TAGGED,),
    ),
    "dose numbers as floats": (lambda: statement(dn=2.0, sd=2.0), (Note.NUMBER_NOT_INTEGER,)),
    "sc under tag 0": (lambda: statement("t", sc=CBORTag(0, NOON)), (Note.DATE_TAGGED,)),
    "sc under tag 1": (
        lambda: statement("t", sc=CBORTag(1, NOON_IN_SECONDS)),
        (Note.DATE_TAGGED,),
    ),
    "sc under tag 1 as a float": (
        lambda: statement("t", sc=CBORTag(1, NOON_IN_SECONDS + 0.25)),
        (Note.DATE_TAGGED,),
    ),
    "dt under tag 1004": (lambda: statement(dt=CBORTag(1004, "2021-06-15")), (Note.DATE_TAGGED,)),
    "fr, df, du under tag 1004": (
        lambda: statement(
            "r", **{key: CBORTag(1004, "2021-09-01") for key in ("fr", "df")},
            du=CBORTag(1004, "2022-03-01"),
        ),
        (Note.DATE_TAGGED,),
    ),
    "dob under tag 1004": (lambda: dcc(dob=CBORTag(1004, "1980-01-01")), (Note.DATE_TAGGED,)),
    "dt under tag 0, with a time": (
        lambda: statement(dt=CBORTag(0, "2021-06-15T00:00:00Z")),
        (Note.DATE_TAGGED, Note.DATE_REPAIRED),
    ),
    "null groups": (lambda: dcc(t=None, r=None), (Note.NULL_GROUP,)),
    "null field of the statement": (lambda: statement(ma=None), (Note.NULL_FIELD,)),
    "null field that is optional": (lambda: statement("t", nm=None), (Note.NULL_FIELD,)),
    "null name": (lambda: named(gnt=None), (Note.NULL_FIELD,)),
    "null birth date": (lambda: dcc(dob=None), (Note.NULL_FIELD, Note.BIRTH_DATE_PARTIAL)),
    "spaces behind a code": (lambda: statement(mp="EU/1/20/1528 "), (Note.TEXT_TRIMMED,)),
    "spaces before a name": (lambda: named(fn="  Garnier"), (Note.TEXT_TRIMMED,)),
    "spaces around a date": (lambda: statement(dt=" 2021-06-15 "), (Note.TEXT_TRIMMED,)),
    "spaces around the issuer": (lambda: signed({**claims(), 1: " FR "}), (Note.TEXT_TRIMMED,)),
    "birth date of a year": (lambda: dcc(dob="1963"), (Note.BIRTH_DATE_PARTIAL,)),
    "birth date of a month": (lambda: dcc(dob="1963-01"), (Note.BIRTH_DATE_PARTIAL,)),
    "birth date 1963-00": (lambda: dcc(dob="1963-00"), (Note.BIRTH_DATE_PARTIAL,)),
    "birth date 1963-00-00": (lambda: dcc(dob="1963-00-00"), ()),
    "birth date empty": (lambda: dcc(dob=""), (Note.BIRTH_DATE_PARTIAL,)),
    "birth date with a time": (lambda: dcc(dob="1963-01-01T00:00:00"), (Note.DATE_REPAIRED,)),
    "date with a time": (lambda: statement(dt="2021-06-15T00:00:00"), (Note.DATE_REPAIRED,)),
    "sc without seconds": (lambda: statement("t", sc="2021-11-21T12:00Z"), (Note.DATE_REPAIRED,)),
    "sc without a zone": (lambda: statement("t", sc="2021-11-21T12:00:00"), (Note.ZONE_MISSING,)),
    "sc with +0200": (
        lambda: statement("t", sc="2021-11-21T14:00:00+0200"),
        (Note.DATE_REPAIRED,),
    ),
    "a field more at the top": (lambda: dcc(extra=1), (Note.FIELDS_UNKNOWN,)),
    "a field more in the name": (lambda: named(middle="X"), (Note.FIELDS_UNKNOWN,)),
    "a field more in the statement": (lambda: statement(new="X"), (Note.FIELDS_UNKNOWN,)),
    "a claim more": (lambda: signed({**claims(), 7: b"id"}), ()),
    "version 1.9.0": (lambda: dcc(ver="1.9.0"), (Note.VERSION_UNKNOWN,)),
    "no version": (lambda: dcc(ver=None), (Note.VERSION_UNKNOWN,)),
    "issuer CNAM": (lambda: signed({**claims(), 1: "CNAM"}), (Note.COUNTRY_ALIAS,)),
    "issuer UK": (lambda: of(make_issuer("GB"), "UK"), (Note.COUNTRY_ALIAS,)),
    "issuer EL": (lambda: of(make_issuer("GR"), "EL"), (Note.COUNTRY_ALIAS,)),
    "issuer of another country": (lambda: of(make_issuer("FR"), "NC"), (Note.ISSUER_DIFFERS,)),
    "issuer absent": (lambda: without(1), (Note.ISSUER_MISSING,)),
    "issuer empty": (lambda: signed({**claims(), 1: " "}), (Note.ISSUER_MISSING,)),
    "issuer no text": (lambda: signed({**claims(), 1: 7}), (Note.ISSUER_MISSING,)),
    "time of issue absent": (lambda: without(6), (Note.ISSUED_AT_MISSING,)),
    "wrong checksum of the identifier": (lambda: statement(ci="URN:UVCI:01:FR:X#Q"), ()),
    "no identifier": (lambda: statement(ci=None), (Note.NULL_FIELD,)),
    "indefinite lengths": (
        lambda: Case(
            signer().sign_message(cbor2.dumps(BOTH), {}, b"\xbf" + GOOD[1:] + b"\xff"),
            trust(signer()),
        ),
        (),
    ),
    "header not in its shortest form": (
        lambda: message(bytes.fromhex("a2 1801 26 1804 58 08") + KID, {}),
        (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLERATED)
def test_what_is_tolerated_is_verified_with_its_note(name: str) -> None:
    make, notes = TOLERATED[name]
    case = make()
    result = Verifier(case.trust).verify(case.text, AT)
    assert isinstance(result, Verified), reason_of(result)
    assert result.notes == notes


def payload(data: bytes) -> Case:
    return Case(signer().sign_message(cbor2.dumps(BOTH), {}, data), trust(signer()))


def weak() -> Case:
    issuer = make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505  # meant
    return of(issuer)


INSIDE = open_envelope(TEXT)
FUTURE_DAY = (AT + timedelta(days=1)).date()

REFUSED: dict[str, tuple[Callable[[], Case], Reason]] = {
    "prefix missing": (lambda: Case(TEXT[4:], trust(signer())), Reason.CODE_UNKNOWN),
    "prefix in lower case": (lambda: Case("hc1:" + TEXT[4:], trust(signer())), Reason.CODE_UNKNOWN),
    "not compressed": (lambda: Case(code_of(INSIDE), trust(signer())), Reason.NOT_COMPRESSED),
    "base45 in lower case": (
        lambda: Case("HC1:" + TEXT[4:].lower(), trust(signer())),
        Reason.BASE45_INVALID,
    ),
    "no kid": (lambda: message({1: -7}, {}), Reason.KID_MISSING),
    "wrong kid protected, right one not": (
        lambda: message({1: -7, 4: b"nobody's"}, {4: KID}),
        Reason.SIGNER_UNKNOWN,
    ),
    "algorithm EdDSA": (lambda: message({1: -8, 4: KID}, {}), Reason.ALGORITHM_UNSUPPORTED),
    "algorithm of another key": (lambda: message({1: -37, 4: KID}, {}), Reason.ALGORITHM_MISMATCH),
    "RSA of 1024 bits": (weak, Reason.KEY_WEAK),
    "a header that must be understood": (
        lambda: message({**BOTH, 2: [-65_537], -65_537: 1}, {}),
        Reason.HEADER_CRITICAL,
    ),
    "such a header without its label": (
        lambda: message({**BOTH, 2: ["unknown"]}, {}),
        Reason.HEADER_CRITICAL,
    ),
    "a label that must be understood and is absent": (
        lambda: message({4: KID, 2: [1]}, {1: -7}),
        Reason.HEADER_CRITICAL,
    ),
    "crit that names nothing": (lambda: message({**BOTH, 2: []}, {}), Reason.HEADER_CRITICAL),
    "crit that is no list": (lambda: message({**BOTH, 2: 1}, {}), Reason.HEADER_CRITICAL),
    "crit with a map inside": (lambda: message({**BOTH, 2: [{}]}, {}), Reason.HEADER_CRITICAL),
    "crit unprotected": (lambda: message(BOTH, {2: [4]}), Reason.HEADER_CRITICAL),
    "two groups": (lambda: dcc(t=raw_dcc("t")["t"]), Reason.STATEMENTS_NOT_ONE),
    "two entries": (lambda: dcc(v=raw_dcc()["v"] * 2), Reason.STATEMENTS_NOT_ONE),
    "no entry": (lambda: dcc(v=[]), Reason.STATEMENTS_NOT_ONE),
    "no group": (lambda: dcc(v=None), Reason.STATEMENTS_NOT_ONE),
    "no end": (lambda: without(4), Reason.CLAIMS_MALFORMED),
    "end true": (lambda: signed({**claims(), 4: True}), Reason.CLAIMS_MALFORMED),
    "end NaN": (lambda: signed({**claims(), 4: float("nan")}), Reason.CLAIMS_MALFORMED),
    "end infinite": (lambda: signed({**claims(), 4: float("inf")}), Reason.CLAIMS_MALFORMED),
    "end huge": (lambda: signed({**claims(), 4: 2**62}), Reason.CLAIMS_MALFORMED),
    "end huge under tag 1": (
        lambda: signed({**claims(), 4: CBORTag(1, 1e300)}),
        Reason.CLAIMS_MALFORMED,
    ),
    "end before 1970": (lambda: signed({**claims(), 4: -1}), Reason.CLAIMS_MALFORMED),
    "end before the issue": (
        lambda: signed({**claims(), 4: claims()[6] - 1}),
        Reason.CLAIMS_MALFORMED,
    ),
    "issued true": (lambda: signed({**claims(), 6: True}), Reason.CLAIMS_MALFORMED),
    "issued tomorrow": (
        lambda: signed({**claims(), 6: int(AT.timestamp()) + 86_400}),
        Reason.ISSUED_IN_FUTURE,
    ),
    "bytes behind the message": (
        lambda: Case(text_of(INSIDE + b"\0"), trust(signer())),
        Reason.CBOR_TRAILING_BYTES,
    ),
    "bytes behind the payload": (lambda: payload(GOOD + b"\0"), Reason.CBOR_TRAILING_BYTES),
    "a key twice": (
        lambda: payload(b"\xa5" + GOOD[1:] + cbor2.dumps(1) + cbor2.dumps("FR")),
        Reason.CBOR_MALFORMED,
    ),
    "a foreign tag": (lambda: statement(ma=CBORTag(32, "x")), Reason.CBOR_TAG_REFUSED),
    "a bignum": (lambda: signed({**claims(), 4: 2**70}), Reason.CBOR_TAG_REFUSED),
    "sc a bare number": (lambda: statement("t", sc=NOON_IN_SECONDS), Reason.DCC_MALFORMED),
    "sc NaN under tag 1": (
        lambda: statement("t", sc=CBORTag(1, float("nan"))),
        Reason.DCC_MALFORMED,
    ),
    "sc huge under tag 1": (lambda: statement("t", sc=CBORTag(1, 2**62)), Reason.DCC_MALFORMED),
    "sc true under tag 1": (lambda: statement("t", sc=CBORTag(1, True)), Reason.DCC_MALFORMED),
    "sc a number under tag 0": (lambda: statement("t", sc=CBORTag(0, 1)), Reason.DCC_MALFORMED),
    "sc under two tags": (
        lambda: statement("t", sc=CBORTag(0, CBORTag(0, NOON))),
        Reason.DCC_MALFORMED,
    ),
    "a text under a tag of dates": (lambda: statement(mp=CBORTag(0, NOON)), Reason.DCC_MALFORMED),
    "month 17": (lambda: statement(dt="2021-17-01"), Reason.DCC_MALFORMED),
    "dose number true": (lambda: statement(dn=True), Reason.DCC_MALFORMED),
    "no dose number": (lambda: statement(dn=None), Reason.DCC_MALFORMED),
    "another disease": (lambda: statement(tg="6142004"), Reason.DISEASE_OTHER),
    "born the day after tomorrow": (
        lambda: dcc(dob=(FUTURE_DAY + timedelta(days=1)).isoformat()),
        Reason.BIRTH_DATE_IN_FUTURE,
    ),
    "born next month": (lambda: dcc(dob="2021-12"), Reason.BIRTH_DATE_IN_FUTURE),
    "born next year": (lambda: dcc(dob="2022"), Reason.BIRTH_DATE_IN_FUTURE),
    "a WHO document": (lambda: signed({**claims(), -260: {-6: {}}}), Reason.CODE_WHO),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_tolerated_is_refused_with_its_reason(name: str) -> None:
    make, reason = REFUSED[name]
    case = make()
    assert reason_of(Verifier(case.trust).verify(case.text, AT)) is reason


@pytest.mark.parametrize("born", [FUTURE_DAY.isoformat(), "2021-11-22", "2021-11", "2021"])
def test_who_was_born_today_somewhere_may_come_in(born: str) -> None:
    case = dcc(dob=born)
    assert reason_of(Verifier(case.trust).verify(case.text, AT)) is None


@pytest.mark.parametrize("labels", [[1], [4], [1, 4], [2]])
def test_labels_that_are_understood_may_be_critical(labels: list[int]) -> None:
    case = message({**BOTH, 2: labels}, {})
    assert reason_of(Verifier(case.trust).verify(case.text, AT)) is None


@pytest.mark.parametrize(
    ("under", "sc"),
    [
        (NOON_IN_SECONDS, NOON),
        (NOON_IN_SECONDS + 0.25, "2021-11-21T12:00:00.250000Z"),
        (-1, "1969-12-31T23:59:59Z"),
    ],
)
def test_the_seconds_of_a_sample_are_told_as_an_instant(under: float, sc: str) -> None:
    case = statement("t", sc=CBORTag(1, under))
    result = Verifier(case.trust).verify(case.text, AT)
    assert isinstance(result, Verified)
    assert result.dcc.statement["sc"] == sc


# The signature comes first

NONSENSE = [b"", b"\xff", b"\xa0", GOOD[:-1], b"\x9f" * 400, cbor2.dumps(claims("t", sc="never"))]


@pytest.mark.parametrize("data", NONSENSE, ids=range(len(NONSENSE)))
def test_nothing_of_the_payload_is_read_before_its_signature_verified(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    four = parts(signer())
    unknown = make_issuer("XX").sign_message(cbor2.dumps({1: -7, 4: b"nobody's"}), {}, data)
    monkeypatch.setattr("kiosk.core.hcert.cwt.parse", None)  # whoever calls it fails
    four[2] = data
    verifier = Verifier(trust(signer()))
    assert reason_of(verifier.verify(put_together(four), AT)) is Reason.SIGNATURE_INVALID
    assert reason_of(verifier.verify(unknown, AT)) is Reason.SIGNER_UNKNOWN
