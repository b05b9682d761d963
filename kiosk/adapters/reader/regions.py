"""Where in a frame could a code be? Cheap enough to ask of every frame in which none was read.

A code is a patch of the picture that changes between light and dark again and again, in both
directions and everywhere in it, whatever its contrast and however it is turned. So changes are
counted, in small cells: along a row, the slopes add up to twice the contrast for each change from
light to dark and back, blurred or not. Edges have changes in one direction alone, faces and cloth
have few for their contrast, print and chequered things seldom fill a patch that is forty modules
wide, and what noise adds is known from the quietest part of the frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.spectrum import LEAST_EVENNESS, evenness
from kiosk.adapters.reader.taken import Quad, taken
from kiosk.desk.ports import Region

CELLS = 90  # from top to bottom of a frame: 8 pixels each at 720p, 12 at 1080p
BUSY = 0.95  # changes across a cell, from which on it may be of a code; codes have 1.3 to 2.4
LEAST_CONTRAST = 2.5  # grey levels by which pixels differ from their surroundings on average
OVER_NOISE = 2.0  # times the contrast of the frame's quietest part
QUIETEST = 10  # per cent of a frame, in which there is noise alone
# Changes across a whole patch, less where it is frayed or uneven. A certificate has 15 or more, a
# small badge 9; what print and chequered things add up to in a crowded background is often less.
LIKELY = 8.5
LONGEST = 2.2  # times as long as wide, as a code is that is tilted by 60 degrees
RIM = 1.5  # cells around a patch: the cells on its edge are half as busy as the others
MOST = 2  # places of one frame
# Modules a side: certificates have 81 to 93 (versions 16 to 19), badges 37. Half of the modules are
# followed by one of the other kind, so that a badge has 18 changes, and some more with its caption.
CERTIFICATE, BADGE = 85, 37
MOST_OF_A_BADGE = 27  # changes
WIDER = 1.07  # times as wide as the code are its busy cells
SAME = 0.6  # of the smaller of two boxes in the other, and they are one place
ALIKE = 0.5  # intersection over union of two boxes that are taken together
# Of a code that was read, on each side: its quiet zone (4 modules, ISO/IEC 18004:2015 6.3.8), and
# the cells beside it, which are summed up with its own.
AROUND_READ = 0.2

Grey = NDArray[np.uint8]
Cells = NDArray[np.float32]


class Texture(NamedTuple):
    """A frame in cells: how busy each is, and its contrast."""

    changes: Cells  # between light and dark across a cell, in the direction with fewer of them
    contrast: Cells  # grey levels, mean absolute deviation from the surroundings
    noise: float  # grey levels, the contrast of the quietest part


class Patch(NamedTuple):
    """A place that could be a code."""

    box: Region  # in pixels of the frame
    module: float  # pixels, an estimate


def patches(image: Grey, read: Sequence[Quad] = ()) -> tuple[Patch, ...]:
    """The places in `image` that could be a code, at most two; the likeliest first.

    They are also looked for in the picture at half its size, where a code is found that is near and
    out of focus; and at a quarter, for a near one of few modules. Boxes of that size are coarse and
    count only where there is no other. None lies on the codes that were `read`, of which these are
    the corners.
    """
    cell = max(4, 2 * round(image.shape[0] / CELLS / 2))
    busy: list[_Piece] = []
    for shrunk in (1, 2, 4):
        size = tuple(max(1, side // shrunk) for side in image.shape[::-1])
        smaller = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if shrunk > 1 else image
        busy += _busy_pieces(np.asarray(smaller, np.uint8), cell, shrunk, read)
    found = [one for one in busy if evenness(image, one.box) > LEAST_EVENNESS]
    found.sort(key=lambda piece: (piece.cell > 2 * cell, -piece.likeness))
    kept: list[_Piece] = []
    for piece in found:
        same = next((n for n, one in enumerate(kept) if covers(one.box, piece.box)), None)
        if same is None:
            kept.append(piece)
        elif _overlap(kept[same].box, piece.box) > ALIKE and piece.cell <= 2 * cell:
            kept[same] = kept[same]._replace(box=_union(kept[same].box, piece.box))
    kept.sort(key=lambda piece: -piece.likeness)
    return tuple(
        Patch(_with_rim(piece.box, RIM * piece.cell, image.shape), piece.module())
        for piece in kept[:MOST]
    )


def covers(one: Region, other: Region) -> bool:
    """Whether `other` is no place for its own, as most of one of them lies in the other."""
    return _common(one, other) > SAME * min(_size(one), _size(other))


def _overlap(one: Region, other: Region) -> float:
    """Intersection over union."""
    common = _common(one, other)
    return common / (_size(one) + _size(other) - common)


def _common(one: Region, other: Region) -> int:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height)


def _size(box: Region) -> int:
    return (box.right - box.left) * (box.bottom - box.top)


def _union(one: Region, other: Region) -> Region:
    return Region(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _with_rim(box: Region, rim: float, shape: tuple[int, ...]) -> Region:
    return Region(
        max(0, int(box.left - rim)),
        max(0, int(box.top - rim)),
        min(shape[1], int(box.right + rim)),
        min(shape[0], int(box.bottom + rim)),
    )


class _Piece(NamedTuple):
    """Busy cells in one piece."""

    box: Region  # in pixels of the frame
    cell: int  # pixels of the frame
    area: int  # cells
    changes: float  # across the piece
    likeness: float  # see LIKELY

    def module(self) -> float:
        """Pixels of a module, if this is the certificate or the badge that it looks like."""
        modules = CERTIFICATE if self.changes > MOST_OF_A_BADGE else BADGE
        return float(self.cell * self.area**0.5 / WIDER / modules)


def _busy_pieces(image: Grey, cell: int, shrunk: int, read: Sequence[Quad]) -> Iterator[_Piece]:
    """The pieces that look like a code, of a frame that was made smaller `shrunk` times."""
    found = texture(image, cell)
    busy = found.changes > BUSY
    busy &= found.contrast > max(LEAST_CONTRAST, OVER_NOISE * found.noise)
    pixels = cell * shrunk
    if read:
        busy &= ~taken(read, busy.shape, pixels, AROUND_READ)
    opened = cv2.morphologyEx(busy.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(opened)
    changes = np.bincount(labels.ravel(), found.changes.ravel(), count) / boxes[:, 4] ** 0.5
    for label in range(1, count):
        if changes[label] < LIKELY:  # most are small, and to look at each is dear
            continue
        x, y, width, height, area = (int(value) for value in boxes[label])
        box = slice(y, y + height), slice(x, x + width)
        evenness = _evenness(labels[box] == label, found.contrast[box])
        if changes[label] * evenness >= LIKELY:
            region = Region(*(side * pixels for side in (x, y, x + width, y + height)))
            across = float(changes[label])
            yield _Piece(region, pixels, area, across, across * evenness)


def _evenness(piece: NDArray[np.bool_], contrast: Cells) -> float:
    """How square, whole and even in its contrast the piece is, up to 1; 0 if it is long."""
    cells = piece.astype(np.uint8)
    _, sides, _ = cv2.minAreaRect(cv2.findNonZero(cells))
    long, short = max(sides) + 1, min(sides) + 1  # from the middle of a cell to that of another
    if long > LONGEST * short:
        return 0.0
    padded = cv2.copyMakeBorder(cells, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    inner = cv2.erode(padded, np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
    inside = contrast[inner if inner.any() else piece]
    unevenness = float(inside.std() / inside.mean())
    return float(piece.sum() / (long * short) / (1 + 2 * unevenness))


def texture(image: Grey, cell: int) -> Texture:
    """How busy the cells of `image` are, each of an even number of pixels a side.

    What is left over at the right and the bottom is in no cell.
    """
    down, across = ((side - 1) // cell for side in image.shape)
    if min(down, across) < 1:
        nothing = np.zeros((1, 1), np.float32)
        return Texture(nothing, nothing, 0.0)
    height, width = down * cell, across * cell
    smooth = np.asarray(cv2.GaussianBlur(image, (3, 3), 0), np.uint8)
    rows = smooth[:height:2, :width]  # every other row is enough for a mean
    along = _means(cv2.absdiff(smooth[:height:2, 1 : width + 1], rows), across, down)
    between = _means(cv2.absdiff(smooth[1 : height + 1 : 2, :width], rows), across, down)
    light = cv2.blur(cv2.resize(rows, (across, down), interpolation=cv2.INTER_AREA), (3, 3))
    surroundings = cv2.resize(light, (width, height // 2), interpolation=cv2.INTER_LINEAR)
    contrast = _means(cv2.absdiff(rows, surroundings), across, down)
    slope = np.minimum(_over_noise(along), _over_noise(between))
    noise = float(np.percentile(contrast, QUIETEST))
    contrast = _over_noise(contrast)
    # A change is a slope of twice the deviation; half a level keeps the divisor off nothing.
    return Texture(cell * slope / (2 * contrast + 0.5), contrast, noise)


def _means(values: cv2.typing.MatLike, across: int, down: int) -> Cells:
    means = cv2.resize(values, (across, down), interpolation=cv2.INTER_AREA)
    return means.astype(np.float32)


def _over_noise(cells: Cells) -> Cells:
    """What is more than noise, which adds in squares, summed up over 3 by 3 cells."""
    noise = float(np.percentile(cells, QUIETEST))
    more = np.sqrt(np.maximum(cells * cells - noise * noise, 0))
    return np.asarray(cv2.blur(more, (3, 3)), np.float32)
