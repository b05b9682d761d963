"""A scanner that plays keyboard: its keys become a text, and people's keys stay theirs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodQueryEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kiosk.adapters.scanner import calibration
from kiosk.adapters.scanner.calibration import CALIBRATION, CalibrationFileError, learnt_from
from kiosk.adapters.scanner.keystroke import US, Keystroke, Layout, Typed, text_of
from kiosk.adapters.scanner.wedge import GAP, LEAST, Wedge
from kiosk.core.hcert.base45 import ALPHABET, MAX_TEXT
from kiosk.desk.findings import Mode
from kiosk.gui.words.phrases import Band
from tests.certificates import claims, signer
from tests.fakes.keyboards import (
    AMERICAN,
    FRENCH,
    GERMAN,
    KEYBOARDS,
    Hands,
    Keyboard,
)
from tests.gui_support import SOMEBODY, Opened, badge_of, dress, opened

CERTIFICATE = signer().sign(claims())
LETTERS = "HC1:" + ALPHABET * 2
ALL_LAYOUTS = pytest.mark.parametrize(
    ("scanner", "computer"), [(one, other) for one in KEYBOARDS for other in KEYBOARDS]
)
HUMAN = 40  # milliseconds: as fast as no hand types for long, and slower than any scanner


class Page(QWidget):
    """A page that notes the keys which reach it, with a field that may take them."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[tuple[int, str]] = []
        self.released: list[int] = []
        self.field = QLineEdit(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Shift:
            self.pressed.append((event.key(), event.text()))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Shift:
            self.released.append(event.key())

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.pressed)


class Station:
    """A page with a wedge, and hands and scanner at it."""

    def __init__(self, page: Page, keyboard: Keyboard = AMERICAN) -> None:
        self.page, self.bursts = page, list[tuple[Typed, ...]]()
        window = page.windowHandle()
        self.wedge = Wedge(window, self.bursts.append)
        self.hands = Hands(window, keyboard)

    @property
    def texts(self) -> list[str]:
        return [text_of(burst) for burst in self.bursts]


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    qtbot.addWidget(page)
    page.show()
    page.setFocus()
    return page


@pytest.fixture
def at(page: Page) -> Iterator[Station]:
    station = Station(page)
    yield station
    station.wedge.end()


# Which text


@ALL_LAYOUTS
def test_the_calibration_teaches_every_scanner_at_every_computer(
    scanner: str, computer: str
) -> None:
    host, gun = KEYBOARDS[computer], KEYBOARDS[scanner]
    learnt = learnt_from(host.typed(CALIBRATION, gun))
    assert learnt is not None
    for text in (LETTERS, CERTIFICATE, badge_of(SOMEBODY)):
        assert text_of(host.typed(text, gun), learnt) == text


@pytest.mark.parametrize("computer", KEYBOARDS)
def test_an_american_scanner_needs_no_calibration_anywhere(computer: str) -> None:
    assert text_of(KEYBOARDS[computer].typed(CERTIFICATE, AMERICAN)) == CERTIFICATE
    assert text_of(KEYBOARDS[computer].typed(LETTERS, AMERICAN)) == LETTERS


def test_a_german_scanner_without_calibration_is_not_taken_for_another_text() -> None:
    assert not text_of(FRENCH.typed(CERTIFICATE, GERMAN)).startswith("HC1:")


@pytest.mark.parametrize("layout", KEYBOARDS)
def test_small_letters_of_caps_lock_and_a_mark_of_the_symbology_are_seen_through(
    layout: str,
) -> None:
    keyboard = KEYBOARDS[layout]
    learnt = learnt_from(keyboard.typed(CALIBRATION, keyboard))
    if layout == "American":
        assert text_of(AMERICAN.typed("]Q1" + CERTIFICATE, AMERICAN)) == CERTIFICATE
    assert text_of(keyboard.typed(CERTIFICATE.swapcase(), keyboard), learnt) == CERTIFICATE


def test_a_code_of_another_kind_keeps_its_text() -> None:
    assert text_of(FRENCH.typed("LT1:ABC", AMERICAN)) == "LT1:ABC"
    assert text_of(AMERICAN.typed("https://example.org/", AMERICAN)) == "https://example.org/"
    assert text_of(()) == ""


