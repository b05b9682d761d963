"""How soon a door scans, beside a bare window of PySide6: both in turn, each a new process.

`python benchmarks/start.py [--rounds 7] [--guests 2000]`. import: Python imports the three modules
of Qt that any window needs, and ends. window: the same, shows an empty window of 1280x800 and ends
once it is painted. door: `kiosk run` with encrypted guests, whose key the kernel remembers, from
the start of the process until the log has counted the answer to the code in its first picture.

Wall time is what a guest waits for; the ratio of CPU is what the program itself takes, since a
reader's process loads beside the window. Goals: the door at most 2 s after the import, and at most
twice the window. Linux, offscreen.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the door is that of the other benchmark

from benchmarks.restart import answered_after, prepare  # noqa: E402

AFTER_IMPORT, TIMES = 2.0, 2.0  # seconds; times the bare window
_IMPORT = "import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets"
_WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
window.repaint()
QTimer.singleShot(0, app.quit)
app.exec()
"""


def run(code: str) -> tuple[float, float]:
    """Seconds that a new Python takes over `code`: wall and CPU."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", code], env=environment, check=True, stderr=subprocess.DEVNULL
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
        answered_after(folder)  # once for the caches of the disk
        kinds: dict[str, Callable[[], tuple[float, float]]] = {
            "import": lambda: run(_IMPORT),
            "window": lambda: run(_WINDOW),
            "door": lambda: answered_after(folder),
        }
        rounds = [
            {kind: measure() for kind, measure in kinds.items()} for _ in range(options.rounds)
        ]
    wall = {kind: median(each[kind][0] for each in rounds) for kind in kinds}
    cpu = {kind: median(each[kind][1] for each in rounds) for kind in kinds}
    for kind in kinds:
        print(f"{kind:8}{wall[kind]:7.2f} s wall{cpu[kind]:7.2f} s CPU")
    after, times = wall["door"] - wall["import"], wall["door"] / wall["window"]
    print(f"door after the import of Qt: {after:.2f} s (goal {AFTER_IMPORT:.0f} s)")
    ratio = cpu["door"] / cpu["window"]
    beside = f"{times:.2f} times wall, {ratio:.2f} times CPU (goal {TIMES:.0f})"
    print(f"door beside a bare window: {beside}")
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0 if after <= AFTER_IMPORT and times <= TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
