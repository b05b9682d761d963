"""The quick look: where a code could be, patches drawn differently, and the time that they get."""

from __future__ import annotations

from functools import cache

import base45
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.adapters.reader.full import FullReader
from kiosk.adapters.reader.ours import is_ours
from kiosk.adapters.reader.quick import FIRST, FOR_ALL, REMEMBERED, QuickReader
from kiosk.adapters.reader.regions import patches
from kiosk.adapters.reader.variants import VARIANTS, Variant
from kiosk.adapters.reader.zxing import Corners, Scan, ZxingReader
from kiosk.desk.ports import CodeSeen, Region, Sighting
from tests.photos import Grey, photo
from tests.test_reader import blurred, code, framed

QUAD: Corners = ((10, 10), (60, 10), (60, 60), (10, 60))


def made_up(prefix: str, count: int, seed: int) -> str:
    data = np.random.default_rng(seed).integers(0, 256, count, dtype=np.uint8).tobytes()
    return prefix + str(base45.b45encode(data), "ascii")


CERTIFICATE = made_up("HC1:", 370, 5)
BADGE = made_up("B1:", 75, 7)


def seen(text: str) -> CodeSeen:
    return CodeSeen(text, QUAD)


class Nothing:
    """A second engine that reads nothing."""

    def read(self, image: Grey) -> Sighting:  # noqa: ARG002
        return Sighting()


class Engine:
    """Answers with one scan after the other, then with nothing; a pixel takes it `pace` seconds."""

    def __init__(self, *scans: Scan, pace: float = 0.0) -> None:
        self.asked: list[Grey] = []
        self.now = 0.0
        self._scans = iter(scans)
        self._pace = pace

    def scan(self, image: Grey) -> Scan:
        self.asked.append(image)
        self.now += image.size * self._pace
        return next(self._scans, Scan())


# where a code could be


def regions(image: Grey) -> list[Region]:
    return [patch.box for patch in patches(image)]


def box_of(corners: NDArray[np.float64]) -> tuple[float, ...]:
    return (*corners.min(axis=0), *corners.max(axis=0))


@pytest.mark.parametrize(
    ("text", "module"),
    [
        *((CERTIFICATE, module) for module in (1.6, 2.5, 4)),
        *((BADGE, module) for module in (1.8, 2.5, 4, 6)),
    ],
    ids=lambda value: str(value)[:2],
)
@pytest.mark.parametrize(
    ("blur", "noise", "contrast"),
    [(0.3, 2, 1), (0.5, 2, 1), (0.3, 25, 1), (0.3, 3, 0.2), (0.4, 5, 0.3)],
    ids=["sharp", "blurred", "noisy", "pale", "dim"],
)
@pytest.mark.parametrize("turned", [0, 20, 45])
@pytest.mark.parametrize("size", [720, 1080])
def test_a_region_holds_the_whole_code_and_not_much_more(
    text: str, module: float, blur: float, noise: float, contrast: float, turned: int, size: int
) -> None:
    larger = size / 720
    shape = size, size * 16 // 9
    image, corners = photo(
        text, module * larger, blur * module * larger, noise, contrast, turned, turned, shape
    )
    found = regions(image)
    assert len(found) == 1
    left, top, right, bottom = box_of(corners)
    slack = 2 * larger
    assert found[0].left <= left + slack
    assert found[0].top <= top + slack
    assert found[0].right >= right - slack
    assert found[0].bottom >= bottom - slack
    rim = 64 * larger  # pixels
    assert found[0].right - found[0].left <= right - left + 2 * rim
    assert found[0].bottom - found[0].top <= bottom - top + 2 * rim


def test_of_two_codes_the_one_with_more_modules_is_first() -> None:
    frame = np.hstack(
        [photo(text, 2.5, seed=3, shape=(720, 640))[0] for text in (BADGE, CERTIFICATE)]
    )
    first, second = regions(frame)
    assert first.left > 640 > second.right


def test_a_frame_has_two_regions_at_most() -> None:
    frame = np.hstack([photo(BADGE, 2.5, seed=seed, shape=(720, 320))[0] for seed in range(4)])
    assert len(regions(frame)) == 2


