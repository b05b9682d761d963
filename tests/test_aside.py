"""At the desk the card stays until it is decided: who comes meanwhile waits, and is not lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kiosk.adapters.storage.database import OpenDatabase, open_database
from kiosk.adapters.storage.guests import StoredGuests, replace_guests
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.adapters.storage.logtravel import import_log
from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.policy.event import BadgesGiven
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verifier
from kiosk.desk.admission import BadgeSeen, Shown, Today
from kiosk.desk.aside import KEPT_FOR
from kiosk.desk.entry_desk import CONFIRM_WITHIN, EntryDesk
from kiosk.desk.findings import Mode, Station
from tests.door import (
    ALL_SEEN,
    MORNING,
    PARTNERING,
    SEALER,
    SECOND,
    badge,
    badge_key,
    certificate,
    desk,
    event_with,
    guest,
    let_in,
    policy,
    saint_ouen,
    show,
    stranger,
    subject,
    trust,
)
from tests.fakes.clock import SetClock
from tests.fakes.journal import MemoryJournal
from tests.logs import the_log

ADA, BEA, CORA = (guest(name, "Petit") for name in ("Ada", "Bea", "Cora"))
ALL = (ADA, BEA, CORA)
MINUTE = timedelta(minutes=1)


def deciding(journal: MemoryJournal | None = None) -> EntryDesk:
    """A desk with Ada's card, ready to be confirmed."""
    station = desk(ALL, Mode.DESK, journal=journal or MemoryJournal())
    assert show(station, certificate(ADA), badge(ADA)).shown is Shown.READY
    return station


def names(station: EntryDesk) -> list[str]:
    return [each.name for each in station.waiting(MORNING)]


def test_who_shows_codes_while_a_card_waits_does_not_take_it_away() -> None:
    journal = MemoryJournal()
    station = deciding(journal)
    assert station.sight([certificate(BEA)], MORNING + SECOND) is None
    assert station.scanned(badge(BEA), MORNING + 2 * SECOND) is None
    assert names(station) == ["Bea Petit"]
    station.confirm(ALL_SEEN, MORNING + 3 * SECOND)
    assert journal.acts == [(EntryAct.IN, ADA.id)]


def test_who_waits_is_brought_up_with_both_codes_and_needs_to_show_none_again() -> None:
    station = deciding()
    station.sight([certificate(BEA)], MORNING + SECOND)
    station.sight([badge(BEA)], MORNING + 2 * SECOND)
    station.confirm(ALL_SEEN, MORNING + 3 * SECOND)
    (waiting,) = station.set_aside
    ready = station.choose(waiting.key, MORNING + 4 * SECOND)
    assert ready is not None
    assert (ready.shown, ready.guest) == (Shown.READY, BEA)
    assert station.set_aside == ()


def test_who_showed_one_code_is_asked_for_the_other_when_brought_up() -> None:
    station = deciding()
    station.sight([badge(BEA)], MORNING + SECOND)
    station.clear()
    (waiting,) = station.set_aside
    answer = station.choose(waiting.key, MORNING + 30 * SECOND)
    assert answer is not None
    assert answer.shown is Shown.AWAIT_CERTIFICATE
    done = station.sight([certificate(BEA)], MORNING + 32 * SECOND)
    assert done is not None
    assert (done.shown, done.guest) == (Shown.READY, BEA)


def test_two_who_come_meanwhile_wait_in_their_order() -> None:
    station = deciding()
    for second, text in enumerate(
        (certificate(BEA), badge(BEA), certificate(CORA), badge(CORA)), 1
    ):
        station.sight([text], MORNING + second * SECOND)
    assert names(station) == ["Bea Petit", "Cora Petit"]


def test_the_guest_of_the_card_does_not_wait_behind_it() -> None:
    station = deciding()
    station.scanned(certificate(subject(ADA, "1980-01-02")), MORNING + 9 * SECOND)
    assert station.set_aside == ()


