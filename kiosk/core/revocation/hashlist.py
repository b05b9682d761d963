"""A plain list of SHA-256 hashes, in hexadecimal or base64, as text or JSON.

So France published hers (of the country and `ci`), and so do others (of `ci`). Nothing in such a
list says what was hashed: a hash stands for whatever certificate has it among its marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain

from kiosk.core.encodings import from_base64
from kiosk.core.revocation.errors import RevocationError, faulty
from kiosk.core.revocation.hashes import NEVER
from kiosk.core.revocation.imported import Imported
from kiosk.core.revocation.marks import MARK, PREFIX

_LENGTHS = (MARK, 32)  # bytes: cut as the gateway does, or whole
_WORD = re.compile(r"[^\s,;]+")
_REMEDY = "Give one hash of 16 or 32 bytes a line, in hexadecimal or base64; # begins a remark."


def read_hash_list(name: str, data: bytes) -> Imported:
    """The hashes of a list, without an end. Raises RevocationError with every fault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RevocationError(name, "neither text nor a batch of the gateway", _REMEDY) from None
    ends: dict[bytes, int] = {}
    faults: list[str] = []
    for place, word in _words(name, text):
        value = hash_of(word)
        if value is not None:
            ends[value] = NEVER
        elif word[: len(PREFIX)].upper() == PREFIX:
            faults.append(f"{place}: an identifier in clear; only its hash belongs here")
        else:
            faults.append(f"{place}: not a hash")
    if faults:
        raise faulty(name, faults, _REMEDY)
    if not ends:
        raise RevocationError(name, "there is no hash in it", _REMEDY)
    return Imported(ends, (f"hash list {name}",))


def hash_of(word: str) -> bytes | None:
    """The hash that `word` writes, cut to 16 bytes; None when it writes none."""
    try:
        value: bytes | None = bytes.fromhex(word)
    except ValueError:
        value = from_base64(word)
    return value[:MARK] if value is not None and len(value) in _LENGTHS else None


def _words(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Each word with its place: in lines, or as JSON (a list of texts, or one long text)."""
    if text.lstrip()[:1] in ("[", "{", '"'):
        return _json_words(name, text)
    lines = enumerate(text.splitlines(), start=1)
    return chain.from_iterable(_line_words(number, line) for number, line in lines)


def _line_words(number: int, line: str) -> Iterator[tuple[str, str]]:
    for match in _WORD.finditer(line.partition("#")[0]):
        yield f"line {number}, column {match.start() + 1}", match.group()


def _json_words(name: str, text: str) -> Iterator[tuple[str, str]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise RevocationError(name, "not JSON, though it begins like it", _REMEDY) from None
    if isinstance(value, str):
        value = _WORD.findall(value)
    if not isinstance(value, list):
        raise RevocationError(name, "a JSON object of no known form", _REMEDY)
    for number, item in enumerate(value, start=1):
        yield f"item {number}", item if isinstance(item, str) else ""
