"""A scanner on a serial port, which a USB one in CDC mode is too: no keyboard layout in between."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QIODeviceBase, QObject, Qt, QTimer
from PySide6.QtSerialPort import QSerialPort, QSerialPortInfo

from kiosk.adapters.scanner.framing import Framing, Spoilt
from kiosk.desk.ports import ScannerNote

AUTO: Final = "auto"
BAUD: Final = 9600  # bits a second, 8N1: what scanners are set to; USB ones take any
SILENCE: Final = 0.060  # seconds without a byte, after which a text is complete
LOOK_EVERY: Final = 1.0  # seconds between two looks at whether the port is there

_SCANNERS: Final = re.compile(
    r"scan|barcode|bar code|imager|\bCDC\b|zebra|symbol|honeywell|datalogic|newland|netum|opticon",
    re.IGNORECASE,
)
_NOTES: Final = {Spoilt.NOT_TEXT: ScannerNote.NOT_TEXT, Spoilt.TOO_LONG: ScannerNote.TOO_LONG}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Port:
    """A serial port: its name, its place in the system, what it says of itself, whether on USB."""

    name: str
    location: str
    about: str = ""
    usb: bool = False


def serial_ports() -> list[Port]:
    """The serial ports of this machine, by name."""
    ports = [_port(info) for info in QSerialPortInfo.availablePorts()]
    return sorted(ports, key=lambda port: port.name)


def _port(info: QSerialPortInfo) -> Port:
    about = " ".join(filter(None, (info.manufacturer(), info.description())))
    return Port(info.portName(), info.systemLocation(), about, info.hasVendorIdentifier())


def chosen(wanted: str, ports: Sequence[Port]) -> str | None:
    """Where the wanted port is; None while it is not there.

    auto: the first USB port that says that it is a scanner, else the only USB port.
    """
    if wanted == AUTO:
        usb = [port for port in ports if port.usb]
        scanners = [port for port in usb if _SCANNERS.search(port.about)]
        found = scanners[:1] or (usb if len(usb) == 1 else [])
        return found[0].location if found else None
    for port in ports:
        if wanted in (port.name, port.location):
            return port.location
    # A name of the user's own for a port, such as /dev/serial/by-id/...
    return wanted if wanted.startswith("/") and Path(wanted).exists() else None


class SerialScanner(QObject):
    """Keeps one port open from its making until `end`, in the thread of the Qt application.

    deliver: gets each text. tell: gets what staff are to know, and None once the port is back.
    """

    def __init__(
        self,
        wanted: str,
        deliver: Callable[[str], None],
        tell: Callable[[ScannerNote | None], None],
        baud: int = BAUD,
        ports: Callable[[], Sequence[Port]] = serial_ports,
    ) -> None:
        super().__init__()
        self._wanted, self._ports = wanted, ports
        self._deliver, self._tell = deliver, tell
        self._framing = Framing()
        self._lost = False
        self._place = ""
        self._serial = QSerialPort(self, baudRate=baud)
        self._serial.readyRead.connect(self._on_bytes)
        self._serial.errorOccurred.connect(self._on_error)
        self._quiet = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._quiet.setInterval(round(SILENCE * 1000))
        self._quiet.timeout.connect(self._on_silence)
        self._look = QTimer(self, interval=round(LOOK_EVERY * 1000))
        self._look.timeout.connect(self._on_look)
        self._look.start()
        self._on_look()

    @property
    def location(self) -> str:
        """Where the port is; empty while it is not open."""
        return self._place if self._serial.isOpen() else ""

    def end(self) -> None:
        """Close the port; no call is made afterwards."""
        self._look.stop()
        self._quiet.stop()
        self._serial.blockSignals(True)
        self._serial.close()

    def _on_look(self) -> None:
        place = chosen(self._wanted, self._ports())
        if self._serial.isOpen():
            if place is None:
                self._lose("gone")
            return
        if place is None:
            self._lose("not there")
            return
        self._place = place
        self._serial.setPortName(place)
        self._serial.clearError()
        if not self._serial.open(QIODeviceBase.OpenModeFlag.ReadOnly):
            self._lose(self._serial.errorString())
            return
        self._framing.forget()
        if self._lost:
            self._lost = False
            self._tell(None)

    def _lose(self, why: str) -> None:
        self._quiet.stop()
        if self._serial.isOpen():
            self._serial.close()
        if not self._lost:
            self._lost = True
            _log.warning("scanner on %s: %s", self._wanted, why)
            self._tell(ScannerNote.LOST)

    def _on_error(self, error: QSerialPort.SerialPortError) -> None:
        if error == QSerialPort.SerialPortError.ResourceError:
            # Not at once: this is called from within the port that is to be closed.
            QTimer.singleShot(0, self, lambda: self._lose("unplugged"))

    def _on_bytes(self) -> None:
        self._hand_on(self._framing.feed(bytes(self._serial.readAll().data())))
        if self._framing.waiting:
            self._quiet.start()
        else:
            self._quiet.stop()

    def _on_silence(self) -> None:
        self._hand_on(self._framing.silence())

    def _hand_on(self, texts: Sequence[str | Spoilt]) -> None:
        for text in texts:
            if isinstance(text, Spoilt):
                self._tell(_NOTES[text])
            else:
                self._deliver(text)