def test_bringing_up_another_guest_sets_the_card_aside_with_its_certificate() -> None:
    journal = MemoryJournal()
    station = deciding(journal)
    station.choose(BEA.id, MORNING + SECOND)
    assert names(station) == ["Ada Petit"]
    (waiting,) = station.set_aside
    again = station.choose(waiting.key, MORNING + 2 * SECOND)
    assert again is not None
    assert (again.shown, again.guest) == (Shown.READY, ADA)
    station.confirm(ALL_SEEN, MORNING + 3 * SECOND)
    assert journal.acts == [(EntryAct.IN, ADA.id)]


def test_nobody_is_named_by_a_certificate_that_is_not_accepted() -> None:
    station = deciding()
    forged = certificate(BEA, by=stranger())
    station.sight([forged], MORNING + SECOND)
    (waiting,) = station.set_aside
    assert (waiting.name, waiting.guest) == ("", None)


def test_a_code_that_is_nobody_s_does_not_wait() -> None:
    station = deciding()
    station.sight(["https://example.org/agenda"], MORNING + SECOND)
    assert station.set_aside == ()


def test_who_was_not_brought_up_within_minutes_shows_the_codes_again() -> None:
    station = deciding()
    station.sight([badge(BEA)], MORNING)
    station.tick(MORNING + KEPT_FOR)
    assert names(station) == ["Bea Petit"]
    station.tick(MORNING + KEPT_FOR + SECOND)
    assert names(station) == []


def test_a_card_that_can_be_confirmed_no_more_makes_nobody_wait() -> None:
    station = deciding()
    late = MORNING + CONFIRM_WITHIN + SECOND
    answer = station.sight([badge(BEA)], late)
    assert answer is not None
    assert (answer.shown, answer.guest) == (Shown.AWAIT_CERTIFICATE, BEA)


# Looking at a guest records nothing


def test_the_card_of_a_guest_is_looked_at_without_an_answer() -> None:
    journal = MemoryJournal()
    station = desk(ALL, Mode.DESK, journal=journal)
    let_in(station, ADA)
    before = len(journal.log), station.recent()
    card = station.look_at(ADA.id, MORNING + MINUTE)
    assert card is not None
    assert (card.shown, card.guest, card.confirmable) == (Shown.GUEST, ADA, False)
    assert station.confirm(ALL_SEEN, MORNING + MINUTE) is None
    assert (len(journal.log), station.recent()) == before
    assert station.look_at("nobody", MORNING) is None


def test_a_line_of_the_last_answers_tells_whose_card_it_was_and_a_refusal_nobody_s() -> None:
    station = desk(ALL, Mode.DESK)
    let_in(station, ADA)
    old = certificate(BEA, issued_at=MORNING - timedelta(days=500))
    assert show(station, old).shown is Shown.REFUSE
    assert [line.guest for line in station.recent()] == ["", ADA.id]


def test_a_guest_found_by_name_comes_back_in_only_once_that_is_confirmed() -> None:
    journal = MemoryJournal()
    station = desk(ALL, Mode.DESK, journal=journal)
    let_in(station, ADA)
    again = station.choose(ADA.id, MORNING + 30 * MINUTE)
    assert again is not None
    assert (again.shown, again.way, again.badge) == (Shown.READY, Way.AGAIN, BadgeSeen.FOUND)
    assert len(journal.log) == 1
    station.confirm(ALL_SEEN, MORNING + 31 * MINUTE)
    assert journal.acts == [(EntryAct.IN, ADA.id)] * 2


def test_the_card_tells_each_entry_and_exit_of_today() -> None:
    station = desk(ALL, Mode.DESK)
    let_in(station, ADA)
    station.let_out(ADA.id, MORNING + MINUTE)
    card = station.look_at(ADA.id, MORNING + 2 * MINUTE)
    assert card is not None
    told = [(each.at, each.act, each.door) for each in card.entries]
    assert told == [
        (MORNING, EntryAct.IN, "north"),
        (MORNING + MINUTE, EntryAct.OUT, "north"),
    ]
    fresh = station.look_at(BEA.id, MORNING + 2 * MINUTE)
    assert fresh is not None
    assert fresh.entries == ()


