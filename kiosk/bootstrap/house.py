"""The PC around a desk, for the pages of staff."""

from __future__ import annotations

from kiosk.adapters.camera.open import UnknownCameraError, open_camera
from kiosk.adapters.camera.wishes import Wishes
from kiosk.adapters.storage.database import DatabaseError
from kiosk.adapters.system.printers import printers
from kiosk.bootstrap.installation import Installation
from kiosk.bootstrap.readiness import Premises, looked_at
from kiosk.bootstrap.station import RunningStation
from kiosk.core.policy.event import Event
from kiosk.desk.house import House
from kiosk.desk.ports import Authority, Clock, Sounds, StorageTroubleError


def house_of(
    place: Installation,
    event: Event,
    clock: Clock,
    running: RunningStation,
    sounds: Sounds | None,
    wishes: Wishes,
) -> House:
    """What the pages of `running` may ask for; wishes: of a webcam that is chosen there."""
    premises = Premises(place, event, clock)

    def unexported() -> int | None:
        try:
            return premises.unexported()
        except (DatabaseError, StorageTroubleError, OSError):
            return None

    def confirm_time(authority: Authority | None) -> bool:
        try:
            confirmed = place.watch(clock).confirm(authority)
        except OSError:
            return False
        running.tell_clock()
        return confirmed

    def use_camera(source: str) -> None:
        try:
            running.look_through(open_camera(source or "0", wishes))
        except UnknownCameraError:
            return  # it was unplugged a moment ago; the one of before goes on

    return House(
        settings=place.settings,
        checks=premises.checks,
        look=looked_at,
        unexported=unexported,
        confirm_time=confirm_time,
        cameras=_webcams,
        printers=printers,
        use_camera=use_camera,
        sounds=sounds,
    )


def _webcams() -> list[str]:
    """Their names; none where Qt Multimedia cannot be loaded. It takes as long as all of Qt."""
    try:
        from kiosk.adapters.camera.webcam import QtWebcams
    except ImportError:
        return []
    return QtWebcams().names()
