"""Prefix, base45 and zlib: what is opened, and what is refused with which reason."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from kiosk.core.hcert.base45 import MAX_TEXT
from kiosk.core.hcert.envelope import MAX_INFLATED, is_certificate, open_envelope, other_code
from kiosk.core.reasons import Reason
from tests.certificates import BASE45, claims, code_of, refusal, signer

CONTENT = b"what a signer signed, some of it twice, some of it twice"
TEXT = code_of(zlib.compress(CONTENT))


def test_a_code_is_opened_to_the_bytes_inside() -> None:
    assert open_envelope(TEXT) == CONTENT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("LT1:" + TEXT[4:], Reason.CODE_SWISS_LIGHT),
        ("AT1:" + TEXT[4:], Reason.CODE_AUSTRIAN),
        ("NL2:" + TEXT[4:], Reason.CODE_DUTCH),
        ("HC2:" + TEXT[4:], Reason.CODE_HCERT_OTHER),
        ("HCA:" + TEXT[4:], Reason.CODE_HCERT_OTHER),
        ("DC04FR000001XXXX1E", Reason.CODE_2D_DOC),
        ("shc:/5676290952432060346029", Reason.CODE_SMART_HEALTH_CARD),
        ("SHC:/5676290952432060346029", Reason.CODE_SMART_HEALTH_CARD),
        ("hc1:" + TEXT[4:], Reason.CODE_UNKNOWN),
        ("HC1" + TEXT[4:], Reason.CODE_UNKNOWN),
        ("HC0:" + TEXT[4:], Reason.CODE_UNKNOWN),
        ("H" + TEXT, Reason.CODE_UNKNOWN),
        (" " + TEXT, Reason.CODE_UNKNOWN),
        ("\ufeff" + TEXT, Reason.CODE_UNKNOWN),
        ("НС1:" + TEXT[4:], Reason.CODE_UNKNOWN),  # Cyrillic letters
        (TEXT[4:], Reason.CODE_UNKNOWN),
        ("https://example.org/", Reason.CODE_UNKNOWN),
        ("", Reason.CODE_UNKNOWN),
    ],
    ids=lambda value: repr(value[:6]),
)
def test_a_code_without_the_prefix_is_told_for_what_it_is(text: str, reason: Reason) -> None:
    assert refusal(open_envelope, text) is reason
    assert other_code(text) is reason


def test_a_code_with_the_prefix_is_a_certificate_whatever_is_behind_it() -> None:
    assert is_certificate(TEXT)
    assert other_code(TEXT) is other_code("HC1:") is None


@pytest.mark.parametrize(
    "body",
    [
        TEXT[4:].lower(),
        TEXT[4:] + "\n",
        TEXT[4:] + "\r\n",
        TEXT[4:] + " ",
        TEXT[4:] + "\0",
        TEXT[4:] + "ü",
        "６" + TEXT[5:],  # a full-width digit
        "GGX",  # 65,536
        ":::",
        "::",
        "V5",  # 256
        "A",
        "0000",
    ],
    ids=repr,
)
def test_what_is_not_base45_is_refused(body: str) -> None:
    assert refusal(open_envelope, "HC1:" + body) is Reason.BASE45_INVALID


@pytest.mark.parametrize("body", ["FGW", "FGWU5", ""], ids=repr)
def test_the_largest_values_of_base45_and_none_at_all_are_read(body: str) -> None:
    assert refusal(open_envelope, "HC1:" + body) is Reason.NOT_COMPRESSED


def test_a_text_as_long_as_a_qr_code_can_be_is_read() -> None:
    assert refusal(open_envelope, "HC1:" + "0" * (MAX_TEXT - 4)) is Reason.NOT_COMPRESSED


def test_a_longer_text_is_refused_unread() -> None:
    assert refusal(open_envelope, "HC1:" + "0" * (MAX_TEXT - 3)) is Reason.TEXT_TOO_LONG
    assert refusal(open_envelope, "HC1:" + "ü" * 3_000_000) is Reason.TEXT_TOO_LONG


@pytest.mark.parametrize("level", range(10))
def test_every_level_of_compression_is_inflated(level: int) -> None:
    assert open_envelope(code_of(zlib.compress(CONTENT, level))) == CONTENT


@pytest.mark.parametrize(
    "data",
    [
        CONTENT,
        gzip.compress(CONTENT),
        zlib.compress(CONTENT)[2:-4],
        b"\x78",
        b"\x78\x9d" + zlib.compress(CONTENT)[2:],
    ],
    ids=["plain", "gzip", "raw deflate", "one byte", "wrong header checksum"],
)
def test_what_is_not_zlib_is_refused(data: bytes) -> None:
    assert refusal(open_envelope, code_of(data)) is Reason.NOT_COMPRESSED


def test_a_preset_dictionary_is_refused() -> None:
    deflater = zlib.compressobj(zdict=b"what a signer signed")
    data = deflater.compress(CONTENT) + deflater.flush()
    assert refusal(open_envelope, code_of(data)) is Reason.NOT_COMPRESSED


def test_a_stream_cut_anywhere_is_broken() -> None:
    data = zlib.compress(CONTENT)
    reasons = {refusal(open_envelope, code_of(data[:end])) for end in range(2, len(data))}
    assert reasons == {Reason.COMPRESSION_BROKEN}


@pytest.mark.parametrize("after", [b"\0", b"\n", zlib.compress(CONTENT)], ids=repr)
def test_bytes_behind_the_stream_are_refused(after: bytes) -> None:
    assert refusal(open_envelope, code_of(zlib.compress(CONTENT) + after)) is (
        Reason.COMPRESSION_BROKEN
    )


def test_a_wrong_checksum_is_refused() -> None:
    data = zlib.compress(CONTENT)
    changed = data[:-1] + bytes([data[-1] ^ 1])
    assert refusal(open_envelope, code_of(changed)) is Reason.COMPRESSION_BROKEN


def test_a_content_of_exactly_the_limit_is_inflated() -> None:
    assert len(open_envelope(code_of(zlib.compress(bytes(MAX_INFLATED))))) == MAX_INFLATED


def test_one_byte_more_is_refused() -> None:
    data = zlib.compress(bytes(MAX_INFLATED + 1))
    assert refusal(open_envelope, code_of(data)) is Reason.INFLATED_TOO_LARGE


def test_a_bomb_that_fits_a_qr_code_is_inflated_no_further_than_the_limit() -> None:
    bomb = code_of(zlib.compress(bytes(2_700_000), 9))
    assert 3_900 < len(bomb) <= MAX_TEXT
    tracemalloc.start()
    try:
        assert refusal(open_envelope, bomb) is Reason.INFLATED_TOO_LARGE
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 32 * MAX_INFLATED


def test_a_huge_bomb_is_refused_for_its_length() -> None:
    bomb = code_of(zlib.compress(bytes(200_000_000), 1)[:100_000])
    assert refusal(open_envelope, bomb) is Reason.TEXT_TOO_LONG


def test_spaces_inside_are_letters_and_stay() -> None:
    spaced = next(
        text
        for text in (signer().sign(claims(ci=f"URN:UVCI:01:FR:{n}")) for n in range(1_000))
        if " " in text
    )
    assert open_envelope(spaced)
    position = spaced.index(" ")
    assert refusal(open_envelope, spaced[:position] + spaced[position + 1 :])


def test_the_alphabet_of_the_tests_is_that_of_the_standard() -> None:
    assert len(BASE45) == len(set(BASE45)) == 45