@pytest.mark.parametrize("change", ["lost", "doubled", "exchanged"])
def test_a_calibration_that_came_incomplete_teaches_nothing(change: str) -> None:
    typed = list(FRENCH.typed(CALIBRATION, GERMAN))
    for place in range(len(typed)):
        broken = typed.copy()
        if change == "lost":
            del broken[place]
        elif change == "doubled":
            broken.insert(place, broken[place])
        else:
            other = (place + 1) % len(typed)
            broken[place], broken[other] = broken[other], broken[place]
        assert learnt_from(broken) is None
    assert learnt_from(AMERICAN.typed(CERTIFICATE, AMERICAN)) is None


def learnt() -> Layout:
    table = learnt_from(FRENCH.typed(CALIBRATION, GERMAN))
    assert table is not None
    return table


def test_what_was_learnt_is_the_same_after_a_restart(tmp_path: Path) -> None:
    assert calibration.load(tmp_path) is None
    calibration.save(tmp_path, US)
    calibration.save(tmp_path, learnt())
    assert calibration.load(tmp_path) == learnt()


@pytest.mark.parametrize(
    "damage", ["not JSON", "a letter less", "two on one key", "no key", "[]", "too deep"]
)
def test_a_damaged_table_is_told_with_its_remedy(tmp_path: Path, damage: str) -> None:
    calibration.save(tmp_path, learnt())
    path = tmp_path / calibration.FILE_NAME
    content = json.loads(path.read_text("utf-8"))
    table = content["keystrokes"]
    if damage == "a letter less":
        del table["A"]
    elif damage == "two on one key":
        table["A"] = table["B"]
    elif damage == "no key":
        table["A"] = ["30", True, False]
    whole = {"not JSON": "{", "[]": "[]", "too deep": "[" * 20_000}.get(damage, json.dumps(content))
    path.write_text(whole, "utf-8")
    with pytest.raises(CalibrationFileError, match="scan the calibration code at the desk again"):
        calibration.load(tmp_path)


def test_a_keystroke_of_a_burst_is_not_printed() -> None:
    assert "30" not in repr(Typed(Keystroke(30), "a"))


# Whose keys


@ALL_LAYOUTS
def test_a_certificate_at_5_ms_a_key_is_read_and_none_of_its_keys_reach_the_page(
    page: Page, scanner: str, computer: str
) -> None:
    station = Station(page, KEYBOARDS[computer])
    long = (CERTIFICATE + LETTERS[4:] * 8)[:700]
    station.hands.scan(CALIBRATION, KEYBOARDS[scanner])
    station.hands.wait(500)
    station.hands.scan(long, KEYBOARDS[scanner])
    calibrating, burst = station.bursts
    assert text_of(burst, learnt_from(calibrating)) == long
    assert page.pressed == []
    assert page.released == []
    station.wedge.end()


def test_what_a_person_types_arrives_in_order_and_at_once(at: Station, qtbot: QtBot) -> None:
    at.hands.type("1 mzoe", HUMAN)
    at.hands.wait(HUMAN)
    at.hands.enter()
    assert at.page.text == "1 mzoe\r"
    at.hands.type("a", HUMAN)
    qtbot.waitUntil(lambda: at.page.text == "1 mzoe\ra", timeout=round(1000 * GAP) + 100)
    assert len(at.page.released) == 8
    assert at.bursts == []


def test_keys_that_overlap_are_a_persons(at: Station) -> None:
    at.hands.type("marie", 15)
    at.hands.wait(HUMAN)
    at.hands.enter()
    assert at.page.text == "marie\r"


def test_a_burst_needs_no_enter(at: Station, qtbot: QtBot) -> None:
    at.hands.scan(CERTIFICATE, end=False)
    qtbot.waitUntil(lambda: at.texts == [CERTIFICATE], timeout=1000)
    at.hands.wait(500)
    at.hands.scan(badge_of(SOMEBODY), end=False)
    at.hands.wait(110)
    at.hands.type("m")
    assert at.texts == [CERTIFICATE, badge_of(SOMEBODY)]
    assert at.page.pressed == []


def test_a_field_that_is_typed_into_gets_names_and_no_burst(at: Station, qtbot: QtBot) -> None:
    at.page.field.setFocus()
    at.hands.type("Zoe", HUMAN)
    at.hands.wait(300)
    at.hands.scan(CERTIFICATE)
    at.hands.wait(300)
    at.hands.type("l", HUMAN)
    qtbot.waitUntil(lambda: at.page.field.text() == "Zoel", timeout=1000)
    assert at.texts == [CERTIFICATE]


