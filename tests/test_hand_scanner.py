"""A hand scanner at the door: from keys and cable to the answer, and what staff read of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.adapters.camera.paced import PacedCamera
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.adapters.scanner import calibration
from kiosk.adapters.scanner.calibration import CALIBRATION
from kiosk.adapters.scanner.station import HandScanners, SerialChoice
from kiosk.bootstrap.station import RunningStation
from kiosk.cli.main import main
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import TrustList
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode
from kiosk.desk.ports import (
    Camera,
    CodeSeen,
    Frame,
    ScannedText,
    ScannerKind,
    ScannerNote,
    Sighting,
)
from kiosk.desk.visit import SCANNED
from tests.door import ALL_SEEN, MORNING, SECOND, badge, certificate, desk, guest
from tests.fakes.clock import SetClock
from tests.fakes.journal import MemoryJournal
from tests.fakes.keyboards import FRENCH, GERMAN, Hands
from tests.gui_support import AT, SOMEBODY, DeskMaker, Opened, badge_of, dress, opened, wordings
from tests.gui_support import station as gui_station
from tests.ptys import needs_pty

CHLOE = guest("Chloe", "Martin")
MOMENT = timedelta(milliseconds=1)

# The desk


@pytest.mark.parametrize("mode", Mode)
def test_a_code_scanned_again_counts_again_after_two_seconds(mode: Mode) -> None:
    station = desk([CHLOE], mode)
    assert station.scanned(badge(CHLOE), MORNING) is not None
    assert station.scanned(badge(CHLOE), MORNING + SCANNED) is None
    # Held in the beam it is read again and again: from the last of it the time counts.
    assert station.scanned(badge(CHLOE), MORNING + 2 * SCANNED) is None
    again = station.scanned(badge(CHLOE), MORNING + 3 * SCANNED + MOMENT)
    assert again is not None
    assert again.guest == CHLOE


def test_scanner_and_camera_know_of_each_other() -> None:
    station, text = desk([CHLOE]), certificate(CHLOE)
    assert station.scanned(text, MORNING) is not None
    assert station.sight([text], MORNING + 2 * SECOND) is None
    assert station.scanned(text, MORNING + 3 * SECOND) is None
    assert station.sight([text], MORNING + 6 * SECOND + MOMENT) is not None


def test_certificate_by_scanner_and_badge_by_camera_let_a_guest_in() -> None:
    journal = MemoryJournal()
    station, text = desk([CHLOE], Mode.DESK, journal=journal), certificate(CHLOE)
    station.scanned(text, MORNING)
    ready = station.sight([badge(CHLOE)], MORNING + SECOND)
    assert ready is not None
    assert ready.shown is Shown.READY
    # A hand that scans once more takes nothing away from staff who decide.
    assert station.scanned(text, MORNING + 9 * SECOND) is None
    assert station.confirm(ALL_SEEN, MORNING + 9 * SECOND) is not None
    assert len(journal.log) == 1


def test_a_certificate_that_lost_a_letter_on_its_way_is_for_the_desk_and_never_refused() -> None:
    text = certificate(CHLOE)
    for place in range(4, len(text), 7):
        station = desk([CHLOE])
        answer = station.scanned(text[:place] + text[place + 1 :], MORNING)
        assert answer is not None
        assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.SCAN_DAMAGED,))


def test_a_damaged_scan_leaves_the_badge_shown_before_it() -> None:
    station, text = desk([CHLOE]), certificate(CHLOE)
    station.scanned(badge(CHLOE), MORNING)
    damaged = station.scanned(text[:-1], MORNING + SECOND)
    assert damaged is not None
    assert damaged.guest == CHLOE
    answer = station.scanned(text, MORNING + 2 * SECOND)
    assert answer is not None
    assert (answer.shown, answer.guest) == (Shown.ADMIT, CHLOE)


def test_no_text_is_in_the_words_for_a_scan() -> None:
    scan = ScannedText(badge(CHLOE), MORNING, ScannerKind.SERIAL)
    assert repr(scan) == f"ScannedText({len(badge(CHLOE))} characters, serial)"


# Keys and cable of one screen


class Scanners:
    """The hand scanners of a window, and what comes of them."""

    def __init__(
        self,
        kiosk: Opened,
        folder: Path,
        serial: SerialChoice | None = None,
        *,
        learns: bool = True,
    ) -> None:
        self.scans: list[ScannedText] = []
        self.notes: list[ScannerNote | None] = []
        window, now = kiosk.window.windowHandle(), kiosk.clock.now
        tell = self.notes.append
        self.scanners = HandScanners(
            window, folder, now, self.scans.append, tell, serial, learns=learns
        )
        self.hands = Hands(window, FRENCH)

    def scan(self, text: str) -> None:
        self.hands.wait(500)
        self.hands.scan(text, GERMAN)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK) as shown:
        yield shown


def test_a_german_scanner_at_a_french_pc_reads_once_it_was_calibrated_and_after_a_restart(
    kiosk: Opened, tmp_path: Path
) -> None:
    text = badge_of(SOMEBODY)
    first = Scanners(kiosk, tmp_path)
    first.scan(text)
    assert first.scans.pop().text != text
    first.scan(CALIBRATION)
    assert (first.scans, first.notes) == ([], [ScannerNote.LEARNT])
    first.scan(text)
    assert first.scans == [ScannedText(text, AT, ScannerKind.KEYBOARD)]
    first.scanners.end()
    second = Scanners(kiosk, tmp_path)
    second.scan(text)
    assert [scan.text for scan in second.scans] == [text]
    second.scanners.end()


def test_where_guests_scan_the_calibration_code_teaches_nothing(
    kiosk: Opened, tmp_path: Path
) -> None:
    scanners = Scanners(kiosk, tmp_path, learns=False)
    scanners.scan(CALIBRATION)
    assert (scanners.scans, scanners.notes) == ([], [ScannerNote.AT_THE_DESK])
    assert list(tmp_path.iterdir()) == []
    scanners.scanners.end()


def test_what_cannot_be_kept_is_known_until_the_end_and_told(
    kiosk: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    scanners = Scanners(kiosk, tmp_path / "file" / "state")
    scanners.scan(CALIBRATION)
    assert scanners.notes == [ScannerNote.NOT_LEARNT]
    assert len(caplog.messages) == 1
    scanners.scanners.end()


def test_a_damaged_calibration_is_told_and_mended_by_the_code(
    kiosk: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / calibration.FILE_NAME).write_text("{}", "utf-8")
    scanners = Scanners(kiosk, tmp_path)
    scanners.scan(badge_of(SOMEBODY))
    scanners.scan(CALIBRATION)
    scanners.scan(badge_of(SOMEBODY))
    assert scanners.notes == [ScannerNote.UNREADABLE, ScannerNote.LEARNT]
    assert scanners.scans[-1].text == badge_of(SOMEBODY)
    assert "scan the calibration code" in caplog.text
    scanners.scanners.end()


def test_a_burst_that_is_too_long_is_told(kiosk: Opened, tmp_path: Path) -> None:
    scanners = Scanners(kiosk, tmp_path)
    scanners.hands.scan("A" * 5000)
    assert (scanners.scans, scanners.notes) == ([], [ScannerNote.TOO_LONG])
    scanners.scanners.end()


@needs_pty
def test_cable_and_keyboard_work_side_by_side(kiosk: Opened, tmp_path: Path, qtbot: QtBot) -> None:
    master, other = os.openpty()
    scanners = Scanners(kiosk, tmp_path, SerialChoice(os.ttyname(other)))
    os.write(master, f"{CALIBRATION}\r{badge_of(SOMEBODY)}\r".encode())
    qtbot.waitUntil(lambda: len(scanners.scans) == 1)
    scanners.scan("LT1:0123456789012345")
    assert [scan.source for scan in scanners.scans] == list(reversed(ScannerKind))
    assert scanners.notes == [ScannerNote.NOT_NEEDED]
    scanners.scanners.end()
    os.close(other)
    os.close(master)


# The screens


def test_staff_read_about_the_scanner_for_a_while_and_that_it_is_lost_until_it_is_back(
    kiosk: Opened, qtbot: QtBot
) -> None:
    banner, say = kiosk.staff.header.banner, wordings()["fr"]
    kiosk.window.tell_list_age(AT.date())
    qtbot.waitUntil(lambda: "Liste" in banner.told)
    kiosk.window.scanner_note(ScannerNote.LEARNT)
    qtbot.waitUntil(lambda: banner.told == say("scanner.learnt"))
    kiosk.window.scanner_note(ScannerNote.LOST)
    qtbot.waitUntil(lambda: banner.told == say("scanner.lost"))
    kiosk.window.scanner_note(ScannerNote.NOT_TEXT)
    qtbot.waitUntil(lambda: banner.told == say("scanner.not_text"))
    kiosk.clock.go(timedelta(seconds=11))
    qtbot.waitUntil(lambda: banner.told == say("scanner.lost"))
    kiosk.window.scanner_note(None)
    qtbot.waitUntil(lambda: "Liste" in banner.told)


def test_at_the_self_scan_the_line_about_the_scanner_is_a_small_one(
    qapp: QApplication, qtbot: QtBot
) -> None:
    dress(qapp)
    with opened(Mode.SELF) as kiosk:
        kiosk.window.scanner_note(ScannerNote.LOST)
        lost = wordings()["fr"]("scanner.lost")
        qtbot.waitUntil(lambda: kiosk.guest.scan._where.full.endswith(lost))
        kiosk.window.scanner_note(None)
        qtbot.waitUntil(lambda: lost not in kiosk.guest.scan._where.full)


@pytest.mark.parametrize("note", ScannerNote)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_there_are_words_for_every_note(note: ScannerNote, language: str) -> None:
    assert wordings()[language](f"scanner.{note}")


class Still(PacedCamera):
    """Shows nothing: what it sees is said by the test."""

    def __init__(self) -> None:
        super().__init__("still", 1.0)

    def pictures(self) -> Iterator[np.ndarray]:
        yield np.zeros((48, 64), np.uint8)


@pytest.fixture
def running(qapp: QApplication) -> Iterator[RunningStation]:
    dress(qapp)
    camera: Camera = Still()
    maker = DeskMaker(Mode.DESK)
    clock = SetClock(AT)
    made = RunningStation(
        gui_station(Mode.DESK), maker, camera, clock, wordings(), TrustList(issued_at=AT)
    )
    made.window.resize(1280, 800)
    made.window.show()
    yield made
    made.stop()


def test_a_scan_is_answered_like_a_code_before_the_camera(
    running: RunningStation, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(running.window.answered) as answered:
        running.take_scan(ScannedText(badge_of(SOMEBODY), AT, ScannerKind.KEYBOARD))
    assert answered.args[0].guest == SOMEBODY


def test_the_camera_names_the_calibration_code_and_nothing_happens(
    running: RunningStation, qtbot: QtBot
) -> None:
    answers: list[object] = []
    running.window.answered.connect(answers.append)
    box = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    frame = Frame(np.zeros((48, 64), np.uint8), 0)
    running._on_sighting(frame, Sighting((CodeSeen(CALIBRATION, box),)))
    header = running.window.screen_shown.header  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: header.banner.told == wordings()["fr"]("scanner.not_needed"))
    running._on_sighting(frame, Sighting((CodeSeen(badge_of(SOMEBODY), box),)))
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers[0].guest == SOMEBODY  # type: ignore[attr-defined]


# The printed code


def picture(path: Path) -> QImage:
    """What a printer would make of it."""
    if path.suffix == ".pdf":
        document = QPdfDocument()
        document.load(str(path))
        size = document.pagePointSize(0).toSize() * 3
        return document.render(0, size)
    if path.suffix == ".svg":
        image = QImage(600, 600, QImage.Format.Format_Grayscale8)
        image.fill(255)
        painter = QPainter(image)
        QSvgRenderer(str(path)).render(painter)
        painter.end()
        return image
    return QImage(str(path))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "PNG"])
def test_the_printed_code_is_the_calibration_code(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"code.{ending}"
    assert main(["scanner", "code", "--out", str(path)]) == 0
    image = picture(path)
    flat = QImage(image.size(), QImage.Format.Format_Grayscale8)
    flat.fill(255)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    (code,) = ZxingReader().read(np.ascontiguousarray(rows[:, : flat.width()])).codes
    assert code.text == CALIBRATION


def test_a_code_is_written_to_a_picture_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scanner", "code", "--out", str(tmp_path / "code.txt")]) == 2
    assert ".png, .svg, .pdf" in capsys.readouterr().err
    assert main(["scanner", "code", "--out", str(tmp_path)]) == 2
    (tmp_path / "file").write_bytes(b"")
    assert main(["scanner", "code", "--out", str(tmp_path / "file" / "code.png")]) == 2
    assert "Choose a file" in capsys.readouterr().err
