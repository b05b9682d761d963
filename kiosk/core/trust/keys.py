"""Public keys that a document signer may have: P-256, or RSA of 2048 to 4096 bits."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.core.trust import der
from kiosk.core.trust.certificate import UnusableCertificateError
from kiosk.core.trust.der import DerError, Element

RSA_BITS = range(2048, 4096 + 1)
RSA_EXPONENT = 65537

_EC_PUBLIC_KEY = der.oid("1.2.840.10045.2.1")  # RFC 5480 section 2.1.1
_P256 = Element(der.OID, der.oid("1.2.840.10045.3.1.7"))
_RSA = (der.oid("1.2.840.113549.1.1.1"), der.oid("1.2.840.113549.1.1.10"))  # plain, and for PSS

SignerKey = EllipticCurvePublicKey | RSAPublicKey


def strong_key(public_key: bytes) -> SignerKey:
    """The key in the content of a SubjectPublicKeyInfo (RFC 5280 section 4.1).

    Raises UnusableCertificateError, weak where it is a key that nobody should rely on.
    """
    try:
        algorithm, parameters, bits = _parts(public_key)
        if algorithm == _EC_PUBLIC_KEY and parameters[:1] == [_P256]:
            return _point(bits)
        if algorithm in _RSA:
            return _rsa(bits)
    except DerError as error:
        raise UnusableCertificateError(f"not a usable public key: {error}") from None
    raise _weak()


def canonical(key: SignerKey) -> bytes:
    """The SubjectPublicKeyInfo of `key` in DER: the same bytes for the same key."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def in_words(key: SignerKey) -> str:
    """What kind of key it is, as in "P-256" or "RSA-2048"."""
    return f"RSA-{key.key_size}" if isinstance(key, RSAPublicKey) else "P-256"


def _parts(public_key: bytes) -> tuple[bytes, list[Element], bytes]:
    """The algorithm's identifier, its parameters, and the bits of the key."""
    found = der.elements(public_key)
    if [element.tag for element in found] != [der.SEQUENCE, der.BIT_STRING]:
        raise DerError("not an algorithm and a bit string")
    algorithm = der.elements(found[0].content)
    bits = found[1].content
    if not algorithm or algorithm[0].tag != der.OID or bits[:1] != b"\0":
        raise DerError("no algorithm, or a bit string of odd length")
    return algorithm[0].content, algorithm[1:], bits[1:]


def _point(bits: bytes) -> EllipticCurvePublicKey:
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bits)
    except ValueError:
        raise UnusableCertificateError("no point of the curve P-256", weak=True) from None


def _rsa(bits: bytes) -> RSAPublicKey:
    numbers = der.elements(der.only(bits, der.SEQUENCE))
    if [element.tag for element in numbers] != [der.INTEGER, der.INTEGER]:
        raise DerError("not two numbers")
    modulus, exponent = (int.from_bytes(element.content) for element in numbers)
    even = modulus % 2 == 0  # no product of two large primes
    if even or modulus.bit_length() not in RSA_BITS or exponent != RSA_EXPONENT:
        raise _weak()
    return RSAPublicNumbers(exponent, modulus).public_key()


def _weak() -> UnusableCertificateError:
    return UnusableCertificateError("neither P-256 nor RSA of 2048 to 4096 bits", weak=True)