def chequered(cells: int, side: int) -> Grey:
    """As wide as `cells` are."""
    frame = np.full((720, 1280), 110, np.uint8)
    board = np.indices((cells, cells)).sum(axis=0) % 2
    drawn = np.kron(board, np.ones((side, side))) * 200 + 25
    frame[100 : 100 + drawn.shape[0], 200 : 200 + drawn.shape[1]] = drawn
    return frame


def written(lines: int) -> Grey:
    frame = np.full((720, 1280), 210, np.uint8)
    for line in range(lines):
        cv2.putText(
            frame,
            "WELCOME TO THE EVENT",
            (200, 80 + 70 * line),
            cv2.FONT_HERSHEY_SIMPLEX,
            2,
            (20,),
            4,
        )
    return frame


def striped(width: int, down: bool) -> Grey:
    stripes = np.tile(np.arange(1280) // width % 2 * 150 + 50, (1280, 1)).astype(np.uint8)
    return np.ascontiguousarray((stripes.T if down else stripes)[:720])


@pytest.mark.parametrize(
    "image",
    [
        chequered(9, 12),
        written(8),
        striped(3, down=True),
        striped(3, down=False),
        np.zeros((3, 5), np.uint8),
    ],
    ids=["chequered", "writing", "stripes", "stripes across", "hardly a frame"],
)
def test_what_is_no_code_is_no_region(image: Grey) -> None:
    noisy = image + np.random.default_rng(1).normal(0, 3, image.shape)
    assert patches(np.clip(noisy, 0, 255).astype(np.uint8)) == ()


# patches drawn differently


@cache
def hard() -> tuple[tuple[str, float, Grey], ...]:
    """Patches of photographs that zxing does not read as they are."""
    cut = []
    for module, blur, noise in ((1.3, 0.3, 2), (1.6, 0.5, 20), (2.2, 0.66, 20), (3, 0.9, 30)):
        for seed in (1, 2):
            for text in (CERTIFICATE, BADGE):
                image, corners = photo(text, module, blur, noise, 1, 7 * seed, seed)
                if not ZxingReader().read(image).codes:
                    left, top, right, bottom = (int(side) for side in box_of(corners))
                    patch = image[top - 12 : bottom + 12, left - 12 : right + 12]
                    cut.append((text, module, np.ascontiguousarray(patch)))
    return tuple(cut)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_reads_what_is_not_read_as_it_is(variant: Variant) -> None:
    def reads(text: str, module: float, patch: Grey) -> bool:
        codes = ZxingReader().read(variant.drawn(patch, module)).codes
        return text in {code.text for code in codes}

    assert any(reads(*one) for one in hard())


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
@pytest.mark.parametrize(("module", "scale"), [(1.0, None), (2.5, None), (0.1, 5), (50.0, 0.5)])
def test_a_variant_draws_modules_in_its_own_size_within_bounds(
    variant: Variant, module: float, scale: float | None
) -> None:
    drawn = variant.drawn(np.full((40, 60), 90, np.uint8), module)
    expected = scale or min(5, variant.module / module)
    assert np.abs(np.array(drawn.shape) - np.array((40, 60)) * expected).max() <= 1
    assert variant.scale(module) == expected
    assert drawn.dtype == np.uint8


@pytest.mark.parametrize(
    ("text", "level"), [(CERTIFICATE, "q"), (BADGE, "m")], ids=["certificate", "badge"]
)
@pytest.mark.parametrize("module", [2, 3, 4])
def test_the_size_of_a_module_is_known_from_the_kind_of_code(
    text: str, level: str, module: float
) -> None:
    image, _ = photo(text, module, seed=5, turned=10, level=level)
    (place,) = patches(image)
    assert place.module == pytest.approx(module, rel=0.3)


@pytest.mark.parametrize(
    "held",
    [lambda image: image, lambda image: 255 - image, lambda image: image[:, ::-1]],
    ids=["as it is", "inverted", "mirrored"],
)
@pytest.mark.parametrize("text", [CERTIFICATE, BADGE], ids=["certificate", "badge"])
def test_a_code_that_is_too_small_and_noisy_is_read_however_it_is_held(
    text: str, held: object
) -> None:
    assert callable(held)
    image, corners = photo(text, 1.6, 0.5, 20, seed=2, turned=14)
    image = np.ascontiguousarray(held(image))
    assert ZxingReader().read(image).codes == ()
    (code,) = QuickReader(second=Nothing(), budget=1).look(image).codes
    assert code.text == text
    assert code.stage in {variant.name for variant in VARIANTS}
    if np.array_equal(image, photo(text, 1.6, 0.5, 20, seed=2, turned=14)[0]):
        assert np.abs(np.array(code.corners) - corners).max() < 4


def test_a_code_of_ours_that_is_read_as_it_is_needs_no_variant() -> None:
    engine = Engine(Scan((seen(CERTIFICATE),)))
    look = QuickReader(engine).look(photo(BADGE, 3)[0])
    assert [(code.text, code.stage) for code in look.codes] == [(CERTIFICATE, FIRST)]
    assert len(engine.asked) == 1
    assert not look.regions


def test_a_poster_s_code_does_not_hide_what_a_guest_holds_up() -> None:
    poster, (badge, corners) = "https://example.org", photo(BADGE, 3)
    engine = Engine(Scan((seen(poster),)), Scan((seen(BADGE),)))
    look = QuickReader(engine, Nothing(), clock=lambda: 0).look(badge)
    assert [code.text for code in look.codes] == [poster, BADGE]
    left, top, right, bottom = box_of(corners)
    where: Corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    alone = Engine(Scan((CodeSeen(poster, where),)))
    look = QuickReader(alone, Nothing(), clock=lambda: 0).look(badge)
    assert not look.regions  # the poster's own
    assert len(alone.asked) == 1


@pytest.mark.parametrize("sigma", [3, 3.5])
def test_a_blurred_certificate_is_read_beside_a_poster(sigma: float) -> None:
    poster, certificate = "https://example.org/a", code(CERTIFICATE, module=5)
    frame = framed(blurred(certificate, sigma), code(poster, module=8))
    assert [one.text for one in ZxingReader().read(frame).codes] == [poster]
    texts = [one.text for one in FullReader().read(frame).codes]
    assert texts == [poster, CERTIFICATE]


def test_what_a_variant_reads_has_to_be_ours() -> None:
    image, _ = photo(BADGE, 3)
    foreign = Engine(Scan(), *(Scan((seen("https://example.org"),)) for _ in VARIANTS))
    assert QuickReader(foreign, Nothing(), clock=lambda: 0).look(image).codes == ()
    assert len(foreign.asked) == 1 + len(VARIANTS)
    engine = Engine(Scan(), Scan((seen("a"), seen(BADGE))))
    (code,) = QuickReader(engine, Nothing(), clock=lambda: 0).look(image).codes
    assert code.text == BADGE
    assert len(engine.asked) == 2


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (CERTIFICATE, True),
        (BADGE, True),
        ("HC1:", False),
        ("B1:", False),
        ("B1:A", False),
        ("B1::::", False),
        ("HC1:6BF+7é", False),
        ("hc1:6BF+70", False),
        ("https://example.org", False),
        ("HC1:" + "0" * 4297, False),
    ],
)
def test_ours_is_a_prefix_and_base45(text: str, ours: bool) -> None:
    assert is_ours(text) is ours


