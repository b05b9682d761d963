"""The purge after the event: from when on it is due, and the signed report of what was deleted.

The retention is the event file's (security.md P8). Entries stay: they hold pseudonyms alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core.policy.event import Event

HARD_STOP = timedelta(days=7)  # after the event's end: names wait for no export any longer
_DOMAIN = b"kiosk-purge-1\x00"
_KEY_LENGTH = 32  # bytes of an Ed25519 public key (RFC 8032 section 5.1.5)


@dataclass(frozen=True)
class Deadline:
    """The times of one event's purge. ends: of the last occasion. due: by the event file.

    latest: the day on which names go even if entries were brought nowhere.
    """

    ends: datetime
    due: datetime
    latest: datetime

    def waits_for(self, at: datetime, unsent: int) -> str:
        """What a purge at `at` should wait for, in words; empty where for nothing."""
        if at < self.ends:
            return f"the event goes on until {_day(self.ends)}"
        if unsent and at < self.latest:
            entries = "1 entry was" if unsent == 1 else f"{unsent:,} entries were"
            return (
                f"{entries} neither exported nor taken by a hub, and attendance by name needs the "
                f"guests (at the latest on {_day(self.latest)} they go all the same)"
            )
        return ""

    def reminder(self, at: datetime) -> str:
        """What staff are told once the retention is over; empty before."""
        if at < self.due:
            return ""
        return (
            f"By the event file the guests are to be deleted since {_day(self.due)}, and by "
            f"{_day(self.latest)} at the latest: kiosk purge."
        )


def deadline_of(event: Event) -> Deadline:
    """When the guests of an event are to be deleted."""
    ends = max(occasion.closes for occasion in event.occasions)
    return Deadline(ends, ends + event.retention, ends + max(HARD_STOP, event.retention))


def _day(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M %Z}"


@dataclass(frozen=True)
class Purge:
    """What was deleted, and under which circumstances. deleted, kept: rows of each table.

    by: whoever did it. key: how the key of the guests was kept that was destroyed, empty where
    there was none. unsent: entries that were neither exported nor taken by a hub. waited: what
    it should have waited for, where it was done all the same.
    """

    event: str
    kiosk: str
    at: datetime
    by: str
    deleted: Mapping[str, int]
    kept: Mapping[str, int]
    key: str
    unsent: int
    due: datetime
    waited: str = ""


class PurgeReportError(Exception):
    """A file that is no report of a purge."""


def signed_report(purge: Purge, key: Ed25519PrivateKey) -> bytes:
    """The report as a JSON document with the signature of the kiosk over its `purge`."""
    fields = asdict(purge) | {
        name: getattr(purge, name).astimezone(UTC).isoformat() for name in _TIMES
    }
    signature = key.sign(_DOMAIN + _canonical(fields))
    document = {
        "purge": fields,
        "key": key.public_key().public_bytes_raw().hex(),
        "signature": signature.hex(),
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def checked_report(data: bytes) -> tuple[Purge, str, bool]:
    """A report, its key in hexadecimal, and whether that key signed it. Raises PurgeReportError."""
    try:
        document = json.loads(data)
        fields = document["purge"]
        times = {name: datetime.fromisoformat(fields[name]) for name in _TIMES}
        purge = Purge(**fields | times)
        key, signature = (bytes.fromhex(document[name]) for name in ("key", "signature"))
        if len(key) != _KEY_LENGTH:
            raise PurgeReportError("its key is none")
        public = Ed25519PublicKey.from_public_bytes(key)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise PurgeReportError("this is no report of a purge") from None
    try:
        public.verify(signature, _DOMAIN + _canonical(fields))
    except InvalidSignature:
        return purge, key.hex(), False
    return purge, key.hex(), True


def told(purge: Purge, key: str) -> list[str]:
    """The report in lines to read and print."""
    lines = [
        f"Purge of the guests of {purge.event} on kiosk {purge.kiosk}",
        f"when: {purge.at.astimezone(UTC):%d %b %Y %H:%M} UTC, by {purge.by}",
        f"due by the event file: {_day(purge.due)}",
        "deleted:",
        *(f"  {count:7,} {what}" for what, count in purge.deleted.items()),
        f"key of the guests: {purge.key or 'there was none'}",
        "kept, without names:",
        *(f"  {count:7,} {what}" for what, count in purge.kept.items()),
        f"entries neither exported nor taken by a hub: {purge.unsent:,}",
    ]
    if purge.waited:
        lines.append(f"done although {purge.waited}")
    return [*lines, f"signed by the kiosk's key {key}"]


_TIMES = ("at", "due")


def _canonical(fields: Mapping[str, Any]) -> bytes:
    """The bytes that are signed."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
