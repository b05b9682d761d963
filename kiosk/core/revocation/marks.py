"""The marks by which one certificate is revoked: the three hashes of the EU gateway.

Each is SHA-256, of which the first 16 bytes count, of the signature (of ES256 only r, its first
half, which stays the same when s is replaced by n - s), of the certificate's identifier `ci`, or
of a country and `ci` (dgc-gateway, RevocationBatchDto.hashType).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from kiosk.core.countries import names_of
from kiosk.core.hcert.cose import Algorithm, CoseSign1

MARK = 16  # bytes of a digest that count
PREFIX = "URN:UVCI:"  # optional: of 357 official specimens 79 go without


class HashKind(StrEnum):
    """What a hash of the gateway was made from."""

    SIGNATURE = "SIGNATURE"
    UCI = "UCI"
    COUNTRYCODEUCI = "COUNTRYCODEUCI"


def marks_of(message: CoseSign1, statement: Mapping[str, Any], issuer: str | None) -> list[bytes]:
    """The digests of everything that may stand for this certificate in somebody's list.

    statement: its one entry, with `ci` and `co` as texts. issuer: CWT `iss`. Verifiers differ in
    which of the two is the country, so each is taken.
    """
    identifier = statement.get("ci", "")
    bare = bare_form(identifier)
    texts = []
    if bare:
        forms = forms_of(identifier, bare)
        names = countries_of(statement.get("co", ""), issuer or "")
        texts = [*forms, *[name + form for name in names for form in forms]]
    found = [sha256(text.encode()).digest() for text in texts]
    found.append(sha256(lasting_part(message)).digest())
    return found


def lasting_part(message: CoseSign1) -> bytes:
    """The part of a signature that nobody can change and keep it valid."""
    if message.algorithm is Algorithm.ES256:
        return message.signature[: len(message.signature) // 2]
    return message.signature


def forms_of(identifier: str, bare: str) -> list[str]:
    """The ways in which an identifier is written: as it is, with the prefix and bare, in capitals.

    Its issuer hashed it in one of them, and a hash does not tell which.
    """
    whole = PREFIX + bare
    capitals = whole.upper()
    forms = [whole, bare]
    if capitals != whole:
        forms += [capitals, bare.upper()]
    if identifier not in (whole, bare):
        forms.append(identifier)
    return forms


def bare_form(identifier: str) -> str:
    """An identifier without prefix and white space."""
    close = "".join(identifier.split())
    return close[len(PREFIX) :] if close[: len(PREFIX)].upper() == PREFIX else close


def mark_of_identifier(identifier: str) -> bytes:
    """The mark of an identifier that a person gives: with prefix, in capitals, without spaces.

    Every certificate that carries it, however written, has this mark among its own.
    """
    return sha256((PREFIX + bare_form(identifier)).upper().encode()).digest()[:MARK]


def countries_of(country: str, issuer: str) -> set[str]:
    """The names that a list may have used for the country of a certificate."""
    return {other for name in (country, issuer) if name for other in names_of(name)}
