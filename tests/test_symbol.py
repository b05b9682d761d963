"""What is known of a QR code before it is read, held against codes that another library makes."""

from __future__ import annotations

import numpy as np
import pytest
import segno

from kiosk.adapters.reader.patient.blocks import Format, Level, layout, likely_formats, mask
from kiosk.adapters.reader.patient.decoding import Codewords, begin, seems_mirrored
from kiosk.adapters.reader.patient.segments import content_of
from kiosk.adapters.reader.patient.symbol import VERSIONS, alignment_coordinates, size_of, symbol
from tests.qrcodes import Signs, modules_of

TEXT = "HC1:6BF"


def made(version: int, level: Level, pattern: int) -> Signs:
    return modules_of(TEXT, level.name.lower(), version=version, mask=pattern)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_function_patterns_of_each_version_are_the_standards(version: int) -> None:
    sign = symbol(version)
    modules = made(version, Level.M, 0)
    assert modules.shape == sign.known.shape == (size_of(version),) * 2
    told = sign.known != 0
    assert (modules[told] == sign.known[told]).all()
    other = made(version, Level.L, 3)  # where nothing is known, codes differ; but for padding
    assert not (other == modules)[~told].all()


@pytest.mark.parametrize("version", VERSIONS)
def test_each_module_is_known_or_data_or_format_and_nothing_twice(version: int) -> None:
    sign = symbol(version)
    places = np.concatenate([np.flatnonzero(sign.known), sign.order, np.unique(sign.format_places)])
    assert np.array_equal(np.sort(places), np.arange(sign.size**2))


def test_alignment_patterns_stand_where_annex_e_says() -> None:
    assert alignment_coordinates(1) == []
    assert alignment_coordinates(2) == [6, 18]
    assert alignment_coordinates(18) == [6, 30, 56, 82]
    assert alignment_coordinates(32) == [6, 34, 60, 86, 112, 138]
    assert alignment_coordinates(40) == [6, 30, 58, 86, 114, 142, 170]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_and_level_is_decoded(version: int, level: Level) -> None:
    pattern = version % 8
    soft = made(version, level, pattern).astype(np.float32)
    assert likely_formats(soft, version, 1) == [Format(level, pattern)]
    codewords = begin(symbol(version), soft)
    assert codewords.format == Format(level, pattern)
    assert codewords.content() == TEXT.encode()
    known = codewords.known()
    told = known != 0
    assert (known[told] == soft[told]).all()
    remainder = symbol(version).order.size % 8  # bits that say nothing
    assert (~told).sum() == np.unique(symbol(version).format_places).size + remainder


@pytest.mark.parametrize("pattern", range(8))
def test_each_mask_is_recognised(pattern: int) -> None:
    soft = made(7, Level.Q, pattern).astype(np.float32)
    assert begin(symbol(7), soft).format == Format(Level.Q, pattern)
    assert set(np.unique(mask(7, pattern))) == {-1, 1}


def test_a_format_is_recognised_through_six_wrong_bits_of_its_thirty() -> None:
    soft = made(10, Level.M, 5).astype(np.float32)
    soft.flat[symbol(10).format_places[0, :6]] *= -1
    assert likely_formats(soft, 10, 1) == [Format(Level.M, 5)]


def test_a_mirrored_code_is_told_by_its_format() -> None:
    soft = made(10, Level.M, 2).astype(np.float32)
    assert not seems_mirrored(symbol(10), soft)
    assert seems_mirrored(symbol(10), np.ascontiguousarray(soft.T))


def test_the_blocks_of_table_9_hold_each_codeword_once() -> None:
    for version in VERSIONS:
        for level in Level:
            places = layout(version, level).places
            used = np.sort(places[places >= 0])
            assert np.array_equal(used, np.arange(symbol(version).order.size // 8))


@pytest.mark.parametrize(
    "content",
    ["12345678", "1234567", "123456", "HC1:AB+", "HC1:ABC", "Zoé".encode("latin-1"), b"\x00\xff"],
)
def test_each_kind_of_segment_is_read(content: str | bytes) -> None:
    code = segno.make(content, error="m", micro=False, boost_error=False, version=10)
    modules = 1 - 2 * np.array([list(row) for row in code.matrix], np.int8)
    expected = content if isinstance(content, bytes) else content.encode()
    assert begin(symbol(10), modules.astype(np.float32)).content() == expected


def test_a_segment_in_a_named_character_set_is_read() -> None:
    code = segno.make("Zoé", encoding="utf-8", eci=True, micro=False, version=2, error="m")
    modules = 1 - 2 * np.array([list(row) for row in code.matrix], np.int8)
    assert begin(symbol(2), modules.astype(np.float32)).content() == "Zoé".encode()


@pytest.mark.parametrize(
    ("bits", "what"),
    [
        ("0001" + "0000000011" + "1111101000", "no decimal digits"),  # 1000 in three digits
        ("0010" + "000000010" + "11111101001", "no letters"),  # 2025 of 45 * 45 pairs
        ("0010" + "000000001" + "101101", "no letters"),
        ("0100" + "00001000" + "01000001", "ends within a segment"),
        ("1000" + "00000001", "another kind"),  # kanji
        ("0111" + "10000000" + "00000001", "long number"),
    ],
)
def test_a_broken_segment_is_no_content(bits: str, what: str) -> None:
    filled = bits + "0" * (-len(bits) % 8)
    data = int(filled, 2).to_bytes(len(filled) // 8)
    with pytest.raises(ValueError, match=what):
        content_of(data, 2)


def test_a_code_of_which_a_block_is_missing_says_nothing() -> None:
    codewords = Codewords.none_yet(symbol(10), Format(Level.Q, 0))
    assert codewords.content() is None
