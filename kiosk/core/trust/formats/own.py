"""The form of this program: what a merge of lists is written as, and read back from."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kiosk.core.trust.formats.source import Source, broken, from_base64, json_object
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of

FORMAT = "kiosk-trust-1"
_MARK = b'"' + FORMAT.encode() + b'"'
_MARK_WITHIN = 64  # bytes from the start


def matches(source: Source) -> bool:
    """Whether this program wrote it."""
    return _MARK in source.data[:_MARK_WITHIN]


def dump(trust: TrustList) -> bytes:
    """`trust` as JSON, the same bytes for the same list."""
    document = {
        "format": FORMAT,
        "version": trust.version,
        "issued_at": trust.issued_at.isoformat() if trust.issued_at else None,
        "expires_at": trust.expires_at.isoformat() if trust.expires_at else None,
        "newest_at": trust.newest_at.isoformat() if trust.newest_at else None,
        "sources": list(trust.sources),
        "signers": [
            {"kid": s.kid.hex(), "country": s.country, "certificate": b64encode(s.der).decode()}
            for s in sorted(trust.signers, key=lambda s: (s.country, s.kid, s.der))
        ],
        "weak": sorted(kid.hex() for kid in trust.weak),
        "revoked": sorted(kid.hex() for kid in trust.revoked),
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def load(source: Source) -> TrustList:
    """The list as it was written. Raises TrustSourceError."""
    document = json_object(source, source.data)
    try:
        trust = trust_list_of(
            _rows(document["signers"]),
            source.name,
            version=int(document["version"]),
            issued_at=_stamp(document["issued_at"]),
            expires_at=_stamp(document["expires_at"]),
        )
        return TrustList(
            version=trust.version,
            issued_at=trust.issued_at,
            expires_at=trust.expires_at,
            newest_at=_stamp(document.get("newest_at")),
            signers=trust.signers,
            weak=trust.weak | _kids(document["weak"]),
            revoked=_kids(document["revoked"]),
            sources=tuple(str(line) for line in document["sources"]),
            skipped=trust.skipped,
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise broken(source, f"not the form {FORMAT}") from None


def _rows(rows: Any) -> Iterator[Row]:
    for row in rows:
        der = from_base64(row["certificate"])
        if der is None:
            raise ValueError("not base64")
        yield Row(der, bytes.fromhex(row["kid"]), str(row["country"]))


def _kids(values: Any) -> frozenset[bytes]:
    return frozenset(bytes.fromhex(value) for value in values)


def _stamp(value: Any) -> datetime | None:
    if value is None:
        return None
    stamp = datetime.fromisoformat(value)
    if stamp.tzinfo is None:
        raise ValueError("without a zone")
    return stamp
