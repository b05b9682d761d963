"""Document signers: who may sign which certificates, from X.509 (certificate-governance 4.1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust import der
from kiosk.core.trust.certificate import (
    UnusableCertificateError,
    country_of,
    read_certificate,
)
from kiosk.core.trust.der import DerError
from kiosk.core.trust.keys import SignerKey, canonical, strong_key
from kiosk.core.trust.provenance import Provenance, Remark

KID_LENGTH = 8  # bytes of SHA-256 over the DER certificate (hcert-spec 1.0.8 section 3.3.3)
# Bytes of a kid as a list gives it. Real British ones are labels of 6 to 8 letters; a code's is
# held to the same range.
KID_LENGTHS = range(1, 32 + 1)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class DocumentSigner:
    """A key that may sign certificates, from `not_before` to `not_after`.

    `usages` names the kinds it may sign; empty means all (spec: none of the OIDs present).
    `der` is the certificate that says so; None where a list gives the key alone. `public_key`
    is the SubjectPublicKeyInfo in DER, the same bytes for the same key; the key is loaded
    once, because loading it costs half as much as a verification.
    """

    kid: bytes
    country: str
    not_before: datetime
    not_after: datetime
    usages: frozenset[EntryKind]
    der: bytes | None = field(repr=False)
    public_key: bytes = field(repr=False)
    key: SignerKey = field(repr=False, compare=False)
    provenance: Provenance = field(default=Provenance(), repr=False)

    def may_sign(self, kind: EntryKind) -> bool:
        """Whether its certificate allows it to sign this kind."""
        return not self.usages or kind in self.usages

    @property
    def identity(self) -> tuple[bytes, bytes]:
        """The kid and the key: what makes it the same signer in another list."""
        return self.kid, self.public_key


def kid_of(certificate: bytes) -> bytes:
    """The key identifier of a DER certificate: the first 8 bytes of its SHA-256."""
    return hashlib.sha256(certificate).digest()[:KID_LENGTH]


def load_signer(
    data: bytes, kid: bytes | None = None, country: str | None = None
) -> DocumentSigner:
    """The signer in a DER certificate; `kid` and `country` as a list gives them, else its own.

    Raises UnusableCertificateError.
    """
    _check_kid(kid)
    certificate = read_certificate(data)
    key = strong_key(certificate.public_key)
    remarks = {
        Remark.LENIENT_X509: not certificate.strict,
        Remark.KID_IS_NOT_THE_HASH: kid not in (None, kid_of(data)),
    }
    return DocumentSigner(
        kid=kid_of(data) if kid is None else kid,
        country=country_of(country) or certificate.country,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        usages=certificate.usages,
        der=data,
        public_key=canonical(key),
        key=key,
        provenance=Provenance(remarks=_applying(remarks)),
    )


def load_key(
    public_key: bytes,
    kid: bytes,
    validity: tuple[datetime, datetime] | None = None,
    country: str | None = None,
    usages: frozenset[EntryKind] = frozenset(),
) -> DocumentSigner:
    """The signer of a SubjectPublicKeyInfo (DER) that a list gives without its certificate.

    validity: as the list gives it; without one the key serves as long as a list holds it.
    Raises UnusableCertificateError.
    """
    _check_kid(kid)
    try:
        content = der.only(public_key, der.SEQUENCE)
    except DerError as error:
        raise UnusableCertificateError(f"not a usable public key: {error}") from None
    key = strong_key(content)
    not_before, not_after = validity or ALWAYS
    remarks = {Remark.KEY_ONLY: True, Remark.UNDATED: validity is None}
    return DocumentSigner(
        kid=kid,
        country=country_of(country),
        not_before=not_before,
        not_after=not_after,
        usages=usages,
        der=None,
        public_key=canonical(key),
        key=key,
        provenance=Provenance(remarks=_applying(remarks)),
    )


def _check_kid(kid: bytes | None) -> None:
    if kid is not None and len(kid) not in KID_LENGTHS:
        raise UnusableCertificateError("its kid is not 1 to 32 bytes")


def _applying(remarks: dict[Remark, bool]) -> frozenset[Remark]:
    return frozenset(remark for remark, applies in remarks.items() if applies)
