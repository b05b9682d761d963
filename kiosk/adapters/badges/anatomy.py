"""Where on a badge everything stands."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.adapters.badges.layouts import QUIET, Box, Form, Layout


@dataclass(frozen=True)
class Zone:
    """A box for text, and the largest type there: mm of an em."""

    box: Box
    em: float
    lines: int = 1


@dataclass(frozen=True)
class Anatomy:
    """The parts of one badge, in mm from its upper left corner. band: the header's ground."""

    band: Box
    event: Zone
    place: Zone
    given: Zone
    family: Zone
    organisation: Zone
    roles: Zone
    code: Box


def anatomy(layout: Layout) -> Anatomy:
    """The parts of a badge of this layout."""
    return {Form.CARD: _card, Form.STRIP: _strip, Form.SHEET: _sheet}[layout.form](layout)


def _card(layout: Layout) -> Anatomy:
    """The given name has the whole width; family and organisation stand beside the code."""
    (width, height), edge, side = layout.badge, 4.0, layout.code
    code = Box(width - edge - side, height - edge - side, side, side)
    band = Box(0, 0, width, 9.4)
    beside = code.left - QUIET * layout.module - edge  # the quiet zone stays white
    name_top, name_bottom = band.bottom + 1.6, code.top - QUIET * layout.module
    family = Box(edge, name_bottom + 0.6, beside, 7.8)
    roles = Box(edge, height - edge - 5.6, beside, 5.6)
    below = family.bottom + 1.0
    return Anatomy(
        band,
        Zone(Box(edge, 1.1, width - 2 * edge, 3.8), 3.0),
        Zone(Box(edge, 5.0, width - 2 * edge, 3.0), 2.4),
        Zone(Box(edge, name_top, width - 2 * edge, name_bottom - name_top), 12, 2),
        Zone(family, 6.4, 2),
        Zone(Box(edge, below, beside, roles.top - 1.0 - below), 3.3, 3),
        Zone(roles, 3.2),
        code,
    )


def _strip(layout: Layout) -> Anatomy:
    """All text beside the code, which takes nearly the whole height."""
    (width, height), edge, side = layout.badge, 3.0, layout.code
    code = Box(width - edge - side, (height - side) / 2, side, side)
    beside = code.left - QUIET * layout.module - edge
    band = Box(edge, 2.2, beside, 3.6)
    return Anatomy(
        band,
        Zone(Box(edge, 2.2, beside, 3.0), 2.2),
        Zone(Box(0, 0, 0, 0), 0),
        Zone(Box(edge, 6.1, beside, 9.8), 9, 2),
        Zone(Box(edge, 15.9, beside, 6.2), 5.2, 2),
        Zone(Box(edge, 22.4, beside, 5.0), 2.4, 2),
        Zone(Box(edge, height - 2.4 - 4.6, beside, 4.6), 2.6),
        code,
    )


def _sheet(layout: Layout) -> Anatomy:
    """Upright, read across a room; the code in the lower right corner."""
    (width, height), edge, side = layout.badge, 9.0, layout.code
    code = Box(width - edge - side, height - edge - side, side, side)
    across = width - 2 * edge
    return Anatomy(
        Box(0, 0, width, 25),
        Zone(Box(edge, 4.6, across, 11.6), 4.8, 2),
        Zone(Box(edge, 17.0, across, 4.6), 3.5),
        Zone(Box(edge, 33, across, 22), 18, 2),
        Zone(Box(edge, 56.5, across, 14), 10.5, 2),
        Zone(Box(edge, 73.5, across, 17), 5.2, 3),
        Zone(Box(edge, height - edge - 20, code.left - QUIET * layout.module - edge, 20), 4.6, 2),
        code,
    )
