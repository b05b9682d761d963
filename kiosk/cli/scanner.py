"""`kiosk scanner`: the calibration code, serial ports, and what a scanner on one sends."""

from __future__ import annotations

import argparse
import io
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import Subparsers, counted, fail, show

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

    from kiosk.desk.ports import ScannerNote

SPEEDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)  # bits a second

_CODE = """\
Writes the calibration code, to be printed or shown on a screen. A hand scanner that plays keyboard
is held to it once at a running desk screen; then the program knows which keys it presses. It is
needed only where scanner and computer have different keyboard layouts and the scanner's is not the
American one, and it does no harm elsewhere."""
_TEST = """\
Waits for what a scanner on a serial port sends, and tells of what kind it is and how long, never
what it says unless asked with --show. Ctrl-C ends it. One that plays keyboard is tried out at the
desk screen itself."""
# The format by the ending, and the size of a module: in pixels, or in points of 0.35 mm.
_FORMATS = {".png": ("png", 10), ".svg": ("svg", 10), ".pdf": ("pdf", 4)}


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("scanner", help="hand scanners", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="WHAT", title="what")
    code = parts.add_parser("code", help="write the calibration code", description=_CODE)
    code.add_argument("--out", type=Path, required=True, metavar="FILE.png|.pdf|.svg")
    code.set_defaults(func=run_code)
    ports = parts.add_parser("list", help="the serial ports of this machine")
    ports.set_defaults(func=run_list)
    test = parts.add_parser("test", help="what a scanner on a port sends", description=_TEST)
    test.add_argument("port", nargs="?", default="auto", metavar="PORT", help="default: auto")
    test.add_argument("--speed", type=int, choices=SPEEDS, default=9600, metavar="BAUD")
    test.add_argument("--count", type=int, metavar="N", help="end after N codes")
    test.add_argument("--show", action="store_true", help="also what they say: it is personal")
    test.set_defaults(func=run_test)


def run_code(options: argparse.Namespace) -> int:
    """Write the calibration code."""
    import segno

    from kiosk.adapters.files import write_whole
    from kiosk.adapters.scanner.calibration import CALIBRATION

    if options.out.suffix.lower() not in _FORMATS:
        return fail(f"{options.out}: give a name that ends with {', '.join(_FORMATS)}.")
    kind, scale = _FORMATS[options.out.suffix.lower()]
    picture = io.BytesIO()
    segno.make(CALIBRATION, error="m", micro=False).save(picture, kind=kind, scale=scale)
    try:
        write_whole(options.out, picture.getvalue())
    except OSError as error:
        return fail(f"{options.out}: {error.strerror}. Choose a file you may write.")
    print(f"{options.out}: print it, open the desk screen, and scan it there once.")
    return 0


def run_list(_options: argparse.Namespace) -> int:
    """Tell the serial ports, and which one `auto` would take."""
    from kiosk.adapters.scanner.serial import AUTO, chosen, serial_ports

    ports = serial_ports()
    taken = chosen(AUTO, ports)
    for port in ports:
        mark = "  <- auto" if port.location == taken else ""
        show([f"{port.name}  {port.about or 'says nothing of itself'}{mark}"])
    if not ports:
        print("There is no serial port. A scanner that plays keyboard needs none; others have to")
        print("be set to USB serial (CDC) by a code in their manual.")
    return 0


def run_test(options: argparse.Namespace) -> int:
    """Tell what arrives until Ctrl-C; 0 where anything did."""
    from PySide6.QtCore import QCoreApplication

    from kiosk.adapters.scanner.serial import SerialScanner

    app = QCoreApplication.instance() or QCoreApplication(["kiosk"])
    arrived = 0

    def tell_text(text: str) -> None:
        nonlocal arrived
        arrived += 1
        told = f"{kind_of(text)}, {counted(len(text), 'character')}"
        show([f"{told}: {text}" if options.show else told])
        if arrived == options.count:
            app.quit()

    scanner = SerialScanner(options.port, tell_text, _tell_note, options.speed)
    print(
        f"Scan a code; Ctrl-C ends. Listening on {scanner.location or 'no port yet'}.", flush=True
    )
    _run_until_interrupted(app)
    scanner.end()
    return 0 if arrived else 1


def kind_of(text: str) -> str:
    """What a text is, without what it says."""
    from kiosk.adapters.scanner.calibration import is_calibration
    from kiosk.core.guests.badge import is_badge
    from kiosk.core.hcert.envelope import other_code
    from kiosk.desk.intake import came_damaged

    if is_badge(text):
        return "badge"
    if is_calibration(text):
        return "calibration code (not needed on a serial port)"
    if (other := other_code(text)) is not None:
        return str(other)
    return "certificate, damaged on the way" if came_damaged(text) else "certificate"


def _tell_note(note: ScannerNote | None) -> None:
    from kiosk.desk.ports import ScannerNote

    words = {
        None: "The port is back.",
        ScannerNote.LOST: "The port is not there, or in use: plug the scanner in. Waiting.",
        ScannerNote.NOT_TEXT: "Something came that is no text: try another --speed.",
        ScannerNote.TOO_LONG: "More came than any code holds; it was dropped.",
    }
    print(words.get(note, str(note)), flush=True)


def _run_until_interrupted(app: QCoreApplication) -> None:
    from PySide6.QtCore import QTimer

    before = signal.signal(signal.SIGINT, lambda *_: app.quit())
    ticking = QTimer()  # Python runs its signal handlers only while Python code runs
    ticking.timeout.connect(lambda: None)
    ticking.start(200)
    try:
        app.exec()
    finally:
        signal.signal(signal.SIGINT, before)
