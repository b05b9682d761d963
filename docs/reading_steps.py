"""The patient look at one hard frame, a picture for each step: for `reading_pictures`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple
from unittest import mock

import cv2
import numpy as np
from drawing import Grey, Sheet, faded, module_sheet, square, titled
from numpy.typing import NDArray

from kiosk.adapters.reader import regions
from kiosk.adapters.reader.patient import equaliser, guessing, reader, restoring
from kiosk.adapters.reader.patient import finders as finding
from kiosk.adapters.reader.patient.alignment import refined
from kiosk.adapters.reader.patient.decoding import Codewords
from kiosk.adapters.reader.patient.lattice import Lattice
from kiosk.adapters.reader.patient.picture import Grey as Soft
from kiosk.adapters.reader.patient.picture import looked_up
from kiosk.adapters.reader.patient.settling import settled
from kiosk.desk.ports import Region
from kiosk.gui.parts.style import Tint
from tests.qrcodes import certificate_text, modules_of, seen

TEXT = certificate_text(1)
MODULES = modules_of(TEXT)


@cache
def hard_frame() -> Grey:
    """A certificate on wavy paper, leaning, out of focus, in a camera's noise."""
    flat = seen(MODULES, module=3, defocus=0.9, lean=0.06, turn=6, shape=(400, 400))
    down, across = np.indices(flat.shape)
    wave = [across + 2 * np.sin(down / 40 + 1), down + 5 * np.sin(across / 40 + 0.5)]
    bent = looked_up(flat.astype(np.float32), np.stack(wave, axis=2).astype(np.float32))
    noise = np.random.default_rng(1).normal(0, 5, flat.shape)
    return np.asarray(np.clip(bent + noise, 0, 255), np.uint8)


class Steps(NamedTuple):
    """The patient look at the hard frame, stopped after each step."""

    patch: Grey
    corners: list[finding.Corner]
    guesses: list[guessing.Guess]  # of each corner
    flat: Lattice  # the guess that suits best
    followed: Lattice
    view: reader.View


@cache
def steps() -> Steps:
    """As `reader.find` takes them."""
    (place,) = regions.patches(hard_frame())
    left, top, right, bottom = place.box
    patch = np.ascontiguousarray(hard_frame()[top:bottom, left:right])
    picture = patch.astype(np.float32)
    corners = finding.corners(finding.finders(patch, finding.RIM).dark, reader.CORNERS)
    guesses = [guessing.first_guess(picture, corner) for corner in corners]
    flat = max(guesses, key=lambda guess: guess.suits).lattice
    followed = refined(picture, flat)
    view = reader.find(hard_frame(), place.box, lambda: True)
    if view is None or not np.array_equal(view.middles, followed.middles(equaliser.AROUND)):
        raise RuntimeError("the reader takes other steps than these")
    return Steps(patch, corners, guesses, flat, followed, view)


def finder_patterns() -> Sheet:
    """The correlation with a finder pattern, all that is likely one, and the triples tried."""
    patch = steps().patch
    best = steps().corners[int(np.argmax([guess.suits for guess in steps().guesses]))]
    module = min(finding.SCALES, key=lambda size: abs(size - _module(best)))
    likeness, factor = finding._likeness(patch, module, finding.RIM)
    scale = 480 / max(patch.shape)
    sheet = Sheet(980, 40 + round(patch.shape[0] * scale))
    half = finding._pattern(finding.RIM).shape[0] / 2 / factor * scale
    shown = np.asarray(255 * (1 - np.maximum(likeness, 0) / likeness.max()), np.uint8)
    sheet.text(0, 22, f"likeness to a finder pattern, {module:g} pixels a module", bold=True)
    sheet.box(0, 34, patch.shape[1] * scale, patch.shape[0] * scale, Tint.LINE)
    sheet.picture(shown, half, 34 + half, scale / factor)
    titled(sheet, 500, "all that are likely, and the best triples", faded(patch), scale)
    shift = np.array([500, 34])
    for one in (one for of_one in finding.finders(patch, finding.RIM).dark for one in of_one):
        x, y = np.array([one.x, one.y]) * scale + shift
        reach = 3.5 * one.module * scale
        sheet.line(square(x - reach, y - reach, x + reach, y + reach), Tint.MUTE, 1.2, True)
    for corner in sorted(steps().corners, key=lambda corner: corner is best):
        ends = np.array([corner.along, 0 * corner.along, corner.down]) + corner.middle
        if corner is best:
            for x, y in ends * scale + (0, 34):
                sheet.line(square(x - 20, y - 20, x + 20, y + 20), Tint.ACCENT, 2.5, True)
        tint = Tint.ACCENT if corner is best else Tint.REFUSE
        sheet.line(ends * scale + shift, tint, 4 if corner is best else 2)
        sheet.dots(ends * scale + shift, tint, 7 if corner is best else 4)
    return sheet


