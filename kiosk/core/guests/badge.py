"""The badge code: `B1:` and base45 of version, event, opaque id, Ed25519 signature.

It holds no name. The organiser's key signs; every kiosk holds the public key alone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from base45 import b45encode
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from kiosk.core.hcert import base45
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from kiosk.core.signatures import ed25519_verifies

if TYPE_CHECKING:  # which needs ID_LENGTH
    from kiosk.core.guests.reserve import ReserveBadge

PREFIX = "B1:"
ID_LENGTH = 8  # bytes
_VERSION = 1
_EVENT_LENGTH = 4  # bytes of SHA-256 over the event's id
_BODY_LENGTH = 1 + _EVENT_LENGTH + ID_LENGTH
_LENGTH = _BODY_LENGTH + 64
_DOMAIN = b"kiosk-badge-1\x00"  # a signature for one purpose is of no use for another
_PSEUDONYM = b"kiosk-guest-1\x00"
_TEXT = re.compile(r"B1:[0-9A-Z $%*+\-./:]{115,118}", re.ASCII)


@dataclass(frozen=True)
class Badge:
    """A badge that the organiser made for this event, by its opaque id."""

    id: bytes


@dataclass(frozen=True)
class BadgeProblem:
    """Why a badge does not count; `blank` is it, where it is one of the reserve."""

    reason: Reason
    blank: ReserveBadge | None = None


def make_badge(badge_id: bytes, event_id: str, key: Ed25519PrivateKey) -> str:
    """The text of the QR code: 119 characters, a version 5 code at level M."""
    if len(badge_id) != ID_LENGTH:
        raise ValueError(f"a badge id has {ID_LENGTH} bytes")
    body = bytes([_VERSION]) + _event_mark(event_id) + badge_id
    return PREFIX + bytes(b45encode(body + key.sign(_DOMAIN + body))).decode("ascii")


def pseudonym_of(badge_id: bytes) -> str:
    """The id of a guest who is known by this badge for the first time: 16 hexadecimal digits.

    It follows from the badge, so that desks that cannot speak to each other mean one guest.
    """
    return hashlib.sha256(_PSEUDONYM + badge_id).hexdigest()[:16]


def is_badge(text: str) -> bool:
    """Whether `text` claims to be a badge."""
    return text.startswith(PREFIX)


def has_badge_form(text: str) -> bool:
    """Whether `text` is written as a badge is, whoever signed it."""
    return _bytes(text) is not None


def open_badge(text: str, event_id: str, key: Ed25519PublicKey) -> Badge | BadgeProblem:
    """The badge in `text`, whose signature is checked before anything in it is believed."""
    data = _bytes(text)
    if data is None:
        return BadgeProblem(Reason.BADGE_FORGED)
    body, signature = data[:_BODY_LENGTH], data[_BODY_LENGTH:]
    other_event = body[1 : 1 + _EVENT_LENGTH] != _event_mark(event_id)
    if not ed25519_verifies(key, signature, _DOMAIN + body):
        # Each event may have its own key, so another event's badge cannot be told for certain.
        return BadgeProblem(Reason.BADGE_OTHER_EVENT if other_event else Reason.BADGE_FORGED)
    if body[0] != _VERSION:
        return BadgeProblem(Reason.BADGE_FORGED)
    if other_event:
        return BadgeProblem(Reason.BADGE_OTHER_EVENT)
    return Badge(body[1 + _EVENT_LENGTH :])


def _event_mark(event_id: str) -> bytes:
    return hashlib.sha256(event_id.encode()).digest()[:_EVENT_LENGTH]


def _bytes(text: str) -> bytes | None:
    if not _TEXT.fullmatch(text):
        return None
    try:
        data = base45.decode(text.removeprefix(PREFIX))
    except DecodeError:
        return None
    return data if len(data) == _LENGTH else None
