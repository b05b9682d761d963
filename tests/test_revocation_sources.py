"""What a revocation list is made of: batches of the gateway, in CMS too, and plain hash lists."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.revocation import sources as sources_module
from kiosk.core.revocation.cms import CmsError, content_of
from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.hashes import NEVER
from kiosk.core.revocation.hashlist import hash_of
from kiosk.core.revocation.imported import Imported
from kiosk.core.revocation.marks import HashKind
from kiosk.core.revocation.revocationlist import dump
from kiosk.core.revocation.sources import read_source, union
from tests.certificates import AT, rsa_signer
from tests.revocations import (
    CANARY,
    FRESH,
    ISSUED,
    a_list,
    batch_bytes,
    organiser,
    value,
)

EXPIRES = int(datetime.fromisoformat("2022-08-16T16:00Z").timestamp())


def numbered(cases: Sequence[object]) -> list[str]:
    """Plain names for cases whose own would be odd."""
    return [f"case {number}" for number in range(1, len(cases) + 1)]


def imported(data: bytes, at: datetime = AT) -> Imported:
    return read_source("a file", data, at, organiser().public_key())


def problem_of(data: bytes) -> str:
    with pytest.raises(RevocationError) as caught:
        imported(data)
    assert caught.value.name == "a file"
    assert caught.value.remedy.endswith(".")
    return caught.value.problem


# Batches


def test_a_batch_gives_its_hashes_with_its_end() -> None:
    found = imported(batch_bytes(value(1), value(2)))
    assert found.ends == {value(1): EXPIRES, value(2): EXPIRES}
    assert found.sources == ("gateway, FR, UCI",)
    assert found.ended == 0


@pytest.mark.parametrize("kind", HashKind)
def test_a_batch_may_be_of_each_kind(kind: HashKind) -> None:
    assert imported(batch_bytes(hashType=kind)).sources == (f"gateway, FR, {kind}",)


@pytest.mark.parametrize("kid", ["UNKNOWN_KID", "2Rk3X8HntrI=", "S2V5M1JF"])
def test_a_batch_may_name_a_key_or_say_that_it_knows_none(kid: str) -> None:
    assert len(imported(batch_bytes(kid=kid)).ends) == 2


def test_a_batch_that_has_ended_is_left_out_and_counted() -> None:
    end = datetime.fromisoformat("2022-08-16T16:00Z")
    found = imported(batch_bytes(), end)
    assert (found.ends, found.ended) == ({}, 2)
    assert found.sources == ("gateway, FR, UCI",)
    assert imported(batch_bytes(), end - timedelta(seconds=1)).ended == 0


@pytest.mark.parametrize(
    ("expires", "end"),
    [
        ("2022-08-16T18:00:00+02:00", EXPIRES),
        ("2022-08-16T16:00:00.250Z", EXPIRES + 1),
        ("9999-12-31T23:59:59Z", NEVER),
    ],
)
def test_an_end_is_taken_to_the_second_and_never_too_early(expires: str, end: int) -> None:
    assert set(imported(batch_bytes(expires=expires)).ends.values()) == {end}


def test_an_end_before_1970_has_passed() -> None:
    assert imported(batch_bytes(expires="1066-10-14T00:00:00Z")).ended == 2


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"country": "fr"}, "country"),
    ({"country": None}, "country"),
    ({"country": "FRA"}, "country"),
    ({"kid": "not base64!"}, "kid"),
    ({"kid": ""}, "kid"),
    ({"kid": 7}, "kid"),
    ({"hashType": "uci"}, "hashType"),
    ({"hashType": None}, "hashType"),
    ({"expires": "2022-08-16T16:00:00"}, "expires"),
    ({"expires": "soon"}, "expires"),
    ({"expires": 1660665600}, "expires"),
    ({"entries": []}, "entries"),
    ({"entries": {"hash": "x"}}, "entries"),
    ({"entries": None}, "entries"),
    ({"entries": ["AAAA"]}, "entry 1"),
    ({"entries": [{"hash": "AAAA\nAAAAAAAAAAAAAAAAAA=="}]}, "entry 1"),
    ({"entries": [{"hash": "!AAAAAAAAAAAAAAAAAAAAAA=="}]}, "entry 1"),
    ({"entries": [{"hash": 7}]}, "entry 1"),
    ({"entries": [{}]}, "entry 1"),
    ({"entries": [{"hash": b64encode(bytes(16)).decode()}, {"hash": "AAAA"}]}, "entry 2"),
    ({"entries": [{"hash": b64encode(bytes(32)).decode()}]}, "entry 1"),
    ({"entries": [{"hash": bytes(16).hex()}]}, "entry 1"),
]


@pytest.mark.parametrize(("changes", "place"), FAULTY, ids=numbered(FAULTY))
def test_a_broken_batch_is_refused_with_the_place(changes: dict[str, Any], place: str) -> None:
    assert f"\n  {place}" in problem_of(batch_bytes(**changes))


def test_every_fault_of_a_batch_is_told() -> None:
    entries = [{"hash": "x"}, {"hash": b64encode(bytes(16)).decode()}, {"hash": "y"}]
    problem = problem_of(batch_bytes(country="", kid="", hashType="", expires="", entries=entries))
    for place in ("country", "kid", "hashType", "expires", "entry 1", "entry 3"):
        assert f"\n  {place}" in problem
    assert "entry 2" not in problem


def test_the_gateways_index_is_no_batch_and_is_told_apart() -> None:
    index = {"more": False, "batches": [{"batchId": "1", "country": "FR", "deleted": False}]}
    assert "index" in problem_of(json.dumps(index).encode())


# CMS


def cms(content: bytes, encoding: Encoding = Encoding.DER) -> bytes:
    """A SignedData message around `content`, as a library makes it."""
    certificate = x509.load_der_x509_certificate(rsa_signer().certificate)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, rsa_signer().key, SHA256())
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary])


def piece(tag: int, content: bytes) -> bytes:
    """An element of definite length."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    width = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | width]) + size.to_bytes(width) + content


