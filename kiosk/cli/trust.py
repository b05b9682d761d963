"""`kiosk trust`: bring trust lists into the state folder, and look at what is there."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError, Subparsers, add_state, fail, read_key, state_folder

if TYPE_CHECKING:
    from kiosk.core.trust.trustlist import TrustList


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("trust", help="import and show trust lists")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    importing = actions.add_parser(
        "import",
        help="check lists and keep them in one form",
        description="Reads lists, checks their signatures, and writes one file of their union. "
        "It replaces the one written before; to keep lists of several nations, each with its own "
        "key, import each with --out STATE/trust/NATION.json: a door uses all that lie there.",
    )
    importing.add_argument("source", nargs="+", type=Path, metavar="SOURCE")
    importing.add_argument("--key", type=Path, metavar="PEM", help="pinned key of signed lists")
    importing.add_argument(
        "--out", type=Path, metavar="FILE", help="default: trust/trust.json of the state folder"
    )
    importing.add_argument(
        "--force", action="store_true", help="replace a list by an older or undated one"
    )
    add_state(importing)
    importing.set_defaults(func=run_import)
    showing = actions.add_parser("show", help="signers by country, age, end")
    showing.add_argument("source", nargs="*", type=Path, metavar="SOURCE")
    showing.add_argument("--key", type=Path, metavar="PEM", help="pinned key of signed lists")
    add_state(showing)
    showing.set_defaults(func=run_show)


def run_import(options: argparse.Namespace) -> int:
    """Write the union of the sources in the program's own form."""
    from kiosk.adapters.trust.sources import named_trust, write_trust
    from kiosk.core.trust.formats import TrustSourceError

    out = options.out or state_folder(options) / "trust" / "trust.json"
    try:
        trust = named_trust(options.source, read_key(options.key) if options.key else None)
        replaced = _replaced(out, trust, force=options.force)
        write_trust(trust, out)
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    for line in trust.skipped:
        print(f"not used: {line}")
    if replaced:
        print(f"replaced: {replaced}")
    print(f"{_in_words(trust)} in {out}")
    return 0


def _in_words(trust: TrustList) -> str:
    return f"{len(trust.signers)} signers of {trust.issued_at or 'an unknown date'}"


def _replaced(out: Path, new: TrustList, *, force: bool) -> str:
    """What `new` takes the place of, in words. Raises CommandError rather than go back in time."""
    from kiosk.adapters.trust.sources import named_trust
    from kiosk.core.trust.formats import TrustSourceError

    if not out.exists():
        return ""
    try:
        old = named_trust([out], None)
    except TrustSourceError:
        return "a file that is no trust list"
    older = old.issued_at and (new.issued_at is None or new.issued_at < old.issued_at)
    if older and not force:
        raise CommandError(
            f"{out} holds {_in_words(old)}; the new list has {_in_words(new)}. Keep both with "
            f"--out {out.with_name('NAME.json')}, or replace it with --force."
        )
    return _in_words(old)


def run_show(options: argparse.Namespace) -> int:
    """Print what the sources, or the installation, hold."""
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust, named_trust
    from kiosk.core.trust.formats import TrustSourceError

    try:
        if options.source:
            trust = named_trust(options.source, read_key(options.key) if options.key else None)
        else:
            if options.state and not options.state.is_dir():
                return fail(f"There is no state folder {options.state}. Check --state.")
            trust = installed_trust([certs(), state_folder(options) / "trust"])
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    print(f"{len(trust.signers)} signers from {', '.join(trust.sources) or 'nowhere'}")
    print(f"issued {trust.issued_at or 'unknown'}, ends {trust.expires_at or 'never'}")
    countries = Counter(signer.country or "??" for signer in trust.signers)
    print(", ".join(f"{country} {count}" for country, count in sorted(countries.items())))
    if trust.weak or trust.revoked:
        print(f"{len(trust.weak)} weak keys, {len(trust.revoked)} revoked")
    return 0
