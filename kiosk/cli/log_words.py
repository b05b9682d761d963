"""What `kiosk log` says of records and of logs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

from kiosk.cli.common import counted

if TYPE_CHECKING:
    from kiosk.adapters.storage.logtravel import Arrival
    from kiosk.core.chain import Checked, Finding, LogName
    from kiosk.core.entry import EntryRecord


def entries(count: int) -> str:
    """So many entries."""
    return counted(count, "entr", "ies") if count != 1 else "1 entry"


def record_words(record: EntryRecord, zone: tzinfo | None, names: Mapping[str, str]) -> str:
    """One record as a line: when, what, who, where, on what, by whom."""
    zone = zone or record.at.tzinfo
    at = record.at.astimezone(zone)
    who = names.get(record.guest, record.guest) or "nobody"
    words = [f"{at:%d %b %Y %H:%M:%S %Z}", f"{record.act}", who, record.occasion, record.door]
    words += [f"{record.basis}", f"{record.cause}"]
    if record.refers:
        words.append(f"refers to {names.get(record.refers, record.refers)}")
    if record.happened:
        words.append(f"happened {record.happened.astimezone(zone):%d %b %H:%M}")
    if record.staff:
        words.append(f"session {record.staff}")
    return "  ".join(word for word in words if word)


def finding_words(finding: Finding) -> str:
    """What is wrong with a log, and where it begins."""
    from kiosk.core.chain import Flaw

    words = {
        Flaw.CHANGED: "entry {} was changed",
        Flaw.MISSING: "entry {} is missing",
        Flaw.MISPLACED: "entry {} belongs to another place or log",
        Flaw.REWRITTEN: "entry {} is not what was signed: the log was written anew",
        Flaw.CUT: "entry {} and what came behind it are gone: more was signed",
        Flaw.FORGED: "what was signed at entry {} was not signed with the key of this kiosk",
        Flaw.DOUBLED: "an entry has the id of one in another log",
        Flaw.COUNT_CHANGED: "a count was changed",
        Flaw.COUNT_MISSING: "counts are missing: more was signed",
    }
    return words[finding.flaw].format(f"{finding.seq:,}")


def log_words(log: LogName, checked: Checked, key: bytes | None, *, own: bool) -> Iterator[str]:
    """What one log was found to be."""
    from kiosk.core.signedlog import fingerprint

    yield f"kiosk {log.kiosk}{' (here)' if own else ''}, log {log.epoch}"
    if key is None:
        yield "  key not known: no signature could be checked"
    else:
        yield f"  key {fingerprint(key)}"
    if checked.finding:
        yield f"  BROKEN: {finding_words(checked.finding)}"
        yield f"  {entries(checked.entries)} before it hold, signed up to {checked.signed:,}"
        return
    yield f"  {entries(checked.entries)}, signed up to {checked.signed:,}"
    if checked.entries > checked.signed:
        yield (
            f"  {entries(checked.entries - checked.signed)} behind the last signature: "
            "the chain holds, but whoever can write here could have changed them"
        )
    if not checked.closed:
        yield "  not closed: a door is open, or the program was ended by force"


def fork_words(log: LogName, seq: int) -> Iterator[str]:
    """That another log contradicts one that is here."""
    yield f"kiosk {log.kiosk}, log {log.epoch}"
    yield f"  FORK: another log with the same numbers was brought here. From entry {seq:,} on"
    yield "  it says otherwise; it is kept apart and does not count"


def arrival_words(arrival: Arrival, event: str) -> Iterator[str]:
    """What became of a log that was brought here."""
    from kiosk.core.signedlog import fingerprint

    log = arrival.log
    name = f"kiosk {log.name.kiosk}, log {log.name.epoch}"
    if arrival.other_event:
        yield f"{name}: REFUSED: it is of the event {log.event}, and here is {event}"
    elif arrival.other_key:
        yield (
            f"{name}: REFUSED: its key {fingerprint(log.key)} is another than the one that this "
            "kiosk was first seen with. Ask at that desk: `kiosk log verify` shows its key"
        )
    elif arrival.finding and arrival.refused:
        yield f"{name}: REFUSED: {finding_words(arrival.finding)}"
    else:
        yield f"{name}: {entries(arrival.added)} added, {arrival.known:,} known before"
    if arrival.finding and not arrival.refused:
        yield f"  BROKEN: {finding_words(arrival.finding)}; the entries hold"
    if arrival.first and not arrival.refused:
        yield f"  seen for the first time, with the key {fingerprint(log.key)}"
    if arrival.unsigned:
        yield f"  {entries(arrival.unsigned)} behind its last signature left out"
    if arrival.fork is not None:
        yield (
            f"  FORK: from entry {arrival.fork:,} on it contradicts the log that is here, and both "
            "are signed: a disk was copied or restored. It is kept apart and does not count"
        )
