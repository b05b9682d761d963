"""`./run.sh mutate [MODULE...]`: how many deliberate faults in the core the tests find.

mutmut changes one thing at a time in each function (a comparison, a constant, an argument) and
runs the tests that pass through it. MODULE is a module or package of kiosk/core, such as verify,
hcert or hcert.cbor; without any, all that pyproject.toml names. It begins anew each time, for the
tests may have changed; `mutants/` holds the results.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.shared import DATA, ROOT

MUTANTS = ROOT / "mutants"
_FOUND = {"killed", "timeout", "segfault", "suspicious"}  # mutmut's words
_UNTESTED = {"no tests", "skipped", "not checked"}
_FIGURES = re.compile(r"\b\d+/\d+\b.*")
_TURNING = re.compile(r"^[\u2800-\u28ff]")  # mutmut's sign that it is at work
_EVERY = 5.0  # seconds between two lines of progress
_EPILOG = """exit status: 0 when mutmut could do its work, whatever the tests found; 2 for wrong
usage, or where it cannot run (it needs fork: Linux or macOS)"""


def main(arguments: list[str]) -> int:
    """Run mutmut and print a score for each module; the exit status."""
    parser = argparse.ArgumentParser(
        prog="./run.sh mutate",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--survivors", action="store_true", help="name those that no test found")
    options = parser.parse_args(arguments)
    for module in options.modules:
        if not _exists(module):
            parser.error(f"there is no module kiosk.core.{module}")
    if importlib.util.find_spec("mutmut") is None or not hasattr(os, "fork"):
        parser.error("mutmut is not here, or cannot run here; ./run.sh mutate installs it")
    shutil.rmtree(MUTANTS, ignore_errors=True)
    if _run_mutmut([f"kiosk.core.{module}.*" for module in options.modules]):
        return 2
    results = list(_results(options.modules))
    sys.stdout.write("\n".join(report(results, name_survivors=options.survivors)) + "\n")
    return 0


def report(results: Iterable[tuple[str, str, str]], *, name_survivors: bool) -> list[str]:
    """The table of (module, mutant, mutmut's word for what became of it)."""
    found, missed, untested = Counter[str](), Counter[str](), Counter[str]()
    survivors = []
    for module, mutant, status in results:
        counter = found if status in _FOUND else untested if status in _UNTESTED else missed
        counter[module] += 1
        if counter is not found:
            survivors.append(mutant)
    lines = [f"{'module':34s} mutants   found  missed  untested   score"]
    lines += [
        _row(module, found[module], missed[module], untested[module])
        for module in sorted(found | missed | untested)
    ]
    lines.append(_row("all", found.total(), missed.total(), untested.total()))
    return [*lines, "", *survivors, "mutmut show NAME prints one"] if name_survivors else lines


def _row(name: str, found: int, missed: int, untested: int) -> str:
    total = found + missed + untested
    score = 100 * found / total if total else 100.0
    return f"{name:34s} {total:7,} {found:7,} {missed:7,} {untested:9,} {score:6.1f} %"


def _results(modules: list[str]) -> Iterator[tuple[str, str, str]]:
    from mutmut.stats import status_by_exit_code

    for path in sorted(MUTANTS.glob("kiosk/core/**/*.py.meta")):
        name = path.relative_to(MUTANTS / "kiosk/core").as_posix().removesuffix(".py.meta")
        module = name.replace("/", ".").removesuffix(".__init__")
        if modules and not any(f"{module}.".startswith(f"{wanted}.") for wanted in modules):
            continue
        for mutant, status in json.loads(path.read_text("utf-8"))["exit_code_by_key"].items():
            # mutmut takes 255 for a timeout; it means that the tests could not be started
            yield module, mutant, "not checked" if status == 255 else status_by_exit_code[status]


def _exists(module: str) -> bool:
    path = ROOT / "kiosk/core" / module.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def _run_mutmut(patterns: list[str]) -> int:
    """Its exit status; its progress goes to stderr. The tests run in a copy of the project."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "KIOSK_SHARED": str(DATA.parent),  # where a copy would not look for it
    }
    command = [sys.executable, "-m", "mutmut", "run", *patterns]
    shown = -_EVERY
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, errors="replace"
    ) as mutmut:
        for line in mutmut.stdout or ():
            figures = _FIGURES.search(line)
            if figures and time.monotonic() - shown >= _EVERY:
                shown = time.monotonic()
                sys.stderr.write(figures[0] + "\n")
            elif not figures and "__mutmut_" not in line and not _TURNING.match(line):
                sys.stderr.write(line[:200].rstrip() + "\n")
    return mutmut.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
