"""Key stores in memory: of a test, and as a backend of `keyring` for whole programs.

A program that a test starts has it by the variables PYTHON_KEYRING_BACKEND, which names the class,
and KIOSK_TEST_KEYRING, the file that stands for the system's key store.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from kiosk.adapters.system.keystores import KeyStoreError


class MemoryKeyStore:
    """Implements `KeyStore`. `broken` refuses, `there` is False where there is no store."""

    def __init__(self, *, there: bool = True) -> None:
        self.keys: dict[str, bytes] = {}
        self.there = there
        self.broken = False

    def works(self) -> bool:
        return self.there

    def get(self, key_id: str) -> bytes | None:
        self._check()
        return self.keys.get(key_id)

    def put(self, key_id: str, key: bytes) -> None:
        self._check()
        self.keys[key_id] = key

    def drop(self, key_id: str) -> None:
        self._check()
        self.keys.pop(key_id, None)

    def _check(self) -> None:
        if self.broken:
            raise KeyStoreError("it is locked")


class FileKeyring(KeyringBackend):
    """A backend of `keyring` that keeps everything in the file KIOSK_TEST_KEYRING."""

    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file().write_text(json.dumps(self._read() | {f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        left = self._read()
        if left.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("there is none")
        self._file().write_text(json.dumps(left))

    def _read(self) -> dict[str, str]:
        file = self._file()
        found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        return found

    @staticmethod
    def _file() -> Path:
        return Path(os.environ["KIOSK_TEST_KEYRING"])
