"""A throw-away issuer: makes its own keys at run time and signs certificates with them.

For the demonstration and the tests. No key of it is ever written into an installation's trust.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
from base45 import b45encode
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.core.trust.signer import kid_of

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_EPOCH = datetime(2021, 5, 1, tzinfo=UTC)
_TWO_YEARS = timedelta(days=730)
_DISEASE = "840539006"


@dataclass(frozen=True)
class Issuer:
    """A document signer with its key: `certificate` (DER) goes into a trust list."""

    key: PrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    country: str

    @property
    def kid(self) -> bytes:
        """The key identifier that its certificates name."""
        return kid_of(self.certificate)

    @property
    def algorithm(self) -> int:
        """The COSE algorithm of its key: ES256 or PS256."""
        return -7 if isinstance(self.key, ec.EllipticCurvePrivateKey) else -37

    def sign(self, claims: Mapping[Any, Any], kid: bytes | None = None) -> str:
        """The text of a QR code that carries `claims` under this signer's key.

        kid: of the signer that a forger claims to be.
        """
        header = cbor2.dumps({1: self.algorithm, 4: kid or self.kid})
        return self.sign_message(header, {}, cbor2.dumps(claims))

    def sign_message(self, protected: bytes, unprotected: Mapping[Any, Any], payload: bytes) -> str:
        """The text of a QR code over exactly these parts; for certificates with one flaw."""
        signed = cbor2.dumps(["Signature1", protected, b"", payload])
        message = cbor2.CBORTag(18, [protected, dict(unprotected), payload, self._sign(signed)])
        return text_of(cbor2.dumps(message))

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        return self.key.sign(data, PSS(MGF1(SHA256()), 32), SHA256())


def text_of(cose: bytes) -> str:
    """COSE bytes as the text of a QR code."""
    return "HC1:" + bytes(b45encode(zlib.compress(cose, 9))).decode("ascii")


def make_issuer(
    country: str = "XX",
    *,
    key: PrivateKey | None = None,
    usages: Sequence[str] = (),
    not_before: datetime = _EPOCH,
    lifetime: timedelta = _TWO_YEARS,
) -> Issuer:
    """A new signer; `key` is P-256 unless given, `usages` are extended key usage OIDs."""
    signing_key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.COMMON_NAME, "Throw-away signer of a demonstration"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signing_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_before + lifetime)
    )
    if usages:
        oids = [x509.ObjectIdentifier(oid) for oid in usages]
        builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
    certificate = builder.sign(signing_key, SHA256())
    return Issuer(signing_key, certificate.public_bytes(Encoding.DER), country)


@dataclass(frozen=True, repr=False)
class Subject:
    """An invented person."""

    family: str
    given: str
    family_standard: str
    given_standard: str
    birth_date: str = "1980-01-01"


def claims_of(
    subject: Subject, group: str, statement: Mapping[str, Any], issued_at: datetime, country: str
) -> dict[int, Any]:
    """CWT claims with one statement (`group`: v, t or r), good for a year from `issued_at`."""
    dcc = {
        "ver": "1.3.0",
        "nam": {
            "fn": subject.family,
            "fnt": subject.family_standard,
            "gn": subject.given,
            "gnt": subject.given_standard,
        },
        "dob": subject.birth_date,
        group: [dict(statement)],
    }
    issued = int(issued_at.timestamp())
    return {1: country, 6: issued, 4: issued + 365 * 86_400, -260: {1: dcc}}


def vaccination(on: str, dose: int = 2, doses: int = 2, **other: object) -> dict[str, Any]:
    """A `v` statement: dose `dose` of `doses` on the local date `on`."""
    return _statement(
        vp="1119349007", mp="EU/1/20/1528", ma="ORG-100030215", dn=dose, sd=doses, dt=on, **other
    )


def covid_test(sampled_at: datetime, result: str = "260415000", **other: object) -> dict[str, Any]:
    """A `t` statement: a NAAT with its sample at `sampled_at`, not detected unless told."""
    stamp = sampled_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _statement(tt="LP6464-4", sc=stamp, tr=result, tc="Invented centre", **other)


def recovery(first_positive: str, until: str = "2022-12-31", **other: object) -> dict[str, Any]:
    """An `r` statement: first positive test on the local date `first_positive`."""
    return _statement(fr=first_positive, df=first_positive, du=until, **other)


def _statement(**fields: object) -> dict[str, Any]:
    common = {"tg": _DISEASE, "co": "XX", "is": "Invented issuer", "ci": "URN:UVCI:01:XX:DEMO#Y"}
    return {**common, **fields}
