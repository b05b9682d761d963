"""What a guest is told: the answer that fills the screen, and what to do before it. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from kiosk.core.decide import Way
from kiosk.core.policy.event import Confirmation, DeskSide
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.findings import Mode, Station
from kiosk.gui.words.names import isolated
from kiosk.gui.words.wording import Wording

GREEN_SECONDS = 5.0  # mission.md: then the next guest is invited
ONE_MOMENT = "camera.starting_note"  # the same words wherever somebody has to wait
STAYING_SECONDS = 30.0  # amber and red stay until the next scan, but no longer


class Sign(Enum):
    """Shape and colour of an answer; they never depend on anything but the answer."""

    ADMIT = auto()
    DESK = auto()
    REFUSE = auto()


SIGN_OF = {Shown.ADMIT: Sign.ADMIT, Shown.DESK: Sign.DESK, Shown.REFUSE: Sign.REFUSE}


@dataclass(frozen=True, repr=False)
class GuestAnswer:
    """The answer that fills the guest's screen, and for how long.

    way: where the guest is sent, to be shown as an arrow; None where nobody said.
    """

    sign: Sign
    title: str
    line: str
    seconds: float
    way: DeskSide | None = None


def guest_answer(admission: Admission, say: Wording, station: Station) -> GuestAnswer:
    """What the guest is told. A refusal and the way to the desk never carry a reason.

    At a desk the guest is there already: nobody is sent anywhere.
    """
    at_desk = station.mode is Mode.DESK
    way = None if at_desk else station.door.desk
    match SIGN_OF[admission.shown]:
        case Sign.ADMIT:
            title, line = _welcome(admission, say), _invitation(admission, say, station)
            way = way if admission.checked_only else None
            return GuestAnswer(Sign.ADMIT, title, line, GREEN_SECONDS, way)
        case Sign.REFUSE:
            title, line = say("answer.refuse"), say("answer.refuse_line")
            return GuestAnswer(Sign.REFUSE, title, line, STAYING_SECONDS, way)
        case Sign.DESK:
            title, line = say("answer.desk"), say(f"answer.desk_{way or 'line'}")
            if at_desk:
                title, line = say("answer.desk_helps"), say(ONE_MOMENT)
            elif Reason.CODE_NOT_READ in admission.reasons:
                title, line = say("answer.desk_helps"), _tip(line, say, station)
            return GuestAnswer(Sign.DESK, title, line, STAYING_SECONDS, way)


def _tip(line: str, say: Wording, station: Station) -> str:
    """What may help the next time; after the way, where an arrow shows it."""
    tip = say("answer.brighter")
    return f"{line} {tip}" if station.door.desk else tip


def _welcome(admission: Admission, say: Wording) -> str:
    key = "answer.welcome_back" if admission.way is Way.AGAIN else "answer.welcome"
    given = isolated(admission.guest.given) if admission.guest else ""
    return say(key, given=given) if given else say(f"{key}_unnamed")


def _invitation(admission: Admission, say: Wording, station: Station) -> str:
    confirmations = station.event.confirmations
    if not admission.checked_only:
        words = [say("answer.come_in")]
    elif Confirmation.ID_DOCUMENT in confirmations:
        words = [say("answer.to_desk_with_id")]
    else:
        words = [say("answer.to_desk")]
    if Confirmation.MASK in confirmations:
        words.append(say("answer.keep_mask"))
    return " ".join(words)
