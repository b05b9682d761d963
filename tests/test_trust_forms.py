"""Trust lists in the forms that nations publish: whose word is taken, and what is skipped."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from datetime import UTC, datetime

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from kiosk.core.trust.formats import IMPORTERS, Source, is_signed, source
from kiosk.core.trust.formats import german as german_form
from kiosk.core.trust.formats.source import fingerprint
from kiosk.core.trust.provenance import Signature
from kiosk.demo.issuer import make_issuer
from tests.certificates import rsa_signer, signer
from tests.lists import (
    EXPIRY,
    NOT_BEFORE,
    austrian,
    austrian_signature,
    german,
    german_body,
    kids,
    opened,
    pem,
    pinned,
    problem_of,
    public_pem,
    publisher,
    row,
    signed,
)

EARLY = datetime(2021, 11, 1, tzinfo=UTC)


def other_key() -> bytes:
    return public_pem(ec.generate_private_key(ec.SECP256R1()))


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


def test_a_german_list_robbed_of_its_signature_line_is_not_signed() -> None:
    robbed = opened(german_body([row(signer())]), pinned())
    assert robbed.sources == ("a list: not signed",)
    assert not any(one.provenance.signed for one in robbed.signers)


def test_a_german_list_under_another_key_is_refused() -> None:
    assert "signature does not verify" in problem_of(german(row(signer())), other_key())


def test_of_several_keys_the_one_that_fits_is_told() -> None:
    trust = opened(german(row(signer())), other_key(), pinned())
    (listing,) = trust.lists
    assert listing.signature is Signature.CHECKED
    assert listing.key == fingerprint(publisher().public_key())
    assert trust.signers[0].provenance.keys == {listing.key}
    assert trust.sources == ("a list",)


@pytest.mark.parametrize("pem", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\nAAAA\n"], ids=len)
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


FAULTY_ROWS = [
    (7, "not an object"), (None, "not an object"),
    (row(signer(), rawData="!"), "its certificate is not base64"),
    (row(signer(), rawData=None), "its certificate is not base64"),
    (row(signer(), kid="!"), "its kid is not base64"),
    (row(signer(), kid=7), "its kid is not base64"),
    (row(signer(), kid=""), "its kid is not 1 to 32 bytes"),
    (row(signer(), kid=b64encode(bytes(33)).decode()), "its kid is not 1 to 32 bytes"),
    (row(signer(), thumbprint="00"), "its thumbprint is another certificate's"),
]  # fmt: skip


@pytest.mark.parametrize(("faulty", "why"), FAULTY_ROWS, ids=range(len(FAULTY_ROWS)))
def test_a_faulty_row_is_skipped_and_told(faulty: object, why: str) -> None:
    trust = opened(german(row(rsa_signer()), faulty), pinned())
    assert kids(trust) == {rsa_signer().kid}
    assert trust.skipped == (f"a list, certificate 2: {why}",)


def test_a_thumbprint_is_the_digest_of_the_certificate_in_either_case() -> None:
    digest = hashlib.sha256(signer().certificate).hexdigest()
    for thumbprint in (digest, digest.upper(), None):
        assert opened(german(row(signer(), thumbprint=thumbprint)), pinned()).signers


@pytest.mark.parametrize("body", [b"[]", b"7", b"{", b'{"certificates": 7}'], ids=repr)
def test_a_signed_body_of_another_form_is_refused(body: bytes) -> None:
    assert problem_of(signed(body), pinned()) in ("not a JSON object", "holds no certificates")


# The rows of the gateway without a signature


@pytest.mark.parametrize("bare", [True, False])
def test_rows_of_the_gateway_are_read_and_say_that_they_are_not_signed(bare: bool) -> None:
    rows = [row(signer()), row(rsa_signer(), timestamp=None)]
    trust = opened(json.dumps(rows).encode() if bare else german_body(rows))
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.sources == ("a list: not signed",)
    assert trust.issued_at == datetime.fromisoformat("2021-10-28T15:00:45Z")
    assert trust.newest_at is None  # whoever wrote it may have written any date


def test_the_gateways_authorities_are_kept_to_check_chains_with() -> None:
    rows = [row(signer()), row(rsa_signer(), certificateType="CSCA"),
            row(signer(), certificateType="CSCA", rawData="!"), 7]  # fmt: skip
    assert opened(german_body(rows)).authorities == {rsa_signer().certificate}


def test_more_rows_than_any_list_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_ROWS", 1)
    assert "more rows" in problem_of(german_body([row(signer()), row(signer())]))


# The Austrian list


def test_an_austrian_list_is_read_with_key_and_detached_signature() -> None:
    data = austrian(signer(), rsa_signer())
    trust = opened(data, pinned(), signature=austrian_signature(data))
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.issued_at == datetime.fromtimestamp(NOT_BEFORE, UTC)
    assert trust.expires_at == datetime.fromtimestamp(EXPIRY, UTC)
    assert trust.version == NOT_BEFORE
    (listing,) = trust.lists
    german_list = opened(german(row(signer())), pinned()).lists[0]
    assert listing.key == german_list.key
    assert listing.identity == f"Austrian list of key {listing.key}"
    assert german_list.identity == f"German list of key {listing.key}"


def test_an_austrian_list_without_its_signature_is_refused() -> None:
    assert "signature is missing" in problem_of(austrian(signer()), pinned())


def test_an_austrian_list_without_a_pinned_key_is_refused() -> None:
    data = austrian(signer())
    assert "no key is pinned" in problem_of(data, signature=austrian_signature(data))


def test_an_austrian_list_that_was_changed_is_refused() -> None:
    data = austrian(signer())
    changed = data[:-1] + bytes([data[-1] ^ 1])
    assert "does not verify" in problem_of(changed, pinned(), signature=austrian_signature(data))


def test_an_austrian_list_under_another_key_is_refused() -> None:
    data = austrian(signer())
    assert "does not verify" in problem_of(data, other_key(), signature=austrian_signature(data))


OTHER_CLAIMS = [
    {"digest": hashlib.sha256(b"").digest()}, {"digest": None}, {"not_before": None},
    {"expiry": "soon"}, {"expiry": 2**62}, {"algorithm": -37},
]  # fmt: skip


@pytest.mark.parametrize("changes", OTHER_CLAIMS, ids=range(len(OTHER_CLAIMS)))
def test_an_austrian_signature_of_something_else_is_refused(changes: dict[str, object]) -> None:
    data = austrian(signer())
    signature = austrian_signature(data, **changes)  # type: ignore[arg-type]
    assert "does not verify" in problem_of(data, pinned(), signature=signature)


@pytest.mark.parametrize("signature", [b"", b"junk", b"\xd2\x80", b"\xa0"], ids=len)
def test_a_detached_signature_that_is_none_is_refused(signature: bytes) -> None:
    assert "does not verify" in problem_of(austrian(signer()), pinned(), signature=signature)


def test_an_austrian_signature_of_a_wrong_length_is_refused() -> None:
    data = austrian(signer())
    signature = cbor2.loads(austrian_signature(data)).value
    short = cbor2.dumps(cbor2.CBORTag(18, [*signature[:3], signature[3][:-1]]))
    assert "does not verify" in problem_of(data, pinned(), signature=short)


@pytest.mark.parametrize("content", [7, None, {}, "rows"], ids=repr)
def test_an_austrian_list_of_another_form_is_refused(content: object) -> None:
    data = cbor2.dumps({"c": content})
    problem = problem_of(data, pinned(), signature=austrian_signature(data))
    assert problem == "holds no certificates"


@pytest.mark.parametrize("data", [b"\xa1\x61c", b"\xa1\x61c" + b"\x81" * 99], ids=len)
def test_an_austrian_list_that_is_no_cbor_is_refused(data: bytes) -> None:
    assert problem_of(data, pinned(), signature=austrian_signature(data)) == "not CBOR"


@pytest.mark.parametrize("entry", [7, {}, {"c": b""}, {"c": "der", "i": b"kid"}], ids=repr)
def test_a_faulty_entry_of_an_austrian_list_is_skipped_and_told(entry: object) -> None:
    good = {"i": signer().kid, "c": signer().certificate}
    data = cbor2.dumps({"c": [entry, good]})
    trust = opened(data, pinned(), signature=austrian_signature(data))
    assert kids(trust) == {signer().kid}
    assert trust.skipped == ("a list, certificate 1: no certificate or no kid",)


def test_an_austrian_list_larger_than_any_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = austrian(signer())
    monkeypatch.setattr("kiosk.core.trust.formats.austrian.MAX_SOURCE", len(data) - 1)
    assert "larger" in problem_of(data, pinned(), signature=austrian_signature(data))


# Forms without a signature


def test_a_json_mirror_is_read_and_says_that_it_is_not_signed() -> None:
    fields = {"kid": b64encode(b"Key3RE").decode(), "rawData": row(signer())["rawData"]}
    trust = opened(json.dumps({"certificates": [fields, {"kid": "AAAA"}, 7]}).encode())
    assert kids(trust) == {b"Key3RE"}
    assert trust.lists[0].identity == ""
    assert trust.sources == ("a list: not signed",)
    assert trust.skipped == tuple(
        f"a list, certificate {number}: no certificate or no kid" for number in (2, 3)
    )


def test_a_pem_bundle_is_read() -> None:
    assert kids(opened(pem(signer(), rsa_signer()))) == {signer().kid, rsa_signer().kid}
    faulty = opened(pem(signer()).replace(b"M", b"!", 1))
    assert faulty.skipped == ("a list, certificate 1: its PEM is not base64",)


def test_more_certificates_than_any_list_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.core.trust.formats.certificates.MAX_ROWS", 1)
    assert "more certificates" in problem_of(pem(signer(), signer()))


def test_a_pem_file_without_a_whole_certificate_is_no_list() -> None:
    beginning = b"-----BEGIN CERTIFICATE-----\n"
    for data in (pem(signer())[:-30], beginning * 200_000):  # a search from each would not end
        assert problem_of(data) == "not a trust list of a known form"


def test_a_der_certificate_is_read() -> None:
    assert kids(opened(signer().certificate)) == {signer().kid}


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"{}", b"[]", b"\xff\xfe", b"<html>"], ids=range(6)
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    assert problem_of(data) == "not a trust list of a known form"


@pytest.mark.parametrize("data", [b'{"certificates": [' * 9_999, b'{"certificates":[] '], ids=len)
def test_a_list_that_is_cut_off_is_refused(data: bytes) -> None:
    assert problem_of(data) == "not JSON, or cut off"


def test_json_larger_than_any_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_SOURCE", 10)
    assert problem_of(german_body([row(signer())])) == "not JSON, or cut off"


def test_every_importer_says_whether_its_form_is_signed() -> None:
    signed_forms = [Source("", german(row(signer()))), Source("", austrian(signer()), b"signature")]
    plain = [
        *(Source("", data) for data in (pem(signer()), austrian(signer()), b"{}")),
        Source("", b'{"format": "kiosk-trust-2"}'),
    ]
    for one in signed_forms:
        assert is_signed(one)
    for one in plain:
        assert not is_signed(one)
    unsigned_forms = [importer for importer in IMPORTERS if importer is not german_form]
    assert not any(importer.is_signed(plain[0]) for importer in unsigned_forms)
