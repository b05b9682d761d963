"""Rules for tests, in the form of the gateway."""

from __future__ import annotations

import json
import re
from typing import Any

from kiosk.core.policy.faults import Fault
from kiosk.core.policy.rule import Rule
from kiosk.core.policy.rulefile import RuleFault, load_rules


def document(**changes: Any) -> dict[str, Any]:
    """A sound rule about tests, with other values where told; `...` takes a key away."""
    rule: dict[str, Any] = {
        "Identifier": "TR-XX-0001",
        "Type": "Acceptance",
        "Country": "XX",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.0.0",
        "CertificateType": "Test",
        "Description": [{"lang": "en", "desc": "The result is negative."}],
        "ValidFrom": "2021-07-01T00:00:00Z",
        "ValidTo": "2022-06-30T00:00:00+02:00",
        "AffectedFields": ["t.0.tr"],
        "Logic": {"===": [{"var": "payload.t.0.tr"}, "260415000"]},
    }
    rule |= changes
    return {key: value for key, value in rule.items() if value is not ...}


def made(*documents: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules of these documents."""
    return load_rules(json.dumps(documents))


def check_words(fault: Fault | RuleFault) -> None:
    """Every fault has words for people: where, what is wrong there, and a remedy as a sentence."""
    assert re.fullmatch(r"|[A-Za-z\[].*", fault.where)
    assert re.fullmatch(r"""[a-z0-9"'{].*[^.]""", fault.problem)
    assert re.fullmatch(r"[A-Z][a-z].*[^.]\.", fault.remedy)
