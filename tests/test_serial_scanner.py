"""A scanner on a serial port, over real pseudo-terminals: framing, garbage, unplugged, back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from kiosk.adapters.scanner.framing import Framing, Spoilt
from kiosk.adapters.scanner.serial import AUTO, Port, SerialScanner, chosen
from kiosk.cli.main import main
from kiosk.core.hcert.base45 import ALPHABET, MAX_TEXT
from kiosk.desk.ports import ScannerNote
from tests.certificates import claims, signer
from tests.gui_support import SOMEBODY, badge_of
from tests.ptys import needs_pty

CERTIFICATE = signer().sign(claims())
BADGE = badge_of(SOMEBODY)

# Framing


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\r", "\x03"])
@pytest.mark.parametrize("begin", ["", "\x02", "]Q1", "\x02]Q1"])
def test_a_text_ends_with_any_of_the_usual_marks(begin: str, end: str) -> None:
    framing = Framing()
    assert framing.feed(f"{begin}{CERTIFICATE}{end}".encode()) == [CERTIFICATE]
    assert not framing.waiting
    assert framing.silence() == []


def test_two_codes_in_one_write_are_two_texts_and_one_in_two_writes_is_one() -> None:
    framing = Framing()
    assert framing.feed(f"{CERTIFICATE}\r\n{BADGE[:50]}".encode()) == [CERTIFICATE]
    assert framing.waiting
    assert framing.feed(f"{BADGE[50:]}".encode()) == []
    assert framing.silence() == [BADGE]


def test_it_does_not_matter_where_the_writes_are_cut() -> None:
    chance = Random(3)  # noqa: S311
    texts = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 900))) for _ in range(200)]
    data = "".join(f"{text}\r\n" for text in texts).encode()
    framing, arrived = Framing(), list[str | Spoilt]()
    while data:
        cut = chance.randint(1, 64)
        arrived += framing.feed(data[:cut])
        data = data[cut:]
    assert arrived == texts


def test_the_longest_code_is_a_text_and_a_longer_one_is_dropped_whole() -> None:
    framing = Framing()
    assert framing.feed(b"A" * MAX_TEXT + b"\r") == ["A" * MAX_TEXT]
    assert framing.feed(b"A" * (MAX_TEXT + 1) + b"\rB1:\r") == [Spoilt.TOO_LONG, "B1:"]
    for _ in range(1000):
        assert framing.feed(b"A" * 4096) == []
    assert framing.silence() == [Spoilt.TOO_LONG]
    assert framing.silence() == []


def test_what_is_no_text_is_dropped_and_control_characters_are_left_out() -> None:
    framing = Framing()
    assert framing.feed("HC1:é\rB1:\r".encode()) == [Spoilt.NOT_TEXT, "B1:"]
    assert framing.feed(b"DC04\x1dA\x00\x7f\r") == ["DC04A"]
    assert framing.feed(b"\r\n\x00\r\x02\x03") == []


# Which port

SYSTEM = Port("ttyS0", "/dev/ttyS0")
MODEM = Port("ttyUSB0", "/dev/ttyUSB0", "FTDI FT232R", usb=True)
ZEBRA = Port("ttyACM0", "/dev/ttyACM0", "Zebra Symbol Bar Code Scanner", usb=True)


@pytest.mark.parametrize(
    ("wanted", "ports", "place"),
    [
        (AUTO, [SYSTEM, MODEM, ZEBRA], "/dev/ttyACM0"),
        (AUTO, [SYSTEM, MODEM], "/dev/ttyUSB0"),
        (AUTO, [MODEM, Port("ttyUSB1", "/dev/ttyUSB1", "FTDI", usb=True)], None),
        (AUTO, [SYSTEM], None),
        (AUTO, [], None),
        ("ttyS0", [SYSTEM, ZEBRA], "/dev/ttyS0"),
        ("/dev/ttyACM0", [SYSTEM, ZEBRA], "/dev/ttyACM0"),
        ("COM3", [SYSTEM], None),
        ("/nowhere/tty", [SYSTEM], None),
    ],
)
def test_a_port_is_chosen_by_name_or_as_the_one_that_is_a_scanner(
    wanted: str, ports: list[Port], place: str | None
) -> None:
    assert chosen(wanted, ports) == place


# The port itself


class Cable:
    """A pseudo-terminal behind a name that stays, and what arrives through it."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.name, self._qtbot = folder / "scanner", qtbot
        self.texts: list[str] = []
        self.notes: list[tuple[float, ScannerNote | None]] = []
        self._master = -1

    def plug(self) -> None:
        self._master, other = os.openpty()
        self.name.symlink_to(os.ttyname(other))
        os.close(other)

    def unplug(self) -> None:
        os.close(self._master)
        self.name.unlink()
        self._master = -1

    def open(self) -> SerialScanner:
        return SerialScanner(str(self.name), self.texts.append, self._note, ports=list)

    def _note(self, note: ScannerNote | None) -> None:
        self.notes.append((time.monotonic(), note))

    def send(self, data: bytes) -> None:
        assert os.write(self._master, data) == len(data)

    def until(self, texts: list[str]) -> None:
        self._qtbot.waitUntil(lambda: self.texts == texts, timeout=3000)

    def end(self) -> None:
        if self._master >= 0:
            self.unplug()