def _module(corner: finding.Corner) -> float:
    return float(np.hypot(*corner.along) / (corner.modules - 7))


def lattices() -> Sheet:
    """The first lattice over the picture, and the one that follows the alignment patterns."""
    patch = steps().patch
    scale = 480 / max(patch.shape)
    sheet = Sheet(980, 40 + round(patch.shape[0] * scale))
    pair = (
        ("flat, through three corners", steps().flat),
        ("following the paper", steps().followed),
    )
    for x, (name, lattice) in zip((0, 500), pair, strict=True):
        known = lattice.symbol.known
        soft = equaliser.plain(
            equaliser.evened(patch.astype(np.float32), lattice.middles(equaliser.AROUND))
        )
        told = known != 0
        share = float(((soft[told] < 0) != (known[told] < 0)).mean())
        title = f"{name}: {100 * share:.0f} % of what is known is wrong"
        titled(sheet, x, title, faded(patch), scale)
        _draw_lattice(sheet, lattice, scale, np.array([x, 34]))
        middles = (lattice.pixels(lattice.symbol.known_middles) + 0.5) * scale + (x, 34)
        wrong = (soft[told] < 0) != (known[told] < 0)
        sheet.dots(middles[~wrong], Tint.ADMIT, 2)
        sheet.dots(middles[wrong], Tint.REFUSE, 2.6)
    return sheet


def _draw_lattice(sheet: Sheet, lattice: Lattice, scale: float, shift: NDArray[np.int_]) -> None:
    size = lattice.symbol.size
    along = np.linspace(0, size, 60)
    for at in np.linspace(0, size, 12):
        for line in (np.stack([along, 0 * along + at], 1), np.stack([0 * along + at, along], 1)):
            sheet.line((lattice.pixels(line) + 0.5) * scale + shift, Tint.ACCENT, 1.3)


class Heard(NamedTuple):
    """What one attempt at the blocks had to show for itself."""

    after: str
    sound: NDArray[np.bool_]


@cache
def attempts() -> tuple[Heard, ...]:
    """Each time that blocks were decoded in the reading of the hard frame, in its order."""
    heard: list[Heard] = []
    with _watched(heard):
        # Without an end, so that a slow machine draws the same picture.
        codes = reader.PatientReader(budget=1e9).look(hard_frame(), _places())
    if [code.text for code in codes] != [TEXT]:
        raise RuntimeError("the hard frame has become too hard")
    return tuple(heard)


@contextmanager
def _watched(heard: list[Heard]) -> Iterator[None]:
    """Note what each call of the program's own steps leaves behind."""
    step: list[str] = []
    hear, equalised, restored = Codewords.hear, equaliser.equalised, restoring.restored
    settle, moved = reader.View.settle, ""

    def hearing(codewords: Codewords, soft: Soft) -> None:
        hear(codewords, soft)
        heard.append(Heard(moved + step[-1], codewords.sound.copy()))

    def equalising(samples: Soft, known: NDArray[np.int8], reach: equaliser.Reach) -> Soft:
        step.append("equalised" if reach is equaliser.NEAR else "equalised, knowing more")
        return equalised(samples, known, reach)

    def restoring_(samples: Soft, known: NDArray[np.int8], soft: Soft) -> Soft:
        step.append("restored")
        return restored(samples, known, soft)

    def settling(view: reader.View, guess: Soft) -> None:
        nonlocal moved
        moved = "settled, "
        settle(view, guess)

    with (
        mock.patch.object(Codewords, "hear", hearing),
        mock.patch.object(equaliser, "equalised", equalising),
        mock.patch.object(reader, "restored", restoring_),
        mock.patch.object(reader.View, "settle", settling),
    ):
        yield


