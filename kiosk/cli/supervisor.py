"""`kiosk supervisor`: what a supervisor does at a door, while its screens are open or not."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    load_policy_file,
    show,
    state_folder,
)
from kiosk.cli.unlocking import guest_sealer
from kiosk.cli.verifiers import asked_pin, clean_name, sessions_of
from kiosk.core.staff.roles import Action

if TYPE_CHECKING:
    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.core.causes import Cause
    from kiosk.core.guests.guest import Guest
    from kiosk.core.guests.reserve import Reserve
    from kiosk.core.policy.event import Occasion
    from kiosk.desk.books import Books
    from kiosk.desk.findings import Station
    from kiosk.desk.outcome import Outcome
    from kiosk.desk.ports import Authority, Clock
    from kiosk.desk.registering import NewGuest

_DESCRIPTION = """\
Changes what the doors of this kiosk know, with a line in the entry log for each change: who may
come in, and who has left. An open screen takes it up with the next code. GUEST is a name, or as
many words of it as nobody else has."""
_CANDIDATES = 5
_CAUSES = {"late": "late registration", "walk-in": "walk-in"}


@dataclass(frozen=True)
class AtTheDoor:
    """The books of a kiosk, and the supervisor who acts."""

    station: Station
    books: Books
    reserve: Reserve
    by: Authority
    at: datetime


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "supervisor", help="register, substitute, close at the door", description=_DESCRIPTION
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    out = _action(actions, "out", run_out, "everyone out: who is inside leaves now")
    out.add_argument("--occasion", required=True, metavar="ID")
    missing = _action(actions, "missing", run_missing, "Partnerships that miss their person")
    missing.add_argument("--occasion", metavar="ID", help="default: all that oblige somebody")
    add = _action(actions, "add", run_add, "somebody who is on no list: late, or walk-in")
    _new_guest(add, required=True)
    kind = add.add_mutually_exclusive_group(required=True)
    kind.add_argument("--partnership", metavar="NAME", default="")
    kind.add_argument("--category", metavar="NAME", default="", help="of the event file")
    accept = _action(actions, "accept", run_accept, "somebody of the list who was not expected")
    accept.add_argument("guest", metavar="GUEST")
    swap = _action(actions, "substitute", run_substitute, "a seat goes to another of a Partnership")
    swap.add_argument("away", metavar="GUEST", help="whose seat it is")
    swap.add_argument("coming", nargs="?", metavar="SUBSTITUTE", help="if on the list already")
    _new_guest(swap, required=False)
    badge = _action(actions, "badge", run_badge, "hand out a blank badge of the reserve")
    badge.add_argument("guest", metavar="GUEST")
    badge.add_argument("number", metavar="NUMBER", help='as printed on it: "R2-017"')
    paper = _action(actions, "paper", run_paper, "key in the paper list, from a CSV file")
    paper.add_argument(
        "file", type=Path, metavar="FILE", help="columns: time, guest, act (in, out)"
    )
    for parser_of in (add, accept, swap):
        parser_of.add_argument("--occasion", action="append", required=True, metavar="ID")
    for parser_of in (add, accept):
        parser_of.add_argument("--cause", choices=sorted(_CAUSES), required=True)


def _action(
    actions: Subparsers[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=words, description=words)
    parser.add_argument("--event", type=Path, required=True, metavar="FILE")
    parser.add_argument("--door", metavar="ID", help="default: the event's first door")
    parser.add_argument("--verifier", metavar="NAME", help="the supervisor; the PIN is asked for")
    add_state(parser)
    parser.set_defaults(func=lambda options: _told(run, options))
    return parser


def _new_guest(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--family", metavar="NAME", required=required, default="")
    parser.add_argument("--given", metavar="NAME", required=required, default="")
    parser.add_argument("--organisation", metavar="NAME", default="")
    parser.add_argument("--badge", metavar="NUMBER", default="", help="a blank one: R2-017")


def _told(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from kiosk.adapters.storage.database import DatabaseError
    from kiosk.desk.ports import StorageTroubleError

    try:
        return run(options)
    except (CommandError, DatabaseError, StorageTroubleError) as error:
        return fail(str(error))


# Each action


def run_out(options: argparse.Namespace) -> int:
    """Everyone out."""
    from kiosk.desk.leaving import Leaving

    with _at_the_door(options, Action.EVERYONE_OUT) as door:
        occasion = _occasion(door.station, options.occasion)
        leaving = Leaving(door.station, door.books)
        outcome = leaving.everyone_out(occasion.id, door.by, door.at)
        return _tell(outcome, lambda done: f"{counted(done, 'guest')} out: {occasion.name}.")


def run_missing(options: argparse.Namespace) -> int:
    """Which Partnerships miss their mandatory person, and whom to call."""
    from kiosk.desk.figures import Figures

    with _at_the_door(options, None) as door:
        figures, event = Figures(door.station.event, door.books), door.station.event
        asked = [_occasion(door.station, options.occasion)] if options.occasion else event.occasions
        for occasion in asked:
            seats = figures.missing_partnerships(occasion)
            if options.occasion or occasion.seats_at_least:
                show([f"{occasion.name}: {counted(len(seats), 'Partnership')} missing"])
            for one in seats:
                who = ", ".join(guest.name for guest in one.expected) or "nobody is registered"
                show([f"  {one.partnership}: {who}"])
    return 0


def run_add(options: argparse.Namespace) -> int:
    """Late registration, or walk-in."""
    from kiosk.desk.registering import Registering

    with _at_the_door(options) as door:
        new, cause = _written(options, door), _cause(options)
        outcome = Registering(door.station, door.books).register(new, cause, door.by, door.at)
        return _tell(outcome, lambda _: "On the list of this kiosk now.")


def run_accept(options: argparse.Namespace) -> int:
    """Who waited, was declined, or was to take part remotely, is expected in person."""
    from kiosk.core.reasons import Reason
    from kiosk.desk.outcome import NotDone
    from kiosk.desk.registering import Registering

    with _at_the_door(options) as door:
        guest, seats = _guest(door.books, options.guest), frozenset(options.occasion)
        registering = Registering(door.station, door.books)
        outcome = registering.accept(guest.id, seats, _cause(options), door.by, door.at)
        if isinstance(outcome, NotDone) and outcome.reason is Reason.SEAT_HELD:
            raise CommandError(f"{guest.name} is expected there already. Nothing was changed.")
        return _tell(outcome, lambda _: f"{guest.name} is expected in person now.")


def run_substitute(options: argparse.Namespace) -> int:
    """One guest's seats go to another."""
    from kiosk.desk.registering import Registering

    if bool(options.coming) is bool(options.family):
        raise CommandError("Name the substitute: SUBSTITUTE of the list, or --family and --given.")
    with _at_the_door(options) as door:
        away = _guest(door.books, options.away)
        coming = options.coming and _guest(door.books, options.coming).id
        registering, seats = Registering(door.station, door.books), frozenset(options.occasion)
        new = coming or _written(options, door)
        outcome = registering.substitute(away.id, new, seats, door.by, door.at)
        return _tell(outcome, lambda _: f"The seat of {away.name} is passed on.")


