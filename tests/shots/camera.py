"""What the camera shows in the pictures: the demonstration's guests with made-up codes."""

from __future__ import annotations

from functools import cache

from kiosk.demo.scenes import UNREADABLE_BLUR, Scene, Stage
from kiosk.desk.ports import Frame
from tests.qrcodes import badge_text, certificate_text

CERTIFICATE, BADGE = certificate_text(1), badge_text(1)
PHONE = Scene(CERTIFICATE, "phone", noise=0, tilt=-4, seed=3)
BLURRED = Scene(CERTIFICATE, "phone", noise=0, blur=UNREADABLE_BLUR, scale=2.8, seed=3)
PAPER = Scene(CERTIFICATE, "paper", noise=0, tilt=5, perspective=0.25, seed=5)
SHOWN_BADGE = Scene(BADGE, "paper", noise=0, tilt=3, seed=7)
NOBODY = Scene(noise=0, seed=2)


@cache
def frame_of(scene: Scene) -> Frame:
    """The frame in which `scene` is at rest; the same one each time."""
    return Frame(Stage(scene).picture().image, 1)


@cache
def corners_of(scene: Scene) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Where the codes of that frame are, in its pixels."""
    codes = Stage(scene).picture().codes
    return tuple(tuple((float(x), float(y)) for x, y in corners) for corners in codes)
