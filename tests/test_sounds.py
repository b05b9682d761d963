"""The sounds: what `assets/sounds/make.py` makes, and that nobody takes one for another."""

from __future__ import annotations

import runpy
import wave
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.cli.sound import BETWEEN, MEANINGS
from kiosk.desk.ports import Sound
from tests.gui_support import ASSETS

FOLDER = ASSETS / "sounds"
FULL = 32768
LOUD = [sound for sound in Sound if sound is not Sound.READ]
SLICE = 480  # samples: 10 ms
FRAME = 4096  # samples of one spectrum


def read(sound: Sound) -> tuple[int, NDArray[np.float64]]:
    """Samples a second, and the samples from -1 to 1."""
    with wave.open(str(FOLDER / f"{sound}.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return file.getframerate(), data / FULL


def level(samples: NDArray[np.float64]) -> float:
    """Root mean square in dB of full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples**2))))


def loudness(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Root mean square of each 10 ms."""
    whole = samples[: len(samples) // SLICE * SLICE].reshape(-1, SLICE)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)))


def pitch(samples: NDArray[np.float64]) -> float:
    """The strongest frequency of the first 85 ms, in Hz."""
    piece = samples[:FRAME]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 16))
    return float(np.argmax(spectrum) * 48_000 / (1 << 16))


@pytest.fixture(scope="module")
def maker() -> dict[str, Any]:
    return runpy.run_path(str(FOLDER / "make.py"))


def test_the_sounds_that_come_with_the_program_are_those_that_the_script_makes(
    maker: dict[str, Any], tmp_path: Path
) -> None:
    maker["write"](tmp_path)
    assert {each.stem for each in tmp_path.iterdir()} == {each.value for each in Sound}
    assert {each.stem for each in FOLDER.glob("*.wav")} == {each.value for each in Sound}
    for sound in Sound:
        with wave.open(str(tmp_path / f"{sound}.wav"), "rb") as file:
            made = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(int)
        shipped = np.round(read(sound)[1] * FULL).astype(int)
        assert made.shape == shipped.shape
        assert np.abs(made - shipped).max() <= 1, "sines of another processor may round otherwise"


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_is_short_soft_at_both_ends_and_never_clipped(sound: Sound) -> None:
    rate, samples = read(sound)
    assert rate == 48_000
    assert 0.2 <= len(samples) / rate <= 0.9
    assert np.abs(samples).max() < 0.95
    course = loudness(samples)
    assert course[0] < 0.5 * course.max(), "a soft attack"
    assert course[-1] < 0.05 * course.max()
    assert abs(samples[0]) < 0.001
    assert abs(samples[-1]) < 0.001


def test_all_but_the_touch_are_equally_loud() -> None:
    levels = [level(read(sound)[1]) for sound in LOUD]
    assert max(levels) - min(levels) < 1
    assert level(read(Sound.READ)[1]) < min(levels) - 6


@pytest.mark.parametrize("sound", Sound)
def test_every_fundamental_lies_where_hearing_is_lost_last(sound: Sound) -> None:
    assert all(250 < frequency < 2000 for frequency in melody(sound))


def test_green_rises_amber_repeats_red_falls() -> None:
    low, high = melody(Sound.ADMIT)
    assert high > 1.3 * low
    one, other = melody(Sound.DESK)
    assert one == pytest.approx(other, rel=0.01)
    high, low = melody(Sound.REFUSE)
    assert low < 0.75 * high
    assert low < min(*melody(Sound.ADMIT), *melody(Sound.DESK))


def melody(sound: Sound) -> list[float]:
    """The frequencies of the notes as they are heard, by the script's own lengths."""
    melodies = runpy.run_path(str(FOLDER / "make.py"))["MELODIES"]
    _, samples = read(sound)
    told, start = [], 0
    for note in melodies[sound.value].notes:
        length = round(note.length * 48_000)
        if note.pitch:
            told.append(pitch(samples[start : start + length]))
        start += length
    return told


def features(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spectra along the time, each of 85 ms, below 2 kHz."""
    padded = np.pad(samples, (0, 48_000 - len(samples)))
    pieces = [padded[n : n + FRAME] for n in range(0, 48_000 - FRAME, FRAME // 2)]
    bins = int(2000 / 48_000 * FRAME)
    shapes = [np.abs(np.fft.rfft(piece * np.hanning(FRAME)))[:bins] for piece in pieces]
    return np.asarray(shapes).ravel()


def likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_each_sound_is_known_again_in_a_noise_as_loud_as_itself() -> None:
    chance = np.random.default_rng(7)
    known = {sound: features(read(sound)[1]) for sound in Sound}
    for sound in LOUD:
        _, samples = read(sound)
        noise = chance.normal(size=len(samples))
        noise *= np.sqrt(np.mean(samples**2)) / noise.std()
        heard = features(samples + noise)
        assert max(Sound, key=lambda each: likeness(known[each], heard)) is sound
    for one, other in combinations(Sound, 2):
        assert likeness(known[one], known[other]) < 0.7, (one, other)


def test_the_test_of_the_sounds_leaves_each_its_time() -> None:
    assert set(MEANINGS) == set(Sound)
    for sound in Sound:
        rate, samples = read(sound)
        assert len(samples) / rate < BETWEEN
