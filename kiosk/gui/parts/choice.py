"""Lines of which one is chosen, or several; a digit chooses each of them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from kiosk.gui.parts.controls import Toggle
from kiosk.gui.parts.style import KEY_HEIGHT, Style, Styled

_APART = 8


class Choice(QWidget, Styled):
    """Chooses among `ids`, in rows of `across`; `numbered`: each has a digit from 1."""

    changed = Signal()

    def __init__(
        self,
        ids: Sequence[str],
        *,
        several: bool = False,
        across: int = 2,
        numbered: bool = True,
        height: int = KEY_HEIGHT,
    ) -> None:
        super().__init__()
        self._several, self._numbered = several, numbered
        self.toggles = {each: Toggle(height) for each in ids}
        self._group = QButtonGroup(self)
        self._group.setExclusive(not several)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for place, toggle in enumerate(self.toggles.values()):
            self._group.addButton(toggle)
            self._grid.addWidget(toggle, place // across, place % across)
            toggle.toggled.connect(self.changed)
        self.setLayout(self._grid)

    @property
    def chosen(self) -> frozenset[str]:
        """The ids that are ticked."""
        return frozenset(each for each, toggle in self.toggles.items() if toggle.isChecked())

    @property
    def one(self) -> str:
        """The id that is ticked, where there is one."""
        return next(iter(self.chosen), "")

    def name(self, labels: Mapping[str, str]) -> None:
        """Say what each one is."""
        for number, (each, toggle) in enumerate(self.toggles.items(), 1):
            toggle.name(labels[each], str(number) if self._numbered else "")

    def choose(self, *ids: str) -> None:
        """Tick these, and no others."""
        self._group.setExclusive(False)  # else the last one stays chosen
        for each, toggle in self.toggles.items():
            toggle.setChecked(each in ids)
        self._group.setExclusive(not self._several)

    def press(self, digit: str) -> bool:
        """A digit was typed; whether it is one of these."""
        number = int(digit)
        if not self._numbered or not 0 < number <= len(self.toggles):
            return False
        toggle = list(self.toggles.values())[number - 1]
        toggle.setChecked(not self._several or not toggle.isChecked())
        return True

    @property
    def stop(self) -> QWidget:
        """Where the focus goes: the line that has it, else the chosen one, else the first."""
        lines = [each for each in self.toggles.values() if each.isVisible()]
        here = (line for line in lines if line.hasFocus())
        ticked = (line for line in lines if line.isChecked())
        return next(here, None) or next(ticked, None) or next(iter(lines), self)

    def stops(self) -> list[QWidget]:
        """Where Tab goes: one line, whose arrows go to the others; each, where several count."""
        return list(self.toggles.values()) if self._several else [self.stop]

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))

    def ask(self) -> None:
        """Put the focus where something is to be chosen."""
        self.stop.setFocus(Qt.FocusReason.TabFocusReason)
