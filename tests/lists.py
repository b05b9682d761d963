"""Trust lists for the tests, in the forms that nations publish, signed with throw-away keys."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import cbor2
import pytest
from cbor2 import CBORTag
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.core.trust.formats import Source, TrustSourceError, open_source
from kiosk.core.trust.trustlist import KeyRow, TrustList
from kiosk.demo.issuer import Issuer, PrivateKey, make_issuer

NOT_BEFORE, EXPIRY = 1_637_539_200, 1_637_712_000


@cache
def publisher() -> ec.EllipticCurvePrivateKey:
    """The key of whoever publishes the lists."""
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(key: Any) -> bytes:
    """The public half of `key`."""
    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def pinned() -> bytes:
    """The publisher's key as it is pinned."""
    return public_pem(publisher())


def pem(*issuers: Issuer) -> bytes:
    """Their certificates in one file."""
    loaded = [x509.load_der_x509_certificate(one.certificate) for one in issuers]
    return b"".join(one.public_bytes(Encoding.PEM) for one in loaded)


def kids(trust: TrustList) -> set[bytes]:
    """Whom `trust` knows."""
    return {one.kid for one in trust.signers}


def opened(data: bytes, *keys: bytes, signature: bytes | None = None) -> TrustList:
    """The list in `data`, checked against the pinned `keys`."""
    return open_source(Source("a list", data, signature), keys)


def problem_of(data: bytes, *keys: bytes, signature: bytes | None = None) -> str:
    """Why `data` is refused; a remedy comes with it."""
    with pytest.raises(TrustSourceError) as caught:
        opened(data, *keys, signature=signature)
    error = caught.value
    assert str(error) == f"a list: {error.problem}. {error.remedy}"
    assert error.name == "a list"
    assert error.remedy.endswith(".")
    assert error.remedy[:1].isupper()
    return error.problem


def key_row(
    issuer: Issuer, kid: bytes, validity: tuple[datetime, datetime] | None = None
) -> KeyRow:
    """An issuer's key without its certificate."""
    key = issuer.key.public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return KeyRow(spki, kid, validity)


@cache
def authority(country: str) -> Issuer:
    """The national authority (CSCA) of a country."""
    return make_issuer(country)


def signed_by_authority(country: str, key: PrivateKey | None = None) -> Issuer:
    """A new signer whose certificate its authority signed, or `key` in the authority's name."""
    own, issuing = ec.generate_private_key(ec.SECP256R1()), authority(country)
    name = x509.load_der_x509_certificate(issuing.certificate).subject
    begin = datetime(2021, 6, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(
        name, name, own.public_key(), 7, begin, begin + timedelta(days=365)
    )
    certificate = builder.sign(key or issuing.key, SHA256()).public_bytes(Encoding.DER)
    return Issuer(own, certificate, country)


def raw_signature(data: bytes) -> bytes:
    """The publisher's r || s over `data`."""
    r, s = decode_dss_signature(publisher().sign(data, ec.ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def row(issuer: Issuer, **changes: object) -> dict[str, object]:
    """A row of the gateway."""
    return {
        "certificateType": "DSC",
        "country": issuer.country,
        "kid": b64encode(issuer.kid).decode(),
        "rawData": b64encode(issuer.certificate).decode(),
        "timestamp": "2021-10-28T17:00:45+02:00",
        **changes,
    }


def german_body(rows: Sequence[object]) -> bytes:
    """The list without its signature line."""
    return json.dumps({"certificates": list(rows)}).encode()


def german(*rows: object) -> bytes:
    """The German list: a signature line, then the rows."""
    return signed(german_body(rows))


def signed(body: bytes) -> bytes:
    """`body` under the signature line of the German list."""
    return b64encode(raw_signature(body)) + b"\n" + body


def austrian(*issuers: Issuer) -> bytes:
    """The Austrian list, without its detached signature."""
    return cbor2.dumps({"c": [{"i": one.kid, "c": one.certificate} for one in issuers]})


def austrian_signature(data: bytes, algorithm: int = -7, **changes: object) -> bytes:
    """The detached signature over the Austrian list `data`."""
    claims = {
        2: changes.get("digest", hashlib.sha256(data).digest()),
        5: changes.get("not_before", NOT_BEFORE),
        4: changes.get("expiry", EXPIRY),
    }
    head, payload = cbor2.dumps({1: algorithm, 4: b"publisher"}), cbor2.dumps(claims)
    signature = raw_signature(cbor2.dumps(["Signature1", head, b"", payload]))
    return cbor2.dumps(CBORTag(18, [head, {}, payload, signature]))
