"""A door opens at once: what it does not need yet is not loaded, and nothing is done twice."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from kiosk.adapters.reader.process import ReadingProcess
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import has_guests, replace_guests
from kiosk.bootstrap.station import RunningStation, settle
from kiosk.core.staff.pin import SALT, decoy, hash_pin
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.ports import CameraTrouble, Frame
from kiosk.gui.parts.fields import Field
from kiosk.gui.parts.style import Style, column, restyle
from kiosk.gui.parts.text import Text
from tests.door import SEALER, guest
from tests.fakes.clock import SetClock
from tests.fakes.readers import Ask, obedient_looks
from tests.gui_support import AT, DeskMaker, station, wordings
from tests.test_reading_process import alive, frame

# Large, and of no use to a door before its first guest, or at all.
LATER = (
    "cv2",
    "zxingcpp",
    "sqlite_utils",
    "openpyxl",
    "python_calamine",
    "segno",
    "keyring",
    "PySide6.QtMultimedia",
    "PySide6.QtTextToSpeech",
    "PySide6.QtPrintSupport",
)


def loaded_by(code: str) -> set[str]:
    """The modules of a new Python after `code`."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.splitlines()[-1].split())


def test_a_door_loads_nothing_large_that_it_does_not_need_at_once() -> None:
    assert not loaded_by("import kiosk.cli.run, kiosk.cli.door") & set(LATER)


def test_a_command_is_not_kept_waiting_by_the_others() -> None:
    code = "from kiosk.cli.main import main\ntry: main(['{}', '--help'])\nexcept SystemExit: pass"
    commands = {"kiosk.cli.doctor", "kiosk.cli.badges", "kiosk.cli.report"}
    assert loaded_by(code.format("clock")) & commands == set()
    assert loaded_by(code.format("no-such-command")) >= commands  # which are named in the error


def test_the_hash_of_nobody_fits_no_pin_and_takes_as_long() -> None:
    nobody, somebody = decoy(), hash_pin("", bytes(SALT))
    assert (nobody.n, nobody.r, nobody.p) == (somebody.n, somebody.r, somebody.p)
    assert len(nobody.digest) == len(somebody.digest)
    assert not nobody.matches("")
    assert decoy() != nobody


def test_whoever_is_imported_is_there_without_opening_a_row(tmp_path: Path) -> None:
    with open_database(tmp_path, SEALER) as database:
        assert not has_guests(database)
        replace_guests(database, [guest("Chloe", "Martin")])
        database.sealer = None
        assert has_guests(database)


def test_every_part_of_a_window_takes_its_style(qtbot: QtBot) -> None:
    field, inside = Field("F3", 40), Text()
    window = Text()
    qtbot.addWidget(window)
    inner = column().put(inside)
    window.setLayout(column().put(field))
    window.layout().addLayout(inner)  # type: ignore[union-attr]
    style = Style(2.0)
    restyle(window, style)
    parts = (field, field._cap, inside, inner)
    assert [part._style.factor for part in parts] == [2.0] * len(parts)


class OnePicture:
    """A camera that shows the same frame again and again, when told."""

    name = "one picture"

    def start(self, deliver: Callable[[Frame], None], _: Callable[[CameraTrouble], None]) -> None:
        """Keep what frames go to."""
        self._deliver = deliver

    def show(self) -> None:
        """Deliver the frame."""
        self._deliver(frame(Ask.NOTHING))

    def stop(self) -> None:
        """Nothing to end."""


def test_a_reader_that_was_begun_first_reads_for_its_station_and_ends_with_it(qtbot: QtBot) -> None:
    camera, told = OnePicture(), list[str]()

    with ReadingProcess(make=obedient_looks) as reading:
        running = RunningStation(
            station(), DeskMaker(), camera, SetClock(AT), wordings(), TrustList(), reading=reading
        )
        running.once_scanning(lambda: told.append("scanning"))
        running.look()
        assert told == []

        def read() -> bool:
            camera.show()
            return bool(told)

        qtbot.waitUntil(read, timeout=20_000)
        running.stop()
        assert reading.pid is None or not alive(reading.pid)
    assert told == ["scanning"]


def test_what_the_start_has_made_is_no_garbage_and_later_garbage_is_found() -> None:
    gc.disable()
    try:
        settle()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()
