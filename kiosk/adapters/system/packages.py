"""Python and its packages: there, of the version that works, and with one Qt only."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from kiosk.adapters.system.check import Check, fault, note, ok

OLDEST_PYTHON = (3, 11)
REINSTALL = "./run.sh setup (on Windows: run.ps1 setup) installs the pinned versions"
# The builds of opencv-python that bring a Qt 5 of their own; the headless ones bring none.
OPENCV_WITH_QT = ("opencv-python", "opencv-contrib-python")

Version = tuple[int, ...]


@dataclass(frozen=True)
class Needed:
    """A package, the modules that must load, and the versions `at_least <= version < below`."""

    package: str
    modules: tuple[str, ...]
    at_least: Version
    below: Version
    why: str = ""


NEEDED = (
    Needed(
        "PySide6",
        ("PySide6.QtWidgets", "PySide6.QtMultimedia"),
        (6, 11, 3),
        (6, 11, 4),
        "6.12.0 loses references on Python 3.11 and aborts after some 560 signals",
    ),
    Needed("opencv-python-headless", ("cv2",), (4, 14), (6,)),
    Needed("numpy", ("numpy",), (2, 1), (3,)),
    Needed("zxing-cpp", ("zxingcpp",), (3, 1, 1), (4,), "the reading rates were measured with it"),
    Needed("pyzbar", ("pyzbar",), (0, 1, 9), (0, 1, 10)),
    Needed("cryptography", ("cryptography.hazmat.primitives.asymmetric.ec",), (50,), (51,)),
    Needed("base45", ("base45",), (0, 4, 4), (0, 4, 5)),
    Needed("cbor2", ("cbor2",), (6, 2), (7,), "6 returns immutable values inside tags"),
    Needed("sqlite-utils", ("sqlite_utils",), (4, 2), (5,)),
    Needed("keyring", ("keyring",), (25, 7), (26,)),
    Needed("python-calamine", ("python_calamine",), (0, 9), (1,)),
    Needed("openpyxl", ("openpyxl",), (3, 1, 5), (4,)),
    Needed("segno", ("segno",), (1, 6, 6), (2,)),
    Needed("tzdata", ("tzdata",), (2026, 1), (3000,)),
)


def python(version: Version = sys.version_info[:3]) -> Check:
    """Whether this Python is new enough."""
    detail = f"{spelled(version)} at {sys.executable}"
    if version < OLDEST_PYTHON:
        return fault("Python", detail, f"install Python {spelled(OLDEST_PYTHON)} or newer")
    return ok("Python", detail)


def installed(
    version_of: Callable[[str], str] = metadata.version,
    load: Callable[[str], object] = importlib.import_module,
) -> Iterator[Check]:
    """One check per package: its version first, then whether its modules load."""
    for needed in NEEDED:
        yield check_version(needed, version_of) or check_modules(needed, version_of, load)


def check_version(needed: Needed, version_of: Callable[[str], str]) -> Check | None:
    """The fault of the version; None when it is right, or is recorded nowhere (in a bundle)."""
    try:
        text = version_of(needed.package)
    except metadata.PackageNotFoundError:
        return None
    if needed.at_least <= parsed(text) < needed.below:
        return None
    wanted = f"{spelled(needed.at_least)} or newer, below {spelled(needed.below)}"
    reason = f" ({needed.why})" if needed.why else ""
    return fault(needed.package, f"{text}; needed is {wanted}{reason}", REINSTALL)


def check_modules(
    needed: Needed, version_of: Callable[[str], str], load: Callable[[str], object]
) -> Check:
    """Whether the package's modules load, with the loader's own words when they do not."""
    try:
        for module in needed.modules:
            load(module)
    except ModuleNotFoundError as error:
        return fault(needed.package, f"is not installed: {error}", REINSTALL)
    except (ImportError, OSError) as error:
        remedy = "see the libraries below; when none is missing: " + REINSTALL
        return fault(needed.package, f"does not load: {error}", remedy)
    try:
        return ok(needed.package, version_of(needed.package))
    except metadata.PackageNotFoundError:
        return note(needed.package, "loads; its version is recorded nowhere")


def one_qt(
    distributions: Callable[[], set[str]] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Check:
    """Whether some other Qt could get in the way of PySide6's."""
    present = (distributions or _distributions)()
    intruders = [name for name in OPENCV_WITH_QT if name in present]
    if intruders:
        remedy = f"pip uninstall {' '.join(intruders)}, then {REINSTALL}"
        return fault("one Qt", f"{', '.join(intruders)} brings a Qt 5 of its own", remedy)
    if folder := environment.get("QT_QPA_PLATFORM_PLUGIN_PATH"):
        remedy = "unset QT_QPA_PLATFORM_PLUGIN_PATH, or start through run.sh, which does so"
        return fault("one Qt", f"QT_QPA_PLATFORM_PLUGIN_PATH names another Qt: {folder}", remedy)
    return ok("one Qt", "PySide6's alone")


def folder_of(package: str) -> Path | None:
    """Where a package lies, found without importing it."""
    spec = util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def parsed(text: str) -> Version:
    """The leading numbers of a version: "6.11.3" is (6, 11, 3), and so is "6.11.3rc1"."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(number) for number in match.group().split(".")) if match else ()


def spelled(version: Version) -> str:
    """A version as one writes it."""
    return ".".join(str(number) for number in version)


def _distributions() -> set[str]:
    return {str(found.metadata["Name"]).lower() for found in metadata.distributions()}
