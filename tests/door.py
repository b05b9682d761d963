"""What a test needs at a door: the event, an issuer and its trust list, guests, badges, a desk."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.system.places import standard_rules
from kiosk.core.guests.badge import ID_LENGTH, make_badge
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.reserve import Reserve, ReserveBadge
from kiosk.core.policy.event import Confirmation, Event
from kiosk.core.policy.eventfile import load_event
from kiosk.core.policy.judge import Policy, policy_of
from kiosk.core.policy.rule import Rule
from kiosk.core.policy.rulefile import load_rules
from kiosk.core.sealing import KEY_LENGTH, Sealer
from kiosk.core.staff.roles import Role
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import Verifier
from kiosk.demo.issuer import Issuer, Subject, claims_of, make_issuer, vaccination
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.clockguard import Timekeeper
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode, Station
from kiosk.desk.ports import Authority, Journal
from tests.fakes.guests import AmendedGuests
from tests.fakes.journal import MemoryJournal

EVENT_FILE = Path(__file__).parents[1] / "assets/events/saint-ouen-2021.toml"
MORNING = datetime(2021, 11, 22, 9, 0, tzinfo=UTC)  # ten o'clock in Saint-Ouen, first day
ISSUED = datetime(2021, 11, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SEALER = Sealer(bytes(range(KEY_LENGTH)))  # of the guests in a test's database
ALL_SEEN = frozenset(Confirmation)
SUPERVISOR = Authority("supervisor-1", Role.SUPERVISOR)
STEWARD = Authority("steward-1", Role.STEWARD)
POLICY_1, POLICY_2, PARTNERING = "policy-day-1", "policy-day-2", "partnering"


@cache
def saint_ouen() -> Event:
    """The event as its file says."""
    return load_event(EVENT_FILE.read_text("utf-8"))


@cache
def rules() -> tuple[Rule, ...]:
    """The program's own rules."""
    return load_rules(standard_rules().read_text("utf-8"))


@cache
def policy() -> Policy:
    """What the event asks of a proof."""
    return policy_of(saint_ouen(), rules())


def event_with(**changes: Any) -> Event:
    """The event with other rules."""
    return replace(saint_ouen(), **changes)


@cache
def issuer() -> Issuer:
    """The issuer whom the doors trust."""
    return make_issuer()


@cache
def stranger() -> Issuer:
    """An issuer whom nobody here knows."""
    return make_issuer("YY")


@cache
def badge_key() -> Ed25519PrivateKey:
    """The organiser's."""
    return Ed25519PrivateKey.generate()


def trust(issued_at: datetime | None = None, expires_at: datetime | None = None) -> TrustList:
    """The list that holds the issuer."""
    rows = [Row(issuer().certificate)]
    listed = trust_list_of(rows, "test", issued_at=issued_at, expires_at=expires_at)
    return replace(listed, newest_at=issued_at)  # as of a list whose signature was checked


def guest(given: str = "Chloe", family: str = "Martin", **changes: Any) -> Guest:
    """Somebody selected, in person, invited to everything, alone in a Partnership."""
    pseudonym = f"{given}-{family}".lower()
    made = Guest(
        id=pseudonym,
        badge=b"",
        family=family,
        given=given,
        organisation="Invented cluster",
        partnership=f"Partnership of {pseudonym}",
        category="",
        occasions=frozenset({POLICY_1, POLICY_2, PARTNERING}),
        attendance=Attendance.IN_PERSON,
        selection=Selection.SELECTED,
    )
    made = replace(made, **changes)
    return made if made.badge else replace(made, badge=_badge_id(made.id))


def _badge_id(pseudonym: str) -> bytes:
    return hashlib.sha256(pseudonym.encode()).digest()[:ID_LENGTH]


def badge(of: Guest, event_id: str = "saint-ouen-2021") -> str:
    """The text of a guest's badge."""
    return make_badge(of.badge, event_id, badge_key())


def subject(of: Guest, birth_date: str = "1980-01-01") -> Subject:
    """A guest as an issuer knows them."""
    return Subject(of.family, of.given, standard(of.family), standard(of.given), birth_date)


def standard(name: str) -> str:
    """A plain name as ICAO 9303 has it."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return bare.upper().replace(" ", "<").replace("-", "<").replace("'", "")


def certificate(
    of: Guest | Subject,
    group: str = "v",
    statement: Mapping[str, Any] | None = None,
    by: Issuer | None = None,
    issued_at: datetime = ISSUED,
) -> str:
    """The text of a certificate; a complete vaccination of July unless told."""
    holder = subject(of) if isinstance(of, Guest) else of
    signer = by or issuer()
    entry = vaccination("2021-07-01") if statement is None else statement
    return signer.sign(claims_of(holder, group, entry, issued_at, signer.country))


def desk(
    guests: Iterable[Guest] = (),
    mode: Mode = Mode.SELF,
    *,
    event: Event | None = None,
    journal: Journal | None = None,
    trusted: TrustList | None = None,
    revoked: Iterable[bytes] = (),
    door: str = "north",
    time: Timekeeper | None = None,
    name: str = "Desk 1",
    reserve: Iterable[ReserveBadge] = (),
    until: datetime | None = None,
) -> EntryDesk:
    """A station at a door: the self-scan screen, or with Mode.DESK the one of the staff."""
    at_event = event or saint_ouen()
    place = at_event.door(door)
    assert place is not None
    log = MemoryJournal() if journal is None else journal
    people, withdrawn = tuple(guests), frozenset(revoked)
    staff = "operator-1" if mode is Mode.DESK else ""
    return EntryDesk(
        Station(at_event, policy(), place, mode, staff, "kiosk-1", name, until),
        Verifier(trust() if trusted is None else trusted),
        AmendedGuests(people, log, withdrawn)
        if isinstance(log, MemoryJournal)
        else GuestList(people, withdrawn),
        badge_key().public_key(),
        log,
        time,
        Reserve(reserve),
    )


def show(station: EntryDesk, *texts: str, at: datetime = MORNING) -> Admission:
    """What the screen says after `texts` were shown one by one at `at`."""
    admissions = [station.scan(text, at) for text in texts]
    return admissions[-1]


def let_in(station: EntryDesk, who: Guest, at: datetime = MORNING) -> Admission:
    """A guest with certificate and badge, let in by staff."""
    ready = show(station, certificate(who), badge(who), at=at)
    assert ready.shown is Shown.READY
    admitted = station.confirm(ALL_SEEN, at)
    assert admitted is not None
    assert admitted.shown is Shown.ADMIT
    return admitted
