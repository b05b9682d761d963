"""`dbus-run-session -- python -m tests.atspi.session MODE`: a window, and a listener beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
NAME = "kiosk under test"
LISTENER = Path(__file__).with_name("listener.py")


def main(mode: str) -> None:
    """Show three states once the listener is there; what it met goes to standard output."""
    number, screen = _screen()
    os.environ |= {
        "DISPLAY": f":{number}",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }
    launcher = next(each for each in LAUNCHERS if Path(each).exists())
    bus = subprocess.Popen([launcher, "--launch-immediately"], stderr=subprocess.DEVNULL)
    try:
        print(_met(mode), flush=True)
    finally:
        bus.terminate()
        screen.terminate()


def _screen() -> tuple[int, subprocess.Popen[bytes]]:
    """The number of a screen that nobody sees, and its process."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x800x24"]
    screen = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    with os.fdopen(reads) as told:
        return int(told.readline()), screen


def _met(mode: str) -> str:
    from PySide6.QtCore import QObject, Signal
    from PySide6.QtWidgets import QApplication

    from kiosk.core.reasons import Reason
    from kiosk.desk.admission import Shown
    from kiosk.desk.findings import Mode
    from tests.gui_support import admit, awaiting, dress, opened, ready, refuse, see_desk

    class Listens(QObject):
        began = Signal()
        met = Signal()

    app = QApplication([])
    app.setApplicationName(NAME)
    dress(app)
    states = {
        "self": [awaiting(Shown.AWAIT_BADGE), admit(), see_desk(Reason.NAMES_DIFFER)],
        "desk": [see_desk(Reason.NAMES_DIFFER), refuse(), ready()],
    }[mode]
    listens, found = Listens(), [""]
    with opened(Mode(mode)) as kiosk:
        command = ["/usr/bin/python3", str(LISTENER), NAME, str(len(states))]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

        def read() -> None:
            assert process.stdout is not None
            process.stdout.readline()
            listens.began.emit()
            found[0] = process.stdout.readline()
            listens.met.emit()

        def show() -> None:
            for state in states:
                kiosk.window.show_admission(state)
                app.processEvents()

        listens.began.connect(show)
        listens.met.connect(app.quit)
        threading.Thread(target=read, daemon=True).start()
        app.exec()
        process.wait(10)
    return found[0]


if __name__ == "__main__":
    main(sys.argv[1])
