"""Guests one after the other before one reader: what is read is the code of who stands there now.

The reader remembers what it saw of a code until it is read. A thousand guests, each followed by
another at once, without an empty frame between: half of them hold their code where the one before
did, every code is of the same version, many go before anything was read, and many come with a code
that can hardly be read. Frames are small and bad, so that it is the memory that is tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
import pytest
import zxingcpp
from base45 import b45encode
from numpy.random import Generator
from numpy.typing import NDArray

from kiosk.adapters.reader.full import FullReader
from kiosk.adapters.reader.patient import PatientReader, combining
from kiosk.adapters.reader.patient import reader as patient_reader
from kiosk.adapters.reader.patient.reader import SETTLINGS
from kiosk.adapters.reader.quick import Look, QuickReader
from kiosk.desk.ports import Region

Grey = NDArray[np.uint8]

GUESTS = 1_000
SIDE = 100  # pixels of a frame
MODULE = 2.0  # pixels
PAYLOAD = 33  # bytes: a symbol of version 3, 29 modules
FINE = 3  # times finer than a frame is what is drawn


class Shown(NamedTuple):
    """How long and how badly: standard deviation of the noise (grey levels), blur (modules)."""

    frames: int
    noise: float
    blur: float = 0.5


SHARP, ALONE = Shown(1, 2, 0.2), Shown(1, 12)  # read by the engine; read from one frame
TOGETHER = Shown(3, 24)  # read from several frames, if at all
TOO_SHORT, HARDLY = Shown(1, 30), Shown(1, 45)  # not read, but remembered
# Who comes first, and who stands there next.
CHANGES = (
    (TOGETHER, HARDLY),
    (TOO_SHORT, ALONE),
    (SHARP, HARDLY),
    (TOO_SHORT, HARDLY),
    (TOO_SHORT, SHARP),
)


class WholeFrame(QuickReader):
    """The quick look, but the patient one is always to follow: it is its memory that is tried."""

    def __init__(self) -> None:
        super().__init__(budget=0)

    def look(self, image: Grey) -> Look:
        """What zxing reads; else the whole frame could be a code."""
        return super().look(image)._replace(regions=(Region(0, 0, SIDE, SIDE),))


class Seen(NamedTuple):
    """What was read while one guest stood there."""

    right: int
    wrong: int


@pytest.mark.parametrize(("count", "settlings"), [(GUESTS, 0), (GUESTS // 10, SETTLINGS)])
def test_no_guest_is_read_as_another(
    count: int, settlings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand without the dearest part of a look, which remembers nothing; some with it."""
    monkeypatch.setattr(patient_reader, "SETTLINGS", settlings)
    looking, stages = FullReader(WholeFrame()), Counter[str]()
    guests = list(_visits(looking, np.random.default_rng(2021), count // 2, stages))
    assert len(guests) == count
    assert sum(guest.wrong for guest in guests) == 0
    assert sum(guest.right > 0 for guest in guests) > count // 4
    assert stages["combined"] > count // 50


def test_the_same_guests_would_be_mixed_up_if_nothing_were_forgotten_or_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That the test above can fail."""
    monkeypatch.setattr(combining, "SAME_CODE", -1.0)
    monkeypatch.setattr(PatientReader, "forget", lambda _: None)
    assert any(guest.wrong for guest in _pairs(12))


def test_comparing_alone_keeps_guests_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientReader, "forget", lambda _: None)
    assert not any(guest.wrong for guest in _pairs(12))


def _pairs(count: int) -> Iterator[Seen]:
    """Two guests at one place, again and again, each time before a new reader."""
    random = np.random.default_rng(4)
    for _ in range(count):
        yield from _visits(FullReader(WholeFrame()), random, 1, Counter())


def _visits(
    reader: FullReader, random: Generator, changes: int, stages: Counter[str]
) -> Iterator[Seen]:
    """Two guests for each change, all of them in one row."""
    for number in range(changes):
        place = _place(random)
        for shown in CHANGES[number % len(CHANGES)]:
            if number % 2:  # these stand elsewhere
                place = _place(random)
            yield _seen(reader, random, shown, place, stages)


def _seen(
    reader: FullReader,
    random: Generator,
    shown: Shown,
    place: NDArray[np.float64],
    stages: Counter[str],
) -> Seen:
    """One guest, with a code of their own, in a hand that trembles."""
    text = "B1:" + str(b45encode(random.bytes(PAYLOAD)), "ascii")
    right = wrong = 0
    for _ in range(shown.frames):
        frame = _frame(random, text, place + random.normal(0, 0.3, 2), shown)
        for code in reader.read(frame).codes:
            stages[code.stage] += 1
            right += code.text == text
            wrong += code.text != text
    return Seen(right, wrong)


def _place(random: Generator) -> NDArray[np.float64]:
    """Where the corner of a code with its rim may be, in pixels."""
    return random.uniform(2, SIDE - 2 - 37 * MODULE, 2)


def _frame(random: Generator, text: str, place: NDArray[np.float64], shown: Shown) -> Grey:
    """A frame with that code; shape (SIDE, SIDE)."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.asarray(symbol.to_image(scale=1), np.uint8)
    assert modules.shape == (37, 37)  # version 3 with its rim
    scale, left, top = MODULE * FINE, *(place * FINE)
    put = np.array([[scale, 0, left + scale / 2 - 0.5], [0, scale, top + scale / 2 - 0.5]])
    fine = cv2.warpAffine(
        modules, put, (SIDE * FINE, SIDE * FINE), flags=cv2.INTER_NEAREST, borderValue=140
    )
    image = cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    soft = cv2.GaussianBlur(image, (0, 0), shown.blur * MODULE)
    noisy = 50 + 0.6 * soft + random.normal(0, shown.noise, soft.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)
