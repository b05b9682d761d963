"""Files of logs that somebody made to harm: signed well, and full of what no kiosk writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logrows import read_records
from kiosk.cli.main import main
from kiosk.core.attendance import Attendance
from kiosk.core.causes import Cause
from kiosk.core.chain import GENESIS, Count, link
from kiosk.core.entry import EntryAct, EntryBasis, canonical
from kiosk.desk.identifiers import uuid7
from tests.door import MORNING, saint_ouen
from tests.fakes.clock import SetClock
from tests.logs import EVENT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
HALF = "\ud800"  # of a surrogate pair


def entry(**fields: Any) -> str:
    values = {
        "id": uuid7(MORNING, 1),
        "kiosk": "k",
        "epoch": "e",
        "seq": 1,
        "event": EVENT,
        "act": EntryAct.IN,
        "guest": "g",
        "occasion": "policy-day-1",
        "door": "north",
        "basis": EntryBasis.SCANNED,
        "staff": "",
        "cause": Cause.NONE,
        "refers": "",
        "happened": None,
        "at": MORNING.isoformat(),
        "hlc": 5,
        "boot": "b",
        "mono": 1.0,
        "list_version": 1,
        "form": 1,
    }
    return json.dumps(values | fields, sort_keys=True, separators=(",", ":"))


def signed(values: dict[str, Any]) -> dict[str, Any]:
    line = json.dumps(values)
    return {
        "checkpoint": line,
        "signature": KEY.sign(b"kiosk-checkpoint-1\x00" + line.encode()).hex(),
    }


def log(path: Path, line: str, checkpoint: Any = None, count: Any = None, **header: Any) -> Path:
    """A file of one entry whose chain and signatures hold."""
    names = {"event": EVENT, "kiosk": "k", "epoch": "e"}
    told = {
        **names,
        "seq": 1,
        "head": link(GENESIS, line).hex(),
        "at": MORNING.isoformat(),
        "list_version": 1,
        "counted": 0,
        "moment": "exported",
    }
    counts = []
    if count is not None:
        of = Count(EVENT, "k", "e", *count)
        counts = [
            {"count": of, "signature": KEY.sign(b"kiosk-count-1\x00" + canonical_bytes(of)).hex()}
        ]
    first = {
        "base": 1,
        "form": 1,
        "key": KEY.public_key().public_bytes_raw().hex(),
        "entries": 1,
        "checkpoints": 2,
        "counts": len(counts),
    }
    lines = [first | names | header, None, signed(checkpoint or told), signed(told), *counts]
    text = [line if one is None else json.dumps(one) for one in lines]
    path.write_text("\n".join([*text, ""]), "ascii")
    return path


def canonical_bytes(count: Count) -> bytes:
    return canonical(count._asdict()).encode("utf-8", "surrogatepass")


ENTRIES: dict[str, dict[str, Any]] = {
    "a time at the end of the calendar": {"at": "9999-12-31T23:59:59+00:00"},
    "an event at the end of the calendar": {"happened": "9999-12-31T23:59:59+00:00"},
    "a time at the beginning of the calendar": {"at": "0001-01-01T00:00:00+14:00"},
    "a door of half a character": {"door": HALF},
    "an id of half a character": {"id": HALF},
    "a guest of half a character": {"guest": HALF},
    "seconds without end": {"mono": float("inf")},
    "seconds that are none": {"mono": float("nan")},
    "a formula for a door": {"door": '=HYPERLINK("http://example.org")'},
}


def used_everywhere(file: Path, state: Path) -> None:
    """All that reads a log goes through, whatever the answer is."""
    of = ["--state", str(state)]
    assert main(["log", "verify", "--file", str(file)]) in {0, 1, 2}
    assert main(["log", "import", str(file), *of]) in {0, 1, 2}
    with open_database(state) as database:
        journal = SqliteJournal(database, EVENT, SetClock(MORNING), "b", saint_ouen().time_zone)
        for records in (journal.news().records, read_records(database)):
            Attendance(saint_ouen().time_zone, records).today(MORNING)
    for told in (["show"], ["verify"], ["export", str(state / "log")]):
        assert main(["log", *told, *of]) == 0
    for table in (["--format", "csv"], ["--format", "json"], ["--counts"]):
        assert main(["log", "export", *table, str(state / "table"), *of]) == 0


@pytest.mark.parametrize("fields", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_that_no_kiosk_writes_stops_nothing(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    used_everywhere(log(tmp_path / "x.log", entry(**fields)), tmp_path / "state")


@pytest.mark.parametrize(
    "told",
    [{"seq": -(10**100)}, {"seq": -5}, {"counted": 10**100}, {"list_version": -1}, {"a": HALF}],
)
def test_a_checkpoint_that_no_kiosk_signs_stops_nothing(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    names = {"event": EVENT, "kiosk": "k", "epoch": "e", "head": "", "moment": "running"}
    rest = {"seq": 0, "at": MORNING.isoformat(), "list_version": 1, "counted": 0}
    file = log(tmp_path / "x.log", entry(), names | rest | told)
    used_everywhere(file, tmp_path / "state")
    with open_database(tmp_path / "state") as database:
        assert read_records(database) == ()


@pytest.mark.parametrize(
    "count",
    [
        ("2021-W47-1", 8, "north", "ADMIT", 1),
        ("20211122", 8, "north", "ADMIT", 1),
        ("2021-11-22", 24, "north", "ADMIT", 1),
        ("2021-11-22", 8, "north", HALF, 1),
    ],
)
def test_a_count_that_no_kiosk_signs_is_not_taken(
    tmp_path: Path, count: tuple[Any, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    file = log(tmp_path / "x.log", entry(), count=count)
    used_everywhere(file, tmp_path / "state")
    assert "Copy it again" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["event", "kiosk", "epoch"])
def test_a_log_with_half_a_character_in_its_name_is_no_log(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    used_everywhere(log(tmp_path / "x.log", entry(**{name: HALF}), **{name: HALF}), tmp_path / "s")
    assert "a line is no JSON" in capsys.readouterr().err


def test_a_formula_in_another_desks_log_runs_in_no_spreadsheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = log(tmp_path / "x.log", entry(door="=1+1"))
    main(["log", "import", str(file), "--state", str(tmp_path / "state")])
    capsys.readouterr()
    main(["log", "export", "--format", "csv", "--state", str(tmp_path / "state")])
    assert ",'=1+1," in capsys.readouterr().out