@pytest.mark.parametrize("text", ["", "1", " m", "12345", "1\r \rm\r"])
def test_a_short_code_presses_nothing_and_says_nothing(at: Station, text: str) -> None:
    for part in text.split("\r"):
        at.hands.scan(part)
    if text:
        assert at.page.pressed == []
    assert at.bursts == []


def test_a_product_code_is_a_text_like_any_other(at: Station) -> None:
    at.hands.scan("4006381333931")
    at.hands.wait(5)
    at.hands.enter()  # line feed after carriage return
    assert at.texts == ["4006381333931"]
    assert at.page.pressed == []


@pytest.mark.parametrize("modifier", ["ControlModifier", "AltModifier", "MetaModifier"])
def test_commands_and_control_characters_in_a_burst_do_nothing(at: Station, modifier: str) -> None:
    held = Qt.KeyboardModifier[modifier]
    for letter in CERTIFICATE:
        at.hands.scan(letter, end=False)
        at.hands.click(Qt.Key.Key_Q, 16, "\x11", held)
        at.hands.click(Qt.Key.Key_F6, 64)
        at.hands.click(Qt.Key.Key_Backspace, 14, "\x08")
    at.hands.wait(5)
    at.hands.enter()
    assert at.texts == [CERTIFICATE]
    assert at.page.pressed == []


def test_a_text_longer_than_a_qr_code_is_swallowed_and_dropped(at: Station) -> None:
    at.hands.scan("A" * MAX_TEXT)
    at.hands.wait(200)
    at.hands.scan("A" * (MAX_TEXT + 1))
    assert [len(burst) for burst in at.bursts] == [MAX_TEXT, 0]
    assert at.page.pressed == []


def test_altgr_tells_two_letters_of_one_key_apart(at: Station) -> None:
    for held in (False, True) * LEAST:
        at.hands.wait(5)
        if held:
            at.hands.event(QEvent.Type.KeyPress, Qt.Key.Key_Alt.value, 100)
        modifier = Qt.KeyboardModifier.AltModifier if held else Qt.KeyboardModifier.NoModifier
        at.hands.click(Qt.Key.Key_4, 5, "4", modifier)
        if held:
            at.hands.event(QEvent.Type.KeyRelease, Qt.Key.Key_Alt.value, 100)
    at.hands.wait(5)
    at.hands.enter()
    (burst,) = at.bursts
    strokes = [typed.stroke for typed in burst]
    assert strokes == [Keystroke(5), Keystroke(5, altgr=True)] * LEAST


def test_a_key_that_is_held_down_is_no_burst(at: Station, qtbot: QtBot) -> None:
    at.hands.event(QEvent.Type.KeyPress, Qt.Key.Key_X.value, 45, "x")
    for _ in range(2 * LEAST):
        at.hands.wait(20)
        at.hands.event(QEvent.Type.KeyPress, Qt.Key.Key_X.value, 45, "x", repeated=True)
    at.hands.event(QEvent.Type.KeyRelease, Qt.Key.Key_X.value, 45)
    qtbot.waitUntil(lambda: len(at.page.released) == 1)
    assert at.page.text == "x" * (2 * LEAST + 1)
    assert at.bursts == []


def test_keys_without_a_place_or_a_time_are_taken_as_they_are(at: Station, qtbot: QtBot) -> None:
    at.hands.at = 0
    for letter in CERTIFICATE:
        at.hands.click(Qt.Key(ord(letter)), 0, letter)
    qtbot.waitUntil(lambda: at.texts == [CERTIFICATE])


def test_a_pause_of_the_program_makes_no_burst_of_a_persons_keys(at: Station) -> None:
    """They come all at once, and as far apart as they were pressed."""
    at.hands.type("abcdefghijklmnopqrstuvwxyz", HUMAN)
    at.hands.wait(HUMAN)
    at.hands.enter()
    assert at.page.text == "abcdefghijklmnopqrstuvwxyz\r"


def test_after_the_end_keys_are_nobodys_business(at: Station) -> None:
    at.hands.type("a")
    at.wedge.end()
    at.hands.scan("b" * LEAST, end=False)
    assert at.page.text == "a" + "b" * LEAST


# The screens


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK) as shown:
        yield shown


