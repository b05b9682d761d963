"""Signatures of every kind against Wycheproof's vectors, and the cases that matter without them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA224, SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kiosk.core.signatures import ed25519_verifies, verifies
from tests.certificates import rsa_signer, signer
from tests.shared import DATA

WYCHEPROOF = DATA / "wycheproof"
MESSAGE = b"what was signed"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


@pytest.mark.skipif(not WYCHEPROOF.is_dir(), reason="Wycheproof is not beside the checkout")
@pytest.mark.parametrize(
    ("file", "asked", "valid", "invalid"),
    [
        ("ecdsa_secp256r1_sha256_p1363_test.json", verifies, 173, 89),
        ("rsa_pss_2048_sha256_mgf1_32_test.json", verifies, 63, 45),
        ("ed25519_test.json", ed25519_verifies, 88, 63),
    ],
)
def test_every_vector_is_answered_as_wycheproof_says(
    file: str, asked: Callable[[Any, bytes, bytes], bool], valid: int, invalid: int
) -> None:
    expected: list[tuple[int, bool]] = []
    answered: list[tuple[int, bool]] = []
    for group in json.loads((WYCHEPROOF / file).read_bytes())["testGroups"]:
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        for test in group["tests"]:
            signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
            expected.append((test["tcId"], test["result"] == "valid"))
            answered.append((test["tcId"], asked(key, signature, message)))
    assert answered == expected
    assert [yes for _, yes in answered].count(True) == valid
    assert [yes for _, yes in answered].count(False) == invalid


# By hand: one flaw each


def ecdsa() -> tuple[ec.EllipticCurvePrivateKey, int, int]:
    """A key, and r and s of its signature over MESSAGE."""
    key = signer().key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key, *decode_dss_signature(key.sign(MESSAGE, ec.ECDSA(SHA256())))


def raw(r: int, s: int, width: int = 32) -> bytes:
    return r.to_bytes(width) + s.to_bytes(width)


def test_a_signature_of_p_256_verifies_over_its_message_alone() -> None:
    key, r, s = ecdsa()
    assert verifies(key.public_key(), raw(r, s), MESSAGE)
    assert not verifies(key.public_key(), raw(r, s), MESSAGE + b"\0")
    assert not verifies(key.public_key(), raw(r, s), b"")
    assert not verifies(ec.generate_private_key(ec.SECP256R1()).public_key(), raw(r, s), MESSAGE)


def test_the_other_s_of_the_same_signature_verifies_too() -> None:
    """ECDSA has two for each message (RFC 9053 asks for neither): it forges nothing."""
    key, r, s = ecdsa()
    assert verifies(key.public_key(), raw(r, ORDER - s), MESSAGE)


def other_forms(r: int, s: int) -> dict[str, bytes]:
    """What a signature (r, s) may be turned into, by name."""
    return {
        "r is zero": raw(0, s),
        "s is zero": raw(r, 0),
        "both are zero": bytes(64),
        "r is the order": raw(ORDER, s),
        "s is the order": raw(r, ORDER),
        "both are the order": raw(ORDER, ORDER),
        "both are one": raw(1, 1),
        "s is the largest": raw(r, 2**256 - 1),
        "both are the largest": b"\xff" * 64,
        "swapped": raw(s, r),
        "in little endian": r.to_bytes(32, "little") + s.to_bytes(32, "little"),
        "empty": b"",
        "r alone": r.to_bytes(32),
        "one byte short": raw(r, s)[:-1],
        "one byte long": raw(r, s) + b"\0",
        "one byte before": b"\0" + raw(r, s),
        "each a byte wider": raw(r, s, 33),
        "of P-384's width": raw(r, s, 48),
        "twice": raw(r, s) * 2,
    }


@pytest.mark.parametrize("form", other_forms(2, 3))
def test_r_and_s_of_another_form_or_value_are_refused(form: str) -> None:
    key, r, s = ecdsa()
    assert not verifies(key.public_key(), other_forms(r, s)[form], MESSAGE)


def test_der_in_place_of_the_raw_form_is_refused() -> None:
    key, _, _ = ecdsa()
    assert not verifies(key.public_key(), key.sign(MESSAGE, ec.ECDSA(SHA256())), MESSAGE)


@pytest.mark.parametrize("digest", [SHA224(), SHA384()], ids=lambda digest: digest.name)
def test_p_256_over_another_digest_is_refused(digest: HashAlgorithm) -> None:
    key, _, _ = ecdsa()
    other = raw(*decode_dss_signature(key.sign(MESSAGE, ec.ECDSA(digest))))
    assert not verifies(key.public_key(), other, MESSAGE)


def rsa_key() -> rsa.RSAPrivateKey:
    key = rsa_signer().key
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def test_a_signature_of_rsa_verifies_over_its_message_alone() -> None:
    good = rsa_key().sign(MESSAGE, PSS(MGF1(SHA256()), 32), SHA256())
    assert verifies(rsa_key().public_key(), good, MESSAGE)
    assert not verifies(rsa_key().public_key(), good, MESSAGE + b"\0")
    for other in (good[:-1], good + b"\0", b"\0" + good, good[::-1], b"", bytes(256)):
        assert not verifies(rsa_key().public_key(), other, MESSAGE)


@pytest.mark.parametrize(
    "salt", [0, 20, 31, 33, PSS.MAX_LENGTH], ids=["0", "20", "31", "33", "longest"]
)
def test_a_salt_of_another_length_is_refused(salt: Any) -> None:
    other = rsa_key().sign(MESSAGE, PSS(MGF1(SHA256()), salt), SHA256())
    assert not verifies(rsa_key().public_key(), other, MESSAGE)


@pytest.mark.parametrize(
    ("mask", "digest"),
    [(SHA224(), SHA256()), (SHA384(), SHA256()), (SHA256(), SHA384()), (SHA224(), SHA224())],
    ids=["mask sha224", "mask sha384", "digest sha384", "both sha224"],
)
def test_another_digest_of_mask_or_message_is_refused(
    mask: HashAlgorithm, digest: HashAlgorithm
) -> None:
    other = rsa_key().sign(MESSAGE, PSS(MGF1(mask), 32), digest)
    assert not verifies(rsa_key().public_key(), other, MESSAGE)


def test_the_older_padding_of_rsa_is_refused() -> None:
    other = rsa_key().sign(MESSAGE, PKCS1v15(), SHA256())
    assert not verifies(rsa_key().public_key(), other, MESSAGE)


def test_a_signature_of_one_kind_is_none_of_another() -> None:
    _, r, s = ecdsa()
    padded = rsa_key().sign(MESSAGE, PSS(MGF1(SHA256()), 32), SHA256())
    own = ed25519.Ed25519PrivateKey.generate()
    assert not verifies(rsa_key().public_key(), raw(r, s), MESSAGE)
    assert not verifies(ecdsa()[0].public_key(), padded, MESSAGE)
    assert not verifies(ecdsa()[0].public_key(), own.sign(MESSAGE), MESSAGE)
    assert not ed25519_verifies(own.public_key(), raw(r, s), MESSAGE)


ED_ORDER = 2**252 + 27742317777372353535851937790883648493  # RFC 8032 section 5.1


def test_a_signature_of_ed25519_verifies_over_its_message_alone() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    good = key.sign(MESSAGE)
    assert ed25519_verifies(key.public_key(), good, MESSAGE)
    assert not ed25519_verifies(key.public_key(), good, MESSAGE + b"\0")
    s = int.from_bytes(good[32:], "little")
    malleable = good[:32] + (s + ED_ORDER).to_bytes(32, "little")
    for other in (malleable, good[:-1], good + b"\0", good[32:] + good[:32], b"", bytes(64)):
        assert not ed25519_verifies(key.public_key(), other, MESSAGE)
