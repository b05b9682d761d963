"""What a supervisor sets at one PC: how its screens look and sound, and which devices they use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol

LOUDEST = 100
_LONGEST = 400  # characters of a name or an address


class Look(StrEnum):
    """Which colours the screens have; AUTO: those that the system asks for."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    AUTO = "auto"


@dataclass(frozen=True)
class Settings:
    """The settings of one PC, shared by its screens.

    volume: 0 to 100. reduced_motion: nothing moves but what tells something. guest_window: the
    guest's side of the desk on a second screen. camera: as `--camera` takes it; empty: the first.
    printer: its name in the system; empty: the system's own. language: of staff, a code; empty:
    the event's first.
    """

    theme: Look = Look.LIGHT
    large_text: bool = False
    volume: int = 80
    sounds: bool = True
    reduced_motion: bool = False
    guest_window: bool = False
    camera: str = ""
    printer: str = ""
    language: str = ""


USUAL = Settings()


class Wrong(StrEnum):
    """What is wrong with a line of the settings, as the end of a sentence."""

    UNKNOWN = "is no setting"
    VALUE = "has a value that it cannot have"
    NOT_READ = "cannot be read"  # the whole file
    NOT_WRITTEN = "cannot be written"  # the same


@dataclass(frozen=True)
class SettingFault:
    """One fault; `key` is the setting, or the file where it concerns the whole. wanted: values."""

    wrong: Wrong
    key: str
    wanted: str = ""

    def __str__(self) -> str:
        """For people, with what would do."""
        return f"{self.key} {self.wrong}" + (f": {self.wanted}" if self.wanted else "")


@dataclass(frozen=True)
class Known:
    """What was read: the settings, with the usual value in the place of each faulty one."""

    settings: Settings = USUAL
    faults: tuple[SettingFault, ...] = ()


class SettingsBook(Protocol):
    """Where the settings of a PC are kept."""

    def read(self) -> Known:
        """What is kept; the usual settings where nothing is, or nothing can be read."""
        ...

    def keep(self, settings: Settings) -> SettingFault | None:
        """Keep them in the place of what was there; what is wrong where they cannot be kept."""
        ...


def settings_of(lines: Mapping[str, object]) -> Known:
    """The settings of `lines`, key by key, with a fault for each that is unknown or not sound."""
    names = {field.name for field in fields(Settings)}
    sound: dict[str, object] = {}
    faults = [SettingFault(Wrong.UNKNOWN, key) for key in lines if key not in names]
    for key in (key for key in lines if key in names):
        wanted, taken = _FORMS[type(getattr(Settings, key))]
        value = taken(lines[key])
        if value is None:
            faults.append(SettingFault(Wrong.VALUE, key, wanted))
        else:
            sound[key] = value
    return Known(Settings(**sound), tuple(faults))  # type: ignore[arg-type]  # each was looked at


def lines_of(settings: Settings) -> dict[str, str | int | bool]:
    """Every setting by its key, as a file has it."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {key: str(v) if isinstance(v, str) else v for key, v in values.items()}


def _look(value: object) -> Look | None:
    return Look(value) if isinstance(value, str) and value in set(Look) else None


def _switch(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _level(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= LOUDEST else None


def _words(value: object) -> str | None:
    """One line; names of devices come from the system, and may hold anything that prints."""
    if not isinstance(value, str):
        return None
    return value if value.isprintable() and len(value) <= _LONGEST else None


_FORMS: Mapping[type, tuple[str, Callable[[object], object]]] = {
    Look: (", ".join(Look), _look),
    bool: ("true or false", _switch),
    int: (f"0 to {LOUDEST}", _level),
    str: (f'one line in quotation marks, at most {_LONGEST} characters; "" for the usual', _words),
}
