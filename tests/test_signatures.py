"""Algorithms and signatures: the key decides, and every byte that was signed counts."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.core.reasons import Reason
from tests.certificates import (
    claims,
    parts,
    protected,
    put_together,
    reason_of,
    rsa_signer,
    signer,
    verified,
)


@pytest.mark.parametrize("algorithm", [-7, -37], ids=["ES256", "PS256"])
@pytest.mark.parametrize("issuer", [signer, rsa_signer], ids=["P-256", "RSA"])
@pytest.mark.parametrize("signed", [True, False], ids=["protected", "unprotected"])
def test_the_key_decides_the_algorithm(issuer: Any, algorithm: int, signed: bool) -> None:
    label, kid = {1: algorithm}, {4: issuer().kid}
    header, unprotected = ({**label, **kid}, {}) if signed else (kid, label)
    payload = cbor2.dumps(claims())
    text = issuer().sign_message(cbor2.dumps(header), unprotected, payload)
    expected = None if algorithm == issuer().algorithm else Reason.ALGORITHM_MISMATCH
    assert reason_of(verified(text, issuer())) is expected


@pytest.mark.parametrize(
    "salt", [0, 20, 31, 33, PSS.MAX_LENGTH], ids=["0", "20", "31", "33", "longest"]
)
def test_a_salt_of_another_length_than_32_is_refused(salt: Any) -> None:
    key = rsa_signer().key
    assert isinstance(key, rsa.RSAPrivateKey)
    four = parts(rsa_signer())
    signed = cbor2.dumps(["Signature1", four[0], b"", four[2]])
    four[3] = key.sign(signed, PSS(MGF1(SHA256()), salt), SHA256())
    assert reason_of(verified(put_together(four), rsa_signer())) is Reason.SIGNATURE_INVALID


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda good: good[:63],
        lambda good: good + b"\0",
        lambda good: b"\0" + good,
        lambda _: bytes(64),
        lambda good: bytes(32) + good[32:],
        lambda good: good[:32] + bytes(32),
        lambda good: good[32:] + good[:32],
        lambda _: ORDER.to_bytes(32) * 2,
        lambda _: b"\xff" * 64,
        lambda _: (1).to_bytes(32) * 2,
    ],
)
def test_a_signature_of_another_form_is_refused(change: Any) -> None:
    four = parts(signer())
    four[3] = change(four[3])
    assert reason_of(verified(put_together(four))) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("length", [0, 1, 255, 257, 4_000])
def test_an_rsa_signature_of_another_length_is_refused(length: int) -> None:
    four = parts(rsa_signer())
    four[3] = four[3].ljust(length, b"\0")[:length]
    assert reason_of(verified(put_together(four), rsa_signer())) is Reason.SIGNATURE_INVALID


def test_the_signature_counts_over_the_header_as_received() -> None:
    header = bytes.fromhex("a2 1801 26 1804 58 08") + signer().kid  # not the shortest form
    assert reason_of(verified(signer().sign_message(header, {}, cbor2.dumps(claims())))) is None
    four = parts(signer())
    four[0] = header  # the same labels, other bytes than were signed
    assert reason_of(verified(put_together(four))) is Reason.SIGNATURE_INVALID


def test_a_payload_is_not_read_before_its_signature_verified() -> None:
    four = parts(signer())
    four[2] = b"\xff no CBOR at all"
    assert reason_of(verified(put_together(four))) is Reason.SIGNATURE_INVALID
    text = signer().sign_message(protected(), {}, four[2])
    assert reason_of(verified(text)) is Reason.CBOR_MALFORMED


def test_parts_of_two_certificates_make_no_third() -> None:
    one, two = parts(signer(), "v"), parts(signer(), "t")
    assert reason_of(verified(put_together([*one[:3], two[3]]))) is Reason.SIGNATURE_INVALID
    assert reason_of(verified(put_together([*one[:2], two[2], one[3]]))) is Reason.SIGNATURE_INVALID
