"""The proof of what was printed to a file: every code and name is read back from its pages.

A page is drawn from the file as a viewer would, coarser than any printer and softened on top. In
the cell of each badge the reader must then find that badge's code alone, signed for this event by
this key; and the letters that stand where a name belongs must be those of that badge's name.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from kiosk.adapters.badges.anatomy import Anatomy, Zone, anatomy
from kiosk.adapters.badges.face import Face
from kiosk.adapters.badges.layouts import Box, Layout
from kiosk.core.guests.badge import Badge, open_badge
from kiosk.desk.ports import CodeReader

DPI = 150  # half of what the coarsest label printer has
SOFTENED = 0.25  # modules: sigma of the blur, as of ink that spreads; from 0.5 on zxing reads none
_POINT = 25.4 / 72  # mm
# An i with a mark is drawn as ı and the mark; the Greek iota has the glyph of the Latin one.
_ALIKE = str.maketrans("ı\N{LATIN SMALL LETTER IOTA}", "i\N{GREEK SMALL LETTER IOTA}")


class Letters(NamedTuple):
    """The characters of a page's text, and the middle of each in mm, shape (n, 2)."""

    characters: Sequence[str]
    places: NDArray[np.float64]

    def within(self, box: Box) -> str:
        """Those whose middle lies in `box`, in the order in which they were drawn."""
        after, before = (box.left, box.top), (box.right, box.bottom)
        there = np.logical_and(self.places >= after, self.places <= before).all(axis=1)
        return "".join(itertools.compress(self.characters, np.asarray(there, bool)))


class ProofError(Exception):
    """A badge that was not read back from its page. at: which one, from 0, in the order given."""

    def __init__(self, at: int, page: int, what: str) -> None:
        super().__init__(f"page {page + 1}: {what}")
        self.at, self.what = at, what


class Expected:
    """What every badge is held to: its layout, its event, the key that signs, and who reads."""

    def __init__(
        self, layout: Layout, event_id: str, key: Ed25519PublicKey, reader: CodeReader
    ) -> None:
        self.layout = layout
        self._parts = anatomy(layout)
        self._event, self._key, self._reader = event_id, key, reader

    def prove_code(self, picture: NDArray[np.uint8], face: Face, module: float) -> str:
        """What is wrong with the code in the picture of one badge, else nothing.

        module: the side of a module in pixels.
        """
        soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), SOFTENED * module), np.uint8)
        texts = [code.text for code in self._reader.read(soft).codes]
        if texts != [face.token]:
            return "its code is not read" if not texts else "another code is read in its place"
        opened = open_badge(face.token, self._event, self._key)
        if opened != Badge(face.badge):
            return "its code is not signed for this event by the key that is here"
        return ""

    def prove_name(self, letters: Letters, face: Face, cell: Box) -> str:
        """What is wrong with the name in a cell of a page, else nothing. letters: of the page."""
        for text, zone in _named(face, self._parts):
            there = letters.within(zone.box.moved(cell.left, cell.top))
            if _compared(there) != _compared(text):
                return "its name does not stand where it should"
        return ""


def prove_sheets(
    document: QPdfDocument,
    faces: Sequence[Face],
    expected: Expected,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    step: Callable[[], None] = lambda: None,
) -> None:
    """Read back every badge of a PDF; its `load` is behind it. Raises ProofError."""
    layout = expected.layout
    pages = -(-len(faces) // layout.per_page)
    if document.pageCount() != pages:
        raise ProofError(0, 0, "the file does not open as a PDF of all its pages")
    for page in range(pages):
        picture, letters = drawn_page(document, page), letters_of(document, page)
        first = page * layout.per_page
        for at, face in enumerate(faces[first : first + layout.per_page]):
            for cell in layout.cells_of(at):
                there = cell.moved(*shift)
                module = layout.module * DPI / 25.4
                wrong = expected.prove_code(_cut(picture, there), face, module)
                wrong = wrong or expected.prove_name(letters, face, there)
                if wrong:
                    raise ProofError(first + at, page, wrong)
            step()


def drawn_page(document: QPdfDocument, page: int, dpi: int = DPI) -> NDArray[np.uint8]:
    """A page as grey values on white, shape (height, width)."""
    size = document.pagePointSize(page) * dpi / 72
    drawn = document.render(page, QSize(round(size.width()), round(size.height())))
    paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
    paper.fill(0xFFFFFFFF)
    painter = QPainter(paper)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return luma(paper)


def luma(image: QImage) -> NDArray[np.uint8]:
    """The grey values of a picture, shape (height, width)."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()  # the picture is gone with `grey`


def letters_of(document: QPdfDocument, page: int) -> Letters:
    """Each character of a page's text that is no blank, and where it stands.

    Qt tells one rectangle for each character that is no blank, all at once. Where it does not, as
    for a letter that is read as two ("ﬁ"), each is asked for: 8 ms apiece.
    """
    selection = document.getAllText(page)
    spots = [(at, c) for at, c in enumerate(selection.text()) if not c.isspace()]
    bounds = [bound.boundingRect() for bound in selection.bounds()]
    if len(bounds) != len(spots):
        asked = (document.getSelectionAtIndex(page, at, 1) for at, _ in spots)
        bounds = [one.boundingRectangle() for one in asked]
    middles = [bound.center().toTuple() for bound in bounds]
    places = np.array(middles, float).reshape(len(spots), 2) * _POINT
    return Letters([character for _, character in spots], places)


def _named(face: Face, parts: Anatomy) -> Iterator[tuple[str, Zone]]:
    if face.number:
        yield face.number, parts.roles
    else:
        yield face.given, parts.given
        yield face.family, parts.family


def _compared(text: str) -> list[str]:
    """Letters and digits without their marks, in an order that writing from the right keeps."""
    plain = unicodedata.normalize("NFKD", text).translate(_ALIKE)
    return sorted(c for c in plain if unicodedata.category(c)[0] in "LN")


def _cut(picture: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    left, top, right, bottom = (
        max(0, round(value * DPI / 25.4)) for value in (box.left, box.top, box.right, box.bottom)
    )
    return np.ascontiguousarray(picture[top:bottom, left:right])
