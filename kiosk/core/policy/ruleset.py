"""The rules of countries: which of them apply to a certificate, and what they say of it.

Selection is that of the gateway's reference engine: the acceptance rules of the country that one
enters, the invalidation rules of the country that issued, of each the highest version in force.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kiosk.core.countries import usual
from kiosk.core.policy.rule import Outcome, Rule, RuleType, Version
from kiosk.core.policy.valuesets import ValueSets
from kiosk.core.verify import Verified

SCHEMA_MAJOR = 1  # of eu-dcc-schema; there never was another
ENGINE_VERSION: Version = (1, 3, 3)  # of the CertLogic specification, which engine versions follow


@dataclass(frozen=True)
class Arrival:
    """Where somebody arrives: a country, perhaps one of its regions."""

    country: str
    region: str = ""


@dataclass(frozen=True)
class Verdict:
    """What one rule says."""

    rule: Rule
    outcome: Outcome


class RuleSet:
    """Rules of any countries, kinds and versions."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)

    def select(self, certificate: Verified, arrival: Arrival, at: datetime) -> tuple[Rule, ...]:
        """The rules that apply to `certificate` at `at`, sorted by identifier."""
        highest: dict[str, Rule] = {}
        for rule in self.rules:
            if not rule.in_force(at) or not _concerns(rule, certificate, arrival):
                continue
            present = highest.get(rule.identifier)
            if present is None or rule.version > present.version:
                highest[rule.identifier] = rule
        return tuple(highest[identifier] for identifier in sorted(highest))

    def evaluate(
        self, certificate: Verified, arrival: Arrival, at: datetime, value_sets: ValueSets
    ) -> tuple[Verdict, ...]:
        """What every rule that applies says of `certificate` at the aware instant `at`."""
        external = external_parameters(certificate, at)
        external |= {"valueSets": value_sets, "countryCode": arrival.country}
        external |= {"region": arrival.region}
        data = {"payload": certificate.dcc.payload, "external": external}
        version = _version_of(certificate)
        return tuple(
            Verdict(rule, rule.outcome(data) if _evaluable(rule, version, data) else Outcome.OPEN)
            for rule in self.select(certificate, arrival, at)
        )


def external_parameters(certificate: Verified, at: datetime) -> dict[str, Any]:
    """What rules may know of the check and of the certificate's envelope, by the standard names."""
    return {
        "validationClock": stamp(at),
        "issuerCountryCode": issuer_of(certificate),
        "kid": b64encode(certificate.signer.kid).decode(),
        "iat": stamp(certificate.issued_at) if certificate.issued_at else None,
        "exp": stamp(certificate.expires_at),
    }


def issuer_of(certificate: Verified) -> str:
    """The country that issued: the signer's, else the one that the claims name."""
    return certificate.signer.country or certificate.issuer or ""


def stamp(instant: datetime) -> str:
    """An instant as CertLogic reads it: in UTC, to the millisecond."""
    text = instant.astimezone(UTC).isoformat()  # cut by hand: `timespec` costs four times as much
    return (text[:23] if instant.microsecond else text[:19]) + "Z"


def _concerns(rule: Rule, certificate: Verified, arrival: Arrival) -> bool:
    if not rule.certificate_type.covers(certificate.dcc.kind):
        return False
    if rule.type is RuleType.INVALIDATION:
        return usual(rule.country) == usual(issuer_of(certificate))
    return usual(rule.country) == usual(arrival.country) and rule.region in ("", arrival.region)


def _version_of(certificate: Verified) -> Version | None:
    parts = certificate.dcc.payload["ver"].split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def _evaluable(rule: Rule, version: Version | None, data: Mapping[str, Any]) -> bool:
    """Whether this engine, this certificate and the parameters at hand are what the rule needs.

    Without a value set `in` would say no: a rule is left open rather than failed for that.
    """
    if rule.engine_version > ENGINE_VERSION or version is None:
        return False
    if version[0] != rule.schema_version[0] or version < rule.schema_version:
        return False
    return all(_there(path, data) for path in rule.parameters())


def _there(path: str, data: Any) -> bool:
    for key in path.split("."):
        if not isinstance(data, dict):
            return True  # an item of a list, which a rule may look for
        if key not in data:
            return False
        data = data[key]
    return True
