"""How old a trust list may be: the banner, the end, and the clock that it proves (T25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.adapters.trust.store import FLOORS
from kiosk.bootstrap.installation import installation, remembering
from kiosk.core.policy.eventfile import EventFileError, load_event
from kiosk.core.reasons import Reason
from kiosk.core.trust.floors import AHEAD
from kiosk.core.trust.formats import TrustSourceError
from kiosk.core.trust.trustlist import Row, TrustList, merge, trust_list_of
from kiosk.desk.admission import Shown
from kiosk.desk.findings import is_old, is_past_its_end
from tests.certificates import rsa_signer, signer
from tests.door import (
    EVENT_FILE,
    MORNING,
    SECOND,
    certificate,
    desk,
    event_with,
    guest,
    issuer,
    saint_ouen,
    show,
    trust,
)
from tests.lists import austrian, austrian_signature, german, german_body, pinned, row

CHLOE = guest()
BANNER, END = timedelta(hours=48), timedelta(days=7)
THURSDAY = MORNING - timedelta(days=4)  # the doors open on a Monday


# The event file


def with_lists(*lines: str) -> str:
    text = EVENT_FILE.read_text("utf-8")
    banner = next(line for line in text.splitlines() if line.startswith("banner_after"))
    return text.replace(banner, "\n".join(lines))


def test_staff_are_told_after_two_days_and_nothing_ends_unless_the_event_says_so() -> None:
    plain = load_event(with_lists())
    assert (plain.list_banner_after, plain.list_end_after) == (BANNER, None)
    other = load_event(with_lists('banner_after = "24 h"', 'end_after = "7 days"'))
    assert (other.list_banner_after, other.list_end_after) == (timedelta(hours=24), END)
    equal = load_event(with_lists('banner_after = "24 h"', 'end_after = "24 h"'))
    assert equal.list_end_after == equal.list_banner_after


@pytest.mark.parametrize(
    ("lines", "place", "problem"),
    [
        (('end_after = "47 h"',), "lists.end_after", "shorter than banner_after"),
        (('end_after = "never"',), "lists.end_after", "is not a length of time"),
        (("end_after = 7",), "lists.end_after", "is not a length of time"),
        (('ends_after = "7 days"',), "lists.ends_after", "this key is not known"),
    ],
)
def test_a_fault_of_the_limits_is_told(lines: tuple[str, ...], place: str, problem: str) -> None:
    with pytest.raises(EventFileError) as caught:
        load_event(with_lists(*lines))
    (fault,) = caught.value.faults
    assert (fault.where, problem in fault.problem, fault.line > 0) == (place, True, True)


# The banner


@pytest.mark.parametrize(
    ("age", "told"), [(BANNER - SECOND, False), (BANNER, False), (BANNER + SECOND, True)]
)
def test_staff_are_told_of_a_list_that_is_older_than_the_event_wants(
    age: timedelta, told: bool
) -> None:
    listed = trust(issued_at=MORNING - age)
    assert is_old(listed, saint_ouen(), MORNING) is told
    assert not is_old(TrustList(), saint_ouen(), MORNING)


@pytest.mark.parametrize(("ahead", "told"), [(AHEAD, False), (AHEAD + SECOND, True)])
def test_staff_are_told_of_a_list_that_is_dated_ahead_of_the_clock(
    ahead: timedelta, told: bool
) -> None:
    assert is_old(trust(issued_at=MORNING + ahead), saint_ouen(), MORNING) is told


def test_an_old_list_still_opens_the_doors() -> None:
    answer = show(desk([CHLOE], trusted=trust(issued_at=THURSDAY)), certificate(CHLOE))
    assert answer.shown is Shown.AWAIT_BADGE


# The end


@pytest.mark.parametrize(
    ("age", "ended"), [(END - SECOND, False), (END, False), (END + SECOND, True)]
)
def test_past_the_age_that_the_event_allows_every_certificate_goes_to_the_desk(
    age: timedelta, ended: bool
) -> None:
    event = event_with(list_end_after=END)
    listed = trust(issued_at=MORNING - age)
    assert is_past_its_end(listed, event, MORNING) is ended
    answer = show(desk([CHLOE], event=event, trusted=listed), certificate(CHLOE))
    expected = (Shown.DESK, (Reason.TRUST_LIST_EXPIRED,)) if ended else (Shown.AWAIT_BADGE, ())
    assert (answer.shown, answer.reasons) == expected


@pytest.mark.parametrize(("late", "ended"), [(-SECOND, False), (SECOND * 0, False), (SECOND, True)])
def test_past_its_own_end_a_list_decides_nothing_whatever_the_event_says(
    late: timedelta, ended: bool
) -> None:
    for event in (saint_ouen(), event_with(list_end_after=END)):
        assert is_past_its_end(trust(expires_at=MORNING - late), event, MORNING) is ended


def test_a_list_without_a_date_has_no_age() -> None:
    event = event_with(list_end_after=END)
    assert not is_past_its_end(trust(), event, MORNING)


def test_without_a_limit_only_a_lists_own_end_counts() -> None:
    years = trust(issued_at=MORNING - timedelta(days=3_650))
    assert not is_past_its_end(years, saint_ouen(), MORNING)


# The clock


def test_only_a_checked_signature_proves_that_a_time_has_passed() -> None:
    """An unsigned file may name any date; it must not stop the door."""
    rows = [Row(issuer().certificate)]
    ahead: datetime = MORNING + timedelta(days=400)
    unsigned = trust_list_of(rows, "a file", issued_at=ahead)
    signed = trust_list_of(rows, "a list", key="ab", issued_at=MORNING)
    for listed in (unsigned, merge([unsigned, signed])):
        answer = show(desk([CHLOE], trusted=listed), certificate(CHLOE))
        assert answer.shown is Shown.AWAIT_BADGE
    checked = replace(unsigned, newest_at=ahead)
    answer = show(desk([CHLOE], trusted=checked), certificate(CHLOE))
    assert answer.reasons == (Reason.CLOCK_NOT_TRUSTED,)


# An installation


def test_a_door_remembers_the_newest_list_that_it_opened_with(tmp_path: Path) -> None:
    place = tmp_path / "trust" / "de"
    place.mkdir(parents=True)
    (place / "list-key.pem").write_bytes(pinned())
    for stamp in ("2021-10-01T00:00:00Z", "2021-11-01T00:00:00Z"):
        (place / "de.json").write_bytes(german(row(signer(), timestamp=stamp)))
        opened, told = remembering(installation(tmp_path), MORNING)
        assert opened.trust.signers
        assert told == []
    assert (tmp_path / "trust" / FLOORS).is_file()
    (place / "de.json").write_bytes(german(row(signer(), timestamp="2021-10-01T00:00:00Z")))
    with pytest.raises(TrustSourceError, match="older than one that was believed"):
        installation(tmp_path)


def lists_of(state: Path, german_one: str, other: str, *, other_signed: bool) -> None:
    """An installation with a signed list and one more, each of its date."""
    de, at, eu = (state / "trust" / name for name in ("de", "at", "eu"))
    for place in (de, at, eu):
        place.mkdir(parents=True)
    (de / "de.json").write_bytes(german(row(signer(), timestamp=german_one)))
    (de / "list-key.pem").write_bytes(pinned())
    if other_signed:
        issued = int(datetime.fromisoformat(other).timestamp())
        data = austrian(rsa_signer())
        signature = austrian_signature(data, not_before=issued, expiry=issued + 999_999)
        (at / "at.bin").write_bytes(data)
        (at / "at.bin.sig").write_bytes(signature)
        (at / "list-key.pem").write_bytes(pinned())
    else:
        (eu / "eu.json").write_bytes(german_body([row(rsa_signer(), timestamp=other)]))


BEFORE, FUTURE = "2021-11-21T00:00:00Z", "2090-01-01T00:00:00Z"
DEAD_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("other_signed", [False, True], ids=["unsigned", "signed"])
def test_a_list_of_the_future_is_refused_beside_a_signed_one_that_is_not(
    tmp_path: Path, other_signed: bool
) -> None:
    lists_of(tmp_path, BEFORE, FUTURE, other_signed=other_signed)
    with pytest.raises(TrustSourceError, match=r"dated 2090.*after this PC's clock") as caught:
        remembering(installation(tmp_path), MORNING)
    assert "Set the clock" in caught.value.remedy
    assert "remove its file" in caught.value.remedy
    assert not (tmp_path / "trust" / FLOORS).exists()


@pytest.mark.parametrize("other_signed", [False, True], ids=["unsigned", "signed"])
def test_a_pc_whose_clock_died_opens_and_answers_that_its_clock_is_wrong(
    tmp_path: Path, other_signed: bool
) -> None:
    lists_of(tmp_path, BEFORE, BEFORE, other_signed=other_signed)
    opened, _ = remembering(installation(tmp_path), DEAD_CLOCK)
    answer = show(desk([CHLOE], trusted=opened.trust), certificate(CHLOE), at=DEAD_CLOCK)
    assert answer.reasons == (Reason.CLOCK_NOT_TRUSTED,)