def run_badge(options: argparse.Namespace) -> int:
    """A blank badge counts for a guest."""
    from kiosk.core.causes import Cause
    from kiosk.desk.registering import Registering

    with _at_the_door(options, Action.REPLACE_BADGE) as door:
        guest, badge = _guest(door.books, options.guest), _blank(door, options.number)
        registering, cause = Registering(door.station, door.books), Cause.BADGE_HANDED_OUT
        outcome = registering.give_badge(guest.id, badge, cause, door.by, door.at)
        return _tell(outcome, lambda _: f"{options.number} counts for {guest.name} now.")


def run_paper(options: argparse.Namespace) -> int:
    """The paper list, all lines or none."""
    from kiosk.cli.paper_lines import read_lines
    from kiosk.desk.paper import PaperLine, PaperList

    with _at_the_door(options, Action.PAPER) as door:
        zone, faults, lines, told = door.station.event.time_zone, [], [], []
        for line in read_lines(options.file, door.at.astimezone(zone)):
            try:
                guest = _guest(door.books, line.guest)
            except CommandError as error:
                faults.append(f"line {line.number}: {error}")
            else:
                lines.append(PaperLine(guest.id, line.happened, line.act))
                told.append(f"line {line.number}: {guest.name} {line.act}")
        if faults:
            raise CommandError("Nothing was recorded.\n" + "\n".join(faults))
        outcome = PaperList(door.station, door.books).record(lines, door.by, door.at)
        status = _tell(outcome, lambda done: f"{counted(done, 'line')} recorded, as on paper.")
        show(told)  # names may be written with a slip: whom each line was taken for is to be seen
        return status


# What they share


