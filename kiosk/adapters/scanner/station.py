"""The hand scanners of one screen: whatever they read becomes a text, or a note for staff."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QWindow

from kiosk.adapters.scanner import calibration
from kiosk.adapters.scanner.calibration import CalibrationFileError, is_calibration, learnt_from
from kiosk.adapters.scanner.keystroke import Layout, Typed, text_of
from kiosk.adapters.scanner.serial import BAUD, SerialScanner
from kiosk.adapters.scanner.wedge import Wedge
from kiosk.desk.ports import ScannedText, ScannerKind, ScannerNote

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SerialChoice:
    """The serial port of a scanner: its name or "auto", and its speed in bits a second."""

    port: str
    baud: int = BAUD


class HandScanners:
    """All hand scanners of a window, from its making until `end`. In Qt's main thread.

    folder: the state folder, which keeps what the calibration code taught.
    learns: whether the calibration code counts here; where guests scan for themselves it does not.
    deliver: gets each text. tell: gets what staff are to know; None takes LOST back.
    """

    def __init__(
        self,
        window: QWindow,
        folder: Path,
        now: Callable[[], datetime],
        deliver: Callable[[ScannedText], None],
        tell: Callable[[ScannerNote | None], None],
        serial: SerialChoice | None = None,
        *,
        learns: bool,
    ) -> None:
        self._folder, self._learns, self._now = folder, learns, now
        self._deliver, self._tell = deliver, tell
        self._layout: Layout | None = None  # learnt here, in case that it cannot be kept
        self._wedge = Wedge(window, self._on_burst)
        self._serial = serial and SerialScanner(serial.port, self._on_text, tell, serial.baud)

    def end(self) -> None:
        """Leave keyboard and port alone; no call is made afterwards."""
        self._wedge.end()
        if self._serial:
            self._serial.end()

    def _on_burst(self, typed: tuple[Typed, ...]) -> None:
        if not typed:
            self._tell(ScannerNote.TOO_LONG)
        elif (layout := learnt_from(typed)) is None:
            self._hand_on(text_of(typed, self._learnt()), ScannerKind.KEYBOARD)
        elif self._learns:
            self._learn(layout)
        else:
            self._tell(ScannerNote.AT_THE_DESK)

    def _learnt(self) -> Layout | None:
        """What the calibration code taught, be it at another screen of this state folder."""
        try:
            return calibration.load(self._folder) or self._layout
        except CalibrationFileError as error:
            _log.error("%s", error)
            self._tell(ScannerNote.UNREADABLE)
            return self._layout

    def _learn(self, layout: Layout) -> None:
        self._layout = layout
        try:
            calibration.save(self._folder, layout)
        except OSError as error:
            _log.error("the scanner's keys could not be kept: %s", error.strerror)
            self._tell(ScannerNote.NOT_LEARNT)
            return
        self._tell(ScannerNote.LEARNT)

    def _on_text(self, text: str) -> None:
        if is_calibration(text):
            self._tell(ScannerNote.NOT_NEEDED)
        else:
            self._hand_on(text, ScannerKind.SERIAL)

    def _hand_on(self, text: str, source: ScannerKind) -> None:
        if text:
            self._deliver(ScannedText(text, self._now(), source))
