"""Hostile codes that are known, made from a good certificate; tests/fuzz/ has the unknown ones."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import cbor2
from cbor2 import CBORTag

from kiosk.core.hcert.envelope import open_envelope
from kiosk.demo.issuer import text_of
from tests.certificates import claims, code_of, protected, signer

_HUGE = [bytes.fromhex(f"{head}ffffffffffffff{last}") for head in ("5b", "9b", "bb") for last in
         ("ff", "00")]  # fmt: skip


def known_attacks() -> Iterator[str]:
    """What the threats T11 to T16 name, each as the text of a code."""
    yield from ("", "HC1:", "HC1:\n", "HC1:GGX", "HC1:" + "0" * 4_292, "HC1:" + "ü" * 100_000)
    yield from ("hc1:" + "A" * 100, "LT1:" + "A" * 100, "shc:/" + "0" * 5_000, "\0" * 5_000)
    yield from ("HC1:\udcff", "\udcff", "HC1:\u202eABC", "HC1:" + "Ａ" * 30)
    yield from _compression(open_envelope(signer().sign(claims())))
    for payload in _payloads():
        yield text_of(cbor2.dumps(CBORTag(18, [protected(), {}, payload, bytes(64)])))
        yield text_of(payload)
        yield signer().sign_message(protected(), {}, payload)
        yield text_of(cbor2.dumps(CBORTag(18, [payload, {}, b"", bytes(64)])))


def _compression(cose: bytes) -> Iterator[str]:
    yield code_of(cose)
    yield code_of(gzip.compress(cose))
    yield code_of(zlib.compress(cose)[:-1])
    yield code_of(zlib.compress(cose) + b"\0")
    yield code_of(zlib.compress(cose) * 2)
    yield code_of(zlib.compress(bytes(2_700_000), 9))
    yield code_of(zlib.compress(bytes(50_000_000), 1))
    deflater = zlib.compressobj(zdict=cose)
    yield code_of(deflater.compress(cose) + deflater.flush())


def _payloads() -> Iterator[bytes]:
    """CBOR that swells, nests, refers to itself, or is as large as the envelope lets through."""
    for opening in ("81", "a100", "9f", "bf00", "c1", "d8 1c 81", "7f", "5f"):
        yield bytes.fromhex(opening) * 4_000
    yield from (head + bytes(16) for head in _HUGE)
    yield bytes.fromhex("c4821b7fffffffffffffff01")  # a number of too many digits
    yield bytes.fromhex("d81c81d81d00")  # a list that holds itself
    yield b"\xd8\x23" + cbor2.dumps("(a+)+$" + "a" * 50)  # a regular expression
    yield b"\xc2" + cbor2.dumps(b"\xff" * 8_000)  # a large number
    yield b"\xb9\x03\xe8" + b"".join(cbor2.dumps(n * (2**61 - 1)) + b"\0" for n in range(1, 1_001))
    yield cbor2.dumps({"\u202e" * 2_000: "<img src='x'>" * 500})
    yield cbor2.dumps([[0] * 100] * 100)
    yield cbor2.dumps({**claims(), 4: 2**62})
    yield cbor2.dumps(claims("t", sc="2021-W01-1T00:00:00Z"))
    yield cbor2.dumps(claims("v", dt="２０２１-06-15"))
    yield cbor2.dumps(claims("v", mp="e\u0301" * 4_000))
