"""The notes on a genuine certificate, and what each means. None changes an answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Note(StrEnum):
    """A tolerance that a genuine certificate needed."""

    COSE_UNTAGGED = "cose_untagged"
    COSE_CWT_TAGGED = "cose_cwt_tagged"
    ALGORITHM_UNPROTECTED = "algorithm_unprotected"
    KID_UNPROTECTED = "kid_unprotected"
    KID_NOT_HASH = "kid_not_hash"
    ISSUER_MISSING = "issuer_missing"
    TIME_NOT_INTEGER = "time_not_integer"
    ISSUED_AT_MISSING = "issued_at_missing"
    ISSUED_AFTER_CLOCK = "issued_after_clock"
    NULL_GROUP = "null_group"
    NULL_FIELD = "null_field"
    TEXT_TRIMMED = "text_trimmed"
    FIELDS_UNKNOWN = "fields_unknown"
    VERSION_UNKNOWN = "version_unknown"
    DATE_TAGGED = "date_tagged"
    DATE_REPAIRED = "date_repaired"
    ZONE_MISSING = "zone_missing"
    NUMBER_NOT_INTEGER = "number_not_integer"
    BIRTH_DATE_PARTIAL = "birth_date_partial"
    UVCI_CHECKSUM_MISSING = "uvci_checksum_missing"
    UVCI_CHECKSUM_WRONG = "uvci_checksum_wrong"
    SIGNER_NOT_DER = "signer_not_der"
    OUTLIVES_SIGNER = "outlives_signer"
    PREDATES_SIGNER = "predates_signer"
    COUNTRY_ALIAS = "country_alias"
    ISSUER_DIFFERS = "issuer_differs"


MEANINGS: Final[Mapping[Note, str]] = {
    Note.COSE_UNTAGGED: "The message has no COSE_Sign1 tag.",
    Note.COSE_CWT_TAGGED: "The message has the tag of a CWT around its own.",
    Note.ALGORITHM_UNPROTECTED: "The algorithm is named outside the signature.",
    Note.KID_UNPROTECTED: "The key is named outside the signature.",
    Note.KID_NOT_HASH: "The key's name is not the hash of its certificate.",
    Note.ISSUER_MISSING: "No issuing country is named.",
    Note.TIME_NOT_INTEGER: "A time of issue or end is not a whole number.",
    Note.ISSUED_AT_MISSING: "It does not say when it was issued.",
    Note.ISSUED_AFTER_CLOCK: "Issued some minutes after the clock here.",
    Note.NULL_GROUP: "An empty group stands beside its statement.",
    Note.NULL_FIELD: "A field is there and empty (null).",
    Note.TEXT_TRIMMED: "Spaces around a text were taken off.",
    Note.FIELDS_UNKNOWN: "It has fields that the schema does not know.",
    Note.VERSION_UNKNOWN: "It names an unknown version of the schema, or none.",
    Note.DATE_TAGGED: "A date carries a CBOR tag.",
    Note.DATE_REPAIRED: "A date or time was not complete, or had too much.",
    Note.ZONE_MISSING: "A time has no zone and is read as UTC.",
    Note.NUMBER_NOT_INTEGER: "A number of doses is not a whole number by its form.",
    Note.BIRTH_DATE_PARTIAL: "The birth date is incomplete or absent.",
    Note.UVCI_CHECKSUM_MISSING: "Its identifier has no checksum.",
    Note.UVCI_CHECKSUM_WRONG: "The checksum of its identifier is wrong.",
    Note.SIGNER_NOT_DER: "The signer's certificate is not strictly encoded.",
    Note.OUTLIVES_SIGNER: "It ends later than its signer's certificate.",
    Note.PREDATES_SIGNER: "It was issued before its signer's certificate began.",
    Note.COUNTRY_ALIAS: "A country is named otherwise than in the list (UK, EL, CNAM).",
    Note.ISSUER_DIFFERS: "Issued by another country than its signer's.",
}


def meaning(note: Note) -> str:
    """What `note` says, in one sentence."""
    return MEANINGS[note]
