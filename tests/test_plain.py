"""Two ways to the same certificate: what is plain is read in one look, all else patiently."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

import cbor2
import pytest
from cbor2 import CBORSimpleValue, CBORTag

from kiosk.core.hcert import cwt, dcc, envelope, plain
from kiosk.core.hcert.cbor import MAX_ITEMS
from kiosk.core.hcert.claims import HealthClaims
from kiosk.core.hcert.cose import CoseSign1, parse, parse_patiently
from kiosk.core.hcert.dcc import Dcc
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Issuer
from tests.certificates import AT, GROUPS, claims, raw_dcc, rsa_signer, signer, trust
from tests.conformance.vectors import read_vectors
from tests.fuzz.mutations import mutated_bytes
from tests.shared import VECTORS, needs_data

MUTATIONS = 20_000


def patiently(payload: bytes) -> tuple[HealthClaims, Dcc] | None:
    """What the patient way makes of it."""
    try:
        read = cwt.parse_patiently(payload)
        return read, dcc.parse(read.dcc)
    except DecodeError:
        return None


def is_plain(payload: bytes) -> bool:
    """Whether it is read in one look; that it is read alike is asserted."""
    found = plain.read(payload)
    if found is None:
        return False
    read = patiently(payload)
    assert read is not None, payload.hex()
    patient_claims, patient_dcc = read
    assert found.notes == patient_claims.notes == patient_dcc.notes == ()
    assert found[:3] == patient_claims[:3]
    assert found.group is not None
    assert dcc.of_plain(found.dcc, found.group) == patient_dcc
    one, other = (json.dumps(it, sort_keys=True) for it in (found.dcc, patient_dcc.payload))
    assert one == other  # types too: 2 is not 2.0
    return True


def with_dcc(group: str, **changes: Any) -> bytes:
    return cbor2.dumps({**claims(group), -260: {1: {**raw_dcc(group), **changes}}})


def named(**changes: Any) -> bytes:
    return with_dcc("v", nam={**raw_dcc()["nam"], **changes})


@pytest.mark.parametrize("group", GROUPS.values())
def test_a_good_certificate_is_plain(group: str) -> None:
    assert is_plain(cbor2.dumps(claims(group)))


PLAIN: dict[str, bytes] = {
    "names of many letters": named(fn="Łukasz-Ørsted d’Arc Αθήνα Київ", gn="Zoé"),
    "names of 80": named(fn="x" * 80, fnt="X" * 80, gn="é" * 80, gnt="X<" * 39 + "X"),
    "a name of one letter": named(fnt="X", gnt="Y"),
    "a text of 200": cbor2.dumps(claims("t", tc="x" * 200)),
    "an empty text": cbor2.dumps(claims("t", tc="", co="")),
    "dose 99": cbor2.dumps(claims("v", dn=99, sd=0)),
    "another offset": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00-11:30")),
    "thousandths of a second": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00.123Z")),
    "a fraction of nine digits": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00.123456789Z")),
    "a test with all fields": cbor2.dumps(claims("t", nm="A test", ma="1232")),
    "a leap day": cbor2.dumps(claims("r", fr="2020-02-29")),
    "an alias": cbor2.dumps({**claims(), 1: "CNAM"}),
    "an older version": with_dcc("v", ver="1.0.0"),
}


@pytest.mark.parametrize("payload", PLAIN.values(), ids=PLAIN)
def test_what_the_schema_allows_is_plain(payload: bytes) -> None:
    assert is_plain(payload)


GOOD = cbor2.dumps(claims())
NOT_PLAIN: dict[str, bytes] = {
    "nothing": b"",
    "no map": cbor2.dumps([claims()]),
    "bytes behind": GOOD + b"\0",
    "cut": GOOD[:-1],
    "indefinite": b"\xbf" + GOOD[1:] + b"\xff",
    "a key twice": b"\xa5" + GOOD[1:] + cbor2.dumps(1) + cbor2.dumps("FR"),
    "more bytes than items may be": cbor2.dumps({**claims(), 1: "X" * MAX_ITEMS}),
    "long": cbor2.dumps(claims("t", **dict.fromkeys(("tc", "is", "co", "tt", "tr"), "x" * 200))),
    "one claim more": cbor2.dumps({**claims(), 7: b"id"}),
    "true for 1": GOOD.replace(b"\x01\x62FR", b"\xf5\x62FR", 1),
    "1.0 for 1": GOOD.replace(b"\x01\x62FR", b"\xf9\x3c\x00\x62FR", 1),
    "hcert true": cbor2.dumps({**claims(), -260: {True: raw_dcc()}}),
    "hcert no map": cbor2.dumps({**claims(), -260: [raw_dcc()]}),
    "two hcerts": cbor2.dumps({**claims(), -260: {1: raw_dcc(), 2: {}}}),
    "WHO": cbor2.dumps({**claims(), -260: {-6: raw_dcc()}}),
    "no iss": cbor2.dumps({k: v for k, v in claims().items() if k != 1}),
    "iss lower": cbor2.dumps({**claims(), 1: "fr"}),
    "iss spaces": cbor2.dumps({**claims(), 1: "FR "}),
    "iss no text": cbor2.dumps({**claims(), 1: 7}),
    "no iat": cbor2.dumps({k: v for k, v in claims().items() if k != 6}),
    "iat float": cbor2.dumps({**claims(), 6: float(claims()[6])}),
    "iat true": cbor2.dumps({**claims(), 6: True}),
    "iat 0": cbor2.dumps({**claims(), 6: 0}),
    "exp float": cbor2.dumps({**claims(), 4: float(claims()[4])}),
    "exp huge": cbor2.dumps({**claims(), 4: 2**62}),
    "exp before iat": cbor2.dumps({**claims(), 4: claims()[6]}),
    "exp tagged": cbor2.dumps({**claims(), 4: CBORTag(1, claims()[4])}),
    "no dcc": cbor2.dumps({**claims(), -260: {1: None}}),
    "two groups": with_dcc("v", t=raw_dcc("t")["t"]),
    "null group": with_dcc("v", t=None),
    "two entries": with_dcc("v", v=raw_dcc()["v"] * 2),
    "no entry": with_dcc("v", v=[]),
    "group no list": with_dcc("v", v=raw_dcc()["v"][0]),
    "group a map whose key is the entry": with_dcc("v", v=[7]).replace(
        b"\x61v\x81\x07", b"\x61v\xa1" + cbor2.dumps(raw_dcc()["v"][0]) + b"\x07"
    ),
    "entry no map": with_dcc("v", v=["x"]),
    "no group": GOOD.replace(b"\x61v\x81", b"\x61w\x81", 1),
    "extra": with_dcc("v", extra=1),
    "nam no map": with_dcc("v", nam="x"),
    "nam of another type": with_dcc("v", nam=[]),
    "ver": with_dcc("v", ver="1.9.9"),
    "ver 10": with_dcc("v", ver="1.3.00"),
    "ver no text": with_dcc("v", ver=1.3),
    "dob partial": with_dcc("v", dob="1980"),
    "dob empty": with_dcc("v", dob=""),
    "dob with time": with_dcc("v", dob="1980-01-01T00:00:00"),
    "dob of other digits": with_dcc("v", dob="１980-01-01"),
    "dob newline": with_dcc("v", dob="1980-01-01\n"),
    "fnt lower": named(fnt="Garnier"),
    "fnt fillers": named(fnt="GARNIER<"),
    "fnt two fillers": named(fnt="GARNIER<<LEROY"),
    "fnt 81": named(fnt="X" * 81),
    "fnt empty": named(fnt=""),
    "gnt absent": with_dcc("v", nam={k: v for k, v in raw_dcc()["nam"].items() if k != "gnt"}),
    "gnt null": named(gnt=None),
    "fn 81": named(fn="x" * 81),
    "fn empty": named(fn=""),
    "fn spaces": named(fn=" Garnier"),
    "gn spaces": named(gn="Zoé "),
    "fn bar": named(fn="Gar|nier"),
    "fn control": named(fn="Gar\x00nier"),
    "fn C1 control": named(fn="Gar\x85nier"),
    "fn invisible": named(fn="Gar\u200bnier"),
    "fn right to left": named(fn="Garnier\u202e"),
    "fn no-break space": named(fn="Garnier\u00a0"),
    "fn not composed": named(gn="Zoe\u0301"),
    "nam extra": named(middle="X"),
    "tg": cbor2.dumps(claims("v", tg="6142004")),
    "tg absent": cbor2.dumps(claims("v", tg=None)),
    "dt with time": cbor2.dumps(claims("v", dt="2021-06-15T00:00:00")),
    "dt no date": cbor2.dumps(claims("v", dt="2021-17-01")),
    "dt no day": cbor2.dumps(claims("v", dt="2021-02-29")),
    "dt week": cbor2.dumps(claims("v", dt="2021-W24-2")),
    "dt tagged": cbor2.dumps(claims("v", dt=CBORTag(1004, "2021-06-15"))),
    "dn text": cbor2.dumps(claims("v", dn="2")),
    "dn float": cbor2.dumps(claims("v", dn=2.0)),
    "dn true": cbor2.dumps(claims("v", dn=True)),
    "sd 100": cbor2.dumps(claims("v", sd=100)),
    "sd -1": cbor2.dumps(claims("v", sd=-1)),
    "mp spaces": cbor2.dumps(claims("v", mp="EU/1/20/1528 ")),
    "mp 201": cbor2.dumps(claims("v", mp="x" * 201)),
    "mp null": cbor2.dumps(claims("v", mp=None)),
    "mp number": cbor2.dumps(claims("v", mp=7)),
    "mp bytes": cbor2.dumps(claims("v", mp=b"x")),
    "mp simple value": cbor2.dumps(claims("v", mp=CBORSimpleValue(99))),
    "ma number beside": cbor2.dumps(claims("t", ma=7)),
    "statement extra": cbor2.dumps(claims("v", new="x")),
    "ci newline": cbor2.dumps(claims("v", ci="URN\n")),
    "sc no zone": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00")),
    "sc fraction of ten digits": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00.0123456789Z")),
    "sc fraction with a comma": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00,5Z")),
    "sc hour 24": cbor2.dumps(claims("t", sc="2021-11-21T24:00:00Z")),
    "sc day 31": cbor2.dumps(claims("t", sc="2021-11-31T12:00:00Z")),
    "sc offset": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00+24:00")),
    "sc offset of 60 minutes": cbor2.dumps(claims("t", sc="2021-11-21T12:00:00+01:60")),
    "dr": cbor2.dumps(claims("t", dr="2021-11-21T12:00:00Z")),
    "du no date": cbor2.dumps(claims("r", du="2021-02-30")),
    "df absent": cbor2.dumps(claims("r", df=None)),
}  # fmt: skip


def test_no_bytes_behind_the_claims_are_taken_for_their_end() -> None:
    """Whatever is behind them: also what looks like the item by which the end is known."""
    item = cbor2.dumps(bytes(16))
    behind = [bytes([first]) for first in range(256)]
    behind += [
        head + bytes(zeros) for head in (b"\x50", b"\x58\x10", b"\x59\0\x10") for zeros in range(40)
    ]
    behind += [item, item + item, item[:1], item[:9], b"\x82" + item, GOOD, b"\xf6" + item]
    assert all(plain.read(GOOD + end) is None for end in behind)
    assert is_plain(GOOD)


def test_claims_with_a_run_of_zero_bytes_go_the_patient_way() -> None:
    assert plain.read(cbor2.dumps(claims("v", mp="\0" * 16))) is None


@pytest.mark.parametrize("payload", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_whatever_else_goes_the_patient_way(payload: bytes) -> None:
    assert plain.read(payload) is None


def test_nothing_under_any_tag_is_plain() -> None:
    contents: list[Any] = ["XX", 1, [1], b"1", {}]
    for tag in (*range(2_000), 43_000, 55_799, 2**32, 2**64 - 1):
        for content in contents:
            assert plain.read(cbor2.dumps(claims("v", co=CBORTag(tag, content)))) is None, tag


def is_cut(message: bytes) -> bool:
    """Whether its parts are cut out; that they are the same on the patient way is asserted."""
    if plain.cut(message) is None:
        return False
    assert outcome(parse, message) == outcome(parse_patiently, message), message.hex()
    return True


def outcome(read: Callable[[bytes], CoseSign1], message: bytes) -> CoseSign1 | Reason:
    try:
        return read(message)
    except DecodeError as error:
        return error.reason


@pytest.mark.parametrize("issuer", [signer, rsa_signer], ids=["ES256", "PS256"])
def test_mutated_messages_come_to_the_same_parts_on_both_ways(issuer: Callable[[], Issuer]) -> None:
    message = envelope.open_envelope(issuer().sign(claims()))
    random = Random(issuer.__name__)  # noqa: S311  # always the same
    assert is_cut(message)
    found = [is_cut(mutated_bytes(random, message)) for _ in range(MUTATIONS // 2)]
    assert 0 < sum(found) < len(found)


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 16_000])
def test_parts_of_any_length_are_cut_out(length: int) -> None:
    for place in (0, 2, 3):
        four: list[Any] = [b"header", {}, b"payload", b"signature"]
        four[place] = bytes(length)
        message = cbor2.dumps(CBORTag(18, four))
        assert plain.cut(message) == (four[0], four[2], four[3])
        for end in range(max(0, len(message) - 12), len(message)):
            assert plain.cut(message[:end]) is None
        assert plain.cut(message + b"\0") is None


@pytest.mark.parametrize("group", GROUPS.values())
def test_mutated_claims_come_to_the_same_certificate_on_both_ways(group: str) -> None:
    random, payload = Random(group), cbor2.dumps(claims(group))  # noqa: S311  # always the same
    found = [is_plain(mutated_bytes(random, payload)) for _ in range(MUTATIONS // 3 + 1)]
    assert 0 < sum(found) < len(found)


POOL: list[Any] = [
    None, True, 0, 1, 2, 99, 100, -1, 2.0, 1.5, "", " ", "x", "FR", "840539006", "1.3.0", "1980",
    "1980-01-01", "1963-00", "2021-06-15", "2021-06-31", "2021-11-21T12:00:00Z", "ANA", "ANA<EVA",
    "2021-11-21T12:00:00+0200", "Ana ", "Zoe\u0301", "é", "\u200b", "|", "x" * 80, "x" * 200,
    "x" * 201, b"x", [], ["x"], {}, CBORTag(0, "2021-11-21T12:00:00Z"), CBORTag(1004, "2021-06-15"),
]  # fmt: skip


@pytest.mark.parametrize("group", GROUPS.values())
def test_claims_of_other_values_come_to_the_same_certificate_on_both_ways(group: str) -> None:
    random = Random(group)  # noqa: S311  # always the same
    found = []
    for _ in range(3_000):
        made = claims(group)
        content = made[-260][1]
        places: list[Any] = [made, content, content["nam"], content[group][0]]
        for _ in range(random.randint(1, 2)):
            place = random.choice(places)
            place[random.choice([*place, "new"])] = random.choice(POOL)
        found.append(is_plain(cbor2.dumps(made)))
    assert 0 < sum(found) < len(found)


def test_both_ways_come_to_the_same_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = Verifier(trust(signer()))
    texts = [signer().sign(claims(group)) for group in GROUPS.values()]
    quick = [verifier.verify(text, AT) for text in texts]
    assert all(isinstance(verdict, Verified) for verdict in quick)
    monkeypatch.setattr(plain, "read", lambda _: None)
    assert [verifier.verify(text, AT) for text in texts] == quick


@needs_data
def test_the_official_specimens_come_to_the_same_certificate_on_both_ways() -> None:
    payloads = set()
    for vector in read_vectors(VECTORS)[0]:
        if vector.has("PREFIX"):
            try:
                payloads.add(parse(envelope.open_envelope(vector.text("PREFIX"))).payload)
            except DecodeError:
                continue
    assert sum(is_plain(payload) for payload in payloads) > 20


def test_claims_show_nothing_of_themselves() -> None:
    assert "GARNIER" not in repr(plain.read(GOOD))
