"""CWT claims (RFC 8392) of a health certificate, from a payload whose signature verified."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from kiosk.core.hcert import cbor, plain
from kiosk.core.hcert.claims import HealthClaims
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason

_ISS, _EXP, _IAT, _HCERT = 1, 4, 6, -260  # hcert-spec 1.0.8 section 3.3
_EU_DCC = 1
_WHO = frozenset({2, 3, 4, 5, -6})  # smart-trust hcert_spec: DDCC, SHL, ICVP ...
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that datetime can hold


def parse(payload: bytes) -> HealthClaims:
    """The claims in a verified `payload`. Raises DecodeError."""
    return plain.read(payload) or parse_patiently(payload)


def parse_patiently(payload: bytes) -> HealthClaims:
    """The same by the other way, which repairs, notes and refuses."""
    claims = cbor.decode(payload, cbor.DATE_TAGS)
    if type(claims) is not dict:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    notes: list[Note] = []
    issuer = _issuer(claims.get(_ISS), notes)
    issued_at = claims.get(_IAT)
    if issued_at is None:
        notes.append(Note.ISSUED_AT_MISSING)
    else:
        issued_at = _instant(issued_at, notes)
    expires_at = _instant(claims.get(_EXP), notes)
    if issued_at is not None and expires_at <= issued_at:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    dcc = _eu_dcc(claims.get(_HCERT))
    return HealthClaims(issuer, issued_at, expires_at, dcc, tuple(dict.fromkeys(notes)))


def _issuer(value: Any, notes: list[Note]) -> str | None:
    if type(value) is not str or not value.strip():
        notes.append(Note.ISSUER_MISSING)
        return None
    issuer = value.strip()
    if issuer != value:
        notes.append(Note.TEXT_TRIMMED)
    return issuer


def _instant(value: Any, notes: list[Note]) -> datetime:
    """A NumericDate (RFC 8392 section 2); real Spanish and Hungarian ones come as floats."""
    if type(value) is cbor.Tagged:
        notes.append(Note.DATE_TAGGED)
        value = value.content
    if type(value) is float and math.isfinite(value):
        notes.append(Note.TIME_NOT_INTEGER)
    elif type(value) is not int:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    if not 0 < value <= _LAST_SECOND:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    return datetime.fromtimestamp(value, UTC)


def _eu_dcc(hcert: Any) -> dict[Any, Any]:
    if type(hcert) is not dict:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    dcc = hcert.get(_EU_DCC)
    if dcc is None and not _WHO.isdisjoint(hcert):
        raise DecodeError(Reason.CODE_WHO)
    if type(dcc) is not dict:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    return dcc
