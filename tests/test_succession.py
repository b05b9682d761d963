"""May a list take the place of the one before: rollback, freeze, shrinking, blocklists (T24)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.core.trust import floors as form
from kiosk.core.trust.floors import AHEAD, Floor, Floors, FloorsError
from kiosk.core.trust.succession import GONE_AT_MOST, NAMED_AT_MOST, Objection, succeed
from kiosk.core.trust.trustlist import Row, TrustList, merge, trust_list_of
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import rsa_signer, signer
from tests.lists import german, opened, pinned, row

AT = datetime(2021, 11, 20, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING = Floors()
OCTOBER, NOVEMBER = "2021-10-01T00:00:00Z", "2021-11-01T00:00:00Z"


def issue(stamp: str, *issuers: Issuer) -> TrustList:
    """An issue of the German list."""
    rows = [row(one, timestamp=stamp) for one in issuers or (signer(),)]
    return opened(german(*rows), pinned())


def unsigned(stamp: datetime | None, *issuers: Issuer, name: str = "a.json") -> TrustList:
    """A file without a signature."""
    rows = [Row(one.certificate) for one in issuers or (signer(),)]
    version = int(stamp.timestamp()) if stamp else 0
    return trust_list_of(rows, name, version=version, issued_at=stamp)


def objections(
    old: TrustList, new: TrustList, floors: Floors = NOTHING, at: datetime = AT
) -> list[str]:
    return [str(objection) for objection in succeed(old, new, floors, at).objections]


def the_one(old: TrustList, new: TrustList, floors: Floors = NOTHING) -> Objection:
    (objection,) = succeed(old, new, floors, AT).objections
    return objection


# Dates


def test_the_first_list_and_the_same_one_again_are_believed() -> None:
    first = issue(OCTOBER)
    assert objections(TrustList(), first) == objections(first, first) == []


def test_a_newer_issue_is_believed_and_an_older_one_is_not() -> None:
    old, new = issue(OCTOBER), issue(NOVEMBER)
    assert objections(old, new) == []
    assert "an older issue" in the_one(new, old).problem
    assert the_one(new, old).may_insist


def test_an_older_issue_is_told_by_its_floor_alone() -> None:
    floors = NOTHING.raised_by(issue(NOVEMBER), AT)
    assert "an older issue" in the_one(TrustList(), issue(OCTOBER), floors).problem


def test_another_list_of_the_same_date_is_not_believed() -> None:
    old = issue(OCTOBER, signer(), rsa_signer())
    new = issue(OCTOBER, signer(), rsa_signer(), make_issuer("IT"))
    assert "says something else" in the_one(old, new).problem
    assert "says something else" in the_one(TrustList(), new, NOTHING.raised_by(old, AT)).problem


def test_keys_that_are_gone_from_a_list_of_the_same_date_are_named() -> None:
    keys = nations(9)
    objection = the_one(issue(OCTOBER, *keys), issue(OCTOBER, *keys[1:]))
    assert f"gone: FR {keys[0].kid.hex()}" in objection.problem


def test_the_order_of_its_rows_makes_no_other_list() -> None:
    old, new = issue(OCTOBER, signer(), rsa_signer()), issue(OCTOBER, rsa_signer(), signer())
    assert objections(old, new) == []


def test_a_file_without_a_signature_is_compared_with_the_one_of_its_name_alone() -> None:
    old, new = unsigned(AT - timedelta(days=9)), unsigned(AT)
    assert "an older issue" in the_one(new, old).problem
    assert objections(new, unsigned(AT - timedelta(days=9), name="b.json")) == []
    assert NOTHING.raised_by(new, AT) == NOTHING  # anybody may name a file and date it


def test_a_dated_list_is_not_replaced_by_an_undated_one() -> None:
    objection = the_one(unsigned(AT), unsigned(None))
    assert "without a date" in objection.problem
    assert "--out" in objection.remedy


@pytest.mark.parametrize(("ahead", "believed"), [(AHEAD, True), (AHEAD + SECOND, False)])
def test_a_list_may_be_a_day_ahead_of_the_clock_and_no_more(
    ahead: timedelta, believed: bool
) -> None:
    new = issue((AT + ahead).isoformat())
    found = succeed(TrustList(), new, NOTHING, AT).objections
    assert (found == ()) is believed
    assert not any(objection.may_insist for objection in found)
    for objection in found:
        assert objection.problem.startswith(f"a list is dated {AT + ahead}, more than a day")
    assert (NOTHING.raised_by(new, AT) != NOTHING) is believed


@pytest.mark.parametrize("stamp", ["issued_at", "newest_at"])
@pytest.mark.parametrize(("ahead", "believed"), [(AHEAD, True), (AHEAD + SECOND, False)])
def test_a_union_may_not_claim_a_time_to_come_either(
    stamp: str, ahead: timedelta, believed: bool
) -> None:
    """It would tell every door that its clock is wrong."""
    stamps = {"issued_at": AT, "newest_at": AT, stamp: AT + ahead}
    claim = replace(unsigned(None), issued_at=stamps["issued_at"], newest_at=stamps["newest_at"])
    found = succeed(TrustList(), claim, NOTHING, AT).objections
    assert (found == ()) is believed
    assert not any(objection.may_insist for objection in found)


@pytest.mark.parametrize(("version", "believed"), [(int(AT.timestamp()) + 86_400, True),
                         (int(AT.timestamp()) + 86_401, False), (2**63, False)])  # fmt: skip
def test_a_version_without_a_date_may_not_jump_ahead_either(version: int, believed: bool) -> None:
    new = trust_list_of([Row(signer().certificate)], "a list", key="ab", version=version)
    assert (objections(TrustList(), new) == []) is believed


# Keys


def nations(count: int) -> list[Issuer]:
    """Signers of one country."""
    return [make_issuer("FR") for _ in range(count)]


@pytest.mark.parametrize(("left", "believed"), [(8, True), (7, False)])
def test_a_fifth_of_the_keys_may_be_gone_and_no_more(left: int, believed: bool) -> None:
    assert GONE_AT_MOST == 0.2
    keys = nations(10)
    found = objections(unsigned(None, *keys), unsigned(None, *keys[:left]))
    assert (found == []) is believed
    for one in () if believed else keys[left:]:
        assert f"FR {one.kid.hex()}" in found[0]


def test_few_of_many_keys_that_are_gone_are_named() -> None:
    keys = nations(NAMED_AT_MOST + 1)
    few = objections(unsigned(None, *keys), unsigned(None, make_issuer("FR")))
    assert [few[0].count(f"FR {one.kid.hex()}") for one in keys].count(1) == NAMED_AT_MOST
    assert " and 1 more. " in few[0]
    all_named = objections(unsigned(None, *keys[1:]), unsigned(None, make_issuer("FR")))
    assert "more" not in all_named[0]


def test_a_country_that_is_gone_is_told_with_its_keys() -> None:
    greek, keys = make_issuer("GR"), nations(9)
    objection = the_one(unsigned(None, greek, *keys), unsigned(None, *keys))
    assert f"every key of GR would be gone: GR {greek.kid.hex()}" in objection.problem


def test_a_country_that_changes_its_only_key_is_not_gone() -> None:
    keys = nations(9)
    old, new = (unsigned(None, make_issuer("GR"), *keys) for _ in range(2))
    assert objections(old, new) == []


def test_keys_that_are_expired_anyway_may_be_gone() -> None:
    expired = [
        make_issuer("GR", not_before=AT - timedelta(days=9), lifetime=timedelta(days=9) - SECOND)
        for _ in range(9)
    ]
    assert objections(unsigned(None, signer(), *expired), unsigned(None)) == []
    in_force = make_issuer("GR", not_before=AT - timedelta(days=9), lifetime=timedelta(days=9))
    told = objections(unsigned(None, signer(), in_force), unsigned(None))
    assert told[0].startswith("1 of 2 keys in force would be gone: GR ")
    assert told[1].startswith("every key of GR would be gone: GR ")


def test_keys_without_a_country_are_no_country() -> None:
    nameless = [replace(one, country="") for one in unsigned(None, *nations(10)).signers]
    assert (
        objections(TrustList(signers=tuple(nameless)), TrustList(signers=tuple(nameless[1:]))) == []
    )


def test_keys_do_not_lose_their_checked_signature_unseen() -> None:
    objection = the_one(issue(OCTOBER), unsigned(datetime(2021, 10, 1, tzinfo=UTC)))
    assert "came under a checked signature" in objection.problem
    assert objections(issue(OCTOBER), merge([issue(OCTOBER), unsigned(None)])) == []


# Blocklists


def test_what_was_revoked_stays_revoked_with_an_alarm() -> None:
    old = replace(unsigned(None), revoked=frozenset({b"old"}))
    new = replace(unsigned(None), revoked=frozenset({b"new"}))
    floors = Floors(revoked=frozenset({b"floor"}))
    succession = succeed(old, new, floors, AT)
    assert succession.trust.revoked == {b"old", b"new", b"floor"}
    assert len(succession.alarms) == 2
    assert b"old".hex() in succession.alarms[1]
    assert succession.objections == ()
    assert floors.raised_by(succession.trust, AT).revoked == {b"old", b"new", b"floor"}


# Floors


def test_the_first_of_two_lists_of_one_date_stays_the_floor() -> None:
    first, second = issue(OCTOBER, signer()), issue(OCTOBER, rsa_signer())
    floors = NOTHING.raised_by(first, AT)
    assert floors.raised_by(second, AT) == floors
    assert floors.is_another(second.lists[0])
    assert not floors.is_another(first.lists[0])


def test_floors_are_raised_and_never_sink() -> None:
    high = NOTHING.raised_by(issue(NOVEMBER), AT)
    assert high.raised_by(issue(OCTOBER), AT) == high
    assert NOTHING.raised_by(issue(OCTOBER), AT).raised_by(issue(NOVEMBER), AT) == high


def test_whoever_insists_on_an_older_issue_sets_its_floor() -> None:
    high = NOTHING.raised_by(issue(NOVEMBER), AT)
    low = high.without(issue(OCTOBER)).raised_by(issue(OCTOBER), AT)
    assert low == NOTHING.raised_by(issue(OCTOBER), AT)
    assert high.without(unsigned(AT)) == high
    assert Floors(revoked=frozenset({b"kid"})).without(issue(OCTOBER)).revoked == {b"kid"}


def test_a_list_without_a_version_has_no_floor() -> None:
    undated = replace(issue(OCTOBER), lists=(replace(issue(OCTOBER).lists[0], version=0),))
    floors = NOTHING.raised_by(issue(NOVEMBER), AT)
    assert not floors.is_below(undated.lists[0])
    assert floors.raised_by(undated, AT) == floors


def test_floors_are_read_back_as_they_were_written() -> None:
    floors = Floors({"key ab": Floor(7, "digest")}, frozenset({b"kid"}))
    assert form.load(form.dump(floors)) == floors
    assert form.load(form.dump(NOTHING)) == NOTHING
    lowest = Floors({"key ab": Floor(0, "")})
    assert form.load(form.dump(lowest)) == lowest


SOUND = json.loads(form.dump(Floors({"key ab": Floor(7, "digest")})))
WRONG: list[dict[str, object]] = [
    {"format": "other"}, {"lists": 7}, {"lists": {"a": 7}}, {"revoked": ["xyz"]},
    {"lists": {"a": {"version": "7", "digest": ""}}}, {"revoked": None},
    {"lists": {"a": {"version": 7, "digest": 7}}}, {"lists": {"a": {}}},
    {"lists": {"a": {"version": -1, "digest": ""}}},
    {"lists": {"a": {"version": True, "digest": ""}}},
]  # fmt: skip
DAMAGED = [
    b"", b"{", b"[]", b"7", b"{}", b"[" * 100_000, form.dump(NOTHING)[:-9],
    *(json.dumps({**SOUND, **wrong}).encode() for wrong in WRONG),
]  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_floors_are_told(data: bytes) -> None:
    with pytest.raises(FloorsError):
        form.load(data)
