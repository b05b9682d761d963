"""Which zbar may be let near pictures: one answer for the reader and for doctor."""

from __future__ import annotations

import subprocess

import pytest

from kiosk.adapters import zbarlibrary
from kiosk.adapters.reader.zbar import UnsoundZbarError, ZbarReader
from kiosk.adapters.system import libraries
from kiosk.adapters.system.check import Severity
from kiosk.adapters.zbarlibrary import Zbar, installed_zbar, sound_zbar


@pytest.mark.parametrize(
    ("version", "package", "sound"),
    [
        ((0, 10, 0), "", False),
        ((0, 10, 0), "0.23.92-7+deb12u1", False),  # another one is loaded than dpkg knows
        ((0, 23, 92), "", False),
        ((0, 23, 93), "", True),
        ((0, 24, 0), "", True),
        ((1, 0, 0), "", True),
        ((0, 23, 92), "0.23.92-7", False),
        ((0, 23, 92), "0.23.92-7+deb12u1", True),
        ((0, 23, 92), "0.23.92-7+deb12u12", True),
        ((0, 23, 92), "0.23.92-7+deb12u0", False),
        ((0, 23, 92), "0.23.92-7+deb12u1~bpo11", False),
        ((0, 23, 92), "0.23.92-7build3", False),
        ((0, 23, 93), "0.23.93-8", True),
    ],
)
def test_a_zbar_is_sound_from_0_23_93_on_or_where_debian_mended_it(
    version: tuple[int, int, int], package: str, sound: bool
) -> None:
    assert Zbar(version, package).sound is sound


def test_on_windows_there_is_none_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert installed_zbar() is None
    assert not sound_zbar()


def test_the_system_s_own_word_on_the_package_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def dpkg(output: str) -> None:
        done = subprocess.CompletedProcess((), 1, output, "")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(zbarlibrary, "_claimed_version", lambda: (0, 23, 92))
    dpkg("ii 0.23.92-7+deb12u1\n")
    assert sound_zbar()
    assert str(installed_zbar()) == "0.23.92-7+deb12u1"
    dpkg("rc 0.23.92-7+deb12u1\n")
    assert not sound_zbar()
    dpkg("")
    assert str(installed_zbar()) == "0.23.92"


def test_without_dpkg_the_version_that_zbar_claims_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(zbarlibrary, "_claimed_version", lambda: (0, 23, 93))
    assert sound_zbar()
    monkeypatch.setattr(zbarlibrary, "_claimed_version", lambda: None)
    assert installed_zbar() is None


@pytest.mark.parametrize("version", [(0, 23, 92), (0, 23, 93)])
def test_doctor_and_reader_say_the_same(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(zbarlibrary, "_claimed_version", lambda: version)
    (check,) = libraries.of_zbar()
    if check.severity is Severity.OK:
        ZbarReader()
    else:
        with pytest.raises(UnsoundZbarError):
            ZbarReader()
    assert (check.severity is Severity.OK) == (version == (0, 23, 93))
