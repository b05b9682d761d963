"""Records of the entry log, and the line of text that each of them is written as.

A record holds a guest's pseudonym, never a name, a certificate or its kind. `kiosk.core.chain`
holds the lines together; what the records add up to is told by `kiosk.core.attendance`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any

from kiosk.core.causes import Cause

FORM = 1  # of a line; a later one may have more fields, and its digest covers them all the same
MAX_LINE = 16 * 1024  # characters; ours have some 450
_COUNTER_BITS = 16  # of the hybrid clock
_WHOLE = 2**63  # what SQLite keeps as a whole number is below
_YEARS = range(1970, 3000)  # at the ends of the calendar no time zone can be reckoned with


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
    SUPERVISOR = "supervisor"  # of an override, and of changes to the guest list
    STAFF = "staff"  # of a refusal
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
    """One durable record of the log (security.md P5; hlc, boot and mono of sync.md section 4).

    id: UUIDv7. seq: counts from 1 within kiosk and epoch; an epoch is one log of a kiosk, 64
    random bits in hexadecimal. at, happened: UTC; see `EntryDraft`. hlc: hybrid logical clock,
    48 bits of milliseconds and a 16-bit counter. mono: seconds since `boot` began.
    list_version: of the guest list.
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

    @property
    def when(self) -> datetime:
        """When it happened, whenever it was recorded."""
        return self.happened or self.at


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_WORDS = (
    *("id", "epoch", "event", "kiosk", "act", "guest", "occasion", "door", "basis", "staff"),
    *("cause", "refers", "at", "boot"),
)
_NUMBERS = ("seq", "hlc", "list_version")
_TYPED = itemgetter(*_WORDS, *_NUMBERS)
_TYPES = (str,) * len(_WORDS) + (int,) * len(_NUMBERS)
_ACTS = {act.value: act for act in EntryAct}
_BASES = {basis.value: basis for basis in EntryBasis}
_CAUSES = {cause.value: cause for cause in Cause}


class LineError(ValueError):
    """A line that is no record, or one of a later version of this program."""


def line_of(record: EntryRecord) -> str:
    """The record as its line: JSON with sorted keys, without spaces or line ends."""
    values: dict[str, Any] = dict(vars(record), form=FORM, at=record.at.isoformat())
    values["happened"] = record.happened.isoformat() if record.happened else None
    return canonical(values)


def canonical(values: dict[str, Any]) -> str:
    """The one way in which the log writes JSON."""
    return _ENCODER.encode(values)


def record_of(line: str) -> EntryRecord:
    """The record of a line; fields that a later version may have added are left out.

    Raises LineError, whose words quote nothing.
    """
    values = json_of(line)
    try:
        _check_types(values)
        return EntryRecord(
            id=values["id"],
            epoch=values["epoch"],
            seq=values["seq"],
            event=values["event"],
            kiosk=values["kiosk"],
            act=_ACTS[values["act"]],
            guest=values["guest"],
            occasion=values["occasion"],
            door=values["door"],
            basis=_BASES[values["basis"]],
            staff=values["staff"],
            cause=_CAUSES[values["cause"]],
            refers=values["refers"],
            happened=None if values["happened"] is None else _aware(values["happened"]),
            at=_aware(values["at"]),
            hlc=values["hlc"],
            boot=values["boot"],
            mono=_finite(values["mono"]),
            list_version=values["list_version"],
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise LineError(f"no record of this version ({type(error).__name__})") from None


def json_of(line: str) -> dict[str, Any]:
    """The JSON object in a line of a log. Raises LineError, whose words quote nothing."""
    if type(line) is not str:  # SQLite keeps anything in any column
        raise LineError("a line is no text")
    if len(line) > MAX_LINE:
        raise LineError("a line is too long")
    try:
        values = _DECODER.decode(line)
        if "\\u" in line:  # half a surrogate pair can be written so, and never as UTF-8
            canonical(values).encode()
    except (ValueError, RecursionError):
        raise LineError("a line is no JSON") from None
    if not isinstance(values, dict):
        raise LineError("a line is no JSON object")
    return values


def _no_number(_: str) -> None:
    """NaN and Infinity are no JSON (RFC 8259 section 6)."""
    raise ValueError


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def _check_types(values: dict[str, Any]) -> None:
    numbers = values["seq"], values["hlc"], values["list_version"]
    typed = tuple(map(type, _TYPED(values))) == _TYPES and type(values["mono"]) in (int, float)
    if not (typed and min(numbers) >= 0 and max(numbers) < _WHOLE):
        raise TypeError


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.year not in _YEARS:
        raise ValueError
    return at


def _finite(number: float) -> float:
    seconds = float(number)
    if not math.isfinite(seconds):  # 1e999 is JSON
        raise ValueError
    return seconds


def next_hlc(last: int, at: datetime) -> int:
    """The hybrid logical clock after `last` at `at`: never goes back, whatever the clock does."""
    now = int(at.timestamp() * 1000) << _COUNTER_BITS
    return max(now, last + 1)
