"""Certificates as they are: PEM (any number in a file) or DER (one)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kiosk.core.encodings import from_base64
from kiosk.core.trust.formats.source import MAX_ROWS, Source, broken
from kiosk.core.trust.trustlist import AnyRow, Row, TrustList, UnusableRow, trust_list_of

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----")
_DER_SEQUENCE = 0x30


def matches(source: Source) -> bool:
    """Whether this holds a certificate."""
    return bool(_PEM.search(source.data)) or source.data[:1] == bytes([_DER_SEQUENCE])


def is_signed(_source: Source) -> bool:
    """Nobody vouches for them but the caller."""
    return False


def load(source: Source, _keys: Sequence[bytes]) -> TrustList:
    """The signers in `source`, under the kid that their own bytes give them."""
    blocks = _PEM.findall(source.data)
    if len(blocks) > MAX_ROWS:
        raise broken(source, "more certificates than any trust list")
    rows = [_row(block) for block in blocks] if blocks else [Row(source.data)]
    return trust_list_of(rows, source.name)


def _row(block: bytes) -> AnyRow:
    der = from_base64(b"".join(block.split()).decode("ascii", "replace"))
    return UnusableRow("its PEM is not base64") if der is None else Row(der)