# Where guests stand, beside their names


def states(*people: Guest) -> dict[str, Today]:
    station = desk(people, Mode.DESK)
    let_in(station, people[0])
    let_in(station, people[1])
    station.let_out(people[1].id, MORNING + MINUTE)
    found = station.lookup.find("petit", MORNING + 2 * MINUTE)
    return {each.guest.given: each.today for each in found}


def test_each_guest_that_is_found_is_told_with_where_they_stand() -> None:
    people = (
        *ALL,
        guest("Dora", "Petit", occasions=frozenset({PARTNERING})),
        guest("Eva", "Petit", attendance=Attendance.REMOTE),
        guest("Flo", "Petit", selection=Selection.WAITING),
        guest("Gil", "Petit", selection=Selection.DECLINED),
    )
    assert states(*people) == {
        "Ada": Today.INSIDE,
        "Bea": Today.LEFT,
        "Cora": Today.NOT_IN_YET,
        "Dora": Today.OTHER_OCCASION,
        "Eva": Today.REMOTE,
        "Flo": Today.NOT_SELECTED,
        "Gil": Today.DECLINED,
    }


def test_the_one_who_is_probable_is_the_first_of_the_candidates_and_told() -> None:
    station = desk(ALL, Mode.DESK, event=event_with(badges=BadgesGiven.AT_THE_DOOR))
    answer = show(station, certificate(guest("Corra", "Petit")))
    assert answer.reasons[0] in (Reason.NAME_NEAR_MISS, Reason.NOT_ON_LIST)
    assert answer.probable == CORA == answer.candidates[0]
    assert answer.person is not None
    assert answer.person.standard == "CORRA PETIT"


# Who was checked elsewhere


def real_desk(database: OpenDatabase, mode: Mode) -> EntryDesk:
    event, kiosk = saint_ouen(), database.meta("kiosk")
    station = Station(event, policy(), event.doors[0], mode, "", kiosk)
    journal = SqliteJournal(database, event.id, SetClock(MORNING), "boot-1")
    stored, key = StoredGuests(database), badge_key().public_key()
    return EntryDesk(station, Verifier(trust()), stored, key, journal)


def test_who_was_checked_at_another_pc_waits_here_once_its_log_was_imported(
    tmp_path: Path,
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        with open_database(folder, SEALER) as database:
            replace_guests(database, list(ALL))
    with open_database(there, SEALER) as database:
        self_scan = real_desk(database, Mode.SELF)
        assert show(self_scan, certificate(BEA), badge(BEA)).checked_only
        self_scan.close()
    log = the_log(there)
    with open_database(here, SEALER) as database:
        station = real_desk(database, Mode.DESK)
        assert station.waiting(MORNING + MINUTE) == ()
        import_log(database, log)
        (waiting,) = station.waiting(MORNING + MINUTE)
        assert (waiting.guest, waiting.since) == (BEA, MORNING)
        ready = station.choose(waiting.key, MORNING + MINUTE)
        assert ready is not None
        assert ready.shown is Shown.READY
        done = station.confirm(ALL_SEEN, MORNING + MINUTE)
        assert done is not None
        assert done.shown is Shown.ADMIT
        assert station.waiting(MORNING + MINUTE) == ()


def test_the_longest_waiting_is_the_first_whatever_the_logs_order() -> None:
    journal = MemoryJournal()
    self_scan = desk(ALL, journal=journal)
    for minutes, person in ((5, ADA), (1, CORA)):
        show(self_scan, certificate(person), badge(person), at=MORNING + minutes * MINUTE)
    station = desk(ALL, Mode.DESK, journal=journal)
    told = station.waiting(MORNING + 6 * MINUTE)
    assert [(each.guest, each.since) for each in told] == [
        (CORA, MORNING + MINUTE),
        (ADA, MORNING + 5 * MINUTE),
    ]
