"""A door that is killed is back by itself, with its encrypted guests and without a passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.restart import answered_after, prepare
from kiosk.adapters.system.kernelkeys import KernelKeyStore
from kiosk.cli.unlocking import data_keys


@pytest.mark.skipif(not KernelKeyStore().works(), reason="the kernel lends no keyring here")
def test_after_kill_9_a_door_answers_again_and_after_a_power_cut_it_asks(tmp_path: Path) -> None:
    prepare(tmp_path, guests=50)
    keys = data_keys(tmp_path / "state")
    try:
        for _ in range(2):
            assert answered_after(tmp_path)
        keys.lock()  # as a PC that was switched off
        with pytest.raises(SystemExit, match="locked"):
            answered_after(tmp_path, platform="")
    finally:
        keys.shred()
