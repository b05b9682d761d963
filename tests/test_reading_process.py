"""The reader's process: what it can reach, what becomes of it, and what goes over its pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from kiosk.adapters.reader import child, process
from kiosk.adapters.reader.child import MakeLooks, Patience, program_looks
from kiosk.adapters.reader.patient.reader import find, read
from kiosk.adapters.reader.process import ReadingProcess
from kiosk.desk.ports import Frame, Sighting
from tests.fakes.readers import (
    BADGE,
    BITE,
    WHOLE,
    Ask,
    Patient,
    looks_that_never_get_ready,
    obedient_looks,
)
from tests.test_reader import CERTIFICATE, blurred, code, framed

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals or limits")
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux alone does that")


def frame(what: Ask, detail: int = 0, number: int = 0) -> Frame:
    image = np.zeros((48, 64), np.uint8)
    image[0, :2] = what, detail
    return Frame(image, number)


class Door:
    """A reading process at work, with what it told."""

    def __init__(self, make: MakeLooks = obedient_looks) -> None:
        self.told: list[tuple[int, Sighting]] = []
        self.away: list[bool] = []
        self._came = threading.Condition()
        self.reading = ReadingProcess(self._on_sighting, self.away.append, make)

    def _on_sighting(self, seen_in: Frame, sighting: Sighting) -> None:
        with self._came:
            self.told.append((seen_in.number, sighting))
            self._came.notify_all()

    def show(self, shown: Frame) -> Sighting:
        """Offer the frame, again where it gets lost on a busy machine, and what is seen in it."""
        count = len(self.told)
        for _ in range(10):
            self.reading.offer(shown)
            with self._came:
                if self._came.wait_for(lambda: len(self.told) > count, 2):
                    return self.told[-1][1]
        raise AssertionError("no sighting")

    def texts(self, shown: Frame) -> list[str]:
        return [code.text for code in self.show(shown).codes]

    def show_until_read(self) -> float:
        """Show readable frames until one is read; how many seconds that took."""
        began, count = time.monotonic(), len(self.told)
        while len(self.told) == count:
            assert time.monotonic() < began + 20
            self.reading.offer(frame(Ask.READ, 7))
            time.sleep(0.02)
        return time.monotonic() - began

    def wait_for_standby(self) -> None:
        """Until a second process is warm."""
        wait(lambda: self.reading.standing_by)


def wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "in vain"
        time.sleep(0.01)


@contextmanager
def door(make: MakeLooks = obedient_looks) -> Iterator[Door]:
    opened = Door(make)
    opened.reading.start()
    try:
        yield opened
    finally:
        opened.reading.stop()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


# Reading


def test_a_frame_is_read_in_another_process() -> None:
    with door() as at:
        assert at.texts(frame(Ask.READ, 5)) == ["5"]
        assert at.reading.pid not in (None, os.getpid())


def test_the_newest_frame_wins() -> None:
    with door() as at:
        for number in range(20):
            at.reading.offer(frame(Ask.READ, number, number))
        wait(lambda: bool(at.told))
        (number, sighting), *others = at.told
        assert (number, sighting.codes[0].text, others) == (19, "19", [])


def test_something_that_is_there_unread_is_told() -> None:
    with door() as at:
        assert not at.show(frame(Ask.NOTHING)).something_there
        assert at.show(frame(Ask.LOSE)).something_there


def test_corners_are_those_of_the_frame_however_large_it_is() -> None:
    large = Frame(np.zeros((2160, 3840), np.uint8), 0)
    with door() as at:
        (code,) = at.show(large).codes
        assert code.corners == ((0, 0), (18, 0), (18, 18), (0, 18))


def test_what_is_no_grey_picture_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    with door() as at:
        at.reading.offer(Frame(np.zeros((4, 4, 3), np.uint8), 0))
        wait(lambda: "a frame was lost to its form" in caplog.messages)
        assert at.texts(frame(Ask.READ, 5)) == ["5"]


def test_a_listener_that_throws_does_not_end_the_reading(caplog: pytest.LogCaptureFixture) -> None:
    came = threading.Semaphore(0)

    def on_sighting(_: Frame, __: Sighting) -> None:
        came.release()
        raise KeyError("a text that nobody is to see")

    reading = ReadingProcess(on_sighting, make=obedient_looks)
    reading.start()
    for number in (0, 1):
        reading.offer(frame(Ask.READ, number))
        assert came.acquire(timeout=20)
    reading.stop()
    assert set(caplog.messages) == {"a sighting was lost to KeyError"}


def test_after_stop_nothing_is_told_and_no_process_is_left() -> None:
    with door() as at:
        at.show(frame(Ask.READ))
        at.wait_for_standby()
        children = [each.pid for each in (at.reading._active, at.reading._standby) if each]
        at.reading.offer(frame(Ask.HANG))
        time.sleep(0.1)
        began = time.monotonic()
        at.reading.stop()
        assert time.monotonic() - began < process.ANSWER_WITHIN
        count = len(at.told)
        at.reading.offer(frame(Ask.READ))
        time.sleep(0.2)
        assert len(at.told) == count
        assert len(children) == 2
        assert not any(alive(pid) for pid in children if pid)


def test_reading_is_started_once_and_may_be_stopped_unstarted() -> None:
    Door().reading.stop()
    with door() as at, pytest.raises(RuntimeError, match="once"):
        at.reading.start()


# What the process can reach


@posix
def test_a_reader_can_open_no_file_and_no_socket_and_keeps_none() -> None:
    with door() as at:
        assert at.texts(frame(Ask.REACH)) == [""]


def test_a_reader_has_no_keys_no_database_and_no_window_in_its_memory() -> None:
    code = (
        "import sys, kiosk.adapters.reader.child as child; child.program_looks()\n"
        "print(*{name.split('.')[0] for name in sys.modules})\n"
        "print(*(name for name in sys.modules if name.startswith('kiosk.core.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded, of_the_core = map(str.split, done.stdout.splitlines())
    assert {"zxingcpp", "kiosk"} <= set(loaded)
    assert not {"cryptography", "sqlite3", "ssl", "PySide6"} & set(loaded)
    assert not {"kiosk.core.verify", "kiosk.core.signatures"} & set(of_the_core)


@posix
def test_a_reader_that_eats_memory_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    with door() as at:
        at.show(frame(Ask.READ))
        eater = at.reading.pid
        assert eater is not None
        while alive(eater):
            assert len(at.told) < 2 * child.MOST_MEMORY // BITE
            at.reading.offer(frame(Ask.EAT))
            time.sleep(0.01)
        at.show_until_read()
    assert len(at.told) > 2  # not at the first bite
    assert [line.split(":")[0] for line in caplog.messages] == ["a reader was replaced"]


def test_the_program_s_own_reader_has_all_it_needs_when_it_can_open_nothing_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    drawn = framed(code(CERTIFICATE, module=3, level="q"))
    with door(program_looks) as at:
        assert at.texts(Frame(drawn, 0)) == [CERTIFICATE]
        for number, sigma in enumerate((1.5, 2, 3, 4, 6, 1.5, 2, 3, 4, 6)):
            at.show(Frame(blurred(drawn, sigma), number))  # whatever each look tries for it
            time.sleep(0.1)
        assert at.texts(Frame(drawn, 0)) == [CERTIFICATE]
    assert caplog.messages == []


# When it fails


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_a_process_that_is_gone_or_stands_still_is_replaced_within_2_seconds(
    number: signal.Signals,
) -> None:
    away = []
    with door() as at:
        for _ in range(7):
            at.show_until_read()
            at.wait_for_standby()
            assert at.reading.pid is not None
            os.kill(at.reading.pid, number)
            away.append(at.show_until_read())
        assert at.away == []
    assert max(away) < 2


@pytest.mark.parametrize("flaw", [Ask.HANG, Ask.CRASH, Ask.RAISE])
def test_a_frame_that_a_reader_fails_on_costs_that_frame_alone(
    flaw: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    with door() as at:
        at.show(frame(Ask.READ))
        at.wait_for_standby()
        at.reading.offer(frame(flaw))
        wait(lambda: at.reading._newest is None)
        assert at.show_until_read() < 2
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("a reader was replaced: it ")
    assert "nobody" not in caplog.text


@posix
def test_an_answer_that_breaks_off_in_the_middle_costs_that_frame_alone() -> None:
    with door() as at:
        at.show(frame(Ask.READ))
        at.wait_for_standby()
        at.reading.offer(frame(Ask.BREAK_OFF))
        wait(lambda: at.reading._newest is None)
        assert at.show_until_read() < 3
        assert at.away == []


def test_where_the_system_has_no_process_to_give_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = iter([BlockingIOError(11, "none left"), OSError(28, "no room"), MemoryError()])

    class Scarce(process._Child):
        def __init__(self, make: MakeLooks) -> None:
            for refusal in refusals:
                raise refusal
            super().__init__(make)

    monkeypatch.setattr(process, "BACK_OFF", (0.0, 0.01))
    monkeypatch.setattr(process, "_Child", Scarce)
    with door() as at:
        at.show_until_read()
    assert next(refusals, None) is None
    assert caplog.messages == ["no reader could be begun: BlockingIOError"]


def test_a_listener_to_what_is_away_that_throws_does_not_end_the_reading(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def throw(away: bool) -> None:
        raise KeyError(away)

    with door() as at:
        at.show_until_read()
        monkeypatch.setattr(at.reading, "_on_away", throw)
        at.reading._watch._away = True
        wait(lambda: "being away was lost to KeyError" in caplog.messages)
        at.show_until_read()


@posix
def test_where_no_reader_can_be_had_it_is_told_once_and_also_when_one_is_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with door() as at:
        at.show(frame(Ask.READ))
        monkeypatch.setattr(at.reading, "_make", looks_that_never_get_ready)
        began = time.monotonic()
        while not at.away:
            assert time.monotonic() < began + 20
            at.reading.offer(frame(Ask.CRASH))
            time.sleep(0.02)
        assert at.away == [True]
        monkeypatch.setattr(at.reading, "_make", obedient_looks)
        at.show_until_read()
        wait(lambda: len(at.away) == 2)
        assert at.away == [True, False]


def test_where_the_camera_sends_nothing_no_reader_is_missed() -> None:
    absence = process._Absence()
    absence.answered()
    absence.offered()
    now = time.monotonic()
    absence._last_offer = absence._waiting_since = now - 60
    assert absence.changed() is None
    absence._last_offer = now
    assert absence.changed() is True
    assert absence.changed() is None
    absence.answered()
    assert absence.changed() is False


@posix
def test_processes_that_die_at_once_are_begun_ever_more_slowly() -> None:
    reading = ReadingProcess(lambda *_: None, make=looks_that_never_get_ready)
    begun: list[int | None] = []
    until = time.monotonic() + 3
    while time.monotonic() < until:
        reading._tend()
        if reading._active is not None and reading._active.pid not in begun:
            begun.append(reading._active.pid)
        time.sleep(0.01)
    reading._tend()
    assert 2 <= len(begun) <= 4
    if reading._active is not None:
        reading._active.end()


@posix
def test_where_one_reads_and_no_other_will_start_they_are_begun_ever_more_slowly(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with door() as at:
        at.show_until_read()
        at.wait_for_standby()
        monkeypatch.setattr(at.reading, "_make", looks_that_never_get_ready)
        at.reading._standby.kill()  # type: ignore[union-attr]
        until = time.monotonic() + 8
        while time.monotonic() < until:
            at.show(frame(Ask.READ))
            time.sleep(0.05)
    assert 2 <= sum("replaced" in line for line in caplog.messages) <= 5


@linux
def test_a_program_that_is_killed_leaves_no_process_and_no_shared_memory() -> None:
    shared = set(Path("/dev/shm").iterdir())  # noqa: S108
    code = (
        "import time; from tests.test_reading_process import Door, Ask, frame\n"
        "if __name__ == '__main__':\n"
        "    at = Door(); at.reading.start(); at.show(frame(Ask.READ)); at.wait_for_standby()\n"
        "    print(at.reading.pid, at.reading._standby.pid, flush=True)\n"
        "    at.reading.offer(frame(Ask.HANG)); time.sleep(60)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert program.stdout is not None
    with program.stdout:
        children = [int(word) for word in program.stdout.readline().split()]
    assert len(children) == 2
    assert all(alive(pid) for pid in children)
    program.kill()
    program.wait()
    wait(lambda: not any(alive(pid) for pid in children))
    assert set(Path("/dev/shm").iterdir()) <= shared  # noqa: S108


# The patient look, in the process


class Patiently:
    """A patient look in its thread, and a gate that holds a look up."""

    def __init__(self) -> None:
        self.patience = Patience(Patient())

    def offer(self, what: Ask, detail: int = 0) -> None:
        self.patience.offer(frame(what, detail).image, (WHOLE,))

    def texts(self) -> list[str]:
        """The texts of the next codes."""
        found: list[str] = []

        def taken() -> bool:
            found.extend(code.text for code in self.patience.take())
            return bool(found)

        wait(taken)
        return found


def test_what_patience_reads_comes_with_a_later_frame() -> None:
    with door() as at:
        at.show(frame(Ask.THERE))
        wait(lambda: bool(at.show(frame(Ask.NOTHING)).codes))
        (code,) = at.told[-1][1].codes
        assert (code.text, code.stage) == ("forgot 1", "patient")  # as it was warmed up


def test_what_patience_reads_comes_beside_a_poster_s_code_and_not_after_one_of_ours() -> None:
    with door() as at:
        at.show(frame(Ask.THERE))
        wait(lambda: len(at.show(frame(Ask.READ, 7)).codes) == 2)
        assert [code.stage for code in at.told[-1][1].codes] == ["", "patient"]
        at.show(frame(Ask.HOLD, 20))
        assert at.texts(frame(Ask.READ_OURS)) == [BADGE]
        time.sleep(0.4)
        assert at.texts(frame(Ask.NOTHING)) == []


def test_patience_forgets_after_each_code_that_it_reads() -> None:
    at = Patiently()
    at.offer(Ask.THERE)
    assert at.texts() == ["forgot 0"]
    at.offer(Ask.THERE)
    assert at.texts() == ["forgot 1"]


def test_a_patient_look_that_began_before_a_quick_read_is_dropped_and_what_it_knew() -> None:
    at = Patiently()
    at.offer(Ask.HOLD, 20)
    wait(lambda: at.patience._since is not None)
    at.patience.drop()
    wait(lambda: at.patience._since is None)
    assert at.patience.take() == ()
    at.offer(Ask.THERE)
    assert at.texts() == ["forgot 2"]  # its own read, and the quick one


def test_a_code_that_patience_has_read_is_dropped_by_a_quick_read() -> None:
    at = Patiently()
    at.offer(Ask.THERE)
    wait(lambda: bool(at.patience._codes))
    at.patience.drop()
    assert at.patience.take() == ()


def test_a_code_that_nobody_took_in_time_is_nobody_s() -> None:
    at = Patiently()
    at.offer(Ask.THERE)
    wait(lambda: bool(at.patience._codes))
    at.patience._codes_since -= child.FRESH
    assert at.patience.take() == ()
    at.offer(Ask.THERE)
    assert at.texts() == ["forgot 1"]


def test_a_patient_look_that_throws_is_told_without_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with door() as at:
        at.show(frame(Ask.LOSE))
        wait(lambda: at.show(frame(Ask.NOTHING)) == Sighting() and bool(caplog.messages))
        at.show(frame(Ask.THERE))
        wait(lambda: bool(at.show(frame(Ask.NOTHING)).codes))
    assert caplog.messages == ["reader: a patient look was lost to KeyError"]


def test_a_reader_whose_patient_look_hangs_is_replaced() -> None:
    at = Patiently()
    assert not at.patience.hangs
    at.offer(Ask.HOLD, 20)
    wait(lambda: at.patience._since is not None)
    assert not at.patience.hangs
    assert at.patience._since is not None
    at.patience._since -= child.PATIENT_WITHIN
    assert at.patience.hangs


@linux
def test_a_program_that_is_large_itself_has_readers_all_the_same() -> None:
    ballast = np.ones(700 << 20, np.uint8)
    with door() as at:
        assert at.texts(frame(Ask.READ, 5)) == ["5"]
        first = at.reading.pid
        assert at.texts(frame(Ask.READ, 6)) == ["6"]
        assert at.reading.pid == first
    del ballast


def test_a_reader_warms_up_with_what_every_look_has_to_do_with() -> None:
    image = child.unreadable()
    looks = program_looks()
    look = looks.quick.look(image)
    assert not look.codes
    assert len(look.regions) == 1
    assert looks.patient.look(image, look.regions) == ()
    view = find(image, look.regions[0], lambda: True)
    assert view is not None
    assert read(view.sign, view.samples(), lambda: True).hopeful
