"""What `kiosk verify` can say beside the event's answer: countries' rules, and value sets."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.common import CommandError, read_rules_text

if TYPE_CHECKING:
    from kiosk.core.policy.rule import Rule
    from kiosk.core.policy.ruleset import Arrival, RuleSet, Verdict
    from kiosk.core.policy.valuesets import ValueSets
    from kiosk.core.verify import Verified


def add_country(parser: argparse.ArgumentParser) -> None:
    """The options --rules, --country and --value-sets."""
    parser.add_argument(
        "--rules",
        type=Path,
        action="append",
        metavar="FILE",
        help="file of the EU gateway's rules; repeatable; needs --country",
    )
    parser.add_argument(
        "--country", metavar="CC", help="with --rules: judge by the rules for entering it"
    )
    parser.add_argument(
        "--value-sets",
        type=Path,
        metavar="FILE",
        help="file of the gateway's value sets: for --rules, and to note codes that are in none",
    )


@dataclass(frozen=True)
class Told:
    """What was found about one certificate; `verdicts` is None where no country was asked."""

    verdicts: tuple[Verdict, ...] | None = None
    unknown: tuple[tuple[str, str, str], ...] = ()

    @property
    def good(self) -> bool:
        """Whether it meets every rule of the country, where one was asked."""
        return all(verdict.outcome == "passed" for verdict in self.verdicts or ())

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        country = None
        if self.verdicts is not None:
            country = {
                outcome: [v.rule.identifier for v in self.verdicts if v.outcome == outcome]
                for outcome in ("passed", "failed", "open")
            }
        keys = ("field", "code", "value_set")
        codes = [dict(zip(keys, found, strict=True)) for found in self.unknown]
        return {"country": country, "unknown_codes": codes}

    def as_text(self) -> Iterator[str]:
        """For people."""
        if self.verdicts is not None:
            passed = sum(verdict.outcome == "passed" for verdict in self.verdicts)
            yield f"  country: {passed} of {len(self.verdicts)} rules met"
        for verdict in self.verdicts or ():
            if verdict.outcome != "passed":
                words = verdict.rule.description.get("en", "")
                yield f"  {verdict.rule.identifier} {verdict.outcome}: {words}"
        for field, code, name in self.unknown:
            yield f"  note: {field} {code} is not in the value set {name}"


NOTHING_TOLD = Told()


@dataclass(frozen=True)
class Country:
    """The rules and value sets that were named; asks them about a certificate."""

    rules: RuleSet | None
    arrival: Arrival
    sets: ValueSets

    def ask(self, certificate: Verified, at: datetime) -> Told:
        """What they say of `certificate` at `at`."""
        from kiosk.core.policy.valuesets import unknown_codes

        verdicts = None
        if self.rules is not None:
            verdicts = self.rules.evaluate(certificate, self.arrival, at, self.sets)
        return Told(verdicts, tuple(unknown_codes(certificate.dcc.payload, self.sets)))


def load_country(options: argparse.Namespace) -> Country:
    """What the options name. Raises CommandError."""
    from kiosk.core.policy.rulefile import RuleFileError, load_rules
    from kiosk.core.policy.ruleset import Arrival, RuleSet
    from kiosk.core.policy.valuesets import load_value_sets

    if bool(options.rules) != bool(options.country):
        raise CommandError("--rules and --country belong together: give both, as --country FR.")
    arrival = Arrival((options.country or "").upper())
    path = options.value_sets
    try:
        sets = load_value_sets(read_rules_text(path)) if path else {}
        found: list[Rule] = []
        for path in options.rules or []:
            found += load_rules(read_rules_text(path))
    except RuleFileError as error:
        raise CommandError(f"{path} has faults:\n{error}") from None
    if options.rules and not any(rule.country == arrival.country for rule in found):
        raise CommandError(f"There are no rules of {arrival.country} in these files.")
    return Country(RuleSet(found) if options.rules else None, arrival, sets)
