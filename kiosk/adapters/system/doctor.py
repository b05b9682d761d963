"""What this machine lacks, as values with remedies; changes nothing, runs without any library."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.system import display, libraries, machine, packages
from kiosk.adapters.system.check import Check, Severity

__all__ = ["Check", "Severity", "examine", "has_fault"]


def examine(state: Path | None, *, year: int) -> list[Check]:
    """Everything that can be known without starting the program, in the order to mend it.

    `state` is the folder of the program's records, if there is one to look at; `year` is what
    the machine's clock says.
    """
    return [
        packages.python(),
        *packages.installed(),
        packages.one_qt(),
        *libraries.of_qt(has_display=display.answers()),
        *libraries.of_zbar(),
        machine.screen(),
        *machine.cameras(),
        *machine.sound(),
        *machine.voices(),
        *machine.folder(state),
        *machine.guests_key(state),
        *machine.database(state),
        *machine.set_aside(state),
        machine.clock(year),
        *machine.time(state),
        machine.fonts(),
    ]


def has_fault(checks: list[Check]) -> bool:
    """Whether anything found stops some part of the program."""
    return any(check.severity is Severity.FAULT for check in checks)
