"""Privacy canary: after scans and kills no part of a certificate and no guest is on the disk.

`python -m tests.canary [--scans 1000] [--runs 10] [--seed 1]`: a child process works at the real
desk over the real journal and sealed guests, with certificates that hold a canary in each of
twelve fields. It is killed with kill -9 again and again, at last by an abort that would leave a
core. While it runs and after each kill every file below its folder is searched: database,
write-ahead log, settings, keys, what it printed, its temporary files, its home; as UTF-8 and
UTF-16, in capitals or not, in hexadecimal and base64. Exit status 1 where anything is found.
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import StoredGuests, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.staff import StoredStaff
from kiosk.adapters.system.datakey import DataKeys, Kept
from kiosk.adapters.system.privacy import keep_memory_private
from kiosk.core.causes import Cause
from kiosk.core.guests.guest import Guest
from kiosk.core.sealing import Sealer
from kiosk.core.staff.register import Member
from kiosk.core.staff.roles import Role
from kiosk.core.verify import Verifier
from kiosk.demo.issuer import Subject, covid_test, recovery, vaccination
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.outcome import Done
from kiosk.desk.registering import NewGuest
from tests.door import (
    ALL_SEEN,
    MORNING,
    SUPERVISOR,
    badge,
    badge_key,
    certificate,
    guest,
    policy,
    saint_ouen,
    stranger,
    trust,
)
from tests.fakes.clock import SetClock
from tests.fakes.keystores import MemoryKeyStore

ROOT = Path(__file__).resolve().parents[1]
PASSPHRASE = "qzpassphrase battery staple"  # noqa: S105  # of the guests' key, in tests alone
GUESTS = 400
# What each field of a certificate holds, in words that no program says by itself.
FIELDS = {
    "fn": ("Qzfamilyname",),
    "gn": ("Qzgivenname",),
    "fnt": ("QZFAMSTANDARD",),
    "gnt": ("QZGIVSTANDARD",),
    "dob": ("1931-02-1",),
    "ci": ("QZIDENTIFIER",),
    "is": ("Qzissuername",),
    "ma": ("QZMAKERNAME",),
    "mp, nm": ("QZPRODUCTNAME",),
    "tc": ("Qzcentrename",),
    "dt, sc, fr": ("2021-06-1", "T06:17:4", "2021-08-1"),
    "tg, vp, tt, tr": ("840539006", "1119349007", "LP6464-4", "260415000"),
}
NAMES = {
    "guest": ("Qzlistgiven", "Qzlistfamily", "Qzlistcluster", "Qzlistpartners"),
    "walk-in": ("Qzwalkingiven", "Qzwalkinfamily", "Qzwalkincluster"),
    "staff": ("Qzstaffmember",),
}
Needles = Mapping[str, tuple[str, ...]]


# What is searched for


def forms(text: str) -> dict[str, bytes]:
    """How `text` could stand in a file; those in letters are looked for in small ones."""
    plain = text.encode()
    return {
        "UTF-8": plain.lower(),
        "UTF-16": text.lower().encode("utf-16-le"),
        "UTF-16, big end first": text.lower().encode("utf-16-be"),
        "hexadecimal": plain.hex().encode(),
        **{f"base64 behind {n} bytes": _base64(plain, n) for n in range(3)},
    }


def _base64(plain: bytes, before: int) -> bytes:
    """The letters of base64 that depend on `plain` alone, behind so many other bytes."""
    letters = base64.b64encode(bytes(before) + plain)
    return letters[(0, 2, 3)[before] : (before + len(plain)) * 8 // 6]


def found(folder: Path, needles: Needles) -> list[str]:
    """Where a needle is in a file below `folder`, or in its name: field, file and form."""
    ways = [
        (name, form, data)
        for name, texts in needles.items()
        for text in texts
        for form, data in forms(text).items()
    ]
    hits = []
    for file in sorted(folder.rglob("*")):
        content = file.read_bytes() if file.is_file() else b""
        content += b"\n" + os.fsencode(file.relative_to(folder))
        small = content.lower()
        for name, form, data in ways:
            if data in (content if form.startswith("base64") else small):
                hits.append(f"{name} in {file.relative_to(folder)} ({form})")
    return hits


# Who comes to the door


@cache
def people() -> tuple[Guest, ...]:
    """The guests of the list, each alone in a Partnership."""
    return tuple(
        guest(
            f"Qzlistgiven{_spelt(n)}",
            f"Qzlistfamily{_spelt(n)}",
            organisation="Qzlistcluster",
            partnership=f"Qzlistpartners {n}",
            id=f"pseudonym-{n}",
        )
        for n in range(GUESTS)
    )


def _spelt(number: int) -> str:
    """A number in letters, since names have no figures."""
    return "".join(chr(ord("a") + number // place % 26) for place in (26, 1))


def holder(who: Guest, number: int) -> Subject:
    """The guest as an issuer knows them: by more names than the list."""
    return Subject(
        f"{who.family} {FIELDS['fn'][0]}",
        f"{who.given} {FIELDS['gn'][0]}",
        f"{who.family}<{FIELDS['fnt'][0]}".upper(),
        f"{who.given}<{FIELDS['gnt'][0]}".upper(),
        f"{FIELDS['dob'][0]}{number % 10}",
    )


def text_of(number: int) -> str:
    """The certificate that is scanned at a place of the series; one in five is not accepted."""
    told: dict[str, object] = {
        "ci": f"URN:UVCI:01:XX:{FIELDS['ci'][0]}{number}#K",
        "is": FIELDS["is"][0],
    }
    product, maker, centre = (FIELDS[name][0] for name in ("mp, nm", "ma", "tc"))
    day = number % 10
    at = when(number).replace(hour=6, minute=17, second=40 + day) - timedelta(days=1)
    kinds = (
        ("v", vaccination(f"2021-06-1{day}")),
        ("v", {**vaccination(f"2021-06-1{day}"), "mp": product, "ma": maker}),
        ("t", {**covid_test(at), "ma": maker, "nm": product, "tc": centre}),
        ("r", recovery(f"2021-08-1{day}")),
        ("t", {**covid_test(at - timedelta(days=9)), "nm": product, "tc": centre}),
    )
    group, statement = kinds[number % 5]
    by = stranger() if number % 11 == 10 else None
    return certificate(
        holder(people()[number % GUESTS], number), group, {**statement, **told}, by=by
    )


def walk_in(number: int) -> NewGuest:
    """Somebody who is on no list; not a second time, were a child killed before it told."""
    family, given = NAMES["walk-in"][1], NAMES["walk-in"][0]
    mark = secrets.token_hex(4).translate(str.maketrans("0123456789", "ghijklmnop"))
    occasions = frozenset(occasion.id for occasion in saint_ouen().occasions)
    name = f"{family}{_spelt(number)}{mark}"
    return NewGuest(name, given, NAMES["walk-in"][2], occasions, category="press")


def member() -> Member:
    """A supervisor, whose name is sealed like a guest's."""
    return Member("0" * 16, NAMES["staff"][0], Role.SUPERVISOR, MORNING, "somebody")


