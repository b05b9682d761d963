"""The key that signs badges: two PEM files of the state folder.

keys/badge-key.pem is the private half, on the organiser's PC alone and readable by its owner
alone; keys/badge-key.pub.pem is what every kiosk checks badges with. Each is written whole, and
the public half is written again wherever it is missing beside its private one. So a start that
was cut short leaves a pair that agrees; one that does not agree is told of and never used.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
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

from kiosk.adapters.files import private_folder, sync_folder, write_whole

_PRIVATE = Path("keys") / "badge-key.pem"
_PUBLIC = Path("keys") / "badge-key.pub.pem"
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"
FINGERPRINT = 8  # bytes of SHA-256 over the public key: enough for two people on a telephone


class KeyFileError(Exception):
    """A key file that is missing or unusable: what, and the remedy."""


@dataclass(frozen=True)
class KeyFile:
    """One file of the pair. modified: aware. mode: permission bits of POSIX."""

    path: Path
    key: Ed25519PublicKey
    modified: datetime
    mode: int

    @property
    def open_to_others(self) -> bool:
        """Whether another user of this machine may read or change it; Windows does not say."""
        return os.name != "nt" and bool(self.mode & 0o077)


@dataclass(frozen=True)
class KeyPair:
    """Which files there are."""

    private: KeyFile | None
    public: KeyFile | None

    @property
    def torn(self) -> bool:
        """Whether both are there and are not of one key."""
        return bool(self.private and self.public and self.private.key != self.public.key)


def present_signing_key(state: Path) -> Ed25519PrivateKey | None:
    """The organiser's key for badges, where it is here; it is not made. Raises KeyFileError."""
    return badge_signing_key(state) if (state / _PRIVATE).exists() else None


def badge_signing_key(state: Path) -> Ed25519PrivateKey:
    """The organiser's key for badges; made the first time. Raises KeyFileError, OSError."""
    if (state / _PRIVATE).exists():
        key = _private_key(state)
        if not (state / _PUBLIC).exists():
            write_whole(state / _PUBLIC, public_pem(key.public_key()))
        if badge_public_key(state) != key.public_key():
            raise _torn(state)
        return key
    if (state / _PUBLIC).exists():
        raise KeyFileError(
            f"{state / _PUBLIC} is here without its private half: this is a kiosk, not the "
            "organiser's PC. Make badges where the key is. A desk that has no key hands out a "
            "blank badge of its reserve and binds it to the guest."
        )
    return make_badge_key(state)


def badge_public_key(state: Path) -> Ed25519PublicKey:
    """The key that badges are checked with. Raises KeyFileError."""
    return public_key_of(_read(state / _PUBLIC), state / _PUBLIC)


def make_badge_key(state: Path) -> Ed25519PrivateKey:
    """A new key where there is none. Raises KeyFileError, OSError."""
    if (state / _PRIVATE).exists() or (state / _PUBLIC).exists():
        raise KeyFileError(f"There is a badge key in {state / 'keys'} already; it is kept.")
    key = Ed25519PrivateKey.generate()
    put_badge_key(state, key)
    return key


def put_badge_key(state: Path, key: Ed25519PrivateKey) -> None:
    """Put `key` in the place of whatever pair there is. Raises OSError.

    The old public half goes first: whenever this is cut short, the private half that is there has
    no other one beside it, and its own is written at the next start.
    """
    folder = (state / _PRIVATE).parent
    private_folder(folder)
    (state / _PUBLIC).unlink(missing_ok=True)
    sync_folder(folder)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(state / _PRIVATE, pem, private=True)
    write_whole(state / _PUBLIC, public_pem(key.public_key()))


def put_public_key(state: Path, key: Ed25519PublicKey, *, instead: bool = False) -> None:
    """Make `key` the one that badges are checked with here. Raises KeyFileError, OSError.

    instead: also where another one is there already.
    """
    pair = badge_keys(state)
    if pair.private and pair.private.key != key:
        raise KeyFileError(
            f"{pair.private.path} signs badges here, and this is another key's public half. Take "
            "it in on a kiosk, with its own --state; or restore the private key of that one."
        )
    if pair.public and pair.public.key != key and not instead:
        raise KeyFileError(
            f"{pair.public.path} is another key ({fingerprint(pair.public.key)}): badges that it "
            "signed would no longer be believed here. If they are to die, add --force."
        )
    private_folder((state / _PUBLIC).parent)
    write_whole(state / _PUBLIC, public_pem(key))


def badge_keys(state: Path) -> KeyPair:
    """Which halves are here, without making any. Raises KeyFileError for one that is damaged."""
    private = public = None
    if (state / _PRIVATE).exists():
        private = _key_file(state / _PRIVATE, _private_key(state).public_key())
    if (state / _PUBLIC).exists():
        public = _key_file(state / _PUBLIC, badge_public_key(state))
    return KeyPair(private, public)


def own_badge_key(state: Path) -> Ed25519PrivateKey:
    """The private key that is here; never makes one. Raises KeyFileError."""
    pair = badge_keys(state)
    if pair.torn:
        raise _torn(state)
    return _private_key(state)


def public_key_of(pem: bytes, source: Path) -> Ed25519PublicKey:
    """The Ed25519 public key in `pem`. Raises KeyFileError."""
    key = _parsed(source, lambda: load_pem_public_key(pem))
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{source} is not an Ed25519 public key. Copy it again.")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The form in which the public half travels."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Four words that can be said: 64 bits of SHA-256 over the public key.

    As proquints: five letters for 16 bits (Wilkerson, arXiv 0901.4016).
    """
    digest = hashlib.sha256(key.public_bytes_raw()).digest()[:FINGERPRINT]
    pairs = [int.from_bytes(digest[at : at + 2]) for at in range(0, FINGERPRINT, 2)]
    return "-".join(map(proquint, pairs))


def proquint(number: int) -> str:
    """The 16 bits of `number` as consonant, vowel, consonant, vowel, consonant."""
    word = ""
    for letters, shift in zip(
        (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS), (12, 10, 6, 4, 0), strict=True
    ):
        word += letters[(number >> shift) % len(letters)]
    return word


def _torn(state: Path) -> KeyFileError:
    return KeyFileError(
        f"{state / _PRIVATE} and {state / _PUBLIC} are not of one key. Find out with which one "
        "the badges were printed (`kiosk keys show`). If it is the private one, delete the public "
        "file: it is written again. If not, restore the right one with `kiosk keys restore`."
    )


def _private_key(state: Path) -> Ed25519PrivateKey:
    path = state / _PRIVATE
    pem = _read(path)
    key = _parsed(path, lambda: load_pem_private_key(pem, None))
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is not an Ed25519 key. Restore it from your copy.")
    return key


def _key_file(path: Path, key: Ed25519PublicKey) -> KeyFile:
    status = path.stat()
    modified = datetime.fromtimestamp(status.st_mtime, UTC)
    return KeyFile(path, key, modified, status.st_mode & 0o777)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise KeyFileError(
            f"The badge key {path} is missing. Make it with `kiosk keys make "
            f"--state {path.parents[1]}`, or take in the organiser's: `kiosk keys import --public "
            "FILE`."
        ) from None
    except OSError as error:
        raise KeyFileError(
            f"The badge key {path} cannot be read ({error.strerror}). Check its permissions."
        ) from None


def _parsed(path: Path, load: Callable[[], object]) -> object:
    try:
        return load()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"{path} is not a key in PEM form. Copy it again.") from None
