"""The plain certificate: written exactly as the specifications say, as nearly all are, in one look.

Reading CBOR item by item and a certificate field by field takes Python longer than an RSA signature
takes the library. So the parts of a plain message are cut out one behind the other; and claims that
are signed are given to cbor2, with all its guards on, and their fields put in one line of text,
which one regular expression answers for as a whole.

This way only ever says yes. Whatever is not plain, be it good or bad, is read anew and patiently
by `cbor`, `cose`, `cwt` and `dcc`, which alone repair, note and refuse; a test holds that both ways
come to the same. No library reads anything before its signature verified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from operator import itemgetter
from typing import Any, Final, NoReturn
from unicodedata import is_normalized

from cbor2 import CBORDecodeError, loads

from kiosk.core.hcert.cbor import MAX_DEPTH, MAX_ITEMS
from kiosk.core.hcert.claims import HealthClaims


class _NotPlainError(ValueError):
    """Something else than what plain certificates are made of."""


_NOT_PLAIN = (CBORDecodeError, ValueError, TypeError, LookupError, AttributeError, OverflowError)


def cut(message: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Protected header, payload and signature of a COSE_Sign1 with its tag and nothing unprotected.

    None for any other.
    """
    try:
        protected, at = _byte_string(message, 2)
        payload, end = _byte_string(message, at + 1)
        signature, end = _byte_string(message, end)
        plain = message[:2] == b"\xd2\x84" and message[at] == 0xA0 and end == len(message)
    except (_NotPlainError, IndexError):
        return None
    return (protected, payload, signature) if plain else None


def _byte_string(data: bytes, at: int) -> tuple[bytes, int]:
    """The byte string that begins at `at` (RFC 8949 section 3.1), and the place behind it."""
    head = data[at]
    if head == 0x58:
        start = at + 2
        end = start + data[at + 1]
    elif head == 0x59:
        start = at + 3
        end = start + (data[at + 1] << 8 | data[at + 2])
    elif 0x40 <= head < 0x58:
        start = at + 1
        end = start + head - 0x40
    else:
        raise _NotPlainError
    return data[start:end], end


def read(payload: bytes) -> HealthClaims | None:
    """The claims in a verified `payload`; None where they are not plain."""
    if len(payload) > MAX_ITEMS:  # so that there cannot be more items, either
        return None
    try:
        issuer, issued_at, expires_at, dcc = _claims(payload)
        group = "v" if "v" in dcc else "t" if "t" in dcc else "r"
        if not _is_plain(issuer, dcc, group):
            return None
        return HealthClaims(
            issuer,
            datetime.fromtimestamp(issued_at, UTC),
            datetime.fromtimestamp(expires_at, UTC),
            dcc,
            (),
            group,
        )
    except _NOT_PLAIN:
        return None


def _refuse(*_: object) -> NoReturn:
    raise _NotPlainError


class _EveryTag(dict[int, Callable[..., NoReturn]]):
    """How the library shall read each tag there is, also those that it knows itself: not at all."""

    def __missing__(self, number: int) -> Callable[..., NoReturn]:
        return _refuse


_TAGS = _EveryTag()
_LABELS = itemgetter(1, 6, 4, -260)  # hcert-spec 1.0.8 section 3.3: iss, iat, exp, hcert
_TYPES = [int] * 7 + [dict]
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that datetime can hold


# The library does not tell how far it read. So the payload is read as the first of two items, and
# the second must be the one that is put behind it: 16 zero bytes after a head that is not zero. As
# the payload holds no 16 zero bytes in a row, no other bytes can be read as that item; so the first
# one ends where the payload ends.
_END = bytes(16)
_END_ITEM = b"\x50" + _END


def _claims(payload: bytes) -> tuple[str, int, int, dict[str, Any]]:
    if _END in payload:
        raise _NotPlainError
    claims, end = loads(
        b"\x82" + payload + _END_ITEM,
        semantic_decoders=_TAGS,
        max_depth=MAX_DEPTH + 1,
        allow_indefinite=False,
        allow_duplicate_keys=False,
    )
    if type(claims) is not dict or end != _END:
        raise _NotPlainError
    issuer, issued_at, expires_at, hcert = _LABELS(claims)
    ((context, dcc),) = hcert.items()
    # Types of the labels too: true and 1.0 are 1 to a dict.
    types = [*map(type, claims), type(issued_at), type(expires_at), type(context), type(dcc)]
    if types != _TYPES or context != 1 or not 0 < issued_at < expires_at <= _LAST_SECOND:
        raise _NotPlainError
    return issuer, issued_at, expires_at, dcc


