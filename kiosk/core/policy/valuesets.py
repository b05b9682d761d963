"""Value sets in the form of the EU's gateway: the codes that a certificate's fields may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.core.policy.rulefile import RuleFault, RuleFileError, load_json

ValueSets = Mapping[str, list[str]]  # the id of a set, its codes in use

_SET_OF = {  # field of a statement, and its value set (eu-dcc-schema, "valuesets")
    ("v", "vp"): "sct-vaccines-covid-19",
    ("v", "mp"): "vaccines-covid-19-names",
    ("v", "ma"): "vaccines-covid-19-auth-holders",
    ("t", "tt"): "covid-19-lab-test-type",
    ("t", "ma"): "covid-19-lab-test-manufacturer-and-name",
    ("t", "tr"): "covid-19-lab-result",
    ("v", "co"): "country-2-codes",
    ("t", "co"): "country-2-codes",
    ("r", "co"): "country-2-codes",
}


def load_value_sets(text: str) -> ValueSets:
    """The sets of a file, one or a list of them, each with the codes that are active.

    Raises RuleFileError.
    """
    try:
        content = load_json(text)
    except ValueError as error:
        raise RuleFileError([RuleFault("", f"not JSON: {error}", "Give value sets.")]) from None
    documents = content if isinstance(content, list) else [content]
    found = dict(_value_set(document) for document in documents)
    if not found:
        raise RuleFileError([RuleFault("", "there is no value set in it", "Give value sets.")])
    return found


def _value_set(document: Any) -> tuple[str, list[str]]:
    match document:
        case {"valueSetId": str() as name, "valueSetValues": dict() as values}:
            return name, sorted(code for code, about in values.items() if _active(about))
    remedy = 'Give objects with "valueSetId" and "valueSetValues".'
    raise RuleFileError([RuleFault("", "this is not a value set of the gateway", remedy)])


def _active(about: object) -> bool:
    return not isinstance(about, dict) or about.get("active") is not False


def unknown_codes(payload: Mapping[str, Any], sets: ValueSets) -> Iterator[tuple[str, str, str]]:
    """Field, code and value set of each code of a certificate that is in none of `sets`."""
    for (group, field), name in _SET_OF.items():
        for statement in payload.get(group, ()):
            code = statement.get(field)
            if code is not None and name in sets and code not in sets[name]:
                yield field, code, name
