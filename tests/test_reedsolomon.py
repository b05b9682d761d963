"""Errors and erasures put right, up to the limits and never beyond what chance could do."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.adapters.reader.patient.reedsolomon import RAREST_CHANCE, decode, most_errors
from tests.qrcodes import Grey

LENGTH, CORRECTING = 50, 30


def words(count: int, length: int = LENGTH, correcting: int = CORRECTING, seed: int = 5) -> Grey:
    """Random code words, encoded by long division."""
    power = [1]
    for _ in range(254):
        power.append(power[-1] << 1 ^ (power[-1] >> 7) * 0x11D)

    def times(one: int, other: int) -> int:
        return power[(power.index(one) + power.index(other)) % 255] if one and other else 0

    generator = [1]
    for root in range(correcting):
        shifted = [*generator, 0]
        for place, factor in enumerate(generator):
            shifted[place + 1] ^= times(factor, power[root])
        generator = shifted
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        data = [int(one) for one in rng.integers(0, 256, length - correcting)]
        rest = data + [0] * correcting
        for place in range(length - correcting):
            lead = rest[place]
            for offset, factor in enumerate(generator):
                rest[place + offset] ^= times(lead, factor)
        made.append(data + rest[-correcting:])
    return np.array(made, np.uint8)


def damaged(block: Grey, errors: int, seed: int) -> tuple[Grey, np.ndarray]:
    rng = np.random.default_rng(seed)
    places = rng.choice(block.size, errors, replace=False)
    torn = block.copy()
    torn[places] ^= rng.integers(1, 256, errors, dtype=np.uint8)
    return torn, places


def test_whole_words_are_left_as_they_are() -> None:
    whole = words(3)
    decoded = decode(whole, CORRECTING)
    assert decoded.sound.all()
    assert (decoded.words == whole).all()
    assert not decoded.changed.any()


@pytest.mark.parametrize("erased", [0, 1, 4, 12, 20])
def test_errors_and_erasures_are_put_right_up_to_the_limit_of_each(erased: int) -> None:
    whole = words(6)
    most = most_errors(LENGTH - erased, CORRECTING - erased)
    assert most > 0
    torn, told = [], []
    for number, block in enumerate(whole):
        one, places = damaged(block, most + erased, number)
        torn.append(one)
        told.append(places[:erased])
    decoded = decode(np.array(torn), CORRECTING, np.array(told, np.intp).reshape(6, erased))
    assert decoded.sound.all()
    assert (decoded.words == whole).all()
    assert (decoded.changed <= most + erased).all()


def test_one_error_more_than_the_limit_is_not_sound() -> None:
    whole = words(20)
    most = most_errors(LENGTH, CORRECTING)
    torn = np.array([damaged(block, most + 1, seed)[0] for seed, block in enumerate(whole)])
    assert not decode(torn, CORRECTING).sound.any()


def test_the_limit_leaves_chance_next_to_nothing() -> None:
    assert most_errors(LENGTH, CORRECTING) == CORRECTING // 2
    assert most_errors(50, 10) < 5  # half of what could be put right would be too bold
    assert most_errors(50, 2) == -1  # two symbols prove nothing at all
    assert RAREST_CHANCE <= 1e-9


@pytest.mark.parametrize("erased", [0, 8, 16, 24])
def test_of_ten_thousand_blocks_of_noise_none_is_sound(erased: int) -> None:
    rng = np.random.default_rng(9)
    noise = rng.integers(0, 256, (10_000, LENGTH), dtype=np.uint8)
    places = np.argsort(rng.random((10_000, LENGTH)), axis=1)[:, :erased]
    assert not decode(noise, CORRECTING, places).sound.any()


def test_blocks_are_decoded_each_by_itself() -> None:
    whole = words(3)
    torn = whole.copy()
    torn[1] = np.random.default_rng(1).integers(0, 256, LENGTH)
    torn[2], _ = damaged(whole[2], 5, 3)
    decoded = decode(torn, CORRECTING)
    assert decoded.sound.tolist() == [True, False, True]
    assert (decoded.words[2] == whole[2]).all()
    assert decoded.changed[2] == 5
