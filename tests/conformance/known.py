"""Where this program and the expectation of a vector differ on purpose, each with its reason."""

from __future__ import annotations

_EMOJI = "an emoji as given name and no standard one: legal by the schema, as fnt is there"
_LATER = "born after the check: legal by the schema; whose it is, the desk compares"
_VALUE_SET = "an unknown code in a field that no rule of a door uses"
_OTHER_PERSON = "the JSON beside the code is that of another person"
_TWO = "it holds two entries, which the schema itself forbids"
_P384 = "signed with P-384; the certificate governance (4.1) allows P-256 alone"

_BORN_IN_2023 = [
    "007-NL-test", "047-NL-test", "063-NL-test", "079-NL-vaccination", "087-NL-vaccination",
    "103-NL-vaccination", "135-NL-vaccination", "151-NL-recovery", "159-NL-recovery",
    "167-NL-recovery", "191-NL-recovery", "239-NL-test+wrong_key", "247-NL-test+wrong_key",
]  # fmt: skip
_GIVEN_NAME_OF_EMOJI = [
    "064-NL-test", "068-NL-test", "139-NL-vaccination", "141-NL-vaccination", "208-NL-recovery",
    "210-NL-recovery", "212-NL-recovery", "213-NL-recovery", "282-NL-test+wrong_key",
    "285-NL-test+wrong_key",
]  # fmt: skip

# (vector, check): why. Vectors that are not there are no disagreement.
KNOWN: dict[tuple[str, str], str] = {
    **{(f"NL/2DCode/raw/{name}.json", "SCHEMAVALIDATION"): _LATER for name in _BORN_IN_2023},
    **{(f"NL/2DCode/raw/{name}.json", "SCHEMAVALIDATION"): _EMOJI for name in _GIVEN_NAME_OF_EMOJI},
    **{
        (f"PL/{version}/2DCode/raw/{number}.json", "SCHEMAVALIDATION"): _VALUE_SET
        for version in ("1.0.0", "1.2.1", "1.3.0")
        for number in (7, 8, 9)
    },
    **{(f"ES/2DCode/raw/{number}.json", "VERIFY"): _P384 for number in (401, 402, 403)},
    ("PL/1.3.0/2DCode/raw/1.json", "VALIDJSON"): _OTHER_PERSON,
    ("PL/1.3.0/2DCode/raw/5.json", "VALIDJSON"): _OTHER_PERSON,
    ("FR/2DCode/raw/test_pcr_ok.json", "VALIDJSON"): "the JSON beside the code has other times",
    ("IS/2DCode/raw/3.json", "KEYUSAGE"): "the signer names no kind, so it may sign any",
    ("RO/2DCode/raw/2.json", "SCHEMAVALIDATION"): _TWO,
}
