"""The desk's screen: hands that know it, one key one entry, nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.core.entry import EntryAct, EntryBasis
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.guests.standing import SeatPassed
from kiosk.core.policy.event import Confirmation
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Answered, Counters, Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from kiosk.gui.desk_thread import Overview
from kiosk.gui.parts.controls import Panel, Pressable, SideKey
from kiosk.gui.parts.text import Text
from kiosk.gui.words.phrases import Band
from tests.gui_support import (
    AT,
    GUESTS,
    SOMEBODY,
    Opened,
    admit,
    awaiting,
    badge_of,
    dress,
    opened,
    ready,
    refuse,
    see_desk,
    station,
    waiting,
)

ENTER, SPACE, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Opened]:
    dress(qapp)
    with opened(Mode.DESK) as shown:
        yield shown


def words(kiosk: Opened) -> str:
    return "\n".join(each.full for each in kiosk.window.findChildren(Text) if each.isVisible())


def press(kiosk: Opened, *keys: Qt.Key) -> None:
    """Press keys wherever the focus is."""
    for key in keys:
        QTest.keyClick(kiosk.window.focusWidget() or kiosk.staff, key)


def band(kiosk: Opened) -> Band:
    return kiosk.staff.card.band.band


def armed(kiosk: Opened) -> bool:
    """Whether Enter would let somebody in."""
    return kiosk.staff.card.primary.ready


def reach_ready(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.desk.sight((badge_of(SOMEBODY),), kiosk.clock.now())
    press(kiosk, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: band(kiosk) is Band.READY)


def test_reader_confirmations_and_enter_let_a_guest_in(kiosk: Opened, qtbot: QtBot) -> None:
    reach_ready(kiosk, qtbot)
    assert kiosk.journal.log == []
    assert not armed(kiosk)
    press(kiosk, SPACE, Qt.Key.Key_M)
    assert armed(kiosk)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    (record,) = kiosk.journal.log
    assert (record.act, record.guest, record.staff) == (EntryAct.IN, SOMEBODY.id, "session-1")
    assert record.basis is EntryBasis.OFFICIAL_READER
    assert "Entrée validée" in words(kiosk)
    qtbot.waitUntil(lambda: kiosk.staff.header._figures["present"].number == "1")


def test_enter_without_a_confirmation_asks_for_it_and_lets_nobody_in(
    kiosk: Opened, qtbot: QtBot
) -> None:
    reach_ready(kiosk, qtbot)
    press(kiosk, SPACE, ENTER)
    mask = kiosk.staff.card.toggles[Confirmation.MASK]
    assert mask.flashing
    assert mask.hasFocus()
    qtbot.wait(50)
    assert kiosk.journal.log == []
    press(kiosk, SPACE)  # acts on what has the focus
    assert mask.isChecked()
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)


def test_a_confirmation_can_be_taken_back(kiosk: Opened) -> None:
    kiosk.window.show_admission(ready())
    press(kiosk, SPACE, Qt.Key.Key_M, Qt.Key.Key_M)
    assert not armed(kiosk)
    assert kiosk.staff.card.seen == {Confirmation.ID_DOCUMENT}


def test_confirmations_never_pass_to_the_next_card(kiosk: Opened) -> None:
    kiosk.window.show_admission(ready())
    press(kiosk, SPACE, Qt.Key.Key_M)
    kiosk.window.show_admission(ready(GUESTS[1]))
    assert kiosk.staff.card.seen == frozenset()
    assert not armed(kiosk)


@pytest.mark.parametrize(
    "admission", [see_desk(Reason.NAMES_DIFFER), refuse(), awaiting(Shown.AWAIT_BADGE), admit()]
)
def test_nothing_can_be_confirmed_but_a_ready_card(
    kiosk: Opened, qtbot: QtBot, admission: Admission
) -> None:
    kiosk.window.show_admission(admission)
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER)
    qtbot.wait(30)
    assert kiosk.staff.card.seen == frozenset()
    assert kiosk.journal.log == []


def test_an_event_without_confirmations_lets_in_with_enter_alone(qapp: QApplication) -> None:
    dress(qapp)
    plain = station(Mode.DESK)
    plain = replace(plain, event=replace(plain.event, confirmations=()))
    with opened(Mode.DESK, at=plain) as kiosk:
        kiosk.window.show_admission(ready())
        assert kiosk.staff.card.toggles == {}
        assert armed(kiosk)
        kiosk.window.show_admission(refuse())
        assert not armed(kiosk)


def test_a_confirmation_that_the_event_does_not_ask_for_is_not_shown(qapp: QApplication) -> None:
    dress(qapp)
    plain = station(Mode.DESK)
    plain = replace(plain, event=replace(plain.event, confirmations=(Confirmation.MASK,)))
    with opened(Mode.DESK, at=plain) as kiosk:
        kiosk.window.show_admission(ready())
        press(kiosk, SPACE)
        assert kiosk.staff.card.seen == frozenset()
        press(kiosk, Qt.Key.Key_M)
        assert armed(kiosk)


def test_a_card_that_stays_keeps_its_confirmations(kiosk: Opened, qtbot: QtBot) -> None:
    reach_ready(kiosk, qtbot)
    press(kiosk, SPACE)
    with qtbot.waitSignal(kiosk.window.answered):
        kiosk.desk.not_read(kiosk.clock.now())
    press(kiosk, Qt.Key.Key_M)
    assert armed(kiosk)


def test_a_key_held_down_counts_once(kiosk: Opened) -> None:
    kiosk.window.show_admission(ready())
    for key in (SPACE, Qt.Key.Key_M):
        none = Qt.KeyboardModifier.NoModifier
        held = QKeyEvent(QEvent.Type.KeyPress, key, none, "", True)
        QApplication.sendEvent(kiosk.staff, held)
    assert kiosk.staff.card.seen == frozenset()


def test_green_is_filled_only_when_the_entry_is_on_disk(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.journal.full = True
    reach_ready(kiosk, qtbot)
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.DESK)
    assert "L’entrée n’a pas pu être écrite sur le disque." in words(kiosk)


def test_a_guest_leaves_with_one_key(kiosk: Opened, qtbot: QtBot) -> None:
    reach_ready(kiosk, qtbot)
    press(kiosk, SPACE, Qt.Key.Key_M, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.ADMIT)
    press(kiosk, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: band(kiosk) is Band.LEFT)
    assert "Sortie enregistrée" in words(kiosk)
    assert [record.act for record in kiosk.journal.log] == [EntryAct.IN, EntryAct.OUT]


def test_a_guest_who_is_not_inside_is_told_so(kiosk: Opened, qtbot: QtBot) -> None:
    kiosk.window.show_admission(see_desk(Reason.ROOM_FULL, guest=SOMEBODY))
    press(kiosk, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: band(kiosk) is Band.LEFT)
    assert "Pas à l’intérieur" in words(kiosk)


def test_nobody_can_leave_while_nobody_is_shown(kiosk: Opened) -> None:
    leaves = [key for key in kiosk.window.findChildren(SideKey) if "F7" in key.accessibleName()]
    assert [key.isEnabled() for key in leaves] == [False]
    kiosk.window.show_admission(ready())
    assert [key.isEnabled() for key in leaves] == [True]


def test_escape_makes_ready_for_the_next_guest(kiosk: Opened, qtbot: QtBot) -> None:
    reach_ready(kiosk, qtbot)
    press(kiosk, ESCAPE)
    assert band(kiosk) is Band.IDLE
    assert "Usuaria" not in kiosk.staff.card._name.full
    press(kiosk, ENTER)
    qtbot.wait(30)
    assert kiosk.journal.log == []


# Search, guests who wait, candidates


def test_a_name_is_found_while_typing_and_enter_chooses(kiosk: Opened, qtbot: QtBot) -> None:
    press(kiosk, Qt.Key.Key_F3)
    assert kiosk.staff.side.search.hasFocus()
    QTest.keyClicks(kiosk.staff.side.search, "berz")
    first = kiosk.staff.finder.rows[0]
    qtbot.waitUntil(lambda: first.guest_id == GUESTS[1].id)
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: "Jānis Bērziņš" in kiosk.staff.card._name.full)
    assert kiosk.staff.side.search.text() == ""
    assert kiosk.journal.log == []


def test_letters_and_space_in_the_search_are_letters(kiosk: Opened) -> None:
    kiosk.window.show_admission(ready())
    press(kiosk, Qt.Key.Key_F3)
    QTest.keyClicks(kiosk.staff.side.search, "m 1")
    assert kiosk.staff.side.search.text() == "m 1"
    assert kiosk.staff.card.seen == frozenset()


def test_who_types_goes_on_typing_when_an_answer_comes(kiosk: Opened) -> None:
    press(kiosk, Qt.Key.Key_F3)
    kiosk.window.show_admission(ready())
    assert kiosk.staff.side.search.hasFocus()


def test_nobody_found_is_said(kiosk: Opened, qtbot: QtBot) -> None:
    press(kiosk, Qt.Key.Key_F3)
    QTest.keyClicks(kiosk.staff.side.search, "zzz")
    qtbot.waitUntil(lambda: "Aucun résultat" in words(kiosk))
    press(kiosk, ESCAPE)
    assert "Dernières réponses" in words(kiosk)


def test_a_row_is_chosen_with_a_click_or_with_the_arrows(kiosk: Opened, qtbot: QtBot) -> None:
    press(kiosk, Qt.Key.Key_F3)
    QTest.keyClicks(kiosk.staff.side.search, "a")
    first = kiosk.staff.finder.rows[0]
    qtbot.waitUntil(lambda: bool(first.guest_id))
    press(kiosk, Qt.Key.Key_Down)
    assert first.hasFocus()
    press(kiosk, ENTER)
    qtbot.waitUntil(lambda: band(kiosk) is Band.STEP)


def overview(kiosk: Opened, *numbers: int, recent: tuple[Answered, ...] = ()) -> None:
    guests = waiting(*(GUESTS[number] for number in numbers))
    kiosk.staff.show_overview(Overview(Counters(148, 161, 212, 3, 9), recent, guests))


def test_a_guest_who_waits_is_brought_up_with_one_key(kiosk: Opened, qtbot: QtBot) -> None:
    overview(kiosk, 3, 1)
    press(kiosk, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Jānis Bērziņš")


def test_a_guest_who_waits_is_brought_up_with_one_click(kiosk: Opened, qtbot: QtBot) -> None:
    overview(kiosk, 3, 1)
    QTest.mouseClick(kiosk.staff.side.waiting.rows[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Ana Martins")


def test_candidates_take_the_number_keys(kiosk: Opened, qtbot: QtBot) -> None:
    overview(kiosk, 3, 1)
    several = replace(see_desk(Reason.SEVERAL_GUESTS), candidates=GUESTS[:5])
    kiosk.window.show_admission(several)
    assert "Plusieurs personnes de la liste portent ce nom." in words(kiosk)
    press(kiosk, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: kiosk.staff.card._name.full == "Léa Le Goff")


def test_a_crossed_pair_is_confirmed_with_one_key(kiosk: Opened) -> None:
    pair = see_desk(Reason.PAIR_CROSSED, guest=SOMEBODY)
    pair = replace(pair, candidates=GUESTS[1:2], confirmable=True)
    kiosk.window.show_admission(pair)
    for toggle in kiosk.staff.card.toggles.values():
        toggle.click()
    assert armed(kiosk)
    assert "Laisser entrer les deux" in words(kiosk)


def test_a_blank_badge_of_another_desk_is_told_with_its_number_and_that_desk(
    kiosk: Opened,
) -> None:
    blank = ReserveBadge(bytes(8), "Desk 2", "R2-017")
    kiosk.window.show_admission(
        Admission(Shown.DESK, AT, (Reason.BADGE_OF_RESERVE,), has_badge=True, blank=blank)
    )
    said = words(kiosk)
    assert "R2-017" in said
    assert "Desk 2" in said
    own = Admission(Shown.DESK, AT, (Reason.BADGE_NOT_HANDED_OUT,), has_badge=True, blank=blank)
    kiosk.window.show_admission(own)
    said = words(kiosk)
    assert "R2-017" in said
    assert "Desk 2" not in said


def test_who_has_the_seat_that_was_passed_on_and_since_when_is_told_to_staff(
    kiosk: Opened,
) -> None:
    passed = SeatPassed(GUESTS[1], AT - timedelta(minutes=7))
    card = replace(see_desk(Reason.SEAT_PASSED_ON), guest=GUESTS[0], seat_passed=passed)
    kiosk.window.show_admission(card)
    said = words(kiosk)
    assert GUESTS[1].name in said
    assert "08:40" in said


def test_figures_and_last_answers_are_shown(kiosk: Opened) -> None:
    recent = (
        Answered(AT, Shown.ADMIT, "Usuaria F."),
        Answered(AT, Shown.REFUSE, ""),
        Answered(AT, Shown.ADMIT, "Ana M.", left=True),
    )
    overview(kiosk, recent=recent)
    shown = words(kiosk)
    for text in ("148", "161", "212", "3", "Usuaria F.", "Refus", "Sortie", "Personne n’attend."):
        assert text in shown


def test_the_age_of_the_list_is_told_in_the_language_of_staff(kiosk: Opened) -> None:
    kiosk.window.tell_list_age(AT.date())
    assert "Liste de confiance du 22 novembre 2021" in words(kiosk)
    kiosk.window.switch_language("en")
    assert "Trust list of 22 November 2021" in words(kiosk)
    kiosk.window.tell_list_age(AT.date(), revocation=True)
    kiosk.staff.header.banner.turn()
    assert "Revocation list of 22 November 2021" in words(kiosk)


def test_staff_keep_their_language_whatever_the_guest_s_is(kiosk: Opened) -> None:
    kiosk.window.show_admission(ready(replace(SOMEBODY, language="en")))
    assert "Prêt\u00a0: confirmez" in words(kiosk)
    kiosk.window.switch_language("en")
    assert "Ready: confirm" in words(kiosk)
    assert "Usuaria Ficticia" in words(kiosk)


def test_a_refusal_names_nobody_and_no_reason(kiosk: Opened) -> None:
    kiosk.window.show_admission(ready())
    kiosk.window.show_admission(refuse())
    shown = words(kiosk)
    assert "Usuaria" not in shown
    assert "Ce certificat n’est pas accepté pour cet événement." in shown


def places(kiosk: Opened) -> dict[str, QRect]:
    """Where everything lies that must not move."""
    card = kiosk.staff.card
    lasting: list[QWidget] = [card, card.band, card._name, card._middle, card.primary]
    lasting += [*card.toggles.values(), kiosk.staff.side.preview, kiosk.staff.side.search]
    side = kiosk.staff.side
    lasting += [side.recent, side.recent._title, *side.recent.cells, side.undo]
    lasting += [side.waiting, side.waiting._title, *side.waiting.rows]
    lasting += [line._since for line in side.waiting.rows]
    lasting += [kiosk.staff.header, *kiosk.staff.header.figures.figures.values()]
    return {
        f"{number} {type(each).__name__}": QRect(each.mapTo(kiosk.window, QPoint()), each.size())
        for number, each in enumerate(lasting)
    }


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600), (1080, 1920)])
def test_nothing_moves_when_the_answer_changes(qapp: QApplication, size: tuple[int, int]) -> None:
    dress(qapp)
    with opened(Mode.DESK, size) as kiosk:
        overview(kiosk, 1, 2, 3)
        qapp.processEvents()
        before = places(kiosk)
        for admission in (
            ready(),
            admit(checked_only=False),
            replace(see_desk(Reason.SEVERAL_GUESTS), candidates=GUESTS[:5]),
            see_desk(Reason.NAMES_DIFFER, Reason.ROOM_FULL, Reason.SEATS_TAKEN, guest=SOMEBODY),
            refuse(),
            awaiting(Shown.AWAIT_CERTIFICATE, SOMEBODY),
            Admission(Shown.ONE_AT_A_TIME, AT),
        ):
            kiosk.window.show_admission(admission)
            qapp.processEvents()
            assert places(kiosk) == before, admission


def test_a_desk_that_cannot_be_opened_names_code_and_remedy(
    qapp: QApplication, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def open_desk() -> EntryDesk:
        raise OSError("disk")

    dress(qapp)
    with opened(Mode.DESK, open_desk=open_desk) as kiosk:
        qtbot.waitUntil(lambda: "Démarrage impossible" in words(kiosk))
        assert "program_trouble" in words(kiosk)
        assert "liste papier" in words(kiosk)
    assert "OSError" in caplog.text


def test_everything_that_can_be_pressed_has_a_name_and_its_place_in_the_tab_order(
    kiosk: Opened,
) -> None:
    overview(kiosk, 1, 2)
    pressable = [key for key in kiosk.window.findChildren(Pressable) if key.isVisible()]
    assert len(pressable) >= 10
    for key in pressable:
        assert key.accessibleName()
        assert key.focusPolicy() is Qt.FocusPolicy.TabFocus
    assert kiosk.staff.side.search.accessibleName()
    assert kiosk.staff.preview.accessibleName()


def test_a_focused_key_looks_different(kiosk: Opened) -> None:
    key = kiosk.staff.card.findChildren(SideKey)[0]
    before = key.grab().toImage()
    key.setFocus(Qt.FocusReason.TabFocusReason)
    assert key.grab().toImage() != before
    assert isinstance(kiosk.staff.card, Panel)
