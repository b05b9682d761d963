"""Trust lists: whose word is taken, which keys are strong enough, and what a union of lists is."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from datetime import UTC, datetime

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from kiosk.core.trust.formats import Source, TrustSourceError, open_source, own
from kiosk.core.trust.signer import (
    MAX_CERTIFICATE,
    UnusableCertificateError,
    kid_of,
    load_signer,
)
from kiosk.core.trust.trustlist import Row, TrustList, merge, trust_list_of
from kiosk.demo.issuer import Issuer, PrivateKey, make_issuer
from tests.certificates import rsa_signer, signer, trust
from tests.lists import (
    EXPIRY,
    NOT_BEFORE,
    austrian,
    austrian_signature,
    german,
    german_body,
    kids,
    pem,
    pinned,
    public_pem,
    publisher,
    row,
)

EARLY, LATE = datetime(2021, 11, 1, tzinfo=UTC), datetime(2021, 11, 20, tzinfo=UTC)


def opened(data: bytes, key: bytes | None = None, signature: bytes | None = None) -> TrustList:
    return open_source(Source("a list", data, signature), key)


def problem_of(data: bytes, key: bytes | None = None, signature: bytes | None = None) -> str:
    with pytest.raises(TrustSourceError) as caught:
        opened(data, key, signature)
    assert caught.value.remedy.endswith(".")
    return caught.value.problem


def weak_issuer() -> Issuer:
    return make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505  # weak on purpose


# The German list


def test_a_german_list_is_read_with_its_key() -> None:
    trust = opened(german(row(signer()), row(rsa_signer())), pinned())
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert {one.country for one in trust.signers} == {"FR", "BG"}
    assert trust.issued_at == datetime.fromisoformat("2021-10-28T15:00:45Z")
    assert trust.version == int(trust.issued_at.timestamp())
    assert trust.expires_at is None


def test_a_german_list_may_be_pinned_by_a_certificate() -> None:
    issuer = make_issuer("DE", key=publisher())
    assert kids(opened(german(row(signer())), pem(issuer))) == {signer().kid}


def test_a_german_list_with_windows_line_ends_and_white_space_around_is_read() -> None:
    line, body = german(row(signer())).split(b"\n", 1)
    assert opened(b" " + line + b"\r\n\n" + body + b"\n ", pinned()).signers


def test_a_german_list_with_one_changed_byte_is_refused() -> None:
    data = german(row(signer()))
    start = data.index(b"\n") + 1
    for position in (0, 40, start, start + 100, len(data) - 10):
        other = b"B" if data[position : position + 1] == b"A" else b"A"
        changed = data[:position] + other + data[position + 1 :]
        assert "signature does not verify" in problem_of(changed, pinned())


def test_a_german_list_without_a_pinned_key_is_refused() -> None:
    assert "no key is pinned" in problem_of(german(row(signer())))


def test_a_german_list_without_its_signature_line_is_refused() -> None:
    body = german_body([row(signer())])
    assert "signature line is missing" in problem_of(body, pinned())
    assert "signature line is missing" in problem_of(body)


def test_a_german_list_under_another_key_is_refused() -> None:
    other = public_pem(ec.generate_private_key(ec.SECP256R1()))
    assert "signature does not verify" in problem_of(german(row(signer())), other)


@pytest.mark.parametrize("pem", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\nAAAA\n"], ids=repr)
def test_a_pinned_key_that_is_no_key_is_refused(pem: bytes) -> None:
    assert "not a P-256 public key" in problem_of(german(row(signer())), pem)


def test_a_pinned_key_of_another_kind_is_refused() -> None:
    for key in (ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()):
        assert "not a P-256 public key" in problem_of(german(row(signer())), public_pem(key))


@pytest.mark.parametrize("kind", ["CSCA", "UPLOAD", "AUTHENTICATION", "dsc", None])
def test_rows_of_other_certificates_are_passed_over(kind: str | None) -> None:
    other = make_issuer("XX")
    trust = opened(german(row(other, certificateType=kind), row(signer())), pinned())
    assert kids(trust) == {signer().kid}
    assert trust.skipped == ()


def test_a_row_keeps_the_kid_that_the_list_gives_it() -> None:
    data = german(row(signer(), kid=b64encode(b"Key3RE").decode(), country="gb"))
    (one,) = opened(data, pinned()).signers
    assert (one.kid, one.country) == (b"Key3RE", "GB")


def test_a_row_without_kid_and_country_has_those_of_its_certificate() -> None:
    (one,) = opened(german(row(signer(), kid=None, country=None)), pinned()).signers
    assert (one.kid, one.country) == (signer().kid, "FR")


def test_the_newest_row_dates_the_list() -> None:
    stamps = ["2021-10-01T00:00:00Z", "2021-11-01T00:00:00Z", "2021-12-01T00:00:00", "soon", None]
    rows = [row(signer(), timestamp=stamp) for stamp in stamps]
    assert opened(german(*rows), pinned()).issued_at == EARLY
    assert opened(german(row(signer(), timestamp=None)), pinned()).version == 0


@pytest.mark.parametrize("rows", [[7], ["row"], [None]], ids=repr)
def test_a_german_list_of_something_else_is_refused(rows: list[object]) -> None:
    assert "not an object" in problem_of(german(*rows), pinned())
    assert "not base64" in problem_of(german(row(signer(), rawData="!")), pinned())


# The Austrian list


def test_an_austrian_list_is_read_with_key_and_detached_signature() -> None:
    data = austrian(signer(), rsa_signer())
    trust = opened(data, pinned(), austrian_signature(data))
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.issued_at == datetime.fromtimestamp(NOT_BEFORE, UTC)
    assert trust.expires_at == datetime.fromtimestamp(EXPIRY, UTC)
    assert trust.version == NOT_BEFORE


def test_an_austrian_list_without_its_signature_is_refused() -> None:
    assert "signature is missing" in problem_of(austrian(signer()), pinned())


def test_an_austrian_list_without_a_pinned_key_is_refused() -> None:
    data = austrian(signer())
    assert "no key is pinned" in problem_of(data, None, austrian_signature(data))


def test_an_austrian_list_that_was_changed_is_refused() -> None:
    data = austrian(signer())
    changed = data[:-1] + bytes([data[-1] ^ 1])
    assert "does not verify" in problem_of(changed, pinned(), austrian_signature(data))


def test_an_austrian_list_under_another_key_is_refused() -> None:
    data = austrian(signer())
    other = public_pem(ec.generate_private_key(ec.SECP256R1()))
    assert "does not verify" in problem_of(data, other, austrian_signature(data))


OTHER_CLAIMS = [
    {"digest": hashlib.sha256(b"").digest()}, {"digest": None}, {"not_before": None},
    {"expiry": "soon"}, {"expiry": 2**62}, {"algorithm": -37},
]  # fmt: skip


@pytest.mark.parametrize("changes", OTHER_CLAIMS, ids=repr)
def test_an_austrian_signature_of_something_else_is_refused(changes: dict[str, object]) -> None:
    data = austrian(signer())
    signature = austrian_signature(data, **changes)  # type: ignore[arg-type]
    assert "does not verify" in problem_of(data, pinned(), signature)


@pytest.mark.parametrize("signature", [b"", b"junk", b"\xd2\x80", b"\xa0"], ids=repr)
def test_a_detached_signature_that_is_none_is_refused(signature: bytes) -> None:
    assert "does not verify" in problem_of(austrian(signer()), pinned(), signature)


@pytest.mark.parametrize("content", [7, [7], [{}], [{"c": b""}], None], ids=repr)
def test_an_austrian_list_of_another_form_is_refused(content: object) -> None:
    data = cbor2.dumps({"c": content})
    assert "not the form" in problem_of(data, pinned(), austrian_signature(data))


# Forms without a signature


def test_a_json_mirror_is_read_and_says_that_it_is_not_signed() -> None:
    fields = {"kid": row(signer())["kid"], "rawData": row(signer())["rawData"]}
    trust = opened(json.dumps({"certificates": [fields]}).encode())
    assert kids(trust) == {signer().kid}
    assert trust.sources == ("a list (not signed)",)
    assert "no certificate or no kid" in problem_of(b'{"certificates": [{"kid": "AAAA"}]}')


def test_a_pem_bundle_is_read() -> None:
    assert kids(opened(pem(signer(), rsa_signer()))) == {signer().kid, rsa_signer().kid}
    assert "not base64" in problem_of(pem(signer()).replace(b"M", b"!", 1))


def test_a_pem_file_without_a_whole_certificate_is_no_list() -> None:
    beginning = b"-----BEGIN CERTIFICATE-----\n"
    for data in (pem(signer())[:-30], beginning * 200_000):  # a search from each would not end
        assert problem_of(data) == "not a trust list of a known form"


def test_a_der_certificate_is_read() -> None:
    assert kids(opened(signer().certificate)) == {signer().kid}


def test_the_programs_own_form_is_read_back_as_it_was_written() -> None:
    weak = trust_list_of([Row(weak_issuer().certificate, b"weak key")], "weak")
    whole = merge([opened(german(row(signer())), pinned()), weak, trust(rsa_signer())])
    whole = merge([whole, TrustList(expires_at=LATE, revoked=frozenset({b"revoked"}))])
    written = own.dump(whole)
    again = opened(written)
    assert own.dump(again) == written
    assert kids(again) == {signer().kid, rsa_signer().kid}
    assert (again.issued_at, again.expires_at) == (whole.issued_at, LATE)
    assert again.weak == {b"weak key"}
    assert again.revoked == {b"revoked"}
    assert again.sources == whole.sources


BROKEN_FIELDS = [
    {"version": None}, {"version": float("inf")}, {"issued_at": "2021-11-01T00:00:00"},
    {"signers": [{}]}, {"signers": None}, {"weak": [7]}, {"revoked": ["xyz"]}, {"sources": 7},
]  # fmt: skip


@pytest.mark.parametrize("changes", BROKEN_FIELDS, ids=repr)
def test_the_programs_own_form_with_a_broken_field_is_refused(changes: dict[str, object]) -> None:
    document = json.loads(own.dump(trust(signer())))
    assert "not the form" in problem_of(json.dumps({**document, **changes}).encode())


@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b"[]", b"\xff\xfe", b"<html>"], ids=repr)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    assert problem_of(data) == "not a trust list of a known form"


@pytest.mark.parametrize("data", [b'{"certificates": [' * 9_999, b'{"certificates":[] '], ids=len)
def test_broken_json_is_refused(data: bytes) -> None:
    assert "not JSON" in problem_of(data)


# Keys


def test_weak_keys_are_refused_and_reported() -> None:
    keys: list[PrivateKey] = [
        rsa.generate_private_key(65537, 1024),  # noqa: S505  # weak on purpose
        rsa.generate_private_key(3, 2048),
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP256K1()),
    ]
    issuers = [make_issuer("XX", key=key) for key in keys]
    loaded = trust(*issuers, signer())
    assert kids(loaded) == {signer().kid}
    assert loaded.weak == {issuer.kid for issuer in issuers}
    assert [line.split(":")[0] for line in loaded.skipped] == [
        f"the tests, certificate {number}" for number in range(1, 5)
    ]
    assert all("neither P-256 nor RSA of 2048" in line for line in loaded.skipped)


@pytest.mark.parametrize("bits", [2048, 3072])
def test_rsa_keys_from_2048_bits_are_strong_enough(bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    assert load_signer(make_issuer("BG", key=key).certificate)


def test_an_rsa_key_just_below_2048_bits_is_too_weak() -> None:
    with pytest.raises(UnusableCertificateError) as caught:
        load_signer(make_issuer("BG", key=rsa.generate_private_key(65537, 2047)).certificate)  # noqa: S505
    assert caught.value.weak


@pytest.mark.parametrize("broken", [b"", b"0", b"junk", bytes(MAX_CERTIFICATE + 1)], ids=len)
def test_a_broken_certificate_is_skipped_with_a_line(broken: bytes) -> None:
    loaded = trust_list_of([Row(broken, b"kid"), Row(signer().certificate)], "a list")
    assert kids(loaded) == {signer().kid}
    assert loaded.weak == frozenset()
    assert loaded.skipped[0].startswith("a list, certificate 1: ")


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_no_changed_bit_of_a_certificate_breaks_the_list() -> None:
    der = signer().certificate
    for bit in range(8 * len(der)):
        changed = bytearray(der)
        changed[bit // 8] ^= 1 << bit % 8
        loaded = trust_list_of([Row(bytes(changed))], "a list")
        assert len(loaded.signers) + len(loaded.skipped) == 1


def test_a_kid_is_the_start_of_the_digest_of_the_certificate() -> None:
    der = signer().certificate
    assert kid_of(der) == hashlib.sha256(der).digest()[:8] == load_signer(der).kid


# A union of lists


def test_a_union_holds_every_signer_once_and_all_that_share_a_kid() -> None:
    one, two = make_issuer("XX"), make_issuer("YY")
    rows = [
        Row(one.certificate, b"same"),
        Row(one.certificate, b"same"),
        Row(two.certificate, b"same"),
    ]
    merged = merge([trust_list_of(rows, "first"), trust_list_of(rows[:1], "second")])
    assert [signer.country for signer in merged.candidates(b"same")] == ["XX", "YY"]
    assert merged.sources == ("first", "second")


def test_a_union_is_as_old_as_its_oldest_part_and_ends_with_the_first_that_ends() -> None:
    merged = merge(
        [
            TrustList(version=1, issued_at=LATE, expires_at=EARLY),
            TrustList(version=7, issued_at=EARLY, expires_at=LATE),
            TrustList(),
        ]
    )
    assert (merged.version, merged.issued_at, merged.expires_at) == (7, EARLY, EARLY)


def test_a_union_of_nothing_is_empty() -> None:
    assert merge([]) == TrustList()


def test_blocklists_only_grow() -> None:
    old, new = TrustList(revoked=frozenset({b"a"})), TrustList(version=9, revoked=frozenset({b"b"}))
    assert merge([old, new]).revoked == merge([new, old]).revoked == {b"a", b"b"}


def test_a_strong_key_counts_where_another_list_has_a_weak_one_of_the_same_kid() -> None:
    weak = trust_list_of([Row(weak_issuer().certificate, signer().kid)], "weak")
    assert weak.weak == {signer().kid}
    for lists in ([weak, trust(signer())], [trust(signer()), weak]):
        merged = merge(lists)
        assert merged.weak == frozenset()
        assert merged.candidates(signer().kid)
