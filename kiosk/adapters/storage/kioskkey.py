"""The key that this kiosk signs its log with: keys/kiosk-key.pem of the state folder.

It never leaves the kiosk; what others know of it is the public half, which travels with the log.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kiosk.adapters.files import private_folder, write_whole
from kiosk.adapters.storage.database import DatabaseError

_FILE = Path("keys") / "kiosk-key.pem"


def kiosk_key(state: Path) -> Ed25519PrivateKey:
    """The key of the kiosk whose state this is; made the first time.

    Call it inside a write transaction: two screens may open at once. Raises DatabaseError.
    """
    return _loaded(state / _FILE) or _made(state / _FILE)


def known_key(state: Path) -> Ed25519PublicKey | None:
    """The public half of the kiosk's key; None where none was made yet. Raises DatabaseError."""
    key = _loaded(state / _FILE)
    return key.public_key() if key else None


def _loaded(path: Path) -> Ed25519PrivateKey | None:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DatabaseError(
            f"The kiosk's own key {path} cannot be read ({error.strerror})",
            "Give this user the right to read it.",
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise DatabaseError(
            f"{path} is not a key of a kiosk",
            "Move it aside and keep it. The next start makes another, and begins a new log.",
        )
    return key


def _made(path: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        private_folder(path.parent)
        write_whole(path, pem, private=True)
    except OSError as error:
        raise DatabaseError(
            f"The kiosk's own key {path} cannot be written ({error.strerror})",
            "Free some space, and give this user the right to write there.",
        ) from None
    return key
