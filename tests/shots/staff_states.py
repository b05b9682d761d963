"""The states of what staff do beside guests: opening, handing over, pausing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode
from kiosk.desk.sessions import Denied, Why
from kiosk.desk.supervising import Supervisor
from kiosk.gui.staff.duty_sheet import DutySheet
from tests.gui_support import AT
from tests.shots.desk_states import BUSY, SUPERVISORS
from tests.shots.guest_states import Show
from tests.shots.stage import Stage
from tests.shots.state import State

NOBODY = OnDuty(attended=False, named=True)
SARA = OnDuty(True, True, SUPERVISORS[0], AT - timedelta(hours=1))
PAUSED = OnDuty(False, True, SUPERVISORS[0], AT - timedelta(hours=1))
OVER = OnDuty(attended=False, named=True, over=True)


def duty(
    state: OnDuty,
    then: Callable[[DutySheet], object] = lambda _: None,
    people: Sequence[Supervisor] = SUPERVISORS,
) -> Show:
    """The sheet that asks who checks here, as things stand."""

    def show(stage: Stage) -> None:
        board = stage.kiosk.window.staff
        if stage.mode is Mode.DESK:
            stage.kiosk.staff.show_overview(BUSY)
        board.line.state.emit(SARA)
        board.line.state.emit(state)
        board.hand_over()
        board.line.people.emit(tuple(people))
        then(board.sheet)

    return show


def _typed(sheet: DutySheet) -> None:
    for digit in "4826":
        sheet.digit(digit)


def _denied(why: Why) -> Callable[[DutySheet], object]:
    return lambda sheet: sheet.deny(Denied(why, 899.5))


STAFF = (
    State(Mode.DESK, "staff", "opening", duty(NOBODY)),
    State(Mode.DESK, "staff", "opening typed", duty(NOBODY, _typed)),
    State(Mode.DESK, "staff", "opening nobody named", duty(NOBODY, people=())),
    State(Mode.DESK, "staff", "handing over", duty(SARA)),
    State(Mode.DESK, "staff", "paused", duty(PAUSED)),
    State(Mode.DESK, "staff", "day over", duty(OVER)),
    *(
        State(Mode.DESK, "staff", f"denied {why.name.lower()}", duty(NOBODY, _denied(why)))
        for why in Why
    ),
)