@pytest.fixture
def cable(tmp_path: Path, qtbot: QtBot) -> Iterator[Cable]:
    cable = Cable(tmp_path, qtbot)
    yield cable
    cable.end()


@needs_pty
def test_a_certificate_comes_through_a_port(cable: Cable) -> None:
    cable.plug()
    scanner = cable.open()
    assert scanner.location == str(cable.name)
    cable.send(f"{CERTIFICATE}\r\n".encode())
    cable.until([CERTIFICATE])
    cable.send(CERTIFICATE[:100].encode())
    cable._qtbot.wait(20)
    cable.send(f"{CERTIFICATE[100:]}\r{BADGE}\r".encode())
    cable.until([CERTIFICATE, CERTIFICATE, BADGE])
    cable.send(BADGE.encode())  # and nothing behind it
    cable.until([CERTIFICATE, CERTIFICATE, BADGE, BADGE])
    assert cable.notes == []
    scanner.end()


@needs_pty
def test_garbage_is_told_and_the_next_code_is_read(cable: Cable) -> None:
    cable.plug()
    scanner = cable.open()
    chance = Random(4)  # noqa: S311
    for _ in range(20):
        cable.send(chance.randbytes(500))
        cable._qtbot.wait(2)
    cable.send(b"\r")
    cable._qtbot.wait(100)
    cable.texts.clear()
    cable.send(f"{BADGE}\r".encode())
    cable.until([BADGE])
    assert {note for _, note in cable.notes} <= {ScannerNote.NOT_TEXT, ScannerNote.TOO_LONG}
    assert ScannerNote.NOT_TEXT in {note for _, note in cable.notes}
    scanner.end()


@needs_pty
def test_a_scanner_that_is_unplugged_is_told_within_3_s_and_taken_up_when_it_is_back(
    cable: Cable, qtbot: QtBot
) -> None:
    cable.plug()
    scanner = cable.open()
    cable.send(BADGE[:20].encode())
    qtbot.wait(20)
    began = time.monotonic()
    cable.unplug()
    qtbot.waitUntil(lambda: bool(cable.notes), timeout=3000)
    at, note = cable.notes[0]
    assert note is ScannerNote.LOST
    assert at - began < 3
    qtbot.wait(1200)
    assert len(cable.notes) == 1  # told once
    cable.plug()
    qtbot.waitUntil(lambda: len(cable.notes) == 2, timeout=3000)
    assert cable.notes[1][1] is None
    cable.send(f"{BADGE}\r".encode())
    cable.until([BADGE])  # and nothing of what had begun before
    scanner.end()


@needs_pty
def test_a_scanner_that_is_not_there_at_the_start_is_waited_for(cable: Cable, qtbot: QtBot) -> None:
    scanner = cable.open()
    assert [note for _, note in cable.notes] == [ScannerNote.LOST]
    assert scanner.location == ""
    cable.plug()
    qtbot.waitUntil(lambda: bool(scanner.location), timeout=3000)
    scanner.end()
    assert scanner.location == ""
    cable.send(f"{BADGE}\r".encode())
    qtbot.wait(100)
    assert cable.texts == []


# The command


@needs_pty
@pytest.mark.usefixtures("qapp")
def test_scanner_test_tells_kind_and_length_and_not_the_text(
    cable: Cable, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = f"{CERTIFICATE}\r{CERTIFICATE[:-9]}\r{BADGE}\rLT1:x\r".encode()
    for option, told in (([], False), (["--show"], True)):
        cable.plug()
        QTimer.singleShot(200, lambda: cable.send(codes))
        assert main(["scanner", "test", str(cable.name), "--count", "4", *option]) == 0
        out = capsys.readouterr().out
        assert f"certificate, {len(CERTIFICATE)} characters" in out
        assert "certificate, damaged on the way" in out
        assert f"badge, {len(BADGE)} characters" in out
        assert "code_swiss_light, 5 characters" in out
        assert (BADGE in out) is told
        cable.unplug()


def test_scanner_list_tells_the_ports(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scanner", "list"]) == 0
    assert capsys.readouterr().out
