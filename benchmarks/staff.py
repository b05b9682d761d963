"""Staff and the clock: a PIN looked at, a door handed over, one look at the clock.

`python benchmarks/staff.py`
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system.clock import SystemClock, lasting_boot_id
from kiosk.adapters.system.clockfile import ClockFile
from kiosk.cli.verifiers import sessions_of
from kiosk.core.sealing import KEY_LENGTH, Sealer
from kiosk.core.staff.badge import make_staff_badge
from kiosk.core.staff.register import Member, Session
from kiosk.core.staff.roles import Role
from kiosk.desk.clockguard import ClockGuard
from kiosk.desk.findings import Mode
from kiosk.desk.sessions import Place, new_pin

PIN, STEWARDS, LOOKS = "738291", 20, 100_000
CLOCK = SystemClock()


def main() -> None:
    """Measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        kept = new_pin(PIN)
        told(
            "a PIN looked at (scrypt, n = 2^15)",
            [timed(lambda: kept.matches(PIN)) for _ in range(STEWARDS)],
        )
        hand_over(Path(folder))
        guard = ClockGuard(CLOCK, ClockFile(Path(folder)), lasting_boot_id(), signed=CLOCK.now())
        wall, cpu = timed(lambda: [guard.believes(CLOCK.now()) for _ in range(LOOKS)])
        print(f"one look at the clock: {cpu / LOOKS * 1e6:.1f} us CPU, {wall / LOOKS * 1e6:.1f} us")


def hand_over(folder: Path) -> None:
    """Twenty stewards take a door over from each other, with badge and PIN."""
    key = Ed25519PrivateKey.generate()
    with open_database(folder, Sealer(bytes(KEY_LENGTH))) as database:
        staff = StoredStaff(database)
        for number in range(STEWARDS):
            name, at = f"Name {number}", CLOCK.now()
            member = Member(f"{number:016x}", name, Role.STEWARD, at, "nobody", new_pin(PIN))
            staff.keep_member(member)
        paris = ZoneInfo("Europe/Paris")
        sessions = sessions_of(database, CLOCK, paris, None, key.public_key())

        def take_over(badge: str) -> None:
            opened = sessions.open(
                sessions.by_badge(badge), PIN, Place("north", Mode.DESK), CLOCK.now()
            )
            assert isinstance(opened, Session)

        badges = [make_staff_badge(member.id, key) for member in staff.members()]
        told("a door handed over", [timed(lambda b=badge: take_over(b)) for badge in badges])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall time and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def told(what: str, times: list[tuple[float, float]]) -> None:
    """The medians, and the longest."""
    wall, cpu = (sorted(each) for each in zip(*times, strict=True))
    middle = statistics.median
    print(f"{what}: {middle(cpu) * 1e3:.0f} ms CPU, {middle(wall) * 1e3:.0f} ms", end="")
    print(f", at most {wall[-1] * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
