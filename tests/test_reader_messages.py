"""What a reader's process says is data from outside: taken as it was meant, or not at all."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.adapters.reader.messages import (
    FARTHEST,
    MAX_CODES,
    MAX_REPLY,
    MAX_STAGE,
    MAX_TEXT,
    Reply,
    read,
    request,
    size_of,
    written,
)
from kiosk.desk.ports import CodeSeen, Hint, Sighting

SQUARE = ((0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0))
CORNERS = [list(corner) for corner in SQUARE]

points = st.tuples(*[st.floats(-FARTHEST, FARTHEST)] * 2)
codes = st.builds(
    CodeSeen,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.tuples(*[points] * 4),
    st.text(max_size=MAX_STAGE, alphabet="abc "),
)
sightings = st.builds(
    Sighting,
    st.lists(codes, max_size=MAX_CODES).map(tuple),
    st.booleans(),
    st.none() | st.sampled_from(Hint),
)


@given(sightings)
def test_a_reply_is_read_as_it_was_written(sighting: Sighting) -> None:
    assert read(written(Reply(sighting, ("a frame was lost",)))) == (
        sighting,
        ("a frame was lost",),
    )


@given(st.integers(1, 1080), st.integers(1, 1920))
def test_a_request_names_the_frame_s_size(height: int, width: int) -> None:
    assert size_of(request(height, width)) == (height, width)


def test_corners_are_scaled_back() -> None:
    reply = read(written(Reply(Sighting((CodeSeen("a", SQUARE),)))), scale=0.5)
    assert reply.sighting.codes[0].corners == ((0, 0), (16, 0), (16, 16), (0, 16))


def test_the_fullest_frame_fits_into_a_reply() -> None:
    fullest = CodeSeen("\x00" * 2953, SQUARE, "s" * MAX_STAGE)  # each letter is escaped: 6 bytes
    data = written(Reply(Sighting((fullest,) * (MAX_CODES + 1))))
    assert len(data) <= MAX_REPLY
    assert len(read(data).sighting.codes) == MAX_CODES


def told(
    codes: object = (), there: object = True, hint: object = None, complaints: object = ()
) -> bytes:
    return json.dumps([codes, there, hint, complaints]).encode()


HOSTILE = {
    "nothing": b"",
    "no UTF-8": b"\xff[]",
    "no list": b"7",
    "too short": b"[[], true, null]",
    "too long": b"[[], true, null, [], 1]",
    "an endless nesting": b"[" * 100_000,
    "a pickle": b"\x80\x04\x95\x00\x00\x00.",
    "too many codes": told([["a", CORNERS, ""]] * (MAX_CODES + 1)),
    "a code that is no text": told([[7, CORNERS, ""]]),
    "a text too long for any code": told([["a" * (MAX_TEXT + 1), CORNERS, ""]]),
    "a stage that is no text": told([["a", CORNERS, 7]]),
    "a stage too long": told([["a", CORNERS, "s" * (MAX_STAGE + 1)]]),
    "three corners": told([["a", CORNERS[:3], ""]]),
    "corners that are no list": told([["a", "abcd", ""]]),
    "a corner of three numbers": told([["a", [*CORNERS[:3], [1, 2, 3]], ""]]),
    "a corner of text": told([["a", [*CORNERS[:3], ["1", 2]], ""]]),
    "a corner that is no number": told([["a", [*CORNERS[:3], [float("nan"), 2]], ""]]),
    "a corner without end": told([["a", [*CORNERS[:3], [1, 2]], ""]]).replace(b"1, 2", b"1e999, 2"),
    "a corner too far away": told([["a", [*CORNERS[:3], [FARTHEST + 1, 2]], ""]]),
    "no truth": told(there=1),
    "an unknown hint": told(hint="jump"),
    "complaints that are none": told(complaints=7),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_reply_is_refused_without_a_word_of_it(name: str) -> None:
    with pytest.raises(ValueError, match=r"^no reply of a reader$") as refused:
        read(HOSTILE[name])
    assert refused.value.__suppress_context__


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_reply_or_refused(data: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(read(data), Reply)


@pytest.mark.parametrize("text", ["HC1:6BF+70790T9WJWG", "B1:NCF4W1E", "a\nb", "a" * 101, "", 7])
def test_a_complaint_that_could_hold_a_code_is_not_passed_on(text: object) -> None:
    assert read(told(complaints=[text, "Engine: RuntimeError"])).complaints == (
        "Engine: RuntimeError",
    )
