"""The WHO's DID documents: versions 1 and 2, keys that must be their certificates', authorities."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from kiosk.core.trust.chain import with_chains
from kiosk.core.trust.provenance import Signature
from kiosk.core.trust.trustlist import AnyRow, Row, TrustList, merge, trust_list_of
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import rsa_signer, signer
from tests.dermaking import (
    ISSUER,
    SERIAL,
    number,
    oid,
    sequence,
    with_field,
    with_signature_algorithm,
)
from tests.lists import authority, key_row, kids, opened, problem_of, row, signed_by_authority

ID = "did:web:example.org:v2:trustlist:DCC:-:DSC"


def base64url(value: int, length: int, padded: bool = False) -> str:
    text = urlsafe_b64encode(value.to_bytes(length)).decode()
    return text if padded else text.rstrip("=")


def jwk(issuer: Issuer, length: int = 32, padded: bool = False) -> dict[str, Any]:
    """The key as the WHO writes it; a number may have a zero before it."""
    key = issuer.key.public_key()
    common = {
        "kid": b64encode(issuer.kid).decode(),
        "x5c": [b64encode(issuer.certificate).decode()],
    }
    if isinstance(key, rsa.RSAPublicKey):
        modulus = base64url(key.public_numbers().n, 257)
        return {**common, "kty": "RSA", "n": modulus, "e": "AQAB"}
    point = key.public_numbers()
    x, y = (base64url(value, length, padded) for value in (point.x, point.y))
    return {**common, "kty": "EC", "crv": "P-256", "x": x, "y": y}


def method(issuer: Issuer, usage: str = "DSC", domain: str = "DCC", **changes: object) -> Any:
    """A verification method of version 2."""
    return {
        "id": f"{ID}#{b64encode(issuer.kid).decode()}",
        "type": "JsonWebKey2020",
        "controller": ID,
        "publicKeyJwk": {**jwk(issuer), **changes},
        "domain": {"code": f"#{domain}"},
        "participant": {"code": "#FRA"},
        "keyusage": {"code": f"#{usage}"},
    }


def document(*methods: object, **changes: object) -> bytes:
    proof = {"type": "JsonWebSignature2020", "created": "2026-08-22T17:05:32Z", "jws": "e30..AA"}
    fields = {"id": ID, "verificationMethod": methods, "proof": proof, **changes}
    return json.dumps(fields).encode()


def test_a_document_is_read_and_says_that_its_proof_is_not_checked() -> None:
    trust = opened(document(method(signer()), method(rsa_signer())))
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.sources == (f"{ID}: not signed (the proof of the document is not checked)",)
    assert trust.issued_at == datetime(2026, 8, 22, 17, 5, 32, tzinfo=UTC)
    assert trust.version == int(trust.issued_at.timestamp())
    assert trust.newest_at is None
    assert {one.country for one in trust.signers} == {"FR", "BG"}
    assert not any(one.provenance.signed for one in trust.signers)


def test_the_first_version_has_the_kid_in_its_id_and_says_nothing_of_usage() -> None:
    plain = {**method(signer()), "publicKeyJwk": jwk(signer(), padded=True)}
    for key in ("domain", "participant", "keyusage"):
        del plain[key]
    del plain["publicKeyJwk"]["kid"]
    quoted = {**plain, "id": plain["id"].replace("=", "%3D").replace("/", "%2F")}
    for one in (plain, quoted):
        assert kids(opened(document(one))) == {signer().kid}


def test_a_kid_is_as_the_document_gives_it_and_of_a_weak_key_too() -> None:
    weak = make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505
    strong_kid, weak_kid = (b64encode(kid).decode() for kid in (b"strong", b"weak"))
    trust = opened(document(method(signer(), kid=strong_kid), method(weak, kid=weak_kid)))
    assert kids(trust) == {b"strong"}
    assert trust.weak == {b"weak"}


@pytest.mark.parametrize("length", [32, 33])
def test_a_number_may_have_a_zero_before_it(length: int) -> None:
    one = {**method(signer()), "publicKeyJwk": jwk(signer(), length)}
    assert kids(opened(document(one))) == {signer().kid}


def short_number() -> Issuer:
    """A signer whose x begins with a zero byte, which some writers leave out."""
    for value in range(1, 100_000):
        key = ec.derive_private_key(value, ec.SECP256R1())
        if key.public_key().public_numbers().x < 2**248:
            return make_issuer("XX", key=key)
    raise AssertionError


def test_a_number_may_lack_the_zero_that_it_begins_with() -> None:
    issuer = short_number()
    point = issuer.key.public_key().public_numbers()
    assert isinstance(point, ec.EllipticCurvePublicNumbers)
    assert kids(opened(document(method(issuer, x=base64url(point.x, 31))))) == {issuer.kid}


OTHER_NUMBERS = [
    {"x": base64url(7, 32)}, {"y": base64url(7, 32)}, {"x": None}, {"y": 7}, {"x": "é"},
    {"x": "A"}, {"x": ""},
]  # fmt: skip


@pytest.mark.parametrize("changes", OTHER_NUMBERS, ids=range(len(OTHER_NUMBERS)))
def test_a_key_that_is_not_its_certificates_is_skipped_and_told(changes: dict[str, Any]) -> None:
    trust = opened(document(method(signer(), **changes), method(rsa_signer())))
    assert kids(trust) == {rsa_signer().kid}
    assert trust.skipped == (f"{ID}, certificate 1: its JWK is another key than its certificate's",)


@pytest.mark.parametrize("changes", [{"n": "AQAB"}, {"e": "Aw"}, {"n": None}], ids=repr)
def test_an_rsa_key_that_is_not_its_certificates_is_skipped(changes: dict[str, Any]) -> None:
    assert opened(document(method(rsa_signer(), **changes))).signers == ()


NO_CERTIFICATE = [
    {"x5c": None}, {"x5c": []}, {"x5c": ["!"]}, {"x5c": [7]}, {"kid": "!"}, {"kid": None},
]  # fmt: skip


@pytest.mark.parametrize("changes", NO_CERTIFICATE, ids=repr)
def test_a_method_without_certificate_or_kid_is_skipped_and_told(changes: dict[str, Any]) -> None:
    trust = opened(document(method(signer(), **changes)))
    assert trust.skipped == (f"{ID}, certificate 1: no certificate (x5c) or no kid",)


@pytest.mark.parametrize("changes", [{"publicKeyJwk": 7}, {"publicKeyJwk": {}}, {"id": 7}])
def test_a_method_of_another_form_is_skipped(changes: dict[str, Any]) -> None:
    one = {**method(signer()), **changes}
    one["publicKeyJwk"] = (
        {key: value for key, value in jwk(signer()).items() if key != "kid"}
        if "id" in changes
        else one["publicKeyJwk"]
    )
    trust = opened(document(one, 7))
    assert (trust.signers, len(trust.skipped)) == ((), 2)


def test_a_weak_key_of_the_document_is_kept_as_weak() -> None:
    weak = make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505
    assert opened(document(method(weak))).weak == {weak.kid}


def test_keys_of_other_domains_and_usages_are_passed_over() -> None:
    methods = [method(make_issuer("XX"), usage) for usage in ("UP", "AUTH", "TLS")] + [
        method(make_issuer("XX"), domain="DDCC"),
        method(make_issuer("XX"), "SCA", "DDCC"),
    ]
    trust = opened(document(*methods, method(signer())))
    assert kids(trust) == {signer().kid}
    assert (trust.skipped, trust.authorities) == ((), frozenset())


def test_a_document_that_only_refers_to_others_is_told() -> None:
    assert "holds none" in problem_of(document(f"{ID}#kid"))


@pytest.mark.parametrize("changes", [{"proof": 7}, {"proof": {}}, {"proof": {"created": "soon"}}])
def test_a_document_without_a_date_is_undated(changes: dict[str, object]) -> None:
    trust = opened(document(method(signer()), **changes))
    assert (trust.issued_at, trust.version) == (None, 0)


@pytest.mark.parametrize("name", [7, "", "x" * 121, "did:\x1b[2J", "did:é"], ids=range(5))
def test_a_document_without_a_usable_id_is_named_as_its_file(name: object) -> None:
    (listing,) = opened(document(method(signer()), id=name)).lists
    assert listing.name == "a list"
    assert listing.signature is Signature.PROOF_NOT_CHECKED


# Chains to national authorities


def chained(trust: TrustList) -> list[bool | None]:
    return [one.provenance.chained for one in with_chains(trust).signers]


def test_a_signer_is_chained_when_an_authority_of_the_document_signed_it() -> None:
    dsc = signed_by_authority("FR")
    trust = opened(document(method(dsc), method(authority("FR"), "SCA")))
    assert trust.authorities == {authority("FR").certificate}
    assert chained(trust) == [True]


def test_authorities_may_come_in_another_document_or_with_the_gateways_rows() -> None:
    dsc = opened(document(method(signed_by_authority("FR"))))
    sca = opened(document(method(authority("FR"), "CSCA"), 7))
    rows = opened(json.dumps([row(authority("FR"), certificateType="CSCA")]).encode())
    assert chained(dsc) == [None]
    assert chained(merge([dsc, sca])) == chained(merge([dsc, rows])) == [True]


def test_a_signer_that_an_authority_of_that_name_did_not_sign_is_not_chained() -> None:
    forged = signed_by_authority("FR", make_issuer("FR").key)
    trust = opened(document(method(forged), method(authority("FR"), "SCA")))
    assert chained(trust) == [False]
    assert kids(with_chains(trust)) == {forged.kid}  # advisory: it is still trusted


def test_what_cannot_be_checked_is_unknown() -> None:
    sound = signed_by_authority("FR").certificate
    odd = with_field(sound, SERIAL, number(0))
    with_sha1 = with_signature_algorithm(sound, sequence(oid("1.2.840.10045.4.1")))
    no_name = with_field(sound, ISSUER, sequence(number(7)))
    certificates = (odd, with_sha1, no_name, rsa_signer().certificate)
    rows: list[AnyRow] = [*map(Row, certificates), key_row(signer(), b"key alone")]
    authorities = [authority("FR").certificate, b"", b"junk", bytes(20_000), odd]
    assert chained(trust_list_of(rows, "a list", authorities=authorities)) == [None] * 5
    assert chained(trust_list_of([Row(sound)], "a list", authorities=authorities)) == [True]
    first = with_field(sound, SERIAL, number(1))  # another serial: no longer what was signed
    assert chained(trust_list_of([Row(first)], "a list", authorities=authorities)) == [False]
