"""What is wrong with a screen: texts cut or too small, widgets outside their place or on others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.gui.parts.rows import NameRow
from kiosk.gui.parts.sheet import Cover
from kiosk.gui.parts.style import LEAST_TYPE
from kiosk.gui.parts.text import Text

_MAY_BE_CUT = NameRow  # names of people, which end in an ellipsis
_ENDLESS = 100_000  # px


def faults(window: QWidget) -> list[str]:
    """Each fault of what `window` shows, in words; none where all is well."""
    shown = [each for each in _seen(window) if each.isVisible() and _placed(each)]
    found: list[str] = []
    for widget in shown:
        if isinstance(widget, Text) and widget.full:
            found += _of_text(widget)
        elif not _inside(widget):
            found.append(f"outside: {_name(widget)}")
    found += _overlapping(window, shown)
    return found


def _seen(window: QWidget) -> Iterable[QWidget]:
    """What may be seen of it: the sheet alone that lies upon all the rest, where there is one."""
    covers = [each for each in window.findChildren(Cover) if each.isVisible()]
    return covers[-1].findChildren(QWidget) if covers else window.findChildren(QWidget)


def _placed(widget: QWidget) -> bool:
    """But for what is drawn into a field, which places it as it paints."""
    return not isinstance(widget.parentWidget(), QLineEdit)


def _of_text(label: Text) -> Iterator[str]:
    if isinstance(label.parentWidget(), _MAY_BE_CUT):
        return
    if label.cut or label.text() != label.full:
        yield f"cut: {label.full}"
    if label.font().pixelSize() < min(_least(label), label._style.letters(label._size)):
        yield f"too small: {label.full}"
    room = label.contentsRect()
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    around = QRect(0, 0, room.width(), _ENDLESS)
    box = label.fontMetrics().boundingRect(around, int(flags), label.text())
    if box.width() > room.width() + 1 or box.height() > room.height():
        yield f"larger than its place: {label.full}"
    if not _inside(label):
        yield f"outside: {label.full}"


def _least(label: Text) -> int:
    return max(LEAST_TYPE, label._style.usual.letters(label._least))


def _inside(widget: QWidget) -> bool:
    """Whether nothing that it lies in cuts it off."""
    above = widget.parentWidget()
    return above is None or widget.isWindow() or above.rect().contains(widget.geometry())


def _overlapping(window: QWidget, shown: list[QWidget]) -> Iterator[str]:
    """Of those that lie in the same parent, whatever lies upon another one."""
    beside: dict[int, list[QWidget]] = {}
    for widget in shown:
        above = widget.parentWidget()
        if above is not None:
            beside.setdefault(id(above), []).append(widget)
    for siblings in beside.values():
        for one, other in combinations(siblings, 2):
            if one.geometry().intersects(other.geometry()):
                yield f"upon one another: {_name(one)} and {_name(other)}"
    texts = [(each, _place(each, window)) for each in shown if isinstance(each, Text) and each.full]
    for (one_text, here), (other_text, there) in combinations(texts, 2):
        if here.intersects(there):
            yield f"upon one another: {one_text.full} and {other_text.full}"


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()}".strip()
