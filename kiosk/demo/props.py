"""What guests hold up to the simulated camera: phones, printed sheets and badges, in a hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

Stroke = tuple[float, float, float, float, float]  # from x, y to x, y; how wide

OVERSAMPLED = 1.5  # pixels of a prop for each pixel of the frame
QUIET = 4  # modules of white around a code (ISO/IEC 18004, 6.3.8)
LONG = 200  # characters; a certificate is longer, a badge shorter

SKIN = 162
CASE, BEZEL, SCREEN = 34, 18, 246
PAPER, INK, FAINT = 232, 46, 120


@dataclass(frozen=True, eq=False)
class Prop:
    """A flat thing: its picture, how opaque it is, where its code is, in its own pixels."""

    picture: Grey
    opaque: Grey
    corners: NDArray[np.float32]  # of the code without its white rim, clockwise from top left


def modules(text: str) -> NDArray[np.uint8]:
    """The code, 1 where dark: level Q as certificates are issued, M as badges are printed."""
    level = "q" if len(text) > LONG else "m"
    code = segno.make(text, error=level, boost_error=False, micro=False)
    return np.array([list(row) for row in code.matrix], np.uint8)


class _Canvas:
    """A picture and its opacity, drawn on together; lengths in pixels of the frame."""

    def __init__(self, width: float, height: float) -> None:
        shape = (round(height * OVERSAMPLED), round(width * OVERSAMPLED))
        self.picture = np.zeros(shape, np.uint8)
        self.opaque = np.zeros(shape, np.uint8)

    def box(
        self, left: float, top: float, right: float, bottom: float, grey: int, round_by: float = 0
    ) -> None:
        """A rectangle with round corners."""
        outline = _rounded((_px(left), _px(top), _px(right), _px(bottom)), _px(round_by))
        for layer, value in ((self.picture, grey), (self.opaque, 255)):
            cv2.fillPoly(layer, [outline], (value,), cv2.LINE_AA)

    def limb(self, strokes: Sequence[Stroke], grey: int) -> None:
        """Strokes with round ends that run into one another, round by their shading."""
        ends = np.array([(x, y) for a, b, c, d, _ in strokes for x, y in ((a, b), (c, d))])
        thickest = max(wide for *_, wide in strokes)
        begin = np.maximum(0, (ends.min(axis=0) - thickest) * OVERSAMPLED).astype(int)
        end = np.maximum(0, (ends.max(axis=0) + thickest) * OVERSAMPLED).astype(int)
        here = slice(begin[1], end[1]), slice(begin[0], end[0])
        mask = np.zeros_like(self.opaque[here])
        for x, y, to_x, to_y, wide in strokes:
            one, two = np.array([_spot((x, y)), _spot((to_x, to_y))]) - begin
            cv2.line(mask, tuple(one.tolist()), tuple(two.tolist()), (255,), _px(wide), cv2.LINE_AA)
        radius = thickest * OVERSAMPLED / 2
        depth = cv2.distanceTransform(mask, cv2.DIST_L2, 3) / (0.8 * radius)
        bright = (grey * (0.66 + 0.4 * np.sin(np.minimum(depth, 1) * np.pi / 2))).astype(np.float32)
        shaded = np.minimum(cv2.GaussianBlur(bright, (0, 0), radius / 7), 255)
        inside = mask.astype(np.float32) / 255
        self.picture[here] = self.picture[here] * (1 - inside) + shaded * inside
        np.maximum(self.opaque[here], mask, out=self.opaque[here])

    def write(self, words: str, left: float, base: float, size: float, grey: int) -> None:
        """One line of letters, `size` high."""
        scale = size * OVERSAMPLED / 21  # the font's capitals are 21 pixels high
        spot, font = _spot((left, base)), cv2.FONT_HERSHEY_SIMPLEX
        thick = max(1, round(scale * 2))
        cv2.putText(self.picture, words, spot, font, scale, (grey,), thick, cv2.LINE_AA)

    def lines(
        self, box: tuple[float, float, float, float], pitch: float, rng: np.random.Generator
    ) -> None:
        """Print too small to be read: words as grey strokes, `pitch` from line to line."""
        left, top, right, bottom = box
        for y in np.arange(top, bottom, pitch):
            x = left
            end = right - (right - left) * rng.uniform(0, 0.35)
            while x < end:
                word = rng.uniform(1.2, 4.5) * pitch
                stroke = _spot((x, y)), _spot((min(x + word, end), y))
                cv2.line(self.picture, *stroke, (FAINT,), max(1, _px(pitch * 0.3)), cv2.LINE_AA)
                x += word + pitch * 0.6

    def code(self, dark: NDArray[np.uint8], left: float, top: float, module: float) -> None:
        """The code with its white rim, from `left` and `top` on."""
        bare = np.pad(1 - dark, QUIET, constant_values=1) * np.uint8(SCREEN - 26) + np.uint8(24)
        side = _px(bare.shape[0] * module)
        fine = np.kron(bare, np.ones((8, 8), np.uint8))
        x, y = _spot((left, top))
        drawn = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
        self.picture[y : y + side, x : x + side] = drawn

    def prop(self, module: float, left: float, top: float, count: int) -> Prop:
        """Softened as far as a camera cannot see anyway, so that nothing flickers when it moves."""
        soft = [cv2.GaussianBlur(layer, (0, 0), 0.55) for layer in (self.picture, self.opaque)]
        begin = np.array([left, top], np.float32) + QUIET * module
        square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * count * module
        corners = ((begin + square) * OVERSAMPLED).astype(np.float32)
        return Prop(np.asarray(soft[0], np.uint8), np.asarray(soft[1], np.uint8), corners)


def phone(text: str, module: float, seed: int) -> Prop:
    """A phone in a hand, the code on a white card of its wallet."""
    rng = np.random.default_rng(seed)
    dark = modules(text)
    side = (len(dark) + 2 * QUIET) * module
    wide, high = side * 1.16, side * 1.16 * 2.05
    reach = side * 0.34  # what the hand takes up beside the phone
    canvas = _Canvas(wide + 2 * reach, high * 1.45)
    left, right = reach, reach + wide
    _palm(canvas, left, right, high, wide)
    canvas.box(left, 2, right, high, CASE, wide * 0.11)
    canvas.box(
        left + wide * 0.012,
        2 + wide * 0.012,
        right - wide * 0.012,
        high - wide * 0.012,
        BEZEL,
        wide * 0.1,
    )
    rim = wide * 0.04
    shade = int(rng.integers(96, 150))
    canvas.box(left + rim, 2 + rim, right - rim, high - rim, shade, wide * 0.075)
    canvas.box(left + wide * 0.36, rim, right - wide * 0.36, rim * 2.1, BEZEL, rim * 0.6)
    margin = (wide - side) / 2
    top = high * 0.2
    canvas.write("09:41", left + wide * 0.12, rim * 2.4, wide * 0.035, 235)
    canvas.write("Certificate", left + margin + rim, top - side * 0.06, side * 0.055, 240)
    canvas.box(left + margin, top, right - margin, top + side * 1.3, SCREEN, side * 0.04)
    canvas.code(dark, left + margin, top, module)
    canvas.write("EU DIGITAL COVID", left + margin * 2.4, top + side * 1.09, side * 0.05, INK)
    below = (left + margin * 2.4, top + side * 1.16, right - margin * 2, top + side * 1.26)
    canvas.lines(below, side * 0.045, rng)
    bar = (left + wide * 0.32, high - rim * 2, right - wide * 0.32, high - rim * 1.6)
    canvas.box(*bar, 225, rim * 0.2)
    _fingers(canvas, left, right, high, wide)
    return canvas.prop(module, left + margin, top, len(dark))


def _palm(canvas: _Canvas, left: float, right: float, high: float, wide: float) -> None:
    """The hand behind the phone and the sleeve that comes from below."""
    x = (left + right) / 2 + wide * 0.2
    canvas.limb([(x + wide * 0.2, high * 1.6, x + wide * 0.02, high * 1.12, wide * 0.6)], 66)
    palm = (x, high * 1.1, x, high * 0.8, wide * 0.52)
    ball = (x + wide * 0.1, high * 0.98, right + wide * 0.02, high * 0.84, wide * 0.28)
    canvas.limb([palm, ball], SKIN - 14)


def _fingers(canvas: _Canvas, left: float, right: float, high: float, wide: float) -> None:
    """Four finger tips round the left edge, the thumb along the right one."""
    for step, reach in enumerate((0.02, 0.045, 0.04, 0.015)):
        y = high * (0.575 + 0.075 * step)
        start = (left - wide * 0.045, y + wide * 0.025)
        canvas.limb([(*start, left + wide * reach, y, wide * (0.115 - 0.006 * step))], SKIN)
    root = (right + wide * 0.03, high * 0.86, right + wide * 0.055, high * 0.71, wide * 0.2)
    middle = (right + wide * 0.055, high * 0.71, right + wide * 0.01, high * 0.61, wide * 0.16)
    tip = (right + wide * 0.01, high * 0.61, right - wide * 0.03, high * 0.545, wide * 0.13)
    canvas.limb([root, middle, tip], SKIN)


def sheet(text: str, module: float, seed: int) -> Prop:
    """A printed certificate: the code above, small print around it, a thumb on its edge."""
    rng = np.random.default_rng(seed)
    dark = modules(text)
    side = (len(dark) + 2 * QUIET) * module
    wide, high = side * 1.75, side * 2.1
    reach = side * 0.7
    canvas = _Canvas(wide + 2 * reach, high + side * 1.2)
    left, right, top = reach, reach + wide, 2.0
    hands = [(edge, out, high * rng.uniform(0.62, 0.72)) for edge, out in ((left, -1), (right, 1))]
    for edge, out, y in hands:
        wrist = edge + out * side * 0.16, y + side * 0.44
        sleeve = edge + out * side * 0.24, y + side * 0.62, edge + out * side * 0.42, high * 1.7
        canvas.limb([(*sleeve, side * 0.42)], 66)
        canvas.limb([(*wrist, edge - out * side * 0.02, y + side * 0.12, side * 0.32)], SKIN - 16)
    canvas.box(left, top, right, high, PAPER)
    inner = left + side * 0.14
    canvas.box(inner, top + side * 0.1, inner + side * 0.24, top + side * 0.25, 88, 2)
    canvas.write(
        "EU DIGITAL COVID CERTIFICATE", inner + side * 0.3, top + side * 0.19, side * 0.05, INK
    )
    code_left, code_top = left + (wide - side) / 2, top + side * 0.34
    canvas.code(dark, code_left, code_top, module)
    body = code_top + side * 1.1
    canvas.write("Surname  Forename", inner, body, side * 0.045, INK)
    canvas.lines(
        (inner, body + side * 0.09, right - side * 0.14, high - side * 0.08), side * 0.062, rng
    )
    for edge, out, y in hands:
        root = (edge + out * side * 0.12, y + side * 0.2, edge + out * side * 0.02, y + side * 0.06)
        tip = (edge + out * side * 0.02, y + side * 0.06, edge - out * side * 0.09, y)
        canvas.limb([(*root, side * 0.17), (*tip, side * 0.14)], SKIN)
    return canvas.prop(module, code_left, code_top, len(dark))


def badge(text: str, module: float, seed: int) -> Prop:
    """A conference badge in its sleeve, on a ribbon."""
    rng = np.random.default_rng(seed)
    dark = modules(text)
    side = (len(dark) + 2 * QUIET) * module
    wide, high, ribbon = side * 1.5, side * 2.25, side * 2.2
    canvas = _Canvas(wide + side * 0.2, ribbon + high + side * 0.1)
    left, right, top = side * 0.1, side * 0.1 + wide, ribbon
    middle = (left + right) / 2
    for start in (-0.2, 0.2):
        canvas.limb(
            [(middle + start * side, -side * 0.3, middle, top + side * 0.1, side * 0.1)], 84
        )
    canvas.box(left, top, right, top + high, 205, side * 0.07)
    edge = side * 0.035
    canvas.box(left + edge, top + edge, right - edge, top + high - edge, PAPER, side * 0.05)
    canvas.box(
        middle - side * 0.13,
        top + side * 0.07,
        middle + side * 0.13,
        top + side * 0.13,
        70,
        side * 0.03,
    )
    canvas.box(left + edge, top + side * 0.2, right - edge, top + side * 0.44, 76)
    canvas.write("CLUSTERS 2021", left + side * 0.2, top + side * 0.37, side * 0.1, 238)
    canvas.write("PARTICIPANT", left + side * 0.2, top + side * 0.63, side * 0.1, INK)
    canvas.lines(
        (left + side * 0.2, top + side * 0.76, right - side * 0.2, top + side * 0.9),
        side * 0.09,
        rng,
    )
    code_left, code_top = left + (wide - side) / 2, top + high - side * 1.12
    canvas.code(dark, code_left, code_top, module)
    return canvas.prop(module, code_left, code_top, len(dark))


def _px(length: float) -> int:
    return max(1, round(length * OVERSAMPLED))


def _spot(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * OVERSAMPLED), round(point[1] * OVERSAMPLED)


def _rounded(box: tuple[int, int, int, int], radius: int) -> NDArray[np.int32]:
    left, top, right, bottom = box
    radius = min(radius, (right - left) // 2, (bottom - top) // 2)
    turn = np.linspace(0, np.pi / 2, 12)
    corners = (
        (right - radius, bottom - radius, 0.0),
        (left + radius, bottom - radius, np.pi / 2),
        (left + radius, top + radius, np.pi),
        (right - radius, top + radius, 3 * np.pi / 2),
    )
    points = [
        np.column_stack((x + radius * np.cos(turn + at), y + radius * np.sin(turn + at)))
        for x, y, at in corners
    ]
    return np.asarray(np.rint(np.concatenate(points)), np.int32)