def _places() -> list[Region]:
    return [patch.box for patch in regions.patches(hard_frame())]


def blocks() -> Sheet:
    """Which blocks are sound after each attempt: a row for each, a column for a block."""
    rows = attempts()
    sheet = Sheet(980, 40 + 34 * len(rows))
    count = rows[0].sound.size
    for block in range(count):
        sheet.text(300 + 40 * block, 22, str(block + 1), Tint.MUTE, 14, middle=True)
    sheet.text(20, 22, "decoded after", Tint.MUTE, 14)
    sheet.text(790, 22, "sound", Tint.MUTE, 14)
    before = np.zeros(count, bool)
    for number, (after, sound) in enumerate(rows):
        y = 34 + 34 * number
        if after == "settled, equalised":  # begun anew
            before = np.zeros(count, bool)
        sheet.text(20, y + 20, after)
        for block in range(count):
            new = sound[block] and not before[block]
            fill = Tint.ADMIT if new else Tint.ADMIT_TINT if sound[block] else Tint.PAPER
            sheet.box(284 + 40 * block, y, 32, 26, fill, Tint.LINE, round_=4)
        sheet.text(790, y + 20, f"{sound.sum()} of {count}", bold=bool(sound.all()))
        before = sound
    return sheet


def module_steps() -> Sheet:
    """The modules after each step, the wrong ones red."""
    view = steps().view
    guess = _guess_before_settling()
    moved = reader.View(view.sign, view.picture, view.middles, view.mirrored, 1.0, view.outline)
    moved.settle(guess)
    shown = []
    for name, samples in (("", view.samples()), ("settled, ", moved.samples())):
        equalised = equaliser.equalised(samples, view.sign.known, equaliser.NEAR)
        better = restoring.restored(samples, view.sign.known, equalised)
        shown += [
            (name + "each by itself", equaliser.plain(samples)),
            (name + "equalised", equalised),
            (name + "restored", better),
        ]
    return module_sheet(MODULES, shown)


def _guess_before_settling() -> Soft:
    """What the first reading makes of all modules."""
    view = steps().view
    return reader.read(view.sign, view.samples(), lambda: True).guess()


def settled_lattice() -> Sheet:
    """How settling moved the lattice, the ways drawn six times as long."""
    view = steps().view
    moved = settled(view.picture, view.middles, _guess_before_settling())
    patch = steps().patch
    scale = 480 / max(patch.shape)
    sheet = Sheet(980, 40 + round(patch.shape[0] * scale))
    titled(sheet, 0, "how far each part moved, six times as long", faded(patch), scale)
    near = slice(equaliser.AROUND, -equaliser.AROUND, 4)
    shift = np.array([0, 34])
    for begin_at, end_at in zip(
        view.middles[near, near].reshape(-1, 2), moved[near, near].reshape(-1, 2), strict=True
    ):
        ways = np.array([begin_at, begin_at + 6 * (end_at - begin_at)]) + 0.5
        sheet.line(ways * scale + shift, Tint.ACCENT, 2)
        sheet.dots([ways[1] * scale + shift], Tint.ACCENT, 2.5)
    _draw_closer(sheet, view.middles, moved)
    return sheet


def _draw_closer(sheet: Sheet, before: NDArray[np.float32], after: NDArray[np.float32]) -> None:
    """A piece where it moved much, with the middles of the modules before and after."""
    patch, side = steps().patch, 44  # pixels of the patch
    inner = (slice(8, -8),) * 2
    moved = cv2.blur(np.hypot(*np.moveaxis(after - before, 2, 0)), (9, 9))[inner]
    middle = before[inner][np.unravel_index(moved.argmax(), moved.shape)]
    left, top = (int(np.clip(at - side / 2, 0, patch.shape[1] - side)) for at in middle)
    scale = 480 / side
    titled(sheet, 500, "there: middles before (red) and after (blue)",
            faded(patch)[top : top + side, left : left + side], scale)  # fmt: skip
    for middles, tint in ((before, Tint.REFUSE), (after, Tint.ACCENT)):
        places = (middles.reshape(-1, 2) + 0.5 - (left, top)) * scale
        inside = ((places > 0) & (places < 480)).all(axis=1)
        sheet.dots(places[inside] + (500, 34), tint, 3)
