"""How commands come by the guests' key: silently from the system, else by a passphrase."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.adapters.system import datakey
from kiosk.adapters.system.datakey import FILE, Kept
from kiosk.adapters.system.kernelkeys import KernelKeyStore
from kiosk.adapters.system.keystores import SystemKeyStore
from kiosk.cli import unlocking
from kiosk.cli.main import main
from kiosk.cli.unlocking import TRIES, data_keys

ROOT = Path(__file__).resolve().parents[1]
EVENT = ROOT / "assets" / "events" / "saint-ouen-2021.toml"
LIST = "Name;Organisation;Partnership\nAna Ensaio;Cluster A;One\nZoé Dupont;Cluster B;Two\n"
WORDS = "correct horse battery staple"
needs_kernel = pytest.mark.skipif(
    not KernelKeyStore().works(), reason="the kernel lends no keyring here"
)

Type = Callable[..., list[str]]


class Kiosk:
    """One state folder, and what the commands on it tell."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state, self._folder, self._capsys = folder / "state", folder, capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str | Path) -> int:
        status = main([*map(str, arguments), "--state", str(self.state)])
        self.out, self.err = self._capsys.readouterr()
        return status

    def take_list(self) -> int:
        file = self._folder / "guests.csv"
        file.write_text(LIST, encoding="utf-8")
        return self("guests", "import", file, "--event", EVENT)

    def finds(self) -> bool:
        return self("guests", "search", "zoe") == 0

    def kept(self) -> Kept | None:
        file = data_keys(self.state).file()
        return file.kept if file else None


@pytest.fixture
def kiosk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Kiosk]:
    monkeypatch.setattr(datakey, "_SCRYPT_N", 2**10)
    monkeypatch.setattr("kiosk.cli.unlocking.time.sleep", lambda _: None)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    made = Kiosk(tmp_path, capsys)
    yield made
    data_keys(made.state).lock()


