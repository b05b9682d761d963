"""Where the system keeps secrets for a user: its key store, by the library `keyring`.

Windows Credential Manager (DPAPI), the Keychain of macOS, Secret Service or KWallet on Linux.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from threading import Thread
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")
PATIENCE = 120.0  # seconds: somebody types the password of the login
_SERVICE = "kiosk"
_GOOD = 1  # keyring's priority from which a backend is recommended; files in clear have less


class KeyStoreError(Exception):
    """A key store that does not do what it is asked for; tells nothing of a key."""


class KeyStore(Protocol):
    """Keeps keys under the id of a state folder."""

    def works(self) -> bool:
        """Whether it is there and keeps secrets well."""
        ...

    def get(self, key_id: str) -> bytes | None:
        """The key of that id, None where it has none. Raises KeyStoreError."""
        ...

    def put(self, key_id: str, key: bytes) -> None:
        """Keep a key. Raises KeyStoreError."""
        ...

    def drop(self, key_id: str) -> None:
        """Forget the key, if it is there. Raises KeyStoreError."""
        ...


class SystemKeyStore:
    """Implements `KeyStore` by the key store of the system, for the user who is logged in.

    Where it is locked the system itself may ask for the password of the login, so that an answer
    can take as long as somebody types.
    """

    def works(self) -> bool:
        """Whether there is one that `keyring` recommends: never a file in clear."""
        import keyring

        try:
            return _answered(lambda: float(keyring.get_keyring().priority)) >= _GOOD
        except KeyStoreError:
            return False

    def get(self, key_id: str) -> bytes | None:
        """The key of that id."""
        import keyring

        text = _answered(lambda: keyring.get_password(_SERVICE, key_id))
        try:
            return None if text is None else base64.b64decode(text, validate=True)
        except binascii.Error:
            return None

    def put(self, key_id: str, key: bytes) -> None:
        """Keep a key, and look whether it is there."""
        import keyring

        text = base64.b64encode(key).decode()
        _answered(lambda: keyring.set_password(_SERVICE, key_id, text))
        if self.get(key_id) != key:
            raise KeyStoreError("it does not give back what it took")

    def drop(self, key_id: str) -> None:
        """Forget the key."""
        import keyring

        if self.get(key_id) is not None:
            _answered(lambda: keyring.delete_password(_SERVICE, key_id))


def _answered(call: Callable[[], Answer]) -> Answer:
    """What a call to the key store gives, in a thread that may be left behind: some never answer.

    Raises KeyStoreError, by the name of the error: its words may quote anything.
    """
    answers: list[Answer] = []
    errors: list[str] = []

    def ask() -> None:
        try:
            answers.append(call())
        except Exception as error:  # noqa: BLE001  # a thread's top; each backend has its own
            errors.append(type(error).__name__)

    thread = Thread(target=ask, name="key store", daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if answers:
        return answers[0]
    raise KeyStoreError(errors[0] if errors else f"no answer within {PATIENCE:g} s")
