"""`kiosk rules`: check rule files, and explain in words what an event asks of a proof."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    fail,
    instant,
    load_policy_file,
    read_rules_text,
    show,
)

if TYPE_CHECKING:
    from kiosk.core.policy.rule import Rule
    from kiosk.core.policy.ruletests import Tested

MAX_SHOWN = 200  # faults of one file
_TESTS = ".tests.json"  # what the tests of NAME.json are called: NAME.tests.json

_CHECK = """\
Checks rules in the form of the EU's gateway: a file of one rule or of a list of them,
or a folder with any number of such files. Tests are run where they lie beside the rules:
  RULE/rule.json with RULE/tests/*.json    as the published test data of the countries
  NAME.json with NAME.tests.json           as assets/events/proofs.rules.json

exit status: 0 when every rule can be used and every test went as expected; 1 when not;
2 for wrong usage or unreadable files. Remarks hinder nothing and change no status."""

_EXPLAIN = """\
Tells the rules of an event in words, with the limits of its file filled in, and judges
examples around these limits: the answer at one time, and from when to when each counts."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("rules", help="check and explain rules", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser(
        "check",
        help="name every fault of rule files, and run the tests beside them",
        description=_CHECK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("file", nargs="+", type=Path, metavar="FILE", help="rule file or folder")
    check.set_defaults(func=run_check)
    explain = actions.add_parser(
        "explain",
        help="tell in words what an event asks of a proof",
        description=_EXPLAIN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    explain.add_argument("--event", type=Path, metavar="FILE", required=True)
    explain.add_argument("--lang", choices=("en", "fr"), default="en", help="(default: en)")
    explain.add_argument(
        "--at",
        type=instant,
        metavar="TIME",
        help="judge the examples as of then (ISO 8601; default: the event's first opening)",
    )
    explain.set_defaults(func=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    """Print rules and examples."""
    from kiosk.core.policy.explain import explanation

    try:
        event, policy = load_policy_file(options.event)
    except CommandError as error:
        return fail(str(error))
    at = options.at or min(occasion.opens for occasion in event.occasions)
    for paragraph in explanation(event, policy, at, options.lang):
        show(paragraph.split("\n"))
    return 0


@dataclass
class _Report:
    """What became of all files so far."""

    files: int = 0
    rules: int = 0
    faults: int = 0
    remarks: int = 0
    tests: int = 0
    differ: int = 0
    countries: set[str] = field(default_factory=set)

    @property
    def good(self) -> bool:
        return self.rules > 0 and not self.faults and not self.differ

    def lines(self) -> Iterator[str]:
        yield (
            f"files {self.files}, rules {self.rules}, countries {len(self.countries)}; "
            f"faults {self.faults}, remarks {self.remarks}; "
            f"tests {self.tests}, of which not as expected {self.differ}"
        )


def run_check(options: argparse.Namespace) -> int:
    """Check every file, and print what is wrong and a summary."""
    report = _Report()
    try:
        for named in options.file:
            for path in _rule_files(named):
                show(_shortened(_check(path, report)))
    except CommandError as error:
        return fail(str(error))
    show(report.lines())
    return 0 if report.good else 1


def _rule_files(named: Path) -> list[Path]:
    """The rule files that an argument means. Raises CommandError."""
    try:
        if not named.is_dir():
            return [named]
        found = sorted(path for path in named.rglob("*.json") if _is_rule_file(path))
    except OSError as error:
        raise CommandError(f"{error}. Give the path of a rule file or a folder.") from None
    if not found:
        raise CommandError(f"{named}: there is no *.json in it. Give a folder of rule files.")
    return found


def _is_rule_file(path: Path) -> bool:
    return path.parent.name != "tests" and not path.name.endswith(_TESTS)


def _shortened(lines: Iterator[str]) -> Iterator[str]:
    shown = list(lines)
    yield from shown[:MAX_SHOWN]
    if len(shown) > MAX_SHOWN:
        yield f"  and {len(shown) - MAX_SHOWN} more"


def _check(path: Path, report: _Report) -> Iterator[str]:
    """What is wrong in one file, in lines; nothing where all is well."""
    from kiosk.core.policy.remarks import remarks_on
    from kiosk.core.policy.rulefile import read_rules

    rules, faults = read_rules(read_rules_text(path))
    report.files += 1
    report.rules += len(rules)
    report.countries |= {rule.country for rule in rules}
    lines = []
    for fault in [*faults, *(remark for rule in rules for remark in remarks_on(rule))]:
        report.faults += fault.hinders
        report.remarks += not fault.hinders
        lines.append(f"  {'fault' if fault.hinders else 'remark'}: {fault}")
    lines += _test(path, rules, report)
    if lines:
        yield str(path)
        yield from lines


def _test(path: Path, rules: tuple[Rule, ...], report: _Report) -> Iterator[str]:
    """Run the tests beside a file; a line for each that went wrong."""
    from kiosk.core.policy.rulefile import RuleFileError

    if not rules:
        return
    for file in _tests_beside(path):
        try:
            for tested in _run(file, rules):
                report.tests += 1
                if tested.problem:
                    report.differ += 1
                    yield f"  test {tested.name}: {tested.problem}"
        except RuleFileError as error:
            report.faults += len(error.faults)
            yield from (f"  fault: {file.name}: {fault}" for fault in error.faults)


def _tests_beside(path: Path) -> list[Path]:
    own = path.with_name(path.stem + _TESTS)
    folder = path.parent / "tests"
    published = sorted(folder.glob("*.json")) if path.name == "rule.json" else []
    return [own, *published] if own.is_file() else published


def _run(file: Path, rules: tuple[Rule, ...]) -> Iterator[Tested]:
    from kiosk.core.policy.ruletests import run_event_tests, run_gateway_test

    text = read_rules_text(file)
    if file.name.endswith(_TESTS):
        yield from run_event_tests(rules, text)
    else:
        yield run_gateway_test(rules[0], file.stem, text)
