"""`./run.sh bench sound`: from asking for a sound to its first sample at the sound server.

Needs `parec` (pulseaudio-utils) and a server: without one, `pulseaudio -n -L module-null-sink
-L module-native-protocol-unix` is one that plays into nothing.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from kiosk.adapters.sound.loudspeaker import Loudspeaker  # noqa: E402
from kiosk.desk.ports import Sound  # noqa: E402

PLAYED = 40
SILENT, AUDIBLE = 30, 600  # of 32,768
CHUNK = 192  # bytes: 2 ms
QUIET = 75  # chunks that make a silence
SOUNDS = ROOT / "assets" / "sounds"


class Ear(threading.Thread):
    """Hears what the server plays, and notes when a silence ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        asked = "parec -d @DEFAULT_MONITOR@ --latency-msec=2 --rate=48000 --channels=1"
        command = [*asked.split(), "--format=s16le", "--raw"]
        self._recorder = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603
        self.begins: list[float] = []

    def run(self) -> None:
        """Until the recorder ends."""
        assert self._recorder.stdout is not None
        quiet_for, armed = 0, True
        while len(data := self._recorder.stdout.read(CHUNK)) == CHUNK:
            samples = np.frombuffer(data, "<i2").astype(int)
            loudest = np.abs(samples).max(initial=0)
            quiet_for = quiet_for + 1 if loudest < SILENT else 0
            armed = armed or quiet_for > QUIET
            if loudest > AUDIBLE and armed:
                self.begins.append(time.perf_counter())
                armed = False

    def end(self) -> None:
        """Hear no more."""
        self._recorder.terminate()


def main() -> int:
    """Print what was measured; 1 where nothing could be."""
    news = threading.Event()
    speaker = Loudspeaker(SOUNDS, 100, news.set, voice=None)
    began = time.perf_counter()
    speaker.start()
    news.wait(30)
    if not speaker.device or shutil.which("parec") is None:
        print("sound: no device, or no parec: nothing was measured")
        speaker.stop()
        return 0
    print(f"process ready to play after {time.perf_counter() - began:.2f} s: {speaker.device}")
    ear = Ear()
    ear.start()
    time.sleep(3)  # a recorder takes its time to begin
    waits, calls = [], []
    for number in range(PLAYED):
        asked, heard_before = time.perf_counter(), len(ear.begins)
        speaker.play((Sound.ADMIT, Sound.DESK, Sound.REFUSE)[number % 3])
        calls.append(time.perf_counter() - asked)
        time.sleep(1.2)
        if len(ear.begins) > heard_before:
            waits.append(1000 * (ear.begins[heard_before] - asked))
    speaker.stop()
    ear.end()
    worst = max(waits, default=0.0)
    print(f"heard {len(waits)} of {PLAYED}; from the call to the first sample: median "
          f"{statistics.median(waits or [0]):.1f} ms, worst {worst:.1f} ms (goal 50); "
          f"the call itself {1000 * max(calls):.2f} ms at worst")  # fmt: skip
    return int(len(waits) < PLAYED or worst > 50)


if __name__ == "__main__":
    sys.exit(main())
