"""The revocation list that is installed in a state folder, its pinned key and its floor."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from kiosk.adapters.files import FileRefusedError, read_file, write_whole
from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.revocationlist import MAX_FILE, RevocationList, load
from kiosk.core.revocation.succession import Floor, check_floor, floor_of, lost

FOLDER = "revocation"  # of the state folder
LIST, FLOOR, KEY = "revocation.list", "floor.json", "list-key.pem"
_MAX_SMALL = 64 * 1024  # bytes of a key or a floor

FindKey = Callable[[], Ed25519PublicKey]


@dataclass(frozen=True)
class Installed:
    """What an installation did.

    old: the list before, None where there was none or none that could be read. lost: how many
    hashes of it that are still in force are gone. unchanged: it was this very list.
    """

    new: RevocationList
    old: RevocationList | None
    lost: int = 0
    unchanged: bool = False


def installed_list(state: Path, find_key: FindKey) -> RevocationList | None:
    """The list of a state folder; None where none was ever installed.

    find_key: for a list without a key of its own beside it. Raises RevocationError, OSError.
    """
    folder = state / FOLDER
    path, floor = folder / LIST, _floor(folder)
    if not path.is_file():
        if floor is None:
            return None
        raise RevocationError(
            str(path),
            f"version {floor.version} was installed, and is gone",
            "Install it again, or a newer one: kiosk revocation install FILE",
        )
    data = read(path)
    revoked = load(str(path), data, _pinned(folder) or find_key())
    check_floor(str(path), floor_of(revoked, data), floor)
    return revoked


def install(
    state: Path,
    path: Path,
    find_key: FindKey,
    at: datetime,
    *,
    key: Ed25519PublicKey | None = None,
    allow_fewer: bool = False,
) -> Installed:
    """Put the list in `path` in the place of the one that is installed.

    key: pinned from now on, where another one than find_key's is wanted. Nothing is written
    when anything is refused. Raises RevocationError, OSError.
    """
    folder = state / FOLDER
    pinned = _pinned(folder)
    if key is not None and pinned is not None and key != pinned:
        raise RevocationError(
            str(folder / KEY),
            "another key is pinned already",
            "Leave --key out; to change the organiser's key, take this file away on purpose.",
        )
    own = key or pinned or find_key()
    data = read(path)
    new = load(str(path), data, own)
    floor, old = _before(folder, own)
    check_floor(str(path), floor_of(new, data), floor)
    gone = lost(old, new, at) if old is not None else 0
    if gone and not allow_fewer:
        raise RevocationError(
            str(path),
            f"hashes that are still in force are not in it any more: {gone:,}",
            "Have it signed again from all sources; or, when they were withdrawn on purpose, "
            "install it with --allow-fewer.",
        )
    same = floor == floor_of(new, data)
    if key is not None and pinned is None:
        write_whole(folder / KEY, key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    if not same or not (folder / LIST).is_file():
        write_whole(folder / LIST, data)
        _write_floor(folder, floor_of(new, data))
    return Installed(new, old, gone, unchanged=same)


def read(path: Path) -> bytes:
    """The bytes of a revocation list. Raises RevocationError."""
    return _content(path, MAX_FILE, "Give a revocation list that the organiser signed.")


def public_key(path: Path) -> Ed25519PublicKey:
    """The organiser's public key in a PEM file. Raises RevocationError."""
    remedy = "Give the organiser's public key, an Ed25519 key in PEM form."
    try:
        key = load_pem_public_key(_content(path, _MAX_SMALL, remedy))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, Ed25519PublicKey):
        return key
    raise RevocationError(str(path), "not an Ed25519 public key", remedy)


def _content(path: Path, limit: int, remedy: str) -> bytes:
    try:
        return read_file(path, limit)
    except FileRefusedError as error:
        raise RevocationError(str(path), error.why, remedy) from None
    except OSError as error:
        raise RevocationError(str(path), f"cannot be read ({error.strerror})", remedy) from None


def _pinned(folder: Path) -> Ed25519PublicKey | None:
    path = folder / KEY
    return public_key(path) if path.exists() else None


def _before(folder: Path, key: Ed25519PublicKey) -> tuple[Floor | None, RevocationList | None]:
    """The floor, and the list that is there as far as it can be read."""
    floor, path = _floor(folder), folder / LIST
    if not path.is_file():
        return floor, None
    try:
        data = read(path)
        old = load(str(path), data, key)
    except RevocationError:
        return floor, None  # damaged: the floor alone bars the way back
    newest = floor_of(old, data)
    # A power cut between list and floor leaves the floor behind.
    return (newest if floor is None or newest.version > floor.version else floor), old


def _floor(folder: Path) -> Floor | None:
    path = folder / FLOOR
    if not path.exists():
        return None
    remedy = "Restore it from a copy of the state folder; it says which lists are too old."
    try:
        value = json.loads(_content(path, _MAX_SMALL, remedy))
        return Floor(int(value["version"]), bytes.fromhex(value["sha256"]))
    except RevocationError:
        raise
    except (ValueError, KeyError, TypeError, OverflowError):
        raise RevocationError(str(path), "damaged", remedy) from None


def _write_floor(folder: Path, floor: Floor) -> None:
    value = {"version": floor.version, "sha256": floor.digest.hex()}
    write_whole(folder / FLOOR, (json.dumps(value) + "\n").encode())
