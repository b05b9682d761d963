"""Inputs by number: each layer of a certificate in turn, with faults from a fixed seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import cbor2
from base45 import b45encode
from cbor2 import CBORSimpleValue, CBORTag

from kiosk.demo.issuer import text_of
from tests.certificates import BASE45, claims
from tests.fuzz.originals import Original, Signed, originals, p256

CHUNK = 1_000  # inputs of one number: what a process is handed at once
_ODD_LETTERS = BASE45 + "aé\n\0Ａ٣"
_HUGE = [bytes.fromhex(f"{head}ffffffffffffff{last}") for head in ("5b", "9b", "bb") for last in
         ("ff", "00")]  # fmt: skip
_NONSENSE: list[Any] = [
    None, True, False, 0, -1, 1, 2, 100, 2**31, 2**53, 2**63, 2**64 - 1, -(2**64), 2**80,
    0.5, -0.0, 2.0, 1e300, float("nan"), float("inf"), float("-inf"),
    "", " ", "0", "x" * 81, "x" * 3_000, "\u202e", "e\u0301", "\0", "２０２１-06-15", "2021-06-15",
    "2021-02-30", "2021-W01-1", "0000-01-01", "9999-12-31T23:59:60Z", "2021-11-21T10:00:00+99:99",
    "2021-11-21T10:00:00Z", "2021-11-21T10:00:00.123456789+01", "840539006", "260373001", "1963-00",
    b"", b"\xff", bytes(300), [], [[]], {}, {1: {}}, {"v": []}, [{}], [None], CBORSimpleValue(99),
    CBORTag(0, "2021-06-15T00:00:00Z"), CBORTag(1, float("nan")), CBORTag(1004, "x"),
    CBORTag(18, []), CBORTag(24, b"\xff"), CBORTag(55799, 1),
]  # fmt: skip


@dataclass(frozen=True)
class Input:
    """The text of a code; `signed` is what a trusted signer signed to make it, if one did."""

    layer: str
    text: str
    signed: Signed | None = None


def inputs(number: int, seed: int) -> Iterator[Input]:
    """The inputs of one number, the same in every run with that seed."""
    random = Random(f"{seed} {number}")  # the same faults in every run
    layers = list(_LAYERS.items())
    for index in range(CHUNK):
        layer, make = layers[index % len(layers)]
        made = make(random, random.choice(originals()))
        yield made if isinstance(made, Input) else Input(layer, made)


def mutated_bytes(random: Random, data: bytes) -> bytes:
    """`data` with one to three faults."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(changed) + 1)
        fault = random.choice(("flip", "set", "cut", "insert", "huge", "delete", "repeat"))
        if fault == "flip" and at < len(changed):
            changed[at] ^= 1 << random.randrange(8)
        elif fault == "set" and at < len(changed):
            changed[at] = random.choice(
                b"\x00\x17\x18\x1b\x1f\x5f\x7f\x80\x9f\xa0\xbf\xc0\xd8\xf7\xff"
            )
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


# --- The layers, from the outermost one in ------------------------------------------------------


def _text(random: Random, original: Original) -> str:
    """Faults among the letters."""
    text = original.text
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        letters = "".join(random.choices(_ODD_LETTERS, k=random.randint(0, 3)))
        text = text[:at] + letters + text[at + random.randint(0, 3) :]
    return text


def _whole_text(random: Random, original: Original) -> str:
    """Faults of the whole text: prefix, case, blanks, two in one, one cut short."""
    text = original.text
    other = random.choice(originals()).text
    at = random.randrange(len(text))
    return random.choice(
        (
            text.lower(), text.swapcase(), text[4:], "HC1:" + text, "HC2:" + text[4:], " " + text,
            text + " ", text + "\n", text + other, text[:at] + other[at:], text[:at], text[at:],
            "HC1:" + text[:3:-1], text * random.randint(2, 40), "HC1:" + "0" * (10 * at),
        )
    )  # fmt: skip


def _base45(random: Random, original: Original) -> str:
    """Faults in the compressed bytes."""
    return code_of(mutated_bytes(random, zlib.compress(original.message, 9)))


def _zlib(random: Random, original: Original) -> str:
    """The right bytes in another stream: other windows, levels and containers, two in a row."""
    message = original.message
    window = random.choice((9, 12, 15, -15, 31))
    deflater = zlib.compressobj(random.randint(0, 9), wbits=window, strategy=random.randint(0, 4))
    stream = deflater.compress(message)
    if random.random() < 0.5:
        stream += deflater.flush(zlib.Z_FULL_FLUSH) + deflater.compress(bytes(random.randint(0, 3)))
    stream += deflater.flush()
    return code_of(random.choice((stream, stream * 2, stream[:-4], stream + b"\0", message)))


def _cbor(random: Random, original: Original) -> str:
    """Faults in the message."""
    return text_of(mutated_bytes(random, original.message))


def _cose(random: Random, original: Original) -> str:
    """Another structure of four parts, of the same or of other things, in other tags."""
    four: list[Any] = list(original.parts)
    for _ in range(random.randint(1, 2)):
        which = random.randrange(4)
        four[which] = random.choice(
            (
                random.choice(originals()).parts[which],
                random.choice(original.parts),
                random.choice(_NONSENSE),
                mutated_bytes(random, four[which]) if isinstance(four[which], bytes) else b"",
            )
        )
    length = random.choice((0, 3, 4, 4, 4, 4, 5))
    item: Any = [*four, b""][:length]
    for tag in random.choice(((18,), (18,), (), (18, 61), (61,), (17,), (18, 18), (98,))):
        item = CBORTag(tag, item)
    return text_of(cbor2.dumps(item, canonical=random.random() < 0.2))


