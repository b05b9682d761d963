"""What the scenes of the demonstration have in common: answers, times, shapes that recur."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.core.reasons import Reason
from kiosk.demo.acts import Act, Hold, Press, Step
from kiosk.demo.world import START, World
from kiosk.desk.admission import Shown

GREEN, AMBER, RED = Shown.ADMIT, Shown.DESK, Shown.REFUSE
CONFIRM: tuple[Act, ...] = (Press("Space"), Press("M"), Press("Return", reacts=True))


def days_ago(days: int) -> str:
    """The local date of so many days before the event."""
    return (START - timedelta(days=days)).date().isoformat()


def hours_ago(hours: float) -> datetime:
    """So many hours before the demonstration begins."""
    return START - timedelta(hours=hours)


class Scenes:
    """Makes steps of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _of(self, given: str, group: str, statement: dict[str, object]) -> str:
        return self._world.certificate(self._world.subject(given), group, statement)

    def _both(
        self,
        given: str,
        group: str,
        statement: dict[str, object],
        expected: Shown,
        why: str,
        reason: Reason | None = None,
        station: str = "self",
        then: tuple[Act, ...] = (),
        what: str = "vaccination",
    ) -> Step:
        certificate = Hold(self._of(given, group, statement))
        acts = (certificate, Hold(self._world.badge(given)), *then)
        return Step(given, f"{what} + badge", station, acts, expected, why, reason)
