"""The set of hashes, the signed file that carries it, and which list may follow which."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.revocation import hashes as hashes_module
from kiosk.core.revocation.errors import RevocationError, faulty
from kiosk.core.revocation.hashes import NEVER, RevokedHashes
from kiosk.core.revocation.revocationlist import (
    FORMAT,
    MAX_HEADER,
    MAX_SOURCES,
    MAX_VERSION,
    RevocationList,
    dump,
    load,
    matches,
)
from kiosk.core.revocation.succession import MAX_JUMP, Floor, check_floor, floor_of, lost
from kiosk.core.signatures import ed25519_verifies, sound_ed25519
from tests.certificates import AT
from tests.revocations import FRESH, ISSUED, a_list, organiser, value

NOW = int(AT.timestamp())

# Hashes that are close to each other: equal first halves, and neighbours.
close = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(
    lambda halves: halves[0].to_bytes(8) + halves[1].to_bytes(8)
)
anything = st.binary(min_size=16, max_size=16)
ends = st.integers(1, NEVER)


# The set


@settings(deadline=None)
@given(st.dictionaries(close | anything, ends, max_size=60), st.lists(close | anything))
def test_the_set_holds_what_was_put_in_until_its_end(
    held: dict[bytes, int], others: list[bytes]
) -> None:
    found = RevokedHashes.of(held)
    assert len(found) == len(held)
    assert dict(found) == held
    assert [one for one, _ in found] == sorted(held)
    for one in [*held, *others]:
        assert found.end_of(one) == held.get(one, 0)
        assert found.holds_any([one + b"the rest of a digest"], AT) is (held.get(one, 0) > NOW)
    assert found.holds_any(others, AT) is any(held.get(one, 0) > NOW for one in others)
    again = RevokedHashes(found.values(), found.ends())
    assert dict(again) == held


def test_the_set_keeps_to_network_byte_order() -> None:
    held = RevokedHashes.of({bytes(range(16)): 0x01020304})
    assert held.values() == bytes(range(16))
    assert held.ends() == bytes([1, 2, 3, 4])


def test_the_set_is_the_same_on_a_machine_of_the_other_byte_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There the numbers would be those that the bytes spell on it: only the swap is left out."""
    swapped = RevokedHashes.of({value(1): 1, value(2**64): 2})
    monkeypatch.setattr("kiosk.core.revocation.hashes.sys.byteorder", "big")
    held = RevokedHashes(swapped.values(), swapped.ends())
    assert (held.values(), held.ends()) == (swapped.values(), swapped.ends())


@pytest.mark.parametrize(
    ("values", "end_bytes"),
    [
        (value(1), b""),
        (b"", bytes(4)),
        (value(1)[:15], bytes(4)),
        (value(1), bytes(3)),
        (value(2) + value(1), bytes(8)),
        (value(1) + value(1), bytes(8)),
        (value(2**64 + 1) + value(2**64), bytes(8)),
    ],
    ids=range(7),
)
def test_bytes_that_are_no_sorted_set_are_refused(values: bytes, end_bytes: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        RevokedHashes(values, end_bytes)


def test_too_many_hashes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashes_module, "MAX_HASHES", 2)
    assert len(RevokedHashes.of({value(1): 1, value(2): 1})) == 2
    with pytest.raises(ValueError, match="too many"):
        RevokedHashes.of({value(number): 1 for number in range(3)})


def test_a_hash_without_an_end_counts_for_as_long_as_ends_are_written() -> None:
    held = RevokedHashes.of({value(1): NEVER})
    assert held.holds_any([value(1)], datetime(2106, 1, 1, tzinfo=UTC))


# The file


def test_a_list_is_read_back_as_it_was_signed() -> None:
    written = a_list(value(7), value(8), version=3, end=NOW, sources=("gateway, FR, UCI", "é"))
    data = dump(written, organiser())
    assert matches(data)
    again = load("a list", data, organiser().public_key())
    assert again == written
    assert dict(again.hashes) == {value(7): NOW, value(8): NOW}
    assert dump(again, organiser()) == data


@settings(deadline=None)
@given(st.dictionaries(anything, ends, max_size=20), st.integers(1, MAX_VERSION), st.text())
def test_any_list_survives_its_file(held: dict[bytes, int], version: int, source: str) -> None:
    written = RevocationList(version, ISSUED, ISSUED, (source,), RevokedHashes.of(held))
    again = load("a list", dump(written, organiser()), organiser().public_key())
    assert again == written
    assert dict(again.hashes) == held


