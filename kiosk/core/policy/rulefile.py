"""Rule files in the form of the EU's gateway: text in, rules and every fault with its remedy out.

A file holds one rule or a list of them (dgc-gateway, ValidationRule; eu-dcc-business-rules).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from kiosk.core.certlogic.errors import InvalidExpression
from kiosk.core.certlogic.expression import CompiledExpression, compile_expression
from kiosk.core.policy.rule import PAYLOAD, CertificateType, Rule, RuleType, Version
from kiosk.core.reasons import Group, Reason, explain

MAX_RULE_FILE = 8 * 1024 * 1024  # characters; all rules of the gateway together have some 400,000
MAX_RULES = 5_000

_IDENTIFIER = re.compile(r"(GR|VR|TR|RR|IR)-([A-Z]{2})-\d{4}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.ASCII)
_PREFIX_OF = {
    CertificateType.GENERAL: "GR",
    CertificateType.VACCINATION: "VR",
    CertificateType.TEST: "TR",
    CertificateType.RECOVERY: "RR",
}
_INVALIDATION = "IR"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NO_LOGIC = compile_expression(False)

T = TypeVar("T")


@dataclass(frozen=True)
class RuleFault:
    """One thing wrong in a rule file.

    where: the rule and the place in it, for people; empty for the file as a whole.
    hinders: the rule cannot be used; else it can, though the gateway would not take it.
    """

    where: str
    problem: str
    remedy: str
    hinders: bool = True

    def __str__(self) -> str:
        """One line for people."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.problem}. {self.remedy}"


