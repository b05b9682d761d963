"""The blocklist: keys and certificates that are never believed again. It only ever grows.

A leaked key was blocked in October 2021 and believed again the day after, because a newer list
came without it. So whatever was blocked once is remembered, line by line, in a file that nothing
here takes a line out of. A kid is blocked with its key, as soon as the key is known: a list may
drop the kid and bring the same key under another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

FORMAT = b"kiosk-blocklist-1\n"
MAX_BLOCKLIST = 20 * 1024 * 1024  # bytes; some 130,000 lines
MAX_SOURCE = 120  # characters
_CHECK = 16  # hexadecimal digits


class Blocked(StrEnum):
    """What a line blocks."""

    KEY = "key"  # by its kid
    PUBLIC_KEY = "public-key"  # by its digest, under whatever kid
    CERTIFICATE = "certificate"  # by the mark of its identifier


@dataclass(frozen=True)
class Entry:
    """One line: what it blocks, by which value, since when and from where.

    value: a kid, the digest of a public key, or the 16 bytes of a certificate's mark.
    """

    what: Blocked
    value: bytes = field(repr=False)
    at: datetime
    source: str


@dataclass(frozen=True)
class Blocklist:
    """Everything that is blocked."""

    entries: tuple[Entry, ...] = field(default=(), repr=False)
    kids: frozenset[bytes] = field(init=False, repr=False)
    public_keys: frozenset[bytes] = field(init=False, repr=False)
    marks: frozenset[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kids", _values(self.entries, Blocked.KEY))
        object.__setattr__(self, "public_keys", _values(self.entries, Blocked.PUBLIC_KEY))
        object.__setattr__(self, "marks", _values(self.entries, Blocked.CERTIFICATE))

    def without(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Those of `entries` that block something more, each once."""
        known = {(entry.what, entry.value) for entry in self.entries}
        new: list[Entry] = []
        for entry in entries:
            if (entry.what, entry.value) not in known:
                known.add((entry.what, entry.value))
                new.append(entry)
        return tuple(new)


def digest_of_key(public_key: bytes) -> bytes:
    """By what a key is blocked: SHA-256 of its SubjectPublicKeyInfo in DER (RFC 5280 4.1)."""
    return sha256(public_key).digest()


def _values(entries: Sequence[Entry], what: Blocked) -> frozenset[bytes]:
    return frozenset(entry.value for entry in entries if entry.what is what)


EMPTY = Blocklist()


@dataclass(frozen=True)
class BlocklistFile:
    """A blocklist as it was read.

    faults: damaged and missing lines, in words. last: the number of the last line. sound: bytes up
    to the end of the last whole line; what stands behind was being written when the power went,
    and was never acknowledged.
    """

    blocklist: Blocklist
    faults: tuple[str, ...]
    last: int
    sound: int


def dump(entries: Sequence[Entry], after: int) -> bytes:
    """`entries` as lines whose numbers follow `after`; the first is line 1."""
    return b"".join(_line(number, entry) for number, entry in enumerate(entries, after + 1))


def load(data: bytes) -> BlocklistFile | None:
    """What `data` blocks, with everything that is damaged; None when it is of another form.

    Every whole line counts, whatever became of the others.
    """
    if not data.startswith(FORMAT):
        torn = FORMAT.startswith(data)  # before its first line was finished
        return BlocklistFile(EMPTY, (), 0, 0) if torn else None
    sound = data.rfind(b"\n") + 1
    entries: list[Entry] = []
    faults: list[str] = []
    last = 0
    for line in data[len(FORMAT) : sound].split(b"\n")[:-1]:
        found = _entry(line)
        if found is None:
            last += 1
            faults.append(f"line {last} is damaged")
            continue
        number, entry = found
        if number != last + 1:
            faults.append(f"line {number} follows line {last}: lines were taken out or moved")
        last = number
        entries.append(entry)
    if _entry(data[sound:-1]) is not None:  # whole but for its end: no write was torn there
        faults.append(f"line {last + 1} is damaged")
    return BlocklistFile(Blocklist(tuple(entries)), tuple(faults), last, sound)


def _line(number: int, entry: Entry) -> bytes:
    source = "".join(c if c.isprintable() else "?" for c in entry.source)[:MAX_SOURCE]
    fields = (str(number), entry.at.isoformat(), entry.what, entry.value.hex(), source)
    body = "\t".join(fields).encode()
    return body + b"\t" + _check(body) + b"\n"


def _check(body: bytes) -> bytes:
    return sha256(FORMAT + body).hexdigest()[:_CHECK].encode()


def _entry(line: bytes) -> tuple[int, Entry] | None:
    """The number and the entry of a line; None of a damaged one."""
    body, _, check = line.rpartition(b"\t")
    if check != _check(body):
        return None
    try:
        number, at, what, value, source = body.decode().split("\t")
        entry = Entry(Blocked(what), bytes.fromhex(value), datetime.fromisoformat(at), source)
        return int(number), entry
    except ValueError:  # a whole line, by another version of this program
        return None
