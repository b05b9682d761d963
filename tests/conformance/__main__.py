"""`python -m tests.conformance PATH_TO_dgc-testdata`: agreement with the official vectors.

Prints a table per check, each disagreement with our reason, and, where dcc-quality-assurance and
the acceptance list lie beside the folder, what became of its pictures. Exit status: 0 when the
disagreements are exactly those of known.py, 1 otherwise.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.core.trust.formats import Source, open_source
from tests.conformance.known import KNOWN
from tests.conformance.pictures import count_pictures
from tests.conformance.vectors import CHECKS, answer, can_be_asked, vectors


@dataclass
class Result:
    """What a run found; `disagreements` maps (vector, check) to what was said."""

    vectors: int = 0
    without_deviation: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)
    disagreements: dict[tuple[str, str], str] = field(default_factory=dict)
    gone: list[tuple[str, str]] = field(default_factory=list)

    @property
    def unknown(self) -> list[tuple[str, str]]:
        """Disagreements that nobody has explained."""
        return [place for place in self.disagreements if place not in KNOWN]


def run(folder: Path) -> Result:
    """Ask every check of every vector below `folder`."""
    result = Result()
    for vector in vectors(folder):
        result.vectors += 1
        before = len(result.disagreements)
        for check in (check for check in CHECKS if can_be_asked(vector, check)):
            ours, expected = answer(vector, check), vector.expected[check]
            result.asked[check] += 1
            result.agreed[check] += ours.yes == expected
            place = (vector.name, check)
            if ours.yes != expected:
                said = "accepted" if ours.yes else f"refused ({ours.reason})"
                result.disagreements[place] = said
            elif place in KNOWN:
                result.gone.append(place)
        result.without_deviation += len(result.disagreements) == before
    return result


def report(result: Result) -> list[str]:
    """The table and the list of disagreements."""
    lines = [f"{result.vectors} vectors, {result.without_deviation} without any deviation"]
    lines += [
        f"{check:17s} {result.agreed[check]:5d} of {result.asked[check]:5d}" for check in CHECKS
    ]
    lines.append(f"{'all':17s} {result.agreed.total():5d} of {result.asked.total():5d}")
    for place, said in result.disagreements.items():
        why = KNOWN.get(place, "NOT KNOWN")
        lines.append(f"{place[0]} {place[1]}: {said}; {why}")
    lines.extend(f"{name} {check}: KNOWN, BUT AGREES" for name, check in result.gone)
    return lines


def _pictures(data: Path) -> list[str]:
    folder, trust = data / "dcc-quality-assurance", data / "trust" / "de-acceptance"
    if not folder.is_dir() or not trust.is_dir():
        return []
    key = (trust / "dsc-list-signing-key.pem").read_bytes()
    source = Source(trust.name, (trust / "dsc-list.json").read_bytes())
    counts = count_pictures(folder, open_source(source, key))
    return ["", *(f"{name:22s} {count:5d}" for name, count in counts.items())]


def main(arguments: list[str]) -> int:
    """Print the report; the exit status."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write(f"{__doc__}\n")
        return 2
    # One signer of the acceptance list has a serial number of zero; it is none of our business.
    warnings.filterwarnings("ignore", message="Parsed a serial number")
    folder = Path(arguments[0]).resolve()
    result = run(folder)
    sys.stdout.write("\n".join([*report(result), *_pictures(folder.parent)]) + "\n")
    return 1 if result.unknown or result.gone or not result.vectors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
