"""`kiosk keep`: what crashes or stands still is started again, what somebody left is not."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from benchmarks.kept import children_of, running, wait_for_more
from benchmarks.restart import counted, prepare
from kiosk.adapters.system.keeping import Keeper, Patience
from kiosk.adapters.system.kernelkeys import KernelKeyStore
from kiosk.cli.main import main
from kiosk.cli.unlocking import data_keys

SHORT = Patience(start=5.0, silence=0.5, end=5.0, pauses=(0.0, 0.01))

# Counts its starts in the file that it is given, then does what the words of that start say.
PROGRAM = """
import sys, time, os
from pathlib import Path
log, *starts = sys.argv[1:]
number = len(Path(log).read_text()) if Path(log).exists() else 0
Path(log).write_text("x" * (number + 1))
assert os.environ["KIOSK_KEPT"] == "1"
for word in starts[number].split("+"):
    if word == "hang": time.sleep(60)
    elif word == "crash": os.abort() if os.name != "nt" else os._exit(3)
    elif word == "slow": time.sleep(1.5)
    elif word == "nap": time.sleep(0.3)
    elif word == "talk": print("a line of its own", flush=True)
    elif word.startswith("exit"): sys.exit(int(word[4:]))
    else: print(word, flush=True)
"""


def kept(folder: Path, *starts: str, patience: Patience = SHORT) -> tuple[int, int, list[str]]:
    """The last status, how often it was started, and why again."""
    told: list[str] = []
    log = folder / "starts"
    command = [sys.executable, "-c", PROGRAM, str(log), *starts]
    status = Keeper(command, dict(os.environ), told.append, patience).run()
    return status, len(log.read_text()), told


def test_what_was_left_on_purpose_stays_closed(tmp_path: Path) -> None:
    assert kept(tmp_path, "READY=1+STOPPING=1+exit0") == (0, 1, [])


def test_what_crashes_is_started_again(tmp_path: Path) -> None:
    status, starts, told = kept(tmp_path, "READY=1+crash", "crash", "READY=1+exit1", "exit0")
    assert (status, starts, len(told)) == (0, 4, 3)
    assert "it ended with" in told[0]


def test_what_stands_still_is_killed_and_started_again(tmp_path: Path) -> None:
    status, starts, told = kept(tmp_path, "READY=1+WATCHDOG=1+hang", "READY=1+exit0")
    assert (status, starts) == (0, 2)
    assert "stood still" in told[0]


def test_who_gives_signs_of_life_is_left_alone_and_a_start_may_take_longer(tmp_path: Path) -> None:
    longer = Patience(start=10.0, silence=1.2, pauses=(0.0,))
    slow = "slow+READY=1" + 6 * "+nap+WATCHDOG=1" + "+exit0"
    assert kept(tmp_path, slow, patience=longer) == (0, 1, [])


def test_a_start_that_never_opens_is_not_waited_for_without_end(tmp_path: Path) -> None:
    short = Patience(start=0.5, silence=0.5, pauses=(0.0,))
    status, starts, _ = kept(tmp_path, "hang", "READY=1+exit0", patience=short)
    assert (status, starts) == (0, 2)


def test_what_never_opened_and_told_why_is_not_started_again(tmp_path: Path) -> None:
    assert kept(tmp_path, "exit2") == (2, 1, [])


def test_what_once_was_open_is_started_again_whatever_it_tells(tmp_path: Path) -> None:
    assert kept(tmp_path, "READY=1+crash", "exit2", "READY=1+exit0")[:2] == (0, 3)


def test_a_crash_on_the_way_out_does_not_open_it_again(tmp_path: Path) -> None:
    status, starts, _ = kept(tmp_path, "READY=1+STOPPING=1+exit7")
    assert (status, starts) == (7, 1)


def test_its_own_lines_are_handed_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, "READY=1+STATUS=Scanning+talk+exit0")
    assert capfd.readouterr().out == "a line of its own\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")
def test_stopping_ends_the_program_in_order() -> None:
    keeper = Keeper([sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ), print)
    threading.Timer(0.2, keeper.stop).start()
    assert keeper.run() == -signal.SIGTERM


def test_only_a_door_can_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keep", "--", "purge"]) == 2
    assert "kiosk keep -- run" in capsys.readouterr().err


@pytest.mark.skipif(not KernelKeyStore().works(), reason="the kernel lends no keyring here")
def test_a_kept_door_that_is_killed_answers_again_by_itself_without_a_passphrase(
    tmp_path: Path,
) -> None:
    prepare(tmp_path, guests=50)
    state = tmp_path / "state"
    try:
        with running(tmp_path, "keep", "--", "run") as keep:
            wait_for_more(state, 0)
            (first,) = children_of(keep.pid)
            os.kill(first, signal.SIGKILL)
            wait_for_more(state, counted(state))
            (second,) = children_of(keep.pid)
            assert second != first
        assert keep.returncode == 0
    finally:
        data_keys(state).shred()
