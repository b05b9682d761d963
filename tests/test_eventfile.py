"""The event file: the shipped one loads, and every fault is told with its line and its remedy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.policy.event import (
    BadgesGiven,
    CertificateNeed,
    Confirmation,
    DeskSide,
    Reentry,
    SelfScan,
)
from kiosk.core.policy.eventfile import MAX_EVENT_FILE, EventFileError, load_event
from kiosk.core.policy.faults import Fault
from tests.rules import check_words

SHIPPED = (Path(__file__).parents[1] / "assets/events/saint-ouen-2021.toml").read_text("utf-8")


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(EventFileError) as caught:
        load_event(text)
    for fault in caught.value.faults:
        check_words(fault)
        told = f"line {fault.line}: {fault.where}: {fault.problem}. {fault.remedy}"
        assert str(fault) == told
    assert str(caught.value).splitlines() == list(map(str, caught.value.faults))
    return caught.value.faults


def only_fault(text: str) -> Fault:
    (fault,) = faults_of(text)
    return fault


def changed(old: str, new: str) -> str:
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1)


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(start))


def without_line(start: str) -> str:
    lines = SHIPPED.splitlines(keepends=True)
    del lines[line_of(SHIPPED, start) - 1]
    return "".join(lines)


def without_table(header: str, *, keep_header: bool = False) -> str:
    """The file without the table, up to the next blank line."""
    found = re.search(rf"^{re.escape(header)}\n(?:.+\n)*", SHIPPED, re.MULTILINE)
    assert found
    return SHIPPED.replace(found.group(), f"{header}\n" if keep_header else "", 1)


# The shipped event


def test_the_shipped_event_loads() -> None:
    event = load_event(SHIPPED)
    assert (event.id, event.time_zone.key) == ("saint-ouen-2021", "Europe/Paris")
    assert event.languages == ("fr", "en")
    assert [one.id for one in event.occasions] == ["policy-day-1", "policy-day-2", "partnering"]
    assert [door.id for door in event.doors] == ["north", "south"]
    assert event.doors[0].certificate is CertificateNeed.ONCE_A_DAY
    assert event.door("south") is event.doors[1]
    assert event.door("west") is None


def test_times_of_the_file_are_those_of_the_venue() -> None:
    first = load_event(SHIPPED).occasions[0]
    assert first.opens == datetime(2021, 11, 22, 8, tzinfo=UTC)
    assert first.closes == datetime(2021, 11, 22, 17, 30, tzinfo=UTC)


def test_a_day_begins_at_midnight_of_the_venue_whatever_zone_a_time_is_told_in() -> None:
    event, midnight = load_event(SHIPPED), datetime(2021, 11, 21, 23, tzinfo=UTC)
    for zone in ("UTC", "Pacific/Auckland", "America/Los_Angeles"):
        told = midnight.astimezone(ZoneInfo(zone))
        assert event.local_date(told).isoformat() == "2021-11-22"
        assert event.local_date(told - timedelta(seconds=1)).isoformat() == "2021-11-21"


def test_times_of_another_zone_become_those_of_the_venue() -> None:
    """So that their dates are the venue's, which days are counted by."""
    text = changed("opens = 2021-11-22T09:00:00", "opens = 2021-11-21T23:30:00Z")
    opens = load_event(text).occasions[0].opens
    assert (opens.date().isoformat(), opens.hour) == ("2021-11-22", 0)
    text = changed("closes = 2021-11-22T18:30:00", "closes = 2021-11-22T23:30:00Z")
    fault = only_fault(text)
    assert (fault.where, fault.problem) == ("occasion.closes", "it closes on another day")


@pytest.mark.parametrize("year", ["0001", "1999", "2200", "9999"])
def test_a_year_that_no_event_is_in_is_told(year: str) -> None:
    for old in ("opens = 2021-11-22T09:00:00", "opens = 2021-11-22T09:00:00+14:00"):
        new = old.replace("2021", year)
        assert only_fault(changed("opens = 2021-11-22T09:00:00", new)).where == "occasion.opens"


