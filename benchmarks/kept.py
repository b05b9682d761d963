"""How soon a door answers again by itself: killed, standing still, and after a power cut.

`python benchmarks/kept.py [--kills 10] [--hung 3] [--cold 3] [--guests 2000]`, Linux, offscreen, a
desk with encrypted guests that looks at pictures of a certificate.

- killed: `kiosk keep -- run ...`; from kill -9 of the door until the log counts the first answer of
  the next one. Nobody types: the kernel remembers the guests' key. Goal 5 s.
- hung: the same with SIGSTOP, so that window, desk and reading stand still: 15 s of silence come
  first, as with WatchdogSec of the unit.
- cold: what of a power cut can be measured here. The kernel has forgotten the key and, as root, all
  files that it had read (drop_caches, proc(5)); from the start of `kiosk run --passphrase-file`
  until the first answer. Firmware, kernel, login and the time that a real disk needs come on top;
  the goal of 60 s counts from the login.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the door is that of the other benchmark

from benchmarks.restart import PATIENCE, counted, prepare  # noqa: E402
from kiosk.cli.unlocking import data_keys  # noqa: E402
from tests.door import EVENT_FILE  # noqa: E402

GOALS = {"killed": 5.0, "hung": 15.0 + 5.0, "cold": 60.0}  # seconds, all
PASSPHRASE = "correct horse battery staple"  # noqa: S105  # of the invented guests
_DROP = Path("/proc/sys/vm/drop_caches")


def main() -> int:
    """Measure, print, and tell whether the goals are reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, usual in (("kills", 10), ("hung", 3), ("cold", 3), ("guests", 2000)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        prepare(folder, options.guests)
        try:
            taken: dict[str, list[float]] = {
                "killed": kept(folder, signal.SIGKILL, options.kills),
                "hung": kept(folder, signal.SIGSTOP, options.hung),
                "cold": [cold(folder) for _ in range(options.cold)],
            }
        finally:
            data_keys(folder / "state").shred()
    for name, times in taken.items():
        if times:
            print(
                f"{name:7} {len(times):3} times: {median(times):5.1f} s, {max(times):.1f} at most"
            )
    dropped = "" if os.access(_DROP, os.W_OK) else ", caches kept (needs root)"
    print(f"load {os.getloadavg()[0]:.1f}{dropped}")
    return 0 if all(max(taken[name], default=0.0) <= GOALS[name] for name in taken) else 1


def kept(folder: Path, blow: signal.Signals, times: int) -> list[float]:
    """For each blow to a kept door the seconds until the next one has answered."""
    if not times:
        return []
    state, taken = folder / "state", list[float]()
    with running(folder, "keep", "--", "run") as keep:
        wait_for_more(state, counted(state))
        for _ in range(times):
            (door,) = children_of(keep.pid)
            os.kill(door, blow)
            before, began = counted(state), time.perf_counter()
            wait_for_more(state, before)
            taken.append(time.perf_counter() - began)
    return taken


def cold(folder: Path) -> float:
    """Seconds from the start of a door to its first answer, with nothing remembered."""
    state, file = folder / "state", folder / "passphrase"
    file.touch(mode=0o600)
    file.write_text(PASSPHRASE + "\n")
    data_keys(state).lock()
    os.sync()
    with suppress(OSError):
        _DROP.write_text("3")
    before, began = counted(state), time.perf_counter()
    with running(folder, "run", more=("--passphrase-file", str(file))):
        wait_for_more(state, before)
        return time.perf_counter() - began


@contextmanager
def running(
    folder: Path, *words: str, more: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """The program with these words over the state and the pictures of `folder`."""
    door = ["--event", str(EVENT_FILE), "--mode", "desk", "--state", str(folder / "state")]
    ours = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "kiosk", *words, *door, "--camera", str(folder / "seen"), *more],
        cwd=folder,
        env={**os.environ, **ours, "DISPLAY": "", "WAYLAND_DISPLAY": ""},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_for_more(state: Path, before: int) -> None:
    """Until the log counts more answers than `before`. RuntimeError where none comes."""
    until = time.perf_counter() + PATIENCE
    while counted(state) == before:
        if time.perf_counter() > until:
            raise RuntimeError("no answer came")
        time.sleep(0.01)


def children_of(process: int) -> list[int]:
    """The processes that it started itself (proc(5))."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


if __name__ == "__main__":
    sys.exit(main())
