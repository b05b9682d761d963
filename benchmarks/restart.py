"""How soon a door answers again after kill -9: the program started anew, its guests unlocked.

`python benchmarks/restart.py [--kills 10] [--guests 2000]`: a desk with encrypted guests, whose
key a passphrase wraps and the kernel remembers, looks at pictures of a certificate. From the start
of the process to the first count in the log that says that the code was read and answered: Python,
libraries, key, list, window, camera and reader included. The goal is 5 s. Linux, offscreen.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the guests are those of the tests

import segno  # noqa: E402

from kiosk.adapters.storage.database import FILE_NAME, open_database  # noqa: E402
from kiosk.adapters.storage.guests import replace_guests  # noqa: E402
from kiosk.adapters.system.datakey import Kept  # noqa: E402
from kiosk.adapters.system.keys import badge_signing_key  # noqa: E402
from kiosk.cli.unlocking import data_keys  # noqa: E402
from kiosk.core.sealing import Sealer  # noqa: E402
from tests import people  # noqa: E402
from tests.door import EVENT_FILE, certificate, guest, issuer, stranger  # noqa: E402

GOAL = 5.0  # seconds
PATIENCE = 60.0  # seconds
PICTURES = 400  # as many frames as a start may miss, and more


def prepare(folder: Path, guests: int) -> None:
    """A state folder in which a door can open, and what its camera sees."""
    state, seen = folder / "state", folder / "seen"
    keys = data_keys(state)
    key = keys.make(Kept.PASSPHRASE, "correct horse battery staple")
    with open_database(state, Sealer(key)) as database:
        replace_guests(database, people.people(guests))
    badge_signing_key(state)
    (state / "trust").mkdir()
    (state / "trust" / "signer.der").write_bytes(issuer().certificate)
    seen.mkdir()
    code = segno.make(certificate(guest("Chloe", "Martin"), by=stranger()), error="l")
    code.save(str(seen / "0000.png"), scale=6, border=8)
    for number in range(1, PICTURES):
        (seen / f"{number:04}.png").hardlink_to(seen / "0000.png")


def counted(state: Path) -> int:
    """Answers that the log counts so far."""
    with closing(sqlite3.connect(f"file:{state / FILE_NAME}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT total(count) FROM tallies").fetchone()[0])


def answered_after(folder: Path, platform: str = "offscreen") -> tuple[float, float]:
    """Seconds from starting a door to its first answer, and of CPU; then it is killed.

    platform: of Qt. Raises SystemExit with what the door said where it does not open.
    """
    state = folder / "state"
    before, began = counted(state), time.perf_counter()
    with door_of(folder, platform=platform) as door:
        while counted(state) == before:
            if door.poll() is not None or time.perf_counter() - began > PATIENCE:
                door.kill()
                raise SystemExit(door.stderr.read() if door.stderr else "no answer")
            time.sleep(0.01)
        taken = time.perf_counter() - began, cpu_of(door.pid)
        door.kill()
    return taken


def door_of(
    folder: Path, notify: Path | None = None, platform: str = "offscreen"
) -> subprocess.Popen[str]:
    """A desk over the prepared folder, begun now.

    notify: the socket that is told how far it is (sd_notify(3)). platform: of Qt.
    """
    command = [sys.executable, "-m", "kiosk", "run", "--event", str(EVENT_FILE), "--mode", "desk"]
    camera = ["--camera", str(folder / "seen"), "--state", str(folder / "state")]
    ours = {"QT_QPA_PLATFORM": platform, "PYTHONPATH": str(ROOT)}
    listens = {"NOTIFY_SOCKET": str(notify)} if notify else {}
    return subprocess.Popen(  # noqa: S603  # our own program
        [*command, *camera],
        cwd=folder,
        env={**installed(), **ours, **listens, "DISPLAY": "", "WAYLAND_DISPLAY": ""},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def installed() -> dict[str, str]:
    """The environment, but for what would keep Python from using compiled modules."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def cpu_of(process: int) -> float:
    """Seconds of CPU of a process, its readers not included (proc(5), utime and stime)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print how long it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--guests", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        prepare(folder, options.guests)
        try:
            taken = sorted(answered_after(folder) for _ in range(options.kills))
        finally:
            data_keys(folder / "state").shred()
    load = os.getloadavg()[0]
    print(
        f"{options.kills} kills, {options.guests:,} guests: first answer after "
        f"{median(t[0] for t in taken):.1f} s, {taken[-1][0]:.1f} s at most (load {load:.1f}); "
        f"CPU {median(t[1] for t in taken):.1f} s"
    )
    return 0 if taken[-1][0] <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
