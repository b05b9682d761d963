"""The states of the sheets of staff: everything beside letting in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.core.guests.guest import Selection
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.reasons import Reason
from kiosk.desk.findings import Mode
from kiosk.desk.offering import Partnership
from kiosk.desk.outcome import Done
from kiosk.desk.ports import PrintFault
from kiosk.desk.supervising import Vouchers
from kiosk.gui.asked import Asked
from kiosk.gui.desk.acts.act import Act
from kiosk.gui.desk.acts.badge import GiveBadgeSheet
from kiosk.gui.desk.acts.closing import EveryoneOutSheet
from kiosk.gui.desk.acts.paper import PaperSheet
from kiosk.gui.desk.acts.register import RegisterSheet
from kiosk.gui.desk.acts.reprint import ReprintSheet
from kiosk.gui.desk.acts.substitute import SubstituteSheet
from kiosk.gui.words.acts import Decision
from tests.gui_support import GUESTS, SOMEBODY, see_desk
from tests.shots.desk_states import SUPERVISORS, busy
from tests.shots.guest_states import Show
from tests.shots.stage import Stage
from tests.shots.state import State

WAITS = replace(SOMEBODY, selection=Selection.WAITING)
ANSWER = replace(see_desk(Reason.GUEST_WAITING, guest=WAITS), overridable=True)


def menu(*, known: bool) -> Show:
    """F8, with a guest on the card or without."""
    return busy(lambda stage: stage.kiosk.staff._decide_otherwise(), ANSWER if known else None)


def sheet(decision: Decision, *then: Callable[[Act], object]) -> Show:
    """The sheet of a decision about a guest who waits, and what is done in it."""

    def show(stage: Stage) -> None:
        acts = stage.kiosk.staff.acts
        acts.open_menu(ANSWER, WAITS.name, undoable=True)
        acts.menu.chosen.emit(decision)
        act = acts.act(decision)
        act.offer(Vouchers(act.action, SUPERVISORS, needed=True))
        for each in then:
            each(act)

    return busy(show, ANSWER)


def recorded(asked: Asked) -> Show:
    """What was recorded."""
    done = Done(guests=GUESTS[1:3])
    return busy(lambda stage: stage.kiosk.staff.show_done(asked, done), ANSWER)


def _written(act: Act) -> None:
    if isinstance(act, RegisterSheet):
        act.names.given.fill("Éva")
        act.names.family.fill("Zorn")
        act.names.organisation.fill("Pôle Vert")
        act.partnership.entry.fill("Green")
        act.partnership.show_found(Partnership("Green", "", "", ("GreenDigi4X",)))


def _touched(act: Act) -> None:
    if isinstance(act, RegisterSheet):
        act.names.family.field.touched.emit()


def _typing(act: Act) -> None:
    if isinstance(act, SubstituteSheet):
        act.taker.suggest(GUESTS)
        act.names.organisation.field.touched.emit()
    if isinstance(act, PaperSheet):
        act.finder.suggest(GUESTS)
        act.finder.field.touched.emit()


def _suggested(act: Act) -> None:
    if isinstance(act, SubstituteSheet):
        act.giver.suggest(GUESTS[2:4])


def _new_comes(act: Act) -> None:
    if isinstance(act, SubstituteSheet):
        act.coming = act._of_card = None
        act.giver.press("1")
        act.names.family.fill("Ozols")


def _lines(act: Act) -> None:
    if isinstance(act, PaperSheet):
        for guest, time in zip(GUESTS[1:4], ("8:15", "8:22", "8:40"), strict=True):
            act._chose(guest)
            act.time.fill(time)
            act.go_on()


def _found(act: Act) -> None:
    if isinstance(act, GiveBadgeSheet):
        act.number.fill("R2-017")
        act.take("blank:R2-017", ReserveBadge(b"blank001", "Desk 2", "R2-017"))


def _many(act: Act) -> None:
    if isinstance(act, EveryoneOutSheet):
        act.take("inside", dict(zip(act.occasions.toggles, (148, 0, 0), strict=True)))


def _failed(act: Act) -> None:
    if isinstance(act, ReprintSheet):
        act.tell_printer("Brother QL-820NWB")
        act.fail_printing(PrintFault.PRINTER)


def _on(act: Act) -> None:
    act.go_on()


def _acts(name: str, show: Show) -> State:
    return State(Mode.DESK, "acts", name, show)


ACTS = (
    _acts("menu", menu(known=True)),
    _acts("menu nobody", menu(known=False)),
    _acts("register", sheet(Decision.REGISTER, _written)),
    _acts("register keyboard", sheet(Decision.REGISTER, _written, _touched)),
    _acts("substitute keyboard", sheet(Decision.SUBSTITUTE, _suggested, _new_comes, _typing)),
    _acts("paper keyboard", sheet(Decision.PAPER, _lines, _typing)),
    _acts("register terms", sheet(Decision.REGISTER, _written, _on)),
    _acts("register pin", sheet(Decision.REGISTER, _written, _on, lambda act: act.digit("1"))),
    _acts("substitute", sheet(Decision.SUBSTITUTE, _suggested)),
    _acts("substitute new", sheet(Decision.SUBSTITUTE, _suggested, _new_comes)),
    _acts("substitute seats", sheet(Decision.SUBSTITUTE, _suggested, _new_comes, _on)),
    _acts("accept", sheet(Decision.ACCEPT)),
    _acts("blank badge", sheet(Decision.GIVE_BADGE)),
    _acts("blank badge found", sheet(Decision.GIVE_BADGE, _found)),
    _acts("reprint", sheet(Decision.REPRINT)),
    _acts("reprint failed", sheet(Decision.REPRINT, _failed)),
    _acts("send away", sheet(Decision.SEND_AWAY)),
    _acts("everyone out", sheet(Decision.EVERYONE_OUT, _many)),
    _acts("paper", sheet(Decision.PAPER, _lines)),
    _acts("undo", sheet(Decision.UNDO)),
    _acts("stale", sheet(Decision.ACCEPT, lambda act: act.go_stale())),
    _acts("recorded", recorded(Asked.SUBSTITUTE)),
    _acts("recorded paper", recorded(Asked.PAPER)),
)
