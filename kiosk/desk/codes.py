"""What the text of a code is by its form alone, before anything happens at a door because of it."""

from __future__ import annotations

from enum import Enum, auto

from kiosk.core.guests.badge import has_badge_form
from kiosk.core.hcert import base45
from kiosk.core.hcert.envelope import PREFIX, is_certificate, other_code
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason

SHORTEST = 64  # bytes of a compressed certificate: its signature alone has as many


class CodeKind(Enum):
    """For whom a code was made."""

    CERTIFICATE = auto()  # HC1 of the EU's specification
    BADGE = auto()  # of an organiser who uses this program
    OTHER_PASS = auto()  # a health pass of another scheme, which the desk knows by name
    FOREIGN = auto()  # nobody's who comes to a door; or noise that was read as a code


def kind_of(text: str) -> CodeKind:
    """The kind of code that `text` has the form of; whether it is genuine is not asked here."""
    if _has_certificate_form(text):
        return CodeKind.CERTIFICATE
    if has_badge_form(text):
        return CodeKind.BADGE
    if other_code(text) not in (None, Reason.CODE_UNKNOWN):
        return CodeKind.OTHER_PASS
    return CodeKind.FOREIGN


def _has_certificate_form(text: str) -> bool:
    """Whether `text` is HC1: and strict base45 (RFC 9285) of as much as a certificate has."""
    if not is_certificate(text) or len(text) > base45.MAX_TEXT:
        return False
    try:
        return len(base45.decode(text[len(PREFIX) :])) > SHORTEST
    except DecodeError:
        return False
