"""PINs of staff: which are good enough, and the slow hash that is kept of them (RFC 7914, scrypt).

A PIN has so few digits that only the throttle of `tries` keeps it; the hash keeps it from whoever
reads the file, for a while.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from kiosk.core.staff.roles import Role

SHORTEST = {Role.STEWARD: 4, Role.SUPERVISOR: 6}  # digits
LONGEST = 12
SALT = 16  # bytes, RFC 7914 section 2 names no length; NIST SP 800-132 asks for 16
_N, _R, _P = 2**15, 8, 1  # 32 MiB and about a tenth of a second on a small PC
_MOST_N, _MOST_R, _MOST_P = 2**17, 16, 4  # of a stored hash: more was not written by this program
_DIGEST = 32  # bytes
_DIFFERENT = 3  # digits at least

# Columns, corners and crosses of a keypad, and other favourites that no rule below catches.
_FAVOURITES = (
    " 2580 0852 1470 0741 3690 0963 1379 9713 1793 147258 258147 147852 258456 456258 159753 "
    "753159 357159 951753 123654 321654 142536 152535 741852 852963 963852 112358 314159 271828 "
    "102030 010203 520131 112233 223344 332211 445566 778899 12369874 14725836 31415926 "
)
_YEAR = re.compile(r"(19|20)\d\d")


class PinFault(StrEnum):
    """Why a PIN is not taken, as a sentence for whoever chose it."""

    NOT_DIGITS = "A PIN has digits alone."
    TOO_SHORT_STEWARD = "A PIN of a steward has 4 digits at least."
    TOO_SHORT_SUPERVISOR = "A PIN of a supervisor has 6 digits at least."
    TOO_LONG = "A PIN has 12 digits at most."
    OBVIOUS = "This PIN is one of the first that anybody would try: choose another."


_TOO_SHORT = {
    Role.STEWARD: PinFault.TOO_SHORT_STEWARD,
    Role.SUPERVISOR: PinFault.TOO_SHORT_SUPERVISOR,
}


def fault_of(pin: str, role: Role) -> PinFault | None:
    """What is wrong with a PIN that somebody of `role` chose; None where it will do."""
    if not (pin.isascii() and pin.isdigit()):
        return PinFault.NOT_DIGITS
    if len(pin) < SHORTEST[role]:
        return _TOO_SHORT[role]
    if len(pin) > LONGEST:
        return PinFault.TOO_LONG
    return PinFault.OBVIOUS if _is_obvious(pin) else None


def _is_obvious(pin: str) -> bool:
    """Runs, steps, repetitions, mirrors, years and patterns of a keypad."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    return (
        len(set(pin)) < _DIFFERENT
        or len(steps) == 1
        or steps in ({1, -9}, {-1, 9})  # over the zero
        or pin in (pin + pin)[1:-1]  # a block that is repeated
        or pin == pin[::-1]
        or f" {pin} " in _FAVOURITES
        or _YEAR.fullmatch(pin) is not None
    )


@dataclass(frozen=True)
class PinHash:
    """What is kept of a PIN: scrypt's parameters, salt and digest."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    n: int
    r: int
    p: int

    def matches(self, pin: str) -> bool:
        """Whether `pin` is the one; takes as long for a wrong one."""
        return hmac.compare_digest(self.digest, _scrypt(pin, self.salt, self.n, self.r, self.p))

    def text(self) -> str:
        """As one line, for a column of a table."""
        numbers = f"{self.n}${self.r}${self.p}"
        return f"scrypt${numbers}${self.salt.hex()}${self.digest.hex()}"


def hash_pin(pin: str, salt: bytes) -> PinHash:
    """The hash of `pin`; `salt` is 16 random bytes of its own."""
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes")
    return PinHash(salt, _scrypt(pin, salt, _N, _R, _P), _N, _R, _P)


def decoy() -> PinHash:
    """A hash that no PIN has, and that takes as long to try."""
    return PinHash(secrets.token_bytes(SALT), secrets.token_bytes(_DIGEST), _N, _R, _P)


def read_hash(text: str) -> PinHash:
    """The hash of a line. Raises ValueError for one that this program did not write."""
    kind, n, r, p, salt, digest = text.split("$")
    read = PinHash(bytes.fromhex(salt), bytes.fromhex(digest), int(n), int(r), int(p))
    sound = (
        kind == "scrypt"
        and 1 < read.n <= _MOST_N
        and 0 < read.r <= _MOST_R
        and 0 < read.p <= _MOST_P
        and (len(read.salt), len(read.digest)) == (SALT, _DIGEST)
    )
    if not sound:
        raise ValueError("not a hash of a PIN")
    return read


def _scrypt(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    memory = 128 * r * (n + p + 2)  # bytes that scrypt needs; OpenSSL's own limit is 32 MiB
    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=2 * memory, dklen=_DIGEST)
