"""The event file (TOML): text in, an `Event` or every fault with its line and remedy out."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.core.policy.event import (
    BadgesGiven,
    CertificateNeed,
    Confirmation,
    DeskSide,
    Door,
    Event,
    Occasion,
    Reentry,
    SelfScan,
)
from kiosk.core.policy.faults import Fault, Lines, Section
from kiosk.core.policy.limits import read_limits

MAX_EVENT_FILE = 256 * 1024  # characters; a full event has some 3,000
LONGEST_EARLY_ARRIVAL = timedelta(hours=24)  # beyond it an occasion is open on the day before
_TOP = {"event", "occasion", "door", "proofs", "entry", "guests", "lists", "privacy"}
_LINE = re.compile(r"line (\d+)")


class EventFileError(ValueError):
    """An event file that cannot be used; `faults` names every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def load_event(text: str) -> Event:
    """The event that `text` describes. Raises EventFileError with all faults at once."""
    document = _document(text)
    faults: list[Fault] = []
    event = _Reader(document, Lines(text), faults).event()
    if faults:
        raise EventFileError(sorted(faults, key=lambda fault: fault.line))
    return event


def _document(text: str) -> dict[str, Any]:
    if len(text) > MAX_EVENT_FILE:
        raise EventFileError([Fault(0, "file", "too large", "Give an event file.")])
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line, last = _LINE.search(str(error)), len(text.rstrip().splitlines())
        remedy = "Mind quotes, brackets and equals signs on this line."
        if not line:
            remedy = "Look upwards from there for a quote or a bracket that is not closed."
        where = int(line.group(1)) if line else last
        raise EventFileError([Fault(where, "file", f"not TOML: {error}", remedy)]) from None


