"""The entry log: records that a hash chain holds together, and what they add up to.

A record holds a guest's pseudonym, never a name, a certificate or its kind. Everything that is
derived from the log is a fold over the set of its records, so their order of arrival is
irrelevant.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import assert_never
from zoneinfo import ZoneInfo

from kiosk.core.guests.standing import Standing

_DOMAIN = b"kiosk-entry-1\x00"
GENESIS = bytes(32)  # the digest before the first record
_COUNTER_BITS = 16


class EntryAct(StrEnum):
    """What happened."""

    CHECK = "check"  # accepted at the self-scan screen, not in yet
    IN = "in"
    OUT = "out"


class EntryBasis(StrEnum):
    """On what an entry rests; nothing here tells about the certificate."""

    SCANNED = "scanned"
    CHECKED_BEFORE = "checked before"
    OFFICIAL_READER = "official reader"
    CROSSED_PAIR = "crossed pair"
    REENTRY = "re-entry"
    BADGE_ONLY = "badge only"  # at a door that asks for no certificate


@dataclass(frozen=True)
class EntryDraft:
    """What the desk asks to be recorded. `staff` is an operator session, empty at self-scan."""

    act: EntryAct
    guest: str
    occasion: str
    door: str
    basis: EntryBasis
    staff: str = ""


@dataclass(frozen=True)
class EntryRecord:
    """One durable line of the log (security.md P5; hlc, boot and mono of sync.md section 4).

    id: UUIDv7. seq: counts from 1 within kiosk and epoch. at: UTC. hlc: hybrid logical clock,
    48 bits of milliseconds and a 16-bit counter. mono: seconds since `boot` began.
    list_version: of the guest list. previous, digest: SHA-256 chain, hexadecimal.
    """

    id: str
    seq: int
    event: str
    kiosk: str
    act: EntryAct
    guest: str
    occasion: str
    door: str
    basis: EntryBasis
    staff: str
    at: datetime
    hlc: int
    boot: str
    mono: float
    list_version: int
    previous: str
    digest: str = ""

    def sealed(self) -> EntryRecord:
        """The same record with its digest over `previous` and every other field."""
        return replace(self, digest=digest_of(self))


def digest_of(record: EntryRecord) -> str:
    """SHA-256 over the record's fields in one canonical form."""
    fields = asdict(record)
    del fields["digest"]
    fields["at"] = record.at.isoformat()
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(_DOMAIN + body.encode()).hexdigest()


def first_break(records: Iterable[EntryRecord]) -> int | None:
    """The seq of the first record whose chain or digest does not hold; None when all do."""
    previous, seq = GENESIS.hex(), 1
    for record in records:
        if (record.previous, record.seq) != (previous, seq) or record.digest != digest_of(record):
            return seq
        previous, seq = record.digest, seq + 1
    return None


def next_hlc(last: int, at: datetime) -> int:
    """The hybrid logical clock after `last` at `at`: never goes back, whatever the clock does."""
    now = int(at.timestamp() * 1000) << _COUNTER_BITS
    return max(now, last + 1)


class Attendance:
    """Who was checked, is in, or left, by local day: a fold over entry records."""

    def __init__(self, zone: ZoneInfo, records: Iterable[EntryRecord] = ()) -> None:
        self._zone = zone
        self._records: dict[tuple[date, str], list[EntryRecord]] = {}
        self._standings: dict[date, dict[str, Standing]] = {}
        self._seen: set[str] = set()
        for record in records:
            self.add(record)

    def add(self, record: EntryRecord) -> None:
        """Take in one more record; the same one twice counts once."""
        if record.id in self._seen:
            return
        self._seen.add(record.id)
        day = self._day(record.at)
        own = self._records.setdefault((day, record.guest), [])
        own.append(record)
        own.sort(key=lambda r: (r.hlc, r.kiosk, r.seq))
        self._standings.setdefault(day, {})[record.guest] = reduce(_after, own, Standing())

    def standing(self, guest: str, at: datetime) -> Standing:
        """Where `guest` stands on the local day of `at`."""
        return self.today(at).get(guest, Standing())

    def today(self, at: datetime) -> Mapping[str, Standing]:
        """The standing of everybody who occurs on the local day of `at`, in order of occurring."""
        return self._standings.get(self._day(at), {})

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


_NO_PROOF = frozenset({EntryBasis.BADGE_ONLY, EntryBasis.REENTRY})


def _after(before: Standing, record: EntryRecord) -> Standing:
    if record.act is not EntryAct.OUT and record.basis not in _NO_PROOF:
        before = replace(before, proved=True)
    match record.act:
        case EntryAct.CHECK:
            return replace(before, checked=True, occasion=record.occasion)
        case EntryAct.IN:
            return replace(
                before,
                admitted=True,
                admitted_to=record.occasion,
                inside_at=record.door,
                occasion=record.occasion,
                last_in=record.at,
            )
        case EntryAct.OUT:
            return replace(before, inside_at="")
    assert_never(record.act)
