"""Key files of the state folder: PEM, readable by the owner alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

_PRIVATE = Path("keys") / "badge-key.pem"
_PUBLIC = Path("keys") / "badge-key.pub.pem"


class KeyFileError(Exception):
    """A key file that is missing or unusable: what, and the remedy."""


def badge_signing_key(state: Path) -> Ed25519PrivateKey:
    """The organiser's key for badges; made the first time. Raises KeyFileError, OSError."""
    path = state / _PRIVATE
    if path.exists():
        key = _loaded(path, lambda data: load_pem_private_key(data, None))
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileError(f"{path} is not an Ed25519 key. Restore it from your copy.")
        if not (state / _PUBLIC).exists():  # an interrupted start, or a lost file
            _write(state / _PUBLIC, _public_pem(key))
        return key
    if (state / _PUBLIC).exists():
        raise KeyFileError(
            f"{state / _PUBLIC} is here without its private half: this is a kiosk, not the "
            "organiser's PC. Make badges where the key is."
        )
    return _make(path, state / _PUBLIC)


def badge_public_key(state: Path) -> Ed25519PublicKey:
    """The key that badges are checked with. Raises KeyFileError."""
    path = state / _PUBLIC
    key = _loaded(path, load_pem_public_key)
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{path} is not an Ed25519 public key. Copy it again.")
    return key


def _loaded(path: Path, load: Callable[[bytes], object]) -> object:
    try:
        return load(path.read_bytes())
    except FileNotFoundError:
        raise KeyFileError(
            f"The badge key {path} is missing. Make it with `kiosk badges FOLDER --event FILE "
            f"--state {path.parents[1]}`, or copy it from the organiser's PC."
        ) from None
    except OSError as error:
        raise KeyFileError(
            f"The badge key {path} cannot be read ({error.strerror}). Check its permissions."
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"{path} is not a key in PEM form. Copy it again.") from None


def _make(private: Path, public: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    private.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The public half last: while it is missing, the next start writes it.
    _write(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(public, _public_pem(key))
    return key


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
