"""Trust lists for the tests, in the forms that nations publish, signed with throw-away keys."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from typing import Any

import cbor2
from cbor2 import CBORTag
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.core.trust.trustlist import TrustList
from kiosk.demo.issuer import Issuer

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
    body = german_body(rows)
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
