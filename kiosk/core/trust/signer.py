"""Document signers: who may sign which certificates, from X.509 (certificate-governance 4.1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust.keyusage import extended_key_usages

KID_LENGTH = 8  # bytes of SHA-256 over the DER certificate (hcert-spec 1.0.8 section 3.3.3)
RSA_BITS = range(2048, 4096 + 1)
RSA_EXPONENT = 65537
MAX_CERTIFICATE = 16 * 1024  # bytes; the largest of 2,523 real ones is below 3 KiB

# certificate-governance 4.1, and the form with an erroneous arc that real keys carry.
_USAGES = {
    f"1.3.6.1.4.1.{arc}.{number}": kind
    for arc in ("1847.2021.1", "0.1847.2021.1")
    for number, kind in (
        (1, EntryKind.TEST),
        (2, EntryKind.VACCINATION),
        (3, EntryKind.RECOVERY),
    )
}

SignerKey = EllipticCurvePublicKey | RSAPublicKey


@dataclass(frozen=True)
class DocumentSigner:
    """A key that may sign certificates, from `not_before` to `not_after`.

    `usages` names the kinds it may sign; empty means all (spec: none of the OIDs present).
    `der` is the certificate that says so; the key is loaded once, because loading it costs
    half as much as a verification.
    """

    kid: bytes
    country: str
    not_before: datetime
    not_after: datetime
    usages: frozenset[EntryKind]
    der: bytes = field(repr=False)
    key: SignerKey = field(repr=False, compare=False)

    def may_sign(self, kind: EntryKind) -> bool:
        """Whether its certificate allows it to sign this kind."""
        return not self.usages or kind in self.usages


class UnusableCertificateError(ValueError):
    """A certificate that no signer can be made of; `weak` when only its key is too weak."""

    def __init__(self, message: str, *, weak: bool = False) -> None:
        super().__init__(message)
        self.weak = weak


def kid_of(der: bytes) -> bytes:
    """The key identifier of a certificate: the first 8 bytes of its SHA-256."""
    return hashlib.sha256(der).digest()[:KID_LENGTH]


def load_signer(der: bytes, kid: bytes | None = None, country: str | None = None) -> DocumentSigner:
    """The signer in a DER certificate; `kid` and `country` as a list gives them, else its own.

    Raises UnusableCertificateError.
    """
    if len(der) > MAX_CERTIFICATE:
        raise UnusableCertificateError("larger than any certificate")
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        not_before, not_after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise UnusableCertificateError(f"not a usable certificate: {error}") from None
    return DocumentSigner(
        kid=kid_of(der) if kid is None else kid,
        country=(country or _country(certificate)).upper(),
        not_before=not_before,
        not_after=not_after,
        usages=frozenset(_USAGES[o] for o in extended_key_usages(der) if o in _USAGES),
        der=der,
        key=_strong(key),
    )


def _strong(key: object) -> SignerKey:
    match key:
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            return key
        case RSAPublicKey() if key.key_size in RSA_BITS and key.public_numbers().e == RSA_EXPONENT:
            return key
    raise UnusableCertificateError("neither P-256 nor RSA of 2048 to 4096 bits", weak=True)


def _country(certificate: x509.Certificate) -> str:
    try:
        names = certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
    except (ValueError, TypeError):
        return ""
    return str(names[0].value) if names else ""
