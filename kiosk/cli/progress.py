"""How far a long command is, on standard error: one line that changes, or a line now and then."""

from __future__ import annotations

import sys
import time

from kiosk.cli.common import steerless

SHOWN_EVERY = 0.2  # seconds, on a terminal
TOLD_EVERY = 10.0  # seconds, in a file of what was printed


class Progress:
    """Counts steps; tells nothing of what is over at once."""

    def __init__(self, what: str, total: int) -> None:
        """total: 0 when it is not known."""
        self._what = steerless(what)
        self._of = f" of {total:,}" if total else ""
        self._count = 0
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._told = time.monotonic()

    def step(self) -> None:
        """One more is done."""
        self._count += 1
        now = time.monotonic()
        if now - self._told < (SHOWN_EVERY if self._terminal else TOLD_EVERY):
            return
        self._told = now
        line = f"{self._what}: {self._count:,}{self._of}"
        if self._terminal:
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the changing line away, for another to be printed in its place."""
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