def test_the_limits_of_the_shipped_event_are_those_of_the_invitation() -> None:
    proofs = load_event(SHIPPED).proofs
    assert proofs.accepted == frozenset(EntryKind)
    assert proofs.test_max_age == timedelta(hours=72)
    assert proofs.test_types == {"LP6464-4", "LP217198-3"}
    assert (proofs.after_course, proofs.after_single_dose) == (timedelta(7), timedelta(28))
    assert proofs.after_booster == timedelta(0)
    assert (proofs.recovery_from, proofs.recovery_until) == (timedelta(11), timedelta(183))


def test_the_ways_of_the_shipped_event_are_read() -> None:
    event = load_event(SHIPPED)
    assert event.self_scan is SelfScan.PRE_CHECK
    assert event.badges is BadgesGiven.BEFOREHAND
    assert event.reentry is Reentry.ALL_DAY
    assert event.confirmations == (Confirmation.ID_DOCUMENT, Confirmation.MASK)
    assert event.categories == ("speaker", "press", "crew")
    assert (event.visit_wait, event.retention) == (timedelta(seconds=30), timedelta(hours=24))


def test_the_shipped_event_tells_guests_who_is_responsible_and_the_way_to_the_desk() -> None:
    event = load_event(SHIPPED)
    assert event.controller == "Région Île-de-France"
    assert "2021-689" in event.legal_basis
    assert [door.desk for door in event.doors] == [DeskSide.RIGHT, DeskSide.LEFT]


def test_controller_law_and_the_way_to_the_desk_may_be_left_out() -> None:
    lines = [
        line
        for line in SHIPPED.splitlines()
        if not line.startswith(("controller", "legal_basis", "desk"))
    ]
    event = load_event("\n".join(lines))
    assert (event.controller, event.legal_basis) == ("", "")
    assert [door.desk for door in event.doors] == [None, None]


def test_a_desk_that_is_nowhere_is_a_fault() -> None:
    fault = only_fault(changed('desk = "left"', 'desk = "downstairs"'))
    assert fault.where == "door.desk"
    assert '"behind"' in fault.remedy


def test_a_door_opens_as_early_as_told_and_closes_with_the_occasion() -> None:
    event = load_event(SHIPPED)
    opens, closes = event.occasions[0].opens, event.occasions[0].closes
    second, early = timedelta(seconds=1), event.early_arrival

    def open_at(at: datetime) -> list[str]:
        return [one.id for one in event.open_occasions(event.doors[0], at)]

    assert early == timedelta(minutes=60)
    assert open_at(opens - early - second) == []
    assert open_at(opens - early) == open_at(closes - second) == ["policy-day-1"]
    assert open_at(closes) == []


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("72 h", timedelta(hours=72)),
        ("72h", timedelta(hours=72)),
        ("1 day", timedelta(1)),
        ("0 days", timedelta(0)),
        ("90 min", timedelta(minutes=90)),
        ("99999 s", timedelta(seconds=99_999)),
    ],
)
def test_a_length_of_time_is_read(written: str, length: timedelta) -> None:
    text = changed('max_age = "72 h"', f'max_age = "{written}"')
    assert load_event(text).proofs.test_max_age == length


OPTIONAL = [
    "certificate", "room", "capacity", "seats_at_most", "seats_at_least", "confirm", "reentry",
    "visit_wait", "categories", "banner_after", "early_arrival",
]  # fmt: skip


def test_an_occasion_without_numbers_has_no_limits() -> None:
    text = SHIPPED
    for key in ("capacity", "seats_at_most", "seats_at_least"):
        text = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
    for one in load_event(text).occasions:
        assert (one.capacity, one.seats_at_most, one.seats_at_least) == (None, None, None)


def test_two_limits_may_be_the_same() -> None:
    one = load_event(changed("seats_at_least = 1", "seats_at_least = 2")).occasions[2]
    assert (one.seats_at_least, one.seats_at_most) == (2, 2)
    proofs = load_event(changed('until = "183 days"', 'until = "11 days"')).proofs
    assert proofs.recovery_from == proofs.recovery_until == timedelta(11)


@pytest.mark.parametrize("key", OPTIONAL)
def test_a_key_that_has_a_usual_value_may_be_absent(key: str) -> None:
    assert load_event(without_line(f"{key} ="))


