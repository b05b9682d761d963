"""`kiosk verify`, as it is called: what it prints, and the status it ends with."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cbor2
import cv2
import numpy as np
import pytest
import segno

from kiosk.cli.main import main
from kiosk.core.notes import Note, meaning
from kiosk.core.trust.formats import own
from kiosk.demo.issuer import make_issuer
from tests.certificates import AT, claims, rsa_signer, signer, trust
from tests.lists import german, pem, pinned, row

ROOT = Path(__file__).resolve().parents[1]
EVENT = ROOT / "assets/events/saint-ouen-2021.toml"
AT_TEXT = "2021-11-22T08:00:00Z"
KEYS = {
    "input",
    "outcome",
    "reasons",
    "signer",
    "entry",
    "policy",
    "country",
    "unknown_codes",
    "notes",
}
NOT_JUDGED = {"outcome": "not_judged", "reasons": [], "rules": []}
ACCEPTED = {"outcome": "accepted", "reasons": [], "rules": []}

Answers = tuple[int, list[dict[str, Any]]]
Command = Callable[..., Answers]


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    """A file of the certificates that are trusted."""
    path = tmp_path / "trust.pem"
    path.write_bytes(pem(signer()))
    return path


@pytest.fixture
def verify(trusted: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command with --json; its status and its answers."""

    def run(*arguments: object) -> Answers:
        options = ["--json", "--at", AT_TEXT, "--trust", str(trusted)]
        status = main(["verify", *options, *map(str, arguments)])
        captured = capsys.readouterr()
        assert captured.err == ""
        answers = [json.loads(line) for line in captured.out.splitlines()]
        assert all(answer.keys() == KEYS for answer in answers)
        assert all(answer["policy"].keys() == {"outcome", "reasons", "rules"} for answer in answers)
        return status, answers

    return run


def good() -> str:
    return signer().sign(claims())


def unknown() -> str:
    return make_issuer("XX").sign(claims())


def outcomes(answers: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(answer["outcome"], answer["reasons"]) for answer in answers]


# One answer


def test_a_verified_certificate_is_told_with_its_signer_and_its_kind(verify: Command) -> None:
    text = good()
    assert verify(text) == (
        0,
        [
            {
                "input": text,
                "outcome": "verified",
                "reasons": [],
                "signer": {"kid": signer().kid.hex(), "country": "FR"},
                "entry": "vaccination",
                "policy": NOT_JUDGED,
                "country": None,
                "unknown_codes": [],
                "notes": [],
            }
        ],
    )


def test_a_failed_certificate_is_told_with_its_reason(verify: Command) -> None:
    status, (answer,) = verify(signer().sign({**claims(), 4: int(AT.timestamp()) - 1}))
    assert (status, answer["outcome"]) == (1, "failed")
    assert answer["reasons"] == ["certificate_expired"]
    assert answer["entry"] == "vaccination"
    assert answer["policy"] == NOT_JUDGED


def test_an_undecided_certificate_is_told_with_its_reason(verify: Command) -> None:
    status, (answer,) = verify(unknown())
    assert (status, answer["outcome"], answer["reasons"]) == (
        1,
        "indeterminate",
        ["signer_unknown"],
    )
    assert answer["entry"] is None
    assert answer["signer"]["country"] is None


def test_a_code_of_another_kind_is_told_with_its_reason(verify: Command) -> None:
    status, (answer,) = verify("LT1:6BFOXN")
    assert (status, answer["outcome"], answer["reasons"]) == (1, "failed", ["code_swiss_light"])
    assert answer["signer"] is None


# Where codes come from


def test_each_line_of_a_file_is_a_code(verify: Command, tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_bytes(f"{good()}\r\n\r\n{unknown()}\nHC1:GGX\n".encode("utf-8-sig"))
    status, answers = verify(path)
    assert status == 1
    assert outcomes(answers) == [
        ("verified", []),
        ("indeterminate", ["signer_unknown"]),
        ("failed", ["base45_invalid"]),
    ]
    assert [answer["input"] for answer in answers] == [f"{path}:{n}" for n in (1, 2, 3)]


def test_a_file_with_one_code_is_told_by_its_name(verify: Command, tmp_path: Path) -> None:
    path = tmp_path / "code.txt"
    path.write_text(good() + "\n")
    assert verify(path)[1][0]["input"] == str(path)


def test_spaces_of_a_line_are_not_taken_off(verify: Command, tmp_path: Path) -> None:
    path = tmp_path / "code.txt"
    path.write_text(f" {good()}\n{good()} \n")
    assert outcomes(verify(path)[1]) == [
        ("failed", ["code_unknown"]),
        ("failed", ["base45_invalid"]),
    ]


def test_a_dash_is_the_standard_input(verify: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(good().encode() + b"\n")))
    status, (answer,) = verify("-")
    assert (status, answer["input"], answer["outcome"]) == (0, "-", "verified")