class _Reader:
    """Reads one document; every method collects faults and goes on."""

    def __init__(self, document: dict[str, Any], lines: Lines, faults: list[Fault]) -> None:
        self._document, self._lines, self._faults = document, lines, faults

    def event(self) -> Event:
        head, entry = self._section("event"), self._section("entry")
        guests, lists, privacy = (self._section(name) for name in ("guests", "lists", "privacy"))
        zone = self._zone(head)
        occasions = self._occasions(zone)
        event = Event(
            id=head.text("id"),
            name=head.text("name"),
            place=head.text("place"),
            time_zone=zone,
            languages=tuple(head.texts("languages", ["en"])),
            early_arrival=head.duration("early_arrival", "60 min"),
            occasions=occasions,
            doors=self._doors({occasion.id for occasion in occasions}),
            proofs=read_limits(self._section("proofs")),
            reentry=entry.choice("reentry", Reentry, "all day"),
            already_admitted_within=entry.duration("already_admitted_within", "120 s"),
            self_scan=entry.choice("self_scan", SelfScan),
            badges=entry.choice("badges", BadgesGiven),
            confirmations=tuple(entry.choices("confirm", Confirmation, [])),
            visit_wait=entry.duration("visit_wait", "30 s"),
            categories=tuple(guests.texts("categories", [])),
            list_banner_after=lists.duration("banner_after", "48 h"),
            list_end_after=lists.duration_if_any("end_after"),
            retention=privacy.duration("delete_guests_after", "24 h"),
            privacy_contact=privacy.text("contact"),
            controller=privacy.text("controller", ""),
            legal_basis=privacy.text("legal_basis", ""),
        )
        for section in (head, entry, guests, lists, privacy):
            section.finish()
        self._check_top(head)
        self._check_head(head, event)
        self._check_lists(lists, event)
        return event

    @staticmethod
    def _check_head(head: Section, event: Event) -> None:
        for language in event.languages:
            if not re.fullmatch(r"[a-z]{2}", language):
                remedy = 'Write two small letters such as "en" or "fr".'
                head.fault("languages", f'"{language}" is not a language', remedy)
        if event.early_arrival > LONGEST_EARLY_ARRIVAL:
            head.fault("early_arrival", "longer than a day", 'Write 24 h at most, as "60 min".')

    @staticmethod
    def _check_lists(lists: Section, event: Event) -> None:
        end = event.list_end_after
        sound = lists.sound("banner_after", "end_after")
        if sound and end is not None and end < event.list_banner_after:
            remedy = "Write a longer time, so that staff are told before."
            lists.fault("end_after", "shorter than banner_after", remedy)

    def _section(self, name: str) -> Section:
        return Section(name, self._document.get(name), self._lines, self._faults)

    def _sections(self, name: str) -> list[Section]:
        tables = self._document.get(name)
        if not isinstance(tables, list) or not tables:
            remedy = f"Add at least one [[{name}]]."
            self._faults.append(Fault(0, name, "there is none", remedy))
            return []
        return [
            Section(name, table, self._lines, self._faults, index)
            for index, table in enumerate(tables)
        ]

    def _zone(self, head: Section) -> ZoneInfo:
        name = head.text("time_zone")
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            if head.sound("time_zone"):
                head.fault("time_zone", "no such time zone", 'Write a name such as "Europe/Paris".')
            return ZoneInfo("UTC")

    def _occasions(self, zone: ZoneInfo) -> tuple[Occasion, ...]:
        found: dict[str, Occasion] = {}
        for section in self._sections("occasion"):
            occasion = Occasion(
                id=section.text("id"),
                name=section.text("name"),
                opens=section.local_time("opens", zone),
                closes=section.local_time("closes", zone),
                room=section.text("room", ""),
                capacity=section.number("capacity"),
                seats_at_most=section.number("seats_at_most"),
                seats_at_least=section.number("seats_at_least"),
            )
            self._check_occasion(section, occasion)
            self._unique(section, occasion.id, found)
            found[occasion.id] = occasion
            section.finish()
        return tuple(found.values())

    @staticmethod
    def _check_occasion(section: Section, occasion: Occasion) -> None:
        if section.sound("opens", "closes"):
            if occasion.closes <= occasion.opens:
                section.fault("closes", "it closes before it opens", "Write a later time.")
            elif occasion.closes.date() != occasion.opens.date():
                # Who is in is counted by the day on the venue's wall.
                remedy = "Make two occasions of it, one for each day."
                section.fault("closes", "it closes on another day", remedy)
        least, most = occasion.seats_at_least, occasion.seats_at_most
        if least is not None and most is not None and least > most:
            section.fault("seats_at_least", "more than seats_at_most", "Write a smaller number.")

    def _doors(self, known: set[str]) -> tuple[Door, ...]:
        found: dict[str, Door] = {}
        for section in self._sections("door"):
            door = Door(
                id=section.text("id"),
                name=section.text("name"),
                occasions=tuple(section.texts("occasions")),
                certificate=section.choice("certificate", CertificateNeed, "once a day"),
                desk=section.choice_if_any("desk", DeskSide),
            )
            for unknown in sorted(set(door.occasions) - known) if known else ():
                remedy = f"Write one of: {', '.join(sorted(known))}."
                section.fault("occasions", f'there is no occasion "{unknown}"', remedy)
            self._unique(section, door.id, found)
            found[door.id] = door
            section.finish()
        return tuple(found.values())

    @staticmethod
    def _unique(section: Section, name: str, found: dict[str, Any]) -> None:
        if name in found and section.sound("id"):
            section.fault("id", "this id is used twice", "Give each its own id.")

    def _check_top(self, head: Section) -> None:
        for name in sorted(self._document.keys() - _TOP):
            line = self._lines.of(name, 0, "") or self._lines.of("", 0, name)
            remedy = "Correct its spelling or delete it."
            self._faults.append(Fault(line, name, "this table is not known", remedy))
        texts = self._document.get("event")
        id_ = texts.get("id") if isinstance(texts, dict) else None
        if isinstance(id_, str) and not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,39}", id_):
            head.fault("id", "not a short name", "Write 3 to 40 of a-z, 0-9 and hyphens.")
