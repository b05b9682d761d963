"""Certificates as they are: PEM (any number in a file) or DER (one)."""

from __future__ import annotations

import re

from kiosk.core.trust.formats.source import Source, broken, from_base64
from kiosk.core.trust.signer import kid_of
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----")
_DER_SEQUENCE = 0x30


def matches(source: Source) -> bool:
    """Whether this holds a certificate."""
    return bool(_PEM.search(source.data)) or source.data[:1] == bytes([_DER_SEQUENCE])


def load(source: Source) -> TrustList:
    """The signers in `source`, under the kid that their own bytes give them."""
    blocks = _PEM.findall(source.data)
    ders = [_unwrapped(source, block) for block in blocks] if blocks else [source.data]
    return trust_list_of((Row(der, kid_of(der)) for der in ders), source.name)


def _unwrapped(source: Source, block: bytes) -> bytes:
    der = from_base64(b"".join(block.split()).decode("ascii", "replace"))
    if der is None:
        raise broken(source, "a PEM block is not base64")
    return der