# --- The line of text -------------------------------------------------------------------------

_ISSUER = r"[A-Z]{2,4}"
_VERSION = r"1\.(?:0\.[01]|1\.0|2\.[01]|3\.[0-3])"
_DAY = r"20\d\d-\d\d-\d\d"
_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_INSTANT = rf"{_DAY}T{_HOUR}:{_SIXTY}:{_SIXTY}(?:\.\d{{1,9}})?(?:Z|[+-]{_HOUR}:{_SIXTY})"
_BIRTH_DATE = r"(?:19|20)\d\d-\d\d-\d\d"
_STANDARD_NAME = r"(?=[A-Z<]{1,80}\|)[A-Z]+(?:<[A-Z]+)*"
_DISEASE = "840539006"
_LETTER = "[ -{}~\x80-\U0010ffff]"  # anything but control characters and the bar between fields
_NAME = rf"(?! ){_LETTER}{{1,80}}(?<! )"
_TEXTS = rf"(?:\|(?! ){_LETTER}{{0,200}}(?<! ))*"  # whatever else the statement holds


@cache
def _line(*dates: str) -> re.Pattern[str]:
    """What the line of a plain certificate looks like; made at the first that has such dates."""
    names = (_STANDARD_NAME, _STANDARD_NAME, _NAME, _NAME)
    head = (_ISSUER, _VERSION, _BIRTH_DATE, *names, _DISEASE, *dates)
    return re.compile(r"\|".join(head) + _TEXTS, re.ASCII)


# The texts of a statement: disease and dates first, then whatever else it must have.
_VACCINATION = itemgetter("tg", "dt", "vp", "mp", "ma", "co", "is", "ci")
_TEST = itemgetter("tg", "sc", "tt", "tr", "co", "is", "ci")
_RECOVERY = itemgetter("tg", "fr", "df", "du", "co", "is", "ci")
_OPTIONAL = ("nm", "ma", "tc")  # of a test; `dr` of older schemas is read patiently


def _vaccination(statement: dict[str, Any]) -> tuple[str, ...]:
    dose, doses = statement["dn"], statement["sd"]
    if not type(dose) is type(doses) is int or not (0 <= dose <= 99 and 0 <= doses <= 99):
        raise _NotPlainError
    if len(statement) != 10:
        raise _NotPlainError
    date.fromisoformat(statement["dt"])
    texts: tuple[str, ...] = _VACCINATION(statement)
    return texts


def _test(statement: dict[str, Any]) -> tuple[str, ...]:
    optional = [statement[key] for key in _OPTIONAL if key in statement]
    if len(statement) != 7 + len(optional):
        raise _NotPlainError
    datetime.fromisoformat(statement["sc"])
    return (*_TEST(statement), *optional)


def _recovery(statement: dict[str, Any]) -> tuple[str, ...]:
    if len(statement) != 7:
        raise _NotPlainError
    for key in ("fr", "df", "du"):
        date.fromisoformat(statement[key])
    texts: tuple[str, ...] = _RECOVERY(statement)
    return texts


_GROUPS: Final[Mapping[str, tuple[Sequence[str], Callable[[dict[str, Any]], tuple[str, ...]]]]] = {
    "v": ((_DAY,), _vaccination),
    "t": ((_INSTANT,), _test),
    "r": ((_DAY, _DAY, _DAY), _recovery),
}


def _is_plain(issuer: str, dcc: dict[str, Any], group: str) -> bool:
    dates, texts_of = _GROUPS[group]
    names, statements = dcc["nam"], dcc[group]
    if type(statements) is not list:  # a map would give its keys, which may be maps as well
        return False
    (statement,) = statements
    line = "|".join(
        (
            issuer,
            dcc["ver"],
            dcc["dob"],
            names["fnt"],
            names["gnt"],
            names["fn"],
            names["gn"],
            *texts_of(statement),
        )
    )
    return (
        len(dcc) == len(names) == 4
        and _line(*dates).fullmatch(line) is not None
        and (line.isascii() or (line.isprintable() and is_normalized("NFC", line)))
    )
