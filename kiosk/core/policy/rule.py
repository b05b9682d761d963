"""A rule about certificates, as the EU's gateway publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kiosk.core.certlogic.errors import EvaluationError
from kiosk.core.certlogic.expression import CompiledExpression
from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.reasons import Reason

PAYLOAD = "payload."  # where a rule finds the certificate
EXTERNAL = "external."  # where a rule finds everything else

Version = tuple[int, int, int]


class RuleType(StrEnum):
    """What a rule is about: the country that one enters, or the one that issued."""

    ACCEPTANCE = "Acceptance"
    INVALIDATION = "Invalidation"


class CertificateType(StrEnum):
    """Which certificates a rule is about."""

    GENERAL = "General"
    VACCINATION = "Vaccination"
    TEST = "Test"
    RECOVERY = "Recovery"

    def covers(self, kind: EntryKind) -> bool:
        """Whether a rule of this type is asked about a certificate of `kind`."""
        return self is CertificateType.GENERAL or self.value.lower() == kind.value


class Outcome(StrEnum):
    """What a rule says of a certificate."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"  # it cannot be told: an error, or a version that is not known here


@dataclass(frozen=True)
class Rule:
    """One rule, ready to be evaluated.

    region: empty for the whole country.
    description: by language.
    affected_fields: of the payload, as the rule itself tells them.
    reason: what a failure means; this program's own addition, None in the gateway's rules.
    """

    identifier: str
    type: RuleType
    country: str
    region: str
    version: Version
    schema_version: Version
    engine_version: Version
    certificate_type: CertificateType
    description: Mapping[str, str]
    valid_from: datetime
    valid_to: datetime
    affected_fields: tuple[str, ...]
    logic: CompiledExpression
    reason: Reason | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether it is valid at the aware instant `at`."""
        return self.valid_from <= at <= self.valid_to

    def parameters(self) -> tuple[str, ...]:
        """What it reads beside the certificate, such as "external.validationClock"."""
        return tuple(path for path in self.logic.accesses if path.startswith(EXTERNAL))

    def outcome(self, data: dict[str, Any]) -> Outcome:
        """What it says of `data`, whose keys are "payload" and "external". Raises nothing.

        Only true passes and only false fails, as in the reference engine.
        """
        try:
            value = self.logic.evaluate(data)
        except EvaluationError:
            return Outcome.OPEN
        if value is True:
            return Outcome.PASSED
        return Outcome.FAILED if value is False else Outcome.OPEN
