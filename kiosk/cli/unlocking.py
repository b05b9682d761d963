"""How commands come by the key of the guests: found, unlocked, or made where there is none yet."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError, read_named

if TYPE_CHECKING:
    from kiosk.adapters.system.datakey import DataKeys
    from kiosk.core.sealing import Sealer

TRIES = 5  # at one terminal; each costs scrypt's time, and a pause that grows
_CREDENTIAL = "kiosk-passphrase"  # the name of systemd's LoadCredential=
_MAX_FILE = 4096  # bytes

Ask = Callable[["DataKeys"], bytes | None]


def add_passphrase_file(parser: argparse.ArgumentParser) -> None:
    """The option --passphrase-file, for services."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="where the guests are protected with a passphrase: it is the first line of FILE "
        "(default: a terminal asks; a service of systemd has LoadCredential=kiosk-passphrase)",
    )


def data_keys(state: Path) -> DataKeys:
    """The data key of a state folder, in the key stores of this system."""
    from kiosk.adapters.system.datakey import DataKeys
    from kiosk.adapters.system.kernelkeys import KernelKeyStore
    from kiosk.adapters.system.keystores import SystemKeyStore

    return DataKeys(state, SystemKeyStore(), KernelKeyStore())


def guest_sealer(
    state: Path, *, make: bool = False, file: Path | None = None, ask: Ask | None = None
) -> Sealer | None:
    """What opens the guests of a state folder; None where it has no key, and so no guests, yet.

    make: it gets a key where it has none, and it is told where that lies. file: holds the
    passphrase. ask: asks for it where there is no terminal. Raises CommandError.
    """
    from kiosk.adapters.system.datakey import DataKeyError
    from kiosk.core.sealing import Sealer

    keys = data_keys(state)
    try:
        if keys.file() is None:
            return Sealer(first_key(keys, file)) if make else None
        key = keys.find()
        return Sealer(unlocked(keys, file, ask) if key is None else key)
    except DataKeyError as error:
        raise CommandError(str(error)) from None


def first_key(keys: DataKeys, file: Path | None = None) -> bytes:
    """A new key, in the best place that this system has, which is told. Raises CommandError."""
    from kiosk.adapters.system.datakey import Kept

    if file is None and keys.system.works():
        key = keys.make(Kept.SYSTEM)
        _tell(
            "The guests are encrypted from now on; their key lies in the key store of this "
            "system, under kiosk."
        )
        return key
    if file is None and not at_terminal():
        raise CommandError(
            "This system has no key store in which the key of the guests could lie. "
            "Protect it with a passphrase at a terminal: kiosk keys protect."
        )
    key = keys.make(Kept.PASSPHRASE, new_passphrase(file))
    _tell(f"The guests are encrypted from now on; the passphrase opens {keys.path}.")
    return key


def unlocked(keys: DataKeys, file: Path | None, ask: Ask | None = None) -> bytes:
    """The key that a passphrase opens, from a file or whoever is there. Raises CommandError."""
    from kiosk.adapters.system.datakey import WrongPassphraseError

    file = file or _credential()
    if file is not None:
        try:
            return keys.unlock(_first_line(file))
        except WrongPassphraseError:
            raise CommandError(f"The passphrase in {file} is not the one of the guests.") from None
    key = _asked(keys) if at_terminal() else ask(keys) if ask else None
    if key is None:
        raise CommandError(
            "The guests are locked. Give the passphrase: kiosk keys unlock. Who forgot it drops "
            "the guests with `kiosk purge` and imports the list again; the log is not encrypted."
        )
    return key


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def new_passphrase(file: Path | None) -> str:
    """A passphrase that is good enough, typed twice or read from a file. Raises CommandError."""
    from kiosk.adapters.system.datakey import check_passphrase

    if file is not None:
        passphrase = _first_line(file)
        if fault := check_passphrase(passphrase):
            raise CommandError(f"{file}: {fault}")
        return passphrase
    if not at_terminal():
        raise CommandError("There is no terminal to ask at. Give --passphrase-file FILE.")
    _tell("A passphrase protects the guests. Write it down; nobody can find it out again.")
    for _ in range(TRIES):
        passphrase = getpass.getpass("New passphrase: ")
        if fault := check_passphrase(passphrase):
            _tell(fault)
        elif getpass.getpass("The same again: ") != passphrase:
            _tell("These were two different ones.")
        else:
            return passphrase
    raise CommandError("No passphrase was chosen; nothing was changed.")


def _asked(keys: DataKeys) -> bytes | None:
    """The key by the passphrase that is typed at the terminal; None after too many wrong ones."""
    from kiosk.adapters.system.datakey import WrongPassphraseError

    for wrong in range(TRIES):
        try:
            return keys.unlock(getpass.getpass("Passphrase of the guests: "))
        except WrongPassphraseError:
            _tell("That is not it.")
            time.sleep(2**wrong - 1)
    return None


def _credential() -> Path | None:
    """The passphrase that systemd hands to a service (systemd.exec(5), LoadCredential=)."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    file = Path(folder) / _CREDENTIAL if folder else None
    return file if file and file.is_file() else None


def _first_line(file: Path) -> str:
    text = read_named(file, _MAX_FILE, "Give a file that holds the passphrase.")
    try:
        return text.decode("utf-8").splitlines()[0]
    except (UnicodeDecodeError, IndexError):
        raise CommandError(f"{file} holds no passphrase in its first line.") from None


def _tell(line: str) -> None:
    print(f"kiosk: {line}", file=sys.stderr)
