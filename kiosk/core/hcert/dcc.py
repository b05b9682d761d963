"""The EU Digital COVID Certificate (eu-dcc-schema 1.3.x): a holder and exactly one statement.

What real issuers write differently is brought into the schema's own form, with a note, so that
whatever comes after (rules, value sets) meets one form. Nothing here has a repr that shows content.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from kiosk.core.hcert import fields
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason

TIME_ZONES = timedelta(days=1)  # a birth date is a local one, of a place nobody knows

COVID_19 = "840539006"  # SNOMED CT, the only entry of the value set disease-agent-targeted
NOT_DETECTED = "260415000"  # SNOMED CT, value set test-result


class EntryKind(StrEnum):
    """The three kinds of statement, by the names of the schema's groups."""

    VACCINATION = "vaccination"
    TEST = "test"
    RECOVERY = "recovery"


class Holder(NamedTuple):
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

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # nothing of the content


class Dcc(NamedTuple):
    """A certificate's content.

    payload: the certificate as the schema writes it, which is what CertLogic calls `payload`:
    "ver", "nam" with its four names, "dob", and one of "v", "t", "r" with a list of the one
    statement. Texts are trimmed and composed (NFC), numbers are integers, dates YYYY-MM-DD,
    instants RFC 3339 with a zone; fields that the schema does not know are left out. It is
    health data: to be judged and dropped.
    """

    holder: Holder
    kind: EntryKind
    payload: Mapping[str, Any]
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"  # nothing of the content

    @property
    def statement(self) -> Mapping[str, Any]:
        """The one statement that it makes, by the names of the schema's fields."""
        statement: Mapping[str, Any] = self.payload[_GROUP_OF[self.kind]][0]
        return statement


_KIND_OF = {"v": EntryKind.VACCINATION, "t": EntryKind.TEST, "r": EntryKind.RECOVERY}
_GROUP_OF = {kind: group for group, kind in _KIND_OF.items()}

# The fields of each group in the order of the schema, and how each is read.
_FIELDS: Mapping[str, tuple[tuple[str, fields.Reader], ...]] = {
    "v": (
        ("tg", fields.text),
        ("vp", fields.text),
        ("mp", fields.text),
        ("ma", fields.text),
        ("dn", fields.whole_number),
        ("sd", fields.whole_number),
        ("dt", fields.day),
        ("co", fields.text),
        ("is", fields.text),
        ("ci", fields.text),
    ),
    "t": (
        ("tg", fields.text),
        ("tt", fields.text),
        ("nm", fields.text),
        ("ma", fields.text),
        ("sc", fields.instant),
        ("dr", fields.instant),
        ("tr", fields.text),
        ("tc", fields.text),
        ("co", fields.text),
        ("is", fields.text),
        ("ci", fields.text),
    ),
    "r": (
        ("tg", fields.text),
        ("fr", fields.day),
        ("co", fields.text),
        ("is", fields.text),
        ("df", fields.day),
        ("du", fields.day),
        ("ci", fields.text),
    ),
}
# Without these nothing can be judged; what else is missing is for the rules that ask for it.
_NEEDED = {
    "v": frozenset({"dn", "sd", "dt"}),
    "t": frozenset({"sc"}),
    "r": frozenset({"fr", "df", "du"}),
}
_TOP = frozenset({"ver", "nam", "dob", *_KIND_OF})
_NAMES = frozenset({"fn", "gn", "fnt", "gnt"})
_VERSIONS = frozenset(
    {"1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.2.1", "1.3.0", "1.3.1", "1.3.2", "1.3.3"}
)


def kind_of(raw: Mapping[Any, Any]) -> EntryKind | None:
    """The kind that `raw` claims to be, where it claims exactly one; for showing, not deciding."""
    present = [kind for group, kind in _KIND_OF.items() if raw.get(group)]
    return present[0] if len(present) == 1 else None


def of_plain(raw: dict[str, Any], group: str) -> Dcc:
    """The certificate whose form `plain` found to be the schema's; `raw` is left to it."""
    return Dcc(_holder_of(raw["nam"], raw["dob"]), _KIND_OF[group], raw, ())


