"""The chain of a log and its checkpoints: every change is found where it is, and has a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.chain import (
    GENESIS,
    Checked,
    Checkpoint,
    Count,
    Finding,
    Flaw,
    Link,
    LogName,
    Moment,
    Signed,
    check_counts,
    check_log,
    checkpoint_if_signed,
    checkpoint_of,
    link,
)
from kiosk.core.entry import LineError, canonical, line_of
from tests.door import MORNING
from tests.test_entry import SECOND, record

LOG = LogName("kiosk-1", "epoch-1")
KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()


def chained(lines: Sequence[str], start: bytes = GENESIS) -> list[Link]:
    """A chain over these lines, numbered from 1."""
    links: list[Link] = []
    for seq, line in enumerate(lines, start=1):
        previous = links[-1].digest if links else start
        links.append(Link(seq, line, link(previous, line)))
    return links


def line(seq: int, **changes: Any) -> str:
    return line_of(record(seq, at=MORNING + seq * SECOND, **changes))


def chain(length: int) -> list[Link]:
    return chained([line(seq) for seq in range(1, length + 1)])


def checkpoint(links: Sequence[Link], seq: int, **changes: Any) -> Checkpoint:
    plain = Checkpoint(
        event="saint-ouen-2021",
        kiosk=LOG.kiosk,
        epoch=LOG.epoch,
        seq=seq,
        head=links[seq - 1].digest.hex() if seq else GENESIS.hex(),
        at=MORNING + seq * SECOND,
        list_version=1,
        counted=0,
        moment=Moment.RUNNING,
    )
    return replace(plain, **changes)


def signed(links: Sequence[Link], *seqs: int) -> list[Signed]:
    return [checkpoint(links, seq).signed(KEY) for seq in seqs]


def found(links: Sequence[Link], checkpoints: Sequence[Signed] = ()) -> Finding | None:
    return check_log(LOG, links, checkpoints, PUBLIC).finding


# The digest


def test_a_digest_is_sha_256_over_the_domain_the_digest_before_and_the_line() -> None:
    assert link(GENESIS, "{}").hex() == (
        "d3f1ebf2ad52f3ad3fcb7b429a21072d13543026f5042b0316106b94ba0e29a6"
    )
    assert link(bytes(31) + b"\1", "{}") != link(GENESIS, "{}") != link(GENESIS, "{ }")


# The chain alone


def test_an_empty_and_an_untouched_log_are_whole() -> None:
    assert check_log(LOG, []) == Checked(0, 0, closed=False)
    assert check_log(LOG, chain(7)) == Checked(7, 0, closed=False)


@pytest.mark.parametrize("position", [1, 3, 5])
def test_a_line_with_one_other_character_is_found_where_it_is(position: int) -> None:
    links = chain(5)
    at = links[position - 1]
    for changed in (at.line.replace("north", "south"), at.line + " ", at.line[:-1], "", "7"):
        links[position - 1] = at._replace(line=changed)
        assert found(links) == Finding(Flaw.CHANGED, position)
    links[position - 1] = at._replace(digest=bytes(32))
    assert found(links) == Finding(Flaw.CHANGED, position)


@pytest.mark.parametrize("position", [1, 3, 4])
def test_a_change_with_a_new_digest_is_found_at_the_next_entry(position: int) -> None:
    links = chain(5)
    previous = links[position - 2].digest if position > 1 else GENESIS
    changed = line(position, guest="another")
    links[position - 1] = Link(position, changed, link(previous, changed))
    assert found(links) == Finding(Flaw.CHANGED, position + 1)


def test_an_entry_left_out_is_found() -> None:
    links = chain(5)
    for position in range(1, 5):
        without = links[: position - 1] + links[position:]
        assert found(without) == Finding(Flaw.MISSING, position)


def test_two_entries_in_each_others_place_are_found() -> None:
    links = chain(5)
    for position in range(1, 5):
        swapped = list(links)
        swapped[position - 1 : position + 1] = links[position], links[position - 1]
        assert found(swapped) == Finding(Flaw.MISSING, position)
        renumbered = [one._replace(seq=seq) for seq, one in enumerate(swapped, start=1)]
        assert found(renumbered) == Finding(Flaw.MISPLACED, position)


def test_an_entry_twice_and_one_put_in_are_found() -> None:
    links = chain(3)
    assert found([*links[:2], links[1], links[2]]) == Finding(Flaw.MISSING, 3)
    put_in = chained([line(1), line(2, guest="put in")])[1]
    renumbered = [*links[:1], put_in, *[one._replace(seq=one.seq + 1) for one in links[1:]]]
    assert found(renumbered) == Finding(Flaw.MISPLACED, 3)


@pytest.mark.parametrize("changes", [{"kiosk": "kiosk-2"}, {"epoch": "epoch-2"}])
def test_a_line_of_another_log_is_misplaced_even_with_the_right_digest(
    changes: dict[str, str],
) -> None:
    links = chained([line(1), line(2, **changes)])
    assert found(links) == Finding(Flaw.MISPLACED, 2)


def test_a_record_of_a_later_version_is_part_of_the_chain() -> None:
    later = canonical(json.loads(line(2)) | {"form": 2, "act": "teleported", "lane": 3})
    assert found(chained([line(1), later, line(3)])) is None


def test_a_chain_may_be_checked_from_any_entry_on() -> None:
    links = chain(5)
    start = (3, links[2].digest)
    assert check_log(LOG, links[3:], start=start) == Checked(5, 0, closed=False)
    assert check_log(LOG, links[3:], start=(3, bytes(32))).finding == Finding(Flaw.CHANGED, 4)
    assert check_log(LOG, links[4:], start=start).finding == Finding(Flaw.MISSING, 4)


# Checkpoints


def test_a_checkpoint_comes_back_from_its_line_as_it_was() -> None:
    mine = checkpoint(chain(2), 2, counted=7, moment=Moment.CLOSED)
    assert checkpoint_of(mine.signed(KEY).line) == mine
    assert checkpoint_if_signed(mine.signed(KEY), PUBLIC) == mine
    assert checkpoint_if_signed(mine.signed(OTHER_KEY), PUBLIC) is None
    assert checkpoint_if_signed(mine.signed(KEY)._replace(signature=b"short"), PUBLIC) is None


def test_a_checkpoint_s_line_begins_with_its_time_so_that_it_sorts_by_it() -> None:
    assert checkpoint(chain(1), 1).signed(KEY).line.startswith('{"at":"2021-11-22T')


def test_a_checkpoint_tells_its_time_in_utc() -> None:
    local = MORNING.astimezone(ZoneInfo("Europe/Paris"))
    told = checkpoint(chain(1), 1, at=local).signed(KEY).line
    assert told == checkpoint(chain(1), 1, at=MORNING).signed(KEY).line
    assert '"at":"2021-11-22T09:00:00+00:00"' in told


def test_the_signature_of_an_entry_or_a_count_is_none_of_a_checkpoint() -> None:
    text = checkpoint(chain(1), 1).signed(KEY).line
    for domain in (b"", b"kiosk-count-1\x00", b"kiosk-checkpoint-2\x00"):
        forged = Signed(text, KEY.sign(domain + text.encode()))
        assert checkpoint_if_signed(forged, PUBLIC) is None


@pytest.mark.parametrize(
    "changes", [{"seq": None}, {"at": 7}, {"moment": "dreamt"}, {"at": None}, {"seq": "x"}]
)
def test_what_is_no_checkpoint_is_told_even_where_it_is_signed(changes: dict[str, object]) -> None:
    text = canonical(json.loads(checkpoint(chain(1), 1).signed(KEY).line) | changes)
    with pytest.raises(LineError, match=r"^no checkpoint of this version$"):
        checkpoint_of(text)
    stray = Signed(text, KEY.sign(b"kiosk-checkpoint-1\x00" + text.encode()))
    assert checkpoint_if_signed(stray, PUBLIC) is None
    assert found([], [stray]) == Finding(Flaw.FORGED, 0)


def test_a_log_is_vouched_for_as_far_as_its_last_checkpoint() -> None:
    links = chain(7)
    assert check_log(LOG, links, signed(links, 2, 5), PUBLIC) == Checked(7, 5, closed=False)
    assert check_log(LOG, links, signed(links, 7), PUBLIC) == Checked(7, 7, closed=False)
    assert check_log(LOG, links, signed(links, 0), PUBLIC) == Checked(7, 0, closed=False)


def test_without_the_kiosk_s_key_nothing_vouches() -> None:
    links = chain(3)
    assert check_log(LOG, links, signed(links, 3), None) == Checked(3, 0, closed=False)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("after", [None, *Moment])
def test_a_log_is_closed_when_nothing_but_exports_came_after_it_was_closed(
    moment: Moment, after: Moment | None
) -> None:
    links = chain(3)
    checkpoints = [checkpoint(links, 3, moment=moment).signed(KEY)]
    if after:
        checkpoints.append(checkpoint(links, 3, moment=after).signed(KEY))
    last = moment if after in (None, Moment.EXPORTED) else after
    assert check_log(LOG, links, checkpoints, PUBLIC).closed is (last is Moment.CLOSED)
    assert not check_log(LOG, chain(4), checkpoints, PUBLIC).closed


def test_a_chain_that_was_made_anew_is_not_the_signed_one() -> None:
    links = chain(5)
    anew = chained([line(1), line(2, guest="another"), *[line(seq) for seq in (3, 4, 5)]])
    assert found(anew) is None
    for seq in (2, 4, 5):
        finding = found(anew, signed(links, 1, seq))
        assert finding == Finding(Flaw.REWRITTEN, seq)
        assert check_log(LOG, anew, signed(links, 1, seq), PUBLIC).signed == 1
    assert found(anew, signed(links, 1)) is None


def test_what_holds_before_a_break_is_told_and_what_of_it_is_vouched_for() -> None:
    links = chain(6)
    checkpoints = signed(links, 2)
    links[3] = links[3]._replace(line=links[3].line + " ")
    assert check_log(LOG, links, checkpoints, PUBLIC) == Checked(
        3, 2, closed=False, finding=Finding(Flaw.CHANGED, 4)
    )
    assert check_log(LOG, links, checkpoints, PUBLIC).closed is False


def test_a_log_that_was_cut_short_is_found_by_what_was_signed() -> None:
    links = chain(5)
    for seq in range(4):
        assert found(links[:seq], signed(links, 4)) == Finding(Flaw.CUT, seq + 1)
    assert found(links[:4], signed(links, 4)) is None


FORGERIES: dict[str, Callable[[Checkpoint], Signed]] = {
    "another key": lambda it: it.signed(OTHER_KEY),
    "another head": lambda it: Signed(
        it.signed(KEY).line.replace(it.head, "11" * 32), it.signed(KEY).signature
    ),
    "another kiosk": lambda it: replace(it, kiosk="kiosk-2").signed(KEY),
    "another epoch": lambda it: replace(it, epoch="epoch-2").signed(KEY),
    "no signature": lambda it: it.signed(KEY)._replace(signature=b""),
}


@pytest.mark.parametrize("kind", FORGERIES)
@pytest.mark.parametrize("seq", [0, 2, 4, 9])
def test_a_checkpoint_that_the_kiosk_did_not_sign_for_this_log_is_forged(
    kind: str, seq: int
) -> None:
    links = chain(9)
    forged = FORGERIES[kind](checkpoint(links, seq))
    assert found(links[:4], [*signed(links, 1), forged]) == Finding(Flaw.FORGED, seq)
    assert found(links, [*signed(links, 1), forged]) == Finding(Flaw.FORGED, seq)


def test_a_forged_checkpoint_hides_none_behind_it() -> None:
    links = chain(9)
    forged = checkpoint(links, 9).signed(OTHER_KEY)
    true = checkpoint(links, 2, head="11" * 32).signed(KEY)
    assert found(links[:4], [forged, true]) == Finding(Flaw.REWRITTEN, 2)
    assert found(links[:4], [forged, *signed(links, 6)]) == Finding(Flaw.CUT, 5)


def test_two_checkpoints_of_one_entry_that_disagree_are_a_rewritten_log() -> None:
    links = chain(3)
    other = checkpoint(links, 2, head="11" * 32).signed(KEY)
    assert found(links, [*signed(links, 2), other]) == Finding(Flaw.REWRITTEN, 2)


def test_a_start_that_is_not_the_signed_one_is_a_rewritten_log() -> None:
    links = chain(4)
    checked = check_log(LOG, links[2:], signed(links, 2), PUBLIC, (2, bytes(32)))
    assert checked == Checked(0, 0, False, 0, Finding(Flaw.REWRITTEN, 2))


@given(st.data())
def test_no_change_of_a_signed_log_goes_unnoticed(data: st.DataObject) -> None:
    links = chain(6)
    checkpoints = signed(links, 3, 6)
    position = data.draw(st.integers(0, 5))
    text = links[position].line
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(exclude_characters=text[at], exclude_categories=["Cs"]))
    lines = [one.line for one in links]
    lines[position] = text[:at] + other + text[at + 1 :]
    changed = [one._replace(line=lines[one.seq - 1]) for one in links]
    finding = found(changed, checkpoints)
    assert finding is not None
    assert finding.seq == position + 1
    assert finding.flaw in {Flaw.CHANGED, Flaw.MISPLACED}
    anew = found(chained(lines), checkpoints)
    assert anew is not None
    assert anew.flaw in {Flaw.REWRITTEN, Flaw.CHANGED, Flaw.MISPLACED}


# Counts

COUNT = Count("saint-ouen-2021", *LOG, "2021-11-22", 8, "north", "REFUSE", 3)


@pytest.mark.parametrize("name", Count._fields)
def test_the_signature_of_a_count_covers_each_of_its_fields(name: str) -> None:
    signature = COUNT.signed(KEY)
    assert COUNT.is_signed(signature, PUBLIC)
    assert not COUNT.is_signed(signature, OTHER_KEY.public_key())
    assert not COUNT.is_signed(b"", PUBLIC)
    assert not COUNT._replace(door="\ud800").is_signed(signature, PUBLIC)  # no UTF-8 has it
    value = getattr(COUNT, name)
    other: Any = value + 1 if isinstance(value, int) else value + "x"
    assert not COUNT._replace(**{name: other}).is_signed(signature, PUBLIC)


def test_counts_are_at_least_what_a_checkpoint_says() -> None:
    counts = [(one, one.signed(KEY)) for one in (COUNT, COUNT._replace(door="south", times=2))]
    assert check_counts(counts, PUBLIC, 5) is None
    assert check_counts(counts, PUBLIC, 6) is Flaw.COUNT_MISSING
    assert check_counts(counts[:1], PUBLIC, 4) is Flaw.COUNT_MISSING
    assert check_counts([], PUBLIC, 0) is None
    assert check_counts([], PUBLIC, 1) is Flaw.COUNT_MISSING
    assert check_counts(counts, OTHER_KEY.public_key(), 0) is Flaw.COUNT_CHANGED