def _header(random: Random, original: Original) -> str:
    """Other algorithms and key ids, in either header; nothing is signed anew."""
    labels: dict[Any, Any] = {1: -7, 4: p256().kid}
    if random.random() < 0.7:
        labels[random.choice((1, 4))] = random.choice((*_NONSENSE, -37, -257, b"fuzz-rsa"))
    if random.random() < 0.3:
        labels = _shuffled_types(random, labels)
    _, _, payload, signature = original.parts
    signed_half = {key: value for key, value in labels.items() if random.random() < 0.7}
    rest = {key: value for key, value in labels.items() if key not in signed_half}
    header = random.choice((original.parts[0], cbor2.dumps(signed_half), b""))
    return text_of(cbor2.dumps(CBORTag(18, [header, rest or labels, payload, signature])))


def _shuffled_types(random: Random, labels: dict[Any, Any]) -> dict[Any, Any]:
    as_other = random.choice((float, str))
    return {as_other(key): value for key, value in labels.items()}


def _signature(random: Random, original: Original) -> str:
    """Other numbers in the place of r and s, or of the one of RSA."""
    protected, unprotected, payload, signature = original.parts
    half = len(signature) // 2
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = int.from_bytes(signature[half:])
    other = random.choice(
        (
            bytes(len(signature)), signature[half:] + signature[:half], signature[::-1],
            signature[:half] + bytes(half), bytes(half) + signature[half:], signature[:half],
            signature[:half] + abs(order - s).to_bytes(max(half, 129))[-half:],
            order.to_bytes(32) * 2, (1).to_bytes(32) * 2, signature + b"\0", b"\0" + signature,
            random.randbytes(len(signature)), mutated_bytes(random, signature),
            random.choice(originals()).parts[3],
        )
    )  # fmt: skip
    return text_of(cbor2.dumps(CBORTag(18, [protected, unprotected, payload, other])))


def _signed_bytes(random: Random, original: Original) -> Input:
    """Faulty claims under a good signature: what a signer may have signed by mistake."""
    return _signed_by_mistake(random, "signed bytes", mutated_bytes(random, original.parts[2]))


def _signed_tree(random: Random, _original: Original) -> Input:
    """Well-formed claims that say something else, under a good signature."""
    tree: Any = claims(random.choice("vtr"))
    for _ in range(random.randint(1, 3)):
        tree = _mutated_tree(random, tree)
    return _signed_by_mistake(random, "signed claims", cbor2.dumps(tree))


def _signed_header(random: Random, original: Original) -> Input:
    """A faulty header under a good signature."""
    header = mutated_bytes(random, original.parts[0])
    unprotected = random.choice(({}, {4: p256().kid}, {1: -7, 4: p256().kid}))
    text = p256().sign_message(header, unprotected, original.parts[2])
    return Input("signed header", text, (header, original.parts[2]))


def _signed_by_mistake(random: Random, layer: str, payload: bytes) -> Input:
    header = random.choice(originals()[:3]).parts[0]  # the header of ES256
    return Input(layer, p256().sign_message(header, {}, payload), (header, payload))


def _mutated_tree(random: Random, item: Any) -> Any:
    """The same with one thing in it replaced, taken out, doubled or wrapped."""
    if isinstance(item, dict) and item and random.random() < 0.85:
        return _mutated_map(random, item)
    if isinstance(item, list) and item and random.random() < 0.8:
        inner = [_mutated_tree(random, item[0]), *item[1:]]
        return random.choice((inner, inner, item * 2, []))
    match random.randrange(8):
        case 0:
            return [item]
        case 1:
            return CBORTag(random.choice((0, 1, 2, 18, 24, 1004)), item)
        case 2 if isinstance(item, int):
            return item + random.choice((-(10**7), -1, 1, 86_400, 10**9))
        case 3 if isinstance(item, str):
            at = random.randrange(len(item) + 1)
            return item[:at] + random.choice(_ODD_LETTERS + "<-:TZ09 ") + item[at + 1 :]
    return random.choice(_NONSENSE)


def _mutated_map(random: Random, item: dict[Any, Any]) -> dict[Any, Any]:
    key = random.choice(list(item))
    rest = {label: value for label, value in item.items() if label != key}
    match random.randrange(8):
        case 0:
            return rest
        case 1:
            return {**rest, random.choice(("x", 0, -1, "v", "t", "r", 1.0)): item[key]}
        case 2:
            return {**item, random.choice(("v", "t", "r", 6, 4, "x")): random.choice(_NONSENSE)}
    return {**item, key: _mutated_tree(random, item[key])}


def code_of(data: bytes) -> str:
    """The text of a code over compressed bytes, whatever they are."""
    return "HC1:" + bytes(b45encode(data)).decode("ascii")


_LAYERS: dict[str, Callable[[Random, Original], str | Input]] = {
    "text": _text,
    "whole text": _whole_text,
    "base45": _base45,
    "zlib": _zlib,
    "cbor": _cbor,
    "cose": _cose,
    "header": _header,
    "signature": _signature,
    "signed header": _signed_header,
    "signed bytes": _signed_bytes,
    "signed claims": _signed_tree,
}
