"""The system's shared libraries that Qt and pyzbar need, and the Debian packages that bring them.

Qt blames libxcb-cursor0 whichever library is missing, so `ldd` is asked for the truth.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.adapters.system.check import Check, fault, note, ok
from kiosk.adapters.system.packages import folder_of
from kiosk.adapters.zbarlibrary import WHAT_IS_SOUND, Zbar, installed_zbar

LDD_PATIENCE = 20  # seconds

# Debian 12's names; Debian 13 and Ubuntu 24.04 take them too, where they say NAMEt64.
PACKAGE_OF = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libgl1",
    "libGLdispatch.so.0": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXau.so.6": "libxau6",
    "libXdmcp.so.6": "libxdmcp6",
    "libXext.so.6": "libxext6",
    "libXrandr.so.2": "libxrandr2",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpng16.so.16": "libpng16-16",
    "libpulse.so.0": "libpulse0",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzbar.so.0": "libzbar0",
    "libzstd.so.1": "libzstd1",
}

HEADLESS = "Qt without a window"
WINDOW = "a Qt window"
CAMERA_AND_SOUND = "camera and sound"
# Under PySide6/Qt; what they are linked with is what the system has to have.
LINKED = (
    (HEADLESS, "plugins/platforms/libqoffscreen.so"),
    (HEADLESS, "lib/libQt6Widgets.so.6"),
    (HEADLESS, "lib/libQt6Network.so.6"),
    (WINDOW, "plugins/platforms/libqxcb.so"),
    (CAMERA_AND_SOUND, "lib/libQt6Multimedia.so.6"),
    (CAMERA_AND_SOUND, "plugins/multimedia/libffmpegmediaplugin.so"),
)

Ldd = Callable[[Path], str]


def missing_in(ldd_output: str) -> list[str]:
    """The libraries that `ldd` did not find, each once, in its order."""
    names = re.findall(r"^\s*(\S+) => not found", ldd_output, re.MULTILINE)
    return list(dict.fromkeys(names))


def of_qt(*, has_display: bool, qt: Path | None = None, ldd: Ldd | None = None) -> Iterator[Check]:
    """For each use of Qt, the libraries that are missing for it; on Linux only."""
    qt = qt or _qt()
    if sys.platform != "linux" or qt is None:
        return
    if ldd is None and shutil.which("ldd") is None:
        yield note("libraries", "there is no ldd here to ask which are missing")
        return
    for use in dict.fromkeys(use for use, _ in LINKED):
        files = [qt / file for name, file in LINKED if name == use]
        # a plug-in left out of a bundle is not this machine's fault
        outputs = [(ldd or _ldd)(file) for file in files if file.exists()]
        yield check_linked(
            use, missing_in("\n".join(outputs)), matters=has_display or use != WINDOW
        )


def check_linked(use: str, missing: list[str], *, matters: bool) -> Check:
    """What is missing for one use, and the packages that bring it."""
    if not missing:
        return ok(use, "every system library is there")
    detail = "missing: " + ", ".join(missing)
    return (fault if matters else note)(use, detail, remedy_for(missing))


def remedy_for(missing: list[str]) -> str:
    """The command that installs what is missing, and the names that no package is known for."""
    packages = sorted({PACKAGE_OF[name] for name in missing if name in PACKAGE_OF})
    unknown = [name for name in missing if name not in PACKAGE_OF]
    parts = []
    if packages:
        parts.append("sudo apt-get install " + " ".join(packages))
    if unknown:
        parts.append("install what brings " + ", ".join(unknown))
    return "; ".join(parts)


def of_zbar(zbar_of: Callable[[], Zbar | None] = installed_zbar) -> Iterator[Check]:
    """Whether the system's zbar, which pyzbar calls, is there and has no known memory errors."""
    if sys.platform == "win32":
        yield note("zbar", "not used on Windows: pyzbar's copy for it is too old to be trusted")
        return
    zbar = zbar_of()
    if zbar is None:
        yield fault("zbar", "missing: libzbar.so.0", remedy_for(["libzbar.so.0"]))
    elif not zbar.sound:
        detail = f"{zbar}, which has known memory errors: it is not used"
        yield fault("zbar", detail, f"install {WHAT_IS_SOUND}, or a later one (libzbar0)")
    else:
        yield ok("zbar", str(zbar))


def _qt() -> Path | None:
    pyside = folder_of("PySide6")
    return pyside / "Qt" if pyside else None


def _ldd(file: Path) -> str:
    program = shutil.which("ldd") or "ldd"
    environment = {**os.environ, "LC_ALL": "C"}
    result = subprocess.run(  # noqa: S603  # our own file, no shell
        [program, str(file)],
        capture_output=True,
        text=True,
        timeout=LDD_PATIENCE,
        env=environment,
        check=False,
    )
    return result.stdout
