"""A private key in a file that may be carried about: PKCS #8, encrypted with a passphrase.

The library would stretch the passphrase by 2,048 rounds of PBKDF2, which a graphics card undoes at
millions a second. This is the same form (RFC 8018 6.2, PBES2) with scrypt instead (RFC 7914 7), as
`openssl pkcs8 -scrypt` writes it; OpenSSL reads it back, and so does the library.
"""

from __future__ import annotations

import secrets
import textwrap
from base64 import b64encode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kiosk.adapters.system.keys import KeyFileError

MIN_PASSPHRASE = 12  # characters
MAX_BACKUP = 64 * 1024  # bytes
# OWASP's Password Storage Cheat Sheet; 16 MiB, which OpenSSL's own limit of 32 still admits.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 5
_PBES2 = bytes.fromhex("06092a864886f70d01050d")  # 1.2.840.113549.1.5.13
_SCRYPT = bytes.fromhex("06092b06010401da47040b")  # 1.3.6.1.4.1.11591.4.11
_AES_256_CBC = bytes.fromhex("060960864801650304012a")  # 2.16.840.1.101.3.4.1.42
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


def encrypted_key(key: Ed25519PrivateKey, passphrase: str) -> bytes:
    """The PEM of `key`, of use only with `passphrase`. Raises KeyFileError for a short one."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise KeyFileError(
            f"A passphrase has at least {MIN_PASSPHRASE} characters: who finds the file tries them "
            "all at leisure. Four words at random are a good one."
        )
    salt, start = secrets.token_bytes(16), secrets.token_bytes(16)
    secret = Scrypt(salt, 32, _COST, _BLOCK, _PARALLEL).derive(passphrase.encode())
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    padder, encryptor = PKCS7(128).padder(), Cipher(AES(secret), CBC(start)).encryptor()
    closed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    stretched = _tagged(
        _SEQUENCE, _tagged(_OCTETS, salt), _number(_COST), _number(_BLOCK), _number(_PARALLEL)
    )
    scheme = _tagged(
        _SEQUENCE,
        _tagged(_SEQUENCE, _SCRYPT, stretched),
        _tagged(_SEQUENCE, _AES_256_CBC, _tagged(_OCTETS, start)),
    )
    whole = _tagged(_SEQUENCE, _tagged(_SEQUENCE, _PBES2, scheme), _tagged(_OCTETS, closed))
    lines = textwrap.wrap(b64encode(whole).decode(), 64)
    label = "ENCRYPTED PRIVATE KEY"
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def decrypted_key(pem: bytes, passphrase: str) -> Ed25519PrivateKey:
    """The key that `encrypted_key`, or OpenSSL, closed with `passphrase`. Raises KeyFileError."""
    try:
        key = load_pem_private_key(pem, passphrase.encode())
    except TypeError:
        raise KeyFileError("This key file has no passphrase: it is no backup of ours.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError(
            "The backup does not open: a wrong passphrase, or a damaged file. Mind capitals and "
            "the layout of the keyboard."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("The backup holds a key of another kind; badges need Ed25519.")
    return key


def _tagged(tag: int, *parts: bytes) -> bytes:
    """One element of DER (X.690 8.1); what is made here stays below 256 bytes."""
    content = b"".join(parts)
    short = len(content) < 0x80
    return bytes([tag, len(content)] if short else [tag, 0x81, len(content)]) + content


def _number(value: int) -> bytes:
    return _tagged(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1))
