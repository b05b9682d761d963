"""What keys of a keyboard stand for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
# What the row of digits writes without Shift in France and in Belgium.
_UNSHIFTED = dict(zip("&é\"'(-è_çà§!", "123456789068", strict=True))
_DIGITS = frozenset("0123456789")
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def digit_of(event: QKeyEvent) -> str:
    """The digit that a key stands for, also on a French keyboard without Shift; else nothing."""
    text = _UNSHIFTED.get(event.text(), event.text())
    return text if text in _DIGITS and not event.modifiers() & _COMMAND else ""


def is_letter(event: QKeyEvent) -> bool:
    """Whether a key writes something that is seen."""
    text = event.text()
    return bool(text) and text.isprintable() and not event.modifiers() & _COMMAND
