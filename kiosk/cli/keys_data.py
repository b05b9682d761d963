"""`kiosk keys protect | unlock | lock | status`: the key of the guests."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError, Subparsers, add_state, fail, state_folder
from kiosk.cli.unlocking import (
    add_passphrase_file,
    data_keys,
    guest_sealer,
    new_passphrase,
    unlocked,
)

if TYPE_CHECKING:
    from kiosk.adapters.system.datakey import DataKeys, Kept

_PLACES = {
    "system": "in the key store of this system",
    "passphrase": "wrapped with a passphrase",
    "folder": "in the state folder itself: that protects a copied database file only",
}
_PROTECT = """\
Guests are encrypted. Their key lies in the system's key store, for the user who is logged in
(Windows Credential Manager, Keychain, Secret Service, KWallet), or wrapped with a passphrase.
`--with folder` lays it in clear beside the database, for a PC whose whole disk the system
encrypts: by itself it protects a copied database file only. The last way of protecting counts
alone. The entry log holds no names and is not encrypted."""


def add_actions(actions: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the actions about the guests' key to `kiosk keys`."""
    protect = actions.add_parser(
        "protect",
        help="choose how the key of the guests is protected",
        description=_PROTECT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    protect.add_argument(
        "--with",
        dest="kept",
        choices=tuple(_PLACES),
        help="default: system where it has a key store, else passphrase",
    )
    protect.add_argument("--change", action="store_true", help="another passphrase")
    protect.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="the new passphrase is its first line"
    )
    add_state(protect)
    protect.set_defaults(func=run_protect)
    unlock = actions.add_parser(
        "unlock",
        help="give the passphrase of the guests",
        description="Where the kernel keeps keys (Linux), the program does not ask again until "
        "the PC is switched off, for a day at most.",
    )
    add_passphrase_file(unlock)
    add_state(unlock)
    unlock.set_defaults(func=run_unlock)
    lock = actions.add_parser("lock", help="forget what the passphrase unlocked")
    add_state(lock)
    lock.set_defaults(func=run_lock)
    status = actions.add_parser("status", help="where the key of the guests is")
    add_state(status)
    status.set_defaults(func=run_status)


def run_protect(options: argparse.Namespace) -> int:
    """Make the key, or keep the one there is in another way."""
    from kiosk.adapters.system.datakey import DataKeyError, Kept

    keys = data_keys(state_folder(options))
    best = "system" if keys.system.works() and not options.passphrase_file else "passphrase"
    try:
        file = keys.file()
        if options.change:
            options.kept = "passphrase"
        kept = Kept(options.kept or (file.kept if file and not options.passphrase_file else best))
        if kept is Kept.SYSTEM and not keys.system.works():
            return fail("This system has no key store. Take --with passphrase.")
        if file is not None and file.kept is kept and not options.change:
            if options.passphrase_file:
                return fail(
                    "The guests have a passphrase already, and it stays. Another one: kiosk keys "
                    "protect --change"
                )
            print(f"The key of the guests is already {_PLACES[kept]}.")
            return 0
        _protect(keys, kept, options)
    except (CommandError, DataKeyError) as error:
        return fail(str(error))
    print(f"The key of the guests is {_PLACES[kept]}.")
    return 0


def _protect(keys: DataKeys, kept: Kept, options: argparse.Namespace) -> None:
    from kiosk.adapters.system.datakey import Kept

    def passphrase() -> str:
        return new_passphrase(options.passphrase_file) if kept is Kept.PASSPHRASE else ""

    if keys.file() is None:
        keys.make(kept, passphrase())
        return
    key = keys.find()
    if options.change or key is None:  # whoever may not open it may not keep it otherwise
        key = unlocked(keys, None)
    keys.protect(key, kept, passphrase())


def run_unlock(options: argparse.Namespace) -> int:
    """Ask, so that nothing asks for a while."""
    from kiosk.adapters.system.datakey import Kept

    keys = data_keys(state_folder(options))
    try:
        if guest_sealer(state_folder(options), file=options.passphrase_file) is None:
            return fail("This state folder has no guests yet.")
    except CommandError as error:
        return fail(str(error))
    file = keys.file()
    remembered = keys.find() is not None
    if file and file.kept is not Kept.PASSPHRASE:
        print(f"The key of the guests is {_PLACES[file.kept]}: nothing to unlock.")
    elif remembered:
        print(
            "Unlocked until the PC is switched off, for a day at most (`kiosk keys lock` ends it)."
        )
    else:
        print("This is the passphrase. This system remembers no key: `kiosk run` will ask for it.")
    return 0


def run_lock(options: argparse.Namespace) -> int:
    """Forget the unlocked key."""
    from kiosk.adapters.system.datakey import DataKeyError, Kept

    keys = data_keys(state_folder(options))
    try:
        file = keys.file()
        keys.lock()
    except DataKeyError as error:
        return fail(str(error))
    if file is not None and file.kept is not Kept.PASSPHRASE:
        return fail(f"The key is {_PLACES[file.kept]}; log out, or switch the PC off, to lock it.")
    print("Locked. A screen that is open keeps its key until it is closed.")
    return 0


def run_status(options: argparse.Namespace) -> int:
    """Say where the key is and whether it opens; 1 where it does not without being asked for."""
    from kiosk.adapters.system.datakey import DataKeyError

    keys = data_keys(state_folder(options))
    try:
        file = keys.file()
        if file is None:
            print("no key yet: it is made when guests are imported, or by kiosk keys protect")
            return 1
        key = keys.find()
    except DataKeyError as error:
        return fail(str(error))
    print(f"the key of the guests is {_PLACES[file.kept]}")
    print("it is here" if key else "it is locked: the passphrase opens it (kiosk keys unlock)")
    return 0 if key else 1
