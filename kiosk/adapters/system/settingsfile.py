"""The settings of a PC, in a file of the state folder that a person can read and edit."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, read_file, write_whole
from kiosk.desk.settings import Known, SettingFault, Settings, Wrong, lines_of, settings_of

FILE = "settings.toml"
MAX_FILE = 16_384  # bytes
_HEAD = "# The settings of this PC. A supervisor changes them at the screen too: F2.\n"


class SettingsFile:
    """Implements the desk's `SettingsBook`. A door opens whatever the file holds."""

    def __init__(self, state: Path) -> None:
        self.path = state / FILE

    def read(self) -> Known:
        """What the file says; the usual settings where there is none."""
        try:
            return settings_of(tomllib.loads(read_file(self.path, MAX_FILE).decode()))
        except FileNotFoundError:
            return Known()
        except (OSError, FileRefusedError, ValueError, RecursionError) as error:
            return Known(faults=(SettingFault(Wrong.NOT_READ, FILE, _why(error)),))

    def keep(self, settings: Settings) -> SettingFault | None:
        """Write it whole or not at all; every setting is in it, and nothing else."""
        lines = (f"{key} = {_toml(value)}\n" for key, value in lines_of(settings).items())
        try:
            write_whole(self.path, (_HEAD + "".join(lines)).encode())
        except OSError as error:
            return SettingFault(Wrong.NOT_WRITTEN, FILE, _why(error))
        return None


def _toml(value: str | int | bool) -> str:
    """A value of TOML 1.0: JSON's, but that no character of the text may be left as a pair.

    Printable text alone is kept, so that nothing but quotation marks and backslashes is escaped.
    """
    return json.dumps(value, ensure_ascii=False)


def _why(error: Exception) -> str:
    """What the system says; of a fault in the file its place, never its text."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return (
        str(error) if isinstance(error, FileRefusedError | tomllib.TOMLDecodeError) else "no TOML"
    )
