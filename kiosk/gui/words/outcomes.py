"""What became of what staff asked for, in words. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from kiosk.core.entry import EntryAct, EntryRecord
from kiosk.core.guests.guest import Guest
from kiosk.desk.findings import Station
from kiosk.desk.outcome import Done, NotDone
from kiosk.desk.sessions import Denied, Why
from kiosk.gui.words.names import isolated
from kiosk.gui.words.phrases import Band, Card, Help
from kiosk.gui.words.wording import Wording

_MINUTE = 60  # seconds
_UNDONE = {EntryAct.IN: "in", EntryAct.OVERRIDE: "in", EntryAct.OUT: "out"}


def undone_card(done: Done, at: datetime, say: Wording, station: Station) -> Card:
    """What was taken back at `at`, and of whom."""
    return Card(
        Band.LEFT,
        say("desk.undone"),
        say("desk.recorded_note", time=say.clock_time(at, station.event.time_zone)),
        helps=(Help(_undone_line(done.records, done.guests, say), say("desk.undone_remedy")),),
        let_in=say("desk.let_in"),
    )


def why_not(outcome: NotDone, say: Wording) -> Help:
    """Why nothing was changed, and what to do instead."""
    words = say.reason(outcome.reason)
    return Help(words.line, words.remedy)


def denied_words(denied: Denied, say: Wording) -> str:
    """Why a PIN did not do, and how many tries there are, or how long there are none."""
    match denied.why:
        case Why.WRONG:
            once = denied.left == 1
            return say("pin.wrong_once_more" if once else "pin.wrong", count=denied.left)
        case Why.WAITS:
            return say("pin.waits", wait=_wait(denied.wait, say))
        case Why.NO_PIN:
            return say("pin.no_pin")
        case Why.NOT_ALLOWED:
            return say("pin.not_allowed")


def _wait(seconds: float, say: Wording) -> str:
    """Minutes, or seconds below one; rounded up."""
    if seconds >= _MINUTE:
        return say("pin.minutes", count=ceil(seconds / _MINUTE))
    return say("pin.seconds", count=max(1, ceil(seconds)))


def _undone_line(records: Sequence[EntryRecord], guests: Sequence[Guest], say: Wording) -> str:
    kinds = {_UNDONE.get(record.act, "other") for record in records}
    kind = kinds.pop() if len(kinds) == 1 else "other"
    return say(f"desk.undone_{kind}", name=_names(guests, len(records), say))


def _names(guests: Sequence[Guest], count: int, say: Wording) -> str:
    match guests:
        case [one]:
            return isolated(one.name)
        case [one, other]:
            return say("desk.both", one=isolated(one.name), other=isolated(other.name))
    count = len(guests) or count
    return say("desk.one_person") if count == 1 else say("desk.persons", count=count)
