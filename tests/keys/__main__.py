"""`python -m tests.keys [--count 5000] [--seed 6] [--mode desk|self]`: both screens by default.

Exit status 1 where a way out was found, or an error was raised; each is printed with its act, and
the same seed and count find it again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from kiosk.desk.findings import Mode
from tests.gui_support import dress
from tests.keys.fuzz import Hands, Tally
from tests.locked import locked_window


def main() -> int:
    """Play, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--mode", choices=("desk", "self"), action="append")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    dress(app)
    raised: list[str] = []

    def note(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        raised.append(f"{kind.__name__}: {error}")
        sys.__excepthook__(kind, error, error.__traceback__)

    sys.excepthook = note
    tallies = [
        play(app, Mode(mode), options.count, options.seed)
        for mode in options.mode or ("desk", "self")
    ]
    return 1 if raised or any(tally.escapes for tally in tallies) else 0


def play(app: QApplication, mode: Mode, count: int, seed: int) -> Tally:
    """One screen in a state folder of its own."""
    with tempfile.TemporaryDirectory() as state, locked_window(app, Path(state), mode) as locked:
        began = time.perf_counter()
        tally = Hands(app, locked, seed).play(count)
        took = time.perf_counter() - began
    acts = ", ".join(f"{name} {number}" for name, number in tally.acts.most_common())
    print(f"{mode}: {count:,} acts in {took:.1f} s: {len(tally.escapes)} ways out ({acts})")
    for escape in tally.escapes[:20]:
        print(f"  {escape}")
    return tally


if __name__ == "__main__":
    sys.exit(main())
