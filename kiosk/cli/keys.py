"""`kiosk keys`: the key that signs badges, and the one that opens the guests."""

from __future__ import annotations

import argparse

from kiosk.cli import keys_badges, keys_data
from kiosk.cli.common import Subparsers

_DESCRIPTION = """\
Two keys. The organiser's key signs badges (and revocation lists): its private half stays on the
organiser's PC, kiosks have the public half alone, and without a backup no further badge can be made
that belongs to those already printed. The key of the guests opens what is stored of them on this
machine: protect, unlock, lock, status."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "keys", help="the key that signs badges, the key of the guests", description=_DESCRIPTION
    )
    parts = parser.add_subparsers(required=True, metavar="WHAT", title="what")
    keys_badges.add_actions(parts)
    keys_data.add_actions(parts)