def when(number: int) -> datetime:
    """The time of a scan: the series is over before the doors close."""
    return MORNING + number * timedelta(seconds=15)


# The child


def state_key(home: Path) -> DataKeys:
    """The guests' key of the folder, wrapped; what unlocks it is kept nowhere."""
    return DataKeys(home / "state", MemoryKeyStore(), MemoryKeyStore())


def work(home: Path, first: int, count: int, *, careless: bool = False) -> None:
    """Serve guests from number `first` on, and print each number with the answer."""
    if not careless:
        keep_memory_private()
    sealer = Sealer(state_key(home).unlock(PASSPHRASE))
    with closing(open_database(home / "state", sealer)) as database:
        if not len(StoredGuests(database).current()):
            replace_guests(database, people())
            StoredStaff(database).keep_member(member())
        event, clock = saint_ouen(), SetClock(when(first))
        journal = SqliteJournal(database, event.id, clock, f"boot-{first}")
        desk = EntryDesk(
            Station(event, policy(), event.doors[0], Mode.DESK, "operator-1", "kiosk-1"),
            Verifier(trust()),
            StoredGuests(database),
            badge_key().public_key(),
            journal,
        )
        for number in range(first, first + count):
            clock.set(when(number))
            print(number, _served(desk, number), flush=True)  # noqa: T201  # heard by the parent


def _served(desk: EntryDesk, number: int) -> str:
    """The answer to a guest with a certificate and, mostly, a badge."""
    at = when(number)
    if number % 20 == 9:
        added = desk.registering.register(walk_in(number), Cause.WALK_IN, SUPERVISOR, at)
        assert isinstance(added, Done), added
    desk.search(f"{NAMES['walk-in'][1]} {NAMES['guest'][0]}")
    answer = desk.scan(text_of(number), at)
    if number % 7 != 6 and answer.shown is not Shown.REFUSE:
        answer = desk.scan(badge(people()[number % GUESTS]), at)
    answer = desk.confirm(ALL_SEEN, at) or answer
    desk.clear()
    return answer.shown.name


