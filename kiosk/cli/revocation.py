"""`kiosk revocation`: sign a list of revoked certificates, install one, look at it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    MAX_KEY,
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    read_named,
    show,
    state_folder,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    from kiosk.core.revocation.imported import Imported
    from kiosk.core.revocation.revocationlist import RevocationList

_DAYS = 7  # how long a list is fresh where nobody says
_MANY = 20  # sources from which progress is told
_SIGN = """\
On the organiser's PC: reads sources, takes the union of their hashes, and signs it with the
organiser's key (the one that signs badges, unless --key names another).

A source is a revocation batch of the EU gateway (JSON, or CMS, whose signature is not checked),
a plain list of SHA-256 hashes (hexadecimal or base64, of `ci` or of country and `ci`, whole or
cut to 16 bytes), a list that this command wrote, or a folder of these.

Where the output exists already, it is taken up: the new list holds what is still in force of it,
under the next version. With any fault nothing is written."""
_INSTALL = """\
On each kiosk: checks the organiser's signature and puts the list in the state folder, where doors
and `kiosk verify` use it. An older version, another list of the same version, or one that lacks
hashes still in force is refused."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("revocation", help="sign, install and show revocation lists")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_sign(actions)
    installing = actions.add_parser(
        "install", help="check a signed list and use it here", description=_INSTALL
    )
    installing.add_argument("file", type=Path, metavar="FILE")
    installing.add_argument(
        "--key",
        type=Path,
        metavar="PEM",
        help="the organiser's public key, pinned from now on (default: the key of the badges)",
    )
    installing.add_argument(
        "--allow-fewer",
        action="store_true",
        help="also when hashes are gone that are still in force: they were withdrawn on purpose",
    )
    add_state(installing)
    installing.set_defaults(func=run_install)
    showing = actions.add_parser("show", help="version, dates, number of hashes, sources")
    showing.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: installed")
    showing.add_argument("--key", type=Path, metavar="PEM", help="the organiser's public key")
    add_state(showing)
    showing.set_defaults(func=run_show)


