"""What may be asked of the desk beside answers, and what it tells of how things stand. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.desk.admission import (
    Admission,
    Answered,
    Counters,
    OccasionFigures,
    PartnershipSeats,
    Waiting,
)
from kiosk.desk.entry_desk import EntryDesk


@dataclass(frozen=True)
class Overview:
    """What the desk screen shows beside the card: figures, last answers, who waits.

    undoable: what was recorded last may be taken back. here: what this door lets people into now.
    """

    counters: Counters
    recent: tuple[Answered, ...]
    waiting: tuple[Waiting, ...]
    undoable: bool = False
    here: OccasionFigures | None = None


class Asked(StrEnum):
    """What staff may ask for beside answering; `DeskThread.outcome` tells what became of it."""

    UNDO = "undo"
    EVERYONE_OUT = "everyone out"
    OVERRIDE = "override"
    SEND_AWAY = "send away"
    REGISTER = "register"
    ACCEPT = "accept"
    SUBSTITUTE = "substitute"
    GIVE_BADGE = "give badge"
    REPRINT = "reprint"
    PAPER = "paper"


@dataclass(frozen=True)
class OccasionState:
    """How one occasion stands: its figures, and its Partnerships, by name."""

    figures: OccasionFigures
    partnerships: tuple[PartnershipSeats, ...]

    @property
    def missing(self) -> tuple[PartnershipSeats, ...]:
        """Those that miss mandatory persons."""
        return tuple(seats for seats in self.partnerships if seats.missing)

    @property
    def crowded(self) -> tuple[PartnershipSeats, ...]:
        """Those of which more persons came in than are allowed."""
        return tuple(seats for seats in self.partnerships if seats.too_many)


@dataclass(frozen=True)
class Question:
    """One call. `at` None: it has no time, so no overview follows and no trouble is shown."""

    ask: Callable[[EntryDesk], Admission | None]
    at: datetime | None
    always: bool = False  # an overview follows even where nothing new was answered
    shown: bool = False  # by a guest: passed over while nobody checks here


def overview_of(desk: EntryDesk, at: datetime) -> Overview:
    """How things stand. Raises StorageTroubleError."""
    station = desk.station
    here = next(iter(station.event.open_occasions(station.door, at)), None)
    return Overview(
        desk.counters(at),
        desk.recent(),
        desk.waiting(at),
        desk.undoable(at),
        desk.figures.occasion(here, at) if here else None,
    )