def picture(kind: str, *texts: str) -> bytes:
    codes = []
    for text in texts:
        rows = segno.make(text, error="m", boost_error=False, micro=False).matrix
        dark = np.pad(np.array([list(one) for one in rows], np.uint8), 6)
        codes.append(np.kron(255 - 255 * dark, np.ones((4, 4), np.uint8)).astype(np.uint8))
    height = max(code.shape[0] for code in codes)
    padded = [np.pad(c, ((0, height - c.shape[0]), (0, 0)), constant_values=255) for c in codes]
    done, data = cv2.imencode(kind, np.hstack(padded))
    assert done
    return bytes(data.tobytes())


@pytest.mark.parametrize("kind", [".png", ".jpg"])
def test_a_picture_of_a_code_is_read(verify: Command, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"pass de Zoé{kind}"
    path.write_bytes(picture(kind, good()))
    status, (answer,) = verify(path)
    assert (status, answer["input"], answer["outcome"]) == (0, str(path), "verified")


def test_a_picture_is_known_by_its_content(verify: Command, tmp_path: Path) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(picture(".png", good()))
    assert outcomes(verify(path)[1]) == [("verified", [])]


def test_each_code_of_a_picture_has_its_answer(verify: Command, tmp_path: Path) -> None:
    path = tmp_path / "two.png"
    path.write_bytes(picture(".png", good(), unknown()))
    status, answers = verify(path)
    assert status == 1
    assert sorted(outcomes(answers)) == [("indeterminate", ["signer_unknown"]), ("verified", [])]


def test_the_worst_input_decides_the_status(verify: Command, tmp_path: Path) -> None:
    assert verify(good(), good())[0] == 0
    assert verify(good(), unknown())[0] == 1
    assert verify(good(), tmp_path / "absent.png", unknown())[0] == 2
    assert verify(tmp_path / "absent.png", good())[0] == 2


# What is no input


def test_a_picture_of_a_hostile_size_is_told_and_the_next_input_is_verified(
    verify: Command, tmp_path: Path
) -> None:
    paths = []
    for width, height in ((33_000, 40), (40_000, 1), (1_000_000, 20), (20, 70_000)):
        paths.append(tmp_path / f"{width}.png")
        done, data = cv2.imencode(".png", np.zeros((height, width), np.uint8))
        assert done
        paths[-1].write_bytes(bytes(data.tobytes()))
    status, answers = verify(*paths, good())
    assert status == 2
    too_large = ("failed", ["picture_too_large"])
    assert outcomes(answers) == [too_large] * len(paths) + [("verified", [])]


def test_a_device_or_a_pipe_is_not_read_and_the_next_input_is_verified(
    verify: Command, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused = ("failed", ["input_not_a_file"])
    status, answers = verify("/dev/zero", tmp_path / "pipe", good())
    assert (status, outcomes(answers)) == (2, [refused, refused, ("verified", [])])


def test_a_file_larger_than_any_picture_is_not_read(verify: Command, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(3_000_000_000)
    assert outcomes(verify(tmp_path / "large")[1]) == [("failed", ["input_too_large"])]
    assert outcomes(verify(tmp_path)[1]) == [("failed", ["input_is_folder"])]


@pytest.mark.parametrize("name", ["foo.pdf", "foo/bar", "203", "C:\\pass", "pass.mp4", "/x", "./x"])
def test_a_mistyped_name_of_a_file_is_not_a_code(verify: Command, name: str) -> None:
    status, answers = verify(name)
    assert (status, outcomes(answers)) == (2, [("failed", ["input_not_found"])])


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS", "ftp", "file"])
def test_an_address_is_not_fetched_and_told_as_it_was_given(verify: Command, scheme: str) -> None:
    address = f"{scheme}://example.org/pass.png"
    status, answers = verify(address)
    assert (status, outcomes(answers)) == (2, [("failed", ["input_is_address"])])
    assert answers[0]["input"] == address


def test_an_address_in_a_file_is_a_code_like_others(verify: Command, tmp_path: Path) -> None:
    file = tmp_path / "codes.txt"
    file.write_text("https://example.org/pass.png\n", encoding="utf-8")
    assert verify(str(file))[0] == 1


def test_an_empty_argument_is_no_code(verify: Command) -> None:
    assert outcomes(verify("", " ")[1]) == [("failed", ["input_empty"])] * 2
    assert verify("")[0] == 2


@pytest.mark.parametrize("prefix", ["XC1:", "", "HC1", "B1:", "LT1:", "shc:/"])
def test_a_code_with_another_or_a_damaged_prefix_is_a_text(verify: Command, prefix: str) -> None:
    status, (answer,) = verify(prefix + good().removeprefix("HC1:") + "/.ABC")
    assert (status, answer["outcome"]) == (1, "failed")
    assert not answer["reasons"][0].startswith("input_")


@pytest.mark.parametrize("text", ["B1:ABC.DE", "LT1:6BF/X.A", "shc:/5676", "NL2:A/B"])
def test_a_short_code_of_a_known_kind_is_a_text(verify: Command, text: str) -> None:
    assert verify(text)[0] == 1


# The event


def test_an_event_judges_what_is_verified(verify: Command) -> None:
    status, answers = verify("--event", EVENT, good())
    assert (status, answers[0]["policy"]) == (0, ACCEPTED)


def test_a_certificate_that_the_event_does_not_accept_is_told_with_every_reason(
    verify: Command,
) -> None:
    old = {"sc": "2021-11-01T00:00:00Z", "tr": "260373001"}
    status, (answer,) = verify("--event", EVENT, signer().sign(claims("t", **old)))
    assert (status, answer["outcome"], answer["reasons"]) == (1, "verified", [])
    assert answer["policy"] == {
        "outcome": "not_accepted",
        "reasons": ["test_positive", "test_too_old"],
        "rules": ["TR-ZZ-0001", "TR-ZZ-0004"],
    }


def test_an_event_does_not_judge_what_is_not_verified(verify: Command) -> None:
    status, (answer,) = verify("--event", EVENT, unknown())
    assert (status, answer["policy"]) == (1, NOT_JUDGED)


# What people read


def test_without_json_people_read_what_it_is_and_who_signed_it(
    trusted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--trust", str(trusted), "--at", AT_TEXT, "--event", str(EVENT)]
    assert main(["verify", *options, good(), unknown()]) == 1
    told = capsys.readouterr().out
    assert "trust: 1 signer from trust.pem" in told
    assert ": verified\n" in told
    assert f"signer: FR, key {signer().kid.hex()}" in told
    assert "holder: Zoé Garnier, born 1980-01-01" in told
    assert "vaccination: dose 2 of 2 on 2021-06-15, EU/1/20/1528" in told
    assert "policy: accepted" in told
    assert "signer_unknown: The signer of this certificate is not in the trust list." in told


def test_what_was_tolerated_is_told_with_what_it_means(
    trusted: Path, verify: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = signer().sign(claims("t", sc="2021-11-21T12:00", tc=" Centre ", ci="URN:UVCI:01:FR:X#Q"))
    _, (answer,) = verify(odd)
    assert answer["notes"] == [
        "date_repaired", "zone_missing", "text_trimmed", "uvci_checksum_wrong",
    ]  # fmt: skip
    main(["verify", "--trust", str(trusted), "--at", AT_TEXT, odd])
    told = capsys.readouterr().out
    for note in map(Note, answer["notes"]):
        assert f"  note {note}: {meaning(note)}\n" in told


def test_notes_stand_beside_a_refusal_too(verify: Command) -> None:
    late = {**claims(), 1: None, 4: claims()[6] + 1}
    header = {4: signer().kid}, {1: -7}
    text = signer().sign_message(cbor2.dumps(header[0]), header[1], cbor2.dumps(late))
    _, (answer,) = verify(text)
    assert answer["reasons"] == ["certificate_expired"]
    assert answer["notes"] == ["algorithm_unprotected", "issuer_missing"]


def test_nothing_that_a_stranger_wrote_steers_the_terminal(
    trusted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = signer().sign(claims(mp="\x1b[2J\x1b]0;title\x07\nverified"))
    assert main(["verify", "--trust", str(trusted), "--at", AT_TEXT, text, "a\x1b[31mb"]) == 1
    told = capsys.readouterr().out
    assert all(character.isprintable() or character == "\n" for character in told)
    assert "\nverified" not in told


# Trust


def test_without_trust_the_state_folder_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "trust.json").write_bytes(own.dump(trust(signer())))
    assert main(["verify", "--json", "--at", AT_TEXT, "--state", str(tmp_path), good()]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "verified"


def test_without_any_trust_nothing_is_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--json", "--at", AT_TEXT, "--state", str(tmp_path), good()]) == 1
    assert json.loads(capsys.readouterr().out)["reasons"] == ["trust_list_empty"]


@pytest.fixture
def signed_list(tmp_path: Path) -> Path:
    """A signed list, and its key beside it under a name that nobody looks for."""
    (tmp_path / "list.json").write_bytes(german(row(signer())))
    (tmp_path / "publisher.pem").write_bytes(pinned())
    return tmp_path / "list.json"


def test_a_signed_list_is_used_with_its_key(
    signed_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = signed_list.with_name("publisher.pem")
    options = ["--trust", str(signed_list), "--trust-key", str(key), "--at", AT_TEXT]
    assert main(["verify", "--json", *options, good()]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "verified"


def test_several_lists_are_used_together(
    signed_list: Path, trusted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trusted.write_bytes(pem(rsa_signer()))
    key = signed_list.with_name("publisher.pem")
    options = ["--trust", str(signed_list), "--trust", str(trusted), "--trust-key", str(key)]
    texts = [good(), rsa_signer().sign(claims())]
    assert main(["verify", "--json", *options, "--at", AT_TEXT, *texts]) == 0
    assert capsys.readouterr().out.count('"verified"') == 2


@pytest.mark.parametrize(
    ("at", "age"),
    [
        ("2021-10-01T00:00:00Z", "newer than the time of this check"),
        ("2021-10-29T18:00:00Z", "1 day old"),
        ("2021-10-30T18:00:00Z", "2 days old"),
    ],
)
def test_the_age_of_a_list_is_told(
    signed_list: Path, capsys: pytest.CaptureFixture[str], at: str, age: str
) -> None:
    key = str(signed_list.with_name("publisher.pem"))
    main(["verify", "--trust", str(signed_list), "--trust-key", key, "--at", at, good()])
    assert f"list of 2021-10-28T15:00:45+00:00, {age}\n" in capsys.readouterr().out


# Wrong usage


def test_wrong_usage_is_told_with_a_remedy_and_status_2(
    signed_list: Path, trusted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "event.toml"
    broken.write_text("[event]\n")
    sparse, pipe = tmp_path / "sparse.pem", tmp_path / "pipe"
    with sparse.open("wb") as file:
        file.truncate(3_000_000_000)
    os.mkfifo(pipe)
    key = str(signed_list.with_name("publisher.pem"))
    trust = ["--trust", str(trusted)]
    for options, told in (
        (["--trust", str(signed_list)], "no key is pinned"),
        ([*trust, "--trust-key", key], "none of the lists is signed"),
        (["--trust-key", key], "--trust-key belongs to a list named with --trust"),
        (["--trust", str(signed_list), "--trust-key", str(trusted)], "does not verify"),
        (["--trust", str(tmp_path / "absent.json")], "cannot be read"),
        ([*trust, "--trust-key", str(tmp_path / "absent.pem")], "absent.pem"),
        ([*trust, "--trust-key", str(sparse)], "is too large"),
        ([*trust, "--trust-key", str(pipe)], "is not a regular file"),
        (["--trust", str(pipe)], "is not a regular file"),
        ([*trust, "--event", str(sparse)], "is too large"),
        ([*trust, "--event", str(pipe)], "is not a regular file"),
        (["--trust", "x" * 5_000], "xxx"),
        ([*trust, "--event", str(broken)], "event.id: is missing"),
        ([*trust, "--event", str(tmp_path)], "Give the path of an event file"),
        ([*trust, "--event", str(tmp_path / "absent.toml")], "Give the path of an event file"),
    ):
        assert main(["verify", *options, good()]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("kiosk: ")
        assert told in captured.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--at", "2021-11-22T08:00:00", "HC1:"], "has no time zone"),
        (["--at", "2021-11-22", "HC1:"], "has no time zone"),
        (["--at", "soon", "HC1:"], "is not a time"),
        (["--at", "9999-12-31T23:59:59-12:00", "HC1:"], "is not in the years"),
        (["--at", "0001-01-01T00:00:00+12:00", "HC1:"], "is not in the years"),
        ([], "INPUT"),
        (["--colour", "HC1:"], "--colour"),
    ],
)
def test_arguments_that_cannot_be_are_told_with_status_2(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["verify", *options])
    assert caught.value.code == 2
    assert told in capsys.readouterr().err


def test_a_time_in_any_zone_is_the_same_instant(
    trusted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for at, status in (
        (AT, 0),
        (AT + timedelta(days=400), 1),
    ):
        text = at.astimezone(tz=None).isoformat()
        assert main(["verify", "--json", "--trust", str(trusted), "--at", text, good()]) == status
    assert "certificate_expired" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_the_program_is_called_as_a_process_on_any_console(trusted: Path, encoding: str) -> None:
    claim = claims()
    claim[-260][1]["nam"]["fn"] = "Παπαδοπούλου"
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "verify", "--trust", trusted, "--at", AT_TEXT, "-"],
        input=signer().sign(claim).encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"-: verified" in done.stdout
