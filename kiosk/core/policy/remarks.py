"""What is odd in a sound rule, though it hinders nothing until somebody needs it."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.core.policy.parameters import EVENT_PARAMETERS, KNOWN
from kiosk.core.policy.rule import EXTERNAL, Rule
from kiosk.core.policy.rulefile import RuleFault
from kiosk.core.policy.ruleset import ENGINE_VERSION
from kiosk.core.policy.words import places

_OF_COUNTRIES = frozenset({f"{EXTERNAL}countryCode", f"{EXTERNAL}region"})
_VALUE_SETS = f"{EXTERNAL}valueSets."
_LIMITS = frozenset(parameter.limit for parameter in EVENT_PARAMETERS.values())


def remarks_on(rule: Rule) -> Iterator[RuleFault]:
    """Names that nobody fills in, and versions that nobody here evaluates."""
    for path in rule.parameters():
        if path not in KNOWN | _OF_COUNTRIES and not path.startswith(_VALUE_SETS):
            remedy = "Correct its spelling: without it the rule stays open."
            yield _remark(rule, f"nothing is known that tells {path}", remedy)
    for place in sorted(places(rule) - _LIMITS):
        remedy = "Write the key of a limit of the event file, as {proofs.test.max_age}."
        yield _remark(rule, f"{{{place}}} in its description is filled by nothing", remedy)
    if rule.engine_version > ENGINE_VERSION:
        told = ".".join(map(str, ENGINE_VERSION))
        yield _remark(rule, f"it needs an engine later than {told}", "It stays open here.")


def _remark(rule: Rule, problem: str, remedy: str) -> RuleFault:
    return RuleFault(rule.identifier, problem, remedy, hinders=False)
