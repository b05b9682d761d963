"""How soon a door scans, beside a bare window of PySide6: both in turn, each a new process.

`python benchmarks/start.py [--rounds 7] [--guests 2000]`, with compiled modules as an installed
program has them. From the start of the process, in seconds and in CPU of that process:

- import: Python has imported the three modules of Qt that any window needs.
- window: the same, and has shown and painted an empty window of 1280x800.
- painted: `kiosk run` with encrypted guests, whose key the kernel remembers, has painted its screen
  and its event loop turns (READY=1 of sd_notify).
- read: its reader's process has read the camera's first picture (STATUS=Scanning).
- scanning: both of these.
- answered: the log has counted the answer to the code in that picture.

Wall time is what a guest waits for; CPU is what the program itself takes, since a reader's process
loads beside the window. Goals: scanning at most 2 s after the import, and at most twice the window.
Linux, offscreen.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the door is that of the other benchmark

from benchmarks.restart import PATIENCE, counted, door_of, installed, prepare  # noqa: E402
from kiosk.adapters.system.lifesign import READY, SCANNING  # noqa: E402
from kiosk.cli.unlocking import data_keys  # noqa: E402

AFTER_IMPORT, TIMES = 2.0, 2.0  # seconds; times the bare window
_WAIT = "import sys; sys.stdout.write('.'); sys.stdout.flush(); sys.stdin.read()"
_IMPORT = f"import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets\n{_WAIT}"
_WINDOW = f"""
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow
def painted():
    {_WAIT}
    app.quit()
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
QTimer.singleShot(0, painted)  # with the first turn of the loop, which paints first
app.exec()
"""

Moment = tuple[float, float]  # seconds since the start: wall, CPU


def bare(code: str) -> Moment:
    """When a new Python says that it has done `code`."""
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  # our own words
        [sys.executable, "-c", code],
        env={**installed(), "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as python:
        assert python.stdout is not None
        assert python.stdout.read(1) == b"."
        return time.perf_counter() - began, cpu_of(python.pid)


def door(folder: Path) -> dict[str, Moment]:
    """The moments of a door; then it is killed."""
    state, moments = folder / "state", dict[str, Moment]()
    before = counted(state)
    with listening(folder / "notify") as heard, door_of(folder, folder / "notify") as running:
        began = time.perf_counter()

        def note(moment: str) -> None:
            moments.setdefault(moment, (time.perf_counter() - began, cpu_of(running.pid)))

        while len(moments) < 3:
            if running.poll() is not None or time.perf_counter() - began > PATIENCE:
                running.kill()
                raise SystemExit(running.stderr.read() if running.stderr else "no answer")
            match heard():
                case word if word == READY:
                    note("painted")
                case word if word == SCANNING:
                    note("read")
            if "read" in moments and counted(state) != before:
                note("answered")
        running.kill()
    return {**moments, "scanning": max(moments["painted"], moments["read"])}


@contextmanager
def listening(address: Path) -> Iterator[Callable[[], str]]:
    """What a door says at `address`, a word at a time; empty after 5 ms of silence."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(address))
        systemd.settimeout(0.005)

        def heard() -> str:
            try:
                return systemd.recv(256).decode()
            except TimeoutError:
                return ""

        try:
            yield heard
        finally:
            address.unlink()


def cpu_of(process: int) -> float:
    """Seconds of CPU of all threads of a process (Linux, Documentation/scheduler/sched-stats)."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9


def main() -> int:
    """Measure in turn, print medians, and tell whether the goals are reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--guests", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiosk-start-") as temporary:
        folder = Path(temporary)
        prepare(folder, options.guests)
        try:
            door(folder)  # once for compiled modules and the caches of the disk
            rounds = [
                {"import": bare(_IMPORT), "window": bare(_WINDOW), **door(folder)}
                for _ in range(options.rounds)
            ]
        finally:
            data_keys(folder / "state").shred()
    return _told(rounds)


def _told(rounds: list[dict[str, Moment]]) -> int:
    """Print medians; the exit status."""
    kinds = ("import", "window", "painted", "read", "scanning", "answered")
    wall, cpu = ({kind: median(each[kind][n] for each in rounds) for kind in kinds} for n in (0, 1))
    print(f"{'':10}{'s wall':>8}{'s CPU':>8}{'after import':>14}{'x window':>10}{'x its CPU':>11}")
    for kind in kinds:
        after, times = wall[kind] - wall["import"], wall[kind] / wall["window"]
        told = f"{after:14.2f}{times:10.1f}{cpu[kind] / cpu['window']:11.1f}"
        print(f"{kind:10}{wall[kind]:8.2f}{cpu[kind]:8.2f}{told}")
    after, times = wall["scanning"] - wall["import"], wall["scanning"] / wall["window"]
    print(f"scanning after the import of Qt: {after:.2f} s (goal {AFTER_IMPORT:.0f} s)")
    print(f"scanning beside a bare window: {times:.1f} times (goal {TIMES:.0f})")
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0 if after <= AFTER_IMPORT and times <= TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
