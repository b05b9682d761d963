"""A run over a folder of vectors: what agrees, what deviates and why, what is not covered."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance.checks import CHECKS, answer, can_be_asked
from tests.conformance.known import known
from tests.conformance.vectors import Vector, read_vectors

# What concerns issuers, and is no business of a verifier.
ISSUERS = {
    "EXPECTEDENCODE": "encoding, which issuers do",
    "EXPECTEDVALIDOBJECT": "a JSON before it is encoded, which issuers have",
}


@dataclass(frozen=True)
class Deviation:
    """A check that came out otherwise than its publisher expects.

    expected, got: True where the check succeeds. reason: what this program says, where it says
    no. known: why it differs on purpose; None where nobody has explained it.
    """

    vector: str
    key: str
    expected: bool
    got: bool
    reason: str
    known: str | None


@dataclass
class Result:
    """What a run found; `not_covered` counts expectations by key."""

    vectors: int = 0
    vectors_agreeing: int = 0
    agree: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    deviations: list[Deviation] = field(default_factory=list)
    not_asked: Counter[str] = field(default_factory=Counter)
    not_covered: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Deviation]:
        """The deviations that nobody has explained."""
        return [deviation for deviation in self.deviations if deviation.known is None]

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        keys = {key: {"agree": self.agree[key], "total": self.total[key]} for key in CHECKS}
        return {
            "vectors": self.vectors,
            "vectors_agreeing": self.vectors_agreeing,
            "keys": keys,
            "deviations": [asdict(deviation) for deviation in self.deviations],
            "not_asked": dict(self.not_asked),
            "not_covered": dict(self.not_covered),
            "unreadable": self.unreadable,
        }


def run(folder: Path) -> Result:
    """Ask every check of every vector below `folder`."""
    found, unreadable = read_vectors(folder)
    result = Result(vectors=len(found), unreadable=unreadable)
    for vector in found:
        before = len(result.deviations)
        for key, expected in vector.expected.items():
            _ask(result, vector, key, expected)
        result.vectors_agreeing += len(result.deviations) == before
    return result


def _ask(result: Result, vector: Vector, key: str, expected: bool) -> None:
    if key not in CHECKS:
        result.not_covered[key] += 1
        return
    if not can_be_asked(vector, key):
        result.not_asked[key] += 1
        return
    said = answer(vector, key)
    result.total[key] += 1
    result.agree[key] += said.yes == expected
    if said.yes != expected:
        why = known(vector, key, expected=expected)
        result.deviations.append(
            Deviation(vector.name, key, expected, said.yes, str(said.reason), why)
        )