def test_the_corners_of_a_variant_are_in_pixels_of_the_picture_that_was_handed_in() -> None:
    small, _ = photo(BADGE, 3, seed=4)
    image = np.repeat(np.repeat(small, 3, axis=0), 3, axis=1)  # 2160 lines, of which 1080 are kept
    (region,) = QuickReader(Engine(), Nothing()).look(image).regions
    engine = Engine(Scan(), Scan((seen(BADGE),)))
    (code,) = QuickReader(engine, Nothing(), clock=lambda: 0).look(image).codes
    scale = engine.asked[1].shape[0] / ((region.bottom - region.top) / 2)
    expected = np.array(QUAD) / scale * 2 + (region.left, region.top)
    assert np.abs(np.array(code.corners) - expected).max() < 3


# the time


def test_no_variant_is_begun_that_would_not_end_in_time() -> None:
    image, _ = photo(CERTIFICATE, 3)
    (place,) = patches(image)
    slow = Engine(pace=20e-9)
    QuickReader(slow, Nothing(), clock=lambda: slow.now).look(image)
    assert 1 < len(slow.asked) < 1 + len(VARIANTS)
    assert slow.now < 0.033 + max(drawn.size for drawn in slow.asked[1:]) * 20e-9
    assert 2 < place.module < 4


