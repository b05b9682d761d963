"""The thread of the desk: answers arrive, nothing is lost, no failure stops the door."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kiosk.core.entry import EntryAct
from kiosk.core.policy.event import Confirmation
from kiosk.core.reasons import Reason
from kiosk.desk.admission import Admission, Found, Shown, Today
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.ports import StorageTroubleError
from kiosk.gui.desk_thread import DeskThread, Overview
from tests.gui_support import AT, GUESTS, SOMEBODY, DeskMaker, badge_of

ALL_SEEN = frozenset(Confirmation)
SOON = timedelta(seconds=1)


@pytest.fixture
def maker() -> DeskMaker:
    return DeskMaker()


@pytest.fixture
def desk(maker: DeskMaker, qtbot: QtBot) -> Iterator[DeskThread]:
    del qtbot
    thread = DeskThread(maker)
    thread.start()
    yield thread
    assert thread.stop()


class Kept:
    """Keeps what a desk thread says."""

    def __init__(self, desk: DeskThread) -> None:
        self.admissions: list[Admission] = []
        self.overviews: list[Overview] = []
        self.threads: set[int] = set()
        desk.admission.connect(self._admission)
        desk.overview.connect(self.overviews.append)

    def _admission(self, admission: Admission) -> None:
        self.threads.add(threading.get_ident())
        self.admissions.append(admission)

    @property
    def shown(self) -> list[Shown]:
        return [each.shown for each in self.admissions]


def test_a_badge_is_answered_and_an_overview_follows(desk: DeskThread, qtbot: QtBot) -> None:
    kept = Kept(desk)
    with qtbot.waitSignal(desk.overview):
        desk.sight((badge_of(SOMEBODY),), AT)
    assert kept.shown == [Shown.AWAIT_CERTIFICATE]
    assert kept.admissions[0].guest == SOMEBODY
    assert kept.overviews[0].counters.expected == len(GUESTS)


def test_the_desk_is_built_and_used_in_a_thread_of_its_own(qtbot: QtBot) -> None:
    threads: list[int] = []

    def open_desk() -> EntryDesk:
        threads.append(threading.get_ident())
        return DeskMaker()()

    desk = DeskThread(open_desk)
    kept = Kept(desk)
    desk.start()
    with qtbot.waitSignal(desk.overview):
        desk.sight((badge_of(SOMEBODY),), AT)
    assert desk.stop()
    assert threads != [threading.get_ident()]
    assert kept.threads == {threading.get_ident()}


def test_a_frame_with_nothing_new_is_no_news(desk: DeskThread, qtbot: QtBot) -> None:
    kept = Kept(desk)
    for _ in range(50):
        desk.sight((), AT)
        desk.tick(AT)
    with qtbot.waitSignal(desk.overview):
        desk.refresh(AT)
    assert (kept.admissions, len(kept.overviews)) == ([], 1)


def test_the_log_rests_while_nobody_asks_and_is_closed_at_the_end(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    desk.tick(AT)
    qtbot.waitUntil(lambda: maker.journal.rests == 1)
    assert not maker.journal.closed
    assert desk.stop()
    assert maker.journal.closed


def test_a_full_disk_keeps_nobody_from_resting_and_closing(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    kept = Kept(desk)
    maker.journal.full = True
    desk.tick(AT)
    with qtbot.waitSignal(desk.overview):
        desk.refresh(AT)
    assert desk.stop()
    assert (kept.admissions, maker.journal.rests, maker.journal.closed) == ([], 0, False)


def test_reader_badge_and_key_make_an_entry(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    kept = Kept(desk)
    desk.sight((badge_of(SOMEBODY),), AT)
    desk.official_reader(AT)
    desk.confirm(ALL_SEEN, AT)
    qtbot.waitUntil(lambda: len(kept.overviews) == 3)
    assert kept.shown == [Shown.AWAIT_CERTIFICATE, Shown.READY, Shown.ADMIT]
    assert [record.act for record in maker.journal.log] == [EntryAct.IN]
    assert kept.overviews[-1].counters.present == 1


def test_a_confirmation_of_a_card_that_was_replaced_lets_nobody_in(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    kept = Kept(desk)
    for guest in GUESTS[:2]:
        desk.clear()
        desk.official_reader(AT)
        desk.choose(guest.id, AT)
    qtbot.waitUntil(lambda: len(kept.admissions) == 4)
    seen_by_staff, newest = kept.admissions[1], kept.admissions[3]
    assert (seen_by_staff.shown, newest.shown) == (Shown.READY, Shown.READY)
    desk.confirm(ALL_SEEN, AT, seen_by_staff)
    desk.confirm(ALL_SEEN, AT, newest)
    qtbot.waitUntil(lambda: Shown.ADMIT in kept.shown)
    assert [record.guest for record in maker.journal.log] == [GUESTS[1].id]


def test_a_visit_that_waited_is_answered_by_the_tick(desk: DeskThread, qtbot: QtBot) -> None:
    kept = Kept(desk)
    desk.sight((badge_of(SOMEBODY),), AT)
    desk.tick(AT + timedelta(seconds=31))
    qtbot.waitUntil(lambda: len(kept.admissions) == 2)
    assert kept.admissions[1].reasons == (Reason.CERTIFICATE_MISSING,)


def test_beside_a_guest_s_code_the_desk_is_asked_only_while_it_waits_for_the_second(
    desk: DeskThread, qtbot: QtBot
) -> None:
    kept = Kept(desk)
    desk.sight((badge_of(SOMEBODY),), AT)
    desk.not_read(AT + 8 * SOON, beside=True)
    desk.not_read(AT + 16 * SOON, beside=True)  # answered already
    desk.not_read(AT + 17 * SOON)
    qtbot.waitUntil(lambda: len(kept.admissions) == 3)
    assert kept.shown == [Shown.AWAIT_CERTIFICATE, Shown.DESK, Shown.DESK]
    assert [each.at - AT for each in kept.admissions] == [0 * SOON, 8 * SOON, 17 * SOON]


def test_a_search_tells_the_guests(desk: DeskThread, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.found) as found:
        desk.search("łuk", AT)
    assert found.args == ["łuk", (Found(GUESTS[2], Today.NOT_IN_YET),)]


def test_a_cleared_visit_is_forgotten(desk: DeskThread, qtbot: QtBot) -> None:
    kept = Kept(desk)
    desk.official_reader(AT)
    desk.clear()
    desk.choose(SOMEBODY.id, AT)
    qtbot.waitUntil(lambda: len(kept.admissions) == 2)
    assert kept.admissions[1].shown is Shown.AWAIT_CERTIFICATE


def let_in(desk: DeskThread) -> None:
    desk.official_reader(AT)
    desk.choose(SOMEBODY.id, AT)
    desk.confirm(ALL_SEEN, AT)


def test_a_guest_who_leaves_is_counted_out(desk: DeskThread, qtbot: QtBot) -> None:
    kept = Kept(desk)
    let_in(desk)
    with qtbot.waitSignal(desk.left) as left:
        desk.let_out(SOMEBODY.id, AT + SOON)
    assert left.args == [True, SOMEBODY.id]
    qtbot.waitUntil(lambda: len(kept.overviews) == 4)
    assert kept.overviews[-1].counters.present == 0
    assert kept.overviews[-1].recent[0].left


def test_a_guest_who_is_not_inside_cannot_leave(desk: DeskThread, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.left) as left:
        desk.let_out(SOMEBODY.id, AT)
    assert left.args == [False, SOMEBODY.id]


def test_a_leave_that_cannot_be_written_is_told_to_staff(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    kept = Kept(desk)
    let_in(desk)
    qtbot.waitUntil(lambda: Shown.ADMIT in kept.shown)
    maker.journal.full = True
    with qtbot.waitSignal(desk.admission) as told:
        desk.let_out(SOMEBODY.id, AT + SOON)
    admission = told.args[0]
    assert (admission.shown, admission.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))
    assert admission.guest == SOMEBODY


def test_what_was_asked_before_the_end_is_still_recorded(maker: DeskMaker, qtbot: QtBot) -> None:
    del qtbot
    desk = DeskThread(maker)
    desk.start()
    let_in(desk)
    assert desk.stop()
    assert [record.act for record in maker.journal.log] == [EntryAct.IN]


def test_a_desk_that_was_never_started_stops() -> None:
    assert DeskThread(DeskMaker()).stop()


def test_a_failure_sends_to_the_desk_and_the_log_holds_no_name(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(EntryDesk):
        def sight(self, texts: object, at: object) -> Admission | None:
            del at
            raise RuntimeError(f"Usuaria Ficticia {texts}")

    def open_desk() -> EntryDesk:
        desk = DeskMaker()()
        desk.__class__ = Failing
        return desk

    desk = DeskThread(open_desk)
    desk.start()
    with caplog.at_level(logging.DEBUG), qtbot.waitSignal(desk.admission) as told:
        desk.sight(("HC1:SECRET",), AT)
    assert desk.stop()
    assert told.args[0].reasons == (Reason.PROGRAM_TROUBLE,)
    (record,) = caplog.records
    assert record.getMessage().startswith("the desk failed: RuntimeError at test_gui_thread.py:")
    assert record.exc_info is None
    assert "Usuaria" not in caplog.text
    assert "SECRET" not in caplog.text


def test_figures_that_fail_leave_the_door_open(
    desk: DeskThread,
    maker: DeskMaker,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> int:
        raise OSError("Usuaria Ficticia")

    monkeypatch.setattr(maker.journal, "tallied", fail)
    kept = Kept(desk)
    with qtbot.waitSignal(desk.admission):
        desk.sight((badge_of(SOMEBODY),), AT)
    qtbot.waitUntil(lambda: bool(caplog.records))
    assert kept.shown == [Shown.AWAIT_CERTIFICATE]
    assert "Usuaria" not in caplog.text
    assert "no overview: OSError" in caplog.text


def test_a_disk_that_is_gone_is_told_as_such_and_logs_nothing(
    desk: DeskThread,
    maker: DeskMaker,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_: object, **__: object) -> list[object]:
        raise StorageTroubleError("gone")

    kept = Kept(desk)
    with qtbot.waitSignal(desk.overview):
        desk.refresh(AT)
    monkeypatch.setattr(maker.journal, "news", gone)
    monkeypatch.setattr(maker.journal, "tallied", gone)
    with qtbot.waitSignal(desk.admission) as told:
        desk.let_out(SOMEBODY.id, AT)
    assert told.args is not None
    assert told.args[0].reasons == (Reason.STORAGE_TROUBLE,)
    desk.refresh(AT)
    desk.sight((badge_of(SOMEBODY),), AT)
    qtbot.waitUntil(lambda: len(kept.admissions) == 2)
    assert kept.admissions[1].shown is Shown.DESK
    assert Reason.STORAGE_TROUBLE in kept.admissions[1].reasons
    assert caplog.records == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StorageTroubleError("/home/usuaria"), "storage_trouble"),
        (KeyError("Usuaria"), "program_trouble"),
    ],
)
def test_a_desk_that_cannot_be_opened_names_code_and_remedy(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, error: Exception, code: str
) -> None:
    def open_desk() -> EntryDesk:
        raise error

    desk = DeskThread(open_desk)
    with qtbot.waitSignal(desk.failed) as failed:
        desk.start()
    assert desk.stop()
    assert failed.args is not None
    assert failed.args[0].startswith(f"{code}: ")
    assert "suaria" not in failed.args[0] + caplog.text


_CHILD = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Speaker(QObject):
    said = Signal(object)
    word = Signal(bool)
app = QCoreApplication([])
speaker, heard = Speaker(), []
speaker.said.connect(heard.append)
speaker.word.connect(heard.append)
for number in range(5000):
    speaker.said.emit(number)
    speaker.word.emit(True)
assert len(heard) == 10000
"""


