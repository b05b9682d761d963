"""The privacy canary: silent over the program, loud over whatever is planted."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import replace_guests
from kiosk.adapters.storage.purge import to_delete
from tests.canary import FIELDS, NAMES, found, people, run, text_of
from tests.door import SEALER

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")


def core_is_a_file() -> bool:
    """Whether this system writes cores into the folder where a program runs."""
    if sys.platform != "linux":
        return False
    import resource

    pattern = Path("/proc/sys/kernel/core_pattern").read_text("utf-8")
    return "/" not in pattern and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0


@posix
def test_after_100_scans_and_kills_no_field_no_name_and_no_key_is_on_the_disk(
    tmp_path: Path,
) -> None:
    told = run(tmp_path, scans=100, runs=3, seed=2021)
    assert told.hits == []
    assert told.scans >= 100
    assert told.kills == 3
    assert told.answers["ADMIT"] > 30
    assert told.answers["REFUSE"] > 5
    assert told.answers["DESK"] > 3
    assert (tmp_path / "stderr.txt").read_bytes() == b""
    assert (tmp_path / "state" / "kiosk.sqlite3-wal").stat().st_size > 0
    assert not list(tmp_path.rglob("core*"))
    with closing(open_database(tmp_path / "state")) as database:
        rows = to_delete(database)
    assert rows["guests"] == len(people())
    assert rows["changes made at a door"] >= 5
    assert rows["members of staff"] == 1


@pytest.mark.skipif(not core_is_a_file(), reason="a crash leaves no file here")
def test_a_core_that_a_crash_leaves_is_found(tmp_path: Path) -> None:
    told = run(tmp_path, scans=5, runs=1, seed=1, careless=True)
    assert {hit.split(" in ")[0] for hit in told.hits} > {"ci", "guest", "key"}


def test_the_canaries_are_in_the_certificates_that_are_scanned() -> None:
    from kiosk.core.hcert import cose, envelope

    scanned = b"".join(
        cose.parse(envelope.open_envelope(text_of(number))).payload for number in range(10)
    ).lower()
    missing = [
        name
        for name, texts in FIELDS.items()
        if not all(text.lower().encode() in scanned for text in texts)
    ]
    assert missing == []


HIDDEN: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "in capitals": bytes.upper,
    "in UTF-16": lambda data: data.decode().encode("utf-16"),
    "in UTF-16, big end first": lambda data: data.decode().encode("utf-16-be"),
    "in hexadecimal": lambda data: data.hex().upper().encode(),
    **{
        f"in base64 behind {n} bytes": lambda data, n=n: base64.b64encode(b"x" * n + data)  # type: ignore[misc]
        for n in range(3)
    },
}


@pytest.mark.parametrize("way", HIDDEN)
@pytest.mark.parametrize("name", [*FIELDS, *NAMES])
def test_a_field_that_was_planted_is_found_however_it_is_written(
    tmp_path: Path, name: str, way: str
) -> None:
    needles = FIELDS | NAMES
    for text in needles[name]:
        file = tmp_path / "folder" / "settings.bin"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(os.urandom(900) + HIDDEN[way](f" {text}9 and more".encode()))
        hits = [hit for hit in found(tmp_path, needles) if hit.startswith(f"{name} in folder/")]
        assert hits


def test_a_field_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "scan-QZIDENTIFIER7.png").touch()
    assert len(found(tmp_path, FIELDS)) == 1


def test_noise_holds_no_field(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(os.urandom(1_000_000))
    assert found(tmp_path, FIELDS | NAMES) == []


def test_a_guest_who_is_not_sealed_is_found_in_the_database(tmp_path: Path) -> None:
    with closing(open_database(tmp_path, SEALER)) as database:
        replace_guests(database, people()[:5])
        assert found(tmp_path, NAMES) == []
        database.connection.execute(
            "INSERT INTO guests VALUES ('another', ?)", (people()[5].name.encode(),)
        )
        assert found(tmp_path, NAMES)
