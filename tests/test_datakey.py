"""The data key: kept by the system or a passphrase, found after a crash, gone when shredded."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from kiosk.adapters.system import datakey, machine
from kiosk.adapters.system.check import Check, Severity
from kiosk.adapters.system.datakey import (
    FILE,
    DataKeyError,
    DataKeys,
    Kept,
    WrongPassphraseError,
    check_passphrase,
)
from kiosk.adapters.system.kernelkeys import KernelKeyStore
from kiosk.adapters.system.keystores import KeyStoreError, SystemKeyStore
from kiosk.core.sealing import KEY_LENGTH
from tests.fakes.keystores import MemoryKeyStore

ROOT = Path(__file__).parents[1]
WORDS = "correct horse battery staple"
KERNEL = KernelKeyStore()
needs_kernel = pytest.mark.skipif(not KERNEL.works(), reason="the kernel lends no keyring here")


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datakey, "_SCRYPT_N", 2**10)


@pytest.fixture
def keys(tmp_path: Path) -> DataKeys:
    return DataKeys(tmp_path / "state", MemoryKeyStore(), MemoryKeyStore())


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_a_state_folder_that_begins_with_its_key_is_for_this_user_alone(keys: DataKeys) -> None:
    keys.make(Kept.FOLDER, "")
    modes = [folder.stat().st_mode & 0o777 for folder in list(keys.path.parents)[:2]]
    assert modes == [0o700, 0o700]


def restarted(keys: DataKeys) -> DataKeys:
    """The same folder in the next process."""
    return DataKeys(keys.path.parents[1], keys.system, keys.kernel)


def after_a_power_cut(keys: DataKeys) -> DataKeys:
    return DataKeys(keys.path.parents[1], keys.system, MemoryKeyStore())


def test_a_folder_without_a_key_says_so(keys: DataKeys) -> None:
    assert keys.file() is None
    assert keys.find() is None
    keys.lock()
    keys.shred()
    with pytest.raises(DataKeyError, match="No passphrase"):
        keys.unlock(WORDS)
    with pytest.raises(DataKeyError, match="no key"):
        keys.protect(bytes(KEY_LENGTH), Kept.FOLDER)


@pytest.mark.parametrize("kept", Kept)
def test_a_key_that_was_made_is_found_by_the_next_process(keys: DataKeys, kept: Kept) -> None:
    key = keys.make(kept, WORDS)
    assert len(key) == KEY_LENGTH
    assert restarted(keys).find() == key
    found = after_a_power_cut(keys).find()
    assert found == (None if kept is Kept.PASSPHRASE else key)


@pytest.mark.parametrize("kept", [Kept.SYSTEM, Kept.PASSPHRASE])
def test_the_key_is_not_in_the_state_folder_unless_that_was_asked_for(
    keys: DataKeys, kept: Kept
) -> None:
    import base64

    key = keys.make(kept, WORDS)
    text = keys.path.read_bytes()
    for written in (key, key.hex().encode(), base64.b64encode(key), WORDS.encode()):
        assert written not in text
    keys.protect(key, Kept.FOLDER)
    assert base64.b64encode(key) in keys.path.read_bytes()


def test_no_two_keys_are_alike_and_one_is_never_made_over_another(keys: DataKeys) -> None:
    key = keys.make(Kept.FOLDER)
    with pytest.raises(FileExistsError):
        keys.make(Kept.FOLDER)
    assert keys.find() == key
    keys.shred()
    assert keys.make(Kept.FOLDER) != key


def test_the_passphrase_alone_opens_the_key_after_a_power_cut(keys: DataKeys) -> None:
    key = keys.make(Kept.PASSPHRASE, WORDS)
    cut = after_a_power_cut(keys)
    for wrong in ("", WORDS + " ", WORDS.upper(), "x" * 1000):
        with pytest.raises(WrongPassphraseError):
            cut.unlock(wrong)
        assert cut.find() is None
    assert cut.unlock(WORDS) == key
    assert restarted(cut).find() == key
    cut.lock()
    assert restarted(cut).find() is None


@pytest.mark.parametrize("trouble", ["there", "broken"])
def test_a_kernel_that_keeps_nothing_means_to_be_asked_again(keys: DataKeys, trouble: str) -> None:
    setattr(keys.kernel, trouble, trouble == "broken")
    key = keys.make(Kept.PASSPHRASE, WORDS)
    assert keys.unlock(WORDS) == key
    assert restarted(keys).find() is None


def test_another_passphrase_puts_the_one_of_before_out_of_use(keys: DataKeys) -> None:
    key = keys.make(Kept.PASSPHRASE, WORDS)
    keys.protect(key, Kept.PASSPHRASE, "another four words here")
    cut = after_a_power_cut(keys)
    with pytest.raises(WrongPassphraseError):
        cut.unlock(WORDS)
    assert cut.unlock("another four words here") == key


def test_only_the_last_way_of_keeping_a_key_counts(keys: DataKeys) -> None:
    system, kernel = keys.system, keys.kernel
    assert isinstance(system, MemoryKeyStore)
    assert isinstance(kernel, MemoryKeyStore)
    key = keys.make(Kept.SYSTEM)
    assert list(system.keys.values()) == [key]
    keys.protect(key, Kept.PASSPHRASE, WORDS)
    assert (system.keys, list(kernel.keys.values())) == ({}, [key])
    keys.protect(key, Kept.FOLDER)
    assert (system.keys, kernel.keys) == ({}, {})
    keys.protect(key, Kept.SYSTEM)
    assert list(system.keys.values()) == [key]
    assert restarted(keys).find() == key


def test_a_key_that_another_program_makes_meanwhile_is_not_overwritten(
    keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, sync = restarted(keys), os.fsync
    made: list[bytes] = []

    def between(handle: int) -> None:
        if not made:
            made.append(b"")
            made[0] = other.make(Kept.FOLDER)
        sync(handle)

    monkeypatch.setattr(os, "fsync", between)
    monkeypatch.setattr(Path, "exists", lambda _: False)  # asked before the other had made it
    with pytest.raises(FileExistsError):
        keys.make(Kept.FOLDER)
    assert keys.find() == made[0]


@pytest.mark.parametrize("kept", [Kept.FOLDER, Kept.PASSPHRASE])
def test_a_key_that_a_killed_program_left_half_named_is_shredded_as_well(
    keys: DataKeys, kept: Kept
) -> None:
    keys.make(kept, WORDS)
    keys.path.with_name(f".{keys.path.name}.0a1b2c3d").write_bytes(keys.path.read_bytes())
    keys.shred()
    assert list(keys.path.parent.iterdir()) == []


def test_a_passphrase_of_a_terminal_with_another_encoding_is_a_passphrase(keys: DataKeys) -> None:
    words = WORDS + b"\xe9".decode("utf-8", "surrogateescape")
    key = keys.make(Kept.PASSPHRASE, words)
    assert after_a_power_cut(keys).unlock(words) == key


@pytest.mark.parametrize("kept", Kept)
def test_a_shredded_key_is_nowhere(keys: DataKeys, kept: Kept) -> None:
    system, kernel = keys.system, keys.kernel
    assert isinstance(system, MemoryKeyStore)
    assert isinstance(kernel, MemoryKeyStore)
    keys.make(kept, WORDS)
    keys.shred()
    assert (system.keys, kernel.keys) == ({}, {})
    assert not keys.path.exists()
    assert keys.find() is None


def test_a_key_store_that_is_locked_or_lost_the_key_is_told_with_a_remedy(keys: DataKeys) -> None:
    system = keys.system
    assert isinstance(system, MemoryKeyStore)
    keys.make(Kept.SYSTEM)
    kept = dict(system.keys)
    system.keys.clear()
    with pytest.raises(DataKeyError, match="kiosk purge"):
        keys.find()
    system.keys = {name: bytes(KEY_LENGTH) for name in kept}
    with pytest.raises(DataKeyError, match="not the one"):
        keys.find()
    system.broken = True
    with pytest.raises(DataKeyError, match="does not answer"):
        keys.find()
    with pytest.raises(DataKeyError, match="Delete the entry"):
        keys.shred()


def test_a_store_that_takes_no_key_leaves_no_key_file(keys: DataKeys) -> None:
    assert isinstance(keys.system, MemoryKeyStore)
    keys.system.broken = True
    with pytest.raises(DataKeyError, match="passphrase"):
        keys.make(Kept.SYSTEM)
    assert keys.file() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_the_key_file_is_for_its_owner_alone_and_written_whole(keys: DataKeys) -> None:
    keys.make(Kept.FOLDER)
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path.parent.stat().st_mode) == 0o700
    assert [file.name for file in keys.path.parent.iterdir()] == [FILE.name]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"kept": "elsewhere"},
        {"n": 2**30},
        {"n": 1000},
        {"salt": "*"},
        {"secret": 5},
        {"shoe": 43},
    ],
)
def test_a_key_file_that_was_not_written_here_is_told_with_a_remedy(
    keys: DataKeys, change: dict[str, object]
) -> None:
    keys.make(Kept.PASSPHRASE, WORDS)
    fields = json.loads(keys.path.read_bytes())
    keys.path.write_text(json.dumps(fields | change))
    with pytest.raises(DataKeyError, match="Bring back your copy"):
        keys.find()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b"\xff"])
def test_a_key_file_that_is_none_is_told_with_a_remedy(keys: DataKeys, data: bytes) -> None:
    keys.path.parent.mkdir(parents=True)
    keys.path.write_bytes(data)
    with pytest.raises(DataKeyError, match="Bring back your copy"):
        keys.file()


def test_a_wrapped_key_does_not_open_under_the_id_of_another_folder(keys: DataKeys) -> None:
    keys.make(Kept.PASSPHRASE, WORDS)
    fields = json.loads(keys.path.read_bytes())
    keys.path.write_text(json.dumps(fields | {"id": "0" * 16}))
    with pytest.raises(WrongPassphraseError):
        keys.unlock(WORDS)


@pytest.mark.parametrize(
    ("passphrase", "good"),
    [
        ("", False),
        ("elevenchars", False),
        ("twelve chars", True),
        ("123456789012", False),
        ("aaaaaaaaaaaaaaaa", False),
        (WORDS, True),
        ("Été à la plage", True),
    ],
)
def test_a_passphrase_is_long_and_not_of_digits_alone(passphrase: str, good: bool) -> None:
    assert (check_passphrase(passphrase) == "") is good


def test_no_key_is_in_a_repr(keys: DataKeys) -> None:
    key = keys.make(Kept.FOLDER)
    told = repr(keys.file())
    assert str(key) not in told
    assert key.hex() not in told


# The stores of this machine


@pytest.mark.parametrize("store", [SystemKeyStore(), pytest.param(KERNEL, marks=needs_kernel)])
def test_a_store_gives_back_what_it_took_until_it_drops_it(
    store: SystemKeyStore | KernelKeyStore,
) -> None:
    name, key = "test-0123456789", bytes(range(KEY_LENGTH))
    assert store.works()
    store.drop(name)
    assert store.get(name) is None
    for value in (key, key[::-1]):
        store.put(name, value)
        assert store.get(name) == value
    store.drop(name)
    assert store.get(name) is None


@needs_kernel
def test_the_kernel_gives_a_key_to_the_next_process_of_this_user() -> None:
    name, key = "test-next-process", bytes(range(KEY_LENGTH))
    KERNEL.put(name, key)
    code = (
        "from kiosk.adapters.system.kernelkeys import KernelKeyStore\n"
        f"print((KernelKeyStore().get({name!r}) or b'').hex())"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == key.hex()
    finally:
        KERNEL.drop(name)


def test_a_backend_that_keeps_secrets_in_clear_is_no_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import keyring
    from keyring.backends import fail

    before = keyring.get_keyring()
    try:
        keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
        assert not SystemKeyStore().works()
        with pytest.raises(KeyStoreError):
            SystemKeyStore().put("test", b"x")
        keyring.set_keyring(before)
        assert SystemKeyStore().works()
        monkeypatch.setattr(type(before), "priority", 0.5)  # as keyrings.alt's file in clear has
        assert not SystemKeyStore().works()
    finally:
        keyring.set_keyring(before)


def test_a_store_that_never_answers_is_told_and_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import keyring

    hanging = Event()
    monkeypatch.setattr("kiosk.adapters.system.keystores.PATIENCE", 0.05)
    monkeypatch.setattr(type(keyring.get_keyring()), "get_password", lambda *_: hanging.wait(20))
    try:
        with pytest.raises(KeyStoreError, match="no answer"):
            SystemKeyStore().get("test")
    finally:
        hanging.set()


def test_an_error_of_a_store_is_told_by_its_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    def fails(*_: object) -> None:
        raise LookupError("something private")

    monkeypatch.setattr(type(keyring.get_keyring()), "get_password", fails)
    with pytest.raises(KeyStoreError) as caught:
        SystemKeyStore().get("test")
    assert str(caught.value) == "LookupError"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl and /proc are of Linux")
def test_a_door_leaves_no_core_and_lets_nobody_look_into_its_memory() -> None:
    code = (
        "import os, resource\n"
        "from kiosk.adapters.system.privacy import keep_memory_private\n"
        "keep_memory_private()\n"
        "import ctypes\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3),"
        " oct(os.umask(0)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "(0, 0) 0 0o77"


# What the doctor says


def doctor(keys: DataKeys) -> Check:
    (check,) = machine.guests_key(keys.path.parents[1])
    return check


def test_the_doctor_tells_where_the_key_is(keys: DataKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor(keys).severity is Severity.OK
    key = keys.make(Kept.PASSPHRASE, WORDS)
    assert doctor(keys).severity is Severity.OK
    keys.protect(key, Kept.FOLDER)
    assert doctor(keys).severity is Severity.NOTE
    keys.protect(key, Kept.SYSTEM)
    assert doctor(keys).severity is Severity.OK
    monkeypatch.setattr(SystemKeyStore, "works", lambda _: False)
    assert doctor(keys).severity is Severity.FAULT
    keys.shred()
    assert doctor(keys).severity is Severity.NOTE
    keys.path.write_text("{}")
    assert doctor(keys).severity is Severity.FAULT
    assert list(machine.guests_key(None)) == []
