"""What cannot be believed or read of revocation: which file, why, and the remedy."""

from __future__ import annotations

from collections.abc import Sequence

_TOLD = 20  # faults of one file; whoever mends these reads the file again


class RevocationError(ValueError):
    """A file that must not be used: what, why, and the remedy. Never holds an identifier."""

    def __init__(self, name: str, problem: str, remedy: str) -> None:
        super().__init__(f"{name}: {problem}. {remedy}")
        self.name = name
        self.problem = problem
        self.remedy = remedy


def faulty(name: str, faults: Sequence[str], remedy: str) -> RevocationError:
    """The error of a file with these faults, each with its place; a line for each."""
    told = list(faults[:_TOLD])
    if len(faults) > _TOLD:
        told.append(f"and {len(faults) - _TOLD} more faults")
    problem = "nothing of it is used" + "".join(f"\n  {fault}" for fault in told)
    return RevocationError(name, problem, remedy)
