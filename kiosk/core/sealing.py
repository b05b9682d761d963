"""AES-256-GCM over single rows: what a stolen disk tells without the key is nothing.

The cipher is that of NIST SP 800-38D with a random nonce of 96 bits (section 8.2.2), which holds
for 2^32 rows under one key. Table and row id are authenticated with each row, so that none of them
can be taken for another.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_LENGTH = 32  # bytes
_NONCE_LENGTH = 12  # bytes; NIST SP 800-38D section 5.2.1.1 recommends 96 bits
_TAG_LENGTH = 16  # bytes
_VERSION = b"\x01"
_DOMAIN = b"kiosk-sealed-1\x00"
_NAME_DOMAIN = b"kiosk-key-name-1\x00"


class SealError(Exception):
    """A row that does not open: another key sealed it, or it was changed or moved since."""


class Sealer:
    """Seals and opens rows with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise ValueError(f"a data key has {KEY_LENGTH} bytes")
        self._cipher = AESGCM(key)
        self.key_name = name_of_key(key)

    def seal(self, table: str, row_id: str, data: bytes) -> bytes:
        """Version, nonce and ciphertext with its tag; 29 bytes longer than `data`."""
        nonce = secrets.token_bytes(_NONCE_LENGTH)
        return _VERSION + nonce + self._cipher.encrypt(nonce, data, _bound_to(table, row_id))

    def open(self, table: str, row_id: str, sealed: bytes) -> bytes:
        """What `seal` was given for this very row. Raises SealError."""
        body = sealed[len(_VERSION) :]
        if not sealed.startswith(_VERSION) or len(body) < _NONCE_LENGTH + _TAG_LENGTH:
            raise SealError("this is not a sealed row of this version")
        nonce, text = body[:_NONCE_LENGTH], body[_NONCE_LENGTH:]
        try:
            return self._cipher.decrypt(nonce, text, _bound_to(table, row_id))
        except InvalidTag:
            raise SealError("a row was sealed with another key, or changed since") from None

    def __repr__(self) -> str:
        """By the name of its key, which tells nothing about it."""
        return f"Sealer({self.key_name})"


def name_of_key(key: bytes) -> str:
    """Tells one random key from another without telling it: 16 hexadecimal digits of a hash."""
    return hashlib.sha256(_NAME_DOMAIN + key).hexdigest()[:16]


def _bound_to(table: str, row_id: str) -> bytes:
    """Names of tables hold no bar, so that no two rows share this."""
    return _DOMAIN + f"{table}|{row_id}".encode()