def refused(data: bytes, key: Ed25519PublicKey | None = None) -> str:
    """Why the list is refused."""
    with pytest.raises(RevocationError) as caught:
        load("a list", data, key or organiser().public_key())
    assert caught.value.name == "a list"
    assert caught.value.remedy.endswith(".")
    return caught.value.problem


def test_a_list_with_any_byte_changed_is_refused() -> None:
    data = dump(a_list(value(1), value(2)), organiser())
    for place in range(len(data)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(data)
            changed[place] ^= change
            assert refused(bytes(changed))


def test_a_list_cut_anywhere_or_longer_is_refused() -> None:
    data = dump(a_list(value(1)), organiser())
    for length in range(len(data)):
        assert refused(data[:length])
    assert refused(data + b"\0")
    assert refused(b"\0" + data)


def test_a_list_under_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.generate()
    assert "does not verify" in refused(dump(a_list(value(1)), other))
    assert "does not verify" in refused(dump(a_list(value(1)), organiser()), other.public_key())


def test_what_the_organiser_signed_for_another_purpose_is_no_list() -> None:
    for body in (b"kiosk-badge-1\0anything", b"", FORMAT[:-1], b"\n" + FORMAT):
        assert "not a signed revocation list" in refused(body + organiser().sign(body))


def test_what_is_no_list_is_refused() -> None:
    for data in (b"", b"{}", b"kiosk-trust-1\n", FORMAT, FORMAT + bytes(64)):
        assert refused(data)


HEADER = {
    "version": 1,
    "issued_at": ISSUED.isoformat(),
    "expires_at": ISSUED.isoformat(),
    "hashes": 1,
    "sources": [],
}
WRONG: list[dict[str, Any]] = [
    {"version": 0}, {"version": -1}, {"version": True}, {"version": "1"}, {"version": 1.0},
    {"version": MAX_VERSION + 1}, {"hashes": 0}, {"hashes": 2}, {"hashes": -1}, {"hashes": True},
    {"issued_at": "2021-11-22T08:00:00"}, {"issued_at": 7}, {"expires_at": None},
    {"sources": "one"}, {"sources": ["a"] * (MAX_SOURCES + 1)}, {"sources": None},
]  # fmt: skip


def signed(header: bytes, rest: bytes = value(1) + NEVER.to_bytes(4)) -> bytes:
    """A file of these parts under a good signature."""
    body = FORMAT + header + rest
    return body + organiser().sign(body)


def test_a_header_of_the_form_is_read() -> None:
    data = signed(json.dumps(HEADER).encode() + b"\n")
    assert load("a list", data, organiser().public_key()).version == 1


@pytest.mark.parametrize("changes", WRONG, ids=[f"case {n}" for n in range(len(WRONG))])
def test_a_signed_list_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    header = json.dumps({**HEADER, **changes}).encode()
    assert "not of the form" in refused(signed(header + b"\n"))


@pytest.mark.parametrize(
    "header",
    [b"", b"[]\n", b"7\n", b"{\n", b"{}\n", b"\xff\n", b"[" * 9_999 + b"\n", b" " * MAX_HEADER],
    ids=len,
)
def test_a_signed_list_with_a_broken_header_is_refused(header: bytes) -> None:
    assert "not of the form" in refused(signed(header))


def test_a_header_that_is_too_long_is_refused() -> None:
    header = json.dumps({**HEADER, "more": "x" * MAX_HEADER}).encode()
    assert "not of the form" in refused(signed(header + b"\n"))


def test_more_sources_than_a_list_tells_are_left_out() -> None:
    written = a_list(value(1), sources=tuple(str(number) for number in range(MAX_SOURCES + 5)))
    again = load("a list", dump(written, organiser()), organiser().public_key())
    assert len(again.sources) == MAX_SOURCES


# The key

FIELD = 2**255 - 19
D = -121665 * pow(121666, -1, FIELD) % FIELD
# What libraries take for keys of small order (RFC 8032 section 5.1.3, libsodium's list).
SMALL = [
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
]


def raw_key(encoded: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(encoded)


def signs(encoded: str) -> list[bytes]:
    """A point's encoding with either sign."""
    raw = bytes.fromhex(encoded)
    return [raw, raw[:31] + bytes([raw[31] | 0x80])]


@pytest.mark.parametrize("encoded", SMALL)
def test_a_key_of_small_order_or_of_a_second_encoding_is_refused(encoded: str) -> None:
    for raw in signs(encoded):
        assert not sound_ed25519(raw_key(raw))
        data = dump(a_list(value(1)), organiser())
        assert "proves nothing" in refused(data, raw_key(raw))


def test_the_library_would_let_a_key_of_small_order_sign_everything() -> None:
    """Why `sound_ed25519` is needed: with y = 1, R = the same point and s = 0 always fit."""
    point = bytes([1]) + bytes(31)
    for message in (b"one", b"another"):
        assert ed25519_verifies(raw_key(point), point + bytes(32), message)


def double(point: tuple[int, int]) -> tuple[int, int]:
    """Twice a point of the curve -x² + y² = 1 + d x² y²."""
    x, y = point
    product = D * x * x * y * y
    return (
        2 * x * y * pow(1 + product, -1, FIELD) % FIELD,
        (y * y + x * x) * pow(1 - product, -1, FIELD) % FIELD,
    )


def test_the_points_of_small_order_are_those_that_three_doublings_bring_home() -> None:
    for encoded in SMALL[:5]:
        y = int.from_bytes(bytes.fromhex(encoded), "little")
        square = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
        x = pow(square, (FIELD + 3) // 8, FIELD)
        if x * x % FIELD != square:
            x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
        assert x * x % FIELD == square
        assert double(double(double((x, y)))) == (0, 1)


def test_a_key_that_is_no_point_is_refused() -> None:
    no_point = next(
        raw
        for number in range(2, 50)
        if not sound_ed25519(raw_key(raw := number.to_bytes(32, "little")))
    )
    y = int.from_bytes(no_point, "little")
    square = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    assert pow(square, (FIELD - 1) // 2, FIELD) == FIELD - 1


def test_real_keys_are_sound() -> None:
    assert all(sound_ed25519(Ed25519PrivateKey.generate().public_key()) for _ in range(50))


# Which may follow which


def floor(version: int, digest: bytes = b"digest") -> Floor:
    return Floor(version, digest)


def test_a_first_list_may_have_any_version() -> None:
    check_floor("a list", floor(MAX_VERSION), None)


@pytest.mark.parametrize("step", [0, 1, MAX_JUMP])
def test_the_same_list_and_a_later_one_may_follow(step: int) -> None:
    check_floor("a list", floor(5 + step), floor(5))


@pytest.mark.parametrize(
    ("candidate", "problem"),
    [
        (floor(4), "version 4, and version 5 was installed"),
        (floor(5, b"other"), "another list under version 5"),
        (floor(5 + MAX_JUMP + 1), "too large a step"),
    ],
)
def test_a_way_back_another_content_and_a_leap_are_refused(candidate: Floor, problem: str) -> None:
    with pytest.raises(RevocationError, match=problem) as caught:
        check_floor("a list", candidate, floor(5))
    assert caught.value.name == "a list"
    assert caught.value.remedy.endswith(".")


def test_the_floor_is_the_version_and_the_very_bytes() -> None:
    held = a_list(value(1), version=9)
    data = dump(held, organiser())
    assert floor_of(held, data).version == 9
    assert floor_of(held, data) != floor_of(held, data + b"x")


def test_only_what_is_still_in_force_can_be_lost() -> None:
    def of(**held: int) -> RevocationList:
        named = {name.encode().ljust(16): end for name, end in held.items()}
        return RevocationList(1, ISSUED, ISSUED + FRESH, (), RevokedHashes.of(named))

    old = of(a=NOW + 10, b=NOW + 10, ended=NOW, c=NEVER)
    assert lost(old, old, AT) == 0
    assert lost(old, of(a=NOW + 5, b=NEVER, c=NOW + 1, d=NEVER), AT) == 0
    assert lost(old, of(a=NOW + 5, b=NOW), AT) == 2
    assert lost(old, of(), AT + timedelta(seconds=10)) == 1


def test_many_faults_are_told_up_to_a_number() -> None:
    error = faulty("a file", [f"line {number}: broken" for number in range(25)], "Mend it.")
    assert str(error).count("broken") == 20
    assert "and 5 more faults" in str(error)
    assert "more" not in str(faulty("a file", ["broken"] * 20, "Mend it."))
    told = str(faulty("a file", ["line 1: broken", "line 2: broken"], "Mend it."))
    assert told == "a file: nothing of it is used\n  line 1: broken\n  line 2: broken. Mend it."
