"""The certificate's content: what real issuers write is read, with a note where it was lenient."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest
from cbor2 import CBORTag

from kiosk.core.hcert.dcc import Dcc, EntryKind, kind_of, parse
from kiosk.core.hcert.fields import MAX_FIELD, MAX_NAME
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason
from tests.certificates import GROUPS, STATEMENTS, raw_dcc, reason_of, refusal, signer, verified
from tests.certificates import claims as claims_with

NAME = {"fn": "Garnier", "fnt": "GARNIER", "gn": "Zoé", "gnt": "ZOE"}
MALFORMED = Reason.DCC_MALFORMED


def named(**changes: object) -> Dcc:
    return parse({**raw_dcc(), "nam": {**NAME, **changes}})


def born(value: object) -> Dcc:
    return parse({**raw_dcc(), "dob": value})


def dose(**changes: object) -> Mapping[str, Any]:
    return parse(raw_dcc("v", **changes)).statement


def sample(value: object) -> tuple[str, tuple[Note, ...]]:
    dcc = parse(raw_dcc("t", sc=value))
    return dcc.statement["sc"], dcc.notes


# The three statements


@pytest.mark.parametrize(("kind", "group"), GROUPS.items())
def test_a_good_certificate_is_its_own_payload(kind: str, group: str) -> None:
    dcc = parse(raw_dcc(group))
    assert (dcc.payload, dcc.kind, dcc.notes) == (raw_dcc(group), EntryKind(kind), ())
    assert dcc.statement == STATEMENTS[group]


def test_every_field_of_the_schema_is_kept() -> None:
    more = {"nm": "A test", "ma": "1232", "dr": "2021-11-21T13:00:00+01:00"}
    assert parse(raw_dcc("t", **more)).statement == {**STATEMENTS["t"], **more}


@pytest.mark.parametrize("groups", [*combinations("vtr", 2), tuple("vtr")], ids="+".join)
def test_two_kinds_of_statement_are_refused(groups: tuple[str, ...]) -> None:
    raw = raw_dcc()
    raw.update({group: [dict(STATEMENTS[group])] for group in groups})
    for group in set(GROUPS.values()) - set(groups):
        raw.pop(group, None)
    assert refusal(parse, raw) is Reason.STATEMENTS_NOT_ONE
    assert kind_of(raw) is None


@pytest.mark.parametrize("group", GROUPS.values())
def test_two_entries_of_one_kind_are_refused(group: str) -> None:
    raw = raw_dcc(group)
    raw[group] = [*raw[group], raw[group][0]]
    assert refusal(parse, raw) is Reason.STATEMENTS_NOT_ONE


@pytest.mark.parametrize("group", GROUPS.values())
def test_an_empty_group_beside_a_full_one_is_refused(group: str) -> None:
    other = {"v": "t", "t": "r", "r": "v"}[group]
    assert refusal(parse, {**raw_dcc(group), other: []}) is Reason.STATEMENTS_NOT_ONE


@pytest.mark.parametrize("group", GROUPS.values())
@pytest.mark.parametrize("nothing", [None, []], ids=repr)
def test_a_certificate_that_states_nothing_is_refused(group: str, nothing: object) -> None:
    assert refusal(parse, {**raw_dcc(group), group: nothing}) is Reason.STATEMENTS_NOT_ONE
    assert refusal(parse, {"nam": NAME, "dob": ""}) is Reason.STATEMENTS_NOT_ONE


@pytest.mark.parametrize("group", GROUPS.values())
def test_null_groups_are_passed_over_with_a_note(group: str) -> None:
    nulls = dict.fromkeys(set(GROUPS.values()) - {group})
    dcc = parse({**raw_dcc(group), **nulls})
    assert (dcc.payload, dcc.notes) == (raw_dcc(group), (Note.NULL_GROUP,))


@pytest.mark.parametrize("group", GROUPS.values())
@pytest.mark.parametrize("wrong", [{}, "statement", 1, True, [None], ["statement"], [[]]], ids=repr)
def test_a_statement_of_another_type_is_malformed(group: str, wrong: object) -> None:
    assert refusal(parse, {**raw_dcc(group), group: wrong}) is MALFORMED


@pytest.mark.parametrize("group", GROUPS.values())
def test_another_disease_is_refused(group: str) -> None:
    for disease in ("6142004", "", None):
        assert refusal(parse, raw_dcc(group, tg=disease)) is Reason.DISEASE_OTHER


def test_the_code_of_the_disease_is_trimmed() -> None:
    assert parse(raw_dcc("v", tg=" 840539006 ")).kind is EntryKind.VACCINATION


@pytest.mark.parametrize("version", ["1.0.0", "1.0.1", "1.1.0", "1.2.1", "1.3.0", "1.3.3"])
def test_a_version_of_the_schema_is_known(version: str) -> None:
    dcc = parse({**raw_dcc(), "ver": version})
    assert (dcc.payload["ver"], dcc.notes) == (version, ())


@pytest.mark.parametrize("version", ["1.9.9", "2.0.0", "", None, 1.3, "x" * (MAX_FIELD + 1)])
def test_an_unknown_version_of_the_schema_leaves_a_note(version: object) -> None:
    dcc = parse({**raw_dcc(), "ver": version})
    assert dcc.payload["ver"] in ("", version)
    assert dcc.notes == (Note.VERSION_UNKNOWN,)


@pytest.mark.parametrize("group", GROUPS.values())
def test_fields_that_the_schema_does_not_know_are_left_out_with_a_note(group: str) -> None:
    more = {"extra": {"a": 1}}
    name = {"nam": {**NAME, "middle": "X"}}
    for raw in (raw_dcc(group, new=["field"]), {**raw_dcc(group), **more}):
        dcc = parse(raw)
        assert (dcc.payload, dcc.notes) == (raw_dcc(group), (Note.FIELDS_UNKNOWN,))
    dcc = parse({**raw_dcc(group), **name})
    assert (dcc.payload["nam"], dcc.notes) == (NAME, (Note.FIELDS_UNKNOWN,))


def test_a_field_that_is_null_is_left_out_with_a_note() -> None:
    dcc = parse(raw_dcc("v", vp=None, mp=None))
    assert not {"vp", "mp"} & dcc.statement.keys()
    assert dcc.notes == (Note.NULL_FIELD,)


@pytest.mark.parametrize("key", ["vp", "mp", "ma", "co", "is", "ci"])
def test_a_text_of_the_schema_that_is_no_text_is_malformed(key: str) -> None:
    assert refusal(parse, raw_dcc("v", **{key: 7})) is MALFORMED


# Names


def test_a_name_is_read() -> None:
    holder = named().holder
    assert (holder.family, holder.given) == ("Garnier", "Zoé")
    assert (holder.family_standard, holder.given_standard) == ("GARNIER", "ZOE")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Garnier ", "Garnier"),
        ("Garnier\n", "Garnier"),
        ("Gar\x00ni\x1b[31mer", "Garni[31mer"),
        ("Gar\r\nnier", "Garnier"),
        ("Garnier\u202egnorw", "Garniergnorw"),  # right-to-left override
        ("\u2066Garnier\u2069", "Garnier"),
        ("Gar\u200bn\u200dier\ufeff", "Garnier"),
        ("Garnier\ue000", "Garnier"),  # private use
        ("Garnier\ufdd0", "Garnier"),  # no character
        ("Zoe\u0301", "Zoé"),  # composed
        ("<img src='/etc/passwd'>", "<img src='/etc/passwd'>"),  # the screens show plain text
        ("DUPONT<br>VALIDE ✅", "DUPONT<br>VALIDE ✅"),
        ("כהן", "כהן"),
        ("x" * MAX_NAME, "x" * MAX_NAME),
        ("x" * (MAX_NAME + 1), "x" * MAX_NAME),
        ("x" * MAX_FIELD, "x" * MAX_NAME),
        ("\u200b", "GARNIER"),
        ("", "GARNIER"),
        (None, "GARNIER"),
    ],
    ids=ascii,
)
def test_a_name_is_shown_without_what_cannot_be_seen(written: object, shown: str) -> None:
    assert named(fn=written).holder.family == shown


@pytest.mark.parametrize("key", ["fn", "gn", "fnt", "gnt"])
@pytest.mark.parametrize("value", ["X" * (MAX_FIELD + 1), "X" * 3_000_000, 7, b"GARNIER", ["X"]])
def test_a_name_that_is_too_long_or_no_text_is_malformed(key: str, value: object) -> None:
    with pytest.raises(ValueError, match="dcc_malformed"):
        named(**{key: value})


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("GARNIER", "GARNIER"),
        ("GARNIER<DE<LA<TOUR", "GARNIER<DE<LA<TOUR"),
        ("GARNIER<<<<", "GARNIER"),
        ("<GARNIER", "GARNIER"),
        ("GARNIER<<LEROY", "GARNIER<LEROY"),
        ("GARNIER LEROY ", "GARNIER<LEROY"),
        ("X" * MAX_NAME, "X" * MAX_NAME),
    ],
)
def test_a_standard_name_is_read_without_fillers(written: str, standard: str) -> None:
    assert named(fnt=written).holder.family_standard == standard


@pytest.mark.parametrize(
    "written",
    ["Garnier", "GARNIÉR", "GARNIER2", "GARNIER-LEROY", "O'NEIL", "ＧＡＲＮＩＥＲ", "X" * 81],
)
def test_a_standard_name_of_other_letters_is_malformed(written: str) -> None:
    with pytest.raises(ValueError, match="dcc_malformed"):
        named(fnt=written)


@pytest.mark.parametrize("missing", ["fnt", "gnt"])
@pytest.mark.parametrize("value", ["", "<<<", None], ids=repr)
def test_one_of_the_two_standard_names_is_enough(missing: str, value: object) -> None:
    assert named(**{missing: value}).holder
    with pytest.raises(ValueError, match="dcc_malformed"):
        named(fnt=value, gnt=value)


def test_a_name_that_is_only_given_in_its_standard_form_is_shown_in_it() -> None:
    holder = named(fn=None, fnt="DE<LA<TOUR", gn=None, gnt="ZOE<ANA").holder
    assert (holder.family, holder.given) == ("DE LA TOUR", "ZOE ANA")


@pytest.mark.parametrize("name", [None, [], "GARNIER", {}], ids=repr)
def test_a_certificate_without_a_name_is_malformed(name: object) -> None:
    assert refusal(parse, {**raw_dcc(), "nam": name}) is MALFORMED


def test_a_certificate_shows_nothing_of_itself() -> None:
    dcc = parse(raw_dcc())
    assert "GARNIER" not in repr(dcc) + repr(dcc.holder)
    assert "1528" not in repr(dcc)


# Birth dates


@pytest.mark.parametrize("value", ["1980-01-31", "2021-12-31", "1900-01-01"])
def test_a_full_birth_date_is_read(value: str) -> None:
    dcc = born(value)
    assert (dcc.holder.birth_date, dcc.notes) == (value, ())


@pytest.mark.parametrize("value", ["1980-01", "1980", "", "1963-00"])
def test_a_partial_birth_date_is_kept_as_written_with_a_note(value: str) -> None:
    dcc = born(value)
    assert (dcc.holder.birth_date, dcc.notes) == (value, (Note.BIRTH_DATE_PARTIAL,))


def test_a_birth_date_may_be_absent_with_a_note() -> None:
    raw = raw_dcc()
    del raw["dob"]
    partial = Note.BIRTH_DATE_PARTIAL
    for dcc, notes in (
        (parse(raw), (partial,)),
        (born(None), (Note.NULL_FIELD, partial)),
        (born("  "), (Note.TEXT_TRIMMED, partial)),
    ):
        assert (dcc.payload["dob"], dcc.holder.birth_date, dcc.notes) == ("", "", notes)


@pytest.mark.parametrize("value", ["1980-01-31T00:00:00", "1980-01-31T00:00:00Z"])
def test_a_time_behind_a_birth_date_is_dropped_with_a_note(value: str) -> None:
    dcc = born(value)
    assert (dcc.holder.birth_date, dcc.notes) == ("1980-01-31", (Note.DATE_REPAIRED,))


NO_BIRTH_DATES = [
    "1880-01-01", "2100-01-01", "80-01-01", "1980-1-1", "1980-01-01-01", "01.01.1980", "unknown",
    "１９８０-01-01", "1980-W01-1", "19800101", "1980-01-31T", "T00:00:00", "<b>", 1980, ["1980"],
]  # fmt: skip


@pytest.mark.parametrize("value", NO_BIRTH_DATES, ids=ascii)
def test_any_other_birth_date_is_malformed(value: object) -> None:
    with pytest.raises(ValueError, match="dcc_malformed"):
        born(value)


# Dates of doses and recoveries


def test_a_date_is_trimmed_with_a_note() -> None:
    dcc = parse(raw_dcc("v", dt=" 2021-06-15 "))
    assert (dcc.statement["dt"], dcc.notes) == ("2021-06-15", (Note.TEXT_TRIMMED,))


@pytest.mark.parametrize(
    "time",
    ["T00:00:00", "T23:59:59Z", " 12:00", "T12:00:00.123Z", "T00:00:00+02:00", "T00:00:00+0200"],
)
def test_a_time_behind_a_date_is_dropped_with_a_note(time: str) -> None:
    dcc = parse(raw_dcc("v", dt=f"2021-06-15{time}"))
    assert (dcc.statement["dt"], dcc.notes) == ("2021-06-15", (Note.DATE_REPAIRED,))


NO_DATES = [
    None, "", "2021", "2021-06", "2021-6-15", "21-06-15", "20210615", "2021-W24-2", "2021-166",
    "2021-13-01", "2021-17-01", "2021-00-10", "2021-06-00", "2021-02-29", "2021-06-31",
    "0000-01-01", "２０２１-06-15", "2021-06-1５", "٢٠٢١-06-15", "2021-06-15x", "2021-06-15T",
    "2021-06-15Z", "x2021-06-15", "-2021-06-15", "15.06.2021", "2021/06/15", 20210615, b"2021",
    ["2021-06-15"], True,
]  # fmt: skip


@pytest.mark.parametrize("value", NO_DATES, ids=ascii)
def test_what_is_no_full_date_is_malformed(value: object) -> None:
    assert refusal(parse, raw_dcc("v", dt=value)) is MALFORMED
    for key in ("fr", "df", "du"):
        assert refusal(parse, raw_dcc("r", **{key: value})) is MALFORMED


# The instant of a sample

INSTANTS = [
    "2021-11-21T12:00:00Z", "2021-11-21T13:00:00+01:00", "2021-11-21T00:30:00-11:30",
    "2021-11-22T02:00:00+14:00", "2021-11-21T12:00:00.000000Z", "2021-11-21T12:00:00.123456789Z",
]  # fmt: skip


@pytest.mark.parametrize("value", INSTANTS)
def test_the_instant_of_a_sample_is_kept_as_written(value: str) -> None:
    assert sample(value) == (value, ())


@pytest.mark.parametrize(
    ("value", "repaired", "notes"),
    [
        (" 2021-11-21T12:00:00Z ", "12:00:00Z", (Note.TEXT_TRIMMED,)),
        ("2021-11-21t12:00:00z", "12:00:00Z", ()),
        ("2021-11-21T12:00:00,5Z", "12:00:00.5Z", ()),
        ("2021-11-21T12:00:00", "12:00:00Z", (Note.ZONE_MISSING,)),
        ("2021-11-21 12:00:00", "12:00:00Z", (Note.ZONE_MISSING,)),
        ("2021-11-21T12:00Z", "12:00:00Z", (Note.DATE_REPAIRED,)),
        ("2021-11-21T12:00", "12:00:00Z", (Note.DATE_REPAIRED, Note.ZONE_MISSING)),
        ("2021-11-21T14:00:00+0200", "14:00:00+02:00", (Note.DATE_REPAIRED,)),
        ("2021-11-21T14:00:00+02", "14:00:00+02:00", (Note.DATE_REPAIRED,)),
        ("2021-11-21T14:00+0200", "14:00:00+02:00", (Note.DATE_REPAIRED,)),
    ],
)
def test_an_incomplete_instant_is_repaired_with_a_note(
    value: str, repaired: str, notes: tuple[Note, ...]
) -> None:
    assert sample(value) == (f"2021-11-21T{repaired}", notes)


NO_INSTANTS = [
    None, "", "2021-11-21", "2021-11-21T", "2021-11-21T12", "2021-11-21T24:00:00Z",
    "2021-11-21T12:60:00Z", "2021-11-21T12:00:60Z", "2021-11-31T12:00:00Z", "2021-13-21T12:00:00Z",
    "2021-11-21T12:00:00+24:00", "2021-11-21T12:00:00+99:99", "2021-11-21T12:00:00+02:",
    "2021-11-21T12:00:00+2", "2021-11-21T12:00:00 UTC", "2021-11-21T12:00:00ZZ",
    "2021-11-21T12:00:00.Z", "2021-11-21T12:00.5Z", "2021-11-21T12:00:00.1234567890Z",
    "2021-W46-7T12:00:00Z", "2021-11-21T12:00:00,Z",
    "２０２１-11-21T12:00:00Z", "2021-11-21T１２:00:00Z", "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00", "20211121T120000Z", 1637496000, 1.5, True, b"2021",
]  # fmt: skip


@pytest.mark.parametrize("value", NO_INSTANTS, ids=ascii)
def test_what_is_no_instant_is_malformed(value: object) -> None:
    assert refusal(parse, raw_dcc("t", sc=value)) is MALFORMED


@pytest.mark.parametrize(
    ("group", "key", "tag", "value"),
    [
        ("t", "sc", 0, "2021-11-21T12:00:00Z"),
        ("v", "dt", 1004, "2021-06-15"),
        ("r", "fr", 1004, "2021-09-01"),
    ],
)
def test_a_date_under_its_tag_is_read(group: str, key: str, tag: int, value: str) -> None:
    text = signer().sign(claims_with(group, **{key: CBORTag(tag, value)}))
    assert reason_of(verified(text)) is None


# Numbers and texts


@pytest.mark.parametrize(("value", "number"), [(0, 0), (1, 1), (99, 99)])
def test_a_dose_number_is_read(value: int, number: int) -> None:
    assert dose(dn=value)["dn"] == number
    assert dose(sd=value)["sd"] == number


def test_a_dose_number_as_a_float_is_read_with_a_note() -> None:
    dcc = parse(raw_dcc("v", dn=2.0, sd=2.0))
    assert repr((dcc.statement["dn"], dcc.statement["sd"])) == "(2, 2)"
    assert dcc.notes == (Note.NUMBER_NOT_INTEGER,)


@pytest.mark.parametrize("key", ["dn", "sd"])
@pytest.mark.parametrize(
    "value",
    [None, -1, 100, 2**62, 1.5, float("nan"), float("inf"), True, "2", "２", b"2", [2]],
    ids=repr,
)
def test_any_other_dose_number_is_malformed(key: str, value: object) -> None:
    assert refusal(parse, raw_dcc("v", **{key: value})) is MALFORMED


def test_a_code_is_trimmed() -> None:
    assert dose(mp=" EU/1/20/1528 ")["mp"] == "EU/1/20/1528"


@pytest.mark.parametrize("key", ["tt", "tr"])
@pytest.mark.parametrize("value", [7, True, ["260415000"], {}, "x" * (MAX_FIELD + 1)], ids=str)
def test_a_code_that_is_no_text_is_malformed(key: str, value: object) -> None:
    assert refusal(parse, raw_dcc("t", **{key: value})) is MALFORMED


def test_a_field_of_200_characters_is_read() -> None:
    assert dose(mp="x" * MAX_FIELD)["mp"] == "x" * MAX_FIELD
