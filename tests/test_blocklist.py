"""The blocklist: it only grows, survives a power cut, and never drops a damaged line silently."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.revocation.blocklist import FILE, FOLDER, block, open_blocklist, whole
from kiosk.adapters.revocation.memory import remember_revoked
from kiosk.core.reasons import Reason
from kiosk.core.revocation.blocklist import (
    EMPTY,
    FORMAT,
    MAX_BLOCKLIST,
    MAX_SOURCE,
    Blocked,
    BlocklistFile,
    Entry,
    digest_of_key,
    dump,
    load,
)
from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.revocations import Revocations
from kiosk.core.verify import Verifier
from kiosk.demo.issuer import make_issuer
from tests.certificates import AT, claims, reason_of, rsa_signer, signer, trust
from tests.revocations import value

KEY = Entry(Blocked.KEY, bytes.fromhex("53f38e8d7fe3689b"), AT, "a newspaper")
CERTIFICATE = Entry(Blocked.CERTIFICATE, value(7), AT, "by hand")
LATER = Entry(Blocked.KEY, b"Key3RE", AT + timedelta(hours=1), "by hand")


def read(data: bytes) -> BlocklistFile:
    found = load(data)
    assert found is not None
    return found


def written(*entries: Entry) -> bytes:
    return FORMAT + dump(entries, after=0)


# The form


def test_a_blocklist_is_read_back_as_it_was_written() -> None:
    found = read(written(KEY, CERTIFICATE, LATER))
    assert found.blocklist.entries == (KEY, CERTIFICATE, LATER)
    assert found.blocklist.kids == {KEY.value, LATER.value}
    assert found.blocklist.marks == {CERTIFICATE.value}
    assert (found.faults, found.last) == ((), 3)


def test_a_blocklist_without_a_line_blocks_nothing() -> None:
    assert read(FORMAT).blocklist == EMPTY
    assert read(b"") == BlocklistFile(EMPTY, (), 0, 0)


def test_a_source_keeps_to_its_line() -> None:
    odd = Entry(Blocked.KEY, b"kid", AT, "a\tb\nc\u202ed\udcff" + "x" * 500)
    (entry,) = read(written(odd)).blocklist.entries
    assert entry.source.startswith("a?b?c?d?")
    assert len(entry.source) == MAX_SOURCE


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Entry,
            st.sampled_from(Blocked),
            st.binary(min_size=1, max_size=32),
            st.just(AT),
            st.text(max_size=150),
        ),
        max_size=8,
    ),
    st.integers(0, 10**6),
)
def test_any_entries_survive_their_lines(entries: list[Entry], after: int) -> None:
    found = read(FORMAT + dump(entries, after))
    assert [(e.what, e.value, e.at) for e in found.blocklist.entries] == [
        (e.what, e.value, e.at) for e in entries
    ]
    assert len(found.faults) == (1 if entries and after else 0)


def test_a_blocklist_with_any_byte_changed_tells_it() -> None:
    data = written(KEY, CERTIFICATE, LATER)
    for place in range(len(data)):
        for change in (0x01, 0x20, 0x80):
            changed = bytearray(data)
            changed[place] ^= change
            found = load(bytes(changed))
            assert found is None or found.faults
            if place == len(data) - 1:
                assert found is not None
                assert found.faults == ("line 3 is damaged",)
            if found is not None:
                assert set(found.blocklist.entries) < {KEY, CERTIFICATE, LATER}


@pytest.mark.parametrize("which", [1, 2, 3])
def test_a_damaged_line_is_told_and_the_others_count(which: int) -> None:
    lines = written(KEY, CERTIFICATE, LATER).splitlines(keepends=True)
    lines[which] = lines[which].replace(b"2021", b"2022")
    found = read(b"".join(lines))
    assert found.faults == (f"line {which} is damaged",)
    assert len(found.blocklist.entries) == 2


@pytest.mark.parametrize("which", [1, 2])
def test_a_line_that_was_taken_out_is_told(which: int) -> None:
    lines = written(KEY, CERTIFICATE, LATER).splitlines(keepends=True)
    del lines[which]
    found = read(b"".join(lines))
    assert found.faults == (f"line {which + 1} follows line {which - 1}: "
                            "lines were taken out or moved",)  # fmt: skip
    assert found.last == 3


def test_lines_in_another_order_or_twice_are_told_and_count() -> None:
    head, first, second = written(KEY, CERTIFICATE).splitlines(keepends=True)
    for moved in (head + second + first, head + first + first + second):
        found = read(moved)
        assert found.faults
        assert found.blocklist.kids == {KEY.value}


def check_of(body: bytes) -> bytes:
    return sha256(FORMAT + body).hexdigest()[:16].encode()


def test_a_whole_line_of_another_version_is_told() -> None:
    for body in (b"1\tsoon\tkey\t00\tx", b"1\tx", b"x\t\xff", b"one\t2021-11-22\tkey\t00\tx",
                 b"1\t2021-11-22\tname\t00\tx", b"1\t2021-11-22\tkey\tzz\tx"):  # fmt: skip
        assert read(FORMAT + body + b"\t" + check_of(body) + b"\n").faults == ("line 1 is damaged",)


def test_what_is_no_blocklist_is_none() -> None:
    for data in (b"x", b"kiosk-blocklist-2\n", b"\n", b"kiosk-blocklist-1\r\n"):
        assert load(data) is None


def test_no_repr_shows_a_mark_or_a_kid() -> None:
    shown = repr(read(written(KEY, CERTIFICATE)))
    assert KEY.value.hex() not in shown
    assert "\\x07" not in shown


# The file


def path_in(state: Path) -> Path:
    return state / FOLDER / FILE


def test_what_was_blocked_once_is_blocked_after_a_restart(tmp_path: Path) -> None:
    assert open_blocklist(tmp_path) == EMPTY
    assert block(tmp_path, [KEY, CERTIFICATE]) == (KEY, CERTIFICATE)
    assert block(tmp_path, [CERTIFICATE, LATER, LATER]) == (LATER,)
    assert open_blocklist(tmp_path).entries == (KEY, CERTIFICATE, LATER)


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    block(tmp_path, [KEY])
    before = path_in(tmp_path).stat().st_mtime_ns
    assert block(tmp_path, [KEY]) == ()
    assert path_in(tmp_path).stat().st_mtime_ns == before


def test_a_blocklist_is_for_its_owner_alone(tmp_path: Path) -> None:
    block(tmp_path, [KEY])
    assert path_in(tmp_path).stat().st_mode & 0o077 == 0


def test_a_write_that_was_torn_anywhere_is_survived_and_written_anew(tmp_path: Path) -> None:
    block(tmp_path, [KEY])
    before = len(path_in(tmp_path).read_bytes())
    block(tmp_path, [CERTIFICATE])
    whole_file = path_in(tmp_path).read_bytes()
    for length in range(before, len(whole_file)):
        path_in(tmp_path).write_bytes(whole_file[:length])
        assert open_blocklist(tmp_path).entries == (KEY,)
        assert block(tmp_path, [LATER]) == (LATER,)
        assert open_blocklist(tmp_path).entries == (KEY, LATER)


def test_a_first_write_that_was_torn_is_survived(tmp_path: Path) -> None:
    block(tmp_path, [KEY])
    whole_file = path_in(tmp_path).read_bytes()
    for length in range(len(whole_file)):
        path_in(tmp_path).write_bytes(whole_file[:length])
        assert open_blocklist(tmp_path) == EMPTY
        block(tmp_path, [KEY])
        assert path_in(tmp_path).read_bytes() == whole_file


def test_lines_are_durable_when_they_are_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    block(tmp_path, [KEY])
    assert len(synced) >= 2  # the file, and the folder that names it


def test_a_damaged_blocklist_is_not_opened_and_not_added_to(tmp_path: Path) -> None:
    block(tmp_path, [KEY, CERTIFICATE])
    path = path_in(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"newspaper", b"newspapor"))
    damaged = path.read_bytes()
    with pytest.raises(RevocationError, match="line 1 is damaged") as caught:
        open_blocklist(tmp_path)
    assert "--sound-lines" in caught.value.remedy
    with pytest.raises(RevocationError, match="line 1 is damaged"):
        block(tmp_path, [LATER])
    assert path.read_bytes() == damaged


def test_a_file_that_is_no_blocklist_is_refused(tmp_path: Path) -> None:
    path_in(tmp_path).parent.mkdir()
    path_in(tmp_path).write_text("something else")
    with pytest.raises(RevocationError, match="not a blocklist"):
        open_blocklist(tmp_path)


def test_a_blocklist_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path_in(tmp_path).mkdir(parents=True)
    with pytest.raises(RevocationError, match="is a folder"):
        open_blocklist(tmp_path)
    (tmp_path / "large").write_bytes(bytes(MAX_BLOCKLIST + 1))
    with pytest.raises(RevocationError, match="is too large"):
        whole(tmp_path / "large")
    (tmp_path / "file").write_text("x")
    with pytest.raises(RevocationError, match="cannot be read"):
        whole(tmp_path / "file" / "below")


BLOCKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kiosk.adapters.revocation.blocklist import block
from kiosk.core.revocation.blocklist import Blocked, Entry
for number in range(40):
    value = f"{sys.argv[2]}{number}".encode()
    block(Path(sys.argv[1]), [Entry(Blocked.KEY, value, datetime(2021, 11, 22, tzinfo=UTC), "x")])
"""


