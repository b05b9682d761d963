"""The badge of a member of staff: `S1:` and base45 of version, id and Ed25519 signature.

It names its bearer to a kiosk that has them in its list, and proves nothing: the PIN does that.
The organiser's key for badges signs it, in a domain of its own, so that no guest's badge is one.
"""

from __future__ import annotations

import re

from base45 import b45encode
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from kiosk.core.hcert import base45
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.signatures import ed25519_verifies

PREFIX = "S1:"
ID_LENGTH = 8  # bytes
_VERSION = b"\x01"
_BODY_LENGTH = len(_VERSION) + ID_LENGTH
_DOMAIN = b"kiosk-staff-1\x00"
_TEXT = re.compile(r"S1:[0-9A-Z $%*+\-./:]{110}", re.ASCII)  # 73 bytes


def make_staff_badge(member_id: str, key: Ed25519PrivateKey) -> str:
    """The text of the QR code of a member by the id, 16 hexadecimal digits."""
    body = _VERSION + bytes.fromhex(member_id)
    if len(body) != _BODY_LENGTH:
        raise ValueError(f"the id of a member has {ID_LENGTH} bytes")
    return PREFIX + bytes(b45encode(body + key.sign(_DOMAIN + body))).decode("ascii")


def has_staff_badge_form(text: str) -> bool:
    """Whether `text` is written as the badge of a member of staff is, whoever signed it."""
    return _bytes(text) is not None


def open_staff_badge(text: str, key: Ed25519PublicKey) -> str | None:
    """The id of the member whose badge `text` is; None where `key` did not sign it."""
    data = _bytes(text)
    if data is None:
        return None
    body, signature = data[:_BODY_LENGTH], data[_BODY_LENGTH:]
    if not ed25519_verifies(key, signature, _DOMAIN + body) or not body.startswith(_VERSION):
        return None
    return body[len(_VERSION) :].hex()


def _bytes(text: str) -> bytes | None:
    if not _TEXT.fullmatch(text):
        return None
    try:
        return base45.decode(text.removeprefix(PREFIX))
    except DecodeError:
        return None
