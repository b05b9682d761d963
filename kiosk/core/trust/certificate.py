"""X.509 certificates of document signers, also those that a strict parser refuses.

Real ones encode cA=FALSE, which DER forbids (Finland), a serial number that is not positive
(Lebanon) or an empty extended key usage. One reader reads all; what the strict parser of
`cryptography` would have said is kept as a remark, for people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust import der
from kiosk.core.trust.der import DerError, Element

MAX_CERTIFICATE = 16 * 1024  # bytes; the largest of 2,523 real ones is below 3 KiB

_VERSION, _EXTENSIONS = 0xA0, 0xA3  # [0] and [3] EXPLICIT in TBSCertificate (RFC 5280 4.1)
_COUNTRY_NAME = der.oid("2.5.4.6")
_EXTENDED_KEY_USAGE = der.oid("2.5.29.37")
_COUNTRY = re.compile(r"[A-Z]{2,3}", re.ASCII)

# certificate-governance 4.1, and the form with an erroneous arc that real keys carry.
_USAGES = {
    der.oid(f"1.3.6.1.4.1.{arc}.{number}"): kind
    for arc in ("1847.2021.1", "0.1847.2021.1")
    for number, kind in (
        (1, EntryKind.TEST),
        (2, EntryKind.VACCINATION),
        (3, EntryKind.RECOVERY),
    )
}

_STRICT_FAULTS = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class UnusableCertificateError(ValueError):
    """A certificate that no signer can be made of; `weak` when only its key is too weak."""

    def __init__(self, message: str, *, weak: bool = False) -> None:
        super().__init__(message)
        self.weak = weak


@dataclass(frozen=True)
class Certificate:
    """What is read of a certificate.

    public_key: the SubjectPublicKeyInfo's content, as it stands there.
    country: of the subject, in capitals; empty where it gives none.
    usages: the kinds that its extended key usage names; empty means all (governance 4.1: none
    of the OIDs present, whatever others are).
    serial: of any sign, as real ones are.
    strict: whether a strict parser reads it too.
    """

    public_key: bytes = field(repr=False)
    not_before: datetime
    not_after: datetime
    country: str
    usages: frozenset[EntryKind]
    serial: int
    strict: bool


def read_certificate(data: bytes) -> Certificate:
    """The certificate in `data` (DER). Raises UnusableCertificateError."""
    if len(data) > MAX_CERTIFICATE:
        raise UnusableCertificateError("larger than any certificate")
    try:
        return _read(data)
    except DerError as error:
        raise UnusableCertificateError(f"not a usable certificate: {error}") from None


def country_of(text: object) -> str:
    """A country as a list or a name gives it, in capitals; empty when it cannot be one."""
    name = text.strip().upper() if isinstance(text, str) else ""
    return name if _COUNTRY.fullmatch(name) else ""


def _read(data: bytes) -> Certificate:
    tbs, _, _ = _sequence(der.only(data, der.SEQUENCE), 3)
    fields = der.elements(_content(tbs, der.SEQUENCE))
    if fields and fields[0].tag == _VERSION:
        fields = fields[1:]
    if len(fields) < 6:
        raise DerError("fields are missing")
    number, _, _, validity, subject, public_key = fields[:6]
    serial = int.from_bytes(_content(number, der.INTEGER), signed=True)
    not_before, not_after = _sequence(_content(validity, der.SEQUENCE), 2)
    return Certificate(
        public_key=_content(public_key, der.SEQUENCE),
        not_before=der.time(not_before),
        not_after=der.time(not_after),
        country=_country(_content(subject, der.SEQUENCE)),
        usages=_usages(fields[6:]),
        serial=serial,
        strict=serial > 0 and _reads_strictly(data),  # of others the library only warns
    )


def _sequence(content: bytes, count: int) -> list[Element]:
    found = der.elements(content)
    if len(found) != count:
        raise DerError(f"not {count} elements")
    return found


def _content(element: Element, tag: int) -> bytes:
    if element.tag != tag:
        raise DerError(f"tag {element.tag:#04x} where {tag:#04x} belongs")
    return element.content


def _country(subject: bytes) -> str:
    for names in der.elements(subject):
        for name in der.elements(_content(names, der.SET)):
            kind, value = _sequence(_content(name, der.SEQUENCE), 2)
            if kind == Element(der.OID, _COUNTRY_NAME):
                return country_of(value.content.decode("ascii", "replace"))
    return ""


def _usages(fields: list[Element]) -> frozenset[EntryKind]:
    """The kinds in extKeyUsage (RFC 5280 section 4.2.1.12), which may be empty here."""
    for element in fields:
        if element.tag == _EXTENSIONS:
            for extension in der.elements(der.only(element.content, der.SEQUENCE)):
                parts = der.elements(_content(extension, der.SEQUENCE))
                if parts[:1] == [Element(der.OID, _EXTENDED_KEY_USAGE)]:
                    purposes = der.only(_content(parts[-1], der.OCTET_STRING), der.SEQUENCE)
                    found = {e.content for e in der.elements(purposes) if e.tag == der.OID}
                    return frozenset(kind for oid, kind in _USAGES.items() if oid in found)
    return frozenset()


def _reads_strictly(data: bytes) -> bool:
    try:
        certificate = x509.load_der_x509_certificate(data)
        certificate.public_key()
        certificate.extensions  # noqa: B018  # read on access
    except _STRICT_FAULTS:
        return False
    return True
