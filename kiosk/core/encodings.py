"""Bytes as others write them in text."""

from __future__ import annotations

import binascii
from base64 import b64decode


def from_base64(value: object) -> bytes | None:
    """Strict base64 (RFC 4648 section 4) without white space; None for whatever is none."""
    if not isinstance(value, str):
        return None
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
