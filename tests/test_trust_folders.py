"""Trust on disk: the folders of an installation, and the lists that a user names."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.adapters.trust import sources
from kiosk.adapters.trust.sources import installed_trust, named_trust
from kiosk.adapters.trust.store import FLOORS, MAX_FLOORS, remember, write_trust
from kiosk.core.trust.formats import TrustSourceError, own
from kiosk.core.trust.formats.source import MAX_SOURCE
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from tests.certificates import AT, rsa_signer, signer
from tests.lists import (
    austrian,
    austrian_signature,
    german,
    kids,
    pem,
    pinned,
    public_pem,
    row,
)

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trust folder: a German list with its key, an Austrian one below, and other files."""
    (tmp_path / "de.json").write_bytes(german(row(signer())))
    (tmp_path / "list-key.pem").write_bytes(pinned())
    (tmp_path / "README.md").write_text("what lies here")
    (tmp_path / ".hidden.json").write_text("half written")
    below = tmp_path / "at"
    below.mkdir()
    data = austrian(rsa_signer())
    (below / "list.bin").write_bytes(data)
    (below / "list.bin.sig").write_bytes(austrian_signature(data))
    (below / "signing-key.pem").write_bytes(pinned())
    return tmp_path


def test_a_folder_gives_its_lists_under_the_keys_beside_them(folder: Path) -> None:
    trust = installed_trust([folder, folder / "absent"])
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.sources == ("de.json", "list.bin")


def test_a_signed_list_in_a_folder_without_its_key_is_refused(folder: Path) -> None:
    (folder / "list-key.pem").unlink()
    with pytest.raises(TrustSourceError, match="no key is pinned"):
        installed_trust([folder])


def test_a_changed_list_in_a_folder_is_refused(folder: Path) -> None:
    path = folder / "de.json"
    path.write_bytes(path.read_bytes().replace(b"DSC", b"dsc"))
    with pytest.raises(TrustSourceError, match="does not verify"):
        installed_trust([folder])


def test_certificates_in_a_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(pem(signer()))
    (tmp_path / "two.der").write_bytes(rsa_signer().certificate)
    assert kids(installed_trust([tmp_path])) == {signer().kid, rsa_signer().kid}


def test_no_folder_at_all_gives_an_empty_list(tmp_path: Path) -> None:
    assert installed_trust([tmp_path, tmp_path / "absent"]) == TrustList()


def test_named_lists_are_read_under_the_named_key(folder: Path) -> None:
    paths = [folder / "de.json", folder / "at" / "list.bin"]
    assert kids(named_trust(paths, [pinned()])) == {signer().kid, rsa_signer().kid}
    assert kids(named_trust([folder], [pinned()])) == {signer().kid, rsa_signer().kid}


def test_a_named_key_that_no_list_needs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(pem(signer()))
    assert named_trust([tmp_path / "one.pem"]).signers
    for path in (tmp_path, tmp_path / "one.pem"):
        with pytest.raises(TrustSourceError, match="none of the lists is signed"):
            named_trust([path], [pinned()])


def test_a_list_that_only_says_that_its_signature_was_checked_needs_no_key(
    folder: Path, tmp_path: Path
) -> None:
    """Anybody can write so into a file of the program's own form, which carries no signature."""
    told = tmp_path / "told.json"
    write_trust(named_trust([folder / "de.json"], [pinned()]), told)
    with pytest.raises(TrustSourceError, match="none of the lists is signed"):
        named_trust([told], [pinned()])
    assert kids(named_trust([told])) == {signer().kid}
    assert kids(named_trust([told, folder / "de.json"], [pinned()])) == {signer().kid}


def test_a_named_list_that_is_signed_needs_a_named_key(folder: Path) -> None:
    with pytest.raises(TrustSourceError, match="no key is pinned"):
        named_trust([folder / "de.json"])


def test_a_list_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustSourceError, match="cannot be read"):
        named_trust([tmp_path / "absent.json"])
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(MAX_SOURCE + 1)
    with pytest.raises(TrustSourceError, match="larger than any trust list"):
        named_trust([tmp_path / "large.json"])


def test_a_file_that_is_no_list_may_be_removed_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("what lies here")
    with pytest.raises(TrustSourceError, match="remove this file from the folder"):
        installed_trust([tmp_path])


# Folders of certificates


