"""What the pages of staff need of the PC around a desk; the bootstrap fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.desk.ports import Authority, Sounds
from kiosk.desk.readiness import Check, Finding, Item
from kiosk.desk.settings import SettingsBook


@dataclass(frozen=True)
class House:
    """A PC with its state folder.

    checks: what can be looked at without anybody, in order; look: at one of them, whatever
    happens (both in a thread of their own). unexported: the entries that no export has brought
    anywhere, or None where nobody can tell. confirm_time: a supervisor says that the clock is
    right, or somebody where no staff are named; False where that is not enough. cameras,
    printers: their names. use_camera: look through another one from now on.
    """

    settings: SettingsBook
    checks: Callable[[], Mapping[Item, Check]]
    look: Callable[[Item, Check], Finding]
    unexported: Callable[[], int | None]
    confirm_time: Callable[[Authority | None], bool]
    cameras: Callable[[], Sequence[str]]
    printers: Callable[[], Sequence[str]]
    use_camera: Callable[[str], None]
    sounds: Sounds | None = None
