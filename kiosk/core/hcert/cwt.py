"""CWT claims (RFC 8392) of a health certificate, from a payload whose signature verified."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kiosk.core.hcert import cbor
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Note, Reason

_ISS, _EXP, _IAT, _HCERT = 1, 4, 6, -260  # hcert-spec 1.0.8 section 3.3
_EU_DCC = 1
_WHO = frozenset({2, 3, 4, 5, -6})  # smart-trust hcert_spec: DDCC, SHL, ICVP ...
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that datetime can hold


@dataclass(frozen=True, repr=False)
class HealthClaims:
    """Who issued, when, until when, and the raw DCC map."""

    issuer: str | None
    issued_at: datetime | None
    expires_at: datetime
    dcc: Mapping[Any, Any]
    notes: tuple[Note, ...]


def parse(payload: bytes) -> HealthClaims:
    """The claims in a verified `payload`. Raises DecodeError."""
    claims = cbor.decode(payload, cbor.DATE_TAGS)
    if not cbor.is_map(claims):
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    notes: list[Note] = []
    issuer = claims.get(_ISS)
    issued_at = None
    if claims.get(_IAT) is None:
        notes.append(Note.ISSUED_AT_MISSING)
    else:
        issued_at = _instant(claims[_IAT], notes)
    expires_at = _instant(claims.get(_EXP), notes)
    if issued_at is not None and expires_at <= issued_at:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    return HealthClaims(
        issuer=issuer.strip() if isinstance(issuer, str) else None,
        issued_at=issued_at,
        expires_at=expires_at,
        dcc=_eu_dcc(claims.get(_HCERT)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _instant(value: object, notes: list[Note]) -> datetime:
    """A NumericDate (RFC 8392 section 2); real Spanish and Hungarian ones come as floats."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    if not math.isfinite(value) or not 0 < value <= _LAST_SECOND:
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    if isinstance(value, float):
        notes.append(Note.TIME_NOT_INTEGER)
    return datetime.fromtimestamp(value, UTC)


def _eu_dcc(hcert: object) -> Mapping[Any, Any]:
    if not isinstance(hcert, Mapping):
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    dcc = hcert.get(_EU_DCC)
    if dcc is None and _WHO & set(hcert):
        raise DecodeError(Reason.CODE_WHO)
    if not isinstance(dcc, Mapping):
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    return dcc
