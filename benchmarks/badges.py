"""Two thousand badges: CPU time to draw them and to read every one back, memory, size of the file.

`python benchmarks/badges.py [--count N] [--layout NAME]`
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QFile, QIODevice
from PySide6.QtPdf import QPdfDocument

from kiosk.adapters.badges.face import Face, guest_face
from kiosk.adapters.badges.layouts import LAYOUTS, USUAL
from kiosk.adapters.badges.proof import Expected, prove_sheets
from kiosk.adapters.badges.sheets import write_sheets
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.adapters.system.places import assets
from kiosk.core.guests.badge import make_badge
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.policy.eventfile import load_event
from kiosk.look import begin_painting

EVENT = load_event((assets() / "events" / "saint-ouen-2021.toml").read_text(encoding="utf-8"))
GIVEN = ("Inês", "Maximilian", "Ελένη", "Олександр", "Արամ", "გიორგი", "Łucja", "Þórður", "Zoé")
FAMILY = ("Figueiredo", "Habsburg-Lothringen", "Παπαδοπούλου", "Щербаков", "Wiśniowska", "Țurcanu")


def main() -> None:
    """Draw, read back, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--layout", choices=LAYOUTS, default=USUAL)
    options = parser.parse_args()
    application = begin_painting(assets() / "fonts")
    key, layout = Ed25519PrivateKey.generate(), LAYOUTS[options.layout]
    begun = time.process_time()
    faces = [face(number, key) for number in range(options.count)]
    told(f"{options.count:,} signatures and texts", begun)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "badges.pdf"
        before, begun = memory(), time.process_time()
        file = QFile(str(path))
        file.open(QIODevice.OpenModeFlag.WriteOnly)
        write_sheets(file, faces, layout)
        file.close()
        told(f"drawn on {layout.name}", begun)
        begun = time.process_time()
        document = QPdfDocument()
        document.load(str(path))
        prove_sheets(document, faces, Expected(layout, EVENT.id, key.public_key(), ZxingReader()))
        told("every code and name read back", begun)
        print(f"{document.pageCount()} pages, {path.stat().st_size / 1e6:.1f} MB")
        document.close()
    print(f"memory at most {memory():.0f} MB, of which {memory() - before:.0f} for this")
    del application


def face(number: int, key: Ed25519PrivateKey) -> Face:
    """The badge of an invented guest."""
    badge = number.to_bytes(8)
    guest = Guest(
        str(number),
        badge,
        FAMILY[number % len(FAMILY)],
        f"{GIVEN[number % len(GIVEN)]} {number}",
        f"Cluster Example No {number % 97}",
        f"Partnership {number % 14}",
        "",
        frozenset(),
        Attendance.IN_PERSON,
        Selection.SELECTED,
    )
    return guest_face(guest, EVENT, make_badge(badge, EVENT.id, key))


def told(what: str, begun: float) -> None:
    """A line with the CPU time since `begun`."""
    print(f"{what}: {time.process_time() - begun:.1f} s CPU")


def memory() -> float:
    """The most that this process ever had in memory, MB (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