def test_folders_are_read_to_any_sensible_depth_and_other_files_are_told(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    (deep / "one.pem").write_bytes(pem(signer()))
    (tmp_path / "a" / "two.DER").write_bytes(rsa_signer().certificate)
    (tmp_path / "a" / "README").write_text("what lies here")
    (tmp_path / "a" / "notes.txt").write_text("nobody reads it")
    (tmp_path / "a" / "list-key.pem").write_bytes(pinned())
    trust = named_trust([tmp_path])
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.skipped == ("README: not a trust list of a known form",)


def test_a_link_to_a_folder_above_ends(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(pem(signer()))
    (tmp_path / "loop").symlink_to(tmp_path)
    assert kids(named_trust([tmp_path])) == {signer().kid}


def test_a_folder_of_more_files_than_any_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_MAX_FILES", 2)
    for number in range(3):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(TrustSourceError, match="more than 2 files"):
        named_trust([tmp_path])


def test_a_forged_list_in_a_named_folder_is_not_passed_over(folder: Path) -> None:
    path = folder / "de.json"
    path.write_bytes(path.read_bytes().replace(b"DSC", b"dsc"))
    with pytest.raises(TrustSourceError, match="does not verify"):
        named_trust([folder], [pinned()])


# Keys


def test_each_list_is_checked_with_the_key_that_fits_and_no_key_is_left_over(
    folder: Path,
) -> None:
    other = public_pem(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(TrustSourceError, match="signed with key 1 of 2"):
        named_trust([folder], [other, pinned()])
    assert named_trust([folder], [other, pinned()], every_key=False).signers


def test_several_keys_may_lie_beside_the_lists(folder: Path) -> None:
    (folder / "another-key.pem").write_bytes(public_pem(ec.generate_private_key(ec.SECP256R1())))
    assert installed_trust([folder]).signers


def test_progress_tells_each_file_before_it_is_read(folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    named_trust([folder / "de.json", folder / "at"], [pinned()], progress=lambda *s: told.append(s))
    assert told == [(0, 3, "de.json"), (1, 3, "list.bin"), (2, 3, "signing-key.pem")]


# Floors


def issue(stamp: str) -> bytes:
    return german(row(signer(), timestamp=stamp))


OLD, NEW = "2021-10-01T00:00:00Z", "2021-11-01T00:00:00Z"


def test_an_installation_does_not_believe_an_older_issue_than_before(folder: Path) -> None:
    (folder / "de.json").write_bytes(issue(NEW))
    remember(installed_trust([folder]), folder, AT)
    assert installed_trust([folder]).signers
    (folder / "de.json").write_bytes(issue(OLD))
    with pytest.raises(TrustSourceError, match="older than one that was believed") as caught:
        installed_trust([folder])
    assert "--force" in caught.value.remedy


def test_two_issues_beside_each_other_are_no_rollback(folder: Path) -> None:
    (folder / "de.json").write_bytes(issue(NEW))
    remember(installed_trust([folder]), folder, AT)
    (folder / "old.json").write_bytes(issue(OLD))
    assert "old.json of 2021-10-01" in installed_trust([folder]).skipped[0]


def test_what_was_revoked_stays_revoked_when_its_list_is_gone(folder: Path) -> None:
    remember(TrustList(revoked=frozenset({b"kid"})), folder, AT)
    assert installed_trust([folder]).revoked == {b"kid"}
    assert installed_trust([folder]).dropped == {b"kid"}


def test_floors_are_written_only_when_they_rise(folder: Path) -> None:
    remember(TrustList(), folder, AT)
    assert not (folder / FLOORS).exists()
    remember(installed_trust([folder]), folder, AT)
    before = (folder / FLOORS).stat()
    remember(installed_trust([folder]), folder, AT)
    assert (folder / FLOORS).stat().st_ino == before.st_ino


@pytest.mark.parametrize("data", [b"", b"{", b"[]", bytes(MAX_FLOORS + 1)], ids=len)
def test_damaged_floors_are_told_with_the_remedy(folder: Path, data: bytes) -> None:
    (folder / FLOORS).write_bytes(data)
    with pytest.raises(TrustSourceError, match="record of the newest lists is damaged") as caught:
        installed_trust([folder])
    assert "--force" in caught.value.remedy


# Writing


@pytest.mark.parametrize("step", ["open", "os.fsync", "replace"])
def test_a_list_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "trust.json"
    write_trust(TrustList(), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        if step == "os.fsync":
            broken.setattr("kiosk.adapters.files.os.fsync", full)
        else:
            broken.setattr(Path, step, full)
        with pytest.raises(OSError, match="No space"):
            write_trust(TrustList(version=7), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["trust.json"]


def test_the_content_is_on_disk_before_its_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def watched_sync(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def watched_replace(self: Path, target: Path) -> Path:
        steps.append("name")
        return replace(self, target)

    monkeypatch.setattr("kiosk.adapters.files.os.fsync", watched_sync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    write_trust(TrustList(), tmp_path / "below" / "trust.json")
    assert steps == ["file", "name", "folder"]


def test_a_file_that_a_crash_left_unfinished_is_no_list(tmp_path: Path) -> None:
    write_trust(TrustList(), tmp_path / "trust.json")
    (tmp_path / ".trust.json.7.new").write_bytes(b"{")
    assert installed_trust([tmp_path]).signers == ()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_kill_at_any_moment_leaves_a_whole_list(tmp_path: Path) -> None:
    """A writer that alternates between two lists, killed in the middle, eight times."""
    one, two = (trust_list_of([Row(i.certificate)], "a list") for i in (signer(), rsa_signer()))
    both = [own.dump(one), own.dump(two)]
    for name, data in zip(("one", "two"), both, strict=True):
        (tmp_path / name).write_bytes(data)
    path = tmp_path / "trust.json"
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kiosk.adapters.files import write_whole\n"
        "path, *lists = map(Path, sys.argv[1:])\n"
        "while True:\n"
        "    for one in lists: write_whole(path, one.read_bytes())\n"
        "    print(flush=True)\n"
    )
    command = [
        sys.executable,
        "-c",
        script,
        str(path),
        str(tmp_path / "one"),
        str(tmp_path / "two"),
    ]
    for _ in range(8):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            writer.kill()
        assert path.read_bytes() in both