def test_no_drawing_is_larger_than_the_largest_frame() -> None:
    image, _ = photo(CERTIFICATE, 8, turned=45, shape=(1080, 1920))
    engine = Engine()
    QuickReader(engine, Nothing(), clock=lambda: 0).look(image)
    assert len(engine.asked) == 1 + len(VARIANTS)
    assert max(drawn.size for drawn in engine.asked) <= 1080 * 1920


def test_the_later_variants_are_for_the_likeliest_place_alone() -> None:
    frame = np.hstack(
        [photo(text, 2.5, seed=3, shape=(720, 640))[0] for text in (BADGE, CERTIFICATE)]
    )
    engine = Engine()
    QuickReader(engine, Nothing(), clock=lambda: 0).look(frame)
    assert len(engine.asked) == 1 + 2 * FOR_ALL + len(VARIANTS) - FOR_ALL


def test_without_any_time_there_is_the_frame_as_it_came_alone() -> None:
    engine = Engine()
    look = QuickReader(engine, Nothing(), budget=0).look(photo(CERTIFICATE, 3)[0])
    assert len(engine.asked) == 1
    assert len(look.regions) == 1


def test_a_frame_in_which_nothing_could_be_a_code_is_scanned_once() -> None:
    engine = Engine()
    assert QuickReader(engine).look(np.full((720, 1280), 128, np.uint8)).something_there is False
    assert len(engine.asked) == 1


# the place of the last code, and codes that were found and not read

EMPTY = np.full((720, 1280), 120, np.uint8)


def test_the_place_of_the_last_code_is_looked_at_for_a_while() -> None:
    engine = Engine(Scan((seen(CERTIFICATE),)))
    reader = QuickReader(engine, Nothing(), clock=lambda: 0)
    reader.look(EMPTY)
    for _ in range(REMEMBERED):
        del engine.asked[:]
        assert not reader.look(EMPTY).something_there
        height, width = engine.asked[1].shape
        assert height == width
        assert 50 < height / VARIANTS[0].scale(50 / 85) < 80  # a code with sides of 50 pixels
    del engine.asked[:]
    reader.look(EMPTY)
    assert len(engine.asked) == 1


def test_a_place_is_none_in_a_frame_of_another_size(caplog: pytest.LogCaptureFixture) -> None:
    far = ((1210, 650), (1260, 650), (1260, 700), (1210, 700))
    engine = Engine(Scan((CodeSeen(CERTIFICATE, far),)))
    reader = QuickReader(engine, Nothing(), clock=lambda: 0)
    reader.look(EMPTY)
    reader.look(EMPTY[:480, :640])
    assert len(engine.asked) == 2
    assert caplog.messages == []


def test_a_reader_can_be_told_to_forget_the_place() -> None:
    engine = Engine(Scan((seen(CERTIFICATE),)))
    reader = QuickReader(engine, Nothing())
    reader.look(EMPTY)
    reader.forget()
    reader.look(EMPTY)
    assert len(engine.asked) == 2


def test_a_code_that_was_found_and_not_read_is_looked_at_and_handed_on() -> None:
    engine = Engine(Scan((), (QUAD,)))
    look = QuickReader(engine, Nothing(), clock=lambda: 0).look(EMPTY)
    assert look.quads == (QUAD,)
    assert len(engine.asked) == 1 + len(VARIANTS)


def test_a_quad_that_is_nowhere_in_the_picture_is_not_looked_at() -> None:
    away: Corners = ((2000, 10), (2060, 10), (2060, 60), (2000, 60))
    engine = Engine(Scan((), (away,)))
    QuickReader(engine, Nothing(), clock=lambda: 0).look(EMPTY)
    assert len(engine.asked) == 1


def test_zxing_tells_where_it_found_a_code_that_it_could_not_read() -> None:
    image, corners = photo(CERTIFICATE, 4, level="l")
    middle = corners.mean(axis=0)
    cv2.circle(image, (int(middle[0]), int(middle[1])), 90, (120,), -1)
    scan = ZxingReader().scan(image)
    assert scan.codes == ()
    assert np.abs(np.array(scan.failed[0]) - corners).max() < 8
    assert isinstance(regions(image)[0], Region)
