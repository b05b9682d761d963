"""Where the system keeps secrets for a user: its key store, by the library `keyring`.

Windows Credential Manager (DPAPI), the Keychain of macOS, Secret Service or KWallet on Linux.
"""

from __future__ import annotations

import base64
import binascii
from typing import Protocol

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
    """Implements `KeyStore` by the key store of the system, for the user who is logged in."""

    def works(self) -> bool:
        """Whether there is one that `keyring` recommends: never a file in clear."""
        import keyring

        return float(keyring.get_keyring().priority) >= _GOOD

    def get(self, key_id: str) -> bytes | None:
        """The key of that id."""
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(_SERVICE, key_id)
            return None if text is None else base64.b64decode(text, validate=True)
        except (KeyringError, OSError, RuntimeError) as error:
            raise KeyStoreError(type(error).__name__) from None
        except binascii.Error:
            return None

    def put(self, key_id: str, key: bytes) -> None:
        """Keep a key, and look whether it is there."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, key_id, base64.b64encode(key).decode())
        except (KeyringError, OSError, RuntimeError) as error:
            raise KeyStoreError(type(error).__name__) from None
        if self.get(key_id) != key:
            raise KeyStoreError("it does not give back what it took")

    def drop(self, key_id: str) -> None:
        """Forget the key."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(_SERVICE, key_id)
        except PasswordDeleteError:
            return
        except (KeyringError, OSError, RuntimeError) as error:
            raise KeyStoreError(type(error).__name__) from None
