"""Hands badges over only when every one was read back: as sheets, as a file each, as bytes."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

from kiosk.adapters.badges.face import Face
from kiosk.adapters.badges.painting import missing_letters
from kiosk.adapters.badges.proof import Expected, ProofError, luma, prove_sheets
from kiosk.adapters.badges.sheets import SheetError, badge_image, badge_pdf, write_sheets
from kiosk.adapters.files import in_place_of, sync_folder, write_whole

MAIL_MERGE = "mail-merge.csv"
_COLUMNS = ("Badge", "Given name", "Family name", "Organisation", "Partnership", "Category", "File")
_FORMULAE = ("=", "+", "-", "@")  # what a spreadsheet would reckon with


class Named(NamedTuple):
    """A badge and the name of its file, which ends with .png or .pdf."""

    face: Face
    file: str


def hand_over_sheets(
    path: Path,
    faces: Sequence[Face],
    expected: Expected,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    step: Callable[[], None] = lambda: None,
) -> None:
    """A PDF of all badges at `path`. step: called twice for each, drawn and read back.

    Where it fails there is no file, or still the old one. Raises ProofError, SheetError, OSError.
    """
    with in_place_of(path) as unfinished:
        _write_file(unfinished, faces, expected, shift, step)
        with _opened(str(unfinished)) as document:
            prove_sheets(document, faces, expected, shift=shift, step=step)


def render_badge(face: Face, expected: Expected) -> bytes:
    """One badge as a PDF of one page, read back. What a desk prints. Raises ProofError."""
    pdf = badge_pdf(face, expected.layout)
    buffer = QBuffer()
    buffer.setData(pdf)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    with _opened(buffer) as document:
        prove_sheets(document, [face], expected)
    return pdf


def render_picture(face: Face, expected: Expected) -> bytes:
    """One badge as a PNG of 300 dpi, its code read back. Raises ProofError."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    badge_image(face, expected.layout).save(buffer, "PNG")  # type: ignore[call-overload]
    wrong = expected.prove_code(luma(QImage.fromData(held)), face, expected.layout.dots)
    if wrong:
        raise ProofError(0, 0, wrong)
    return bytes(held.data())


def hand_over_files(
    folder: Path,
    named: Sequence[Named],
    expected: Expected,
    *,
    step: Callable[[], None] = lambda: None,
) -> None:
    """A file for each badge, and the table for a mail merge, which is written last.

    Where it fails nothing is new in `folder`. Raises ProofError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        for at, (face, file) in enumerate(named):
            render = render_badge if file.endswith(".pdf") else render_picture
            try:
                (unfinished / file).write_bytes(render(face, expected))
            except ProofError as error:
                raise ProofError(at, 0, error.what) from None
            step()
        for _, file in named:
            (unfinished / file).replace(folder / file)
        write_whole(folder / MAIL_MERGE, mail_merge(named))
        sync_folder(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def mail_merge(named: Sequence[Named]) -> bytes:
    """The table that Word and Outlook merge from: UTF-8 with its mark, semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_COLUMNS)
    for face, file in named:
        cells = (face.given, face.family, face.organisation, face.partnership, face.role)
        writer.writerow([face.badge.hex(), *map(_no_formula, cells), file])
    return text.getvalue().encode("utf-8-sig")


def letters_missing(faces: Sequence[Face]) -> dict[int, str]:
    """The badges with characters that no font here has, by their place, and which those are."""
    found = ((at, missing_letters(face)) for at, face in enumerate(faces))
    return {at: letters for at, letters in found if letters}


def _write_file(
    path: Path,
    faces: Sequence[Face],
    expected: Expected,
    shift: tuple[float, float],
    step: Callable[[], None],
) -> None:
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise SheetError(f"{path}: {file.errorString()}. Choose a file you may write.")
    try:
        write_sheets(file, faces, expected.layout, shift=shift, step=step)
    finally:
        file.close()


@contextmanager
def _opened(source: str | QBuffer) -> Iterator[QPdfDocument]:
    """A PDF that is let go of at the end: Windows removes no file that somebody holds."""
    document = QPdfDocument()
    if isinstance(source, str):
        document.load(source)
    else:
        document.load(source)
    try:
        yield document
    finally:
        document.close()


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAE) else cell