def test_two_programs_that_block_at_once_lose_nothing(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    running = [
        subprocess.Popen([sys.executable, "-c", BLOCKER, str(tmp_path), name], cwd=root)
        for name in "ab"
    ]
    assert [one.wait(timeout=60) for one in running] == [0, 0]
    assert len(open_blocklist(tmp_path).kids) == 80


# What trust lists revoke


def test_a_key_that_a_list_revoked_stays_blocked_when_a_later_list_believes_it(
    tmp_path: Path,
) -> None:
    revoking = trust(signer(), rsa_signer(), revoked=frozenset({signer().kid}))
    blocked, told = remember_revoked(tmp_path, revoking, AT)
    assert blocked.kids == {signer().kid}
    assert not told
    assert "revoked by trust list the tests" in blocked.entries[0].source

    later = trust(signer(), rsa_signer())
    blocked, told = remember_revoked(tmp_path, later, AT)
    assert blocked.kids == {signer().kid}
    (alarm,) = told
    assert "A key that an earlier trust list revoked" in alarm
    assert "believes it" in alarm
    verifier = Verifier(later, Revocations(blocked=blocked))
    assert reason_of(verifier.verify(signer().sign(claims()), AT)) is Reason.SIGNER_REVOKED
    assert reason_of(verifier.verify(rsa_signer().sign(claims()), AT)) is None


def test_a_list_that_knows_the_key_no_more_is_an_alarm_too(tmp_path: Path) -> None:
    remember_revoked(tmp_path, trust(revoked=frozenset({b"a", b"b"})), AT)
    _, told = remember_revoked(tmp_path, trust(revoked=frozenset({b"b"})), AT)
    assert len(told) == 1
    assert "A key that an earlier trust list revoked" in told[0]
    assert "does not know it" in told[0]
    _, told = remember_revoked(tmp_path, trust(), AT)
    assert "2 keys that an earlier trust list revoked are not" in told[0]
    assert "believes 0 of them" in told[0]
    assert not remember_revoked(tmp_path, trust(revoked=frozenset({b"a", b"b"})), AT)[1]


def test_a_list_that_the_installation_holds_against_its_memory_is_an_alarm(tmp_path: Path) -> None:
    """Whoever reads the trust folders remembers too, and says what the lists dropped."""
    held = replace(trust(signer(), revoked=frozenset({b"a"})), dropped=frozenset({b"a"}))
    blocked, told = remember_revoked(tmp_path, held, AT)
    assert blocked.kids == {b"a"}
    assert "A key that an earlier trust list revoked" in told[0]


def test_the_other_kids_of_a_blocked_key_are_remembered_with_it(tmp_path: Path) -> None:
    again = make_issuer("FR", key=signer().key)
    block(tmp_path, [Entry(Blocked.KEY, signer().kid, AT, "by hand")])
    blocked, told = remember_revoked(tmp_path, trust(signer(), again), AT)
    assert blocked.kids == {signer().kid, again.kid}
    assert not told
    # A list that dropped the blocked certificate, and not the other one of the same key.
    blocked, told = remember_revoked(tmp_path, trust(again), AT)
    assert blocked.kids == {signer().kid, again.kid}
    assert not told


@pytest.mark.parametrize("by_list", [False, True])
def test_a_blocked_key_does_not_come_back_under_a_kid_that_no_list_had_beside_the_blocked_one(
    tmp_path: Path, by_list: bool
) -> None:
    again = make_issuer("FR", key=signer().key)
    if by_list:
        remember_revoked(tmp_path, trust(signer(), revoked=frozenset({signer().kid})), AT)
    else:
        block(tmp_path, [Entry(Blocked.KEY, signer().kid, AT, "by hand")])
        remember_revoked(tmp_path, trust(signer(), rsa_signer()), AT)
    later = trust(again, rsa_signer())
    verifier = Verifier(later, Revocations(blocked=open_blocklist(tmp_path)))
    assert reason_of(verifier.verify(again.sign(claims()), AT)) is Reason.SIGNER_REVOKED
    assert reason_of(verifier.verify(rsa_signer().sign(claims()), AT)) is None
    # The door that opens with it remembers the other kid, and is at rest then.
    blocked, _ = remember_revoked(tmp_path, later, AT)
    assert blocked.kids == {signer().kid, again.kid}
    assert len(blocked.public_keys) == 1
    assert remember_revoked(tmp_path, later, AT)[0].entries == blocked.entries


def test_a_line_of_a_public_key_is_read_back_and_blocks_its_key_alone() -> None:
    (known,) = trust(signer()).signers
    entry = Entry(Blocked.PUBLIC_KEY, digest_of_key(known.public_key), AT, "by hand")
    found = read(written(KEY, entry))
    assert not found.faults
    assert found.blocklist.public_keys == {sha256(known.public_key).digest()}
    verifier = Verifier(trust(signer(), rsa_signer()), Revocations(blocked=found.blocklist))
    assert reason_of(verifier.verify(signer().sign(claims()), AT)) is Reason.SIGNER_REVOKED
    assert reason_of(verifier.verify(rsa_signer().sign(claims()), AT)) is None


def test_a_file_from_before_public_keys_is_read_still() -> None:
    old = b"kiosk-blocklist-1\n1\t2021-11-22T08:00:00+00:00\tkey\taabb\tby hand\t"
    line = old[len(FORMAT) : -1]
    whole_file = old + sha256(FORMAT + line).hexdigest()[:16].encode() + b"\n"
    found = read(whole_file)
    assert found.blocklist.kids == {b"\xaa\xbb"}
    assert not found.faults
    assert not found.blocklist.public_keys


def test_where_nothing_is_revoked_nothing_is_written(tmp_path: Path) -> None:
    assert remember_revoked(tmp_path, trust(signer()), AT) == (EMPTY, [])
    assert not (tmp_path / FOLDER).exists()
