"""The system's zbar: which one it is, and whether it may be let near pictures from outside.

One answer for the reader, which would use it, and for doctor, which tells of it. Versions before
0.23.93 write beyond their memory on crafted codes (CVE-2023-40889, CVE-2023-40890); Debian 12
mended its 0.23.92. The copy in pyzbar's Windows wheel is of 2015 and calls itself 0.10.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

SOUND_FROM = (0, 23, 93)
MENDED = (0, 23, 92)  # by Debian 12, where the package has this version
SOUND_IN_DEBIAN = re.compile(r"0\.23\.92-7\+deb12u[1-9][0-9]*")
WHAT_IS_SOUND = "0.23.93, or Debian's 0.23.92-7+deb12u1"
PACKAGES = ("libzbar0", "libzbar0t64")

_DPKG_PATIENCE = 20  # seconds


@dataclass(frozen=True)
class Zbar:
    """A zbar: the version it claims, and its package's where it came with Debian or a relative."""

    version: tuple[int, int, int]
    package: str = ""

    @property
    def sound(self) -> bool:
        """Whether the known memory errors are mended in it."""
        mended = self.version == MENDED and SOUND_IN_DEBIAN.fullmatch(self.package)
        return self.version >= SOUND_FROM or bool(mended)

    def __str__(self) -> str:
        return self.package or ".".join(map(str, self.version))


def sound_zbar() -> bool:
    """Whether there is a zbar here that may be used; never on Windows."""
    zbar = installed_zbar()
    return zbar is not None and zbar.sound


def installed_zbar() -> Zbar | None:
    """The zbar that pyzbar would load; None without one, and on Windows."""
    if sys.platform == "win32":
        return None
    version = _claimed_version()
    return None if version is None else Zbar(version, _package_version())


def _claimed_version() -> tuple[int, int, int] | None:
    name = ctypes.util.find_library("zbar")
    if name is None:
        return None
    # zbar.h: int zbar_version(unsigned *major, unsigned *minor, unsigned *patch) since 0.23, and
    # without the third before; three are passed, which both take.
    parts = [ctypes.c_uint() for _ in range(3)]
    try:
        ctypes.CDLL(name).zbar_version(*map(ctypes.byref, parts))
    except (OSError, AttributeError):
        return None
    major, minor, patch = (part.value for part in parts)
    return major, minor, patch


def _package_version() -> str:
    """What dpkg says of it; empty where there is no dpkg, or zbar did not come with it."""
    dpkg = shutil.which("dpkg-query")
    if dpkg is None:
        return ""
    try:
        told = subprocess.run(  # noqa: S603
            [dpkg, "-W", "-f", "${db:Status-Abbrev}${Version}\n", *PACKAGES],
            capture_output=True,
            text=True,
            check=False,  # it complains of the name that there is not
            timeout=_DPKG_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    installed = [line[3:] for line in told.stdout.splitlines() if line.startswith("ii ")]
    return installed[0] if len(installed) == 1 else ""
