"""A badge on its lanyard is read in every frame: what is held up beside it is read as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from kiosk.adapters.reader import quick
from kiosk.adapters.reader.child import program_looks
from kiosk.adapters.reader.full import FullReader
from kiosk.adapters.reader.quick import FIRST, REMEMBERED, QuickReader
from kiosk.adapters.reader.regions import patches
from kiosk.adapters.reader.smear import smeared
from kiosk.adapters.reader.zxing import Corners, Scan, ZxingReader
from kiosk.desk.attention import UNREAD_AFTER, ReadingWatch
from kiosk.desk.ports import CodeSeen, Frame, Sighting
from tests.door import MORNING
from tests.fakes.readers import BADGE as HELD_UP
from tests.fakes.readers import Ask
from tests.photos import photo
from tests.qrcodes import Grey, badge_text, certificate_text, modules_of, seen
from tests.test_quick import Engine, Nothing
from tests.test_reading_process import door, frame

BADGE, OTHER_BADGE = badge_text(1), badge_text(2)
CERTIFICATE, OTHER_CERTIFICATE = certificate_text(1), certificate_text(2)
# Read by the patient look alone: from one frame, and from several taken together.
HARD = {"module": 2.8, "blur": 0.62, "noise": 12.0}
FAINT = {"module": 2.2, "blur": 0.45, "noise": 65.0}


@cache
def lanyard(badge: str) -> Grey:
    """A badge that is easy to read; shape (360, 360)."""
    return seen(modules_of(badge, "m"), module=4, blur=0.2, noise=3)


@cache
def held(text: str | None, seed: int, *optics: tuple[str, float]) -> Grey:
    """What is held up beside it; shape (360, 360)."""
    if text is None:
        return np.asarray(np.random.default_rng(seed).normal(110, 3, (360, 360)), np.uint8)
    return seen(modules_of(text), seed=seed, **dict(optics))  # type: ignore[arg-type]


def both(text: str | None, seed: int, optics: dict[str, float], badge: str = BADGE) -> Grey:
    return np.hstack([lanyard(badge), held(text, seed, *optics.items())])


def texts(sighting: Sighting) -> list[str]:
    return [code.text for code in sighting.codes]


# What is read


@pytest.mark.parametrize(("optics", "within"), [(HARD, 3), (FAINT, 12)], ids=["one", "several"])
def test_a_certificate_that_no_engine_reads_is_read_beside_a_badge_that_is_held_up(
    optics: dict[str, float], within: int
) -> None:
    reader = FullReader(QuickReader(second=Nothing()))
    seen_in = [reader.read(both(CERTIFICATE, seed, optics)) for seed in range(within)]
    assert all(texts(sighting)[0] == BADGE for sighting in seen_in)
    assert texts(seen_in[0]) == [BADGE]
    found = [code for sighting in seen_in for code in sighting.codes[1:]]
    assert {code.text for code in found} == {CERTIFICATE}
    assert found[0].stage == ("grid" if optics is HARD else "combined")
    assert min(x for x, _ in found[0].corners) > 360


def test_a_certificate_that_a_variant_reads_is_read_in_the_second_frame() -> None:
    image = both(CERTIFICATE, 2, {"module": 1.6, "blur": 0.4, "noise": 12.0})
    assert [code.text for code in ZxingReader().read(image).codes] == [BADGE]
    reader = QuickReader(second=Nothing(), budget=1)
    assert texts(reader.read(image)) == [BADGE]
    look = reader.look(image)
    assert [code.text for code in look.codes] == [BADGE, CERTIFICATE]
    assert look.codes[1].stage not in ("", FIRST)
    assert look.news
    assert look.regions == ()


def test_a_certificate_is_read_beside_a_badge_by_the_reader_s_process() -> None:
    with door(program_looks) as at:
        found: set[str] = set()
        for seed in range(40):
            shown = Frame(both(CERTIFICATE, seed % 8, HARD), seed)
            found.update(at.texts(shown))
            if CERTIFICATE in found:
                break
        assert found == {BADGE, CERTIFICATE}


def test_a_patient_look_goes_on_while_a_code_is_held_up_in_the_reader_s_process() -> None:
    with door() as at:
        at.show(frame(Ask.HELD_UP))
        for _ in range(100):
            sighting = at.show(frame(Ask.HELD_UP))
            if len(sighting.codes) > 1:
                break
            assert sighting.something_there
        assert texts(sighting) == [HELD_UP, "forgot 1"]  # as it was warmed up


# What it costs


def test_a_frame_with_a_code_that_is_new_costs_as_much_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, ...]] = []
    for name in ("patches", "smeared"):
        look_for = getattr(quick, name)

        def spy(image: Grey, read: tuple[Corners, ...], to: object = look_for) -> object:
            asked.append(image.shape)
            assert callable(to)
            return to(image, read)

        monkeypatch.setattr(quick, name, spy)
    reader = QuickReader(second=Nothing())
    assert reader.look(both(CERTIFICATE, 1, HARD)).news
    assert asked == []
    assert not reader.look(both(CERTIFICATE, 1, HARD)).news
    assert len(asked) == 1
    assert reader.look(both(CERTIFICATE, 1, HARD, OTHER_BADGE)).news
    assert len(asked) == 1


def test_a_code_is_new_again_when_no_frame_had_it_for_a_while() -> None:
    def news_after(frames: int) -> bool:
        code = Scan((CodeSeen(BADGE, ((10, 10), (60, 10), (60, 60), (10, 60))),))
        engine = Engine(code, *[Scan()] * frames, code)
        reader = QuickReader(engine, Nothing(), budget=0)
        empty = np.full((720, 1280), 120, np.uint8)
        return [reader.look(empty).news for _ in range(frames + 2)][-1]

    assert not news_after(REMEMBERED - 1)
    assert news_after(REMEMBERED)


def test_a_reader_that_is_told_to_forget_takes_each_code_for_a_new_one() -> None:
    reader = QuickReader(second=Nothing())
    image = both(None, 1, {})
    assert reader.look(image).news
    assert not reader.look(image).news
    reader.forget()
    assert reader.look(image).news


# Where it is looked for


def test_no_region_lies_on_a_code_that_was_read() -> None:
    shown = [photo(text, 3, seed=3, shape=(720, 640))[0] for text in (BADGE, CERTIFICATE)]
    image = np.hstack(shown)
    quads = {code.text: code.corners for code in ZxingReader().read(image).codes}
    assert len(patches(image)) == 2
    (place,) = patches(image, [quads[BADGE]])
    assert place.box.left > 640
    (place,) = patches(image, [quads[CERTIFICATE]])
    assert place.box.right < 640
    assert patches(image, list(quads.values())) == ()


def test_a_smear_is_noticed_beside_a_code_and_the_code_is_none() -> None:
    image = smear(1)
    quads = [code.corners for code in ZxingReader().read(image).codes]
    assert len(quads) == 1
    assert smeared(image, quads)
    alone = image.copy()
    alone[:, 640:] = 110
    assert smeared(alone)
    assert not smeared(alone, quads)


# Never the code of somebody else


def looks(reader: FullReader, text: str, badge: str, seeds: range) -> Iterator[str]:
    for seed in seeds:
        yield from texts(reader.read(both(text, seed, FAINT, badge)))


def test_beside_a_badge_that_stays_the_certificate_of_who_held_one_up_before_is_not_read() -> None:
    for frames in (1, 4):
        reader = FullReader(QuickReader(second=Nothing(), budget=0))
        list(looks(reader, CERTIFICATE, BADGE, range(frames)))
        found = set(looks(reader, OTHER_CERTIFICATE, BADGE, range(10, 20)))
        assert found == {BADGE, OTHER_CERTIFICATE}


def test_two_guests_who_hold_up_their_codes_in_turns_are_never_mixed_up() -> None:
    reader = FullReader(QuickReader(second=Nothing(), budget=0))
    for seed in range(16):
        text, other = (CERTIFICATE, OTHER_CERTIFICATE)[:: 1 if seed % 8 < 4 else -1]
        assert other not in set(looks(reader, text, BADGE, range(seed, seed + 1)))


def test_a_badge_that_is_new_makes_everything_forgotten_and_one_that_is_held_up_nothing() -> None:
    reader = FullReader(QuickReader(second=Nothing(), budget=0))
    for seed in range(4):
        reader.read(both(CERTIFICATE, seed, FAINT))
    assert reader._patient._combiners.frames == 3
    reader.read(both(CERTIFICATE, 4, FAINT, OTHER_BADGE))
    assert reader._patient._combiners.frames == 0


# Whether anybody is told


def smear(seed: int) -> Grey:
    """A badge, and a certificate that is out of focus by more than any look reads."""
    image = np.full((720, 1280), 110, np.uint8)
    card = seen(modules_of(BADGE, "m"), module=4, blur=0.2, seed=seed)
    image[100:460, 100:460] = card
    paper = seen(modules_of(CERTIFICATE), module=4, blur=1.3, seed=seed, shape=(600, 600))
    image[60:660, 660:1260] = paper
    grain = np.random.default_rng(seed).normal(0, 2, image.shape)
    return np.asarray(np.clip(image + grain, 0, 255), np.uint8)


@cache
def sightings(smears: bool) -> tuple[Sighting, ...]:
    """What the whole reader tells of a badge that is held up."""
    reader = FullReader(QuickReader(second=Nothing()))
    shown = [smear(seed) for seed in range(4)]
    for image in () if smears else shown:
        image[:, 640:] = image[:, :20].mean()
    return tuple(reader.read(image) for image in shown)


def told_after(seen_in: tuple[Sighting, ...], tick: float = 0.1) -> list[float]:
    """When (s) it is told that something is not read: an empty lobby, then this held up."""
    watch = ReadingWatch()
    watch.observe(Sighting(), MORNING)
    first, *later = seen_in
    told = []
    for number in range(300):
        sighting = later[number % len(later)] if number else first
        at = MORNING + timedelta(seconds=1 + tick * number)
        if watch.observe(sighting, at):
            told.append(tick * number)
    return told


def test_a_smear_beside_a_badge_is_told_after_8_seconds() -> None:
    seen_in = sightings(smears=True)
    assert all(texts(sighting) == [BADGE] for sighting in seen_in)
    assert [sighting.something_there for sighting in seen_in] == [False, True, True, True]
    (told,) = told_after(seen_in)
    assert told == pytest.approx(UNREAD_AFTER.total_seconds(), abs=0.15)


def test_a_badge_alone_is_not_told() -> None:
    seen_in = sightings(smears=False)
    assert all(sighting == Sighting(sighting.codes) for sighting in seen_in)
    assert all(texts(sighting) == [BADGE] for sighting in seen_in)
    assert told_after(seen_in) == []
