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
    """Fonts, signs, texts, event files and their rules."""
    return program_folder() / "assets"


def standard_rules() -> Path:
    """The rules beside the event file that comes with the program, for one that names none."""
    return assets() / "events" / "proofs.rules.json"


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