@contextmanager
def _at_the_door(
    options: argparse.Namespace, action: Action | None = Action.AMEND
) -> Iterator[AtTheDoor]:
    """The kiosk's books; `action`: what somebody is asked a PIN for, if for anything."""
    from kiosk.adapters.storage.database import read_database
    from kiosk.adapters.storage.guests import StoredGuests
    from kiosk.adapters.storage.journal import SqliteJournal
    from kiosk.adapters.storage.reserve import stored_reserve
    from kiosk.adapters.system.clock import SystemClock, boot_id
    from kiosk.core.staff.roles import Role
    from kiosk.desk.books import Books
    from kiosk.desk.findings import Mode, Station
    from kiosk.desk.ports import Authority

    event, policy = load_policy_file(options.event)
    place = event.door(options.door) if options.door else event.doors[0]
    if place is None:
        raise CommandError(f"There is no door {options.door!r} in the event file.")
    state, clock = state_folder(options), SystemClock()
    with read_database(state, guest_sealer(state)) as database:
        asked = _authority(database, clock, options.verifier, action, place.id) if action else None
        by = asked or Authority("", Role.SUPERVISOR)
        kiosk = database.meta("kiosk")
        station = Station(event, policy, place, Mode.DESK, by.session, kiosk)
        journal = SqliteJournal(database, event.id, clock, boot_id())
        books = Books(event.time_zone, StoredGuests(database), journal, kiosk)
        yield AtTheDoor(station, books, stored_reserve(database), by, clock.now())


def _authority(
    database: OpenDatabase, clock: Clock, name: str | None, action: Action, door: str
) -> Authority | None:
    """Of the supervisor, by name and PIN; None where nobody is in the staff list."""
    from zoneinfo import ZoneInfo

    from kiosk.desk.findings import Mode
    from kiosk.desk.sessions import Denied, Place

    sessions = sessions_of(database, clock, ZoneInfo("UTC"))
    if not sessions.required:
        return None
    if name is None:
        raise CommandError("Say who does it: --verifier NAME (kiosk staff list).")
    member, pin = sessions.by_name(clean_name(name)), asked_pin(f"PIN of {name}: ")
    answer = sessions.vouch(member, pin, action, Place(door, Mode.DESK), clock.now())
    if isinstance(answer, Denied):
        raise CommandError(answer.words)
    return answer


def _guest(books: Books, wanted: str) -> Guest:
    """The only guest of that name. Raises CommandError with those it might be."""
    known = books.guests.by_id(wanted)
    found = (known,) if known else books.guests.search(wanted, _CANDIDATES)
    same = [guest for guest in found if guest.name.casefold() == wanted.casefold()]
    if len(found) == 1 or len(same) == 1:
        return (same or found)[0]
    if not found:
        raise CommandError(f"{wanted!r}: nobody of that name. Try fewer or other words.")
    names = _lines(f"{guest.id}  {guest.name}, {guest.organisation}" for guest in found)
    raise CommandError(f"{wanted!r}: several guests. Give the id of one of them:{names}")


def _lines(parts: Iterable[str]) -> str:
    return "".join(f"\n  {part}" for part in parts)


def _occasion(station: Station, wanted: str) -> Occasion:
    found = station.event.occasion(wanted)
    if found is None:
        ids = ", ".join(occasion.id for occasion in station.event.occasions)
        raise CommandError(f"There is no occasion {wanted!r}; the event file has: {ids}.")
    return found


def _written(options: argparse.Namespace, door: AtTheDoor) -> NewGuest:
    from kiosk.desk.registering import NewGuest

    return NewGuest(
        family=options.family,
        given=options.given,
        organisation=options.organisation,
        occasions=frozenset(_occasion(door.station, id_).id for id_ in options.occasion),
        partnership=_partnership(door, getattr(options, "partnership", "")),
        category=_category(door, getattr(options, "category", "")),
        badge=_blank(door, options.badge) if options.badge else b"",
    )


def _partnership(door: AtTheDoor, wanted: str) -> str:
    """As the list writes it: a slip would be another Partnership, with seats of its own."""
    from kiosk.desk.offering import partnership_of

    found = partnership_of(door.books.guests, wanted)
    if found.slip:
        raise CommandError(
            f"The list has no Partnership {wanted!r}. If it is {found.slip!r}, write it so."
        )
    return found.listed or wanted


def _category(door: AtTheDoor, wanted: str) -> str:
    from kiosk.core.guests.lists.terms import EventTerms

    event = door.station.event
    found = EventTerms({}, event.categories).category(wanted) if wanted else ""
    if found is None:
        known = ", ".join(event.categories)
        raise CommandError(f"There is no category {wanted!r}; the event file has: {known}.")
    return found


def _blank(door: AtTheDoor, number: str) -> bytes:
    found = door.reserve.by_number(number)
    if found is None:
        raise CommandError(f"There is no blank badge {number!r} in the reserve of this kiosk.")
    return found.badge


def _cause(options: argparse.Namespace) -> Cause:
    from kiosk.core.causes import Cause

    return Cause(_CAUSES[options.cause])


def _tell(outcome: Outcome, words: Callable[[int], str]) -> int:
    from kiosk.core.reasons import explain
    from kiosk.desk.outcome import NotDone

    if isinstance(outcome, NotDone):
        of = f"{outcome.guest.name}: " if outcome.guest else ""
        why = explain(outcome.reason)
        raise CommandError(f"{of}{why.meaning} {why.remedy}")
    show([words(len(outcome.records))])
    return 0
