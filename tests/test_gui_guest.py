"""The guest's screen beside scanning: languages, notice, larger text, listening, who is greeted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.core.policy.event import BadgesGiven, CertificateNeed, DeskSide
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Shown
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import CameraFault, CameraTrouble, ScannerNote
from kiosk.gui.guest.moving import MovingPicture
from kiosk.gui.parts.controls import LanguageKey
from kiosk.gui.parts.iconkey import IconKey
from kiosk.gui.parts.icons import Icon
from kiosk.gui.parts.text import Text
from kiosk.gui.parts.theme import Theme
from kiosk.gui.words.inviting import EACH, IN_TURN, QUIET, in_turn, likely_first, turn
from tests.gui_support import (
    DeskMaker,
    Opened,
    admit,
    awaiting,
    dress,
    guest_wordings,
    make_guest,
    opened,
    refuse,
    see_desk,
    station,
)

ALL = guest_wordings()
COUNTS = Counter(pt=14, pl=9, fr=3)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.SELF, say=ALL) as shown:
        shown.guest.offer_languages(COUNTS)
        yield shown


def words(kiosk: Opened) -> str:
    """All that a guest can read now."""
    return "\n".join(each.full for each in kiosk.window.findChildren(Text) if each.isVisible())


def later(kiosk: Opened, seconds: float) -> None:
    kiosk.clock.go(timedelta(seconds=seconds))
    kiosk.guest.answer.advance()
    kiosk.window._tick()


def press(key: QWidget) -> None:
    assert key.isVisible()
    QTest.mouseClick(key, Qt.MouseButton.LeftButton)


def icon_key(kiosk: Opened, icon: Icon) -> IconKey:
    page = kiosk.guest.currentWidget()
    assert page is not None
    (key,) = (each for each in page.findChildren(IconKey) if each._icon._icon is icon)
    return key


# Languages


def test_the_likely_languages_have_a_key_and_one_key_leads_to_all(kiosk: Opened) -> None:
    keys = kiosk.guest.scan.findChildren(LanguageKey)
    assert [key.language for key in keys] == ["fr", "en", "pt"]
    assert f"{len(ALL)} langues" in words(kiosk)


def test_a_language_that_nobody_is_likely_to_read_has_no_key_of_its_own(kiosk: Opened) -> None:
    kiosk.guest.offer_languages(Counter())
    keys = kiosk.guest.scan.findChildren(LanguageKey)
    assert [key.language for key in keys if key.isVisible()] == ["fr", "en"]


def test_any_language_is_two_touches_away(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.LANGUAGES))
    assert "Choisissez votre langue" in words(kiosk)
    press(next(key for key in kiosk.guest.languages.keys if key.language == "pl"))
    assert kiosk.guest.currentWidget() is kiosk.guest.scan
    assert ALL["pl"]("guest.show_certificate") in words(kiosk)


def test_all_languages_stand_in_the_order_of_their_own_names(kiosk: Opened) -> None:
    names = [key.accessibleName() for key in kiosk.guest.languages.keys]
    assert len(names) == len(ALL)
    assert names[:4] == ["Čeština", "Dansk", "Deutsch", "Eesti"]
    assert names[-4:] == ["Svenska", "Ελληνικά", "Български", "Українська"]


def test_the_language_in_use_is_marked_among_all(kiosk: Opened) -> None:
    kiosk.window.switch_language("de")
    kiosk.guest.open_page(kiosk.guest.languages)
    assert [key.language for key in kiosk.guest.languages.keys if key.isChecked()] == ["de"]


def test_a_language_without_a_key_takes_the_last_one_while_it_is_spoken(kiosk: Opened) -> None:
    kiosk.window.switch_language("de")
    keys = kiosk.guest.scan.findChildren(LanguageKey)
    assert [(key.language, key.isChecked()) for key in keys] == [
        ("fr", False),
        ("en", False),
        ("de", True),
    ]
    kiosk.window.switch_language("fr")
    assert [key.language for key in keys] == ["fr", "en", "pt"]


def test_the_page_of_languages_closes_by_itself_after_20_seconds(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.LANGUAGES))
    later(kiosk, 19.9)
    assert kiosk.guest.currentWidget() is kiosk.guest.languages
    later(kiosk, 0.1)
    assert kiosk.guest.currentWidget() is kiosk.guest.scan


@pytest.mark.parametrize("page", ["languages", "notice"])
def test_a_page_closes_with_its_key_with_escape_and_at_any_scan(kiosk: Opened, page: str) -> None:
    asked, screen = getattr(kiosk.guest, page), kiosk.guest
    screen.open_page(asked)
    press(icon_key(kiosk, Icon.BACK))
    assert screen.currentWidget() is screen.scan
    screen.open_page(asked)
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.scan
    screen.open_page(asked)
    kiosk.window.show_admission(awaiting(Shown.AWAIT_BADGE))
    assert screen.currentWidget() is screen.scan
    screen.open_page(asked)
    kiosk.window.show_admission(refuse())
    later(kiosk, 29)
    assert screen.currentWidget() is screen.answer


def test_a_norwegian_of_the_list_is_answered_in_norwegian(kiosk: Opened) -> None:
    for code in ("no", "nn", "nb"):
        kiosk.window.show_admission(admit(make_guest(language=code)))
        spoken = kiosk.guest._say.language
        assert spoken == ("nb" if "nb" in ALL else "fr")


def test_the_event_s_languages_come_first_then_those_of_the_most_guests() -> None:
    there = ["bg", "de", "en", "fr", "nb", "pt"]
    counts = {"de": 2, "no": 3, "nn": 1, "en": 1, "xx": 50}
    assert likely_first(there, ("fr", "en"), counts) == ("fr", "en", "nb", "de", "bg", "pt")


def test_only_languages_of_the_event_and_of_guests_greet_and_at_most_eight() -> None:
    there = [f"l{number}" for number in range(12)]
    counts = dict.fromkeys(there[2:], 1)
    likely = likely_first(there, ("l11",), counts)
    assert in_turn(likely, ("l11",), {"l3": 5}) == ("l11", "l3")
    assert len(in_turn(likely, ("l11",), counts)) == IN_TURN


# Who is greeted


def test_the_greeting_takes_turns_only_after_quiet_and_in_order() -> None:
    languages = ("fr", "en", "pt")
    assert turn(languages, QUIET - 0.1) is None
    seen = [turn(languages, QUIET + EACH * number) for number in range(4)]
    assert seen == ["en", "pt", "fr", "en"]
    assert turn(("fr",), 1000) is None


def greeted(kiosk: Opened) -> str:
    return kiosk.guest.scan.words.greeting.full


def test_while_nobody_is_there_the_greeting_goes_through_the_languages(kiosk: Opened) -> None:
    later(kiosk, QUIET)
    assert greeted(kiosk) == "Welcome to Saint-Ouen"
    later(kiosk, EACH)
    assert greeted(kiosk) == ALL["pt"]("guest.greeting", town="Saint-Ouen")
    assert ALL["pt"]("guest.show_certificate") in words(kiosk)
    assert "8 langues" in words(kiosk) or f"{len(ALL)} langues" in words(kiosk)


def test_one_language_fades_into_the_next_and_not_at_all_where_nothing_may_move(
    kiosk: Opened, qtbot: QtBot
) -> None:
    words_, seen = kiosk.guest.scan.words, []
    later(kiosk, QUIET)
    seen.append(words_.grab().toImage())
    qtbot.waitUntil(lambda: not words_._veil.isVisible())
    seen.append(words_.grab().toImage())
    assert seen[0] != seen[1]
    kiosk.window.take_settings(replace(kiosk.window.settings, reduced_motion=True))
    later(kiosk, EACH)
    assert greeted(kiosk) == ALL["pt"]("guest.greeting", town="Saint-Ouen")
    assert not words_._veil.isVisible()


@pytest.mark.parametrize("what", ["touch", "key", "code", "scan"])
def test_whoever_comes_finds_the_event_s_language_at_once(kiosk: Opened, what: str) -> None:
    later(kiosk, QUIET)
    assert greeted(kiosk) == "Welcome to Saint-Ouen"
    match what:
        case "touch":
            QTest.mouseClick(kiosk.guest, Qt.MouseButton.LeftButton)
        case "key":
            QTest.keyClick(kiosk.guest, Qt.Key.Key_A)
        case "code":
            kiosk.window.show_codes([((1, 1), (9, 1), (9, 9), (1, 9))], (640, 480))
            QApplication.processEvents()
        case "scan":
            kiosk.window.show_admission(awaiting(Shown.AWAIT_BADGE))
    assert greeted(kiosk) == "Bienvenue à Saint-Ouen"
    later(kiosk, QUIET - 0.1)
    assert greeted(kiosk) == "Bienvenue à Saint-Ouen"


def test_nobody_is_greeted_while_a_guest_looks_for_the_second_code(kiosk: Opened) -> None:
    kiosk.window.show_admission(awaiting(Shown.AWAIT_CERTIFICATE))
    later(kiosk, QUIET + EACH)
    assert greeted(kiosk) == "Bienvenue à Saint-Ouen"


def test_the_guest_list_decides_which_languages_have_a_key(
    qapp: QApplication, qtbot: QtBot
) -> None:
    dress(qapp)
    read = ("de", "pl", "pl", "", "xx")
    guests = tuple(make_guest(1 + n, language=each) for n, each in enumerate(read))
    with opened(Mode.SELF, say=ALL, open_desk=DeskMaker(Mode.SELF, guests)) as kiosk:
        keys = kiosk.guest.scan.findChildren(LanguageKey)
        qtbot.waitUntil(lambda: [key.language for key in keys] == ["fr", "en", "pl"])


# Your data


def test_the_notice_tells_all_that_guests_must_know(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.INFO))
    read = words(kiosk)
    for needed in ("Ce qui est lu", "Ce qui est conservé", "2021-689", "Vos droits"):
        assert needed in read
    assert "Région Île-de-France. Questions sur vos données" in read


def test_the_notice_claims_no_law_that_the_event_does_not_name(qapp: QApplication) -> None:
    dress(qapp)
    here = station(Mode.SELF)
    here = replace(here, event=replace(here.event, legal_basis="", controller=""))
    with opened(Mode.SELF, at=here) as kiosk:
        kiosk.guest.open_page(kiosk.guest.notice)
        assert "L’organisateur contrôle les certificats" in words(kiosk)
        assert "obligation" not in words(kiosk)
        assert "tenu de" not in words(kiosk)


def test_the_notice_closes_by_itself_after_45_seconds(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.INFO))
    later(kiosk, 44.9)
    assert kiosk.guest.currentWidget() is kiosk.guest.notice
    later(kiosk, 0.1)
    assert kiosk.guest.currentWidget() is kiosk.guest.scan


# Larger text, high contrast


def look(kiosk: Opened) -> tuple[Theme, bool]:
    style = kiosk.guest.scan._style
    return style.theme, style.large


def test_large_text_and_high_contrast_are_one_touch_each_there_and_back(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.LARGER))
    assert look(kiosk) == (Theme.LIGHT, True)
    press(icon_key(kiosk, Icon.CONTRAST))
    assert look(kiosk) == (Theme.CONTRAST, True)
    press(icon_key(kiosk, Icon.LARGER))
    press(icon_key(kiosk, Icon.CONTRAST))
    assert look(kiosk) == (Theme.LIGHT, False)


def test_the_next_guest_finds_the_usual_look(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.LARGER))
    press(icon_key(kiosk, Icon.CONTRAST))
    kiosk.window.show_admission(admit())
    assert look(kiosk) == (Theme.CONTRAST, True)
    later(kiosk, 5)
    assert look(kiosk) == (Theme.LIGHT, False)
    assert not icon_key(kiosk, Icon.LARGER).isChecked()


def test_the_usual_look_comes_back_after_a_minute_of_nobody(kiosk: Opened) -> None:
    press(icon_key(kiosk, Icon.LARGER))
    later(kiosk, 59.9)
    assert look(kiosk) == (Theme.LIGHT, True)
    later(kiosk, 0.1)
    assert look(kiosk) == (Theme.LIGHT, False)


def test_a_hint_that_nothing_followed_keeps_no_language(kiosk: Opened) -> None:
    kiosk.window.switch_language("pl")
    kiosk.window.show_admission(replace(refuse(), shown=Shown.ONE_AT_A_TIME))
    later(kiosk, 60)
    assert kiosk.window.language == "fr"


# Listening


def test_there_is_no_key_to_listen_to_a_language_that_cannot_be_heard(kiosk: Opened) -> None:
    assert not icon_key(kiosk, Icon.LISTEN).isVisible()
    kiosk.guest.can_listen = lambda language: language == "en"
    assert not icon_key(kiosk, Icon.LISTEN).isVisible()
    kiosk.window.switch_language("en")
    assert icon_key(kiosk, Icon.LISTEN).isVisible()


def test_whoever_listens_hears_each_sentence_until_the_visit_is_over(kiosk: Opened) -> None:
    heard: list[tuple[str, str]] = []
    kiosk.guest.can_listen = lambda _: True
    kiosk.guest.listen_wanted.connect(lambda text, language: heard.append((text, language)))
    press(icon_key(kiosk, Icon.LISTEN))
    kiosk.window.show_admission(awaiting(Shown.AWAIT_BADGE))
    kiosk.window.show_admission(admit())
    assert [text.partition(".")[0] for text, _ in heard] == [
        "Montrez votre certificat à la caméra Merci de garder votre masque",
        "Merci",
        "Bienvenue, \u2068Usuaria\u2069",
    ]
    later(kiosk, 5)
    assert heard[-1] == ("", "fr")
    kiosk.window.show_admission(refuse())
    assert heard[-1] == ("", "fr")


# Doors


def at(here: Station, certificate: CertificateNeed, badges: BadgesGiven) -> Station:
    door = replace(here.door, certificate=certificate)
    return replace(here, door=door, event=replace(here.event, badges=badges))


@pytest.mark.parametrize(
    ("certificate", "badges", "asked"),
    [
        (CertificateNeed.ONCE_A_DAY, BadgesGiven.BEFOREHAND, (True, True)),
        (CertificateNeed.ONCE_A_DAY, BadgesGiven.AT_THE_DOOR, (True, False)),
        (CertificateNeed.NEVER, BadgesGiven.BEFOREHAND, (False, True)),
    ],
)
def test_a_door_asks_for_what_it_needs(
    certificate: CertificateNeed,
    badges: BadgesGiven,
    asked: tuple[bool, bool],
    qapp: QApplication,
) -> None:
    dress(qapp)
    with opened(Mode.SELF, at=at(station(Mode.SELF), certificate, badges)) as kiosk:
        steps = kiosk.guest.scan.words
        assert (steps.certificate.isVisible(), steps.badge.isVisible()) == asked
        asks = "Montrez votre certificat" if asked[0] else "Montrez votre badge"
        assert asks in words(kiosk)


def test_a_closed_door_says_so_and_comes_back_to_it_after_an_answer(kiosk: Opened) -> None:
    kiosk.guest.show_closed()
    assert "Cette entrée n’est pas encore ouverte" in words(kiosk)
    kiosk.window.show_admission(see_desk(Reason.ROOM_FULL))
    assert kiosk.guest.currentWidget() is kiosk.guest.answer
    later(kiosk, 30)
    assert kiosk.guest.currentWidget() is kiosk.guest.closed
    kiosk.guest.show_open()
    assert kiosk.guest.currentWidget() is kiosk.guest.scan


@pytest.mark.parametrize("desk", [*DeskSide, None])
def test_amber_points_to_the_desk(desk: DeskSide | None, qapp: QApplication) -> None:
    dress(qapp)
    here = station(Mode.SELF)
    with opened(Mode.SELF, at=replace(here, door=replace(here.door, desk=desk))) as kiosk:
        kiosk.window.show_admission(see_desk(Reason.ROOM_FULL))
        arrow = kiosk.guest.answer._way
        assert arrow.isVisible() == (desk is not None)
        drawn = {arrow._icon: arrow._turned}
        expected = {
            DeskSide.LEFT: {Icon.ARROW: 180.0},
            DeskSide.RIGHT: {Icon.ARROW: 0.0},
            DeskSide.AHEAD: {Icon.ARROW: -90.0},
            DeskSide.BEHIND: {Icon.TURN: 0.0},
            None: {None: 0.0},
        }
        assert drawn == expected[desk]


# For staff


def test_a_note_for_staff_is_in_their_language_whatever_guests_read(kiosk: Opened) -> None:
    kiosk.window.switch_language("pl")
    kiosk.window.scanner_note(ScannerNote.LOST)
    QApplication.processEvents()
    assert "Douchette débranchée" in words(kiosk)
    kiosk.window.camera_trouble(CameraTrouble(CameraFault.NOT_CONNECTED, "Desk cam"))
    QApplication.processEvents()
    assert "n’est pas branchée." in words(kiosk)


# What moves


def test_the_moving_picture_moves_while_it_is_seen_unless_nothing_may(kiosk: Opened) -> None:
    (picture,) = kiosk.guest.findChildren(MovingPicture)
    seen = [picture.moving]
    kiosk.window.show_admission(admit())
    seen.append(picture.moving)
    later(kiosk, 5)
    seen.append(picture.moving)
    kiosk.window.take_settings(replace(kiosk.window.settings, reduced_motion=True))
    assert [*seen, picture.moving] == [True, False, True, False]
