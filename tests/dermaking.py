"""Certificates with one thing changed in their DER, signed by nobody: for the reader of X.509."""

from __future__ import annotations

from kiosk.core.trust import der

SERIAL, ISSUER, VALIDITY, SUBJECT, PUBLIC_KEY, EXTENSIONS = 1, 3, 4, 5, 6, 7
_ALGORITHM = 2


def tlv(tag: int, *contents: bytes) -> bytes:
    """One element."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*contents: bytes) -> bytes:
    """A SEQUENCE of elements."""
    return tlv(der.SEQUENCE, *contents)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    return tlv(der.OID, der.oid(dotted))


def fields_of(certificate: bytes) -> list[bytes]:
    """The elements of its TBSCertificate, each with its tag."""
    tbs = der.elements(der.only(certificate, der.SEQUENCE))[0]
    return [tlv(element.tag, element.content) for element in der.elements(tbs.content)]


def with_field(certificate: bytes, place: int, element: bytes | None) -> bytes:
    """`certificate` with another element in that place of its TBSCertificate; None: without."""
    fields = fields_of(certificate)
    fields[place : place + 1] = [] if element is None else [element]
    rest = der.elements(der.only(certificate, der.SEQUENCE))[1:]
    return sequence(sequence(*fields), *(tlv(one.tag, one.content) for one in rest))


def with_signature_algorithm(certificate: bytes, algorithm: bytes) -> bytes:
    """`certificate` that says to be signed with another algorithm."""
    whole = with_field(certificate, _ALGORITHM, algorithm)
    tbs, _, signature = der.elements(der.only(whole, der.SEQUENCE))
    return sequence(tlv(tbs.tag, tbs.content), algorithm, tlv(signature.tag, signature.content))


def with_extensions(certificate: bytes, *extensions: bytes) -> bytes:
    """`certificate` with these extensions and no others."""
    bare = sequence(sequence(*fields_of(certificate)[:EXTENSIONS]))
    rest = der.elements(der.only(certificate, der.SEQUENCE))[1:]
    whole = sequence(der.only(bare, der.SEQUENCE), *(tlv(one.tag, one.content) for one in rest))
    return with_field(whole, EXTENSIONS, tlv(0xA3, sequence(*extensions)))


def extension(dotted: str, value: bytes) -> bytes:
    """One extension around the DER of its value."""
    return sequence(oid(dotted), tlv(der.OCTET_STRING, value))


def key_usages(*dotted: str) -> bytes:
    """The extension extKeyUsage."""
    return extension("2.5.29.37", sequence(*(oid(one) for one in dotted)))


def validity(not_before: bytes, not_after: bytes) -> bytes:
    """A validity of two whole elements."""
    return sequence(not_before, not_after)


def utc_time(text: bytes) -> bytes:
    """A UTCTime."""
    return tlv(der.UTC_TIME, text)


def generalized_time(text: bytes) -> bytes:
    """A GeneralizedTime."""
    return tlv(der.GENERALIZED_TIME, text)


def public_key(algorithm: str, parameters: bytes, bits: bytes) -> bytes:
    """A SubjectPublicKeyInfo."""
    return sequence(sequence(oid(algorithm), parameters), tlv(der.BIT_STRING, b"\0", bits))


def number(value: int) -> bytes:
    """An INTEGER."""
    return tlv(der.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, signed=True))
