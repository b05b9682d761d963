"""What may be asked of the desk beside answers, and what it tells of how things stand. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.core.guests.guest import Guest
from kiosk.desk.admission import Answered, Counters, OccasionFigures, PartnershipSeats


@dataclass(frozen=True)
class Overview:
    """What the desk screen shows beside the card: figures, last answers, guests waiting.

    undoable: what was recorded last may be taken back.
    """

    counters: Counters
    recent: tuple[Answered, ...]
    checked: tuple[Guest, ...]
    undoable: bool = False


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
    PAPER = "paper"


@dataclass(frozen=True)
class OccasionState:
    """How one occasion stands: its figures, and the Partnerships that miss mandatory persons."""

    figures: OccasionFigures
    missing: tuple[PartnershipSeats, ...]
