"""The settings of a PC: read line by line, kept whole, and followed by the window at once."""

from __future__ import annotations

import errno
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from kiosk.adapters.system.settingsfile import FILE, SettingsFile
from kiosk.desk.findings import Mode
from kiosk.desk.settings import (
    Known,
    Look,
    SettingFault,
    Settings,
    Wrong,
    lines_of,
    settings_of,
)
from kiosk.gui.parts.style import Theme, Tint
from kiosk.gui.parts.theme import theme_of
from tests.gui_support import dress, opened

OTHERS = Settings(
    theme=Look.CONTRAST,
    large_text=True,
    volume=0,
    sounds=False,
    reduced_motion=True,
    guest_window=True,
    camera='HD "Pro" \\ Webcam é',
    printer="Étage 2",
    language="en",
)
PRINTABLE = st.text(max_size=400).filter(str.isprintable)


def file_of(folder: Path, text: str | bytes) -> SettingsFile:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / FILE).write_bytes(data)
    return SettingsFile(folder)


def test_where_nothing_is_kept_the_usual_settings_hold(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path).read() == Known(Settings())


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    book = SettingsFile(tmp_path)
    assert book.keep(OTHERS) is None
    assert book.read() == Known(OTHERS)


@given(camera=PRINTABLE, printer=PRINTABLE)
def test_any_name_of_a_device_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, camera: str, printer: str
) -> None:
    book = SettingsFile(tmp_path_factory.mktemp("state"))
    kept = replace(OTHERS, camera=camera, printer=printer)
    assert book.keep(kept) is None
    assert book.read() == Known(kept)


def test_the_file_has_every_setting_for_a_person_to_edit(tmp_path: Path) -> None:
    SettingsFile(tmp_path).keep(OTHERS)
    assert tomllib.loads((tmp_path / FILE).read_text("utf-8")) == lines_of(OTHERS)


def test_an_unknown_key_is_named_and_the_others_count(tmp_path: Path) -> None:
    known = file_of(tmp_path, 'theme = "dark"\ncolour = "pink"\n').read()
    assert known == Known(
        replace(Settings(), theme=Look.DARK), (SettingFault(Wrong.UNKNOWN, "colour"),)
    )
    assert str(known.faults[0]) == "colour is no setting"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("theme", 1),
        ("volume", 101),
        ("volume", -1),
        ("volume", True),
        ("volume", 50.0),
        ("sounds", 1),
        ("sounds", "yes"),
        ("camera", "two\nlines"),
        ("camera", "x" * 401),
        ("printer", ["a"]),
        ("language", 3),
    ],
)
def test_a_value_that_cannot_be_is_named_and_the_usual_one_holds(key: str, value: object) -> None:
    known = settings_of({key: value, "large_text": True})
    assert known.settings == replace(Settings(), large_text=True)
    (fault,) = known.faults
    assert (fault.wrong, fault.key) == (Wrong.VALUE, key)
    assert fault.wanted


@pytest.mark.parametrize("value", [0, 100])
def test_both_ends_of_the_volume_count(value: int) -> None:
    assert settings_of({"volume": value}) == Known(replace(Settings(), volume=value))


@pytest.mark.parametrize(
    "data", [b"theme = ", b"\xff\xfe\x00", b"a" * 20_000, b"a = " + b"[" * 9000]
)
def test_a_file_that_is_no_toml_stops_no_door(tmp_path: Path, data: bytes) -> None:
    known = file_of(tmp_path, data).read()
    assert known.settings == Settings()
    assert [fault.wrong for fault in known.faults] == [Wrong.NOT_READ]


def test_a_folder_in_the_place_of_the_file_stops_no_door_and_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    book = SettingsFile(tmp_path)
    assert [fault.wrong for fault in book.read().faults] == [Wrong.NOT_READ]
    fault = book.keep(OTHERS)
    assert fault is not None
    assert fault.wrong is Wrong.NOT_WRITTEN
    assert str(fault).startswith(f"{FILE} cannot be written: ")


def test_a_full_disk_leaves_the_file_as_it_was_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SettingsFile(tmp_path)
    book.keep(OTHERS)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kiosk.adapters.files.os.fsync", full)
    fault = book.keep(Settings())
    assert fault == SettingFault(Wrong.NOT_WRITTEN, FILE, "No space left on device")
    assert book.read() == Known(OTHERS)
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


# In the window


def test_the_window_wears_the_theme_of_the_settings_and_another_at_once(
    qapp: QApplication,
) -> None:
    dress(qapp)
    with opened(Mode.DESK) as kiosk:
        seen = []
        for look, theme in (
            (Look.LIGHT, Theme.LIGHT),
            (Look.DARK, Theme.DARK),
            (Look.CONTRAST, Theme.CONTRAST),
        ):
            kiosk.window.take_settings(Settings(theme=look))
            pixel = kiosk.window.snapshot().toImage().pixelColor(4, 400)
            assert pixel == theme.colour(Tint.PAPER)
            seen.append(pixel.name())
        assert len(set(seen)) == 3


def test_staff_s_language_is_the_desk_s_and_never_the_guests(qapp: QApplication) -> None:
    dress(qapp)
    for mode, language in ((Mode.DESK, "en"), (Mode.SELF, "fr")):
        with opened(mode) as kiosk:
            kiosk.window.take_settings(Settings(language="en"))
            assert kiosk.window.language == language


def test_left_to_the_system_the_colours_are_the_system_s(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    dress(qapp)

    class Hints:
        scheme = Qt.ColorScheme.Dark
        preference = Qt.ContrastPreference.NoPreference

        def colorScheme(self) -> Qt.ColorScheme:
            return self.scheme

        def accessibility(self) -> Hints:
            return self

        def contrastPreference(self) -> Qt.ContrastPreference:
            return self.preference

    system = Hints()
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: system)
    assert theme_of(Look.AUTO) is Theme.DARK
    system.scheme = Qt.ColorScheme.Light
    assert theme_of(Look.AUTO) is Theme.LIGHT
    system.preference = Qt.ContrastPreference.HighContrast
    assert theme_of(Look.AUTO) is Theme.CONTRAST
