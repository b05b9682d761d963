"""Reed-Solomon decoding of many blocks at once, errors and erasures: ISO/IEC 18004:2015, 7.5.2.

The field is GF(256) over x^8 + x^4 + x^3 + x^2 + 1, the generator's roots begin with alpha^0. All
arrays are uint8; a block is a row, its first codeword the highest power. Every step works on all
blocks together, for numpy takes the same time for one as for fifty.
"""

from __future__ import annotations

from math import lgamma, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_FIELD = 0x11D
# A block of noise is decoded to something once in so many; rarer is taken for what was meant.
RAREST_CHANCE = 1e-9


def _tables() -> tuple[Bytes, NDArray[np.int16], Bytes]:
    power = np.zeros(510, np.uint8)
    logarithm = np.zeros(256, np.int16)
    value = 1
    for exponent in range(255):
        power[exponent] = power[exponent + 255] = value
        logarithm[value] = exponent
        value = value << 1 ^ (value >> 7) * _FIELD
    product = power[logarithm[:, None] + logarithm[None, :]]
    product[0, :] = product[:, 0] = 0
    return power, logarithm, product


_POWER, _LOG, _PRODUCT = _tables()


class Decoded(NamedTuple):
    """`words`: the blocks as they were meant, where `sound`; `changed`: codewords put right."""

    words: Bytes
    sound: NDArray[np.bool_]
    changed: NDArray[np.intp]


def decode(words: Bytes, correcting: int, erased: NDArray[np.intp] | None = None) -> Decoded:
    """The nearest code word to each of `words` (shape (blocks, length)).

    erased: shape (blocks, e), the places of e codewords of each block that are not to be trusted;
    a block can have e erasures and (correcting - e) / 2 errors elsewhere. A block is sound only
    when that its noise leads to a code word by chance is rarer than RAREST_CHANCE.
    """
    blocks, length = words.shape
    places = np.zeros((blocks, 0), np.intp) if erased is None else erased
    syndromes = _syndromes(words, correcting)
    erasing = _locator(length - 1 - places)
    heard = _times(syndromes, erasing, correcting)[:, places.shape[1] :]
    errors, degree = _berlekamp_massey(heard)
    both = _times(errors, erasing, correcting + 1)
    roots = _evaluate(both, _inverse_powers(length)) == 0
    found = roots.sum(axis=1)
    repaired = words ^ np.where(roots, _magnitudes(syndromes, both, length), 0).astype(np.uint8)
    sound = (found == degree + places.shape[1]) & ~_syndromes(repaired, correcting).any(axis=1)
    allowed = most_errors(length - places.shape[1], correcting - places.shape[1])
    sound &= degree <= allowed
    return Decoded(repaired, sound, (repaired != words).sum(axis=1))


def most_errors(length: int, correcting: int) -> int:
    """How many errors may be corrected so that chance alone hardly leads to a code word.

    Of all words of `correcting` syndromes, those within v errors are about
    C(length, v) * 255^v / 256^correcting.
    """
    best = -1
    for errors in range(correcting // 2 + 1):
        ways = lgamma(length + 1) - lgamma(errors + 1) - lgamma(length - errors + 1)
        if ways + errors * log(255) - correcting * log(256) < log(RAREST_CHANCE):
            best = errors
    return best


def _inverse_powers(length: int) -> Bytes:
    """For each place of a block the inverse of its locator, alpha^-(length - 1 - place)."""
    return _POWER[(255 - np.arange(length - 1, -1, -1) % 255) % 255]


def _evaluate(polynomials: Bytes, points: Bytes) -> Bytes:
    """Each polynomial (rows, lowest power first) at each point; shape (rows, points)."""
    logs = _LOG[points].astype(np.int32)[:, None] * np.arange(polynomials.shape[1]) % 255
    return np.asarray(
        np.bitwise_xor.reduce(_PRODUCT[polynomials[:, None, :], _POWER[logs][None]], axis=2)
    )


def _syndromes(words: Bytes, correcting: int) -> Bytes:
    return _evaluate(words[:, ::-1], _POWER[:correcting])


def _times(one: Bytes, other: Bytes, terms: int) -> Bytes:
    """The product of polynomials row by row, cut to its lowest `terms` terms."""
    product = np.zeros((one.shape[0], terms), np.uint8)
    for power in range(min(other.shape[1], terms)):
        part = _PRODUCT[one[:, : terms - power], other[:, power, None]]
        product[:, power : power + part.shape[1]] ^= part
    return product


def _locator(exponents: NDArray[np.intp]) -> Bytes:
    """The polynomial with the inverse of alpha^exponent as a root for each exponent."""
    locator = np.zeros((exponents.shape[0], exponents.shape[1] + 1), np.uint8)
    locator[:, 0] = 1
    for column in range(exponents.shape[1]):
        factor = _POWER[exponents[:, column] % 255]
        locator[:, 1:] ^= _PRODUCT[locator[:, :-1], factor[:, None]]
    return locator


def _berlekamp_massey(syndromes: Bytes) -> tuple[Bytes, NDArray[np.intp]]:
    """The shortest error locators that explain the syndromes, and their degrees."""
    rows, count = syndromes.shape
    locator = np.zeros((rows, count + 1), np.uint8)
    locator[:, 0] = 1
    shifted = np.roll(locator, 1, axis=1)  # x times the locator before the last change of length
    last = np.ones(rows, np.uint8)
    degree = np.zeros(rows, np.intp)
    for step in range(count):
        terms = _PRODUCT[locator[:, : step + 1], syndromes[:, step::-1]]
        wrong = np.bitwise_xor.reduce(terms, axis=1)
        factor = _PRODUCT[wrong, _POWER[(255 - _LOG[last]) % 255]]
        longer = (wrong != 0) & (2 * degree <= step)
        before = locator
        locator = locator ^ _PRODUCT[shifted, factor[:, None]]
        shifted = np.where(longer[:, None], before, shifted)
        shifted = np.roll(shifted, 1, axis=1)
        shifted[:, 0] = 0
        last = np.where(longer, wrong, last)
        degree = np.where(longer, step + 1 - degree, degree)
    return locator, degree


def _magnitudes(syndromes: Bytes, locator: Bytes, length: int) -> Bytes:
    """By how much each place would be wrong if the locator had a root there (Forney)."""
    points = _inverse_powers(length)
    evaluator = _times(syndromes, locator, syndromes.shape[1])
    derivative = locator[:, 1:].copy()
    derivative[:, 1::2] = 0
    above = _evaluate(evaluator, points)
    below = _evaluate(derivative, points)
    quotient = _PRODUCT[above, _POWER[(255 - _LOG[below]) % 255]]
    return _PRODUCT[quotient, _POWER[(255 - _LOG[points]) % 255][None]]
