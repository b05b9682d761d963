"""`python -m tests.golden`: says which golden pictures differ; `--accept` keeps the new ones."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.golden.pictures import FOLDER, GOLDEN, are_alike, keep, kept, painted, tell

DIFFERENT = Path("build/golden")


def main() -> int:
    """1 where a picture differs and was not accepted."""
    parser = argparse.ArgumentParser("golden", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="keep the pictures as they are now")
    accept = parser.parse_args().accept
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication([])
    differing = 0
    for golden, now in painted():
        before = kept(golden)
        if before is not None and are_alike(before, now):
            continue
        differing += 1
        print(f"{golden.file.name}: {tell(golden, now, DIFFERENT)}")
        if accept:
            keep(golden, now)
    del app
    if accept:
        _forget_others()
    print(f"{len(GOLDEN)} pictures, {differing} {'renewed' if accept else 'differ'}")
    return 1 if differing and not accept else 0


def _forget_others() -> None:
    """Delete what is kept of states that are not kept any more."""
    for file in set(FOLDER.glob("*.png")) - {golden.file for golden in GOLDEN}:
        file.unlink()


if __name__ == "__main__":
    sys.exit(main())
