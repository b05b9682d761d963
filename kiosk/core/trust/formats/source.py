"""What every importer is handed, what it may raise, and the pinned keys it may need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from kiosk.core.signatures import es256_verifies
from kiosk.core.trust.keys import canonical
from kiosk.core.trust.trustlist import TrustList

MAX_SOURCE = 20 * 1024 * 1024  # bytes; the largest real list is below 3 MB
MAX_ROWS = 20_000  # the largest real list has some 1,000


@dataclass(frozen=True)
class Source:
    """A trust list as it came: a name for people, its bytes, a detached signature if there is."""

    name: str
    data: bytes = field(repr=False)
    signature: bytes | None = field(default=None, repr=False)

    @cached_property
    def json(self) -> Any:
        """Its content as JSON; None where it is none, or too large for any list."""
        return json_value(self.data)


class TrustSourceError(ValueError):
    """A source that must not be believed or cannot be read: what, why, and the remedy."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name}: {problem}. {remedy}")
        self.name = name
        self.problem = problem
        self.remedy = remedy


class Importer(Protocol):
    """What a module of this package gives for its form; see docs/trust-lists.md."""

    def matches(self, source: Source) -> bool:
        """Whether `source` is of this form. Looks only; raises nothing."""

    def is_signed(self, source: Source) -> bool:
        """Whether a source of this form carries a signature, so that a key must be given."""

    def load(self, source: Source, keys: Sequence[bytes]) -> TrustList:
        """The list, checked against one of the pinned `keys` (PEM) if it is signed.

        Raises TrustSourceError.
        """


def signed_by(source: Source, keys: Sequence[bytes], data: bytes, signature: bytes) -> str:
    """The fingerprint of the pinned key with which `signature` (r || s) over `data` verifies.

    ECDSA with SHA-256 on P-256. Raises TrustSourceError where none does.
    """
    if not keys:
        raise TrustSourceError(
            source.name,
            "this list is signed, and no key is pinned for it",
            "Give its signing key (--key PEM, or list-key.pem beside the list).",
        )
    for key in [pinned_key(source, pem) for pem in keys]:
        if es256_verifies(key, signature, data):
            return fingerprint(key)
    raise untrue(source)


def untrue(source: Source) -> TrustSourceError:
    """A source whose signature is not that of a pinned key."""
    return TrustSourceError(
        source.name,
        "its signature does not verify against the pinned key",
        "Fetch list and key again from their publisher; do not use this file.",
    )


def pinned_key(source: Source, pem: bytes) -> EllipticCurvePublicKey:
    """A pinned P-256 key, from a PEM public key or certificate. Raises TrustSourceError."""
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


def fingerprint(key: EllipticCurvePublicKey) -> str:
    """The first 16 bytes of SHA-256 over the SubjectPublicKeyInfo, in hexadecimal."""
    return hashlib.sha256(canonical(key)).hexdigest()[:32]


def broken(source: Source, problem: str) -> TrustSourceError:
    """A source whose content is damaged."""
    return TrustSourceError(source.name, problem, "Fetch the list again from its publisher.")


def json_value(data: bytes) -> Any:
    """The JSON value that `data` is; None where it is none, or too large for any list."""
    if len(data) > MAX_SOURCE:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def array(source: Source, value: object) -> list[Any]:
    """The rows of a list. Raises TrustSourceError where `value` cannot be them."""
    if not isinstance(value, list):
        raise broken(source, "holds no certificates")
    if len(value) > MAX_ROWS:
        raise broken(source, "more rows than any trust list")
    return value


def aware(value: object) -> datetime | None:
    """A point in time in ISO 8601, in UTC; None for what is none or has no zone."""
    try:
        stamp = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return stamp.astimezone(UTC) if stamp.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None
