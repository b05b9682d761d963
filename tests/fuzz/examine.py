"""One input: verified, measured, and looked at with other eyes."""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kiosk.core.revocation.revocations import Revocations
from kiosk.core.verify import Failed, Indeterminate, Verified, Verifier
from tests.certificates import AT
from tests.fuzz.oracle import why_forged
from tests.fuzz.originals import Signed, originals, trusted
from tests.fuzz.ways import why_different
from tests.revocations import a_list, blocking, value

LIMIT = 0.100  # seconds of CPU time that one input may take
_ROOT = str(Path(__file__).parents[2])


@dataclass(frozen=True)
class Finding:
    """A breach: `kind` is forged, read differently, exception, no answer or slow."""

    kind: str
    details: str
    text: str


@dataclass(frozen=True)
class Examined:
    """What one input cost in seconds of CPU time, whether it was verified, what is wrong."""

    cpu: float
    verified: bool
    finding: Finding | None


@cache
def verifier() -> Verifier:
    """The program's own, which trusts the signers of the originals and revokes others' alone."""
    return Verifier(trusted(), Revocations(a_list(value(1)), blocking(marks=(value(2),))))


@cache
def signed_originals() -> frozenset[Signed]:
    """What the signers of the originals signed."""
    return frozenset(original.signed for original in originals())


def examine(text: str, own: Signed | None = None, limit: float = LIMIT) -> Examined:
    """The verdict on `text`, held against what was signed; `own` if it was signed for itself."""
    began = time.thread_time()
    try:
        verdict: object = verifier().verify(text, AT)
    except Exception as error:  # noqa: BLE001  # any at all is what is looked for
        return Examined(time.thread_time() - began, False, _raised(error, text))
    cpu = time.thread_time() - began
    if not isinstance(verdict, Verified | Failed | Indeterminate):
        return Examined(cpu, False, Finding("no answer", type(verdict).__name__, text))
    verified = isinstance(verdict, Verified)
    finding = None
    if verified:
        signed: Collection[Signed] = signed_originals() | ({own} if own else set())
        if why := why_forged(text, signed, AT):
            finding = Finding("forged", why, text)
        elif why := why_different(text):
            finding = Finding("read differently", why, text)
    if finding is None and cpu > limit:
        finding = _slow(text, limit)
    return Examined(cpu, verified, finding)


def _raised(error: Exception, text: str) -> Finding:
    """Where it came from, without what it says: that may quote a certificate."""
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((one for one in reversed(frames) if one.filename.startswith(_ROOT)), frames[-1])
    where = f"{Path(frame.filename).name}, line {frame.lineno}"
    return Finding("exception", f"{type(error).__name__} in {where}", text)


def _slow(text: str, limit: float) -> Finding | None:
    """A machine may be slow for once; an input is slow each time."""
    best = limit + 1
    for _ in range(3):
        began = time.thread_time()
        verifier().verify(text, AT)
        best = min(best, time.thread_time() - began)
    return Finding("slow", f"{best * 1e3:.0f} ms of CPU time", text) if best > limit else None
