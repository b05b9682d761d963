"""Paints one badge, on paper and in pictures alike. Lengths are in mm."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from kiosk.adapters.badges.anatomy import Anatomy, Zone, anatomy
from kiosk.adapters.badges.code import modules, outline
from kiosk.adapters.badges.face import Face
from kiosk.adapters.badges.layouts import Box, Layout
from kiosk.adapters.badges.lettering import UNITS, Fitted, draw, fitted, uncovered, width_of
from kiosk.look import Tint, Weight

_SUN = 0.9  # mm: the stripe under the header
_RULE = 0.35  # mm: lines to write on, and under the header of a label
_SMALLEST = 1.9  # mm of an em: what is no name and would get smaller than that is cut
_PAD = 0.75  # em of ground before and behind the words of a role
_PILL = 1.75  # em: how high that ground is
_APART = 1.2  # mm between two of them
_CAPITALS = 0.73  # em: how high they are


def paint(painter: QPainter, face: Face, layout: Layout, cell: Box) -> None:
    """Paint `face` into `cell` of a page whose units are 1,200 to the inch."""
    parts = anatomy(layout)
    painter.save()
    painter.translate(cell.left * UNITS, cell.top * UNITS)
    painter.setClipRect(_rect(Box(0, 0, cell.width, cell.height)))
    _header(painter, face, parts, colour=layout.colour)
    if face.number:
        _blank(painter, face, parts)
    else:
        _guest(painter, face, parts, colour=layout.colour)
    _code(painter, face.token, layout, parts.code)
    painter.restore()


def missing_letters(face: Face) -> str:
    """What stands on the badge and no font of this machine has, each character once."""
    texts = (
        (face.given, Weight.BOLD),
        (face.family, Weight.SEMI),
        (face.organisation, Weight.REGULAR),
        (face.partnership, Weight.SEMI),
        (face.role, Weight.SEMI),
        (face.event, Weight.SEMI),
        (face.place, Weight.REGULAR),
    )
    return "".join(dict.fromkeys("".join(uncovered(text, weight) for text, weight in texts)))


def _header(painter: QPainter, face: Face, parts: Anatomy, *, colour: bool) -> None:
    band = parts.band
    if colour:
        ground = Box(band.left, band.top, band.width, band.height - _SUN)
        painter.fillRect(_rect(ground), Tint.ACCENT.colour)
        stripe = Box(band.left, ground.bottom, band.width, _SUN)
        painter.fillRect(_rect(stripe), Tint.SUN.colour)
    else:
        rule = Box(parts.event.box.left, band.bottom - _RULE, parts.event.box.width, _RULE)
        painter.fillRect(_rect(rule), Qt.GlobalColor.black)
    ink = Tint.CARD.colour if colour else QColor(Qt.GlobalColor.black)
    _write(painter, face.event, parts.event, Weight.SEMI, ink, least=_SMALLEST)
    if parts.place.em:
        _write(painter, face.place, parts.place, Weight.REGULAR, ink, least=_SMALLEST)


def _guest(painter: QPainter, face: Face, parts: Anatomy, *, colour: bool) -> None:
    ink = Tint.INK.colour if colour else QColor(Qt.GlobalColor.black)
    soft = Tint.MUTE.colour if colour else ink
    _write(painter, face.given, parts.given, Weight.BOLD, ink, low=True)
    _write(painter, face.family, parts.family, Weight.SEMI, ink)
    _write(painter, face.organisation, parts.organisation, Weight.REGULAR, soft, least=_SMALLEST)
    _roles(painter, face, parts.roles, colour=colour)


def _roles(painter: QPainter, face: Face, zone: Zone, *, colour: bool) -> None:
    """A category on dark ground, told from afar; a Partnership on a light one."""
    black = QColor(Qt.GlobalColor.black)
    if not (face.role or face.partnership):
        return
    dark = (Tint.INK.colour if colour else black, Tint.CARD.colour, None)
    light = (
        (Tint.ACCENT_TINT.colour, Tint.ACCENT.colour, None)
        if colour
        else (Tint.CARD.colour, black, black)
    )
    words = [(face.role, dark), (face.partnership, light)]
    shown = [(text, look) for text, look in words if text]
    height, pad = zone.em * _PILL, _PAD * zone.em
    left, top = zone.box.left, zone.box.bottom - height
    if zone.lines > 1:  # one above the other
        top -= (len(shown) - 1) * (height + _APART)
    share = zone.box.width if zone.lines > 1 else (zone.box.width + _APART) / len(shown) - _APART
    for text, look in shown:
        room = Zone(Box(left, top, share - 2 * pad, height), zone.em)
        line = fitted(text, room, Weight.SEMI, least=_SMALLEST)
        width = width_of(line.lines[0], line.em, Weight.SEMI) + 2 * pad
        _pill(painter, line, Box(left, top, width, height), pad, look)
        if zone.lines > 1:
            top += height + _APART
        else:
            left += width + _APART
            share = zone.box.right - left


def _pill(
    painter: QPainter,
    line: Fitted,
    box: Box,
    pad: float,
    look: tuple[QColor, QColor, QColor | None],
) -> None:
    ground, ink, edge = look
    painter.setPen(QPen(edge, _RULE * UNITS) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    radius = box.height / 2 * UNITS
    painter.drawRoundedRect(_rect(box), radius, radius)
    painter.setPen(ink)
    base = box.top + (box.height + _CAPITALS * line.em) / 2
    draw(painter, line.lines[0], box.left + pad, base, line.em, Weight.SEMI)


def _blank(painter: QPainter, face: Face, parts: Anatomy) -> None:
    """Lines to write on, and the number in place of the roles."""
    for zone, caption in zip((parts.given, parts.organisation), face.captions, strict=True):
        box = zone.box
        rule = Box(box.left, box.bottom - _RULE, box.width, _RULE)
        painter.fillRect(_rect(rule), Tint.MUTE.colour)
        small = Zone(Box(box.left, box.top, box.width, 3), 2.3)
        _write(painter, caption, small, Weight.REGULAR, Tint.MUTE.colour)
    number = Zone(parts.roles.box, parts.roles.box.height)
    _write(painter, face.number, number, Weight.BOLD, Tint.INK.colour, low=True)


def _write(
    painter: QPainter,
    text: str,
    zone: Zone,
    weight: int,
    ink: QColor,
    *,
    low: bool = False,
    least: float = 0.0,
) -> None:
    """Text at the upper edge of its zone, or at the lower one."""
    if not text:
        return
    lines = fitted(text, zone, weight, least=least)
    top = zone.box.bottom - lines.height if low else zone.box.top
    painter.setPen(ink)
    for line, base in zip(lines.lines, lines.bases, strict=True):
        draw(painter, line, zone.box.left, top + base, lines.em, weight)


def _code(painter: QPainter, token: str, layout: Layout, box: Box) -> None:
    painter.save()
    painter.translate(round(box.left * UNITS), round(box.top * UNITS))
    painter.scale(layout.module * UNITS, layout.module * UNITS)
    painter.fillPath(outline(modules(token)), Qt.GlobalColor.black)
    painter.restore()


def _rect(box: Box) -> QRectF:
    return QRectF(box.left * UNITS, box.top * UNITS, box.width * UNITS, box.height * UNITS)
