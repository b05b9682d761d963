"""Where things are on this machine: what comes with the program, and what an installation keeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def program_folder() -> Path:
    """The folder that holds assets/ and certs/: of the checkout, or of the installed bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parents[3]


def assets() -> Path:
    """Fonts, signs, texts, rules and event files."""
    return program_folder() / "assets"


def standard_rules() -> Path:
    """The rules of an event that brings none of its own."""
    return assets() / "rules" / "proofs.json"


def certs() -> Path:
    """The installation's trust."""
    return program_folder() / "certs"


def default_state() -> Path:
    """The state folder where none is named: the platform's place for a program's own data."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "kiosk"
