"""Draws the pictures of docs/badges.md from pages that the program itself wrote.

    python docs/badge_pictures.py

The guests are invented, and the key is thrown away.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPdf import QPdfDocument

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kiosk.adapters.badges.face import Face, blank_face, guest_face  # noqa: E402
from kiosk.adapters.badges.handover import hand_over_sheets  # noqa: E402
from kiosk.adapters.badges.layouts import LAYOUTS  # noqa: E402
from kiosk.adapters.badges.proof import Expected  # noqa: E402
from kiosk.adapters.reader.zxing import ZxingReader  # noqa: E402
from kiosk.core.guests.badge import make_badge  # noqa: E402
from kiosk.core.guests.guest import Attendance, Guest, Selection  # noqa: E402
from kiosk.core.policy.eventfile import load_event  # noqa: E402
from kiosk.look import Tint, begin_painting  # noqa: E402

FOLDER = ROOT / "docs" / "pictures" / "badges"
EVENT = load_event((ROOT / "assets/events/saint-ouen-2021.toml").read_text(encoding="utf-8"))
KEY = Ed25519PrivateKey.generate()
PEOPLE = (
    ("Inês", "Figueiredo", "Cluster Exemplo do Tejo", "GreenDigi4X", ""),
    ("Ελένη", "Παπαδοπούλου", "Συστάδα Παράδειγμα", "HydroLink", "speaker"),
    ("Łucja", "Wiśniowska", "Klaster Przykład Gdynia", "BioValleys", ""),
    ("Олександр", "Щербаков", "Кластер Приклад, Київ", "", "press"),
    ("Արամ", "Խաչատրյան", "Օրինակ Կլաստեր", "BioValleys", ""),
    ("გიორგი", "მაისურაძე", "კლასტერი მაგალითი", "SolarHub", ""),
    (
        "Maximilian-Alexander",
        "von Habsburg-Lothringen zu Beispielshausen",
        "Verband der Beispielindustrie und des angewandten Musterhandwerks e. V.",
        "CircularPort",
        "",
    ),
    ("Þórður", "Æðelstan-Østerby", "Eksempelklynge Fyn", "ForestLab", ""),
    ("Ștefan", "Țurcanu", "Cluster Exemplu Iași", "HydroLink", ""),
)


def faces() -> list[Face]:
    """The invented guests, and one blank badge."""
    made = []
    for at, (given, family, organisation, partnership, category) in enumerate(PEOPLE):
        badge = at.to_bytes(8)
        guest = Guest(
            str(at), badge, family, given, organisation, partnership, category, frozenset(),
            Attendance.IN_PERSON, Selection.SELECTED,
        )  # fmt: skip
        made.append(guest_face(guest, EVENT, make_badge(badge, EVENT.id, KEY)))
    blank = b"reserve!"
    return [*made, blank_face(blank, "R2-017", EVENT, make_badge(blank, EVENT.id, KEY))]


def page(name: str, shown: Sequence[Face], dpi: float) -> QImage:
    """The first page that these badges come to, as it is printed."""
    expected = Expected(LAYOUTS[name], EVENT.id, KEY.public_key(), ZxingReader())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "badges.pdf"
        hand_over_sheets(file, shown, expected)
        document = QPdfDocument()
        document.load(str(file))
        size = document.pagePointSize(0) * dpi / 72
        drawn = document.render(0, QSize(round(size.width()), round(size.height())))
        document.close()
    return drawn


def sheet() -> QImage:
    """A whole sheet of the usual layout."""
    return on_ground([(page("a4-10", faces(), 84), 0, 0)], 0)


def kinds() -> QImage:
    """Both label printers, a folded badge and the sheet of one, side by side."""
    all_of = faces()
    dpi, gap = 88, 16
    fold = page("a6-fold", [all_of[1], all_of[3]], dpi * 0.8)
    labels = [
        page("label-62x100", [all_of[0]], dpi),
        page("label-54x101", [all_of[6]], dpi),
        page("label-89x36", [all_of[7]], dpi),
        page("card-86x54", [all_of[9]], dpi),
    ]
    placed, top = [(fold, gap, gap)], gap
    for label in labels:
        placed.append((label, fold.width() + 2 * gap, top))
        top += label.height() + gap
    return on_ground(placed, gap)


def on_ground(placed: Sequence[tuple[QImage, int, int]], gap: int) -> QImage:
    """White papers on a quiet ground, with a line around each."""
    width = max(left + image.width() for image, left, _ in placed) + gap
    height = max(top + image.height() for image, _, top in placed) + gap
    ground = QImage(width, height, QImage.Format.Format_RGB32)
    ground.fill(Tint.LINE.colour)
    painter = QPainter(ground)
    for image, left, top in placed:
        painter.fillRect(left, top, image.width(), image.height(), QColor("white"))
        painter.drawImage(left, top, image)
    painter.end()
    return ground


PICTURES = {"sheet": sheet, "kinds": kinds}


def main() -> None:
    """Draw them all."""
    application = begin_painting(ROOT / "assets" / "fonts")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        draw().save(str(FOLDER / f"{name}.png"))
    del application


if __name__ == "__main__":
    main()
