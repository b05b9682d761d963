"""`python -m tests.conformance DIR [--json]`: agreement with the official vectors.

DIR is a folder of the layout of dgc-testdata, or any part of it. Prints for each key of its files
how many checks agree, then each deviation with its reason, and, where dcc-quality-assurance and
the acceptance list (trust/de-acceptance) lie beside DIR, what became of its pictures.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.conformance.checks import CHECKS
from tests.conformance.pictures import Pictures, look_beside
from tests.conformance.run import ISSUERS, Result, run

_EPILOG = """exit status: 0 when each deviation has a known reason and every file could be read,
1 otherwise, 2 for wrong usage"""


def main(arguments: list[str]) -> int:
    """Print the report; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    if not folder.is_dir():
        parser.error(f"there is no folder {options.folder}")
    result = run(folder)
    if not result.vectors and not result.unreadable:
        parser.error(f"no vector below {options.folder}: they lie in folders named 2DCode/raw")
    pictures = look_beside(folder)
    if options.json:
        found = {**result.as_json(), "pictures": pictures.as_json() if pictures else None}
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("\n".join([*report(result), *_told(pictures)]) + "\n")
    return 1 if result.unexplained or result.unreadable else 0


def report(result: Result) -> list[str]:
    """The table, the deviations, and what was not asked."""
    lines = [f"{result.vectors} vectors, {result.vectors_agreeing} without any deviation", ""]
    for key in CHECKS:
        lacking = f"  ({n} without the input)" if (n := result.not_asked[key]) else ""
        lines.append(f"{key:26s} {result.agree[key]:5d} of {result.total[key]:5d}{lacking}")
    lines += [f"{'all':26s} {result.agree.total():5d} of {result.total.total():5d}", ""]
    for one in result.deviations:
        got = "accepted" if one.got else f"refused ({one.reason})"
        lines.append(f"{one.vector} {one.key}: {got}; {one.known or 'NOT EXPLAINED'}")
    for key, count in result.not_covered.items():
        why = ISSUERS.get(key, "no key of the format")
        lines.append(f"not covered: {key}, {count} times ({why})")
    lines.extend(f"unreadable: {name}" for name in result.unreadable)
    return lines


def _told(pictures: Pictures | None) -> list[str]:
    return ["", *pictures.report()] if pictures else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
