"""The heart-beat of a door: it stops when the window, the desk or the reading stands still."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QTimer

from kiosk.adapters.system.lifesign import ALIVE, READY, STOPPING, Tell

EVERY = 2_000  # milliseconds; whoever watches waits 15 s (WatchdogSec of the unit)
# Seconds that a part may stand still. A locked database takes 2, a dying disk many more; a reader
# is killed within 1.5, and replaced by the thread that is meant here.
LIMITS = {"desk": 30.0, "reading": 10.0}

_log = logging.getLogger(__name__)


class Heart:
    """Tells that this process lives, from Qt's event loop, while each part says it turns.

    silences: for each part the seconds since it turned last.
    """

    def __init__(self, silences: Callable[[], dict[str, float]], tell: Tell) -> None:
        self._silences, self._tell = silences, tell
        self._still: tuple[str, ...] = ()
        self._timer = QTimer(interval=EVERY)
        self._timer.timeout.connect(self.beat)

    def start(self) -> None:
        """The door is open."""
        self._tell(READY)
        self.beat()
        self._timer.start()

    def beat(self) -> None:
        """Say so if everything turns."""
        silences = self._silences()
        still = tuple(part for part, limit in LIMITS.items() if silences[part] > limit)
        if not still:
            self._tell(ALIVE)
        elif still != self._still:
            _log.error("standing still: %s", ", ".join(still))
        self._still = still

    def stop(self) -> None:
        """The door is being closed, which takes as long as it takes."""
        self._timer.stop()
        self._tell(STOPPING)
