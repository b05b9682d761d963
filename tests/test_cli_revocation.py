"""The commands about revocation, and that no identifier in clear is ever kept, told or logged."""

from __future__ import annotations

import io
import json
import logging
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.adapters.revocation.blocklist import FILE, FOLDER, open_blocklist
from kiosk.adapters.revocation.lists import FOLDER as REVOCATION
from kiosk.adapters.revocation.lists import LIST, installed_list
from kiosk.adapters.system.keys import badge_public_key
from kiosk.cli.main import main
from kiosk.core.reasons import Reason
from kiosk.core.revocation.marks import mark_of_identifier
from kiosk.core.trust.formats import own
from tests.certificates import AT, claims, signer, trust
from tests.revocations import CANARY, batch_bytes, organiser, organiser_pem, value

Captured = pytest.CaptureFixture[str]
FAR = {"expires": "2999-01-01T00:00:00Z"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def revocation(state: Path, *arguments: object) -> int:
    return main(["revocation", *map(str, arguments), "--state", str(state)])


def blocklist(state: Path, *arguments: object) -> int:
    return main(["blocklist", *map(str, arguments), "--state", str(state)])


def source(folder: Path, data: bytes | str, name: str = "source.json") -> Path:
    """A file to be read."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def signed(tmp_path: Path, state: Path, data: bytes | str, *more: object) -> Path:
    """The list that `kiosk revocation sign` makes of a source."""
    out = tmp_path / "revocation.list"
    assert revocation(state, "sign", source(tmp_path, data), "--out", out, *more) == 0
    return out


def hashes(state: Path) -> set[bytes]:
    revoked = installed_list(state, lambda: badge_public_key(state))
    return {one for one, _ in revoked.hashes} if revoked else set()


@pytest.mark.parametrize("command", ["revocation", "blocklist"])
def test_the_commands_have_help(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert "show" in capsys.readouterr().out


# kiosk revocation


def test_batches_are_signed_on_one_pc_and_installed_on_a_kiosk(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    out = signed(tmp_path, state, batch_bytes(value(1), value(2), **FAR))
    told = capsys.readouterr().out
    assert "version 1, 2 hashes" in told
    assert "from gateway, FR, UCI" in told
    assert revocation(state, "install", out) == 0
    assert hashes(state) == {value(1), value(2)}
    assert revocation(state, "show") == 0
    assert "version 1, 2 hashes" in capsys.readouterr().out


def test_a_list_that_is_signed_again_holds_the_former_one(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    signed(tmp_path, state, batch_bytes(value(1), **FAR))
    out = signed(tmp_path, state, value(2).hex())
    assert revocation(state, "install", out) == 0
    assert hashes(state) == {value(1), value(2)}
    told = capsys.readouterr().out
    assert "version 2, 2 hashes" in told
    assert revocation(state, "sign", "--out", out) == 0  # nothing new: fresh for another week
    assert "version 3, 2 hashes" in capsys.readouterr().out


def test_what_has_ended_is_left_out_and_counted(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    signed(tmp_path, state, batch_bytes(value(1), value(2), expires="2021-12-31T00:00:00Z"))
    told = capsys.readouterr().out
    assert "left out: 2 hashes" in told
    assert "version 1, 0 hashes" in told


def test_a_folder_of_batches_is_read_with_progress(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    folder = tmp_path / "batches"
    folder.mkdir()
    for number in range(45):
        source(folder, batch_bytes(value(number), **FAR), f"{number}.json")
    source(folder, "not a batch", ".hidden")
    out = tmp_path / "out"
    assert revocation(state, "sign", folder, "--out", out) == 0
    told = capsys.readouterr()
    assert "45 hashes" in told.out
    assert told.err == "20 of 45 files read\n40 of 45 files read\n"


def test_one_broken_source_and_nothing_is_written(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    good = source(tmp_path, batch_bytes(**FAR), "good.json")
    bad = source(tmp_path, batch_bytes(country=""), "bad.json")
    worse = source(tmp_path, "neither\nnor", "worse.txt")
    out = tmp_path / "out"
    assert revocation(state, "sign", good, bad, worse, tmp_path / "absent", "--out", out) == 2
    told = capsys.readouterr().err
    for fault in ("bad.json", "country", "worse.txt", "line 1", "line 2", "absent"):
        assert fault in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ((), "no source"),
        (("--days", 0), "--days 0"),
        (("--days", 9_999_999_999), "--days"),
        (("--version", -1), "--version -1"),
        (("--version", 2**31), "--version"),
        (("--key", __file__), "Ed25519"),
        (("--key", "/absent"), "No such file"),
    ],
)
def test_signing_asks_for_what_it_needs(
    tmp_path: Path, state: Path, capsys: Captured, arguments: tuple[object, ...], fault: str
) -> None:
    assert revocation(state, "sign", *arguments, "--out", tmp_path / "out") == 2
    assert fault in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_out_file_that_is_something_else_is_not_overwritten(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    mine = source(tmp_path, "my notes", "notes.txt")
    assert revocation(state, "sign", source(tmp_path, value(1).hex()), "--out", mine) == 2
    assert "not a signed revocation list" in capsys.readouterr().err
    assert mine.read_text() == "my notes"


def test_an_out_file_that_cannot_be_written_is_told(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    file = source(tmp_path, value(1).hex())
    assert revocation(state, "sign", file, "--out", file / "below") == 2
    assert "--out" in capsys.readouterr().err


def test_a_key_of_its_own_signs_and_is_pinned(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    private = organiser().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = source(tmp_path, private, "key.pem")
    public = source(tmp_path, organiser_pem(), "key.pub.pem")
    out = signed(tmp_path, state, value(1).hex(), "--key", key)
    assert revocation(state, "show", out) == 2
    assert revocation(state, "show", out, "--key", public) == 0
    assert revocation(state, "install", out) == 2
    assert "badge key" in capsys.readouterr().err
    assert revocation(state, "install", out, "--key", public) == 0
    assert revocation(state, "show") == 0
    assert "version 1, 1 hash\n" in capsys.readouterr().out


def test_installing_tells_what_it_replaced_and_what_is_gone(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    out = signed(tmp_path, state, "\n".join(value(number).hex() for number in range(3)))
    assert revocation(state, "install", out) == 0
    assert revocation(state, "install", out) == 0
    assert "installed already" in capsys.readouterr().out
    out.unlink()
    out = signed(tmp_path, state, value(1).hex(), "--version", 2)
    assert revocation(state, "install", out) == 2
    assert "--allow-fewer" in capsys.readouterr().err
    assert revocation(state, "install", out, "--allow-fewer") == 0
    told = capsys.readouterr().out
    assert "replaced: version 1 with 3 hashes" in told
    assert "not revoked any more: 2 hashes" in told


def test_a_state_folder_without_a_list_says_so(state: Path, capsys: Captured) -> None:
    assert revocation(state, "show") == 0
    assert "No revocation list is installed" in capsys.readouterr().out


def test_a_file_that_is_no_list_is_told(tmp_path: Path, state: Path, capsys: Captured) -> None:
    signed(tmp_path, state, value(1).hex())
    for action in ("show", "install"):
        assert revocation(state, action, source(tmp_path, "x")) == 2
        assert "not a signed revocation list" in capsys.readouterr().err


def test_a_state_folder_that_cannot_be_written_is_told(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    out = signed(tmp_path, state, value(1).hex())
    source(state, "a file in the way", REVOCATION)
    assert revocation(state, "install", out) == 2
    assert capsys.readouterr().err.startswith("kiosk: ")


# kiosk blocklist


def test_keys_and_certificates_are_blocked(tmp_path: Path, state: Path, capsys: Captured) -> None:
    file = source(tmp_path, f"{CANARY}\n\n urn:uvci:01:xx:other \n")
    whole = sha256(b"URN:UVCI:01:XX:THIRD").digest()
    kids = ("--kid", "53f38e8d7fe3689b", "--kid", b64encode(b"Key3RE").decode())
    marks = ("--uvci-hash", whole.hex(), "--uvci-hash", b64encode(value(9)).decode())
    assert blocklist(state, "add", *kids, *marks, "--uvci", file, "--source", "a newspaper") == 0
    told = capsys.readouterr().out
    assert "key 53f38e8d7fe3689b (8 bytes)\nkey 4b6579335245 (6 bytes)" in told
    assert "2 keys, 4 certificates; 0 were blocked before" in told
    blocked = open_blocklist(state)
    assert blocked.kids == {bytes.fromhex("53f38e8d7fe3689b"), b"Key3RE"}
    assert blocked.marks == {
        mark_of_identifier(CANARY),
        mark_of_identifier("URN:UVCI:01:XX:OTHER"),
        whole[:16],
        value(9),
    }
    assert blocklist(state, "add", *kids, "--uvci", file) == 0
    assert "0 keys, 0 certificates; 4 were blocked before" in capsys.readouterr().out


def test_an_identifier_may_come_from_standard_input(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CANARY.encode() + b"\n")))
    assert blocklist(state, "add", "--uvci", "-") == 0
    assert open_blocklist(state).marks == {mark_of_identifier(CANARY)}


def test_whoever_types_an_identifier_is_told_how_to_end(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    typed = io.TextIOWrapper(io.BytesIO(CANARY.encode() + b"\n"))
    monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", typed)
    assert blocklist(state, "add", "--uvci", "-") == 0
    assert "Ctrl-D" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", None)
    assert blocklist(state, "add", "--uvci", "-") == 2


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ((), "nothing to block"),
        (("--kid", ""), "--kid takes"),
        (("--kid", "xyz"), "--kid takes"),
        (("--kid", "00" * 33), "--kid takes"),
        (("--uvci-hash", CANARY), "--uvci-hash takes"),
        (("--uvci-hash", "00" * 20), "--uvci-hash takes"),
        (("--uvci", "/absent"), "No such file"),
    ],
)
def test_what_is_to_be_blocked_must_be_clear(
    state: Path, capsys: Captured, arguments: tuple[str, ...], fault: str
) -> None:
    assert blocklist(state, "add", *arguments) == 2
    told = capsys.readouterr().err
    assert fault in told
    assert CANARY not in told
    assert not state.exists()


FAULTY_LINES = [
    (f"{CANARY}\nHC1:{CANARY}", "line 2: the code of a certificate"),
    (f"{CANARY}\n\n{value(1).hex()}", "line 3: a hash already"),
    ("abc", "line 1: too short"),
    ("URN:UVCI:ab", "line 1: too short"),
    (CANARY * 20, "line 1: too short or too long"),
    ("\n \n", "nothing of it is used"),
    ("\xff", "not UTF-8"),
    ("A" * (1024 * 1024 + 1), "is too large"),
]


@pytest.mark.parametrize(("text", "fault"), FAULTY_LINES, ids=[f for _, f in FAULTY_LINES])
def test_a_file_of_identifiers_with_a_fault_blocks_nothing(
    tmp_path: Path, state: Path, capsys: Captured, text: str, fault: str
) -> None:
    file = source(tmp_path, text.encode("latin-1"))
    assert blocklist(state, "add", "--uvci", file) == 2
    told = capsys.readouterr().err
    assert fault in told
    assert "CANARY" not in told
    assert not state.exists()


def test_too_much_on_standard_input_blocks_nothing(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.BytesIO(b"URN:UVCI:01:XX:AAAA\n" * 60_000)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(lines))
    assert blocklist(state, "add", "--uvci", "-") == 2
    assert not state.exists()


def test_a_blocklist_is_shown_by_source_and_date(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    file = source(tmp_path, CANARY)
    blocklist(state, "add", "--kid", "aabb", "--uvci", file, "--source", "a newspaper")
    blocklist(state, "add", "--kid", "ccdd")
    capsys.readouterr()
    assert blocklist(state, "show") == 0
    told = capsys.readouterr().out
    assert "blocked: 2 keys, 1 certificate" in told
    assert "1 key, 1 certificate, " in told
    assert ": a newspaper" in told
    assert ": by hand" in told
    assert "key aabb" in told
    assert mark_of_identifier(CANARY).hex() not in told


def test_another_kiosks_blocklist_is_taken_over(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    blocklist(tmp_path / "other", "add", "--kid", "aabb", "--kid", "ccdd", "--source", "news")
    blocklist(state, "add", "--kid", "aabb")
    other = tmp_path / "other" / FOLDER / FILE
    assert blocklist(state, "import", other) == 0
    assert "1 key, 0 certificates; 1 was blocked before" in capsys.readouterr().out
    assert open_blocklist(state).entries[-1].source == "news (blocklist.txt)"
    assert blocklist(state, "import", tmp_path / "absent") == 2
    assert blocklist(state, "import", source(tmp_path, "x")) == 2


def test_a_damaged_blocklist_is_mended_from_its_sound_lines(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    blocklist(state, "add", "--kid", "aabb", "--kid", "ccdd", "--kid", "eeff")
    path = state / FOLDER / FILE
    path.write_bytes(path.read_bytes().replace(b"ccdd", b"ccde"))
    capsys.readouterr()
    assert blocklist(state, "show") == 2
    assert "line 2 is damaged" in capsys.readouterr().err
    assert blocklist(state, "add", "--kid", "0011") == 2
    moved = path.rename(tmp_path / "moved.txt")
    assert blocklist(state, "import", moved) == 2
    assert blocklist(state, "import", moved, "--sound-lines") == 0
    assert "not taken: line 2 is damaged" in capsys.readouterr().out
    assert open_blocklist(state).kids == {b"\xaa\xbb", b"\xee\xff"}


def test_a_blocklist_that_cannot_be_written_is_told(tmp_path: Path, capsys: Captured) -> None:
    file = source(tmp_path, "in the way", "state")
    assert blocklist(file, "add", "--kid", "aabb") == 2
    assert "--state" in capsys.readouterr().err
    assert blocklist(file, "show") == 2


# kiosk verify, and a door


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    return source(tmp_path, own.dump(trust(signer())), "trust.json")


def verified(state: Path, trusted: Path, *more: object) -> int:
    text = signer().sign(claims("v", ci=CANARY))
    arguments = [text, "--trust", trusted, "--at", AT.isoformat(), "--state", state, *more]
    return main(["verify", *map(str, arguments)])


def test_verify_uses_the_lists_of_the_state_folder(
    tmp_path: Path, state: Path, trusted: Path, capsys: Captured
) -> None:
    assert verified(state, trusted) == 0
    out = signed(tmp_path, state, mark_of_identifier(CANARY).hex())
    revocation(state, "install", out)
    capsys.readouterr()
    assert verified(state, trusted) == 1
    told = capsys.readouterr().out
    assert Reason.CERTIFICATE_REVOKED.value in told
    assert "revoked: 1 hash, list of" in told


def test_verify_uses_the_lists_that_are_named(
    tmp_path: Path, state: Path, trusted: Path, capsys: Captured
) -> None:
    out = signed(tmp_path, state, mark_of_identifier(CANARY).hex(), "--days", 1)
    other = tmp_path / "other"
    assert verified(other, trusted, "--revocation", out) == 2  # no key to check it with
    key = state / "keys" / "badge-key.pub.pem"
    assert verified(other, trusted, "--revocation", out, "--revocation-key", key) == 1
    capsys.readouterr()
    assert verified(other, trusted, "--revocation", out, "--revocation-key", key, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["reasons"] == ["certificate_revoked"]

    blocklist(state, "add", "--kid", signer().kid.hex())
    blocked = state / FOLDER / FILE
    assert verified(other, trusted, "--blocklist", blocked) == 1
    assert "signer_revoked" in capsys.readouterr().out
    assert verified(other, trusted, "--blocklist", tmp_path / "absent") == 2
    assert verified(other, trusted, "--blocklist", source(tmp_path, "x")) == 2


def test_verify_tells_of_a_list_past_its_end(
    tmp_path: Path, state: Path, trusted: Path, capsys: Captured
) -> None:
    out = signed(tmp_path, state, value(1).hex())
    revocation(state, "install", out)
    blocklist(state, "add", "--kid", "aabb")
    assert main(["verify", "HC1:6BF", "--trust", str(trusted), "--state", str(state),
                 "--at", "2999-01-01T00:00:00Z"]) == 1  # fmt: skip
    told = capsys.readouterr().out
    assert "past its end" in told
    assert "blocked: 1 key, 0 certificates" in told


def test_a_door_does_not_open_on_damaged_lists(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    event = Path(__file__).parents[1] / "assets" / "events" / "saint-ouen-2021.toml"
    run = ["run", "--event", str(event), "--mode", "desk", "--state", str(state)]
    revocation(state, "install", signed(tmp_path, state, value(1).hex()))
    path = state / REVOCATION / LIST
    path.write_bytes(path.read_bytes() + b"x")
    assert main(run) == 2
    assert "does not verify" in capsys.readouterr().err
    path.unlink()
    (path.parent / "floor.json").unlink()
    blocklist(state, "add", "--kid", "aabb")
    file = state / FOLDER / FILE
    file.write_bytes(file.read_bytes().replace(b"aabb", b"aabc"))
    assert main(run) == 2
    assert "line 1 is damaged" in capsys.readouterr().err


# Privacy


def test_no_identifier_in_clear_is_kept_told_or_logged(
    tmp_path: Path,
    state: Path,
    trusted: Path,
    capsys: Captured,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A canary goes through every command: in clear, in good and in broken files."""
    caplog.set_level(logging.DEBUG)
    file = source(tmp_path, CANARY, "identifiers.txt")
    mixed = source(tmp_path, f"{CANARY}\nHC1:{CANARY}\n{CANARY * 20}\n", "mixed.txt")
    blocklist(state, "add", "--uvci", file)
    blocklist(state, "add", "--uvci", mixed)
    blocklist(state, "add", "--uvci-hash", CANARY)
    blocklist(state, "add", "--kid", CANARY)
    blocklist(state, "import", file)
    blocklist(state, "show")
    revocation(state, "sign", file, mixed, "--out", tmp_path / "out")
    revocation(state, "sign", source(tmp_path, json.dumps([CANARY])), "--out", tmp_path / "out")
    revocation(state, "sign", source(tmp_path, json.dumps({"entries": [CANARY], "kid": CANARY})),
               "--out", tmp_path / "out")  # fmt: skip
    revocation(state, "install", signed(tmp_path, state, mark_of_identifier(CANARY).hex()))
    revocation(state, "show")
    verified(state, trusted)
    verified(state, trusted, "--json")

    told = capsys.readouterr()
    kept = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
    for place in (told.out, told.err, caplog.text, kept.decode("latin-1")):
        assert "CANARY" not in place.upper()
        assert mark_of_identifier(CANARY).hex() not in told.out + told.err + caplog.text
