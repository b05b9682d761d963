"""Lines of which one is chosen, or several; a digit chooses each of them too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from kiosk.gui.parts.controls import Toggle
from kiosk.gui.parts.style import KEY_HEIGHT, Style, Styled

_APART = 8


class Choice(QWidget, Styled):
    """Chooses among `ids`, in rows of `across`; `numbered`: each has a digit from 1.

    several: any number of them. optional: one or none.
    """

    changed = Signal()

    def __init__(
        self,
        ids: Sequence[str],
        *,
        several: bool = False,
        optional: bool = False,
        across: int = 2,
        numbered: bool = True,
        height: int = KEY_HEIGHT,
    ) -> None:
        super().__init__()
        self._several, self._numbered, self._across = several, numbered, across
        self._labels: Mapping[str, str] = {}
        self.toggles = {each: Toggle(height) for each in ids}
        self._group = QButtonGroup(self)
        self._exclusive = not several and not optional
        self._group.setExclusive(self._exclusive)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        for toggle in self.toggles.values():
            toggle.setParent(self)  # else showing it would make it a window
            self._group.addButton(toggle)
            if optional:
                toggle.clicked.connect(lambda on=False, one=toggle: self._untick(one, on=on))
            toggle.toggled.connect(self.changed)
        self.setLayout(self._grid)
        self.offer(ids)

    @property
    def chosen(self) -> frozenset[str]:
        """The ids that are ticked."""
        return frozenset(each for each, toggle in self.toggles.items() if toggle.isChecked())

    @property
    def one(self) -> str:
        """The id that is ticked, where there is one."""
        return next(iter(self.chosen), "")

    @property
    def offered(self) -> list[str]:
        """The ids that can be chosen now."""
        return [each for each, toggle in self.toggles.items() if not toggle.isHidden()]

    def name(self, labels: Mapping[str, str]) -> None:
        """Say what each one is."""
        self._labels = labels
        for number, each in enumerate(self.offered, 1):
            self.toggles[each].name(labels[each], str(number) if self._numbered else "")

    def offer(self, ids: Collection[str]) -> None:
        """Show these alone; the others are not chosen."""
        for each, toggle in self.toggles.items():
            toggle.setVisible(each in ids)
            self._grid.removeWidget(toggle)
            if each not in ids:
                toggle.setChecked(False)
        for place, each in enumerate(self.offered):
            self._grid.addWidget(self.toggles[each], place // self._across, place % self._across)
        if self._labels:
            self.name(self._labels)

    def choose(self, *ids: str) -> None:
        """Tick these, and no others."""
        self._group.setExclusive(False)  # else the last one stays chosen
        for each, toggle in self.toggles.items():
            toggle.setChecked(each in ids)
        self._group.setExclusive(self._exclusive)

    def press(self, digit: str) -> bool:
        """A digit was typed; whether it is one of these."""
        number = int(digit)
        offered = self.offered
        if not self._numbered or not 0 < number <= len(offered):
            return False
        toggle = self.toggles[offered[number - 1]]
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
        if self._exclusive:
            return [self.stop]
        return [self.toggles[each] for each in self.offered]

    def _untick(self, kept: Toggle, *, on: bool) -> None:
        for toggle in self.toggles.values():
            if on and toggle is not kept:
                toggle.setChecked(False)

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self._grid.setSpacing(style.px(_APART))
