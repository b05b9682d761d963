"""The German list (ubirch): a signature line, then JSON with rows as the EU gateway gives them.

Line 1 is base64 of r || s (64 bytes), ECDSA P-256 with SHA-256 over the JSON stripped of white
space at its ends; the key is pinned.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence

from kiosk.core.trust.formats import gateway
from kiosk.core.trust.formats.source import Source, broken, json_value, signed_by
from kiosk.core.trust.provenance import Signature
from kiosk.core.trust.trustlist import TrustList

_SIGNATURE_LINE = re.compile(rb"\s*([A-Za-z0-9+/]{86}==)\r?\n")


def matches(source: Source) -> bool:
    """Whether it begins with a signature line."""
    return bool(_SIGNATURE_LINE.match(source.data))


def is_signed(_source: Source) -> bool:
    """It is: without its first line it is taken for rows of the gateway."""
    return True


def load(source: Source, keys: Sequence[bytes]) -> TrustList:
    """The list, once its signature verified against a pinned key."""
    line = _SIGNATURE_LINE.match(source.data)
    assert line is not None  # noqa: S101  # it matches
    body = source.data[line.end() :].strip()
    key = signed_by(source, keys, body, b64decode(line.group(1)))
    document = json_value(body)
    if not isinstance(document, dict):
        raise broken(source, "not a JSON object")
    return gateway.load_rows(source, document, Signature.CHECKED, key)