def parse(raw: dict[Any, Any]) -> Dcc:
    """The certificate in the -260/1 claim, brought into the schema's form. Raises DecodeError."""
    notes: list[Note] = []
    group, raw_statement = _one_statement(raw, notes)
    statement = _statement(group, raw_statement, notes)
    if statement.get("tg") != COVID_19:
        raise DecodeError(Reason.DISEASE_OTHER)
    if not _NEEDED[group] <= statement.keys():
        raise DecodeError(Reason.DCC_MALFORMED)
    if not raw.keys() <= _TOP:
        notes.append(Note.FIELDS_UNKNOWN)
    version, names, born = _version(raw, notes), _names(raw, notes), _birth_date(raw, notes)
    payload = {"ver": version, "nam": names, "dob": born, group: [statement]}
    return Dcc(_holder_of(names, born), _KIND_OF[group], payload, tuple(dict.fromkeys(notes)))


def _holder_of(names: Mapping[str, str], born: str) -> Holder:
    family, given = names["fnt"], names["gnt"]
    return Holder(
        names["fn"] or family.replace("<", " "),
        names["gn"] or given.replace("<", " "),
        family,
        given,
        born,
    )


def check_birth_date(holder: Holder, at: datetime) -> None:
    """Refuse a holder who is not born yet on the day after `at`. Raises DecodeError.

    A partial date counts by the parts that it has.
    """
    born = holder.birth_date
    if born < str(at.year):  # nearly everybody
        return
    if born > (at + TIME_ZONES).date().isoformat()[: len(born)]:
        raise DecodeError(Reason.BIRTH_DATE_IN_FUTURE)


def _one_statement(raw: dict[Any, Any], notes: list[Note]) -> tuple[str, dict[Any, Any]]:
    named = [group for group in _KIND_OF if group in raw]
    present = [group for group in named if raw[group] is not None]
    if len(present) != len(named):
        notes.append(Note.NULL_GROUP)
    if len(present) != 1:
        raise DecodeError(Reason.STATEMENTS_NOT_ONE)
    statements = raw[present[0]]
    if type(statements) is not list:
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(statements) != 1:
        raise DecodeError(Reason.STATEMENTS_NOT_ONE)
    if type(statements[0]) is not dict:
        raise DecodeError(Reason.DCC_MALFORMED)
    return present[0], statements[0]


def _statement(group: str, raw: dict[Any, Any], notes: list[Note]) -> dict[str, Any]:
    found = {
        key: read(value, notes)
        for key, read in _FIELDS[group]
        if (value := raw.get(key)) is not None
    }
    if len(found) != len(raw):
        known = [key for key, _ in _FIELDS[group] if key in raw]
        if len(known) != len(found):
            notes.append(Note.NULL_FIELD)
        if len(known) != len(raw):
            notes.append(Note.FIELDS_UNKNOWN)
    return found


def _names(raw: dict[Any, Any], notes: list[Note]) -> dict[str, str]:
    name = raw.get("nam")
    if type(name) is not dict:
        raise DecodeError(Reason.DCC_MALFORMED)
    if not name.keys() <= _NAMES:
        notes.append(Note.FIELDS_UNKNOWN)
    names = {
        "fn": fields.display_name(_text(name, "fn", notes)),
        "gn": fields.display_name(_text(name, "gn", notes)),
        "fnt": fields.standard_name(_text(name, "fnt", notes)),
        "gnt": fields.standard_name(_text(name, "gnt", notes)),
    }
    if not names["fnt"] and not names["gnt"]:
        raise DecodeError(Reason.DCC_MALFORMED)  # schema 1.3.2: one of the two is required
    return names


def _birth_date(raw: dict[Any, Any], notes: list[Note]) -> str:
    value = raw.get("dob")
    if value is None:
        if "dob" in raw:
            notes.append(Note.NULL_FIELD)
        value = ""
    return fields.birth_date(value, notes)


def _text(source: dict[Any, Any], key: str, notes: list[Note]) -> str:
    value = source.get(key)
    if value is None:
        if key in source:
            notes.append(Note.NULL_FIELD)
        return ""
    return fields.text(value, notes)


def _version(raw: dict[Any, Any], notes: list[Note]) -> str:
    """The version of the schema that it says it keeps to; it decides nothing."""
    version = raw.get("ver")
    if type(version) is not str or len(version) > fields.MAX_FIELD:
        version = ""
    version = version.strip()
    if version not in _VERSIONS:
        notes.append(Note.VERSION_UNKNOWN)
    return version
