"""The genuine certificates that are mutated, of signers with the same keys in every run.

Keys, salts and nonces follow from constants, so that a number names the same input in every run.
They are nobody's: each is made here, and trusted by the fuzzer alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import claims

Signed = tuple[bytes, bytes]  # the protected header and the payload that a signer signed
_EXPONENT = 65537
_SALT = 32  # bytes (RFC 8230 section 2)


class SeededIssuer(Issuer):
    """A signer whose signatures follow from what it signs (RFC 6979; for RSA, a salt that does)."""

    @property
    def kid(self) -> bytes:
        """A constant; that of the certificate changes with each run."""
        return b"fuzz-ec1" if isinstance(self.key, ec.EllipticCurvePrivateKey) else b"fuzz-rsa"

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
            r, s = decode_dss_signature(self.key.sign(data, algorithm))
            return r.to_bytes(32) + s.to_bytes(32)
        return _pss(self.key, data)


@cache
def p256() -> Issuer:
    """The signer of ES256."""
    key = ec.derive_private_key(int.from_bytes(b"fuzz" * 7), ec.SECP256R1())
    return SeededIssuer(key, make_issuer("XF", key=key).certificate, "XF")


@cache
def rsa2048() -> Issuer:
    """The signer of PS256."""
    key = _rsa_key(Random("fuzz"))  # nobody's key, on purpose
    return SeededIssuer(key, make_issuer("XR", key=key).certificate, "XR")


def trusted() -> TrustList:
    """Both signers."""
    issuers = (p256(), rsa2048())
    return trust_list_of([Row(one.certificate, one.kid) for one in issuers], "the fuzzer")


@dataclass(frozen=True)
class Original:
    """A genuine certificate, as the text of its code and taken apart."""

    text: str
    message: bytes
    parts: tuple[bytes, dict[int, object], bytes, bytes]

    @property
    def signed(self) -> Signed:
        """What its signer signed."""
        return self.parts[0], self.parts[2]


@cache
def originals() -> tuple[Original, ...]:
    """Each kind of statement by each signer, and the forms that the standards allow."""
    return tuple(map(_original, _texts()))


def _texts() -> Iterator[str]:
    for issuer in (p256(), rsa2048()):
        for group in "vtr":
            yield issuer.sign(claims(group))
    both = {1: -7, 4: p256().kid}
    payload = cbor2.dumps({**claims("t"), 4: claims()[4] + 0.5})
    yield p256().sign_message(b"", both, payload)
    yield p256().sign_message(bytes.fromhex("a2 1801 26 1804 58 08") + p256().kid, {}, payload)


def _original(text: str) -> Original:
    message = open_envelope(text)
    protected, unprotected, payload, signature = cbor2.loads(message).value
    return Original(text, message, (protected, dict(unprotected), payload, signature))


def _rsa_key(random: Random) -> rsa.RSAPrivateKey:
    p, q = _prime(random), _prime(random)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


def _prime(random: Random) -> int:
    """A number of 1,024 bits that passes Fermat's test; the library looks again."""
    while True:
        number = random.getrandbits(1022) | 3 << 1022 | 1
        small = any(number % divisor == 0 for divisor in range(3, 2_000, 2))
        if not small and number % _EXPONENT != 1 and pow(2, number - 1, number) == 1:
            return number


def _pss(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    """RSASSA-PSS with SHA-256 (RFC 8017 section 8.1.1), its salt made from what is signed."""
    numbers = key.private_numbers()
    salt, digest = (hashlib.sha256(begin + data).digest() for begin in (b"salt", b""))
    tail = hashlib.sha256(bytes(8) + digest + salt).digest()
    length = key.key_size // 8
    block = (b"\1" + salt).rjust(length - len(tail) - 1, b"\0")
    count = -(-len(block) // len(tail))
    mask = b"".join(hashlib.sha256(tail + i.to_bytes(4)).digest() for i in range(count))
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=False))
    masked[0] &= 0x7F
    encoded = int.from_bytes(bytes(masked) + tail + b"\xbc")
    modulus = numbers.public_numbers.n
    return pow(encoded, numbers.d, modulus).to_bytes(length)
