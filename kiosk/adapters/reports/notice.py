"""What guests are told of their data, on paper: A4, to hang beside the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.adapters.reports.pages import Ink, Pages, pdf
from kiosk.look import Tint, Weight

_WHOLE = 1000.0  # mm: more than any page has left
_EVENT = Ink(13, colour=Tint.MUTE)
_TITLE = Ink(36, Weight.BOLD)
_HEAD = Ink(17, Weight.BOLD, Tint.ACCENT)
_WORDS = Ink(16)
_CHOICE = Ink(16, Weight.SEMI)


@dataclass(frozen=True)
class PrintedNotice:
    """One page in one language. sections: pairs of title, which may be empty, and words."""

    title: str
    sections: tuple[tuple[str, str], ...]


def printed_notice(event_name: str, notices: Sequence[PrintedNotice]) -> bytes:
    """A PDF file with a page for each of `notices`. Needs a QGuiApplication."""

    def draw(pages: Pages) -> None:
        for number, notice in enumerate(notices):
            if number:
                pages.keep(_WHOLE)
            _draw(pages, event_name, notice)

    return pdf(notices[0].title, draw, lambda number, count: f"{number}/{count}")


def _draw(pages: Pages, event_name: str, notice: PrintedNotice) -> None:
    pages.space(14)
    pages.line(event_name, _EVENT)
    pages.space(2)
    pages.line(notice.title, _TITLE)
    for title, words in notice.sections:
        pages.space(9)
        if title:
            pages.line(title, _HEAD)
            pages.space(1)
        pages.line(words, _WORDS if title else _CHOICE)
