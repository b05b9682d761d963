"""Is a text one of ours? What was read in a patch that was drawn differently has to be."""

from __future__ import annotations

from kiosk.core.hcert import base45
from kiosk.core.hcert.errors import DecodeError

# A certificate (eHealth Network, Technical Specifications for DCC, volume 3, 2.6), and a badge.
CERTIFICATE_PREFIX, BADGE_PREFIX = "HC1:", "B1:"


def is_ours(text: str) -> bool:
    """Whether `text` has the form of a certificate or a badge: the prefix, then base45."""
    prefix = next((one for one in (CERTIFICATE_PREFIX, BADGE_PREFIX) if text.startswith(one)), None)
    if prefix is None or text == prefix:
        return False
    try:
        base45.decode(text.removeprefix(prefix))
    except DecodeError:
        return False
    return True
