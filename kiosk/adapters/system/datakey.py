"""The data key of a state folder, which opens its guests: where it is kept, how it is found.

`keys/data-key.json` tells where: in the system's key store, wrapped with a passphrase, or, where
the organiser chose that by name, in the folder itself.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kiosk.adapters.files import private_folder, sync_folder
from kiosk.adapters.system.keystores import KeyStore, KeyStoreError
from kiosk.core.sealing import KEY_LENGTH, Sealer, SealError, name_of_key

FILE = Path("keys") / "data-key.json"
MIN_PASSPHRASE = 12  # characters: whoever has the disk may try as long as they like
_VERSION = 1
_SCRYPT_N = 2**17  # with r 8 it takes 128 MiB and some 0.4 s (RFC 7914 section 2)
_SCRYPT_R = 8
_ALLOWED_N = frozenset(2**power for power in range(10, 21))  # up to 1 GiB
_WRAPPED = "data-key"  # the name by which a wrapped key is bound to what it is


class DataKeyError(Exception):
    """A data key that cannot be had: why, and the remedy."""


class WrongPassphraseError(Exception):
    """The passphrase does not open the key."""


class Kept(StrEnum):
    """Where a data key is kept."""

    SYSTEM = "system"  # the key store of the system
    PASSPHRASE = "passphrase"  # noqa: S105  # the key is wrapped in the key file
    FOLDER = "folder"  # in clear in the key file


@dataclass(frozen=True)
class KeyFile:
    """What the key file says. name: of the key (`name_of_key`). n, salt: of scrypt.

    secret: the wrapped key, or the key itself where it is kept in the folder.
    """

    id: str
    name: str
    kept: Kept
    n: int = 0
    salt: bytes = b""
    secret: bytes = b""
    version: int = _VERSION

    def __repr__(self) -> str:
        """Without the secret."""
        return f"KeyFile({self.id}, {self.kept})"


class DataKeys:
    """The data key of one state folder. `kernel` remembers a key until the PC is switched off."""

    def __init__(self, state: Path, system: KeyStore, kernel: KeyStore) -> None:
        self.path = state / FILE
        self.system, self.kernel = system, kernel

    def file(self) -> KeyFile | None:
        """What the key file says; None where there is none. Raises DataKeyError."""
        try:
            return _key_file(json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DataKeyError(
                f"The key file {self.path} cannot be read ({error.strerror}). Check its rights."
            ) from None
        except (KeyError, TypeError, ValueError):
            raise DataKeyError(
                f"{self.path} is not a key file of this version. Bring back your copy of it, or "
                "drop the guests with `kiosk purge` and import the list again."
            ) from None

    def find(self) -> bytes | None:
        """The key without asking anybody; None where there is none or a passphrase is needed.

        Raises DataKeyError.
        """
        file = self.file()
        match file:
            case None:
                return None
            case KeyFile(kept=Kept.SYSTEM):
                key = self._from_store(file)
            case KeyFile(kept=Kept.FOLDER):
                key = file.secret
            case _:
                return self._remembered(file)
        return self._checked(file, key)

    def unlock(self, passphrase: str) -> bytes:
        """The key that a passphrase wraps; the kernel remembers it from now on.

        Raises WrongPassphraseError, and DataKeyError where there is no such key.
        """
        file = self.file()
        if file is None or file.kept is not Kept.PASSPHRASE:
            raise DataKeyError("No passphrase protects this state folder. See: kiosk keys status.")
        key = _unwrapped(file, passphrase)
        self._remember(file.id, key)
        return key

    def make(self, kept: Kept, passphrase: str = "") -> bytes:
        """A new key where there is none yet. Raises DataKeyError, FileExistsError, OSError."""
        key = secrets.token_bytes(KEY_LENGTH)
        file = self._keep(KeyFile(secrets.token_hex(8), name_of_key(key), kept), key, passphrase)
        self._write(file, new=True)
        return key

    def protect(self, key: bytes, kept: Kept, passphrase: str = "") -> None:
        """Keep the same key in another way, and nowhere else. Raises DataKeyError, OSError."""
        before = self.file()
        if before is None:
            raise DataKeyError(f"There is no key in {self.path} yet.")
        after = self._keep(replace(before, kept=kept, n=0, salt=b"", secret=b""), key, passphrase)
        self._write(after, new=False)
        if before.kept is Kept.SYSTEM and kept is not Kept.SYSTEM:
            self._drop(self.system, before.id)
        if kept is not Kept.PASSPHRASE:
            self._drop(self.kernel, before.id)

    def lock(self) -> None:
        """Forget what a passphrase unlocked. Raises DataKeyError."""
        file = self.file()
        if file is not None:
            self._drop(self.kernel, file.id)

    def shred(self) -> None:
        """Destroy the key wherever it is kept: what it sealed is lost. Raises DataKeyError."""
        file = self.file()
        if file is None:
            return
        self._drop(self.kernel, file.id)
        if file.kept is Kept.SYSTEM:
            self._drop(self.system, file.id)
        self.shred_file()

    def shred_file(self) -> None:
        """Destroy the key file alone, as of a damaged one nothing is known. Raises DataKeyError."""
        try:
            length = self.path.stat().st_size
            with self.path.open("r+b") as handle:  # not a proof on flash, which writes elsewhere
                handle.write(secrets.token_bytes(length))
                handle.flush()
                os.fsync(handle.fileno())
            self.path.unlink()
            for file in self.path.parent.glob(f".{self.path.name}.*"):
                file.unlink()  # of a program that was killed while it wrote the key
        except OSError as error:
            raise DataKeyError(
                f"The key file {self.path} cannot be destroyed ({error.strerror}). Delete it."
            ) from None

    def _from_store(self, file: KeyFile) -> bytes:
        remedy = (
            "Log in as the user who imported the guests and unlock the key store; where the key is "
            "lost, drop the guests with `kiosk purge` and import the list again."
        )
        try:
            key = self.system.get(file.id)
        except KeyStoreError as error:
            raise DataKeyError(
                f"The system's key store does not answer ({error}). {remedy}"
            ) from None
        if key is None:
            raise DataKeyError(f"The system's key store has no key for {self.path}. {remedy}")
        return key

    def _remembered(self, file: KeyFile) -> bytes | None:
        try:
            key = self.kernel.get(file.id) if self.kernel.works() else None
        except KeyStoreError:
            return None
        return key if key is not None and name_of_key(key) == file.name else None

    def _remember(self, key_id: str, key: bytes) -> None:
        """So that a crash needs no passphrase. Where the kernel will not, it is asked for again."""
        try:
            if self.kernel.works():
                self.kernel.put(key_id, key)
        except KeyStoreError:
            return

    def _checked(self, file: KeyFile, key: bytes) -> bytes:
        if name_of_key(key) != file.name:
            raise DataKeyError(
                f"The key that was found is not the one of {self.path}. Bring back your copy of "
                "that file, or drop the guests with `kiosk purge` and import the list again."
            )
        return key

    def _keep(self, file: KeyFile, key: bytes, passphrase: str) -> KeyFile:
        """The key file for a key, which is in the store first. Raises DataKeyError."""
        match file.kept:
            case Kept.SYSTEM:
                try:
                    self.system.put(file.id, key)
                except KeyStoreError as error:
                    raise DataKeyError(
                        f"The system's key store does not take the key ({error}). Protect it "
                        "with a passphrase: kiosk keys protect --with passphrase."
                    ) from None
                return file
            case Kept.FOLDER:
                return replace(file, secret=key)
            case Kept.PASSPHRASE:
                self._remember(file.id, key)
                return _wrapped(file, key, passphrase)

    @staticmethod
    def _drop(store: KeyStore, key_id: str) -> None:
        try:
            if store.works():
                store.drop(key_id)
        except KeyStoreError as error:
            raise DataKeyError(
                f"A key store does not forget the key ({error}). Delete the entry kiosk/{key_id}."
            ) from None

    def _write(self, file: KeyFile, *, new: bool) -> None:
        """The whole file or none; a `new` one never over one that is there."""
        private_folder(self.path.parent)
        unfinished = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as writing:
                writing.write(_text(file))
                writing.flush()
                os.fsync(writing.fileno())
            if not new or not self._linked(unfinished):
                unfinished.replace(self.path)
            for folder in self.path.parents[:2]:  # else a power cut may leave guests without a key
                sync_folder(folder)
        finally:
            unfinished.unlink(missing_ok=True)

    def _linked(self, unfinished: Path) -> bool:
        """Whether it has its name now, which never takes the place of another's key.

        Some disks have no links. Raises FileExistsError.
        """
        try:
            self.path.hardlink_to(unfinished)
        except FileExistsError:
            raise
        except OSError:
            if self.path.exists():
                raise FileExistsError(self.path) from None
            return False
        return True


def _key_file(fields: dict[str, Any]) -> KeyFile:
    """Raises KeyError, TypeError, ValueError for anything but a key file of this version."""
    salt, secret = (base64.b64decode(fields[name], validate=True) for name in ("salt", "secret"))
    file = KeyFile(**fields | {"kept": Kept(fields["kept"]), "salt": salt, "secret": secret})
    if file.version != _VERSION or (file.kept is Kept.PASSPHRASE and file.n not in _ALLOWED_N):
        raise ValueError
    return file


def _text(file: KeyFile) -> bytes:
    encoded = {name: base64.b64encode(getattr(file, name)).decode() for name in ("salt", "secret")}
    return json.dumps(asdict(file) | encoded, indent=1).encode() + b"\n"


def check_passphrase(passphrase: str) -> str:
    """What is wrong with a new passphrase, in words; empty where nothing is."""
    if len(passphrase) < MIN_PASSPHRASE:
        return f"A passphrase has {MIN_PASSPHRASE} characters or more; four words will do."
    if len(set(passphrase)) < MIN_PASSPHRASE // 2 or passphrase.isdigit():
        return "This is guessed too soon. Take four words."
    return ""


def _wrapped(file: KeyFile, key: bytes, passphrase: str) -> KeyFile:
    salt = secrets.token_bytes(16)
    wrapping = _stretched(passphrase, salt, _SCRYPT_N)
    secret = Sealer(wrapping).seal(_WRAPPED, file.id, key)
    return replace(file, n=_SCRYPT_N, salt=salt, secret=secret)


def _unwrapped(file: KeyFile, passphrase: str) -> bytes:
    wrapping = _stretched(passphrase, file.salt, file.n)
    try:
        return Sealer(wrapping).open(_WRAPPED, file.id, file.secret)
    except SealError:
        raise WrongPassphraseError from None


def _stretched(passphrase: str, salt: bytes, n: int) -> bytes:
    secret = passphrase.encode("utf-8", "surrogateescape")  # a terminal of another encoding
    return Scrypt(salt=salt, length=KEY_LENGTH, n=n, r=_SCRYPT_R, p=1).derive(secret)
