"""The JSON mirror of the Austrian list: {certificates: [{kid, rawData}]}, without a signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kiosk.core.encodings import from_base64
from kiosk.core.trust.formats.source import Source, array
from kiosk.core.trust.trustlist import AnyRow, Row, TrustList, UnusableRow, trust_list_of


def matches(source: Source) -> bool:
    """Whether it holds certificates; ask after the rows of the gateway, which begin alike."""
    return isinstance(source.json, dict) and isinstance(source.json.get("certificates"), list)


def is_signed(_source: Source) -> bool:
    """It is not."""
    return False


def load(source: Source, _keys: Sequence[bytes]) -> TrustList:
    """The mirror, as it is: nothing but the caller's word says who wrote it."""
    return trust_list_of(_rows(array(source, source.json["certificates"])), source.name)


def _rows(rows: Iterable[Any]) -> Iterator[AnyRow]:
    for row in rows:
        fields = row if isinstance(row, dict) else {}
        der, kid = from_base64(fields.get("rawData")), from_base64(fields.get("kid"))
        if der is None or kid is None:
            yield UnusableRow("no certificate or no kid")
        else:
            yield Row(der, kid)
