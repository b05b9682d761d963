"""What every importer is handed, what it may raise, and the pinned key it may need."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MAX_SOURCE = 20 * 1024 * 1024  # bytes; the largest real list is below 3 MB


@dataclass(frozen=True)
class Source:
    """A trust list as it came: a name for people, its bytes, a detached signature if there is."""

    name: str
    data: bytes = field(repr=False)
    signature: bytes | None = field(default=None, repr=False)


class TrustSourceError(ValueError):
    """A source that must not be believed or cannot be read: what, why, and the remedy."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name}: {problem}. {remedy}")
        self.name = name
        self.problem = problem
        self.remedy = remedy


def pinned_key(source: Source, pem: bytes | None) -> EllipticCurvePublicKey:
    """The pinned P-256 key of a signed list, from a PEM public key or certificate."""
    if pem is None:
        raise TrustSourceError(
            source.name,
            "this list is signed, and no key is pinned for it",
            "Give its signing key (--trust-key PEM, or list-key.pem beside the list).",
        )
    try:
        if b"BEGIN CERTIFICATE" in pem:
            key: object = x509.load_pem_x509_certificate(pem).public_key()
        else:
            key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise TrustSourceError(
        source.name,
        "the pinned key is not a P-256 public key in PEM form",
        "Give the file that the publisher of the list names as its signing key.",
    )


def broken(source: Source, problem: str) -> TrustSourceError:
    """A source whose content is damaged."""
    return TrustSourceError(source.name, problem, "Fetch the list again from its publisher.")


def json_object(source: Source, data: bytes) -> dict[str, Any]:
    """The JSON object in `data`. Raises TrustSourceError."""
    if len(data) > MAX_SOURCE:
        raise broken(source, "larger than any trust list")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise broken(source, "not JSON") from None
    if not isinstance(value, dict):
        raise broken(source, "not a JSON object")
    return value


def from_base64(value: object) -> bytes | None:
    """Strict base64, or None."""
    if not isinstance(value, str):
        return None
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
