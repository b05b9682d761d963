"""One thing that the doctor looked at, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a check's outcome matters."""

    OK = "ok"
    NOTE = "note"  # good to know; everything works, or something that may be absent is
    FAULT = "fault"  # some part of the program will not work


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and for a fault what to do about it."""

    name: str
    severity: Severity
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> Check:
    """A check that found all well."""
    return Check(name, Severity.OK, detail)


def note(name: str, detail: str, remedy: str = "") -> Check:
    """A check that found something to know, in the way of nothing."""
    return Check(name, Severity.NOTE, detail, remedy)


def fault(name: str, detail: str, remedy: str) -> Check:
    """A check that found something broken; a fault never comes without its remedy."""
    return Check(name, Severity.FAULT, detail, remedy)
