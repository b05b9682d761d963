"""How ready a door is, in words. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.desk.readiness import Finding, Item, State
from kiosk.gui.words.names import plain_name
from kiosk.gui.words.wording import Wording

KEYS = {Item.SOUND: "2", Item.PAPER: "3", Item.CLOCK: "4"}  # what somebody can do here
_TROUBLE = "trouble"


@dataclass(frozen=True)
class Told:
    """One line; remedy: empty where all is well."""

    name: str
    line: str
    remedy: str


def told(finding: Finding, say: Wording, zone: ZoneInfo) -> Told:
    """What staff read about `finding`."""
    table = "any" if finding.words == _TROUBLE else finding.item.value
    key, values = f"ready.{table}.{finding.words}", _values(finding, say, zone)
    remedy = "" if finding.state is State.OK else say(f"{key}_remedy", **values)
    return Told(say(f"ready.name.{finding.item}"), say(key, **values), remedy)


def summary(findings: Sequence[Finding], say: Wording) -> str:
    """How many things are open, once each was looked at."""
    if any(finding.blocks for finding in findings):
        return say("ready.blocked")
    if len(findings) < len(Item):
        return say("ready.looking")
    count = sum(finding.state is not State.OK for finding in findings)
    if count > 1:
        return say("ready.open_points", count=count)
    return say("ready.one_open_point" if count else "ready.all_well")


def _values(finding: Finding, say: Wording, zone: ZoneInfo) -> Mapping[str, str | int]:
    values: dict[str, str | int] = {"cap": KEYS.get(finding.item, "")}
    for name, value in finding.values.items():
        if isinstance(value, datetime):
            local = value.astimezone(zone)
            time = f", {say.clock_time(value, zone)}" if name == "time" else ""
            values[name] = say.day(local.date()) + time
        else:
            values[name] = plain_name(value) if isinstance(value, str) else value
    return values
