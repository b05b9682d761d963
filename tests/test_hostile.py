"""Whatever is held before the camera: an answer within bounds, never a crash, never a yes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cbor2 import CBORTag
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.cli.main import main
from kiosk.core.hcert import cbor, cose
from kiosk.core.hcert.envelope import MAX_INFLATED, open_envelope
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.verify import Failed, Indeterminate, Verification, Verified, Verifier
from kiosk.demo.issuer import text_of
from tests.certificates import AT, BASE45, claims, code_of, protected, raw_dcc, signer, trust
from tests.fuzz.mutations import CHUNK, inputs
from tests.fuzz.run import examine_all
from tests.fuzz.statistics import Statistics
from tests.hostile import known_attacks
from tests.lists import pem


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(trust(signer()))


def is_an_answer(verification: Verification) -> bool:
    return isinstance(verification, Verified | Failed | Indeterminate)


def test_no_known_attack_is_verified(verifier: Verifier) -> None:
    for text in known_attacks():
        assert isinstance(verifier.verify(text, AT), Failed | Indeterminate)


def test_of_fifty_thousand_mutations_none_is_forged_raises_or_takes_a_second() -> None:
    """`./run.sh fuzz` examines a million, of the same seed."""
    found = Statistics()
    for number in range(50_000 // CHUNK):
        found.merge(examine_all(number, seed=2021, limit=1.0))
    assert found.findings == []
    assert found.total == 50_000
    # Each layer has inputs that change nothing of what was signed: it is not refused as a whole.
    assert all(found.verified[layer] > 0 for layer in found.inputs)


def size_and_depth(item: Any) -> tuple[int, int]:
    if isinstance(item, CBORTag):
        inside = [size_and_depth(item.value)]
    elif isinstance(item, Mapping):
        inside = [size_and_depth(one) for pair in item.items() for one in pair]
    elif isinstance(item, list | tuple):
        inside = [size_and_depth(one) for one in item]
    else:
        return 1, 0
    return 1 + sum(size for size, _ in inside), 1 + max((deep for _, deep in inside), default=0)


def test_the_work_for_any_code_is_bounded() -> None:
    for text in [*known_attacks(), *(one.text for one in inputs(0, seed=2021))]:
        try:
            data = open_envelope(text)
            assert len(data) <= MAX_INFLATED
            message = cbor.decode(data, cbor.MESSAGE_TAGS)
            payload = cbor.decode(cose.parse(data).payload, cbor.DATE_TAGS)
        except DecodeError:
            continue
        for item in (message, payload):
            size, depth = size_and_depth(item)
            assert size <= cbor.MAX_ITEMS
            assert depth <= cbor.MAX_DEPTH


# Anything at all

ITEMS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.datetimes().map(lambda at: f"{at.isoformat()}Z")
    | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.integers(-300, 300), inner, max_size=4)
        | st.tuples(st.sampled_from([0, 1, 2, 4, 18, 24, 61, 1004]), inner).map(
            lambda pair: CBORTag(*pair)
        )
    ),
    max_leaves=8,
)
quietly = settings(deadline=None, derandomize=True, max_examples=300)


@given(
    st.text()
    | st.text(BASE45).map("HC1:{}".format)
    | st.binary().map(code_of)
    | st.binary().map(zlib.compress).map(code_of)
)
@quietly
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(Verifier(trust(signer())).verify(text, AT), Failed | Indeterminate)


@given(ITEMS | st.lists(ITEMS, min_size=4, max_size=4))
@quietly
def test_any_message_gets_an_answer(item: Any) -> None:
    for message in (item, CBORTag(18, item), CBORTag(61, CBORTag(18, item))):
        text = text_of(cbor2.dumps(message))
        assert isinstance(Verifier(trust(signer())).verify(text, AT), Failed | Indeterminate)


@given(ITEMS | st.dictionaries(st.sampled_from([1, 4, 6, -260]), ITEMS))
@quietly
def test_any_signed_claims_get_an_answer(item: Any) -> None:
    text = signer().sign_message(protected(), {}, cbor2.dumps(item))
    assert isinstance(Verifier(trust(signer())).verify(text, AT), Failed)


@given(
    group=st.sampled_from("vtr"),
    key=st.sampled_from(["tg", "dn", "sd", "dt", "mp", "tt", "sc", "tr", "fr", "df", "du"]),
    value=ITEMS,
    head=st.dictionaries(st.sampled_from(["nam", "dob", "v", "t", "r"]), ITEMS, max_size=1),
)
@quietly
def test_any_signed_field_gets_an_answer(
    group: str, key: str, value: Any, head: dict[str, Any]
) -> None:
    dcc = {**raw_dcc(group, **{key: value}), **head}
    text = signer().sign({**claims(group), -260: {1: dcc}})
    assert is_an_answer(Verifier(trust(signer())).verify(text, AT))


# Hostile files for `kiosk verify`


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content).to_bytes(4)
        return len(content).to_bytes(4) + kind + content + checksum

    size = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


WHITE = png(64, 64, zlib.compress((b"\0" + b"\xff" * 64) * 64))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "input_empty"),
        (b"\n\r\n \n", "input_empty"),
        (bytes(range(256)) * 20, "input_neither_text_nor_picture"),
        ("HC1:".encode("utf-16"), "input_neither_text_nor_picture"),
        (b"GIF89a\xff\xff", "input_neither_text_nor_picture"),
        (b"\x89PNG", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_picture"),
        (b"\xff\xd8\xff" + bytes(100), "not_a_picture"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "not_a_picture"),
        (WHITE, "picture_without_code"),
        (WHITE[:40], "not_a_picture"),
        (png(60_000, 60_000, zlib.compress(bytes(100))), "picture_too_large"),
        (png(0, 0, b""), "not_a_picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_nothing_to_read_is_told_with_a_code_and_status_2(
    content: bytes, reason: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "input").write_bytes(content)
    assert rejected(tmp_path / "input", tmp_path, capfd) == [reason]


def test_a_folder_a_missing_file_and_a_huge_one_are_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert rejected(tmp_path, tmp_path, capfd) == ["input_is_folder"]
    assert rejected(tmp_path / "absent.png", tmp_path, capfd) == ["input_not_found"]
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(30_000_000)
    assert rejected(tmp_path / "huge.png", tmp_path, capfd) == ["input_too_large"]


def rejected(path: Path, folder: Path, capfd: pytest.CaptureFixture[str]) -> list[str]:
    """The reasons that the command gives for it, with and without --json."""
    (folder / "trust.pem").write_bytes(pem(signer()))
    options = ["verify", "--trust", str(folder / "trust.pem"), str(path)]
    assert main(options) == 2
    told = capfd.readouterr().out
    assert main([*options, "--json"]) == 2
    answer = json.loads(capfd.readouterr().out)
    assert answer["outcome"] == "failed"
    assert all(f"  {reason}: " in told for reason in answer["reasons"])
    assert ": unreadable" not in told
    return list(answer["reasons"])


def test_hostile_lines_in_a_file_each_get_their_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trust.pem").write_bytes(pem(signer()))
    texts = [one.text for one in inputs(1, seed=2021)][:200]
    texts = [text for text in texts if len(text.splitlines()) == 1 and text.strip()]
    (tmp_path / "codes.txt").write_text("\n".join(texts), encoding="utf-8")
    options = ["verify", "--trust", str(tmp_path / "trust.pem"), "--json"]
    assert main([*options, "--at", AT.isoformat(), str(tmp_path / "codes.txt")]) == 1
    captured = capfd.readouterr()
    assert len(captured.out.splitlines()) == len(texts)
    assert captured.err == ""
