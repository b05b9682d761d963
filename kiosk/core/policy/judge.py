"""Is a genuine certificate good enough for this event? The event's rules, evaluated."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.core.hcert.dcc import EntryKind, kind_of
from kiosk.core.policy.event import Event, ProofLimits
from kiosk.core.policy.parameters import EVENT, EVENT_PARAMETERS, KNOWN, Parameters
from kiosk.core.policy.rule import CertificateType, Outcome, Rule, RuleType
from kiosk.core.policy.rulefile import RuleFault, RuleFileError
from kiosk.core.policy.ruleset import ENGINE_VERSION, SCHEMA_MAJOR
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified


@dataclass(frozen=True)
class Accepted:
    """Good enough, at the time asked for."""


@dataclass(frozen=True)
class NotAccepted:
    """Genuine, but not what the event asks for.

    reasons, rules: why, at least one, and the identifiers of the rules that failed; each in the
    order of the rule file.
    """

    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Undecided:
    """No rule failed, but these could not be evaluated: for the desk, never a refusal."""

    rules: tuple[str, ...]
    reason: Reason = Reason.RULE_OPEN


Judgement = Accepted | NotAccepted | Undecided


class Policy:
    """What an event asks of a proof: its rules, compiled once, and its limits.

    For one thread: what is the same all day is remembered.
    """

    def __init__(self, limits: ProofLimits, zone: ZoneInfo, rules: Iterable[Rule]) -> None:
        """Raises RuleFileError where a rule reads what no event can tell it."""
        self.rules = tuple(rules)
        faults = [fault for rule in self.rules for fault in _unknown_parameters(rule)]
        if faults:
            raise RuleFileError(faults)
        self._by_kind = {kind: _Chosen(self.rules, kind, limits, zone) for kind in EntryKind}

    def judge(self, certificate: Verified, at: datetime) -> Judgement:
        """The event's answer to `certificate` at the aware instant `at`. Raises nothing."""
        dcc = certificate.dcc
        return self._by_kind[dcc.kind].judge(dcc.payload, at, certificate)

    def judge_payload(self, payload: Mapping[str, Any], at: datetime) -> Judgement:
        """What it says of a payload alone, for tests and explanations. ValueError if of no kind."""
        kind = kind_of(payload)
        if kind is None:
            raise ValueError("not exactly one of v, t and r")
        return self._by_kind[kind].judge(payload, at, None)


class _Chosen:
    """The rules that one kind of certificate has to pass."""

    def __init__(
        self, rules: Sequence[Rule], kind: EntryKind, limits: ProofLimits, zone: ZoneInfo
    ) -> None:
        chosen = [rule for rule in rules if rule.certificate_type.covers(kind)]
        general = [rule for rule in chosen if rule.certificate_type is CertificateType.GENERAL]
        # Where the kind of proof is not accepted, nothing else is asked.
        self._stages = (general, [rule for rule in chosen if rule not in general])
        read = frozenset(path for rule in chosen for path in rule.parameters())
        self._parameters = Parameters(limits, zone, read)

    def judge(
        self, payload: Mapping[str, Any], at: datetime, certificate: Verified | None
    ) -> Judgement:
        data = {"payload": payload, "external": self._parameters.external(at, certificate)}
        open_rules: list[Rule] = []
        for stage in self._stages:
            failed: list[Rule] = []
            for rule in stage:
                outcome = rule.outcome(data)
                if outcome is Outcome.FAILED:
                    failed.append(rule)
                elif outcome is Outcome.OPEN:
                    open_rules.append(rule)
            if failed:
                return _not_accepted(failed)
        if open_rules:
            return Undecided(tuple(rule.identifier for rule in open_rules))
        return Accepted()


def _not_accepted(failed: list[Rule]) -> NotAccepted:
    reasons = dict.fromkeys(rule.reason or Reason.RULE_NOT_MET for rule in failed)
    return NotAccepted(tuple(reasons), tuple(rule.identifier for rule in failed))


def policy_of(event: Event, rules: Iterable[Rule]) -> Policy:
    """The policy of `event`. Raises RuleFileError where the rules do not fit it."""
    policy = Policy(event.proofs, event.time_zone, rules)
    rules = policy.rules
    checks = (_gaps(event, rules), _not_the_events(rules), _not_in_force(event, rules))
    if faults := tuple(itertools.chain(*checks)):
        raise RuleFileError(faults)
    return policy


def _unknown_parameters(rule: Rule) -> list[RuleFault]:
    remedy = f"Rules of an event may read: {', '.join(sorted(KNOWN))}."
    return [
        RuleFault(rule.identifier, f"no event tells {path}", remedy)
        for path in rule.parameters()
        if path not in KNOWN
    ]


def _gaps(event: Event, rules: Sequence[Rule]) -> list[RuleFault]:
    """Kinds that would be accepted unseen, and limits that would do nothing."""
    faults = []
    read = {path for rule in rules for path in rule.parameters()}
    for kind in sorted(event.proofs.accepted):
        if not any(rule.certificate_type.value.lower() == kind for rule in rules):
            remedy = f'Add a rule with CertificateType "{kind.title()}".'
            faults.append(RuleFault("", f"no rule is about the accepted proof {kind}", remedy))
    for name, parameter in EVENT_PARAMETERS.items():
        table = parameter.limit.split(".")[1:2]
        concerned = table == ["accepted"] or set(table) & event.proofs.accepted
        if concerned and EVENT + name not in read:
            problem = f"the event file has {parameter.limit}, but no rule reads {EVENT}{name}"
            faults.append(RuleFault("", problem, "Add the rule that this limit is for."))
    return faults


def _not_the_events(rules: Sequence[Rule]) -> list[RuleFault]:
    """Rules that would be left aside among a country's; an event asks all of its own."""
    faults = []
    identifiers = Counter(rule.identifier for rule in rules)
    for rule in rules:
        if rule.type is not RuleType.ACCEPTANCE:
            remedy = 'Write "Acceptance": an event says what it accepts.'
            faults.append(RuleFault(rule.identifier, "it is no acceptance rule", remedy))
        if rule.engine_version > ENGINE_VERSION or rule.schema_version[0] != SCHEMA_MAJOR:
            remedy = "Write an EngineVersion of at most 1.3.3 and a SchemaVersion of 1."
            faults.append(RuleFault(rule.identifier, "it is for another program", remedy))
        if identifiers[rule.identifier] > 1:
            remedy = "Leave one of them in the file."
            faults.append(RuleFault(rule.identifier, "it stands in several versions", remedy))
    return faults


def _not_in_force(event: Event, rules: Sequence[Rule]) -> list[RuleFault]:
    opens = min(occasion.opens for occasion in event.occasions) - event.early_arrival
    closes = max(occasion.closes for occasion in event.occasions)
    remedy = "Write ValidFrom and ValidTo around the event."
    return [
        RuleFault(rule.identifier, "it is not in force all through the event", remedy)
        for rule in rules
        if not (rule.in_force(opens) and rule.in_force(closes))
    ]
