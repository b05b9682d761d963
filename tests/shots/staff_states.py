"""The states of what staff do beside guests: opening, handing over, pausing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from kiosk.desk.closing import DaySummary
from kiosk.desk.duty import OnDuty
from kiosk.desk.findings import Mode
from kiosk.desk.readiness import Finding
from kiosk.desk.sessions import Denied, Why
from kiosk.desk.supervising import Supervisor
from kiosk.gui.staff.duty_sheet import DutySheet
from tests.gui_support import AT, event
from tests.houses import FINE
from tests.shots.desk_states import BUSY, SUPERVISORS
from tests.shots.guest_states import Show
from tests.shots.stage import Stage
from tests.shots.state import State
from tests.test_gui_ready import BAD

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


def ready(findings: Iterable[Finding]) -> Show:
    """The readiness of the door, with what was found so far."""

    def show(stage: Stage) -> None:
        page = stage.kiosk.window.pages.ready
        page._findings.clear()
        page.speak()
        page.cover.open()
        page.sheet.wait_for_all()
        page._ask_all()
        for finding in findings:
            page._take(finding)

    return show


def closing(day: DaySummary, denied: Denied | None = None) -> Show:
    """The end of the day."""

    def show(stage: Stage) -> None:
        stage.kiosk.staff.show_overview(BUSY)
        page = stage.kiosk.window.pages.closing
        page.open()
        page._show((day, SUPERVISORS))
        if denied is not None:
            page.sheet.deny(denied)

    return show


_TODAY = event().occasions[:1]
DAY = DaySummary(
    BUSY.counters,
    SARA,
    AT - timedelta(minutes=40),
    AT,
    tuple((occasion, 148) for occasion in _TODAY),
    tuple((occasion, 3) for occasion in _TODAY),
)

STAFF = (
    State(Mode.DESK, "staff", "opening", duty(NOBODY)),
    State(Mode.DESK, "staff", "opening typed", duty(NOBODY, _typed)),
    State(Mode.DESK, "staff", "opening nobody named", duty(NOBODY, people=())),
    State(Mode.DESK, "staff", "handing over", duty(SARA)),
    State(Mode.DESK, "staff", "paused", duty(PAUSED)),
    State(Mode.DESK, "staff", "day over", duty(OVER)),
    State(Mode.DESK, "staff", "readiness, looking", ready(())),
    State(Mode.DESK, "staff", "readiness, found", ready(FINE.values())),
    State(Mode.DESK, "staff", "readiness, faults", ready({**FINE, **BAD}.values())),
    State(Mode.DESK, "staff", "closing", closing(DAY)),
    State(Mode.DESK, "staff", "closing, nobody inside", closing(replace(DAY, inside=()))),
    State(Mode.DESK, "staff", "closing, denied", closing(DAY, Denied(Why.WRONG, 0, 2))),
    *(
        State(Mode.DESK, "staff", f"denied {why.name.lower()}", duty(NOBODY, _denied(why)))
        for why in Why
    ),
)
