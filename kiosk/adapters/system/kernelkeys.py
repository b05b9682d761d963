"""The kernel's keyring of a user (Linux): it keeps a key in memory, until the PC is switched off.

See keyrings(7), add_key(2), keyctl(2). Where it is missing or forbidden, as in most containers, it
says so and keeps nothing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

from kiosk.adapters.system.keystores import KeyStoreError

_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219)}  # numbers of add_key and keyctl
_USER_KEYRING = -4  # KEY_SPEC_USER_KEYRING: of all processes of this user
_SETPERM, _UNLINK, _SEARCH, _READ, _SET_TIMEOUT = 5, 9, 10, 11, 15
_ALL_OF_ITS_USER = 0x3F3F0000  # KEY_POS_ALL | KEY_USR_ALL: after a restart nobody possesses it
_KEPT = 24 * 3600  # seconds; a day at the doors, and the night before it
_MAX = 1024  # bytes


class KernelKeyStore:
    """Implements `KeyStore` by the kernel's keyring of the user."""

    def works(self) -> bool:
        """Whether the kernel has keyrings and lets this process use them."""
        if sys.platform != "linux" or platform.machine() not in _CALLS:
            return False
        _keyctl(_SEARCH, _USER_KEYRING, b"user", b"kiosk:none", 0)
        return ctypes.get_errno() not in {38, 1}  # ENOSYS, EPERM

    def get(self, key_id: str) -> bytes | None:
        """The key of that id."""
        serial = self._serial(key_id)
        if serial is None:
            return None
        buffer = ctypes.create_string_buffer(_MAX)
        length = _keyctl(_READ, serial, buffer, _MAX, 0)
        return buffer.raw[:length] if 0 <= length <= _MAX else None

    def put(self, key_id: str, key: bytes) -> None:
        """Keep a key for a day."""
        add_key, _ = _CALLS[platform.machine()]
        serial = _call(add_key, b"user", _name(key_id), key, len(key), _USER_KEYRING)
        if serial < 0:
            raise KeyStoreError(os.strerror(ctypes.get_errno()))
        _keyctl(_SETPERM, serial, _ALL_OF_ITS_USER, 0, 0)
        _keyctl(_SET_TIMEOUT, serial, _KEPT, 0, 0)

    def drop(self, key_id: str) -> None:
        """Forget the key at once."""
        serial = self._serial(key_id)
        if serial is not None and _keyctl(_UNLINK, serial, _USER_KEYRING, 0, 0) < 0:
            raise KeyStoreError(os.strerror(ctypes.get_errno()))

    @staticmethod
    def _serial(key_id: str) -> int | None:
        serial = _keyctl(_SEARCH, _USER_KEYRING, b"user", _name(key_id), 0)
        return serial if serial > 0 else None


def _name(key_id: str) -> bytes:
    return b"kiosk:" + key_id.encode()


def _keyctl(operation: int, *arguments: object) -> int:
    _, keyctl = _CALLS[platform.machine()]
    return _call(keyctl, operation, *arguments)


def _call(number: int, *arguments: object) -> int:
    """A system call without a wrapper in the C library; the error is in ctypes.get_errno."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    ctypes.set_errno(0)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return int(libc.syscall(ctypes.c_long(number), *words))
