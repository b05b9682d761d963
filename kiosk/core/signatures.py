"""The three kinds of signature that anything here rests on, each verified in one place.

The key decides the algorithm: P-256 is ES256 (RFC 9053), RSA is PS256 (RFC 8230), Ed25519 is the
organiser's own (RFC 8032). Each function says yes or no and raises nothing.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ES256_SIGNATURE = 64  # bytes, r || s (RFC 9053 section 2.1)
PS256_SALT = 32  # bytes (RFC 8230 section 2)

# Made once: they hold no state, and making them costs a fiftieth of a verification.
_SHA256 = SHA256()
_ES256 = ECDSA(_SHA256)
_PS256 = PSS(MGF1(_SHA256), PS256_SALT)


def es256_verifies(key: EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the P-256 `key` made this `signature` (r || s) over `data`."""
    if len(signature) != ES256_SIGNATURE:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key.verify(encode_dss_signature(r, s), data, _ES256)
    except InvalidSignature:
        return False
    return True


def ps256_verifies(key: RSAPublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the document signer's RSA `key` made this COSE `signature` over `data`."""
    try:
        key.verify(signature, data, _PS256, _SHA256)
    except InvalidSignature:
        return False
    return True


def verifies(key: EllipticCurvePublicKey | RSAPublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the document signer's `key` (P-256 or RSA) made this COSE `signature` over `data`."""
    if isinstance(key, EllipticCurvePublicKey):
        return es256_verifies(key, signature, data)
    return ps256_verifies(key, signature, data)


def ed25519_verifies(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the organiser's `key` made this `signature` over `data`."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


# Of the curve (RFC 8032 section 5.1): its field, and d.
_FIELD = 2**255 - 19
_D = -121665 * pow(121666, -1, _FIELD) % _FIELD
# Of a point of order 8; with 0, 1 and their negatives these are the points of small order.
_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8})


def sound_ed25519(key: Ed25519PublicKey) -> bool:
    """Whether `key` is a point of the curve, in its one encoding, and not of small order.

    Under a key of small order one fixed signature verifies for every message, and the library
    takes such a key.
    """
    y = int.from_bytes(key.public_bytes_raw(), "little") & (2**255 - 1)
    if y >= _FIELD or y in _SMALL_ORDER:
        return False
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _FIELD) % _FIELD
    return pow(x_squared, (_FIELD - 1) // 2, _FIELD) == 1
