"""The doctor: it names what is missing and the remedy, and lets pass what is in order."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from kiosk.adapters.system import display, libraries, machine, packages
from kiosk.adapters.system.doctor import Check, Severity, has_fault
from kiosk.adapters.zbarlibrary import Zbar
from kiosk.cli import doctor

ROOT = Path(__file__).parents[1]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen always")

LDD = """\
\tlinux-vdso.so.1 (0x00007f8de07b4000)
\tlibQt6Gui.so.6 => /here/PySide6/Qt/lib/libQt6Gui.so.6 (0x00007f1)
\tlibxcb-icccm.so.4 => not found
\tlibxcb-keysyms.so.1 => not found
\tlibxcb-icccm.so.4 => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007f8de07b6000)
"""


def versions(**changed: str) -> Callable[[str], str]:
    """Every package at the lowest version that is good, but for `changed` ("" for absent)."""

    def version_of(package: str) -> str:
        needed = next(needed for needed in packages.NEEDED if needed.package == package)
        found = changed.get(package.replace("-", "_"), packages.spelled(needed.at_least))
        if not found:
            raise PackageNotFoundError(package)
        return found

    return version_of


def checks_with(**changed: str) -> dict[str, Check]:
    found = packages.installed(versions(**changed), load=lambda module: module)
    return {check.name: check for check in found}


def faults(checks: dict[str, Check]) -> list[str]:
    return [name for name, check in checks.items() if check.severity is Severity.FAULT]


def test_a_library_that_ldd_does_not_find_is_named_once() -> None:
    assert libraries.missing_in(LDD) == ["libxcb-icccm.so.4", "libxcb-keysyms.so.1"]


def test_a_missing_library_comes_with_the_package_that_brings_it() -> None:
    check = libraries.check_linked("a window", libraries.missing_in(LDD), matters=True)
    assert check.severity is Severity.FAULT
    assert "libxcb-icccm.so.4, libxcb-keysyms.so.1" in check.detail
    assert check.remedy == "sudo apt-get install libxcb-icccm4 libxcb-keysyms1"


def test_a_missing_library_of_unknown_package_is_named_all_the_same() -> None:
    assert "libodd.so.7" in libraries.remedy_for(["libodd.so.7", "libGL.so.1"])
    assert "libgl1" in libraries.remedy_for(["libodd.so.7", "libGL.so.1"])


@pytest.mark.skipif(sys.platform != "linux", reason="ldd is Linux's")
@pytest.mark.parametrize(
    ("has_display", "severity"), [(True, Severity.FAULT), (False, Severity.NOTE)]
)
def test_what_a_window_lacks_is_a_fault_only_where_there_is_a_screen(
    tmp_path: Path, has_display: bool, severity: Severity
) -> None:
    window = tmp_path / "plugins" / "platforms" / "libqxcb.so"
    window.parent.mkdir(parents=True)
    window.touch()
    found = libraries.of_qt(has_display=has_display, qt=tmp_path, ldd=lambda _: LDD)
    assert {check.name: check.severity for check in found} == {
        libraries.HEADLESS: Severity.OK,
        libraries.WINDOW: severity,
        libraries.CAMERA_AND_SOUND: Severity.OK,
    }


@pytest.mark.parametrize(
    ("zbar", "severity"),
    [
        (None, Severity.FAULT),
        (Zbar((0, 23, 92)), Severity.FAULT),
        (Zbar((0, 23, 92), "0.23.92-7+deb12u1"), Severity.OK),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="zbar is not used on Windows")
def test_zbar_must_be_there_and_without_known_memory_errors(
    zbar: Zbar | None, severity: Severity
) -> None:
    (check,) = libraries.of_zbar(lambda: zbar)
    assert check.severity is severity


def test_the_lowest_version_of_each_package_is_in_order() -> None:
    assert faults(checks_with()) == []


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ("PySide6", "6.12.0"),
        ("PySide6", "6.11.2"),
        ("cbor2", "5.7.1"),
        ("zxing_cpp", "3.1.0"),
        ("cryptography", "51.0.0"),
    ],
)
def test_a_version_outside_the_range_is_a_fault(package: str, version: str) -> None:
    assert faults(checks_with(**{package: version})) == [package.replace("_", "-")]


def test_the_fault_of_pyside_6_12_tells_why() -> None:
    assert "aborts" in checks_with(PySide6="6.12.0")["PySide6"].detail


def test_a_version_recorded_nowhere_is_no_fault_when_the_package_loads() -> None:
    assert checks_with(segno="")["segno"].severity is Severity.NOTE


def test_a_package_that_is_not_there_is_a_fault_that_names_the_set_up() -> None:
    def load(module: str) -> object:
        raise ModuleNotFoundError(f"No module named {module!r}")

    found = list(packages.installed(versions(), load))
    assert all(check.severity is Severity.FAULT for check in found)
    assert all("run.sh setup" in check.remedy for check in found)


def test_a_package_whose_library_is_missing_repeats_the_loader_s_words() -> None:
    def load(module: str) -> object:
        raise ImportError(f"{module}: libGL.so.1: cannot open shared object file")

    check = next(packages.installed(versions(), load))
    assert "libGL.so.1" in check.detail


def test_the_doctor_asks_for_the_packages_and_ranges_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {Requirement(line).name: Requirement(line) for line in project["dependencies"]}
    assert {needed.package for needed in packages.NEEDED} == set(required)
    for needed in packages.NEEDED:
        specifier = required[needed.package].specifier
        assert specifier.contains(packages.spelled(needed.at_least)), needed.package
        if any(part.operator in ("==", "<") for part in specifier):
            assert not specifier.contains(packages.spelled(needed.below)), needed.package


@pytest.mark.parametrize(("version", "is_fault"), [((3, 10, 14), True), ((3, 11, 0), False)])
def test_python_is_3_11_or_newer(version: tuple[int, ...], is_fault: bool) -> None:
    assert has_fault([packages.python(version)]) is is_fault


def test_an_opencv_with_a_qt_of_its_own_is_a_fault() -> None:
    check = packages.one_qt(lambda: {"opencv-python", "opencv-python-headless"}, {})
    assert check.severity is Severity.FAULT
    assert "pip uninstall opencv-python," in check.remedy


def test_plug_ins_of_another_qt_in_the_environment_are_a_fault() -> None:
    check = packages.one_qt(set, {"QT_QPA_PLATFORM_PLUGIN_PATH": "/somewhere/cv2/qt/plugins"})
    assert check.severity is Severity.FAULT


def test_one_qt_alone_is_in_order() -> None:
    assert packages.one_qt(lambda: {"opencv-python-headless"}, {}).severity is Severity.OK


@pytest.mark.parametrize(("platform", "expected"), [("linux", False), ("win32", True)])
def test_only_linux_can_be_without_a_screen(tmp_path: Path, platform: str, expected: bool) -> None:
    assert display.answers({}, platform, tmp_path) is expected


@contextmanager
def listening(family: socket.AddressFamily, address: Any) -> Iterator[Any]:
    with socket.socket(family) as server:
        server.bind(address)
        server.listen()
        yield server.getsockname()


def answers(folder: Path, **environment: str) -> bool:
    return display.answers(environment, "linux", folder)


@ON_LINUX
@pytest.mark.parametrize("name", [":7", ":7.0", "unix:7", "unix:7.1"])
@pytest.mark.parametrize("abstract", [False, True], ids=["file", "abstract"])
def test_a_screen_of_this_machine_is_there_when_its_socket_answers(
    tmp_path: Path, name: str, abstract: bool
) -> None:
    path = tmp_path / "X7"
    with listening(socket.AF_UNIX, "\0" * abstract + str(path)):
        assert answers(tmp_path, DISPLAY=name)
        assert not answers(tmp_path, DISPLAY=name.replace("7", "8"))
    assert path.exists() is not abstract
    assert not answers(tmp_path, DISPLAY=name), "its socket outlived it"


@ON_LINUX
def test_a_screen_of_another_machine_is_asked_over_the_network(tmp_path: Path) -> None:
    with listening(socket.AF_INET, ("127.0.0.1", 0)) as (_, port):
        name = f"127.0.0.1:{port - display.X_PORT}.0"
        assert answers(tmp_path, DISPLAY=name)
    assert not answers(tmp_path, DISPLAY=name)


@ON_LINUX
def test_a_wayland_screen_is_named_in_the_runtime_folder_or_by_its_path(tmp_path: Path) -> None:
    path = str(tmp_path / "wayland-0")
    with listening(socket.AF_UNIX, path):
        assert answers(tmp_path, WAYLAND_DISPLAY="wayland-0", XDG_RUNTIME_DIR=str(tmp_path))
        assert answers(tmp_path, WAYLAND_DISPLAY=path)
        assert answers(tmp_path, WAYLAND_DISPLAY=path, DISPLAY=":9"), "one of both is enough"
        assert not answers(tmp_path, WAYLAND_DISPLAY="wayland-0")
        assert not answers(tmp_path, WAYLAND_DISPLAY="wayland-1", XDG_RUNTIME_DIR=str(tmp_path))
    assert not answers(tmp_path, WAYLAND_DISPLAY=path)


@ON_LINUX
@pytest.mark.parametrize("name", ["7", ":", ":x", "127.0.0.1:59999", "a b:1", "\u00fc" * 99 + ":1"])
def test_a_name_that_names_no_screen_is_none(tmp_path: Path, name: str) -> None:
    assert not answers(tmp_path, DISPLAY=name)


def test_a_screen_that_is_named_and_does_not_answer_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(display, "answers", lambda: False)
    monkeypatch.setattr(display, "is_named", lambda: True)
    check = machine.screen()
    assert (check.severity, "DISPLAY" in check.remedy) == (Severity.NOTE, True)
    monkeypatch.setattr(display, "is_named", lambda: False)
    assert "offscreen" in machine.screen().detail


@ON_LINUX
def test_a_machine_without_a_sound_server_is_told_with_the_remedy_and_no_fault(
    tmp_path: Path,
) -> None:
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}
    (check,) = machine.sound(runtime)
    assert (check.severity, check.detail[:9]) == (Severity.NOTE, "no device")
    assert "pipewire-pulse" in check.remedy
    (tmp_path / "pulse").mkdir()
    with listening(socket.AF_UNIX, str(tmp_path / "pulse" / "native")):
        assert [each.severity for each in machine.sound(runtime)] == [Severity.OK]
    assert [each.severity for each in machine.sound(runtime)] == [Severity.NOTE], "it has ended"


@ON_LINUX
def test_a_machine_without_a_voice_is_told_what_brings_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (check,) = machine.voices()
    assert check.severity is Severity.NOTE
    assert "speech-dispatcher espeak-ng" in check.remedy
    (tmp_path / "speech-dispatcher").write_text("#!/bin/sh\n")
    (tmp_path / "speech-dispatcher").chmod(0o755)
    assert [each.severity for each in machine.voices()] == [Severity.OK]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files")
def test_a_machine_without_a_camera_is_no_fault(tmp_path: Path) -> None:
    (check,) = machine.cameras(tmp_path)
    assert check.severity is Severity.NOTE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files")
def test_a_camera_that_may_not_be_used_is_a_fault_that_names_the_group(tmp_path: Path) -> None:
    (tmp_path / "video0").symlink_to(tmp_path / "nowhere")  # closed even to root
    (check,) = machine.cameras(tmp_path)
    assert check.severity is Severity.FAULT
    assert "usermod -aG video" in check.remedy


@pytest.mark.parametrize(
    ("free", "severity"),
    [
        (machine.SCARCE, Severity.OK),
        (machine.SCARCE - 1, Severity.NOTE),
        (machine.FULL, Severity.NOTE),
        (machine.FULL - 1, Severity.FAULT),
    ],
)
def test_a_disk_that_fills_up_is_noted_and_a_full_one_is_a_fault(
    tmp_path: Path, free: int, severity: Severity
) -> None:
    assert machine.room(tmp_path, free).severity is severity


def test_a_folder_of_records_yet_to_be_made_is_judged_by_the_one_it_goes_into(
    tmp_path: Path,
) -> None:
    records = next(machine.folder(tmp_path / "not" / "yet"))
    assert records.severity is Severity.OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder closed even to root")
def test_a_folder_of_records_that_cannot_be_written_is_a_fault() -> None:
    assert next(machine.folder(Path("/proc/self"))).severity is Severity.FAULT


@pytest.mark.parametrize(
    ("year", "is_fault"), [(1970, True), (2024, True), (2025, False), (2045, False), (2046, True)]
)
def test_a_year_that_cannot_be_is_a_fault(year: int, is_fault: bool) -> None:
    assert has_fault([machine.clock(year)]) is is_fault


def test_missing_fonts_are_a_fault(tmp_path: Path) -> None:
    assert machine.fonts(tmp_path).severity is Severity.FAULT
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "Some.ttf").touch()
    assert machine.fonts(tmp_path).severity is Severity.OK


def test_the_remedy_stands_under_its_fault() -> None:
    text = doctor.as_text([Check("zbar", Severity.FAULT, "missing", "install it")])
    assert text.splitlines() == ["FAULT  zbar: missing", "       -> install it"]


def test_neighbours_with_the_same_remedy_share_it() -> None:
    faults = [Check(name, Severity.FAULT, "absent", "set up") for name in ("numpy", "segno")]
    text = doctor.as_text([*faults, Check("zbar", Severity.OK, "0.23")])
    assert text.splitlines() == [
        "FAULT  numpy: absent",
        "FAULT  segno: absent",
        "       -> set up",
        "ok     zbar: 0.23",
    ]


def test_the_doctor_works_in_a_python_without_any_package() -> None:
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BARE, str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found = {check["name"]: check for check in json.loads(result.stdout)}
    assert result.returncode == 1
    assert found["Python"]["severity"] == "ok"
    assert found["PySide6"]["severity"] == "fault"


BARE = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
sys.argv = ["doctor", "--json"]
runpy.run_module("kiosk.cli.doctor", run_name="__main__")
"""
