"""A sheet that asks for a person and the person's PIN."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.desk.sessions import Denied
from kiosk.desk.supervising import Vouching
from kiosk.gui.parts.pin import PinForm
from kiosk.gui.parts.sheet import Sheet


class PinSheet(Sheet):
    """Digits go into the PIN wherever they are typed; nothing of it stays once it is left.

    asks: a Vouching, of which somebody else looks at the PIN.
    """

    asks = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.pin_form = PinForm()
        self.pin_form.changed.connect(self.rearm)

    def end(self) -> None:
        """Forget everything."""
        self.pin_form.offer(())
        super().end()

    def deny(self, denied: Denied) -> None:
        """The PIN did not do."""
        super().deny(denied)
        self.pin_form.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self) -> Sequence[QWidget]:
        """Name and PIN."""
        return self.pin_form.stops()

    def missing(self) -> tuple[str, QWidget] | None:
        """The PIN."""
        return self.pin_form.missing

    def digit(self, digit: str) -> bool:
        """It is the PIN's."""
        self.pin_form.pin.setFocus(Qt.FocusReason.TabFocusReason)
        self.pin_form.pin.insert(digit)
        return True

    def complete(self) -> None:
        """Have the PIN looked at."""
        chosen = self.pin_form.picker.chosen
        if chosen:
            vouching = Vouching(chosen, self.pin_form.pin.take())
            self.wait()
            self.asks.emit(vouching)