def _add_sign(actions: Subparsers[argparse.ArgumentParser]) -> None:
    signing = actions.add_parser(
        "sign",
        help="make a signed list of batches and hash lists",
        description=_SIGN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    signing.add_argument("source", nargs="*", type=Path, metavar="SOURCE")
    signing.add_argument("--out", type=Path, required=True, metavar="FILE")
    signing.add_argument("--key", type=Path, metavar="PEM", help="the organiser's private key")
    signing.add_argument(
        "--days", type=int, default=_DAYS, metavar="N", help=f"fresh for so long (default {_DAYS})"
    )
    signing.add_argument("--version", type=int, metavar="N", help="default: the next one")
    add_state(signing)
    signing.set_defaults(func=run_sign)


# Sign


def run_sign(options: argparse.Namespace) -> int:
    """Write the signed union of the sources and of the list that is there."""
    from kiosk.adapters.files import write_whole
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.adapters.system.keys import KeyFileError
    from kiosk.core.revocation.errors import RevocationError
    from kiosk.core.revocation.revocationlist import dump
    from kiosk.core.revocation.sources import union

    at = SystemClock().now()
    try:
        expires = at + timedelta(days=_days(options.days))
        key = _signing_key(options)
        before, version = _before(options, at, key.public_key())
        parts = [*before, *_imported(_files(options.source), at, key.public_key())]
        signed = union(parts, version, at, expires)
        write_whole(options.out, dump(signed, key))
    except (CommandError, KeyFileError, RevocationError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}. Choose another file with --out.")
    ended = sum(part.ended for part in parts)
    if ended:
        print(f"left out: {counted(ended, 'hash', 'es')} whose end has passed")
    show(_in_words(signed))
    print(f"in {options.out}")
    return 0


def _days(number: int) -> int:
    if not 1 <= number <= 366:
        raise CommandError(f"--days {number}: give 1 to 366.")
    return number


def _signing_key(options: argparse.Namespace) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from kiosk.adapters.system.keys import badge_signing_key

    if options.key is None:
        return badge_signing_key(state_folder(options))
    remedy = "Give the organiser's private key, an Ed25519 key in PEM form without a passphrase."
    try:
        key: object = load_pem_private_key(read_named(options.key, MAX_KEY, remedy), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise CommandError(f"{options.key} is not such a key. {remedy}")


def _before(
    options: argparse.Namespace, at: datetime, key: Ed25519PublicKey
) -> tuple[list[Imported], int]:
    """What the list at --out holds, and the version of the one that replaces it."""
    from kiosk.adapters.revocation.lists import read
    from kiosk.core.revocation.revocationlist import MAX_VERSION, load
    from kiosk.core.revocation.sources import still_in_force

    old = load(str(options.out), read(options.out), key) if options.out.exists() else None
    least = old.version + 1 if old else 1
    version = options.version or least
    if not least <= version <= MAX_VERSION:
        raise CommandError(f"--version {version}: give {least} or more.")
    return [still_in_force(old, at)] if old else [], version


def _files(sources: Sequence[Path]) -> list[Path]:
    """The files named, and those of the folders named."""
    found: list[Path] = []
    for source in sources:
        inside = sorted(p for p in source.iterdir() if p.is_file()) if source.is_dir() else [source]
        found += [path for path in inside if not path.name.startswith(".")]
    return found


def _imported(files: Sequence[Path], at: datetime, key: Ed25519PublicKey) -> list[Imported]:
    """What is in all files. Raises CommandError with the faults of each."""
    from kiosk.core.revocation.errors import RevocationError
    from kiosk.core.revocation.imported import MAX_SOURCE
    from kiosk.core.revocation.sources import read_source

    parts, faults = [], []
    for number, path in enumerate(files, start=1):
        if len(files) >= _MANY and number % _MANY == 0:
            print(f"{number} of {len(files)} files read", file=sys.stderr)
        try:
            data = read_named(path, MAX_SOURCE, "Give a batch or a list of hashes.")
            parts.append(read_source(str(path), data, at, key))
        except (CommandError, RevocationError) as error:
            faults.append(str(error))
    if faults:
        raise CommandError("\n".join(faults))
    return parts


# Install and show


def run_install(options: argparse.Namespace) -> int:
    """Put a list in the state folder."""
    from kiosk.adapters.revocation.lists import install, public_key
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.adapters.system.keys import KeyFileError, badge_public_key
    from kiosk.core.revocation.errors import RevocationError

    state, at = state_folder(options), SystemClock().now()
    try:
        done = install(
            state,
            options.file,
            lambda: badge_public_key(state),
            at,
            key=public_key(options.key) if options.key else None,
            allow_fewer=options.allow_fewer,
        )
    except (KeyFileError, RevocationError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}. Check --state and free disk space.")
    if done.unchanged:
        print("This list is installed already.")
    elif done.old:
        held = counted(len(done.old.hashes), "hash", "es")
        print(f"replaced: version {done.old.version} with {held}")
    if done.lost:
        print(f"gone, and not revoked any more: {counted(done.lost, 'hash', 'es')}")
    show(_in_words(done.new))
    if done.new.expires_at < at:
        print("It is past its end: it counts, and staff are told to get a newer one.")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print what a list says of itself."""
    state = state_folder(options)
    try:
        revoked = named_or_installed(options.file, options.key, state)
    except CommandError as error:
        return fail(str(error))
    show(_in_words(revoked) if revoked else [f"No revocation list is installed in {state}."])
    return 0


def named_or_installed(
    path: Path | None, key_path: Path | None, state: Path
) -> RevocationList | None:
    """The list in `path`, else the one that is installed in `state`. Raises CommandError."""
    from kiosk.adapters.revocation.lists import installed_list, public_key, read
    from kiosk.adapters.system.keys import KeyFileError, badge_public_key
    from kiosk.core.revocation.errors import RevocationError
    from kiosk.core.revocation.revocationlist import load

    try:
        key = public_key(key_path) if key_path else None
        if path is None:
            return installed_list(state, lambda: key or badge_public_key(state))
        return load(str(path), read(path), key or badge_public_key(state))
    except (KeyFileError, RevocationError) as error:
        raise CommandError(str(error)) from None


def _in_words(revoked: RevocationList) -> Iterator[str]:
    yield f"version {revoked.version}, {counted(len(revoked.hashes), 'hash', 'es')}"
    yield f"issued {revoked.issued_at.isoformat()}, fresh until {revoked.expires_at.isoformat()}"
    yield from (f"  from {source}" for source in revoked.sources)
