"""A revocation list in a state folder: installed whole or not at all, never back, never smaller."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.adapters.files import sync_folder, write_whole
from kiosk.adapters.revocation.lists import (
    FLOOR,
    FOLDER,
    KEY,
    LIST,
    Installed,
    install,
    installed_list,
    public_key,
)
from kiosk.bootstrap.installation import installation, installed_revocations, remembering
from kiosk.core.reasons import Reason
from kiosk.core.revocation.errors import RevocationError
from kiosk.core.revocation.hashes import NEVER
from kiosk.core.revocation.revocationlist import RevocationList, dump
from kiosk.core.trust.formats import own
from kiosk.core.verify import Verifier
from tests.certificates import AT, claims, reason_of, signer, trust
from tests.lists import public_pem
from tests.revocations import ISSUED, a_list, organiser, organiser_pem, value


def key() -> Ed25519PublicKey:
    return organiser().public_key()


def no_key() -> Ed25519PublicKey:
    raise AssertionError("no key is needed where no list is")


def file(folder: Path, revoked: RevocationList, by: Ed25519PrivateKey | None = None) -> Path:
    """A signed list as it came, outside the state folder."""
    path = folder / f"incoming-{revoked.version}-{len(revoked.hashes)}"
    path.write_bytes(dump(revoked, by or organiser()))
    return path


def put(folder: Path, *hashes: int, version: int = 1, fewer: bool = False) -> Installed:
    """Install a list of these hashes."""
    revoked = a_list(*(value(number) for number in hashes), version=version)
    return install(folder / "state", file(folder, revoked), key, AT, allow_fewer=fewer)


def held(folder: Path) -> set[int]:
    """The hashes that a door would know."""
    revoked = installed_list(folder / "state", key)
    assert revoked is not None
    return {int.from_bytes(one) for one, _ in revoked.hashes}


def content(folder: Path) -> dict[str, bytes]:
    """Every file of the state folder's part."""
    return {path.name: path.read_bytes() for path in (folder / "state" / FOLDER).iterdir()}


def test_a_state_folder_without_a_list_needs_no_key(tmp_path: Path) -> None:
    assert installed_list(tmp_path, no_key) is None
    assert installed_list(tmp_path / "absent", no_key) is None


def test_a_list_is_there_after_it_was_installed(tmp_path: Path) -> None:
    done = put(tmp_path, 1, 2)
    assert (done.old, done.lost, done.unchanged) == (None, 0, False)
    assert held(tmp_path) == {1, 2}
    done = put(tmp_path, 1, 2, 3, version=2)
    assert done.old is not None
    assert held(tmp_path) == {1, 2, 3}
    assert set(content(tmp_path)) == {LIST, FLOOR}


def test_the_same_list_again_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, 1)
    before = content(tmp_path)
    assert put(tmp_path, 1).unchanged
    assert content(tmp_path) == before


REFUSED: list[tuple[Callable[[Path], object], str]] = [
    (lambda folder: put(folder, 1, 2, version=4), "version 5 was installed"),
    (lambda folder: put(folder, 1, 2, 3, version=5), "another list under version 5"),
    (lambda folder: put(folder, 1, 2, version=2_000), "too large a step"),
    (lambda folder: put(folder, 2, version=6), "in force are not in it any more: 1."),
    (lambda folder: put(folder, version=6), "in force are not in it any more: 2."),
]


@pytest.mark.parametrize(("attempt", "problem"), REFUSED, ids=[one for _, one in REFUSED])
def test_a_way_back_is_refused_and_leaves_everything_as_it_was(
    tmp_path: Path, attempt: Callable[[Path], object], problem: str
) -> None:
    put(tmp_path, 1, 2, version=5)
    before = content(tmp_path)
    with pytest.raises(RevocationError, match=problem):
        attempt(tmp_path)
    assert content(tmp_path) == before


def test_fewer_hashes_are_taken_only_on_purpose(tmp_path: Path) -> None:
    put(tmp_path, 1, 2)
    done = put(tmp_path, 2, 3, version=2, fewer=True)
    assert done.lost == 1
    assert held(tmp_path) == {2, 3}


def test_what_has_ended_may_be_gone(tmp_path: Path) -> None:
    ended = a_list(value(1), end=int(AT.timestamp()))
    install(tmp_path / "state", file(tmp_path, ended), key, AT)
    assert put(tmp_path, 2, version=2).lost == 0


def test_the_floor_outlives_the_list(tmp_path: Path) -> None:
    put(tmp_path, 1, version=5)
    (tmp_path / "state" / FOLDER / LIST).unlink()
    with pytest.raises(RevocationError, match="version 5 was installed, and is gone"):
        installed_list(tmp_path / "state", key)
    with pytest.raises(RevocationError, match="version 5 was installed"):
        put(tmp_path, 1, version=4)
    put(tmp_path, 1, version=5)
    assert held(tmp_path) == {1}


def test_an_older_list_put_in_by_hand_is_not_opened(tmp_path: Path) -> None:
    put(tmp_path, 1, version=1)
    old = content(tmp_path)[LIST]
    put(tmp_path, 1, 2, version=2)
    (tmp_path / "state" / FOLDER / LIST).write_bytes(old)
    with pytest.raises(RevocationError, match="version 1, and version 2 was installed"):
        installed_list(tmp_path / "state", key)


