"""`python -m tests.matching [--json] [--page]`: how well certificates are matched with guests.

A corpus of invented names, always the same, as guest lists and issuers write them; docs/matching.md
tells how it is made. --page writes the tables into that page.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.matching.corpus import make_corpus
from tests.matching.measure import measure
from tests.matching.report import as_json, markdown

PAGE = Path(__file__).resolve().parents[2] / "docs/matching.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"


def in_page(tables: str) -> str:
    """The page with those tables."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n{tables}\n{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> int:
    """Print the report; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.matching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="everything that was counted, as JSON")
    parser.add_argument("--page", action="store_true", help="write the tables into the page")
    options = parser.parse_args(arguments)
    figures = measure(make_corpus())
    if options.page:
        PAGE.write_text(in_page(markdown(figures)), "utf-8")
    elif options.json:
        sys.stdout.write(json.dumps(as_json(figures), indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(markdown(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
