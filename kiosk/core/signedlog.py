"""Signed logs as a file that travels: text, one JSON object a line, several logs one after another.

A log begins with a header: `{"base":1,"checkpoints":M,"counts":K,"entries":N,"epoch":...,
"event":...,"form":1,"key":...,"kiosk":...}`. N entries follow, each exactly as its kiosk wrote it;
then M checkpoints and K counts, each with its signature. Nothing in the file has to be believed:
`check_signed_log` recomputes the chain and verifies every signature with the key of the header,
and whoever reads the file knows that key from before, or notes it now. `base` is the number of the
first entry; a later version may have logs that go on where another one ended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.chain import (
    GENESIS,
    Checked,
    Count,
    Finding,
    Flaw,
    Link,
    LogName,
    Signed,
    check_counts,
    check_log,
    link,
)
from kiosk.core.entry import LineError, canonical, json_of

FORM = 1
KEY_LENGTH = 32  # bytes, Ed25519
_HOURS = range(24)
_MOST = 10_000_000  # lines of one kind in one log; a day of a large event has some 10,000


class LogFileError(ValueError):
    """A file that is no signed log, or not whole: why. Its words quote nothing."""


@dataclass(frozen=True)
class SignedLog:
    """One log with everything that vouches for it. key: 32 bytes of its kiosk's Ed25519 key."""

    event: str
    name: LogName
    key: bytes
    lines: tuple[str, ...]
    checkpoints: tuple[Signed, ...]
    counts: tuple[tuple[Count, bytes], ...]

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key that everything is signed with."""
        return Ed25519PublicKey.from_public_bytes(self.key)


def fingerprint(key: bytes) -> str:
    """A public key in a form that people can compare."""
    digits = hashlib.sha256(key).hexdigest()[:16]
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))


def links_of_lines(lines: Sequence[str]) -> Iterator[Link]:
    """The chain over these lines, from the first entry of a log on."""
    digest = GENESIS
    for seq, line in enumerate(lines, start=1):
        digest = link(digest, line)
        yield Link(seq, line, digest)


def check_signed_log(log: SignedLog) -> Checked:
    """Recompute the chain and verify all signatures; what was not signed is told by `signed`.

    What is wrong with counts alone is told last, at entry 0: it says nothing against the entries.
    """
    checked = check_log(log.name, links_of_lines(log.lines), log.checkpoints, log.public_key)
    if checked.finding:
        return checked
    for seq, line in enumerate(log.lines, start=1):
        if json_of(line).get("event") != log.event:
            return replace(checked, finding=Finding(Flaw.MISPLACED, seq))
    flaw = check_counts(log.counts, log.public_key, checked.counted)
    if any(
        (count.event, count.kiosk, count.epoch) != (log.event, *log.name) for count, _ in log.counts
    ):
        flaw = Flaw.COUNT_CHANGED
    return replace(checked, finding=Finding(flaw, 0)) if flaw else checked


# The file


def write_logs(logs: Sequence[SignedLog]) -> bytes:
    """The file of these logs."""
    return b"".join(line.encode() + b"\n" for log in logs for line in _lines(log))


def _lines(log: SignedLog) -> Iterator[str]:
    yield canonical(
        {
            "form": FORM,
            "event": log.event,
            "kiosk": log.name.kiosk,
            "epoch": log.name.epoch,
            "key": log.key.hex(),
            "base": 1,
            "entries": len(log.lines),
            "checkpoints": len(log.checkpoints),
            "counts": len(log.counts),
        }
    )
    yield from log.lines
    for one in log.checkpoints:
        yield canonical({"checkpoint": one.line, "signature": one.signature.hex()})
    for count, signature in log.counts:
        yield canonical({"count": count, "signature": signature.hex()})


def read_logs(data: bytes) -> list[SignedLog]:
    """The logs of a file, none of them checked yet. Raises LogFileError."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise LogFileError("it is not UTF-8 text") from None
    if not text.endswith("\n"):
        raise LogFileError("it is cut short" if text else "it is empty")
    lines = iter(text[:-1].split("\n"))
    try:
        return [_log(json_of(header), lines) for header in lines]
    except LineError as error:
        raise LogFileError(str(error)) from None


def _log(header: dict[str, Any], lines: Iterator[str]) -> SignedLog:
    if (header.get("form"), header.get("base")) != (FORM, 1):
        raise LogFileError("it is no signed log, or one of a later version of this program")
    try:
        event, kiosk, epoch = (_word(header[name]) for name in ("event", "kiosk", "epoch"))
        key = bytes.fromhex(_word(header["key"]))
        many = [_number(header[name]) for name in ("entries", "checkpoints", "counts")]
    except (KeyError, TypeError, ValueError):
        raise LogFileError("it is no signed log of a kiosk") from None
    if len(key) != KEY_LENGTH:
        raise LogFileError("a key has another length")
    entries, checkpoints, counts = (list(islice(lines, number)) for number in many)
    if [len(entries), len(checkpoints), len(counts)] != many:
        raise LogFileError("it is cut short")
    return SignedLog(
        event,
        LogName(kiosk, epoch),
        key,
        tuple(entries),
        tuple(_checkpoint(json_of(line)) for line in checkpoints),
        tuple(_count(json_of(line)) for line in counts),
    )


def _checkpoint(values: dict[str, Any]) -> Signed:
    try:
        return Signed(_word(values["checkpoint"]), bytes.fromhex(_word(values["signature"])))
    except (KeyError, TypeError, ValueError):
        raise LogFileError("a checkpoint is none") from None


def _count(values: dict[str, Any]) -> tuple[Count, bytes]:
    try:
        event, kiosk, epoch, day, hour, door, answer, times = values["count"]
        for one in (event, kiosk, epoch, day, door, answer):
            _word(one)
        count = Count(
            event, kiosk, epoch, _day(day), _HOURS[_number(hour)], door, answer, _number(times)
        )
        return count, bytes.fromhex(_word(values["signature"]))
    except (KeyError, IndexError, TypeError, ValueError):
        raise LogFileError("a count is none") from None


def _day(text: str) -> str:
    """A day as our kiosks write it, of the forms of ISO 8601."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError
    return text


def _word(value: object) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise TypeError
    return value
