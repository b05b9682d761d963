"""Room that is kept on the disk, so that a door can go on for a while when the disk is full."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

FILE_NAME = "ballast"
SIZE = 64 * 1024**2  # bytes; some 3,000 answers, and far more once the log is written over
LEAVE = 200 * 1000**2  # bytes; on a fuller disk nothing is taken away
WARN_BELOW = 1000**3  # bytes that are free
_CHUNK = 1024**2  # bytes


class Ballast:
    """A file of no use but for the room that it takes, in the state folder."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self._path, self._size = folder / FILE_NAME, size

    def load(self) -> bool:
        """Take the room, where the disk has plenty; whether it is there."""
        if self._path.exists():
            return True
        if (self.free() or 0) < LEAVE + self._size:
            return False
        try:
            with self._path.open("xb") as file:
                self._take(file.fileno())
        except OSError:
            self.release()
            return False
        return True

    def _take(self, file: int) -> None:
        """Blocks that are really there: a hole, or zeros on some disks, would take no room."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file, 0, self._size)
            return
        for _ in range(self._size // _CHUNK):
            os.write(file, os.urandom(_CHUNK))

    def release(self) -> bool:
        """Give the room back; whether there was any."""
        with suppress(OSError):
            self._path.unlink()
            return True
        return False

    def free(self) -> int | None:
        """Bytes that are free on this disk; None where it does not say."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:
            return None

    def is_low(self) -> bool:
        """Whether a supervisor should free some space."""
        free = self.free()
        return free is not None and free < WARN_BELOW
