"""Hostile codes, made from a good certificate: known attacks, and mutations from a fixed seed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from random import Random

import cbor2
from base45 import b45encode
from cbor2 import CBORTag

from kiosk.core.hcert.envelope import open_envelope
from kiosk.demo.issuer import text_of
from tests.certificates import BASE45, claims, code_of, parts, protected, put_together, signer

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


def mutated_bytes(random: Random, data: bytes) -> bytes:
    """`data` with one to three faults."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(changed) + 1)
        fault = random.choice(("flip", "cut", "insert", "huge", "delete", "repeat"))
        if fault == "flip" and at < len(changed):
            changed[at] ^= 1 << random.randrange(8)
        elif fault == "cut":
            del changed[at:]
        elif fault == "insert":
            changed[at:at] = random.randbytes(random.randint(1, 4))
        elif fault == "huge":
            changed[at:at] = random.choice(_HUGE)
        elif fault == "delete":
            del changed[at : at + random.randint(1, 8)]
        elif fault == "repeat":
            changed[at:at] = changed[at : at + random.randint(1, 40)]
    return bytes(changed)


def _text(random: Random) -> str:
    """Faults among the letters."""
    text = signer().sign(claims())
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        letters = "".join(random.choices(BASE45 + "aé\n", k=random.randint(0, 3)))
        text = text[:at] + letters + text[at + random.randint(0, 3) :]
    return text


def _compressed(random: Random) -> str:
    inside = open_envelope(signer().sign(claims()))
    data = mutated_bytes(random, zlib.compress(inside, 9))
    return "HC1:" + bytes(b45encode(data)).decode()


def _message(random: Random) -> str:
    return text_of(mutated_bytes(random, open_envelope(signer().sign(claims()))))


def _part(random: Random) -> str:
    four = parts(signer())
    which = random.choice((0, 2, 3))
    four[which] = mutated_bytes(random, four[which])
    return put_together(four)


_LAYERS: tuple[Callable[[Random], str], ...] = (_text, _compressed, _message, _part)


def mutated(count: int, seed: int = 2021) -> Iterator[str]:
    """Certificates with faults at each layer in turn, whose signer did not sign them so."""
    random = Random(seed)  # noqa: S311  # the same faults in every run
    for number in range(count):
        yield _LAYERS[number % len(_LAYERS)](random)


def signed_nonsense(count: int, seed: int = 2022) -> Iterator[str]:
    """Faulty claims under a good signature: what a signer may have signed by mistake."""
    random = Random(seed)  # noqa: S311  # the same faults in every run
    for number in range(count):
        payload = mutated_bytes(random, cbor2.dumps(claims("vtr"[number % 3])))
        yield signer().sign_message(protected(), {}, payload)
