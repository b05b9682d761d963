"""`kiosk keys`: the key that signs badges, its copies and its public half."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.adapters.files import write_whole
from kiosk.adapters.system.keybackup import decrypted_key, encrypted_key
from kiosk.adapters.system.keys import (
    KeyFileError,
    badge_keys,
    badge_public_key,
    badge_signing_key,
    fingerprint,
    proquint,
    put_badge_key,
)
from kiosk.cli.main import main

PASSPHRASE = "correct horse battery staple"  # noqa: S105  # of these tests


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase.txt"
    path.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return path


def run(state: Path, *arguments: object) -> int:
    return main(["keys", *map(str, arguments), "--state", str(state)])


def private_file(state: Path) -> Path:
    return state / "keys" / "badge-key.pem"


def public_file(state: Path) -> Path:
    return state / "keys" / "badge-key.pub.pem"


def test_a_key_is_made_once_and_shown_with_its_fingerprint(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(state, "make") == 0
    said = fingerprint(badge_public_key(state))
    assert said in capsys.readouterr().out
    assert run(state, "show") == 0
    shown = capsys.readouterr().out
    assert shown.count(said) == 2
    assert "protected by the permissions of its file alone" in shown
    assert run(state, "make") == 2
    assert "already" in capsys.readouterr().err
    assert fingerprint(badge_public_key(state)) == said


def test_a_fingerprint_is_four_words_that_can_be_said() -> None:
    assert [proquint(number) for number in (0x7F00, 0x0001)] == ["lusab", "babad"]  # the paper's
    one, other = (Ed25519PrivateKey.generate().public_key() for _ in range(2))
    assert re.fullmatch(r"[a-z]{5}(-[a-z]{5}){3}", fingerprint(one))
    assert fingerprint(one) != fingerprint(other)


def test_a_machine_without_a_key_is_told_how_to_get_one(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(state, "show") == 2
    told = capsys.readouterr().err
    assert "kiosk keys make" in told
    assert "kiosk keys import" in told


def test_a_private_key_that_others_may_read_is_told_of(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    assert private_file(state).stat().st_mode & 0o077 == 0
    private_file(state).chmod(0o644)
    run(state, "show")
    assert f"chmod 600 {private_file(state)}" in capsys.readouterr().out


def test_the_public_half_travels_to_a_kiosk(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    file, kiosk = tmp_path / "public.pem", tmp_path / "kiosk"
    assert run(state, "export", "--public", file) == 0
    assert "PRIVATE" not in file.read_text()
    assert run(kiosk, "import", "--public", file) == 0
    assert run(kiosk, "import", "--public", file) == 0, "the same once more does no harm"
    assert badge_public_key(kiosk) == badge_public_key(state)
    capsys.readouterr()
    assert run(kiosk, "show") == 0
    assert "cannot make any" in capsys.readouterr().out


def test_a_key_of_another_kind_is_not_taken_in(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "public.pem"
    other = Ed448PrivateKey.generate().public_key()
    for content in (
        other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        b"-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n",
    ):
        file.write_bytes(content)
        assert run(state, "import", "--public", file) == 2
        assert str(file) in capsys.readouterr().err
    assert not public_file(state).exists()


def test_another_key_replaces_the_one_of_a_kiosk_only_by_force(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk, other, file = tmp_path / "kiosk", tmp_path / "other", tmp_path / "public.pem"
    for one in (state, other):
        run(one, "make")
        run(one, "export", "--public", file)
        status = run(kiosk, "import", "--public", file)
    assert status == 2
    assert "no longer be believed" in capsys.readouterr().err
    assert badge_public_key(kiosk) == badge_public_key(state)
    assert run(kiosk, "import", "--public", file, "--force") == 0
    assert badge_public_key(kiosk) == badge_public_key(other)


def test_the_organiser_s_own_pair_is_never_torn_by_an_import(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, file = tmp_path / "other", tmp_path / "public.pem"
    run(state, "make")
    run(other, "make")
    run(other, "export", "--public", file)
    assert run(state, "import", "--public", file, "--force") == 2
    assert "signs badges here" in capsys.readouterr().err
    assert not badge_keys(state).torn


def test_a_backup_brings_the_key_back_on_another_pc(
    state: Path, tmp_path: Path, passphrase: Path
) -> None:
    run(state, "make")
    file, later = tmp_path / "backup.pem", tmp_path / "later"
    assert run(state, "backup", file, "--passphrase-file", passphrase) == 0
    assert file.stat().st_mode & 0o077 == 0
    assert run(later, "restore", file, "--passphrase-file", passphrase) == 0
    assert badge_signing_key(later).private_bytes_raw() == (
        badge_signing_key(state).private_bytes_raw()
    )


def test_a_backup_does_not_open_with_another_passphrase(
    state: Path, tmp_path: Path, passphrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    file, later = tmp_path / "backup.pem", tmp_path / "later"
    run(state, "backup", file, "--passphrase-file", passphrase)
    passphrase.write_text("incorrect horse battery", encoding="utf-8")
    assert run(later, "restore", file, "--passphrase-file", passphrase) == 2
    assert "wrong passphrase" in capsys.readouterr().err
    assert not private_file(later).exists()


def test_a_short_passphrase_is_refused_and_nothing_is_written(
    state: Path, tmp_path: Path, passphrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    passphrase.write_text("eleven char", encoding="utf-8")
    assert run(state, "backup", tmp_path / "b.pem", "--passphrase-file", passphrase) == 2
    assert "12 characters" in capsys.readouterr().err
    assert not (tmp_path / "b.pem").exists()
    assert encrypted_key(badge_signing_key(state), "twelve chars")


def test_a_passphrase_is_asked_twice_and_both_have_to_agree(
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(state, "make")
    answers = iter([PASSPHRASE, "another one entirely", PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    assert run(state, "backup", tmp_path / "b.pem") == 2
    assert "differ" in capsys.readouterr().err
    assert run(state, "backup", tmp_path / "b.pem") == 0
    key = decrypted_key((tmp_path / "b.pem").read_bytes(), PASSPHRASE)
    assert key.public_key() == badge_public_key(state)


def test_a_backup_never_replaces_another_key_unless_forced(
    state: Path, tmp_path: Path, passphrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    other, file = tmp_path / "other", tmp_path / "backup.pem"
    run(other, "make")
    run(other, "backup", file, "--passphrase-file", passphrase)
    before = fingerprint(badge_public_key(state))
    assert run(state, "restore", file, "--passphrase-file", passphrase) == 2
    assert before in capsys.readouterr().err
    assert fingerprint(badge_public_key(state)) == before
    assert run(state, "restore", file, "--passphrase-file", passphrase, "--force") == 0
    assert badge_signing_key(state).public_key() == badge_public_key(other)


def test_a_backup_is_restored_over_a_file_that_is_damaged(
    state: Path, tmp_path: Path, passphrase: Path
) -> None:
    run(state, "make")
    file, before = tmp_path / "backup.pem", badge_public_key(state)
    run(state, "backup", file, "--passphrase-file", passphrase)
    private_file(state).write_bytes(b"torn")
    assert run(state, "show") == 2
    assert run(state, "restore", file, "--passphrase-file", passphrase, "--force") == 0
    assert badge_signing_key(state).public_key() == before


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_openssl_reads_the_backup_and_we_read_what_openssl_closed(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    ours, theirs, secret = (tmp_path / name for name in ("ours.pem", "theirs.pem", "secret"))
    ours.write_bytes(encrypted_key(key, PASSPHRASE))
    secret.write_text(f"{PASSPHRASE}\n{PASSPHRASE}\n")
    opened = subprocess.run(
        ["openssl", "pkey", "-in", ours, "-passin", f"file:{secret}", "-pubout"],
        check=True,
        capture_output=True,
    )
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert opened.stdout == public
    passing = ["-passin", f"file:{secret}", "-passout", f"file:{secret}"]
    closing = [
        "openssl",
        "pkcs8",
        "-topk8",
        "-scrypt",
        "-in",
        str(ours),
        *passing,
        "-out",
        str(theirs),
    ]
    subprocess.run(closing, check=True, capture_output=True)
    assert decrypted_key(theirs.read_bytes(), PASSPHRASE).public_key() == key.public_key()


def test_a_new_key_is_made_only_after_a_yes(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    before = badge_public_key(state)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert run(state, "rotate") == 2
    assert "Every badge that was printed so far dies" in capsys.readouterr().out
    assert badge_public_key(state) == before
    monkeypatch.undo()
    monkeypatch.setattr("sys.stdin", io.StringIO(""))  # nobody is there to answer
    assert run(state, "rotate") == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert badge_public_key(state) == before
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert run(state, "rotate") == 0
    assert badge_public_key(state) != before
    assert badge_signing_key(state).public_key() == badge_public_key(state)


def test_halves_of_two_keys_are_recognised_and_no_badge_is_signed_with_them(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "make")
    run(tmp_path / "other", "make")
    shutil.copy(public_file(tmp_path / "other"), public_file(state))
    assert run(state, "show") == 1
    assert "not of one key" in capsys.readouterr().out
    with pytest.raises(KeyFileError, match="not of one key"):
        badge_signing_key(state)
    public_file(state).unlink()
    assert badge_signing_key(state).public_key() == badge_public_key(state)


@pytest.mark.parametrize("written", [0, 1])
def test_a_change_of_keys_that_is_cut_short_leaves_a_pair_that_agrees(
    state: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    put_badge_key(state, old)
    left = iter([True] * written)

    def cut_short(path: Path, data: bytes, *, private: bool = False) -> None:
        if not next(left, False):
            raise KeyboardInterrupt
        write_whole(path, data, private=private)

    monkeypatch.setattr("kiosk.adapters.system.keys.write_whole", cut_short)
    with pytest.raises(KeyboardInterrupt):
        put_badge_key(state, new)
    monkeypatch.undo()
    kept = badge_signing_key(state)
    assert kept.private_bytes_raw() == (new if written else old).private_bytes_raw()
    assert badge_public_key(state) == kept.public_key()


def test_a_desk_without_the_private_key_is_told_of_its_blank_badges(state: Path) -> None:
    run(state, "make")
    private_file(state).unlink()
    with pytest.raises(KeyFileError, match="blank badge of its reserve"):
        badge_signing_key(state)
