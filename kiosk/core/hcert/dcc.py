"""The EU Digital COVID Certificate (eu-dcc-schema 1.3.x): a holder and exactly one statement.

What real issuers write differently is brought into the schema's own form, with a note, so that
whatever comes after (rules, value sets) meets one form. Nothing here has a repr that shows content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
class Dcc:
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


def parse(raw: Mapping[Any, Any]) -> Dcc:
    """The certificate in the -260/1 claim. Raises DecodeError."""
    notes: list[Note] = []
    group, raw_statement = _one_statement(raw, notes)
    statement = _statement(group, raw_statement, notes)
    if statement.get("tg") != COVID_19:
        raise DecodeError(Reason.DISEASE_OTHER)
    if not _NEEDED[group] <= statement.keys():
        raise DecodeError(Reason.DCC_MALFORMED)
    holder, names = _holder(raw, notes)
    payload = {
        "ver": _version(raw, notes),
        "nam": names,
        "dob": holder.birth_date,
        group: [statement],
    }
    if not raw.keys() <= _TOP:
        notes.append(Note.FIELDS_UNKNOWN)
    return Dcc(holder, _KIND_OF[group], payload, tuple(dict.fromkeys(notes)))


def _one_statement(raw: Mapping[Any, Any], notes: list[Note]) -> tuple[str, Mapping[Any, Any]]:
    present = [(group, raw[group]) for group in _KIND_OF if raw.get(group) is not None]
    if any(group in raw and raw[group] is None for group in _KIND_OF):
        notes.append(Note.NULL_GROUP)
    if len(present) != 1:
        raise DecodeError(Reason.STATEMENTS_NOT_ONE)
    group, statements = present[0]
    if not isinstance(statements, list | tuple):
        raise DecodeError(Reason.DCC_MALFORMED)
    if len(statements) != 1:
        raise DecodeError(Reason.STATEMENTS_NOT_ONE)
    if not isinstance(statements[0], Mapping):
        raise DecodeError(Reason.DCC_MALFORMED)
    return group, statements[0]


def _statement(group: str, raw: Mapping[Any, Any], notes: list[Note]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    nulls = 0
    for key, read in _FIELDS[group]:
        value = raw.get(key)
        if value is not None:
            found[key] = read(value, notes)
        elif key in raw:
            nulls += 1
    if nulls:
        notes.append(Note.NULL_FIELD)
    if len(found) + nulls != len(raw):
        notes.append(Note.FIELDS_UNKNOWN)
    return found


def _holder(raw: Mapping[Any, Any], notes: list[Note]) -> tuple[Holder, dict[str, str]]:
    name = raw.get("nam")
    if not isinstance(name, Mapping):
        raise DecodeError(Reason.DCC_MALFORMED)
    if not name.keys() <= _NAMES:
        notes.append(Note.FIELDS_UNKNOWN)
    family, given = (fields.display_name(_text(name, key, notes)) for key in ("fn", "gn"))
    family_standard, given_standard = (
        fields.standard_name(_text(name, key, notes)) for key in ("fnt", "gnt")
    )
    if not family_standard and not given_standard:
        raise DecodeError(Reason.DCC_MALFORMED)  # schema 1.3.2: one of the two is required
    holder = Holder(
        family=family or family_standard.replace("<", " "),
        given=given or given_standard.replace("<", " "),
        family_standard=family_standard,
        given_standard=given_standard,
        birth_date=fields.birth_date(_text(raw, "dob", notes), notes),
    )
    return holder, {"fn": family, "gn": given, "fnt": family_standard, "gnt": given_standard}


def _text(source: Mapping[Any, Any], key: str, notes: list[Note]) -> str:
    value = source.get(key)
    if value is None:
        if key in source:
            notes.append(Note.NULL_FIELD)
        return ""
    return fields.text(value, notes)


def _version(raw: Mapping[Any, Any], notes: list[Note]) -> str:
    """The version of the schema that it says it keeps to; it decides nothing."""
    version = raw.get("ver")
    if not isinstance(version, str) or len(version) > fields.MAX_FIELD:
        version = ""
    version = version.strip()
    if version not in _VERSIONS:
        notes.append(Note.VERSION_UNKNOWN)
    return version