# The parent


@dataclass
class Canary:
    """What a series found. answers: how often each was given."""

    scans: int = 0
    kills: int = 0
    searched: int = 0  # files
    answers: Counter[str] = field(default_factory=Counter)
    hits: list[str] = field(default_factory=list)


def run(home: Path, scans: int, runs: int, seed: int, *, careless: bool = False) -> Canary:
    """Let children serve `scans` guests in `runs` lives, and search `home` in between.

    careless: they do not keep their memory private, as a test of this very search.
    """
    chance, told = random.Random(seed), Canary()  # noqa: S311  # which moment, no secret
    key = state_key(home).make(Kept.PASSPHRASE, PASSPHRASE)
    needles = {**FIELDS, **NAMES, "passphrase": (PASSPHRASE.split()[0],)}
    for life in range(runs):
        left = max(1, (scans - told.scans) // (runs - life))
        last = life == runs - 1
        end = signal.SIGABRT if last else signal.SIGKILL
        _live(home, told, left, end, chance, careless=careless)
        told.hits += found(home, needles)
        told.hits += _key_found(home, key) + _texts_found(home, told.scans)
        told.searched += sum(1 for file in home.rglob("*") if file.is_file())
    return told


def _live(
    home: Path,
    told: Canary,
    count: int,
    end: signal.Signals,
    chance: random.Random,
    *,
    careless: bool,
) -> None:
    """One life of a child, which ends in the middle of the scan behind its last one."""
    for folder in ("tmp", "work"):
        (home / folder).mkdir(exist_ok=True)
    places = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    environment = {
        **os.environ,
        **dict.fromkeys(places, str(home)),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(home / "tmp")),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.canary", "--child", str(home), str(told.scans)]
    careful = ["--careless"] if careless else []
    with (home / "stderr.txt").open("ab") as errors, subprocess.Popen(
        [*command, str(10 * count + 10), *careful],
        cwd=home / "work", env=environment, stdout=subprocess.PIPE, stderr=errors, text=True,
        preexec_fn=_allow_core,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        heard = [child.stdout.readline() for _ in range(count)]
        assert all(heard), (home / "stderr.txt").read_text()
        told.hits += found(home, {**FIELDS, **NAMES})
        time.sleep(chance.uniform(0, 0.02))
        child.send_signal(end)
        heard += [line for line in child.stdout.readlines() if line.endswith("\n")]
    told.answers += Counter(line.split()[1] for line in heard)
    told.scans += len(heard)
    told.kills += 1


def _allow_core() -> None:
    """As a careless system would: it is the program that forbids it."""
    import resource  # of POSIX

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def _key_found(home: Path, key: bytes) -> list[str]:
    """The data key is 32 bytes of anything, so it has no small letters."""
    ways = [key, key.hex().encode(), key.hex().upper().encode()]
    ways += [_base64(key, n) for n in range(3)]
    return [
        f"key in {file.relative_to(home)}"
        for file in home.rglob("*")
        if file.is_file() and any(way in file.read_bytes() for way in ways)
    ]


def _texts_found(home: Path, scans: int) -> list[str]:
    """The codes themselves: how all of them begin."""
    beginning = {text_of(number)[:10].encode() for number in range(min(scans, 10))}
    return [
        f"text in {file.relative_to(home)}"
        for file in home.rglob("*")
        if file.is_file() and any(text in file.read_bytes() for text in beginning)
    ]


def lines(told: Canary) -> Iterator[str]:
    """What the command prints."""
    answers = ", ".join(f"{name} {count:,}" for name, count in sorted(told.answers.items()))
    yield f"{told.scans:,} scans ({answers}), {told.kills:,} kills"
    yield f"{len(FIELDS)} fields, names, key and passphrase looked for in {told.searched:,} files"
    yield f"found: {len(told.hits):,}"
    yield from (f"  {hit}" for hit in told.hits[:20])


def main(arguments: Iterable[str] | None = None) -> int:
    """Run a series, or be the child of one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--careless", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.child:
        home, first, count = options.child
        work(Path(home), int(first), int(count), careless=options.careless)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), options.scans, options.runs, options.seed)
    sys.stdout.writelines(f"{line}\n" for line in lines(told))
    return 1 if told.hits else 0


if __name__ == "__main__":
    sys.exit(main())
