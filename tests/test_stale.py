"""Nothing old decides: forgotten certificates, open cards, seats taken meanwhile, wrong clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kiosk.core.decide import Way
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft, EntryRecord
from kiosk.core.guests.amendments import Amendment
from kiosk.core.guests.guest import Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.policy.event import CertificateNeed, Event
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import merge
from kiosk.core.verify import Verifier
from kiosk.desk.admission import Shown
from kiosk.desk.entry_desk import CONFIRM_WITHIN, EntryDesk
from kiosk.desk.findings import Mode, Station
from tests.door import (
    ALL_SEEN,
    MORNING,
    PARTNERING,
    POLICY_2,
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
    trust,
)
from tests.fakes.journal import MemoryJournal

ANA, BO, CY = (guest(name, "Um") for name in ("Ana", "Bo", "Cy"))
NEXT_DAY = MORNING + timedelta(days=1)
AFTERNOON = NEXT_DAY + timedelta(hours=4)


def tick_until(station: EntryDesk, last: int, at: datetime = MORNING) -> None:
    for second in range(1, last + 1):
        station.tick(at + second * SECOND)


# A certificate is its holder's, and for one visit


def test_a_certificate_of_the_guest_before_lets_nobody_else_in() -> None:
    station = desk([ANA, BO], Mode.DESK)
    show(station, certificate(ANA))
    tick_until(station, 61)
    chosen = station.choose(BO.id, MORNING + timedelta(hours=3))
    assert chosen is not None
    assert chosen.shown is Shown.AWAIT_CERTIFICATE


def test_a_clock_that_steps_back_revives_no_visit() -> None:
    station = desk([ANA, BO])
    show(station, certificate(ANA))
    tick_until(station, 61)
    assert show(station, badge(BO), at=MORNING + 59 * SECOND).shown is Shown.AWAIT_CERTIFICATE


def test_a_visit_before_whose_first_code_the_clock_was_set_is_over() -> None:
    station = desk([ANA])
    show(station, certificate(ANA))
    earlier = MORNING - timedelta(minutes=10)
    assert show(station, badge(ANA), at=earlier).shown is Shown.AWAIT_CERTIFICATE


def test_staff_choose_nobody_into_a_visit_that_is_over() -> None:
    station = desk([ANA], Mode.DESK)
    show(station, certificate(ANA))
    late = station.choose(ANA.id, MORNING + 61 * SECOND)
    assert late is not None
    assert late.shown is Shown.AWAIT_CERTIFICATE


def test_the_official_reader_is_not_for_the_badge_of_a_visit_that_is_over() -> None:
    station = desk([ANA], Mode.DESK)
    show(station, badge(ANA))
    assert station.official_reader(MORNING + 61 * SECOND).guest is None


def test_the_self_scan_screen_is_told_no_name_of_a_certificate() -> None:
    answer = show(desk([ANA]), certificate(ANA), badge(ANA))
    assert (answer.shown, answer.person) == (Shown.ADMIT, None)


# A badge alone proves no certificate


def with_badge_only_south() -> Event:
    north, south = saint_ouen().doors[:2]
    return event_with(doors=(north, replace(south, certificate=CertificateNeed.NEVER)))


@pytest.mark.parametrize("mode", Mode)
def test_an_entry_by_badge_alone_is_no_accepted_certificate_elsewhere(mode: Mode) -> None:
    journal, event = MemoryJournal(), with_badge_only_south()
    south = desk([ANA], Mode.DESK, event=event, journal=journal, door="south")
    show(south, badge(ANA))
    south.confirm(ALL_SEEN, MORNING)
    assert journal.log[-1].basis is EntryBasis.BADGE_ONLY
    south.let_out(ANA.id, MORNING + SECOND)
    north = desk([ANA], mode, event=event, journal=journal)
    assert show(north, badge(ANA), at=MORNING + 300 * SECOND).shown is Shown.AWAIT_CERTIFICATE


def test_a_certificate_shown_elsewhere_will_do_after_an_entry_by_badge_alone() -> None:
    journal, event = MemoryJournal(), with_badge_only_south()
    north = desk([ANA], Mode.DESK, event=event, journal=journal)
    let_in(north, ANA)
    assert journal.log[-1].basis is EntryBasis.SCANNED
    north.let_out(ANA.id, MORNING + SECOND)
    again = show(north, badge(ANA), at=MORNING + 300 * SECOND)
    assert (again.shown, again.way) == (Shown.ADMIT, Way.AGAIN)


# A card that staff leave open


def ready(station: EntryDesk, who: Guest, at: datetime = MORNING) -> None:
    assert show(station, certificate(who), badge(who), at=at).shown is Shown.READY


@pytest.mark.parametrize(
    ("later", "shown"),
    [
        (CONFIRM_WITHIN, Shown.ADMIT),
        (CONFIRM_WITHIN + SECOND, Shown.AWAIT_CERTIFICATE),
        (-SECOND, Shown.AWAIT_CERTIFICATE),
    ],
    ids=["5 min", "longer", "the clock was set back"],
)
def test_a_card_is_confirmed_within_5_minutes(later: timedelta, shown: Shown) -> None:
    journal = MemoryJournal()
    station = desk([ANA], Mode.DESK, journal=journal)
    ready(station, ANA)
    answer = station.confirm(ALL_SEEN, MORNING + later)
    assert answer is not None
    assert answer.shown is shown
    assert len(journal.log) == (1 if shown is Shown.ADMIT else 0)


def test_a_card_confirmed_after_its_occasion_closed_counts_for_the_one_that_is_open() -> None:
    both = event_with(
        occasions=tuple(
            replace(o, closes=NEXT_DAY + timedelta(minutes=1)) if o.id == POLICY_2 else o
            for o in saint_ouen().occasions
        ),
        early_arrival=timedelta(hours=5),
    )
    journal = MemoryJournal()
    station = desk([ANA], Mode.DESK, event=both, journal=journal)
    ready(station, ANA, NEXT_DAY)
    station.confirm(ALL_SEEN, NEXT_DAY + timedelta(minutes=2))
    assert journal.log[-1].occasion == PARTNERING


def test_a_guest_who_came_in_at_the_other_screen_meanwhile_is_not_recorded_twice() -> None:
    journal = MemoryJournal()
    here, there = (desk([ANA], Mode.DESK, journal=journal) for _ in range(2))
    ready(here, ANA)
    let_in(there, ANA)
    answer = here.confirm(ALL_SEEN, MORNING + SECOND)
    assert answer is not None
    assert (answer.shown, answer.way) == (Shown.ADMIT, Way.ALREADY)
    assert len(journal.log) == 1


class Overtaken(MemoryJournal):
    """Just before the next append, another screen records somebody."""

    other: EntryDraft | None = None

    def append(
        self,
        drafts: Sequence[EntryDraft],
        at: datetime,
        after: int | None = None,
        amendments: Sequence[Amendment] = (),
        answer: str = "",
    ) -> tuple[EntryRecord, ...]:
        if self.other is not None:
            other, self.other = self.other, None
            super().append((other,), at)
        return super().append(drafts, at, after, amendments, answer)


@pytest.mark.parametrize(("seats", "green"), [(1, False), (2, True)])
def test_the_last_seat_goes_to_whoever_is_recorded_first(seats: int, green: bool) -> None:
    one, two = (guest(name, "Um", partnership="One") for name in ("Ana", "Bo"))
    occasions = tuple(replace(o, seats_at_most=seats) for o in saint_ouen().occasions)
    journal = Overtaken()
    station = desk([one, two], event=event_with(occasions=occasions), journal=journal)
    show(station, certificate(one))
    journal.other = EntryDraft(EntryAct.IN, two.id, "policy-day-1", "north", EntryBasis.SCANNED)
    answer = show(station, badge(one), at=MORNING + SECOND)
    assert answer.shown is (Shown.ADMIT if green else Shown.DESK)
    assert answer.reasons == (() if green else (Reason.SEATS_TAKEN,))
    assert len(journal.log) == 1 + green


# A list that changes while the doors are open


class Changing:
    """A guest list that is replaced."""

    def __init__(self, guests: GuestList) -> None:
        self.guests = guests

    def current(self) -> GuestList:
        return self.guests


def test_a_new_guest_list_counts_from_the_next_code_on() -> None:
    source = Changing(GuestList([ANA]))
    event = saint_ouen()
    station = EntryDesk(
        Station(event, policy(), event.doors[0], Mode.SELF),
        Verifier(trust()),
        source,
        badge_key().public_key(),
        MemoryJournal(),
    )
    source.guests = GuestList([replace(ANA, selection=Selection.DECLINED)])
    assert show(station, certificate(ANA), badge(ANA)).reasons == (Reason.GUEST_DECLINED,)
    source.guests = GuestList([ANA], frozenset({ANA.badge}))
    later = MORNING + timedelta(minutes=5)
    assert show(station, badge(ANA), at=later).reasons == (Reason.BADGE_REVOKED,)


def test_who_is_on_no_list_any_more_is_not_let_in_by_the_card_of_before() -> None:
    source, journal = Changing(GuestList([ANA])), MemoryJournal()
    event = saint_ouen()
    station = EntryDesk(
        Station(event, policy(), event.doors[0], Mode.DESK),
        Verifier(trust()),
        source,
        badge_key().public_key(),
        journal,
    )
    assert show(station, certificate(ANA), badge(ANA)).shown is Shown.READY
    source.guests = GuestList([])
    answer = station.confirm(ALL_SEEN, MORNING + SECOND)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.NOT_ON_LIST,))
    assert journal.log == []


def test_a_card_is_not_confirmed_while_the_log_cannot_be_read() -> None:
    journal = MemoryJournal()
    station = desk([ANA], Mode.DESK, journal=journal)
    show(station, certificate(ANA), badge(ANA))
    journal.unreadable = True
    answer = station.confirm(ALL_SEEN, MORNING + SECOND)
    assert answer is not None
    assert (answer.shown, answer.reasons) == (Shown.DESK, (Reason.STORAGE_TROUBLE,))
    assert journal.log == []


# Clocks


@pytest.mark.parametrize("years", [-40, -1, 10])
def test_a_clock_that_is_far_off_refuses_nobody(years: int) -> None:
    at = MORNING.replace(year=MORNING.year + years)
    assert show(desk([ANA]), certificate(ANA), at=at).shown is Shown.DESK


def test_the_clock_is_past_the_newest_of_several_lists() -> None:
    old = trust(issued_at=MORNING - timedelta(days=150))
    new = trust(issued_at=MORNING - timedelta(hours=1))
    both = merge([old, new])
    assert both.issued_at == old.issued_at, "for the age, the oldest counts"
    slow = MORNING - timedelta(hours=3)
    answer = show(desk([ANA], trusted=both), certificate(ANA), at=slow)
    assert answer.reasons == (Reason.CLOCK_NOT_TRUSTED,)


# The second occasion of a day


def test_a_guest_of_the_morning_who_was_checked_for_the_afternoon_waits_at_the_desk() -> None:
    journal = MemoryJournal()
    let_in(desk([ANA], Mode.DESK, journal=journal), ANA, NEXT_DAY)
    screen, staff = (desk([ANA], mode, journal=journal) for mode in (Mode.SELF, Mode.DESK))
    answer = show(screen, certificate(ANA), badge(ANA), at=AFTERNOON)
    assert (answer.shown, answer.checked_only) == (Shown.ADMIT, True)
    assert staff.checked(AFTERNOON) == (ANA,)


def test_already_admitted_is_for_one_occasion() -> None:
    late, soon = timedelta(hours=2, minutes=59), timedelta(hours=3, minutes=1)
    event = event_with(early_arrival=timedelta(minutes=60))
    station = desk([ANA], Mode.DESK, event=event)
    let_in(station, ANA, NEXT_DAY + late - timedelta(minutes=1))
    answer = show(station, badge(ANA), at=NEXT_DAY + soon - timedelta(minutes=1))
    assert answer.way is not Way.ALREADY


def test_a_badge_that_is_still_held_up_brings_nobody_back_in_who_has_just_left() -> None:
    journal = MemoryJournal()
    station = desk([ANA], Mode.DESK, journal=journal)
    let_in(station, ANA)
    at = MORNING + timedelta(minutes=10)
    station.sight((badge(ANA),), at)
    assert station.let_out(ANA.id, at + SECOND)
    station.clear()
    assert station.sight((badge(ANA),), at + 2 * SECOND) is None
    assert journal.log[-1].act is EntryAct.OUT