@pytest.fixture
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without a key store."""
    monkeypatch.setattr(SystemKeyStore, "works", lambda _: False)


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that keeps nothing, as in a container."""
    monkeypatch.setattr(KernelKeyStore, "works", lambda _: False)


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Somebody at a terminal, who types this; what was asked is in the list."""

    def typing(*answers: str) -> list[str]:
        asked: list[str] = []
        left = iter(answers)

        def ask(prompt: str) -> str:
            asked.append(prompt)
            return next(left)

        monkeypatch.setattr(unlocking, "at_terminal", lambda: True)
        monkeypatch.setattr("kiosk.cli.unlocking.getpass.getpass", ask)
        return asked

    return typing


def test_where_the_system_has_a_key_store_the_key_is_made_silently_and_its_place_told(
    kiosk: Kiosk,
) -> None:
    assert kiosk.take_list() == 0
    assert "key store of this system" in kiosk.err
    assert kiosk.kept() is Kept.SYSTEM
    assert kiosk.take_list() == 0
    assert "encrypted from now on" not in kiosk.err
    assert kiosk.finds()
    assert kiosk("keys", "status") == 0
    assert "key store" in kiosk.out


@pytest.mark.usefixtures("no_store")
def test_without_a_key_store_and_a_terminal_the_way_is_told_and_nothing_is_stored(
    kiosk: Kiosk,
) -> None:
    assert kiosk.take_list() == 2
    assert "kiosk keys protect" in kiosk.err
    assert not (kiosk.state / FILE).exists()
    assert not kiosk.state.exists()


@pytest.mark.usefixtures("no_store", "no_kernel")
def test_at_a_terminal_a_passphrase_is_chosen_and_asked_for_from_then_on(
    kiosk: Kiosk, types: Type
) -> None:
    asked = types("short", WORDS, "another one!", WORDS, WORDS)
    assert kiosk.take_list() == 0
    assert len(asked) == 5
    assert "12 characters" in kiosk.err
    assert "two different ones" in kiosk.err
    assert kiosk.kept() is Kept.PASSPHRASE
    asked = types("wrong", WORDS)
    assert kiosk.finds()
    assert len(asked) == 2
    assert WORDS not in kiosk.out + kiosk.err


@pytest.mark.usefixtures("no_store", "no_kernel")
def test_after_too_many_wrong_passphrases_it_ends_with_the_way_out(
    kiosk: Kiosk, types: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    types(WORDS, WORDS)
    assert kiosk.take_list() == 0
    pauses: list[float] = []
    monkeypatch.setattr("kiosk.cli.unlocking.time.sleep", pauses.append)
    asked = types(*["wrong"] * (TRIES + 3))
    assert kiosk("guests", "search", "zoe") == 2
    assert len(asked) == TRIES
    assert pauses == sorted(pauses)
    assert pauses[-1] > 10
    assert "kiosk purge" in kiosk.err


@pytest.mark.usefixtures("no_store", "no_kernel")
def test_no_passphrase_chosen_means_no_key_and_no_guests(kiosk: Kiosk, types: Type) -> None:
    types(*["short"] * TRIES)
    assert kiosk.take_list() == 2
    assert kiosk.kept() is None


@needs_kernel
@pytest.mark.usefixtures("no_store")
def test_after_a_crash_nobody_is_asked_and_after_lock_or_a_power_cut_somebody_is(
    kiosk: Kiosk, types: Type
) -> None:
    types(WORDS, WORDS)
    assert kiosk.take_list() == 0
    assert types() == []
    assert kiosk.finds()
    assert kiosk("keys", "status") == 0
    assert "it is here" in kiosk.out
    assert kiosk("keys", "lock") == 0
    assert kiosk("keys", "status") == 1
    assert "locked" in kiosk.out
    asked = types(WORDS)
    assert kiosk("keys", "unlock") == 0
    assert len(asked) == 1
    assert types() == []
    assert kiosk.finds()


@pytest.mark.usefixtures("no_store", "no_kernel")
def test_a_service_has_the_passphrase_from_a_file_or_from_systemd(
    kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kiosk-passphrase"
    file.write_text(f"{WORDS}\nand a second line\n")
    assert kiosk("keys", "protect", "--passphrase-file", file) == 0
    assert kiosk.kept() is Kept.PASSPHRASE
    assert kiosk.take_list() == 2
    assert "kiosk keys unlock" in kiosk.err
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert kiosk.take_list() == 0
    assert kiosk.finds()
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert kiosk("keys", "unlock", "--passphrase-file", file) == 0
    assert "remembers no key" in kiosk.out
    file.write_text("something else\n")
    assert kiosk("keys", "unlock", "--passphrase-file", file) == 2
    assert "not the one" in kiosk.err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe"])
def test_a_passphrase_file_that_holds_none_is_told(
    kiosk: Kiosk, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    assert kiosk("keys", "protect", "--passphrase-file", file) == 2
    assert "no passphrase" in kiosk.err
    assert kiosk("keys", "protect", "--passphrase-file", tmp_path / "none") == 2
    assert kiosk.kept() is None


@pytest.mark.usefixtures("no_kernel")
def test_the_way_of_protecting_is_changed_without_losing_a_guest(kiosk: Kiosk, types: Type) -> None:
    assert kiosk.take_list() == 0
    types(WORDS, WORDS)
    assert kiosk("keys", "protect", "--with", "passphrase") == 0
    assert types(WORDS)[:0] == []
    assert kiosk.finds()
    types(WORDS, "another four words", "another four words")
    assert kiosk("keys", "protect", "--change") == 0
    types("another four words")
    assert kiosk.finds()
    types("another four words")
    assert kiosk("keys", "protect", "--with", "system") == 0
    assert types() == []
    assert kiosk.finds()
    assert kiosk("keys", "protect", "--with", "system") == 0
    assert "already" in kiosk.out
    assert kiosk("keys", "lock") == 2
    assert kiosk("keys", "unlock") == 0
    assert "nothing to unlock" in kiosk.out


def test_another_passphrase_is_not_taken_for_chosen_where_there_is_one(
    kiosk: Kiosk, types: Type, tmp_path: Path
) -> None:
    types(WORDS, WORDS)
    assert kiosk("keys", "protect", "--with", "passphrase") == 0
    (tmp_path / "words").write_text("another four words\n")
    assert kiosk("keys", "protect", "--passphrase-file", str(tmp_path / "words")) == 2
    assert "--change" in kiosk.err


def test_a_key_beside_its_database_is_named_for_what_it_is(kiosk: Kiosk) -> None:
    assert kiosk("keys", "protect", "--with", "folder") == 0
    assert "copied database file only" in kiosk.out
    assert kiosk.take_list() == 0
    assert kiosk.finds()


@pytest.mark.usefixtures("no_store")
def test_the_system_s_store_cannot_be_chosen_where_there_is_none(kiosk: Kiosk) -> None:
    assert kiosk("keys", "protect", "--with", "system") == 2
    assert "--with passphrase" in kiosk.err


def test_a_folder_without_a_key_says_so_to_every_action(kiosk: Kiosk) -> None:
    assert kiosk("keys", "status") == 1
    assert "no key yet" in kiosk.out
    assert kiosk("keys", "unlock") == 2
    assert kiosk("keys", "lock") == 0


def test_a_damaged_key_file_ends_each_action_with_a_remedy(kiosk: Kiosk) -> None:
    assert kiosk.take_list() == 0
    (kiosk.state / FILE).write_text("{}")
    for action in ("protect", "unlock", "lock", "status"):
        assert kiosk("keys", action) == 2
        assert "Bring back your copy" in kiosk.err
    assert kiosk("guests", "search", "zoe") == 2
    (kiosk.state / FILE).unlink()  # for the end of the test


@pytest.mark.usefixtures("no_store", "no_kernel")
def test_a_door_that_nobody_unlocks_does_not_open(
    kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text(WORDS)
    assert kiosk("keys", "protect", "--passphrase-file", file) == 0
    monkeypatch.setattr("kiosk.bootstrap.screens.has_display", lambda: False)
    private: list[bool] = []
    monkeypatch.setattr(
        "kiosk.adapters.system.privacy.keep_memory_private", lambda: private.append(True)
    )
    assert kiosk("run", "--event", EVENT, "--mode", "desk") == 2
    assert "kiosk keys unlock" in kiosk.err
    assert kiosk("run", "--event", EVENT, "--mode", "desk", "--passphrase-file", file) == 2
    assert "the guest list" in kiosk.err
    assert private == [True, True]


def test_nothing_is_asked_where_there_is_no_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert not unlocking.at_terminal()
