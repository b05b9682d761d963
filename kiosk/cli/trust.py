"""`kiosk trust`: bring trust lists into the state folder, and look at what is there."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from kiosk.cli.common import Subparsers, add_state, fail, state_folder


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("trust", help="import and show trust lists")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    importing = actions.add_parser(
        "import",
        help="check lists and keep them in one form",
        description="Reads lists, checks their signatures, and writes one file of their union.",
    )
    importing.add_argument("source", nargs="+", type=Path, metavar="SOURCE")
    importing.add_argument("--key", type=Path, metavar="PEM", help="pinned key of signed lists")
    importing.add_argument(
        "--out", type=Path, metavar="FILE", help="default: trust/trust.json of the state folder"
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
        trust = named_trust(options.source, options.key.read_bytes() if options.key else None)
        write_trust(trust, out)
    except TrustSourceError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    for line in trust.skipped:
        print(f"not used: {line}")
    print(f"{len(trust.signers)} signers in {out}")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print what the sources, or the installation, hold."""
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust, named_trust
    from kiosk.core.trust.formats import TrustSourceError

    try:
        if options.source:
            trust = named_trust(options.source, options.key.read_bytes() if options.key else None)
        else:
            trust = installed_trust([certs(), state_folder(options) / "trust"])
    except TrustSourceError as error:
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
