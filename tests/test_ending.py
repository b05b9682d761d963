"""A door ends in order whenever it is asked to, also while it is still being opened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from benchmarks.restart import prepare
from kiosk.adapters.system.ending import SIGNALS, Ending, sigterm_unwinds
from kiosk.adapters.system.kernelkeys import KernelKeyStore
from kiosk.cli.unlocking import data_keys
from tests.door import EVENT_FILE
from tests.shared import ROOT

STARTS = 12
SEED = 20211122
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")


def test_a_signal_is_noted_and_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with Ending() as ending:
        os.kill(os.getpid(), signal.SIGINT)
        assert ending.asked
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_a_signal_that_whoever_started_it_has_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Ending() as ending:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not ending.asked
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_loop_that_turns(number: signal.Signals) -> None:
    loop = QEventLoop()
    with Ending() as ending:
        QTimer.singleShot(0, loop, lambda: os.kill(os.getpid(), number))
        assert ending.during(lambda: loop.exec(), lambda: loop.exit(7)) == 7


@pytest.mark.usefixtures("qapp")
def test_a_signal_from_before_the_loop_ends_it_too() -> None:
    loop = QEventLoop()
    with Ending() as ending:
        os.kill(os.getpid(), signal.SIGTERM)
        assert ending.during(lambda: loop.exec(), lambda: loop.exit(7)) == 7


def test_sigterm_unwinds_what_is_open_with_status_0() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, sigterm_unwinds():
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 0
    assert signal.getsignal(signal.SIGTERM) is before


def start_of_a_door(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kiosk", "run", "--event", str(EVENT_FILE), "--mode", "desk"]
    return subprocess.Popen(
        [*command, "--camera", str(folder / "seen"), "--state", str(folder / "state")],
        cwd=folder,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(not KernelKeyStore().works(), reason="the kernel lends no keyring here")
def test_a_signal_at_any_moment_of_the_start_leaves_no_core_and_no_traceback(
    tmp_path: Path,
) -> None:
    prepare(tmp_path, guests=50)
    moments = random.Random(SEED)  # noqa: S311
    try:
        for _ in range(STARTS):
            number = moments.choice([signal.SIGINT, signal.SIGTERM])
            moment = moments.uniform(0.4, 1.6)
            with start_of_a_door(tmp_path) as door:
                time.sleep(moment)  # the moment itself is what is tested
                door.send_signal(number)
                told = door.communicate(timeout=60)[1]
            what = f"{number.name} after {moment:.3f} s: {door.returncode}\n{told}"
            # Until the program's first lines run, the signal is the system's and Python's own.
            early = {130} if number is signal.SIGINT else {-signal.SIGTERM}
            assert door.returncode in {0, *early}, what
            assert "Traceback" not in told, what
            assert "QThread" not in told, what
    finally:
        data_keys(tmp_path / "state").shred()
