"""The part of `kiosk keys` about the key that signs badges, its copies and its public half."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    MAX_KEY,
    CommandError,
    Subparsers,
    add_action,
    fail,
    read_named,
    show,
    state_folder,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from kiosk.adapters.system.keys import KeyFile, KeyPair

_WHAT_DIES = """\
Every badge that was printed so far dies: no door believes it any more, and no backup of the new key
helps. So do blank badges in reserve and revocation lists that the old key signed. All badges have
to be printed again, and each kiosk needs the new public half."""


def add_actions(parts: Subparsers[argparse.ArgumentParser]) -> None:
    """Add what can be done with the key of the badges."""
    for add in (_add_show, _add_make, _add_public, _add_copies, _add_rotate):
        add(parts)


def _part(
    parts: Subparsers[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    return add_action(parts, name, lambda options: _told(run, options), about)


def _told(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from kiosk.adapters.system.keys import KeyFileError

    try:
        return run(options)
    except (CommandError, KeyFileError) as error:
        return fail(str(error))
    except OSError as error:
        named = f"{error.filename}: {error.strerror}"
        return fail(f"{named}. Choose a place that you may write to.")


def _add_show(parts: Subparsers[argparse.ArgumentParser]) -> None:
    _part(parts, "show", _show, "tells which keys are here, and how well they are kept")


def _add_make(parts: Subparsers[argparse.ArgumentParser]) -> None:
    _part(parts, "make", _make, "makes the key that signs badges")


def _add_public(parts: Subparsers[argparse.ArgumentParser]) -> None:
    export = _part(parts, "export", _export, "writes the public half, for the kiosks")
    export.add_argument("--public", type=Path, required=True, metavar="FILE")
    take = _part(parts, "import", _import, "takes in the public half, on a kiosk")
    take.add_argument("--public", type=Path, required=True, metavar="FILE")
    take.add_argument("--force", action="store_true", help="also in the place of another key")


def _add_copies(parts: Subparsers[argparse.ArgumentParser]) -> None:
    backup = _part(parts, "backup", _backup, "writes the private key, closed with a passphrase")
    restore = _part(parts, "restore", _restore, "puts a backup back in its place")
    for part in (backup, restore):
        part.add_argument("file", type=Path, metavar="FILE")
        part.add_argument(
            "--passphrase-file",
            type=Path,
            metavar="FILE",
            help="its first line; else you are asked",
        )
    restore.add_argument("--force", action="store_true", help="also in the place of another key")


def _add_rotate(parts: Subparsers[argparse.ArgumentParser]) -> None:
    rotate = _part(parts, "rotate", _rotate, "makes a new key: every badge printed so far dies")
    rotate.add_argument("--yes", action="store_true", help="do not ask")


def _show(options: argparse.Namespace) -> int:
    from kiosk.adapters.system.keys import badge_keys

    state = state_folder(options)
    pair = badge_keys(state)
    if not (pair.private or pair.public):
        raise CommandError(
            f"There is no badge key in {state}. On the organiser's PC: `kiosk keys make`; on a "
            "kiosk: `kiosk keys import --public FILE`."
        )
    for half, name in ((pair.private, "private, signs badges"), (pair.public, "public")):
        if half:
            _show_half(half, name, secret=half is pair.private)
    if pair.torn:
        show(["These two are not of one key: no badge is made before that is set right."])
        return 1
    if not pair.private:
        show(["This is a kiosk: it checks badges and cannot make any."])
    return 0


def _show_half(half: KeyFile, name: str, *, secret: bool) -> None:
    from kiosk.adapters.system.keys import fingerprint

    lines = [
        f"badge key, {name}: {half.path}",
        f"  fingerprint {fingerprint(half.key)}",
        f"  written {half.modified:%Y-%m-%d %H:%M} UTC, mode {half.mode:04o}",
    ]
    if secret and half.open_to_others:
        lines.append(f"  OTHERS MAY READ IT: chmod 600 {half.path}")
    elif secret:
        lines.append("  protected by the permissions of its file alone; its backup by a passphrase")
    show(lines)


def _make(options: argparse.Namespace) -> int:
    from kiosk.adapters.system.keys import fingerprint, make_badge_key

    key = make_badge_key(state_folder(options)).public_key()
    show([f"A new badge key, {fingerprint(key)}.", "Now a backup: kiosk keys backup FILE"])
    return 0


def _export(options: argparse.Namespace) -> int:
    from kiosk.adapters.files import write_whole
    from kiosk.adapters.system.keys import badge_public_key, fingerprint, public_pem

    key = badge_public_key(state_folder(options))
    write_whole(options.public, public_pem(key))
    show([f"{options.public}: {fingerprint(key)}. It is no secret."])
    return 0


def _import(options: argparse.Namespace) -> int:
    from kiosk.adapters.system.keys import fingerprint, public_key_of, put_public_key

    pem = read_named(options.public, MAX_KEY, "Give the file that `kiosk keys export` wrote.")
    key = public_key_of(pem, options.public)
    put_public_key(state_folder(options), key, instead=options.force)
    show(
        [f"Badges signed by {fingerprint(key)} are believed here: compare it with the organiser's."]
    )
    return 0


def _backup(options: argparse.Namespace) -> int:
    from kiosk.adapters.files import write_whole
    from kiosk.adapters.system.keybackup import decrypted_key, encrypted_key
    from kiosk.adapters.system.keys import fingerprint, own_badge_key

    key = own_badge_key(state_folder(options))
    passphrase = _passphrase(options, twice=True)
    closed = encrypted_key(key, passphrase)
    decrypted_key(closed, passphrase)  # what could not be opened again would be no backup
    write_whole(options.file, closed, private=True)
    show(
        [
            f"{options.file}: the private key {fingerprint(key.public_key())}, closed with the "
            "passphrase. Keep file and passphrase in two places; nobody can open it without."
        ]
    )
    return 0


def _restore(options: argparse.Namespace) -> int:
    from kiosk.adapters.system.keybackup import MAX_BACKUP, decrypted_key
    from kiosk.adapters.system.keys import badge_keys, fingerprint, put_badge_key

    pem = read_named(options.file, MAX_BACKUP, "Give the file that `kiosk keys backup` wrote.")
    key = decrypted_key(pem, _passphrase(options, twice=False))
    state = state_folder(options)
    if not options.force:  # with it, even in the place of one that cannot be read
        _refuse_others(badge_keys(state), key.public_key())
    put_badge_key(state, key)
    show([f"The badge key is back: {fingerprint(key.public_key())}"])
    return 0


def _refuse_others(pair: KeyPair, key: Ed25519PublicKey) -> None:
    from kiosk.adapters.system.keys import fingerprint

    for half in (pair.private, pair.public):
        if half and half.key != key:
            raise CommandError(
                f"{half.path} is another key ({fingerprint(half.key)}). With this one in its "
                "place, badges that it signed die. If that is meant, back it up and add --force."
            )


def _rotate(options: argparse.Namespace) -> int:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kiosk.adapters.system.keys import fingerprint, own_badge_key, put_badge_key

    state = state_folder(options)
    own_badge_key(state)
    show(_WHAT_DIES.splitlines())
    if not options.yes and input("Type yes to go on: ").strip().lower() != "yes":
        raise CommandError("Nothing was changed.")
    key = Ed25519PrivateKey.generate()
    put_badge_key(state, key)
    show([f"The new badge key is {fingerprint(key.public_key())}. Now: kiosk keys backup FILE"])
    return 0


def _passphrase(options: argparse.Namespace, *, twice: bool) -> str:
    """Of the file named, else asked for. Raises CommandError."""
    if options.passphrase_file:
        remedy = "Give a text file with the passphrase in its first line."
        data = read_named(options.passphrase_file, MAX_KEY, remedy)
        try:
            lines = data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise CommandError(f"{options.passphrase_file}: not UTF-8 text. {remedy}") from None
        return lines[0] if lines else ""
    try:
        passphrase = getpass.getpass("Passphrase: ")
        again = getpass.getpass("Once more: ") if twice else passphrase
    except EOFError:
        raise CommandError("No passphrase was given. There is --passphrase-file.") from None
    if passphrase != again:
        raise CommandError("The two passphrases differ. Try again.")
    return passphrase