@pytest.mark.parametrize("watched", [True, False], ids=["wedge", "no wedge"])
@pytest.mark.parametrize("text", [" M", " M1"])
def test_no_code_can_press_the_keys_that_let_a_guest_in(
    kiosk: Opened, qtbot: QtBot, text: str, watched: bool
) -> None:
    window, bursts = kiosk.window.windowHandle(), list[tuple[Typed, ...]]()
    kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())
    kiosk.desk.official_reader(kiosk.clock.now())
    qtbot.waitUntil(lambda: kiosk.staff.card.band.band is Band.READY)
    wedge = Wedge(window, bursts.append) if watched else None
    Hands(window).scan(text)
    qtbot.wait(50)
    if wedge is None:  # what would happen else
        qtbot.waitUntil(lambda: len(kiosk.journal.log) == 1)
        return
    assert not any(each.isChecked() for each in kiosk.staff.card.toggles.values())
    assert kiosk.journal.log == []
    wedge.end()


@pytest.mark.parametrize("place", ["search field", "key", "nothing"])
@pytest.mark.parametrize("mode", list(Mode))
def test_whatever_has_the_focus_a_certificate_presses_nothing(
    qapp: QApplication, qtbot: QtBot, mode: Mode, place: str
) -> None:
    dress(qapp)
    with opened(mode) as kiosk:
        bursts: list[tuple[Typed, ...]] = []
        wedge = Wedge(kiosk.window.windowHandle(), bursts.append)
        if place == "key":
            kiosk.window.findChildren(QAbstractButton)[0].setFocus()
        elif place == "search field" and mode is Mode.DESK:
            kiosk.staff.side.search.setFocus()
        focus, language = kiosk.window.focusWidget(), kiosk.window.language
        Hands(kiosk.window.windowHandle(), FRENCH).scan(CERTIFICATE)
        qtbot.wait(50)
        assert [text_of(burst) for burst in bursts] == [CERTIFICATE]
        assert (kiosk.window.focusWidget(), kiosk.window.language) == (focus, language)
        assert not (mode is Mode.DESK and kiosk.staff.side.search.text())
        wedge.end()


def test_the_search_field_leaves_dead_keys_to_the_wedge(qapp: QApplication) -> None:
    """An input method would take them before any window sees them."""
    dress(qapp)
    with opened(Mode.DESK) as kiosk:
        question = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
        QApplication.sendEvent(kiosk.staff.side.search, question)
        assert question.value(Qt.InputMethodQuery.ImEnabled) is False


# At random


def test_of_10000_random_keys_none_of_a_burst_is_let_out_and_no_other_is_lost(
    at: Station, qtbot: QtBot
) -> None:
    chance, expected, scanned = random.Random(1), "", list[str]()  # noqa: S311
    keys = 0
    while keys < 10_000:
        at.hands.wait(chance.randint(101, 900))
        if chance.random() < 0.3:
            text = "HC1:" + "".join(chance.choices(ALPHABET, k=chance.randint(LEAST, 300)))
            at.hands.scan(text, every=chance.randint(1, 30), end=chance.random() < 0.7)
            scanned.append(text)
        else:
            text = "".join(
                chance.choices("abcdefghijklmnopqrstuvwxyz 123", k=chance.randint(1, 12))
            )
            for letter in text:
                at.hands.type(letter, chance.randint(1, 34) if chance.random() < 0.2 else 90)
            expected += text
        keys += len(text)
    qtbot.waitUntil(lambda: len(at.texts) == len(scanned) and len(at.page.text) == len(expected))
    assert at.texts == scanned
    assert at.page.text == expected


def test_10000_events_that_make_no_sense_break_nothing(at: Station) -> None:
    chance, kinds = random.Random(2), [QEvent.Type.KeyPress, QEvent.Type.KeyRelease]  # noqa: S311
    keys = [*Qt.Key]
    sent = 0
    for _ in range(10_000):
        at.hands.at = chance.choice((0, at.hands.at + chance.choice((0, 1, 20, 40, 120, -500))))
        at.hands.at = max(0, at.hands.at)
        text = chance.choice(("", "a", "\r", "\0", "é", "ab", "\U0001f600", "\x1b"))
        held = Qt.KeyboardModifier(chance.choice((0, 0, 0x02000000, 0x04000000, 0x0C000000)))
        kind, code = chance.choice(kinds), chance.choice((0, 28, 30, 100, 700))
        sent += kind == QEvent.Type.KeyPress
        key = chance.choice(keys).value
        at.hands.event(kind, key, code, text, held, repeated=chance.random() < 0.1)
    at.wedge.end()
    assert len(at.page.pressed) <= sent
    at.hands.type("still here")
    assert at.page.text.endswith("still here")
