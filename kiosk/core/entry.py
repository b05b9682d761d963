"""The entry log: records that a hash chain holds together.

A record holds a guest's pseudonym, never a name, a certificate or its kind. What the records add
up to is told by `kiosk.core.attendance`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.core.causes import Cause

_DOMAIN = b"kiosk-entry-1\x00"
GENESIS = bytes(32)  # the digest before the first record
_COUNTER_BITS = 16


class EntryAct(StrEnum):
    """What happened."""

    CHECK = "check"  # accepted at the self-scan screen, not in yet
    IN = "in"
    OUT = "out"
    OVERRIDE = "override"  # in, on the word of a supervisor
    REFUSED = "refused"  # sent away by staff, never for a reason of the certificate (P6)
    NOTE = "note"  # anything else that staff or the kiosk did; `cause` says what


class EntryBasis(StrEnum):
    """On what an entry rests; nothing here tells about the certificate."""

    SCANNED = "scanned"
    CHECKED_BEFORE = "checked before"
    OFFICIAL_READER = "official reader"
    CROSSED_PAIR = "crossed pair"
    REENTRY = "re-entry"
    BADGE_ONLY = "badge only"  # at a door that asks for no certificate
    SUPERVISOR = "supervisor"  # of an override
    PAPER = "paper list"  # written on paper while the kiosk was down, keyed in later
    EVERYONE_OUT = "everyone out"  # an occasion was closed
    KIOSK = "kiosk"  # of a note about its clock, its sessions or its log


@dataclass(frozen=True)
class EntryDraft:
    """What the desk asks to be recorded.

    guest: a pseudonym, empty where nobody is concerned. staff: an operator session, empty at
    self-scan. cause: for everything but a plain check, entry or exit. refers: the id of another
    record, the pseudonym of the other guest of a substitution, or by how many seconds the clock
    was set. happened: aware, where that is
    not when it is recorded, as on the paper list.
    """

    act: EntryAct
    guest: str
    occasion: str
    door: str
    basis: EntryBasis
    staff: str = ""
    cause: Cause = Cause.NONE
    refers: str = ""
    happened: datetime | None = None


@dataclass(frozen=True)
class EntryRecord:
    """One durable line of the log (security.md P5; hlc, boot and mono of sync.md section 4).

    id: UUIDv7. seq: counts from 1 within kiosk and epoch; an epoch is one log of a kiosk, 64
    random bits in hexadecimal. at, happened: UTC; see `EntryDraft`. hlc: hybrid logical clock,
    48 bits of milliseconds and a 16-bit counter. mono: seconds since `boot` began.
    list_version: of the guest list. previous, digest: SHA-256 chain, hexadecimal.
    """

    id: str
    epoch: str
    seq: int
    event: str
    kiosk: str
    act: EntryAct
    guest: str
    occasion: str
    door: str
    basis: EntryBasis
    staff: str
    cause: Cause
    refers: str
    happened: datetime | None
    at: datetime
    hlc: int
    boot: str
    mono: float
    list_version: int
    previous: str
    digest: str = ""

    @property
    def when(self) -> datetime:
        """When it happened, whenever it was recorded."""
        return self.happened or self.at

    def sealed(self) -> EntryRecord:
        """The same record with its digest over `previous` and every other field."""
        return replace(self, digest=digest_of(self))


def digest_of(record: EntryRecord) -> str:
    """SHA-256 over the record's fields in one canonical form."""
    fields = dict(vars(record))  # asdict would copy every value, at ten times the cost
    del fields["digest"]
    fields["at"] = record.at.isoformat()
    fields["happened"] = record.happened.isoformat() if record.happened else None
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
