"""What taking pictures and keys costs, and how soon a camera that is lost is told of and back.

`python benchmarks/capture.py [--quick]`: CPU time, medians, of the grey plane of a frame and of a
scanner's keys; then, by the wall clock, a webcam without hardware that is unplugged, falls silent
and freezes. --quick leaves the second part out. Exit status 1 where one is told of later than 3 s
or back later than 5 s.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the webcams are those of the tests
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_LOGGING_RULES"] = "qt.multimedia*=false"

import numpy as np  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from kiosk.adapters.camera.luma import luma_of  # noqa: E402
from kiosk.adapters.camera.qt_camera import QtCamera  # noqa: E402
from kiosk.adapters.scanner.keystroke import Typed, text_of  # noqa: E402
from kiosk.adapters.scanner.wedge import Wedge  # noqa: E402
from tests.certificates import claims, signer  # noqa: E402
from tests.fakes.cameras import PIXEL, Bench, Listener, video_frame  # noqa: E402
from tests.fakes.keyboards import FRENCH, Hands  # noqa: E402

TOLD_WITHIN, BACK_WITHIN = 3.0, 5.0  # seconds
ROUNDS = 31
FPS = 30


def main(arguments: Sequence[str]) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args(arguments).quick
    app = QApplication.instance() or QApplication(["capture"])  # to be kept
    assert app is not None
    _costs()
    if quick:
        return 0
    print("\nwebcam                              told s   back s")
    late = [name for name, trial in TRIALS.items() if not _in_time(name, trial)]
    return 1 if late else 0


def _costs() -> None:
    for width, height in ((1280, 720), (1920, 1080)):
        grey = np.random.default_rng(1).integers(0, 256, (height, width), dtype=np.uint8)
        for pixel, every in ((PIXEL.Format_YUV420P, 1), (PIXEL.Format_YUYV, 2)):
            frame = video_frame(pixel, grey, 0, every)
            cost = _cpu(lambda frame=frame: luma_of(frame))
            print(f"grey plane of {width}x{height} {pixel.name[7:]:8} {1000 * cost:6.2f} ms")
    page, bursts = QWidget(), list[tuple[Typed, ...]]()
    page.winId()
    wedge, hands = Wedge(page.windowHandle(), bursts.append), Hands(page.windowHandle(), FRENCH)
    text = signer().sign(claims())

    def scan() -> None:
        hands.wait(1000)
        hands.scan(text)

    cost = _cpu(scan) / len(text)
    print(f"a key of a scanner, event by event {1e6 * cost:6.0f} us")
    print(
        f"the text of {len(text)} keys           {1e6 * _cpu(lambda: text_of(bursts[0])):6.0f} us"
    )
    wedge.end()


def _cpu(call: Callable[[], object]) -> float:
    """CPU seconds of one call, median."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(5):
            call()
        times.append((time.process_time() - began) / 5)
    return median(times)


class Trial:
    """A webcam that delivers, until the trial does something to it."""

    def __init__(self) -> None:
        self.bench, self.listener = Bench("Desk cam"), Listener()
        self.level: int | None = None
        self.silent = False
        self._camera = QtCamera(0, self.bench)
        self._camera.start(self.listener.deliver, self.listener.trouble)

    def until(self, condition: Callable[[], bool], most: float = 20.0) -> float:
        """Seconds until the condition holds, with frames coming as they do."""
        began = due = time.monotonic()
        while not condition() and time.monotonic() - began < most:
            QApplication.processEvents()
            if time.monotonic() >= due:
                due += 1 / FPS
                if not self.silent and "Desk cam" in self.bench.plugged:
                    self.bench.feed(self.level)
            time.sleep(0.002)
        return time.monotonic() - began

    def told(self) -> float:
        """Seconds until the trouble is told."""
        return self.until(lambda: bool(self.listener.troubles))

    def back(self) -> float:
        """Seconds until the next frame."""
        count = len(self.listener.frames)
        return self.until(lambda: len(self.listener.frames) > count)

    def end(self) -> None:
        """Stop the camera."""
        self._camera.stop()


def _unplugged(trial: Trial, *, told: bool) -> tuple[float, float]:
    trial.bench.plug(told=told)
    noticed = trial.told()
    trial.until(lambda: False, 7.3)  # until the pauses are at their longest
    trial.bench.plug("Desk cam", told=told)
    return noticed, trial.back()


def _silent(trial: Trial) -> tuple[float, float]:
    trial.silent = True
    noticed = trial.told()
    trial.until(lambda: False, 7.3)
    opened = len(trial.bench.opened)
    # It sends again, but only to who opens it now.
    waited = trial.until(lambda: len(trial.bench.opened) > opened)
    trial.silent = False
    return noticed, waited + trial.back()


def _frozen(trial: Trial) -> tuple[float, float]:
    trial.level = 50
    noticed = trial.told()
    trial.until(lambda: False, 7.3)
    trial.level = None
    return noticed, trial.back()


TRIALS: dict[str, Callable[[Trial], tuple[float, float]]] = {
    "unplugged, and the system says so": lambda trial: _unplugged(trial, told=True),
    "unplugged without a word": lambda trial: _unplugged(trial, told=False),
    "silent until it is opened anew": _silent,
    "frozen, then alive": _frozen,
}


def _in_time(name: str, run: Callable[[Trial], tuple[float, float]]) -> bool:
    trial = Trial()
    trial.back()
    told, back = run(trial)
    trial.end()
    print(f"{name:34} {told:7.2f}  {back:7.2f}")
    return told <= TOLD_WITHIN and back <= BACK_WITHIN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