def open_ended(tag: int, content: bytes) -> bytes:
    """An element of indefinite length (X.690 section 8.1.3.6)."""
    return bytes([tag, 0x80]) + content + b"\0\0"


SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
VERSION, DIGESTS = bytes.fromhex("020101"), bytes.fromhex("3100")


def ber(content: bytes, size: int = 1_000) -> bytes:
    """The same as Java's CMS writes it: indefinite lengths, the content in pieces."""
    pieces = [piece(0x04, content[at : at + size]) for at in range(0, len(content), size)]
    octets = open_ended(0x24, b"".join(pieces))
    inside = open_ended(0x30, DATA + open_ended(0xA0, octets))
    signed = open_ended(0x30, VERSION + DIGESTS + inside + DIGESTS)
    return open_ended(0x30, SIGNED_DATA + open_ended(0xA0, signed))


def test_a_batch_in_cms_is_read_and_says_what_was_not_checked() -> None:
    found = imported(cms(batch_bytes(value(1))))
    assert set(found.ends) == {value(1)}
    assert found.sources == ("gateway, FR, UCI (CMS signature not checked)",)


def test_a_batch_in_cms_may_come_as_ber_base64_or_pem() -> None:
    data = batch_bytes(*(value(number) for number in range(100)))
    whole = imported(data).ends
    for message in (ber(data), ber(data, 10), cms(data), cms(data, Encoding.PEM)):
        assert imported(message).ends == whole
    for message in (cms(data), ber(data)):
        text = b64encode(message)
        assert imported(text).ends == whole
        assert imported(b" \n".join(text[at : at + 64] for at in range(0, len(text), 64))).ends


def test_a_pem_that_holds_no_message_is_none() -> None:
    begin, end = b"-----BEGIN CMS-----", b"-----END CMS-----"
    for content in (b"", b"\xff\xfe", b"MII", b"=", b64encode(b"0" * 40)):
        assert content_of(begin + content + end) is None
    assert content_of(begin * 200_000) is None  # each of them looked for an end of its own once


def test_a_broken_batch_in_cms_is_refused() -> None:
    assert "\n  country" in problem_of(cms(batch_bytes(country="")))
    for content in (b"", b"[]", b"{}", b"not JSON"):
        assert "holds no batch" in problem_of(cms(content) if content else ber(content or b" "))


def test_a_cms_message_that_is_cut_or_bent_is_refused() -> None:
    message = ber(batch_bytes())
    for length in range(20, len(message) - 12):
        assert problem_of(message[:length])
    der = cms(batch_bytes(value(1)))
    for length in range(40, 400, 7):
        assert problem_of(der[:length])


