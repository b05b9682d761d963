"""What screen readers are told (AT-SPI, UI Automation): roles, states, what is one whole.

Names and descriptions are Qt's own (`setAccessibleName`). Where Qt would tell of a painted part
as of nothing in particular, its class says with `access` what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QWidget

Role = QAccessible.Role


@dataclass(frozen=True)
class Access:
    """What one class of parts is.

    whole: the name says all of it, so that nothing inside is told apart. silent: it is decoration,
    or said by something else.
    """

    role: Role = Role.Grouping
    whole: bool = False
    silent: bool = False


GROUP = Access()
WHOLE = Access(whole=True)
LINE = Access(Role.ListItem, whole=True)
ONE_OF = Access(Role.RadioButton, whole=True)
SILENT = Access(silent=True)


@cache
def install_accessible() -> None:
    """Have Qt ask us first, once in a process."""
    QAccessible.installFactory(_interface)


def announce(about: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say `text`: at once, or after what it is saying. WCAG 2.1, 4.1.3."""
    if text and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(about, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
        QAccessible.updateAccessibility(event)


def _interface(kind: str, part: QObject) -> QAccessibleInterface | None:
    """For a class that says what it is, and for the plain boxes that Qt calls fillers.

    Qt asks with the name of the class, then with that of each class that it is made from; what
    says nothing, and is more than a plain box, stays Qt's own.
    """
    access = getattr(type(part), "access", None)
    if isinstance(part, QAbstractButton) and isinstance(access, Access):
        return _Key(part, access)
    if isinstance(part, QWidget) and (isinstance(access, Access) or kind == "QWidget"):
        return _Part(part, access or GROUP)
    return None


class _Part(QAccessibleWidget):
    """A part and what is in it, without its decoration."""

    def __init__(self, part: QWidget, access: Access) -> None:
        super().__init__(part, access.role)
        self._access = access

    def _inside(self) -> list[QWidget]:
        part = self.object()
        if part is None or self._access.whole:
            return []
        return [
            each
            for each in part.children()
            if isinstance(each, QWidget)
            and not each.isWindow()
            and not getattr(getattr(type(each), "access", None), "silent", False)
        ]

    def state(self) -> QAccessible.State:
        """Qt's own; decoration is not there for whoever listens, wherever it is asked for."""
        state = super().state()
        if self._access.silent:
            state.invisible = 1
        return state

    def childCount(self) -> int:
        """How many parts are told apart."""
        return len(self._inside())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt: null
        """One of them, in the order of the layout."""
        inside = self._inside()
        known = 0 <= index < len(inside)
        return QAccessible.queryAccessibleInterface(inside[index]) if known else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Where it stands among them; -1 for any other."""
        part = child.object()
        return next((n for n, each in enumerate(self._inside()) if each is part), -1)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """What lies at a place of the screen."""
        return None if self._access.whole else super().childAt(x, y)


class _Key(_Part):
    """A button of ours: a whole that is pressed, ticked, or chosen among others."""

    def role(self) -> Role:
        """By what pressing it does."""
        key = self._key()
        if self._access.role is not Role.Grouping:
            return self._access.role
        if key is None or not key.isCheckable():
            return Role.Button
        group = key.group()
        one = key.autoExclusive() or (group is not None and group.exclusive())
        return Role.RadioButton if one else Role.CheckBox

    def state(self) -> QAccessible.State:
        """With whether it is ticked."""
        state, key = super().state(), self._key()
        if key is not None:
            state.checkable, state.checked = int(key.isCheckable()), int(key.isChecked())
            state.pressed = int(key.isDown())
        return state

    def actionNames(self) -> list[str]:
        """It can be pressed, and be given the focus."""
        key = self._key()
        if key is None or not key.isEnabled():
            return []
        return [self._press(key), self.setFocusAction()]

    def doAction(self, name: str) -> None:
        """As if a finger did it."""
        key = self._key()
        if key is not None and key.isEnabled() and name == self._press(key):
            key.click()
        elif key is not None and name == self.setFocusAction():
            key.setFocus()

    def _press(self, key: QAbstractButton) -> str:
        return self.toggleAction() if key.isCheckable() else self.pressAction()

    def _key(self) -> QAbstractButton | None:
        key = self.object()
        return key if isinstance(key, QAbstractButton) else None