def test_a_power_cut_between_list_and_floor_leaves_no_way_back(tmp_path: Path) -> None:
    put(tmp_path, 1, version=1)
    floor = content(tmp_path)[FLOOR]
    put(tmp_path, 1, 2, version=3)
    (tmp_path / "state" / FOLDER / FLOOR).write_bytes(floor)
    assert held(tmp_path) == {1, 2}
    with pytest.raises(RevocationError, match="version 3 was installed"):
        put(tmp_path, 1, 2, version=2)


def test_a_list_that_is_damaged_is_told_and_replaced_by_a_later_one_alone(tmp_path: Path) -> None:
    put(tmp_path, 1, version=5)
    path = tmp_path / "state" / FOLDER / LIST
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RevocationError, match="does not verify"):
        installed_list(tmp_path / "state", key)
    with pytest.raises(RevocationError, match="version 5 was installed"):
        put(tmp_path, 1, version=4)
    put(tmp_path, 1, 2, version=6)
    assert held(tmp_path) == {1, 2}


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"version": "x", "sha256": ""}', b"\xff"], ids=range(5)
)
def test_a_floor_that_is_damaged_is_told(tmp_path: Path, data: bytes) -> None:
    put(tmp_path, 1)
    (tmp_path / "state" / FOLDER / FLOOR).write_bytes(data)
    for attempt in (lambda: installed_list(tmp_path / "state", key), lambda: put(tmp_path, 1)):
        with pytest.raises(RevocationError, match=r"floor\.json: damaged"):
            attempt()


def test_a_floor_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "state" / FOLDER / FLOOR).mkdir(parents=True)
    with pytest.raises(RevocationError, match="is a folder"):
        installed_list(tmp_path / "state", key)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RevocationError, match="cannot be read"):
        install(tmp_path, tmp_path / "absent", key, AT)
    with pytest.raises(RevocationError, match="is a folder"):
        install(tmp_path, tmp_path, key, AT)


# The pinned key


def test_a_key_that_is_given_is_pinned_from_then_on(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    first = file(tmp_path, a_list(value(1)), other)
    install(tmp_path / "state", first, key, AT, key=other.public_key())
    assert (tmp_path / "state" / FOLDER / KEY).is_file()
    assert installed_list(tmp_path / "state", no_key) is not None
    with pytest.raises(RevocationError, match="does not verify"):
        put(tmp_path, 1, 2, version=2)
    with pytest.raises(RevocationError, match="another key is pinned"):
        install(tmp_path / "state", first, key, AT, key=key())
    later = file(tmp_path, a_list(value(1), version=2), other)
    install(tmp_path / "state", later, no_key, AT, key=other.public_key())


def test_nothing_is_pinned_for_a_list_that_is_refused(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(RevocationError, match="does not verify"):
        install(tmp_path, file(tmp_path, a_list()), key, AT, key=other.public_key())
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize("data", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\nAA\n"], ids=len)
def test_a_key_file_that_holds_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "key.pem").write_bytes(data)
    with pytest.raises(RevocationError, match="not an Ed25519 public key"):
        public_key(tmp_path / "key.pem")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(public_pem(signer().key))
    with pytest.raises(RevocationError, match="not an Ed25519 public key"):
        public_key(tmp_path / "key.pem")
    (tmp_path / "key.pem").write_bytes(organiser_pem())
    assert public_key(tmp_path / "key.pem") == key()


# Files


def test_a_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "below" / "file"
    write_whole(path, b"old")

    def fails(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"


def test_windows_makes_names_durable_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.adapters.files.os.name", "nt")
    sync_folder(tmp_path / "absent")


# A door


def test_a_door_opens_with_what_its_state_folder_revokes(tmp_path: Path) -> None:
    assert not installed_revocations(tmp_path).names_certificates
    install(tmp_path, file(tmp_path, a_list(value(1))), key, AT, key=key())
    place = installation(tmp_path)
    assert place.revocations.names_certificates
    assert remembering(place, AT)[1] == []


def test_a_door_tells_of_a_list_past_its_end_and_opens(tmp_path: Path) -> None:
    old = a_list(value(1), expires_at=AT - timedelta(seconds=1))
    install(tmp_path, file(tmp_path, old), key, AT, key=key())
    place, told = remembering(installation(tmp_path), AT)
    assert told == [
        f"The revocation list of {ISSUED:%d %b %Y} is past its end. It still counts; ask the "
        "organiser for a newer one."
    ]
    assert place.revocations.revoked is not None


def test_a_door_does_not_open_on_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    install(tmp_path, file(tmp_path, a_list(value(1))), key, AT, key=key())
    path = tmp_path / FOLDER / LIST
    path.write_bytes(path.read_bytes().replace(b"tests", b"TESTS"))
    with pytest.raises(RevocationError, match="does not verify"):
        installation(tmp_path)


def test_a_door_tells_of_a_key_that_a_later_list_brings_back(tmp_path: Path) -> None:
    path = tmp_path / "trust" / "list.json"
    path.parent.mkdir()
    path.write_bytes(own.dump(trust(signer(), revoked=frozenset({signer().kid}))))
    place, told = remembering(installation(tmp_path), AT)
    assert told == []
    path.write_bytes(own.dump(trust(signer())))
    for _ in range(2):  # as long as it is so
        place, told = remembering(installation(tmp_path), AT)
        assert len(told) == 1
        assert "which believes it" in told[0]
    verifier = Verifier(place.trust, place.revocations)
    assert reason_of(verifier.verify(signer().sign(claims()), AT)) is Reason.SIGNER_REVOKED


def test_hashes_of_a_list_never_end_unless_it_says_so() -> None:
    assert [end for _, end in a_list(value(1)).hashes] == [NEVER]
