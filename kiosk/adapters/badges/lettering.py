"""Text of known extent: as large as it fits, on a line or more, in fonts that have its letters."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption

from kiosk.adapters.badges.anatomy import Zone
from kiosk.look import font

_Kind = QTextBoundaryFinder.BoundaryType
UNITS = 1200 / 25.4  # painter's units in a mm: 1,200 to the inch
_MEASURED = 1000  # units of the em at which text is measured; nothing is hinted, so extents scale
_ABOVE, _BELOW = 0.97, 0.24  # em over and under the base line: capitals with accents, descenders
_LEGIBLE = 2.2  # mm of an em (6 points): a word is broken before it gets smaller than that
_FULL = 0.999  # of the height of a zone
_LARGER = 1.15  # so much larger must type be to be worth a second line


class Extent(NamedTuple):
    """In em: the width, and how far ink reaches over and under the base line."""

    width: float
    above: float
    below: float


@dataclass(frozen=True)
class Fitted:
    """Lines that fit their zone. em, height: mm. bases: mm of each base line below the top."""

    lines: tuple[str, ...]
    em: float
    height: float
    bases: tuple[float, ...]


@lru_cache(maxsize=16)  # the header is the same on every badge
def fitted(text: str, zone: Zone, weight: int, *, least: float = 0.0) -> Fitted:
    """`text` in the largest type that `zone` has room for; nothing of it ever stands out.

    least: mm of an em below which the end of the text is left out instead; never for a name.
    """
    best = _set([text], zone, weight)
    if best.em >= zone.em or best.height >= zone.box.height * _FULL:
        return best  # it is not the width that keeps it small
    for count in range(2, zone.lines + 1):
        best = _better(best, _set(_parted(text, count, weight, _Kind.Line), zone, weight))
    if best.em < max(_LEGIBLE, least) and zone.lines > 1:
        best = _better(best, _set(_parted(text, 2, weight, _Kind.Grapheme), zone, weight))
    if best.em < least and len(text) > 1:
        return fitted(_shortened(text, best.em / least), zone, weight, least=least)
    return best


def width_of(text: str, em: float, weight: int) -> float:
    """The width in mm of one line."""
    return measured(text, weight).width * em


def draw(painter: QPainter, text: str, left: float, base: float, em: float, weight: int) -> None:
    """One line, from `left` mm on the base line at `base` mm, in the painter's colour."""
    layout = _laid_out(text, int(em * UNITS), weight)
    layout.lineAt(0).setPosition(QPointF(0, -layout.lineAt(0).ascent()))
    layout.draw(painter, QPointF(left * UNITS, base * UNITS))


def measured(text: str, weight: int) -> Extent:
    """How much room `text` takes on one line."""
    layout = _laid_out(text, _MEASURED, weight)
    line = layout.lineAt(0)
    base, width, above, below = line.ascent(), line.naturalTextWidth(), 0.0, 0.0
    for run in layout.glyphRuns():
        ink = run.boundingRect()
        above, below = max(above, base - ink.top()), max(below, ink.bottom() - base)
        width = max(width, ink.right())
    return Extent(*(value / _MEASURED for value in (width, above, below)))


def uncovered(text: str, weight: int) -> str:
    """The characters of `text` that no font here has, each once: they would be drawn as boxes."""
    if not _has_boxes(text, weight):
        return ""
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and _has_boxes(c, weight)))


def _has_boxes(text: str, weight: int) -> bool:
    """Glyph 0 of a font is the box for what it does not have (OpenType, `.notdef`)."""
    return any(0 in run.glyphIndexes() for run in _laid_out(text, _MEASURED, weight).glyphRuns())


def _laid_out(text: str, em: int, weight: int) -> QTextLayout:
    """One line; plain text, whatever it looks like."""
    letters = font(max(1, em), weight)
    letters.setFeature(QFont.Tag("calt"), 0)  # or Inter makes 3×4 of 3x4, and an arrow of ->
    layout = QTextLayout(text, letters)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    option.setUseDesignMetrics(True)
    layout.setTextOption(option)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout


def _set(lines: Sequence[str], zone: Zone, weight: int) -> Fitted:
    """These lines as large as the zone allows."""
    extents = [measured(line, weight) for line in lines]
    above = [max(_ABOVE, extent.above) for extent in extents]
    below = [max(_BELOW, extent.below) for extent in extents]
    widest = max(extent.width for extent in extents) or 1.0
    em = min(zone.em, zone.box.width / widest, zone.box.height / (sum(above) + sum(below)))
    bases, top = [], 0.0
    for over, under in zip(above, below, strict=True):
        bases.append((top + over) * em)
        top += over + under
    return Fitted(tuple(lines), em, top * em, tuple(bases))


def _better(one: Fitted, other: Fitted) -> Fitted:
    """Fewer lines, unless more give clearly larger type."""
    wanted = one.em * (_LARGER if len(other.lines) > len(one.lines) else 1.0)
    return other if other.em > wanted else one


def _parted(text: str, lines: int, weight: int, kind: _Kind) -> list[str]:
    """`text` on so many lines of widths as even as may be; fewer where it has too few parts."""
    pieces = list(_pieces(text, kind))
    ends = list(itertools.accumulate(measured(piece, weight).width for piece in pieces))
    lines = min(lines, len(pieces))

    def widest(breaks: tuple[int, ...]) -> float:
        passed = [0.0, *(ends[at - 1] for at in breaks), ends[-1]]
        return max(end - start for start, end in itertools.pairwise(passed))

    breaks = min(itertools.combinations(range(1, len(pieces)), lines - 1), key=widest)
    spans = itertools.pairwise((0, *breaks, len(pieces)))
    return ["".join(pieces[start:end]).strip() for start, end in spans]


def _pieces(text: str, kind: _Kind) -> Iterator[str]:
    """The parts between which a line may end. Qt counts UTF-16 units."""
    units = text.encode("utf-16-le")
    finder, start = QTextBoundaryFinder(kind, text), 0
    while (at := finder.toNextBoundary()) != -1:
        yield units[2 * start : 2 * at].decode("utf-16-le")
        start = at


def _shortened(text: str, share: float) -> str:
    """The beginning of `text`, about so much of it, with a sign that it goes on."""
    kept = text.rstrip("…")
    return kept[: max(1, min(len(kept) - 1, int(len(kept) * share)))].rstrip() + "…"
