"""The French list and the mirror of its keys: certificates, keys alone, kids that are labels."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from kiosk.core.trust.formats import source
from kiosk.core.trust.provenance import Remark
from kiosk.core.trust.signer import ALWAYS
from kiosk.core.verify import Verified
from kiosk.demo.issuer import Issuer
from tests.certificates import AT, claims, rsa_signer, signer
from tests.lists import key_row, kids, opened, problem_of

MAY, LATER = "2021-05-01T00:00:00.000Z", "2023-04-30T23:59:59.000Z"


def text(data: bytes) -> str:
    return b64encode(data).decode()


def key_of(issuer: Issuer) -> bytes:
    return key_row(issuer, b"").public_key


def entry(issuer: Issuer, **changes: object) -> dict[str, object]:
    """An entry of the mirror."""
    return {
        "serialNumber": "01",
        "subject": f"C={issuer.country}, O=NHSX, OU=COVID, CN=Key",
        "notBefore": MAY,
        "notAfter": LATER,
        "publicKeyPem": text(key_of(issuer)),
        **changes,
    }


def mirror(**entries: object) -> bytes:
    return json.dumps({text(kid.encode()): value for kid, value in entries.items()}).encode()


def listed(**values: object) -> bytes:
    certificates = {text(kid.encode()): value for kid, value in values.items()}
    return json.dumps({"certificates2DDoc": {}, "certificatesDCC": certificates}).encode()


def twice(data: bytes) -> str:
    return text(text(data).encode())


def test_the_mirror_gives_keys_with_the_dates_it_names() -> None:
    trust = opened(mirror(Key3RE=entry(signer()), wprdkey1=entry(rsa_signer())))
    assert kids(trust) == {b"Key3RE", b"wprdkey1"}
    assert trust.sources == ("a list: not signed",)
    one = trust.candidates(b"Key3RE")[0]
    assert (one.not_before, one.not_after) == (
        datetime(2021, 5, 1, tzinfo=UTC),
        datetime(2023, 4, 30, 23, 59, 59, tzinfo=UTC),
    )
    assert (one.country, one.der, one.usages) == ("FR", None, frozenset())
    assert one.provenance.remarks == {Remark.KEY_ONLY}
    assert trust.issued_at is None


@pytest.mark.parametrize("kid", ["K", "Key3RE", "Key5PRO", "wprdkey1", "k" * 32])
def test_a_certificate_under_a_label_is_verified(kid: str) -> None:
    from kiosk.core.verify import Verifier

    trust = opened(mirror(**{kid: entry(signer())}))
    verdict = Verifier(trust).verify(signer().sign(claims(), kid=kid.encode()), AT)
    assert isinstance(verdict, Verified)


def test_a_day_without_a_time_begins_in_utc() -> None:
    trust = opened(mirror(k=entry(signer(), notBefore="2020-01-01", notAfter="2030-01-01")))
    assert trust.signers[0].not_after == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("subject", "country"),
    [("C=GB, O=NHSScotland", "GB"), ("O=SAAS,C=ad", "AD"), ("UNKNOWN", ""), ("O=C=FR", ""),
     ("CN=X, C=FRA", ""), (None, ""), (7, "")],
)  # fmt: skip
def test_a_country_is_that_of_the_subject(subject: object, country: str) -> None:
    assert opened(mirror(k=entry(signer(), subject=subject))).signers[0].country == country


FAULTY = [
    {"publicKeyPem": None}, {"publicKeyPem": "!"}, {"notBefore": None}, {"notAfter": "soon"},
    {"notAfter": 7}, {"notBefore": "0001-01-01T00:00:00+14:00"},
]  # fmt: skip


@pytest.mark.parametrize("changes", FAULTY, ids=repr)
def test_an_entry_without_key_or_dates_is_skipped_and_told(changes: dict[str, object]) -> None:
    trust = opened(mirror(good=entry(signer()), k=entry(signer(), **changes), other=7))
    assert kids(trust) == {b"good"}
    assert trust.skipped == tuple(
        f"a list, certificate {number}: no key, or no dates" for number in (2, 3)
    )


def test_a_kid_that_is_not_base64_is_skipped_and_told() -> None:
    trust = opened(json.dumps({text(b"k"): entry(signer()), "!": entry(signer())}).encode())
    assert trust.skipped == ("a list, certificate 2: its kid is not base64",)


def test_the_list_gives_certificates_and_keys_alone() -> None:
    kid = signer().kid.decode("latin-1")
    data = json.dumps(
        {"certificatesDCC": {text(signer().kid): twice(signer().certificate),
                             text(b"Key3RE"): twice(key_of(rsa_signer()))}}
    ).encode()  # fmt: skip
    trust = opened(data)
    assert kids(trust) == {kid.encode("latin-1"), b"Key3RE"}
    certificate, key = (trust.candidates(one)[0] for one in (signer().kid, b"Key3RE"))
    assert certificate.der == signer().certificate
    assert (key.der, key.not_before, key.not_after) == (None, *ALWAYS)
    assert key.provenance.remarks == {Remark.KEY_ONLY, Remark.UNDATED}


@pytest.mark.parametrize("value", [None, "!", text(b"\xff!"), text(b"!"), twice(b"junk")], ids=repr)
def test_a_value_that_is_neither_is_skipped_and_told(value: object) -> None:
    trust = opened(listed(k=value, good=twice(signer().certificate)))
    assert kids(trust) == {b"good"}
    assert len(trust.skipped) == 1


def test_more_rows_than_any_list_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.core.trust.formats.french.MAX_ROWS", 1)
    assert source.MAX_ROWS > 1
    assert "more rows" in problem_of(mirror(a=entry(signer()), b=entry(signer())))


@pytest.mark.parametrize("data", [b'{"a": {}}', b'{"a": 7}', b'{"certificatesDCC": []}'])
def test_other_json_is_no_french_list(data: bytes) -> None:
    assert problem_of(data) == "not a trust list of a known form"
