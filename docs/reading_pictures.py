"""Draws the pictures of docs/reading.md: `python docs/reading_pictures.py [NAME...]`.

Each shows what the program's own functions make of a frame that was drawn for it, so that no
picture can tell of a program that is not. Their texts are made up, of nobody.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT, ROOT / "docs"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from drawing import Grey, Sheet, begin, module_sheet, square, titled  # noqa: E402
from reading_steps import (  # noqa: E402
    MODULES,
    blocks,
    finder_patterns,
    lattices,
    module_steps,
    settled_lattice,
)

from kiosk.adapters.reader import regions  # noqa: E402
from kiosk.adapters.reader.patient import equaliser, reader  # noqa: E402
from kiosk.adapters.reader.patient.combining import (  # noqa: E402
    SAME_CODE,
    Combiner,
    Evidence,
    correlation,
)
from kiosk.adapters.reader.patient.picture import Grey as Soft  # noqa: E402
from kiosk.adapters.reader.variants import VARIANTS  # noqa: E402
from kiosk.adapters.reader.zxing import ZxingReader  # noqa: E402
from kiosk.demo.scenes import Scene, render  # noqa: E402
from kiosk.desk.ports import Region  # noqa: E402
from kiosk.gui.parts.style import Tint  # noqa: E402
from tests.qrcodes import certificate_text, modules_of, seen  # noqa: E402

FOLDER = ROOT / "docs" / "pictures" / "reading"
LOBBY = Scene(certificate_text(1), "paper", blur=1.15, noise=9, tilt=9, perspective=0.3, scale=2.6)
PERSONS, FRAMES = 30, 6  # of the picture of the gate


@cache
def lobby_frame() -> Grey:
    """A guest in the demonstration's lobby, whose code zxing does not read."""
    return render(LOBBY)


# The way of a frame


def lanes() -> Sheet:
    """From the camera through both looks to the desk."""
    sheet = Sheet(980, 400)
    sheet.box(250, 20, 530, 300, Tint.PAPER, Tint.MUTE, dashed=True, round_=12)
    sheet.text(266, 46, "the reader's process", Tint.MUTE, bold=True)
    _station(sheet, 20, 80, 170, "camera", "30 frames a second")
    _station(sheet, 280, 70, 250, "quick look", "every frame, 33 ms", Tint.ACCENT_TINT, 96)
    sheet.text(405, 148, "zxing, regions, variants, zbar", Tint.MUTE, 14, middle=True)
    _station(sheet, 500, 210, 250, "patient look", "own thread, 150 ms", Tint.DESK_TINT, 90)
    sheet.text(625, 284, "one code, step by step", Tint.MUTE, 14, middle=True)
    _station(sheet, 830, 80, 130, "desk", "verify, decide", Tint.ADMIT_TINT)
    sheet.arrow([(190, 115), (278, 115)])
    sheet.text(219, 104, "newest", Tint.MUTE, 14, middle=True)
    sheet.arrow([(530, 115), (828, 115)])
    sheet.text(655, 104, "codes, or a hint", Tint.MUTE, 14, middle=True)
    sheet.arrow([(405, 166), (405, 255), (498, 255)])
    sheet.text(292, 212, "unread, with", Tint.MUTE, 14)
    sheet.text(292, 230, "its regions", Tint.MUTE, 14)
    sheet.arrow([(625, 210), (625, 120)])
    sheet.text(634, 172, "with the next answer", Tint.MUTE, 14)
    sheet.box(250, 336, 530, 46, None, Tint.LINE, dashed=True, round_=12)
    sheet.text(515, 365, "a second process stands by, warm", Tint.MUTE, 14, middle=True)
    return sheet


def _station(
    sheet: Sheet, x: float, y: float, width: float, name: str, what: str,
    fill: Tint = Tint.CARD, height: float = 70,
) -> None:  # fmt: skip
    sheet.box(x, y, width, height, fill, Tint.INK, round_=8)
    sheet.text(x + width / 2, y + 30, name, bold=True, size=17, middle=True)
    sheet.text(x + width / 2, y + 53, what, size=14, middle=True)


# The quick look


def busy_regions() -> Sheet:
    """How busy the cells of a frame are, and the boxes around those of a code."""
    frame, cell = lobby_frame(), 8
    found = regions.texture(frame, cell)
    sheet = Sheet(980, 316)
    contrast = max(regions.LEAST_CONTRAST, regions.OVER_NOISE * found.noise)
    clear = found.contrast > contrast
    busy = np.where(clear, np.clip(255 - found.changes / 2.4 * 225, 30, 255), 255).astype(np.uint8)
    small = cv2.resize(frame, (480, 270), interpolation=cv2.INTER_AREA)
    titled(sheet, 0, "changes in each cell that has contrast", busy, 480 / busy.shape[1])
    titled(sheet, 500, "the box around what changes most", np.asarray(small, np.uint8), 1)
    for patch in regions.patches(frame):
        left, top, right, bottom = (side * 480 / frame.shape[1] for side in patch.box)
        for x in (0, 500):
            sheet.line(square(left + x, top + 34, right + x, bottom + 34), Tint.ACCENT, 3, True)
    return sheet


