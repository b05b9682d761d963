"""The fuzzer that is guided by coverage (atheris, libFuzzer): started, watched, summed up."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

# What earlier runs found worth keeping.
CORPUS = Path(__file__).parents[2] / "build" / "fuzz-corpus"
_EVERY = 15.0  # seconds between two lines of progress
_STATUS = re.compile(r"#(\d+)\s.*cov: (\d+) .*exec/s: (\d+)")
_KEPT = 40  # lines that are shown when the search ends by itself
_NOT_HERE = """\
atheris, which guides this fuzzer, is not installed. It has wheels for Linux on x86-64 with
Python 3.11 to 3.13 alone, and there ./run.sh fuzz --guided installs it. Without --guided it works
everywhere.
"""


def guided(seconds: int) -> int:
    """Search for `seconds`; the exit status."""
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(_NOT_HERE)
        return 2
    CORPUS.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", "-max_len=4400", "-timeout=20", "-rss_limit_mb=1024"]
    options.append(f"-artifact_prefix={CORPUS.parent}/")
    command = [sys.executable, "-m", "tests.fuzz.target", *options, str(CORPUS)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace") as search:
        assert search.stderr is not None
        watch = Watch(seconds)
        watch.read(search.stderr)
    sys.stdout.write(f"{watch.figures}\n{len(watch.found)} findings\n" + "".join(watch.found))
    if search.returncode:
        sys.stderr.writelines(watch.last)
        sys.stderr.write(f"The search ended by itself, with status {search.returncode}.\n")
    return 1 if watch.found or search.returncode else 0


class Watch:
    """What libFuzzer tells: its figures, the findings, and its last lines."""

    def __init__(self, seconds: int) -> None:
        self.figures = "nothing was tried"
        self.found: list[str] = []
        self.last: deque[str] = deque(maxlen=_KEPT)
        self._ends = time.monotonic() + seconds
        self._next = time.monotonic()

    def read(self, lines: Iterable[str]) -> None:
        """Read to the end; progress goes to stderr."""
        for line in lines:
            self.last.append(line)
            if line.startswith("FOUND"):
                self.found.append(line.removeprefix("FOUND "))
            if status := _STATUS.search(line):
                tried, covered, speed = status.groups()
                self.figures = f"{int(tried):,} inputs, {covered} places reached, {speed} a second"
                self._progress()

    def _progress(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            left = max(0.0, self._ends - now)
            sys.stderr.write(f"{self.figures}, {len(self.found)} findings, {left:.0f} s left\n")
