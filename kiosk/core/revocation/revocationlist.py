"""The revocation list of an organiser: signed, with version, issue and expiry time.

One file: a line that names the form, a line of JSON, the hashes, their ends, and the organiser's
Ed25519 signature over everything before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.hashes import MAX_HASHES, RevokedHashes
from kiosk.core.revocation.marks import MARK
from kiosk.core.signatures import ed25519_verifies, sound_ed25519

FORMAT = b"kiosk-revocation-1\n"  # signed too: the signature is of no use for anything else
MAX_HEADER = 64 * 1024  # bytes
MAX_VERSION = 2**31 - 1
MAX_SOURCES = 200
_END = 4  # bytes
_SIGNATURE = 64  # bytes (RFC 8032 section 5.1.6)
MAX_FILE = len(FORMAT) + MAX_HEADER + MAX_HASHES * (MARK + _END) + _SIGNATURE
_AGAIN = "Fetch the file again from the organiser; do not use this one."


@dataclass(frozen=True)
class RevocationList:
    """Which certificates are revoked, as known at `issued_at`.

    version: grows with each list of an organiser. issued_at, expires_at: aware; past its end a
    list still counts, and staff are told. sources: where it came from, in words, for people.
    """

    version: int
    issued_at: datetime
    expires_at: datetime
    sources: tuple[str, ...]
    hashes: RevokedHashes = field(repr=False, compare=False)


def matches(data: bytes) -> bool:
    """Whether `data` says that it is of this form."""
    return data.startswith(FORMAT)


def dump(revoked: RevocationList, key: Ed25519PrivateKey) -> bytes:
    """`revoked` in this form, signed with the organiser's key."""
    header = {
        "version": revoked.version,
        "issued_at": revoked.issued_at.isoformat(),
        "expires_at": revoked.expires_at.isoformat(),
        "hashes": len(revoked.hashes),
        "sources": list(revoked.sources[:MAX_SOURCES]),
    }
    line = json.dumps(header).encode() + b"\n"
    body = FORMAT + line + revoked.hashes.values() + revoked.hashes.ends()
    return body + key.sign(body)


def load(name: str, data: bytes, key: Ed25519PublicKey) -> RevocationList:
    """The list in `data`, which nothing is read of before its signature verified.

    Raises RevocationError.
    """
    if not sound_ed25519(key):
        raise RevocationError(
            name, "the pinned key is one that proves nothing", "Copy the organiser's key again."
        )
    if not matches(data) or len(data) > MAX_FILE:
        raise RevocationError(name, "not a signed revocation list", _AGAIN)
    body, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if not ed25519_verifies(key, signature, body):
        raise RevocationError(
            name, "its signature does not verify against the organiser's key", _AGAIN
        )
    try:
        return _read(body[len(FORMAT) :])
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        raise RevocationError(
            name,
            "signed, but not of the form kiosk-revocation-1",
            "It was made by another version of this program: install the same one on both PCs.",
        ) from None


def _read(body: bytes) -> RevocationList:
    line, separator, rest = body.partition(b"\n")
    if not separator or len(line) > MAX_HEADER:
        raise ValueError("no header")
    header = json.loads(line)
    version, count = header["version"], header["hashes"]
    if type(version) is not int or not 1 <= version <= MAX_VERSION:
        raise ValueError("no version")
    if type(count) is not int or len(rest) != count * (MARK + _END):
        raise ValueError("another number of hashes")
    return RevocationList(
        version=version,
        issued_at=_stamp(header["issued_at"]),
        expires_at=_stamp(header["expires_at"]),
        sources=_lines(header["sources"]),
        hashes=RevokedHashes(rest[: count * MARK], rest[count * MARK :]),
    )


def _stamp(value: Any) -> datetime:
    stamp = datetime.fromisoformat(value)
    if stamp.tzinfo is None:
        raise ValueError("without a zone")
    return stamp


def _lines(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_SOURCES:
        raise ValueError("no list of sources")
    return tuple(str(line) for line in value)