def variants() -> Sheet:
    """A corner of one patch as it is and as each variant draws it, and who is read by zxing."""
    frame = lobby_frame()
    place = regions.patches(frame)[0]
    left, top, right, bottom = place.box
    patch = np.ascontiguousarray(frame[top:bottom, left:right])
    drawn = [("as it is", 1.0, patch)]
    for variant in VARIANTS:
        scale = variant.scale(place.module)
        drawn.append((variant.name, scale, variant.drawn(patch, place.module)))
    sheet = Sheet(980, 448)
    for number, (name, scale, picture) in enumerate(drawn):
        x, y = number % 5 * 197, number // 5 * 228
        side = 110  # pixels of the frame
        part = picture[: round(side * scale), : round(side * scale)]
        shown = cv2.resize(part, (180, 180), interpolation=cv2.INTER_NEAREST)
        sheet.picture(np.asarray(shown, np.uint8), x, y)
        is_read = bool(ZxingReader().read(picture).codes)
        sheet.text(x, y + 198, name, bold=True, size=14)
        sheet.text(
            x, y + 215, "read" if is_read else "not read",
            Tint.ADMIT if is_read else Tint.REFUSE, 14,
        )  # fmt: skip
    return sheet


# Frames together


def faint_frame(person: int, number: int) -> Grey:
    """A frame of somebody's code, too faint to be read alone."""
    modules = modules_of(certificate_text(person))
    return seen(modules, module=2.2, blur=0.45, noise=65, seed=1000 * person + number)


def evidence_of(frame: Grey) -> Evidence | None:
    """What the patient look would hand to the combiner."""
    view = reader.find(frame, Region(60, 60, 300, 300), lambda: True)
    return None if view is None else Evidence(view.sign, view.samples(), view.worth)


def means() -> Sheet:
    """The mean of more and more frames."""
    combiner, shown, number = Combiner(), [], 0
    while combiner.frames < 16:
        evidence, number = evidence_of(faint_frame(1, number)), number + 1
        if evidence is None:
            continue
        mean = combiner.add(evidence)
        if combiner.frames in (1, 2, 4, 8, 16):
            soft = equaliser.equalised(mean, evidence.sign.known, equaliser.NEAR)
            shown.append((_frames(combiner.frames), soft))
    sheet = module_sheet(MODULES, [("", shown[0][1]), *shown])
    sheet.box(0, 0, 326, 350, Tint.CARD)
    sheet.text(0, 20, "one of the frames", bold=True)
    crop = faint_frame(1, 0)[80:280, 80:280]
    sheet.picture(crop, 0, 32, 308 / 200)
    return sheet


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"mean of {count} frames"


def gate() -> Sheet:
    """Correlations with what came before: of the same guest's next frame, of the next guest's."""
    same, other = _correlations()
    sheet = Sheet(980, 250)

    def across(value: float) -> float:
        return 240 + 680 * (value + 0.2)

    sheet.box(across(-0.2), 20, across(SAME_CODE) - across(-0.2), 170, Tint.PAPER)
    rows = (("the same guest", same, Tint.ADMIT, 70), ("the next guest", other, Tint.REFUSE, 140))
    for name, values, tint, y in rows:
        sheet.text(20, y, name, bold=True)
        sheet.text(20, y + 20, f"{len(values)} frames, median {np.median(values):.2f}",
                   Tint.MUTE, 14)  # fmt: skip
        spread = np.random.default_rng(0).uniform(-16, 16, len(values))
        sheet.dots([(across(v), y + s) for v, s in zip(values, spread, strict=True)], tint, 3)
    gate_at = across(SAME_CODE)
    sheet.line([(gate_at, 20), (gate_at, 190)], Tint.ACCENT, 3)
    sheet.text(gate_at + 8, 34, f"gate, {SAME_CODE}", Tint.ACCENT, 14, bold=True)
    for tick in np.arange(-0.2, 0.81, 0.2):
        sheet.line([(across(tick), 190), (across(tick), 196)], Tint.MUTE, 1)
        sheet.text(across(tick), 214, f"{tick:.1f}", Tint.MUTE, 14, middle=True)
    sheet.text(across(0.3), 240, "correlation of the data modules", Tint.MUTE, 14, middle=True)
    return sheet


def _correlations() -> tuple[list[float], list[float]]:
    """As the combiner's gate computes them."""
    same: list[float] = []
    other: list[float] = []
    before: Soft | None = None
    for person in range(1, PERSONS + 1):
        combiner = Combiner()
        for number in range(FRAMES):
            evidence = evidence_of(faint_frame(person, number))
            if evidence is None:
                continue
            data = evidence.sign.known == 0
            if before is not None and before.shape == evidence.samples.shape:
                one, two = (equaliser.plain(s)[data] for s in (before, evidence.samples))
                (same if combiner.frames else other).append(correlation(one, two))
            before = combiner.add(evidence)
    return same, other


PICTURES: dict[str, Callable[[], Sheet]] = {
    "lanes": lanes,
    "regions": busy_regions,
    "variants": variants,
    "finders": finder_patterns,
    "lattices": lattices,
    "modules": module_steps,
    "blocks": blocks,
    "settled": settled_lattice,
    "frames": means,
    "gate": gate,
}


def main() -> None:
    """All of them, or those that are named."""
    begin()
    for name in sys.argv[1:] or PICTURES:
        PICTURES[name]().save(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
