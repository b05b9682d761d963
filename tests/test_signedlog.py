"""A signed log as a file: whole and sound, or told for what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.chain import Checked, Count, Finding, Flaw, LogName, Moment
from kiosk.core.signedlog import (
    LogFileError,
    SignedLog,
    check_signed_log,
    fingerprint,
    links_of_lines,
    read_logs,
    write_logs,
)
from tests.test_chain import KEY, OTHER_KEY, PUBLIC, chain, checkpoint
from tests.test_chain import LOG as NAME

EVENT = "saint-ouen-2021"


def counted(answer: str, times: int, **changes: Any) -> tuple[Count, bytes]:
    count = Count(EVENT, *NAME, "2021-11-22", 9, "north", answer, times)._replace(**changes)
    return count, count.signed(KEY)


def signed_log(entries: int = 3, *signed: int) -> SignedLog:
    """A log whose checkpoints are at `signed`, or else at its end."""
    links = chain(entries)
    return SignedLog(
        EVENT,
        NAME,
        PUBLIC.public_bytes_raw(),
        tuple(one.line for one in links),
        tuple(
            checkpoint(links, seq, counted=3, moment=Moment.EXPORTED).signed(KEY)
            for seq in signed or (entries,)
        ),
        (counted("ADMIT", 2), counted("REFUSE", 1)),
    )


LOG = signed_log()


# The file


def test_logs_come_back_from_their_file_as_they_were() -> None:
    logs = [LOG, signed_log(0), signed_log(5, 2, 4), replace(LOG, checkpoints=(), counts=())]
    assert read_logs(write_logs(logs)) == logs
    assert read_logs(write_logs([LOG])) == [LOG]


def test_a_file_is_a_header_then_entries_to_the_byte_then_what_is_signed() -> None:
    header, *lines, end = write_logs([LOG]).decode().split("\n")
    assert header == (
        '{"base":1,"checkpoints":1,"counts":2,"entries":3,"epoch":"epoch-1",'
        f'"event":"{EVENT}","form":1,"key":"{LOG.key.hex()}","kiosk":"kiosk-1"}}'
    )
    assert tuple(lines[:3]) == LOG.lines
    assert lines[3].startswith('{"checkpoint":"{')
    assert lines[4] == (
        f'{{"count":["{EVENT}","kiosk-1","epoch-1","2021-11-22",9,"north","ADMIT",2],'
        f'"signature":"{LOG.counts[0][1].hex()}"}}'
    )
    assert (len(lines), end) == (6, "")


def test_the_chain_over_lines_begins_with_the_first_entry() -> None:
    assert list(links_of_lines(LOG.lines)) == chain(3)
    assert list(links_of_lines([])) == []


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda _: "", "empty"),
        (lambda text: text[:-1], "cut short"),
        (lambda text: text[: text.rindex("\n", 0, -1) + 1], "cut short"),
        (lambda text: text.replace('"form":1', '"form":2', 1), "later version"),
        (lambda text: text.replace('"base":1', '"base":3', 1), "later version"),
        (lambda text: text.replace('"key":"', '"key":"0', 1), "no signed log"),
        (lambda text: text.replace('"key":"', '"key":"00', 1), "another length"),
        (lambda text: text.replace('"kiosk"', '"kosk"', 1), "no signed log"),
        (lambda text: text.replace('"entries":3', '"entries":-2', 1), "no signed log"),
        (lambda text: text.replace('"entries":3', '"entries":true', 1), "no signed log"),
        (lambda text: text.replace('"entries":3', '"entries":10000001', 1), "no signed log"),
        (lambda text: text.replace('"entries":3', '"entries":10000000', 1), "cut short"),
        (lambda text: text.replace('"entries":3', '"entries":1', 1), "a checkpoint is none"),
        (lambda text: text.replace('"entries":3', '"entries":4', 1), "cut short"),
        (lambda text: text.replace('"2021-11-22",9', '"2021-11-22",24', 1), "a count is none"),
        (lambda text: text.replace('"2021-11-22",9', '"2021-11-32",9', 1), "a count is none"),
        (lambda text: text.replace('"signature":"', '"signature":"x', 1), "a checkpoint is none"),
        (lambda text: text.replace('"count":[', '"count":[7,', 1), "a count is none"),
        (lambda text: text.replace('"REFUSE",1', '"REFUSE",-1', 1), "a count is none"),
        (lambda text: text.replace('"REFUSE",1', '"REFUSE","1"', 1), "a count is none"),
        (lambda text: text.replace('"event":"saint-ouen-2021"', '"event":7', 1), "no signed log"),
        (lambda text: text.replace('["saint-ouen-2021"', "[7", 1), "a count is none"),
        (lambda text: text.replace('{"checkpoint":"', '{"checkpoint":7,"x":"', 1), "checkpoint is"),
        (lambda text: "{}\n" + text, "no signed log"),
        (lambda _: "nonsense\n", "no JSON"),
        (lambda _: "[]\n", "no JSON object"),
        (lambda text: text + "\n", "no JSON"),
    ],
)
def test_a_file_that_is_no_signed_log_or_not_whole_is_told(
    harm: Callable[[str], str], told: str
) -> None:
    text = write_logs([LOG]).decode()
    harmed = harm(text)
    assert harmed != text
    with pytest.raises(LogFileError, match=told):
        read_logs(harmed.encode())


def test_a_file_that_is_no_text_is_told() -> None:
    with pytest.raises(LogFileError, match="UTF-8"):
        read_logs(b"\xff\n")


def test_a_fingerprint_is_short_and_of_the_whole_key() -> None:
    assert fingerprint(bytes(32)) == "6668 7aad f862 bd77"
    assert fingerprint(bytes(31) + b"\1") != fingerprint(bytes(32))


# What was done to a log


def test_a_log_that_nobody_touched_holds() -> None:
    assert check_signed_log(LOG) == Checked(3, 3, closed=False, counted=3)
    assert check_signed_log(signed_log(5, 2, 4)) == Checked(5, 4, closed=False, counted=3)
    assert check_signed_log(signed_log(0)) == Checked(0, 0, closed=False, counted=3)


def swapped(log: SignedLog) -> SignedLog:
    lines = list(log.lines)
    lines[1], lines[2] = lines[2], lines[1]
    return replace(log, lines=tuple(lines))


def with_line(log: SignedLog, place: int, old: str, new: str) -> SignedLog:
    assert old in log.lines[place]
    lines = list(log.lines)
    lines[place] = lines[place].replace(old, new)
    return replace(log, lines=tuple(lines))


def with_count(log: SignedLog, **changes: Any) -> SignedLog:
    (count, signature), *others = log.counts
    return replace(log, counts=((count._replace(**changes), signature), *others))


TAMPERS: dict[str, tuple[Callable[[SignedLog], SignedLog], Finding]] = {
    "an entry edited": (
        lambda log: with_line(log, 1, "north", "south"),
        Finding(Flaw.REWRITTEN, 3),
    ),
    "an entry deleted": (
        lambda log: replace(log, lines=log.lines[:1] + log.lines[2:]),
        Finding(Flaw.MISPLACED, 2),
    ),
    "an entry put in": (
        lambda log: replace(log, lines=(*log.lines[:1], log.lines[0], *log.lines[1:])),
        Finding(Flaw.MISPLACED, 2),
    ),
    "entries in another order": (swapped, Finding(Flaw.MISPLACED, 2)),
    "the end cut off": (
        lambda log: replace(log, lines=log.lines[:2]),
        Finding(Flaw.CUT, 3),
    ),
    "another kiosk's id": (
        lambda log: replace(log, name=LogName("kiosk-9", log.name.epoch)),
        Finding(Flaw.MISPLACED, 1),
    ),
    "another kiosk's id, throughout": (
        lambda log: replace(
            log,
            name=LogName("kiosk-9", log.name.epoch),
            lines=tuple(line.replace(log.name.kiosk, "kiosk-9") for line in log.lines),
        ),
        Finding(Flaw.FORGED, 3),
    ),
    "another key": (
        lambda log: replace(log, key=bytes(32)),
        Finding(Flaw.FORGED, 3),
    ),
    "a checkpoint changed": (
        lambda log: replace(
            log,
            checkpoints=(
                log.checkpoints[0]._replace(
                    line=log.checkpoints[0].line.replace('"seq":3', '"seq":2')
                ),
            ),
        ),
        Finding(Flaw.FORGED, 2),
    ),
    "a count changed": (lambda log: with_count(log, times=1), Finding(Flaw.COUNT_CHANGED, 0)),
    "a count of another door": (
        lambda log: with_count(log, door="south"),
        Finding(Flaw.COUNT_CHANGED, 0),
    ),
    "a count left out": (
        lambda log: replace(log, counts=log.counts[1:]),
        Finding(Flaw.COUNT_MISSING, 0),
    ),
    "another event": (lambda log: replace(log, event="x"), Finding(Flaw.MISPLACED, 1)),
}


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_log_that_was_tampered_with_is_told_where_it_begins(tamper: str) -> None:
    change, finding = TAMPERS[tamper]
    assert check_signed_log(change(LOG)).finding == finding


def test_what_is_wrong_with_counts_alone_is_told_apart() -> None:
    assert {flaw for flaw in Flaw if Finding(flaw, 0).of_counts} == {
        Flaw.COUNT_CHANGED,
        Flaw.COUNT_MISSING,
    }


def test_counts_may_have_grown_since_the_last_checkpoint() -> None:
    grown = replace(LOG, counts=(counted("ADMIT", 4), *LOG.counts[1:]))
    assert check_signed_log(grown).finding is None


@pytest.mark.parametrize("changes", [{"event": "x"}, {"kiosk": "x"}, {"epoch": "x"}])
def test_a_count_of_another_log_is_none_of_this_even_where_it_is_signed(
    changes: dict[str, str],
) -> None:
    stray = replace(LOG, counts=(*LOG.counts, counted("ADMIT", 1, **changes)))
    assert check_signed_log(stray).finding == Finding(Flaw.COUNT_CHANGED, 0)


def test_a_count_signed_with_another_key_is_none() -> None:
    (count, _), other = LOG.counts
    forged = replace(LOG, counts=((count, count.signed(OTHER_KEY)), other))
    assert check_signed_log(forged).finding == Finding(Flaw.COUNT_CHANGED, 0)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_byte_of_a_file_can_be_changed_unnoticed(data: st.DataObject) -> None:
    whole = write_logs([LOG])
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        logs = read_logs(bytes(changed))
    except LogFileError:
        return
    assert logs == read_logs(whole) or any(
        check_signed_log(log).finding or check_signed_log(log).signed < 3 for log in logs
    )
