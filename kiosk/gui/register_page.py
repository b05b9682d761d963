"""The register of verifiers as pages to print and to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from kiosk.gui.parts.style import FONT_FAMILY, Tint

_MARGIN = 12.0  # millimetres
_SIZE = 8  # points
_LAW = "Decree 2021-699 of 1 June 2021, art. 2-3 II"


def register_pages(
    event: str, headings: Sequence[str], rows: Sequence[Sequence[str]], at: datetime
) -> bytes:
    """A PDF in A4, landscape: `rows` under `headings`, told as of `at` (aware, local).

    An application of Qt must be there.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle("Register of verifiers")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(
        QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter
    )
    document = QTextDocument()
    document.setDefaultFont(QFont(FONT_FAMILY, _SIZE))
    document.setHtml(_page(event, headings, rows, at))
    document.print_(writer)
    buffer.close()
    return bytes(data.data())


def _page(event: str, headings: Sequence[str], rows: Sequence[Sequence[str]], at: datetime) -> str:
    head = "".join(f"<th align='left'>{escape(each)}</th>" for each in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<h2>Register of verifiers: {escape(event)}</h2>"
        f"<p style='color:{Tint.MUTE.colour.name()}'>{_LAW}. As of {at:%Y-%m-%d %H:%M}.</p>"
        f"<table width='100%' border='1' cellspacing='0' cellpadding='3' "
        f"style='border-color:{Tint.LINE}'><thead><tr>{head}</tr></thead>{body}</table>"
        "<p>&nbsp;</p><p>Date and signature of the organiser: ______________________________</p>"
    )
