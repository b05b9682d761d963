"""The patient look: codes that no engine reads, and none that is not there."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from base45 import b45encode

from kiosk.adapters.reader.patient import PatientReader
from kiosk.adapters.reader.patient.combining import (
    Combiner,
    Combiners,
    Evidence,
    correlation,
    is_seen_in,
)
from kiosk.adapters.reader.patient.equaliser import AROUND, NEAR, equalised, evened, plain
from kiosk.adapters.reader.patient.finders import NO_RIM, RIM, corners, finders
from kiosk.adapters.reader.patient.payload import text_of_ours
from kiosk.adapters.reader.patient.picture import looked_up
from kiosk.adapters.reader.patient.reader import find
from kiosk.adapters.reader.patient.restoring import restored
from kiosk.adapters.reader.patient.settling import settled
from kiosk.adapters.reader.patient.symbol import symbol
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.desk.ports import Region
from tests.qrcodes import Grey, Signs, badge_text, certificate_text, modules_of, seen

TEXT = certificate_text(1)
MODULES = modules_of(TEXT)
HARD = {"blur": 0.5, "noise": 12.0, "module": 2.8}


def whole(frame: Grey) -> list[Region]:
    return [Region(0, 0, frame.shape[1], frame.shape[0])]


def read(frame: Grey, reader: PatientReader | None = None) -> list[str]:
    return [code.text for code in (reader or PatientReader()).look(frame, whole(frame))]


# What it reads


@pytest.mark.parametrize(
    "optics",
    [
        {"defocus": 0.9, "noise": 3, "module": 3.0},
        {"blur": 0.3, "noise": 45, "module": 3.0},
        {"blur": 0.5, "noise": 10, "module": 2.0},
        {"blur": 0.5, "noise": 12, "lean": 0.2, "module": 2.8},
        {"blur": 0.5, "noise": 12, "turn": 130, "module": 2.8},
    ],
    ids=["out of focus", "noisy", "small", "leaning", "turned"],
)
def test_a_certificate_that_no_engine_reads_is_read(optics: dict[str, float]) -> None:
    frame = seen(MODULES, **optics)  # type: ignore[arg-type]
    assert ZxingReader().read(frame).codes == ()
    assert read(frame) == [TEXT]


@pytest.mark.parametrize(
    "change",
    [lambda frame: 255 - frame, lambda frame: frame[:, ::-1], lambda frame: 255 - frame[::-1]],
    ids=["light on dark", "mirrored", "both"],
)
def test_it_is_read_light_on_dark_and_in_a_mirror(change: Callable[[Grey], Grey]) -> None:
    frame = np.ascontiguousarray(change(seen(MODULES, **HARD)))  # type: ignore[arg-type]
    assert ZxingReader().read(frame).codes == ()
    assert read(frame) == [TEXT]


def test_a_code_without_a_quiet_zone_is_read() -> None:
    frame = np.full((360, 360), 20, np.uint8)
    drawn = seen(MODULES, turn=0, **HARD)  # type: ignore[arg-type]
    rim = round((360 - MODULES.shape[0] * HARD["module"]) / 2)
    frame[rim:-rim, rim:-rim] = drawn[rim:-rim, rim:-rim]
    assert read(frame) == [TEXT]


def test_a_badge_is_read_with_its_place() -> None:
    text = badge_text(3)
    modules = modules_of(text, "m")
    frame = seen(modules, module=2.2, blur=0.55, noise=8, turn=0)
    assert ZxingReader().read(frame).codes == ()
    (code,) = PatientReader().look(frame, whole(frame))
    assert code.text == text
    assert code.stage == "grid"
    half = modules.shape[0] * 2.2 / 2
    square = [(-half, -half), (half, -half), (half, half), (-half, half)]
    assert np.abs(np.array(code.corners) - 180 - square).max() < 2.5


def test_bent_paper_is_followed() -> None:
    flat = seen(MODULES, module=2.8, blur=0.4, noise=10, turn=0, shape=(400, 400))
    down, across = np.indices(flat.shape)
    bent = np.stack([across, down + 7 * np.sin(across / 50)], axis=2).astype(np.float32)
    frame = np.asarray(looked_up(flat.astype(np.float32), bent), np.uint8)
    assert ZxingReader().read(frame).codes == ()
    assert read(frame) == [TEXT]


def test_a_hidden_part_is_made_up_for() -> None:
    frame = seen(MODULES, module=3, blur=0.4, noise=10, turn=0)
    cv2.circle(frame, (270, 270), 45, 120, -1)
    assert read(frame) == [TEXT]


# What it does not


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_read_where_no_code_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    modules: Signs = (1 - 2 * rng.integers(0, 2, (81, 81))).astype(np.int8)
    assert read(seen(modules, module=3, blur=0.4, noise=5)) == []


def test_a_flat_or_tiny_region_is_no_code() -> None:
    frame = np.full((200, 200), 128, np.uint8)
    assert read(frame) == []
    assert PatientReader().look(frame, [Region(5, 5, 9, 9), Region(3, 3, 3, 3)]) == ()


def test_a_foreign_code_is_not_read_by_guessing() -> None:
    modules = modules_of("https://example.org/" + "A" * 300)
    assert read(seen(modules, **HARD)) == []  # type: ignore[arg-type]


def test_a_look_begins_nothing_when_its_time_is_over() -> None:
    ticking = iter(float(second) for second in range(1000))
    reader = PatientReader(budget=0.5, clock=lambda: next(ticking))
    bad = seen(modules_of(TEXT), module=2, blur=1.4, noise=30)
    assert read(bad, reader) == []
    assert next(ticking) < 12


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (TEXT.encode(), True),
        (badge_text(1).encode(), True),
        (("HC1:" + b45encode(b"not compressed").decode()).encode(), True),
        (("HC1:" + b45encode(zlib.compress(b"whole")[:-1] + b"?").decode()).encode(), False),
        (("HC1:" + b45encode(zlib.compress(b"whole")[:-3]).decode()).encode(), False),
        (("HC1:" + b45encode(zlib.compress(bytes(20_000))).decode()).encode(), False),
        (b"HC1:", False),
        (b"HC1:::::::", False),
        (b"HC1:abc", False),
        (b"https://example.org", False),
        (b"\xff\xfe", False),
    ],
)
def test_a_text_has_to_prove_itself(content: bytes, ours: bool) -> None:
    assert text_of_ours(content) == (content.decode() if ours else None)


# Its parts


def test_finder_patterns_are_found_at_their_size() -> None:
    frame = seen(MODULES, module=3, blur=0.5, noise=8, turn=20)
    best = corners(finders(frame, RIM).dark, 4)[0]
    length = (MODULES.shape[0] - 7) * 3
    angle = np.deg2rad(20)
    along = np.array([np.cos(angle), np.sin(angle)]) * length
    assert np.abs(best.along - along).max() < 4
    assert best.modules == pytest.approx(MODULES.shape[0], rel=0.15)
    turned = corners(finders(255 - frame, RIM).light, 4)[0]
    assert np.abs(turned.along - best.along).max() < 1


def test_a_finder_pattern_without_a_light_rim_is_found_as_well() -> None:
    frame = seen(MODULES, module=3, turn=0)
    rim = round((360 - MODULES.shape[0] * 3) / 2)
    dark = np.full_like(frame, 30)
    dark[rim:-rim, rim:-rim] = frame[rim:-rim, rim:-rim]
    best = corners(finders(dark, NO_RIM).dark, 1)[0]
    assert np.abs(best.middle - (rim + 10.5)).max() < 3


def view_of(frame: Grey) -> tuple[Grey, np.ndarray, np.ndarray]:
    view = find(frame, whole(frame)[0], lambda: True)
    assert view is not None
    return frame, view.middles, view.samples()


def wrong(soft: np.ndarray) -> float:
    return float(((soft < 0) != (MODULES < 0)).mean())


def test_blur_is_taken_back_step_by_step() -> None:
    _, _, samples = view_of(seen(MODULES, module=3, defocus=1.0, noise=3))
    known = symbol(15).known
    straight = equalised(samples, known, NEAR)
    better = restored(samples, known, straight)
    assert wrong(plain(samples)) > 0.1
    assert wrong(straight) < 0.5 * wrong(plain(samples))
    assert wrong(better) < 0.7 * wrong(straight)


def test_a_lattice_settles_where_the_modules_are() -> None:
    frame, middles, samples = view_of(seen(MODULES, module=3, blur=0.2, noise=2, turn=0))
    down = np.linspace(-1, 1, middles.shape[0], dtype=np.float32)[:, None]
    astray = middles.copy()
    astray[..., 0] += 1.2 * np.cos(2 * down)
    picture = frame.astype(np.float32)
    before = plain(evened(picture, astray))
    settled_on = settled(picture, astray, MODULES.astype(np.float32))
    after = plain(evened(picture, settled_on))
    truth = MODULES.astype(np.float32).ravel()
    assert correlation(after.ravel(), truth) > correlation(before.ravel(), truth) + 0.05
    assert correlation(after.ravel(), truth) > correlation(plain(samples).ravel(), truth) - 0.02
    assert middles.shape[0] == MODULES.shape[0] + 2 * AROUND


# Several frames together


def frames_of(modules: Signs, count: int, **optics: float) -> list[Grey]:
    return [seen(modules, seed=seed, **optics) for seed in range(count)]  # type: ignore[arg-type]


FAINT = {"module": 2.2, "blur": 0.45, "noise": 65.0}


def test_frames_that_cannot_be_read_alone_are_read_together() -> None:
    frames = frames_of(MODULES, 12, **FAINT)
    assert not any(read(frame) for frame in frames[:6])
    reader = PatientReader()
    found = [code for frame in frames for code in reader.look(frame, whole(frame))]
    assert found
    assert {code.text for code in found} == {TEXT}
    assert found[0].stage == "combined"


def beside(poster: Grey, held: Grey) -> tuple[Grey, list[Region]]:
    """A frame with both, and their places."""
    height = max(poster.shape[0], held.shape[0])
    frame = np.full((height, poster.shape[1] + held.shape[1]), 128, np.uint8)
    frame[: poster.shape[0], : poster.shape[1]] = poster
    frame[: held.shape[0], poster.shape[1] :] = held
    middle = poster.shape[1]
    return frame, [Region(0, 0, middle, height), Region(middle, 0, frame.shape[1], height)]


POSTER = modules_of("https://example.org/" + "A" * 300)


def test_a_poster_s_code_before_it_does_not_keep_a_certificate_from_being_read() -> None:
    frame, regions = beside(seen(POSTER, **HARD), seen(MODULES, **HARD))  # type: ignore[arg-type]
    reader = PatientReader(budget=5)
    assert [code.text for code in reader.look(frame, regions)] == [TEXT]


def test_frames_are_read_together_beside_a_poster_s_code() -> None:
    pairs = zip(frames_of(POSTER, 12, **FAINT), frames_of(MODULES, 12, **FAINT), strict=True)
    reader = PatientReader(budget=5)
    found = [code for pair in pairs for code in reader.look(*beside(*pair))]
    assert {code.text for code in found} == {TEXT}
    assert found[0].stage == "combined"


def test_the_code_that_is_gone_for_longer_makes_room_for_a_third() -> None:
    combiners = Combiners()
    for text in (1, 2, 1, 3, 1, 3):
        combiners.add(evidence(certificate_text(text), text))
    assert combiners.frames == 2
    combiners.add(evidence(TEXT, 9))
    assert combiners.frames == 4
    combiners.add(evidence(certificate_text(2), 9))
    assert combiners.frames == 1
    for _ in range(14):
        combiners.add(evidence(TEXT, 5))
    combiners.add(evidence(certificate_text(2), 9))
    assert combiners.frames == 1


def evidence(text: str, seed: int, noise: float = 0.5) -> Evidence:
    modules = modules_of(text, version=15)
    around = np.pad(modules, AROUND, constant_values=1)
    samples = np.kron(around, np.ones((2, 2))).astype(np.float32)
    grain = np.random.default_rng(seed).normal(0, noise, samples.shape)
    return Evidence(symbol(15), (samples + grain).astype(np.float32), 1.0)


def test_the_code_of_another_person_begins_anew() -> None:
    combiner = Combiner()
    for seed in range(5):
        combiner.add(evidence(TEXT, seed))
    assert combiner.frames == 5
    mean = combiner.add(evidence(certificate_text(2), 9))
    assert combiner.frames == 1
    assert np.array_equal(mean, evidence(certificate_text(2), 9).samples)


def test_a_code_of_another_size_begins_anew() -> None:
    combiner = Combiner()
    combiner.add(evidence(TEXT, 1))
    combiner.add(
        evidence(TEXT, 2)._replace(sign=symbol(16), samples=np.ones((174, 174), np.float32))
    )
    assert combiner.frames == 1


def test_what_was_gone_for_long_is_forgotten() -> None:
    combiner = Combiner()
    combiner.add(evidence(TEXT, 1))
    for _ in range(12):
        combiner.nothing_seen()
    combiner.add(evidence(TEXT, 2))
    assert combiner.frames == 2
    for _ in range(13):
        combiner.nothing_seen()
    combiner.add(evidence(TEXT, 3))
    assert combiner.frames == 1


def test_what_was_read_has_to_be_in_the_newest_frame() -> None:
    mine = modules_of(TEXT, version=15)
    assert is_seen_in(mine, evidence(TEXT, 1, noise=1.5).samples)
    assert not is_seen_in(mine, evidence(certificate_text(2), 1).samples)
    assert not is_seen_in(mine, np.zeros((166, 166), np.float32))


def test_after_a_reading_everything_is_forgotten() -> None:
    reader = PatientReader()
    assert read(seen(MODULES, **HARD), reader) == [TEXT]  # type: ignore[arg-type]
    assert reader._combiners.frames == 0
    read(seen(MODULES, seed=3, **FAINT), reader)  # type: ignore[arg-type]
    assert reader._combiners.frames == 1
    reader.forget()
    assert reader._combiners.frames == 0
