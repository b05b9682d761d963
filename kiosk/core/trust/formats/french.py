"""The French list (TousAntiCovid Verif), and the mirror of its keys. Neither carries a signature.

The list is {certificatesDCC: {kid: base64 of base64}} of a certificate or of a bare public key;
the mirror is {kid: {subject, notBefore, notAfter, publicKeyPem}}, of keys alone. Fourteen British
keys of the time, whose kids are labels such as "Key3RE", stood in no list of certificates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kiosk.core.encodings import from_base64
from kiosk.core.trust.certificate import UnusableCertificateError, read_certificate
from kiosk.core.trust.formats.source import MAX_ROWS, Source, broken
from kiosk.core.trust.trustlist import (
    AnyRow,
    KeyRow,
    Row,
    TrustList,
    UnusableRow,
    trust_list_of,
)

_CERTIFICATES, _KEY = "certificatesDCC", "publicKeyPem"
_COUNTRY = re.compile(r"(?:^|,) ?C=([A-Za-z]{2})(?=,|$)")


def matches(source: Source) -> bool:
    """Whether this is the list or the mirror."""
    document = source.json
    if not isinstance(document, dict) or not document:
        return False
    first = next(iter(document.values()))
    return isinstance(document.get(_CERTIFICATES), dict) or (
        isinstance(first, dict) and _KEY in first
    )


def is_signed(_source: Source) -> bool:
    """It is not."""
    return False


def load(source: Source, _keys: Sequence[bytes]) -> TrustList:
    """The list, as it is: nothing but the caller's word says who wrote it."""
    certificates = source.json.get(_CERTIFICATES)
    listed = isinstance(certificates, dict)
    members = certificates if listed else source.json
    if len(members) > MAX_ROWS:
        raise broken(source, "more rows than any trust list")
    return trust_list_of(_rows(members, listed=listed), source.name)


def _rows(members: Mapping[str, Any], *, listed: bool) -> Iterator[AnyRow]:
    for name, value in members.items():
        kid = from_base64(name)
        if kid is None:
            yield UnusableRow("its kid is not base64")
        elif listed:
            yield _certificate_or_key(kid, value)
        else:
            yield _key(kid, value if isinstance(value, dict) else {})


def _certificate_or_key(kid: bytes, value: object) -> AnyRow:
    inner = from_base64(value)
    data = from_base64(inner.decode("ascii", "replace")) if inner is not None else None
    if data is None:
        return UnusableRow("not base64 of base64")
    try:
        read_certificate(data)
    except UnusableCertificateError:
        return KeyRow(data, kid)
    return Row(data, kid)


def _key(kid: bytes, fields: Mapping[str, Any]) -> AnyRow:
    key = from_base64(fields.get(_KEY))
    not_before, not_after = _day(fields.get("notBefore")), _day(fields.get("notAfter"))
    if key is None or not_before is None or not_after is None:
        return UnusableRow("no key, or no dates")
    subject = fields.get("subject")
    country = _COUNTRY.search(subject) if isinstance(subject, str) else None
    return KeyRow(key, kid, (not_before, not_after), country[1] if country else None)


def _day(value: object) -> datetime | None:
    """A time, or the beginning of a day, in UTC."""
    try:
        stamp = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
