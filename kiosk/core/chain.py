"""The hash chain that holds a log together, and the checkpoints that its kiosk signs.

h_0 is 32 zeros and h_n = SHA-256("kiosk-entry-1" NUL | h_{n-1} | line_n), over the line as it was
written: nothing is ever serialised again to be checked. A checkpoint is an Ed25519 signature over
h_n and where it stands. The chain alone shows a change; only the signature shows a chain that
was made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core.entry import LineError, canonical, json_of

GENESIS = bytes(32)  # h_0
_LINK = b"kiosk-entry-1\x00"
_CHECKPOINT = b"kiosk-checkpoint-1\x00"
_COUNT = b"kiosk-count-1\x00"
_WHOLE = 2**63  # what SQLite keeps as a whole number is below


class LogName(NamedTuple):
    """One log: that of a kiosk in one epoch."""

    kiosk: str
    epoch: str


class Link(NamedTuple):
    """A line where it stands in a log: its number from 1, the line, and what is kept as h_seq."""

    seq: int
    line: str
    digest: bytes


class Signed(NamedTuple):
    """A line and the signature that is kept beside it."""

    line: str
    signature: bytes


def link(previous: bytes, line: str) -> bytes:
    """h_n of the line behind h_{n-1}, 32 bytes each."""
    return hashlib.sha256(_LINK + previous + line.encode()).digest()


# What a kiosk signs


class Moment(StrEnum):
    """When a checkpoint was signed."""

    OPENED = "opened"
    RUNNING = "running"
    CLOSED = "closed"
    EXPORTED = "exported"


@dataclass(frozen=True)
class Checkpoint:
    """How far a log has come.

    seq, head: the number of the last entry and h_seq in hexadecimal. at: UTC. list_version: of
    the guest list. counted: the sum of all counts of this log.
    """

    event: str
    kiosk: str
    epoch: str
    seq: int
    head: str
    at: datetime
    list_version: int
    counted: int
    moment: Moment

    def signed(self, key: Ed25519PrivateKey) -> Signed:
        """The checkpoint with the signature of its kiosk."""
        values = dict(vars(self), at=self.at.astimezone(UTC).isoformat())
        line = canonical(values)
        return Signed(line, key.sign(_CHECKPOINT + line.encode()))


def checkpoint_of(line: str) -> Checkpoint:
    """The checkpoint that a line tells, whoever signed it. Raises LineError."""
    values = json_of(line)
    try:
        told = Checkpoint(
            event=str(values["event"]),
            kiosk=str(values["kiosk"]),
            epoch=str(values["epoch"]),
            seq=int(values["seq"]),
            head=str(values["head"]),
            at=datetime.fromisoformat(values["at"]),
            list_version=int(values["list_version"]),
            counted=int(values["counted"]),
            moment=Moment(values["moment"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise LineError("no checkpoint of this version") from None
    if not all(0 <= number < _WHOLE for number in (told.seq, told.list_version, told.counted)):
        raise LineError("a checkpoint tells of numbers that no log has")
    return told


class Count(NamedTuple):
    """How often an answer was given in one hour at one door, by one log; nobody is in it.

    day: UTC, as 2021-11-22. hour: UTC.
    """

    event: str
    kiosk: str
    epoch: str
    day: str
    hour: int
    door: str
    answer: str
    times: int

    def signed(self, key: Ed25519PrivateKey) -> bytes:
        """The signature of its kiosk."""
        return key.sign(_COUNT + canonical(self._asdict()).encode())

    def is_signed(self, signature: bytes, key: Ed25519PublicKey) -> bool:
        """Whether `signature` is that of `key` over this very count."""
        try:
            return _verifies(key, signature, _COUNT + canonical(self._asdict()).encode())
        except (TypeError, ValueError):  # what is no text, or none that UTF-8 can write
            return False


def checkpoint_if_signed(signed: Signed, key: Ed25519PublicKey) -> Checkpoint | None:
    """What a checkpoint tells; None where `key` did not sign it, or it is no checkpoint."""
    try:
        told = checkpoint_of(signed.line)
    except LineError:
        return None
    return told if _verifies(key, signed.signature, _CHECKPOINT + signed.line.encode()) else None


def _verifies(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verify(signature, data)
    except (InvalidSignature, TypeError):  # SQLite keeps anything in any column
        return False
    return True


# What a log is checked for


class Flaw(StrEnum):
    """What can be wrong with a log."""

    CHANGED = "changed"  # the line is not the one that its digest was made of
    MISSING = "missing"  # a number is left out
    MISPLACED = "misplaced"  # the line says that it belongs elsewhere
    REWRITTEN = "rewritten"  # the chain holds, and it is not the one that was signed
    CUT = "cut"  # more was signed than is there
    FORGED = "forged"  # a checkpoint that the kiosk did not sign for this log
    DOUBLED = "doubled"  # an entry with the id of one in another log
    COUNT_CHANGED = "count changed"  # a count that the kiosk did not sign
    COUNT_MISSING = "count missing"  # less is counted than a checkpoint says


class Finding(NamedTuple):
    """The first flaw of a log, and the number of the entry where it is."""

    flaw: Flaw
    seq: int

    @property
    def of_counts(self) -> bool:
        """Whether it says nothing against the entries."""
        return self.flaw in (Flaw.COUNT_CHANGED, Flaw.COUNT_MISSING)


@dataclass(frozen=True)
class Checked:
    """What a log was found to be.

    entries: the number of the last that holds. signed: that of the last that a checkpoint vouches
    for. closed: nothing came after the door was closed. counted: the sum of all counts, as far as
    checkpoints tell.
    """

    entries: int
    signed: int
    closed: bool
    counted: int = 0
    finding: Finding | None = None


def check_log(
    log: LogName,
    links: Iterable[Link],
    checkpoints: Iterable[Signed] = (),
    key: Ed25519PublicKey | None = None,
    start: tuple[int, bytes] = (0, GENESIS),
) -> Checked:
    """Recompute the chain from behind `start`, a number and its digest, and look at what is signed.

    checkpoints: of this log, in the order in which they were signed. key: that of the kiosk; where
    it is not known, no checkpoint vouches for anything and none is looked at.
    """
    promised = _Promised(log, checkpoints if key else (), key)
    seq, digest = start
    flaw = promised.flaw_at(seq, digest)
    if flaw:
        return Checked(0, 0, False, 0, Finding(flaw, seq))
    for row in links:
        flaw = _link_flaw(log, row, seq, digest) or promised.flaw_at(row.seq, row.digest)
        if flaw:
            return Checked(seq, promised.up_to(seq), False, 0, Finding(flaw, seq + 1))
        seq, digest = row.seq, row.digest
    return Checked(
        seq, promised.up_to(seq), promised.closed_at(seq), promised.counted, promised.beyond(seq)
    )


def check_counts(
    counts: Iterable[tuple[Count, bytes]], key: Ed25519PublicKey, at_least: int
) -> Flaw | None:
    """What is wrong with the counts of one log and their signatures.

    at_least: their sum, as a checkpoint has it; what came later is counted beyond it.
    """
    total = 0
    for count, signature in counts:
        if not count.is_signed(signature, key):
            return Flaw.COUNT_CHANGED
        total += count.times
    return Flaw.COUNT_MISSING if total < at_least else None


def _link_flaw(log: LogName, row: Link, seq: int, digest: bytes) -> Flaw | None:
    """What is wrong with `row` behind the entry of `seq` and `digest`."""
    if row.seq != seq + 1:
        return Flaw.MISSING
    try:
        told = json_of(row.line)
    except LineError:
        return Flaw.CHANGED
    if (told.get("kiosk"), told.get("epoch"), told.get("seq")) != (*log, row.seq):
        return Flaw.MISPLACED
    return None if row.digest == link(digest, row.line) else Flaw.CHANGED


class _Promised:
    """What the checkpoints of one log say."""

    def __init__(
        self, log: LogName, checkpoints: Iterable[Signed], key: Ed25519PublicKey | None
    ) -> None:
        self._heads: dict[int, set[str]] = {}
        self._forged: set[int] = set()
        self._last = (0, Moment.OPENED)
        self.counted = 0
        for one in checkpoints:
            told = checkpoint_if_signed(one, key) if key else None
            if told is None or (told.kiosk, told.epoch) != log:
                self._forged.add(_number(one.line))
                continue
            self._heads.setdefault(told.seq, set()).add(told.head)
            self.counted = max(self.counted, told.counted)
            if told.moment is not Moment.EXPORTED:
                self._last = (told.seq, told.moment)

    def flaw_at(self, seq: int, digest: bytes) -> Flaw | None:
        if seq in self._forged:
            return Flaw.FORGED
        agrees = self._heads.get(seq, {digest.hex()}) == {digest.hex()}
        return None if agrees else Flaw.REWRITTEN

    def up_to(self, seq: int) -> int:
        return max((number for number in self._heads if number <= seq), default=0)

    def closed_at(self, seq: int) -> bool:
        return self._last == (seq, Moment.CLOSED)

    def beyond(self, seq: int) -> Finding | None:
        """More was signed than is there."""
        if any(number > seq for number in self._heads):
            return Finding(Flaw.CUT, seq + 1)
        forged = min((number for number in self._forged if number > seq), default=None)
        return None if forged is None else Finding(Flaw.FORGED, forged)


def _number(line: str) -> int:
    """The number that a checkpoint speaks of, 0 where that cannot be told."""
    try:
        return checkpoint_of(line).seq
    except LineError:
        return 0
