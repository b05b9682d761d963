"""The window that asks for the passphrase of the guests, where there is no terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from kiosk.gui.parts.style import FONT_FAMILY, MARGIN_DESK, Tint, Type
from kiosk.gui.words.wording import Wording

Opened = TypeVar("Opened")
_WIDTH, _HEIGHT = 640, 300  # px
_LONGEST_PAUSE = 30  # seconds after a wrong passphrase; the first one costs one second
_INK, _PAPER, _CARD, _LINE, _ACCENT, _ON_ACCENT = (
    tint.colour.name()
    for tint in (Tint.INK, Tint.PAPER, Tint.CARD, Tint.LINE, Tint.ACCENT, Tint.ON_ACCENT)
)
_STYLE = f"""
* {{ font-family: "{FONT_FAMILY}"; font-size: {Type.BODY}px; color: {_INK}; }}
QDialog {{ background: {_PAPER}; }}
QLineEdit {{ padding: 12px; background: {_CARD}; border: 1px solid {_LINE}; }}
QPushButton {{ padding: 12px 24px; background: {_CARD}; border: 1px solid {_LINE}; }}
QPushButton:default {{ background: {_ACCENT}; color: {_ON_ACCENT}; }}
QPushButton:disabled, QLineEdit:disabled {{ background: {_LINE}; }}
"""


class UnlockDialog(QDialog, Generic[Opened]):
    """Asks until `unlock` returns something, which is then `opened`, or somebody gives up.

    unlock: takes the passphrase; None where it is wrong. After a wrong one the field is shut for
    a while, twice as long each time.
    """

    def __init__(self, wording: Wording, unlock: Callable[[str], Opened | None]) -> None:
        super().__init__()
        self.opened: Opened | None = None
        self._wording, self._unlock, self._pause, self._left = wording, unlock, 1, 0
        self.setWindowTitle(wording("unlock.title"))
        self.setStyleSheet(_STYLE)
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password, maxLength=1024)
        self.field.setAccessibleName(wording("unlock.passphrase"))
        self.told = QLabel(wording("unlock.why"), wordWrap=True)
        self.go = QPushButton(wording("unlock.go"), default=True)
        self.go.clicked.connect(self._try)
        end = QPushButton(wording("unlock.end"), autoDefault=False)
        end.clicked.connect(self.reject)
        self._lay_out(end)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._count_down)

    def _lay_out(self, end: QPushButton) -> None:
        keys = QHBoxLayout()
        keys.addWidget(end)
        keys.addStretch(1)
        keys.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.resize(_WIDTH, _HEIGHT)
        layout.setContentsMargins(MARGIN_DESK, MARGIN_DESK, MARGIN_DESK, MARGIN_DESK)
        layout.addWidget(self.told)
        layout.addWidget(self.field)
        layout.addLayout(keys)
        self.field.setFocus()

    def _try(self) -> None:
        passphrase = self.field.text()
        self.field.clear()
        if not passphrase:
            return
        self._shut(shut=True)
        self.told.setText(self._wording("unlock.trying"))
        QApplication.processEvents()  # the key is stretched for half a second
        self.opened = self._unlock(passphrase)
        if self.opened is not None:
            self.accept()
            return
        self._left, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
        self._tell_wrong()
        self._second.start()

    def _count_down(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._tell_wrong()
            return
        self._second.stop()
        self._shut(shut=False)
        self.told.setText(self._wording("unlock.again"))
        self.field.setFocus()

    def _tell_wrong(self) -> None:
        self.told.setText(self._wording("unlock.wrong", seconds=self._left))

    def _shut(self, *, shut: bool) -> None:
        self.field.setDisabled(shut)
        self.go.setDisabled(shut)