BENT = {
    "no content": piece(0x30, DATA),
    "another element": piece(0x30, DATA + piece(0xA0, piece(0x02, b"1"))),
    "two contents": piece(0x30, DATA + piece(0xA0, piece(0x04, b"{}") * 2)),
    "pieces of another whole": piece(0x30, DATA + piece(0xA0, piece(0x30, piece(0x04, b"{}")))),
    "no pieces": piece(0x30, DATA + piece(0xA0, piece(0x24, b""))),
    "other pieces": piece(0x30, DATA + piece(0xA0, piece(0x24, piece(0x02, b"1")))),
    "a string without length": piece(
        0x30, DATA + piece(0xA0, open_ended(0x04, piece(0x04, b"{}")))
    ),
    "a length of many bytes": piece(0x30, DATA + piece(0xA0, b"\x04\x85\0\0\0\0\2{}")),
    "nested": piece(0x30, DATA + piece(0xA0, b"\x24\x80" * 5_000 + b"\0\0" * 5_000)),
}


@pytest.mark.parametrize("inside", BENT.values(), ids=BENT.keys())
def test_cms_of_another_structure_is_refused(inside: bytes) -> None:
    signed = piece(0x30, VERSION + DIGESTS + inside + DIGESTS)
    message = piece(0x30, SIGNED_DATA + piece(0xA0, signed))
    with pytest.raises(CmsError):
        content_of(message)
    assert "CMS" in problem_of(message)


def test_the_parts_of_cms_count_by_their_place() -> None:
    inside = piece(0x30, DATA + piece(0xA0, piece(0x04, b"{}")))
    for parts in ((VERSION, inside, DIGESTS), (VERSION, DIGESTS, DIGESTS, inside), (inside,)):
        message = piece(0x30, SIGNED_DATA + piece(0xA0, piece(0x30, b"".join(parts))))
        with pytest.raises(CmsError, match="element 3 is missing"):
            content_of(message)


def nested(levels: int) -> bytes:
    """Sets in sets, each of indefinite length."""
    return open_ended(0x31, nested(levels - 1)) if levels else b""


def test_cms_may_be_as_deep_as_it_must_and_as_short() -> None:
    for levels, content in ((1, b""), (17, b"{}"), (17, b"x" * 70_000)):
        octets = bytes([0x04, 0x84]) + len(content).to_bytes(4) + content if content else b"\x04\0"
        inside = piece(0x30, DATA + piece(0xA0, octets))
        signed = piece(0x30, VERSION + nested(levels) + inside + DIGESTS)
        assert content_of(piece(0x30, SIGNED_DATA + piece(0xA0, signed))) == content
    signed = piece(0x30, VERSION + nested(18) + piece(0x30, DATA) + DIGESTS)
    with pytest.raises(CmsError, match="too deep"):
        content_of(piece(0x30, SIGNED_DATA + piece(0xA0, signed)))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_begin_like_cms_give_a_content_or_an_error(rest: bytes) -> None:
    try:
        content_of(piece(0x30, SIGNED_DATA + rest))
    except CmsError:
        return


def test_what_is_no_cms_message_is_none_of_it() -> None:
    for data in (b"", b"{}", b"MI", b"MIAA", piece(0x30, b"1"), b"0" * 5_000_000):
        assert content_of(data) is None


# Plain lists

FULL = [sha256(text).digest() for text in (b"FRURN:UVCI:01:FR:ONE", b"URN:UVCI:01:DE:TWO")]
CUT = {one[:16]: NEVER for one in FULL}
HEX = [one.hex() for one in FULL]
BASE64 = [b64encode(one).decode() for one in FULL]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(HEX),
        "\r\n".join(HEX) + "\r\n",
        "\ufeff# hashes\n\n" + HEX[0].upper() + "  # one\n" + BASE64[1],
        ", ".join(HEX),
        "\n".join(BASE64),
        "\n".join(one[:32] for one in HEX),
        "\n".join(b64encode(one).decode() for one in CUT),
        json.dumps(HEX),
        "\n " + json.dumps(HEX),
        json.dumps(BASE64, indent=1),
        json.dumps(" ".join(HEX)),
        "\n".join(HEX * 3),
    ],
    ids=numbered(range(12)),
)
def test_a_hash_list_is_read_in_each_form_and_cut_to_16_bytes(text: str) -> None:
    found = imported(text.encode())
    assert found.ends == CUT
    assert found.sources == ("hash list a file",)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing\n", b"[]", b'""'], ids=len)
