"""The sheets and labels that badges are printed on, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DOT = 25.4 / 300  # mm: modules are whole dots of a label printer, and of any finer one
MODULES = 37  # of a side: a badge's text needs version 5 at level M (ISO/IEC 18004:2015 table 7)
QUIET = 4  # modules of white on each side (ISO/IEC 18004:2015 6.3.8)


class Form(StrEnum):
    """How what stands on a badge is put into its area."""

    CARD = "card"  # the given name from edge to edge, the rest beside the code
    STRIP = "strip"  # too low for that: all text beside the code
    SHEET = "sheet"  # upright


@dataclass(frozen=True)
class Box:
    """A rectangle in mm from the upper left corner of what it lies in."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def moved(self, right: float, down: float) -> Box:
        """The same elsewhere."""
        return Box(self.left + right, self.top + down, self.width, self.height)


@dataclass(frozen=True)
class Layout:
    """How badges lie on a page. page, badge: width and height in mm, as held to be read.

    gap: mm between two badges, across and down. dots: the side of a module in dots of 1/300 inch.
    colour: False for label printers, which have black alone.
    copies: how often each badge stands on the page; two are folded back to back.
    """

    name: str
    about: str
    page: tuple[float, float]
    badge: tuple[float, float]
    form: Form
    dots: int
    columns: int = 1
    rows: int = 1
    gap: tuple[float, float] = (0.0, 0.0)
    colour: bool = True
    copies: int = 1

    @property
    def module(self) -> float:
        """The side of one module, mm."""
        return self.dots * DOT

    @property
    def code(self) -> float:
        """The side of the code without its quiet zone, mm."""
        return MODULES * self.module

    @property
    def per_page(self) -> int:
        """Different badges on one page."""
        return self.columns * self.rows // self.copies

    @property
    def cells(self) -> tuple[Box, ...]:
        """Where badges lie on the page: centred, row by row."""
        (width, height), (across, down) = self.badge, self.gap
        left = (self.page[0] - self.columns * width - (self.columns - 1) * across) / 2
        top = (self.page[1] - self.rows * height - (self.rows - 1) * down) / 2
        return tuple(
            Box(left + column * (width + across), top + row * (height + down), width, height)
            for row in range(self.rows)
            for column in range(self.columns)
        )

    def cells_of(self, at: int) -> tuple[Box, ...]:
        """Where the `at`-th badge of a page lies, from 0; as often as it is copied."""
        return self.cells[at * self.copies : (at + 1) * self.copies]


_A4 = (210.0, 297.0)
_A6 = (105.0, 148.5)  # a quarter of A4, as it is cut

LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("a4-10", "A4, 10 cards for clip holders", _A4, (90, 54), Form.CARD, 8, 2, 5),
        Layout("a4-8", "A4, 8 cards", _A4, (86, 55), Form.CARD, 8, 2, 4, (10, 10)),
        Layout("a4-4", "A4, 4 large badges (A6)", _A4, _A6, Form.SHEET, 13, 2, 2),
        Layout(
            "a6-fold",
            "A4, 2 large badges, each twice: folded back to back",
            _A4,
            _A6,
            Form.SHEET,
            13,
            2,
            2,
            copies=2,
        ),
        Layout("a6", "one large badge a page (A6)", (105, 148), (105, 148), Form.SHEET, 13),
        Layout("card-86x54", "card printers (ID-1)", (85.6, 54), (85.6, 54), Form.CARD, 8),
        Layout(
            "label-62x100", "Brother 62 mm", (100, 62), (100, 62), Form.CARD, 9, colour=False
        ),
        Layout("label-89x36", "Dymo 89x36", (89, 36), (89, 36), Form.STRIP, 8, colour=False),
        Layout("label-54x101", "Dymo 54x101", (101, 54), (101, 54), Form.CARD, 8, colour=False),
    )
}  # fmt: skip
USUAL = "a4-10"
