"""Whether a national authority (CSCA) signed a signer's certificate: advisory, never a refusal.

A list's word is what makes a signer trusted (hcert-spec 1.0.8 section 5.1); authorities are
published for some countries only, and some real certificates are signed with SHA-1, which
nobody should check any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from kiosk.core.trust.certificate import (
    MAX_CERTIFICATE,
    UnusableCertificateError,
    read_certificate,
)
from kiosk.core.trust.signer import DocumentSigner
from kiosk.core.trust.trustlist import TrustList


def with_chains(trust: TrustList) -> TrustList:
    """`trust`, with each signer's chain checked against its authorities."""
    by_name: dict[bytes, list[x509.Certificate]] = {}
    for authority in _loaded(trust.authorities):
        by_name.setdefault(authority.subject.public_bytes(), []).append(authority)
    return replace(trust, signers=tuple(_checked(one, by_name) for one in trust.signers))


def _loaded(ders: Iterable[bytes]) -> Iterable[x509.Certificate]:
    """Those that the strict parser of the library reads; its chain check needs it."""
    for der in sorted(ders):
        try:
            if len(der) <= MAX_CERTIFICATE and read_certificate(der).strict:
                yield x509.load_der_x509_certificate(der)
        except UnusableCertificateError:
            continue


def _checked(
    signer: DocumentSigner, by_name: dict[bytes, list[x509.Certificate]]
) -> DocumentSigner:
    if signer.der is None or not by_name:
        return signer
    chained = _is_signed_by_one(signer.der, by_name)
    if chained is None:
        return signer  # what was known before, still is
    return replace(signer, provenance=replace(signer.provenance, chained=chained))


def _is_signed_by_one(der: bytes, by_name: dict[bytes, list[x509.Certificate]]) -> bool | None:
    if read_certificate(der).serial <= 0:
        return None  # the library would print a warning
    try:
        certificate = x509.load_der_x509_certificate(der)
        named = by_name.get(certificate.issuer.public_bytes(), [])
    except (ValueError, TypeError):
        return None
    answers = [_is_signed_by(certificate, authority) for authority in named]
    return True if True in answers else False if False in answers else None


def _is_signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool | None:
    try:
        certificate.verify_directly_issued_by(authority)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return True
