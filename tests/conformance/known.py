"""Where this program and the expectation of a vector differ on purpose, each with its reason.

What is a class is known by what the vector itself says, looked up here without the program's own
decoder; the few broken vectors are known by their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from tests.conformance.vectors import FieldError, Vector

_OTHER_TIMES = "the JSON beside the code has other times"
_OTHER_PERSON = "the JSON beside the code is that of another person"
_ANY_KIND = "the signer names no kind, so it may sign any"

# (place in the layout, key): why.
BROKEN: Mapping[tuple[str, str], str] = {
    ("FR/2DCode/raw/test_pcr_ok.json", "EXPECTEDDECODE"): _OTHER_TIMES,
    ("FR/2DCode/raw/test_pcr_ok.json", "EXPECTEDVALIDJSON"): _OTHER_TIMES,
    ("PL/1.3.0/2DCode/raw/1.json", "EXPECTEDDECODE"): _OTHER_PERSON,
    ("PL/1.3.0/2DCode/raw/1.json", "EXPECTEDVALIDJSON"): _OTHER_PERSON,
    ("PL/1.3.0/2DCode/raw/5.json", "EXPECTEDDECODE"): _OTHER_PERSON,
    ("PL/1.3.0/2DCode/raw/5.json", "EXPECTEDVALIDJSON"): _OTHER_PERSON,
    ("IS/2DCode/raw/3.json", "EXPECTEDKEYUSAGE"): _ANY_KIND,
}


def known(vector: Vector, key: str, *, expected: bool) -> str | None:
    """Why this program says otherwise than `expected`; None where nobody has explained it."""
    broken = BROKEN.get((vector.place, key))
    if broken is not None:
        return broken
    if key == "EXPECTEDVERIFY" and expected and _signed_with_another_curve(vector):
        return "signed on another curve; the certificate governance (4.1) allows P-256 alone"
    if key == "EXPECTEDSCHEMAVALIDATION":
        return _why_of_schema(vector, expected)
    return None


def _why_of_schema(vector: Vector, expected: bool) -> str | None:
    content = _content(vector)
    if expected:
        several = any(len(_statements(content, group)) > 1 for group in "vtr")
        return "it holds two entries, which the schema itself forbids" if several else None
    if vector.country == "NL" and _given_name_is_empty(content):
        return "no standard given name: legal by the schema, as there is a family name"
    if vector.country == "PL" and _has_code_outside_value_sets(content):
        return "an unknown code in a field that no rule of a door uses; the schema takes any"
    return None


def _signed_with_another_curve(vector: Vector) -> bool:
    try:
        key = x509.load_der_x509_certificate(vector.certificate).public_key()
    except (FieldError, ValueError):
        return False
    return isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP256R1)


def _given_name_is_empty(content: Mapping[str, Any]) -> bool:
    name = content.get("nam")
    return isinstance(name, Mapping) and not name.get("gnt") and bool(name.get("fnt"))


def _has_code_outside_value_sets(content: Mapping[str, Any]) -> bool:
    """A code that no value set will ever hold: made of nines, or of a country that is none."""
    for group in "vtr":
        for statement in _statements(content, group):
            maker, country = str(statement.get("ma", "")), str(statement.get("co", ""))
            if set(maker.removeprefix("ORG-")) == {"9"} or _is_no_country(country):
                return True
    return False


def _is_no_country(code: str) -> bool:
    """Whether ISO 3166-1 leaves the code to its users for good (AA, QM to QZ, XA to XZ, ZZ)."""
    return code in {"AA", "ZZ"} or "QM" <= code <= "QZ" or ("XA" <= code <= "XZ" and code != "XK")


def _statements(content: Mapping[str, Any], group: str) -> list[Mapping[str, Any]]:
    found = content.get(group)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _content(vector: Vector) -> Mapping[str, Any]:
    """The certificate, from the CBOR or the JSON field; an empty one where there is none."""
    try:
        content = cbor2.loads(vector.binary("CBOR")) if vector.has("CBOR") else vector.json
        if isinstance(content, Mapping) and -260 in content:
            content = content[-260][1]
    except (cbor2.CBORDecodeError, ValueError, LookupError, TypeError, ArithmeticError):
        return {}
    return content if isinstance(content, Mapping) else {}