class RuleFileError(ValueError):
    """Rules that cannot be used; `faults` names every reason."""

    def __init__(self, faults: Iterable[RuleFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def load_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a file, in its order. Raises RuleFileError where one of them cannot be used."""
    rules, faults = read_rules(text)
    if hindering := [fault for fault in faults if fault.hinders]:
        raise RuleFileError(hindering)
    return rules


def read_rules(text: str) -> tuple[tuple[Rule, ...], tuple[RuleFault, ...]]:
    """The rules that can be used, and all faults of the file. Raises nothing."""
    faults: list[RuleFault] = []
    rules = [_rule(document, number, faults) for number, document in _documents(text, faults)]
    sound = [rule for rule in rules if rule is not None]
    faults.extend(_doubled(sound))
    return tuple(sound), tuple(faults)


def load_json(text: str, limit: int = MAX_RULE_FILE) -> Any:
    """The JSON value of a text that may be hostile. Raises ValueError with words for people."""
    if len(text) > limit:
        raise ValueError(f"larger than {limit:,} characters")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")


def _documents(text: str, faults: list[RuleFault]) -> list[tuple[int, Any]]:
    try:
        content = load_json(text)
    except ValueError as error:
        faults.append(_not_json(text, error))
        return []
    documents = content if isinstance(content, list) else [content]
    if not documents or len(documents) > MAX_RULES:
        problem = f"it holds {len(documents)} rules"
        faults.append(RuleFault("", problem, f"Give a file of 1 to {MAX_RULES:,} rules."))
        return []
    return list(enumerate(documents, start=1))


def _not_json(text: str, error: ValueError) -> RuleFault:
    if isinstance(error, json.JSONDecodeError):
        if not text.strip():
            return RuleFault("", "the file is empty", "Give a file of rules.")
        if text.lstrip()[0] not in "[{":
            problem = "not JSON: it begins with neither [ nor {"
            return RuleFault("", problem, "Give the rules as they are published, or get them anew.")
    return RuleFault("", f"not JSON: {error}", "Mind quotes, commas and brackets at that place.")


def _rule(document: Any, number: int, faults: list[RuleFault]) -> Rule | None:
    if not isinstance(document, dict) or "Identifier" not in document:
        problem, remedy = "this is not a rule", 'Give objects with "Identifier" and "Logic".'
        faults.append(RuleFault(f"rule {number}", problem, remedy))
        return None
    reader = _Reader(document, number)
    rule = reader.rule()
    faults.extend(reader.faults)
    return rule if not any(fault.hinders for fault in reader.faults) else None


def _doubled(rules: list[Rule]) -> list[RuleFault]:
    seen: set[tuple[str, Version]] = set()
    faults = []
    for rule in rules:
        if (rule.identifier, rule.version) in seen:
            remedy = "Delete one of them, or give it a higher Version."
            problem = "this identifier and version stand twice"
            faults.append(RuleFault(rule.identifier, problem, remedy))
        seen.add((rule.identifier, rule.version))
    return faults


class _Reader:
    """Reads one rule; every method collects faults and goes on."""

    def __init__(self, document: dict[str, Any], number: int) -> None:
        self._document = document
        self._asked: set[str] = {"hash"}  # of the gateway's own making
        self.faults: list[RuleFault] = []
        name = document["Identifier"]
        self._name = name if isinstance(name, str) and name.isprintable() else f"rule {number}"

    def rule(self) -> Rule:
        identifier = self._text("Identifier", _IDENTIFIER, 'an identifier such as "VR-FR-0001"')
        self._engine()
        rule = Rule(
            identifier=identifier,
            type=self._choice("Type", RuleType),
            country=self._text("Country", _COUNTRY, "two capital letters"),
            region=self._region(),
            version=self._version("Version"),
            schema_version=self._version("SchemaVersion"),
            engine_version=self._version("EngineVersion"),
            certificate_type=self._choice("CertificateType", CertificateType),
            description=self._description(),
            valid_from=self._instant("ValidFrom"),
            valid_to=self._instant("ValidTo"),
            affected_fields=self._affected_fields(),
            logic=self._logic(),
            reason=self._reason(),
        )
        self._check(rule)
        for key in sorted(self._document.keys() - self._asked):
            self._tell(key, "this key is not known", "Correct its spelling or delete it.", False)
        return rule

    def _tell(self, where: str, problem: str, remedy: str, hinders: bool = True) -> None:
        place = f"{self._name} {where}".strip()
        self.faults.append(RuleFault(place, problem, remedy, hinders))

    def _get(self, key: str) -> Any:
        self._asked.add(key)
        return self._document.get(key)

    def _wrong(self, key: str, wanted: str, instead: T) -> T:
        problem = f"is not {wanted}" if key in self._document else "is missing"
        self._tell(key, problem, f"Write {wanted}.")
        return instead

    def _text(self, key: str, pattern: re.Pattern[str], wanted: str) -> str:
        value = self._get(key)
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        return self._wrong(key, wanted, "")

    def _version(self, key: str) -> Version:
        value = self._get(key)
        match = _VERSION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return self._wrong(key, 'a version such as "1.0.0"', (0, 0, 0))
        return int(match.group(1)), int(match.group(2)), int(match.group(3))

    def _instant(self, key: str) -> datetime:
        value, wanted = self._get(key), 'an instant such as "2021-11-22T00:00:00Z"'
        try:
            instant = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return self._wrong(key, wanted, _NEVER)
        return instant if instant.tzinfo else self._wrong(key, wanted, _NEVER)

    def _choice(self, key: str, kinds: Iterable[T]) -> T:
        allowed = {str(kind): kind for kind in kinds}
        value = self._get(key)
        if isinstance(value, str) and value in allowed:
            return allowed[value]
        return self._wrong(key, f"one of {', '.join(allowed)}", next(iter(allowed.values())))

    def _engine(self) -> None:
        if self._get("Engine") != "CERTLOGIC":
            self._wrong("Engine", '"CERTLOGIC", the only engine here', None)

    def _region(self) -> str:
        region = self._get("Region")
        if region is None or isinstance(region, str):
            return (region or "").strip()
        return self._wrong("Region", "a text", "")

    def _description(self) -> Mapping[str, str]:
        wanted = 'a list like [{"lang": "en", "desc": "..."}]'
        entries = self._get("Description")
        if not isinstance(entries, list) or not entries:
            return self._wrong("Description", wanted, {})
        found = {}
        for entry in entries:
            language, words = (
                (entry.get("lang"), entry.get("desc")) if isinstance(entry, dict) else (None, None)
            )
            if not isinstance(language, str) or not isinstance(words, str):
                return self._wrong("Description", wanted, {})
            found[language] = words
        if "en" not in found:
            self._tell(
                "Description", "there is none in English", 'Add one with "lang": "en".', False
            )
        return found

    def _affected_fields(self) -> tuple[str, ...]:
        fields = self._get("AffectedFields")
        if isinstance(fields, list) and all(isinstance(field, str) for field in fields):
            return tuple(fields)
        return self._wrong("AffectedFields", 'a list of fields such as ["v.0.dt"]', ())

    def _logic(self) -> CompiledExpression:
        logic = self._get("Logic")
        if "Logic" not in self._document:
            return self._wrong("Logic", "a CertLogic expression", _NO_LOGIC)
        try:
            compiled = compile_expression(logic)
        except InvalidExpression as error:
            issues, compiled = error.issues, _NO_LOGIC
        else:
            issues = compiled.issues
        for issue in issues:
            remedy = "See the CertLogic specification for what may stand there."
            if issue.tolerable:
                remedy = "Take away what stands behind the last operand: it is ignored."
            self._tell(f"/Logic{issue.path}", issue.message, remedy, not issue.tolerable)
        return compiled

    def _reason(self) -> Reason | None:
        name = self._get("Reason")
        if name is None:
            return None
        reasons = {str(r): r for r in Reason if explain(r).group is Group.CERTIFICATE}
        if isinstance(name, str) and name in reasons:
            return reasons[name]
        return self._wrong("Reason", "the code of a reason about a certificate", None)

    def _check(self, rule: Rule) -> None:
        """What the gateway asks of a rule as a whole; it hinders nothing here."""
        if rule.valid_to < rule.valid_from:
            self._tell("ValidTo", "earlier than ValidFrom", "Write a later time.")
        prefix = _PREFIX_OF[rule.certificate_type]
        wanted = _INVALIDATION if rule.type is RuleType.INVALIDATION else prefix
        if rule.identifier and not rule.identifier.startswith(f"{wanted}-{rule.country}-"):
            remedy = f"Write {wanted}-{rule.country or 'CC'}- and four digits, or correct the type."
            self._tell("Identifier", "it does not fit country and type", remedy, False)
        self._check_affected_fields(rule)

    def _check_affected_fields(self, rule: Rule) -> None:
        read = {p.removeprefix(PAYLOAD) for p in rule.logic.accesses if p.startswith(PAYLOAD)}
        told = set(rule.affected_fields)
        if rule.logic is _NO_LOGIC or read == told:
            return
        parts = [f"{', '.join(sorted(read - told))} not told"] if read - told else []
        parts += [f"{', '.join(sorted(told - read))} not read"] if told - read else []
        remedy = f"Write {json.dumps(sorted(read))}."
        self._tell("AffectedFields", f"not what Logic reads ({'; '.join(parts)})", remedy, False)
