"""The EU Digital COVID Certificate (eu-dcc-schema 1.3.x): a holder and exactly one statement.

Only what a door needs is kept: name, birth date, and the fields that the event's limits use.
Nothing here has a repr that shows content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kiosk.core.hcert import fields
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Note, Reason

COVID_19 = "840539006"  # SNOMED CT, the only entry of the value set disease-agent-targeted
NOT_DETECTED = "260415000"  # SNOMED CT, value set test-result


class EntryKind(StrEnum):
    """The three kinds of statement, by the names of the schema's groups."""

    VACCINATION = "vaccination"
    TEST = "test"
    RECOVERY = "recovery"


@dataclass(frozen=True, repr=False)
class Holder:
    """Whose certificate it is.

    `family` and `given` are for eyes; `family_standard` and `given_standard` are the
    transliterated forms of ICAO 9303 (fnt, gnt: A-Z and `<`), which alone are compared.
    `birth_date` is as written: full, partial or empty.
    """

    family: str
    given: str
    family_standard: str
    given_standard: str
    birth_date: str


@dataclass(frozen=True, repr=False)
class Vaccination:
    """A dose: its number in the series, the doses of the series, the local date, the product."""

    dose: int
    doses: int
    on: date
    product: str


@dataclass(frozen=True, repr=False)
class CovidTest:
    """A test: type (LOINC), the aware instant of the sample, the result (SNOMED CT)."""

    type: str
    sampled_at: datetime
    result: str


@dataclass(frozen=True, repr=False)
class Recovery:
    """A recovery: local dates of the first positive test and of the issuer's own window."""

    first_positive: date
    valid_from: date
    valid_until: date


Entry = Vaccination | CovidTest | Recovery


@dataclass(frozen=True, repr=False)
class Dcc:
    """A certificate's content."""

    holder: Holder
    entry: Entry
    notes: tuple[Note, ...]

    @property
    def kind(self) -> EntryKind:
        """Which of the three statements it makes."""
        match self.entry:
            case Vaccination():
                return EntryKind.VACCINATION
            case CovidTest():
                return EntryKind.TEST
            case Recovery():
                return EntryKind.RECOVERY


_GROUPS = {"v": EntryKind.VACCINATION, "t": EntryKind.TEST, "r": EntryKind.RECOVERY}


def kind_of(raw: Mapping[Any, Any]) -> EntryKind | None:
    """The kind that `raw` claims to be, where it claims exactly one; for showing, not deciding."""
    present = [kind for group, kind in _GROUPS.items() if raw.get(group)]
    return present[0] if len(present) == 1 else None


def parse(raw: Mapping[Any, Any]) -> Dcc:
    """The certificate in the -260/1 claim. Raises DecodeError."""
    notes: list[Note] = []
    kind, statement = _one_statement(raw, notes)
    if fields.text(statement, "tg") != COVID_19:
        raise DecodeError(Reason.DISEASE_OTHER)
    entry = _ENTRY[kind](statement, notes)
    return Dcc(_holder(raw, notes), entry, tuple(dict.fromkeys(notes)))


def _one_statement(
    raw: Mapping[Any, Any], notes: list[Note]
) -> tuple[EntryKind, Mapping[Any, Any]]:
    present = [(kind, raw[group]) for group, kind in _GROUPS.items() if raw.get(group) is not None]
    if any(group in raw and raw[group] is None for group in _GROUPS):
        notes.append(Note.NULL_GROUP)
    if len(present) != 1:
        raise DecodeError(Reason.STATEMENTS_NOT_ONE)
    kind, statements = present[0]
    if not isinstance(statements, list | tuple):
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(statements) != 1:
        raise DecodeError(Reason.STATEMENTS_NOT_ONE)
    if not isinstance(statements[0], Mapping):
        raise DecodeError(Reason.DCC_MALFORMED)
    return kind, statements[0]


def _holder(raw: Mapping[Any, Any], notes: list[Note]) -> Holder:
    name = raw.get("nam")
    if not isinstance(name, Mapping):
        raise DecodeError(Reason.DCC_MALFORMED)
    family_standard = fields.standard_name(name, "fnt")
    given_standard = fields.standard_name(name, "gnt")
    if not family_standard and not given_standard:
        raise DecodeError(Reason.DCC_MALFORMED)  # schema 1.3.2: one of the two is required
    return Holder(
        family=fields.display_name(name, "fn") or family_standard.replace("<", " "),
        given=fields.display_name(name, "gn") or given_standard.replace("<", " "),
        family_standard=family_standard,
        given_standard=given_standard,
        birth_date=fields.birth_date(raw, notes),
    )


def _vaccination(statement: Mapping[Any, Any], notes: list[Note]) -> Vaccination:
    return Vaccination(
        dose=fields.whole_number(statement, "dn", notes),
        doses=fields.whole_number(statement, "sd", notes),
        on=fields.day(statement, "dt", notes),
        product=fields.text(statement, "mp"),
    )


def _test(statement: Mapping[Any, Any], notes: list[Note]) -> CovidTest:
    return CovidTest(
        type=fields.text(statement, "tt"),
        sampled_at=fields.instant(statement, "sc", notes),
        result=fields.text(statement, "tr"),
    )


def _recovery(statement: Mapping[Any, Any], notes: list[Note]) -> Recovery:
    return Recovery(
        first_positive=fields.day(statement, "fr", notes),
        valid_from=fields.day(statement, "df", notes),
        valid_until=fields.day(statement, "du", notes),
    )


_ENTRY: dict[EntryKind, Callable[[Mapping[Any, Any], list[Note]], Entry]] = {
    EntryKind.VACCINATION: _vaccination,
    EntryKind.TEST: _test,
    EntryKind.RECOVERY: _recovery,
}