def test_5000_signals_do_not_crash_the_program() -> None:
    """PySide6 6.12.0 on Python 3.11 loses a reference to True with each emit, and aborts."""
    child = subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, timeout=60)
    assert (child.returncode, child.stderr) == (0, b"")


class Slow(DeskMaker):
    """Opens only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def __call__(self, *_: object) -> EntryDesk:
        self.go.wait(5)
        return super().__call__()


def test_while_the_desk_is_busy_only_the_newest_frame_waits(qtbot: QtBot) -> None:
    maker = Slow()
    desk = DeskThread(maker)
    kept = Kept(desk)
    desk.start()
    for second in range(50):
        desk.sight((f"code {second}",), AT + timedelta(seconds=second))
    desk.sight((badge_of(SOMEBODY),), AT + timedelta(seconds=60))
    maker.go.set()
    qtbot.waitUntil(lambda: bool(kept.admissions))
    assert desk.stop()
    assert kept.shown == [Shown.AWAIT_CERTIFICATE]


def test_after_the_end_nothing_is_kept(maker: DeskMaker, qtbot: QtBot) -> None:
    del qtbot
    desk = DeskThread(maker)
    desk.start()
    assert desk.stop()
    desk.sight((badge_of(SOMEBODY),), AT)
    desk.tick(AT)
    assert desk._questions.empty()


def test_a_card_that_came_meanwhile_is_not_cleared(
    desk: DeskThread, maker: DeskMaker, qtbot: QtBot
) -> None:
    kept = Kept(desk)
    desk.official_reader(AT)
    desk.choose(SOMEBODY.id, AT)
    qtbot.waitUntil(lambda: kept.shown[-1:] == [Shown.READY])
    before, ready = kept.admissions[0], kept.admissions[-1]
    desk.clear(before)
    desk.confirm(ALL_SEEN, AT, ready)
    qtbot.waitUntil(lambda: kept.shown[-1] is Shown.ADMIT)
    assert [record.guest for record in maker.journal.log] == [SOMEBODY.id]