# Faults, one at a time


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ('id = "saint-ouen-2021"', 'id = "X"', "event.id", "not a short name"),
        ('id = "saint-ouen-2021"', "id = 7", "event.id", "is not a text in quotes"),
        ('place = "Région', 'place = "" # "', "event.place", "is not a text in quotes"),
        ('"Europe/Paris"', '"Europe/Saint-Ouen"', "event.time_zone", "no such time zone"),
        ('"Europe/Paris"', '"../../etc/passwd"', "event.time_zone", "no such time zone"),
        ('"Europe/Paris"', '"Europe"', "event.time_zone", "no such time zone"),
        ('"Europe/Paris"', '"\\u0000"', "event.time_zone", "no such time zone"),
        ('"Europe/Paris"', "1", "event.time_zone", "is not a text in quotes"),
        ('["fr", "en"]', '"fr"', "event.languages", "is not a list of texts in quotes"),
        ('["fr", "en"]', '["fr", "fr"]', "event.languages", "is not a list that names each"),
        ("T18:30:00", "T09:00:00", "occasion.closes", "it closes before it opens"),
        ("T18:30:00", "T08:00:00", "occasion.closes", "it closes before it opens"),
        ("2021-11-22T09:00:00", "2021-11-22", "occasion.opens", "is not a date and time"),
        ("2021-11-22T09:00:00", '"nine"', "occasion.opens", "is not a date and time"),
        ("capacity = 200", "capacity = 0", "occasion.capacity", "is not a whole number of at"),
        ("capacity = 200", "capacity = -1", "occasion.capacity", "is not a whole number of at"),
        ("capacity = 200", "capacity = 2.5", "occasion.capacity", "is not a whole number of at"),
        ("capacity = 200", "capacity = true", "occasion.capacity", "is not a whole number of at"),
        ("seats_at_least = 1", "seats_at_least = 3", "occasion.seats_at_least", "more than seats"),
        ('"72 h"', '"three days"', "proofs.test.max_age", "is not a length of time"),
        ('"72 h"', '"72"', "proofs.test.max_age", "is not a length of time"),
        ('"72 h"', '"-72 h"', "proofs.test.max_age", "is not a length of time"),
        ('"72 h"', '"７２ h"', "proofs.test.max_age", "is not a length of time"),
        ('"72 h"', "72", "proofs.test.max_age", "is not a length of time"),
        ('"183 days"', '"10 days"', "proofs.recovery.until", "earlier than from"),
        ('"7 days"', '"180 h"', "proofs.vaccination.after_course", "is not whole days"),
        ('"28 days"', '"90 min"', "proofs.vaccination.after_single_dose", "is not whole days"),
        ('"0 days"', '"1 s"', "proofs.vaccination.after_booster", "is not whole days"),
        ('"11 days"', '"265 h"', "proofs.recovery.from", "is not whole days"),
        ('["fr", "en"]', '["fr", "EN"]', "event.languages", '"EN" is not a language'),
        ('["fr", "en"]', '["french"]', "event.languages", '"french" is not a language'),
        (
            'early_arrival = "60 min"',
            'early_arrival = "25 h"',
            "event.early_arrival",
            "longer than",
        ),
        ('"recovery"]', '"antibodies"]', "proofs.accepted", "is not one of"),
        ('"pre-check"', '"precheck"', "entry.self_scan", "is not one of"),
        ('"mask"]', '"passport"]', "entry.confirm", "is not one of"),
        ("max_age", "max_aeg = 1\nmax_age", "proofs.test.max_aeg", "this key is not known"),
        ("accepted", "acepted = 1\naccepted", "proofs.acepted", "this key is not known"),
        ("name", "nmae = 1\nname", "event.nmae", "this key is not known"),
        ('certificate = "once', 'x = 1\ncertificate = "once', "door.x", "this key is not known"),
        ('certificate = "once a day"', 'certificate = "twice"', "door.certificate", "is not one"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_line(
    old: str, new: str, place: str, problem: str
) -> None:
    text = changed(old, new)
    fault = only_fault(text)
    assert (fault.where, fault.problem[: len(problem)]) == (place, problem)
    key = place.rpartition(".")[2]
    assert text.splitlines()[fault.line - 1].startswith(key)


@pytest.mark.parametrize(
    ("start", "table", "place"),
    [
        ("id =", "[event]", "event.id"),
        ("name =", "[event]", "event.name"),
        ("place =", "[event]", "event.place"),
        ("time_zone =", "[event]", "event.time_zone"),
        ("opens =", "[[occasion]]", "occasion.opens"),
        ("closes =", "[[occasion]]", "occasion.closes"),
        ("occasions =", "[[door]]", "door.occasions"),
        ("accepted =", "[proofs]", "proofs.accepted"),
        ("max_age =", "[proofs.test]", "proofs.test.max_age"),
        ("types =", "[proofs.test]", "proofs.test.types"),
        ("after_course =", "[proofs.vaccination]", "proofs.vaccination.after_course"),
        ("after_single_dose =", "[proofs.vaccination]", "proofs.vaccination.after_single_dose"),
        ("after_booster =", "[proofs.vaccination]", "proofs.vaccination.after_booster"),
        ("from =", "[proofs.recovery]", "proofs.recovery.from"),
        ("until =", "[proofs.recovery]", "proofs.recovery.until"),
        ("self_scan =", "[entry]", "entry.self_scan"),
        ("badges =", "[entry]", "entry.badges"),
        ("contact =", "[privacy]", "privacy.contact"),
    ],
)
def test_a_missing_key_is_told_with_the_line_of_its_table(
    start: str, table: str, place: str
) -> None:
    fault = only_fault(without_line(start))
    assert (fault.where, fault.problem) == (place, "is missing")
    assert fault.line == line_of(SHIPPED, table)


TABLES = ["[event]", "[proofs.test]", "[proofs.vaccination]", "[proofs.recovery]", "[entry]"]


@pytest.mark.parametrize("header", [*TABLES, "[guests]", "[lists]", "[privacy]"])
def test_a_missing_table_is_one_fault(header: str) -> None:
    fault = only_fault(without_table(header))
    assert (fault.line, fault.problem) == (0, "this table is missing")
    assert f"[{fault.where}]" == header
    assert header in fault.remedy


@pytest.mark.parametrize("header", [*TABLES, "[privacy]"])
def test_an_empty_table_does_not_pass_for_a_full_one(header: str) -> None:
    found = faults_of(without_table(header, keep_header=True))
    assert {fault.problem for fault in found} == {"is missing"}


def test_an_event_needs_an_occasion_and_a_door() -> None:
    for name in ("occasion", "door"):
        text = SHIPPED
        for _ in range(SHIPPED.count(f"[[{name}]]")):
            text = re.sub(rf"^\[\[{name}\]\]\n(?:.+\n)*", "", text, count=1, flags=re.MULTILINE)
        fault = only_fault(text)
        assert (fault.where, fault.problem) == (name, "there is none")


def test_an_id_that_is_used_twice_is_told_where_it_stands_again() -> None:
    for old, again in (('"policy-day-2"', '"policy-day-1"'), ('"south"', '"north"')):
        text = SHIPPED.replace(f"id = {old}", f"id = {again}")
        found = [fault for fault in faults_of(text) if fault.problem == "this id is used twice"]
        assert [fault.line for fault in found] == [line_of(SHIPPED, f"id = {old}")]


def test_a_door_to_an_unknown_occasion_is_told_with_those_that_there_are() -> None:
    text = changed('occasions = ["policy-day-1"', 'occasions = ["policy-day-9"')
    fault = only_fault(text)
    assert fault.problem == 'there is no occasion "policy-day-9"'
    assert fault.line == line_of(text, "occasions =")
    assert "partnering, policy-day-1, policy-day-2" in fault.remedy


@pytest.mark.parametrize("stray", ["[occasions]", "[[doors]]", "[proof]"])
def test_a_table_that_nobody_knows_is_told(stray: str) -> None:
    fault = only_fault(SHIPPED + f"\n{stray}\nx = 1\n")
    assert fault.problem == "this table is not known"
    assert fault.line == line_of(SHIPPED + f"\n{stray}\n", stray)


@pytest.mark.parametrize("written", ["168 h", "7days", "7 days"])
def test_hours_that_make_whole_days_are_days(written: str) -> None:
    text = changed('after_course = "7 days"', f'after_course = "{written}"')
    assert load_event(text).proofs.after_course == timedelta(days=7)


def with_rules(name: str) -> str:
    return changed('"proofs.rules.json"', f'"{name}"')


def test_an_event_may_name_its_own_rules() -> None:
    assert load_event(SHIPPED).proofs.rules == "proofs.rules.json"
    assert load_event(without_line('rules = "')).proofs.rules == ""
    assert load_event(with_rules("our-rules.v2.json")).proofs.rules == "our-rules.v2.json"


@pytest.mark.parametrize("name", ["../rules.json", "/etc/rules.json", "a/b.json", ".json", "rules"])
def test_the_rules_of_an_event_lie_beside_it(name: str) -> None:
    fault = only_fault(with_rules(name))
    assert (fault.where, fault.problem) == ("proofs.rules", "not the name of a rule file")


def test_a_stray_table_of_proofs_is_told() -> None:
    text = changed("[proofs.recovery]", "[proofs.booster]\nafter = 1\n\n[proofs.recovery]")
    fault = only_fault(text)
    assert (fault.where, fault.problem) == ("proofs.booster", "this key is not known")
    assert fault.line == line_of(text, "[proofs.booster]")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "Clusters', "name = Clusters", 6),
        ("[event]", "[event", 4),
        ('id = "saint-ouen-2021"', 'id = "a"\nid = "b"', 6),
        ("capacity = 200", "capacity =", 18),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(old: str, new: str, line: int) -> None:
    fault = only_fault(changed(old, new))
    assert fault.problem.startswith("not TOML")
    assert fault.line == line


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("unfinished", ["x = [1,", 'x = """', 'x = "a', "x = {a = 1", "[x"])
def test_what_is_not_finished_is_told_with_the_last_line(unfinished: str, end: str) -> None:
    text = SHIPPED.rstrip() + f"\n{unfinished}"
    fault = only_fault(text + end)
    assert fault.problem.startswith("not TOML")
    assert fault.line == len(text.splitlines())


def test_an_event_that_accepts_no_proof_is_told_that_nobody_could_come_in() -> None:
    text = re.sub(r"^accepted = .*$", "accepted = []", SHIPPED, flags=re.MULTILINE)
    fault = only_fault(text)
    assert (fault.where, fault.line) == ("proofs.accepted", line_of(text, "accepted ="))
    assert fault.problem == "with none of them nobody could come in"
    assert fault.remedy == "Write some of: vaccination, test, recovery."


def test_who_writes_another_word_is_told_those_that_there_are() -> None:
    fault = only_fault(changed('certificate = "once a day"', 'certificate = "twice"'))
    assert fault.remedy == 'Write one of "once a day", "never".'


def test_a_language_that_the_program_does_not_have_may_be_named() -> None:
    assert load_event(changed('["fr", "en"]', '["xx", "en"]')).languages == ("xx", "en")


def test_guests_may_come_a_day_early_at_most() -> None:
    event = load_event(changed('early_arrival = "60 min"', 'early_arrival = "24 h"'))
    assert event.early_arrival == timedelta(hours=24)


@pytest.mark.parametrize("text", ["", "\0", "[" * 10_000, "x = 1", "event = 7", "door = [1]"])
def test_a_file_of_something_else_has_faults_and_no_other_end(text: str) -> None:
    assert faults_of(text)


def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    padding = "#" * (MAX_EVENT_FILE - len(SHIPPED) - 1) + "\n"
    assert load_event(padding + SHIPPED)
    fault = only_fault("#" + padding + SHIPPED)
    assert (fault.line, fault.where, fault.problem) == (0, "file", "too large")


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = changed('"72 h"', '"long"').replace('"pre-check"', "7").replace("= 120\n", "= 0\n")
    lines = [fault.line for fault in faults_of(text)]
    assert len(lines) == 3
    assert lines == sorted(lines)
