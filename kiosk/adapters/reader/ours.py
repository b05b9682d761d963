"""Is a text one of ours? What was read in a patch that was drawn differently has to be."""

from __future__ import annotations

from kiosk.core.hcert import base45
from kiosk.core.hcert.envelope import PREFIX as CERTIFICATE_PREFIX
from kiosk.core.hcert.errors import DecodeError

BADGE_PREFIX = "B1:"  # core/guests/badge has it too, with keys, which a reader's process has not


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
