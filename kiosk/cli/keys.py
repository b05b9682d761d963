"""`kiosk keys`: the keys of a state folder."""

from __future__ import annotations

import argparse

from kiosk.cli import keys_data
from kiosk.cli.common import Subparsers


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("keys", help="the key that opens the guests")
    keys_data.add_actions(parser.add_subparsers(required=True, metavar="WHAT", title="what"))