def test_a_list_without_a_hash_is_refused(data: bytes) -> None:
    assert "no hash in it" in problem_of(data)


def test_every_fault_of_a_hash_list_is_told_with_line_and_column() -> None:
    problem = problem_of(f"{HEX[0]}\nbroken {HEX[1]} abc\n\n{HEX[0][:-1]}\n".encode())
    places = ("line 2, column 1", "line 2, column 73", "line 4, column 1")
    assert problem.count("not a hash") == 3
    assert all(f"\n  {place}: not a hash" in problem for place in places)


def test_a_fault_in_json_is_told_with_its_item() -> None:
    problem = problem_of(json.dumps([HEX[0], 7, "broken", None]).encode())
    assert all(f"\n  item {number}: not a hash" in problem for number in (2, 3, 4))


@pytest.mark.parametrize(
    "data", [b"{}", b'{"a": 1}', b"[7]x", b"[" * 99_999, b'{"version": 1}'], ids=len
)
def test_json_of_another_form_is_refused(data: bytes) -> None:
    assert "JSON" in problem_of(data)


def test_bytes_that_are_no_text_are_refused() -> None:
    assert "neither text nor a batch" in problem_of(b"\xff\xfe\x00\x01")


def test_an_identifier_in_clear_is_refused_and_not_repeated() -> None:
    for data in (CANARY, f"{HEX[0]}\n{CANARY.lower()}", json.dumps([CANARY])):
        problem = problem_of(data.encode())
        assert "in clear" in problem
        assert "canary" not in problem.lower()


def test_a_word_is_a_hash_by_its_length() -> None:
    whole = bytes(range(32))
    assert hash_of(whole.hex()) == hash_of(b64encode(whole).decode()) == whole[:16]
    for length in (0, 8, 15, 17, 20, 24, 31, 33, 64):
        assert hash_of(bytes(length).hex()) is None
        assert hash_of(b64encode(b"\xff" * length).decode()) is None


# The union


def test_a_list_of_this_program_is_a_source_too() -> None:
    before = a_list(value(1), end=EXPIRES, sources=("one", "two"))
    data = dump(before, organiser())
    assert imported(data).ends == {value(1): EXPIRES}
    assert imported(data).sources == ("one", "two")
    later = datetime.fromtimestamp(EXPIRES, ISSUED.tzinfo)
    assert (imported(data, later).ends, imported(data, later).ended) == ({}, 1)
    half = union([Imported({value(1): EXPIRES, value(2): NEVER}, ())], 1, ISSUED, ISSUED)
    found = imported(dump(half, organiser()), later)
    assert (found.ends, found.ended) == ({value(2): NEVER}, 1)
    assert "does not verify" in problem_of(data[:-1] + bytes([data[-1] ^ 1]))


def test_the_union_holds_everything_until_its_last_end() -> None:
    parts = [
        Imported({value(1): 5, value(2): 9}, ("a", "b")),
        Imported({value(1): 7, value(2): 8}, ("b",)),
        Imported({}, ("of this nothing is left",), ended=3),
    ]
    whole = union(parts, 4, ISSUED, ISSUED + FRESH)
    assert dict(whole.hashes) == {value(1): 7, value(2): 9}
    assert whole.sources == ("a", "b")
    assert (whole.version, whole.issued_at, whole.expires_at) == (4, ISSUED, ISSUED + FRESH)


def test_a_union_of_nothing_or_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RevocationError) as caught:
        union([], 1, ISSUED, ISSUED)
    assert str(caught.value) == "the list: there is no source for it. Give batches or hash lists."
    monkeypatch.setattr(sources_module, "MAX_HASHES", 2)
    two, three = ({value(number): 1 for number in range(count)} for count in (2, 3))
    assert len(union([Imported(two, ())], 1, ISSUED, ISSUED).hashes) == 2
    with pytest.raises(RevocationError) as caught:
        union([Imported(three, ())], 1, ISSUED, ISSUED)
    assert str(caught.value) == "the list: 3 hashes, and 2 is the limit. Give fewer."


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_a_source_raise_anything_else(data: bytes) -> None:
    try:
        imported(data)
    except RevocationError:
        return
