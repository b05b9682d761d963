"""`kiosk verify` with the rules of a country, and with value sets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli.main import main
from tests.certificates import claims, signer
from tests.lists import pem
from tests.rules import document
from tests.shared import DATA, needs_data

AT = "2021-11-22T08:00:00Z"
NAMES = "vaccines-covid-19-names"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `kiosk verify` with the tests' signer trusted."""
    trusted = tmp_path / "trust.pem"
    trusted.write_bytes(pem(signer()))

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main(["verify", "--at", AT, "--trust", str(trusted), *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def code(group: str = "t", **changes: Any) -> str:
    return signer().sign(claims(group, **changes))


def file(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule that is met, one that is not, and one that is open."""
    product = {"in": [{"var": "payload.t.0.ma"}, {"var": "external.valueSets.makers"}]}
    return file(
        tmp_path,
        "rules.json",
        [
            document(),
            document(
                Identifier="TR-XX-0002",
                Logic={"===": [{"var": "payload.t.0.co"}, "YY"]},
                AffectedFields=["t.0.co"],
                Description=[{"lang": "en", "desc": "Tested at home."}],
            ),
            document(Identifier="TR-XX-0003", Logic=product, AffectedFields=["t.0.ma"]),
        ],
    )


def test_each_rule_of_the_country_is_told(verify: Command, rules: Path) -> None:
    status, out, _ = verify("--rules", rules, "--country", "xx", code())
    assert status == 1
    assert "  country: 1 of 3 rules met\n" in out
    assert "  TR-XX-0002 failed: Tested at home.\n" in out
    assert "  TR-XX-0003 open: The result is negative.\n" in out
    _, out, _ = verify("--json", "--rules", rules, "--country", "XX", code())
    assert json.loads(out)["country"] == {
        "passed": ["TR-XX-0001"],
        "failed": ["TR-XX-0002"],
        "open": ["TR-XX-0003"],
    }


def test_a_certificate_that_meets_every_rule_is_good(verify: Command, tmp_path: Path) -> None:
    one = file(tmp_path, "one.json", document())
    assert verify("--rules", one, "--country", "XX", code())[0] == 0
    two = file(tmp_path, "two.json", document(Identifier="TR-XX-0002", Logic=False))
    status, out, _ = verify("--rules", one, "--rules", two, "--country", "XX", code())
    assert (status, "1 of 2 rules met" in out) == (1, True)


def test_nothing_is_said_of_countries_where_none_was_asked(verify: Command) -> None:
    answer = json.loads(verify("--json", code())[1])
    assert (answer["country"], answer["unknown_codes"]) == (None, [])
    assert "country:" not in verify(code())[1]


@pytest.mark.parametrize("options", [["--rules", "r.json"], ["--country", "FR"]])
def test_rules_and_country_belong_together(verify: Command, options: list[str]) -> None:
    status, _, err = verify(*options, code())
    assert (status, "belong together" in err) == (2, True)


def test_a_country_without_rules_is_told(verify: Command, rules: Path) -> None:
    status, _, err = verify("--rules", rules, "--country", "FR", code())
    assert (status, "There are no rules of FR" in err) == (2, True)


@pytest.mark.parametrize("option", ["--rules", "--value-sets"])
def test_files_that_cannot_be_used_are_told(
    verify: Command, tmp_path: Path, rules: Path, option: str
) -> None:
    broken = file(tmp_path, "broken.json", {"Identifier": 1})
    arguments = ["--rules", rules, "--country", "XX", option, broken]
    status, _, err = verify(*arguments, code())
    assert (status, "broken.json has faults:" in err) == (2, True)


def test_a_code_that_no_value_set_knows_is_noted_and_refuses_nothing(
    verify: Command, tmp_path: Path
) -> None:
    sets = file(
        tmp_path, "sets.json", {"valueSetId": NAMES, "valueSetValues": {"EU/1/20/1528": {}}}
    )
    status, out, _ = verify("--value-sets", sets, code("v", mp="Sputnik-V"))
    assert status == 0
    assert f"  note: mp Sputnik-V is not in the value set {NAMES}\n" in out
    _, out, _ = verify("--json", "--value-sets", sets, code("v", mp="Sputnik-V"), code("v"))
    found = [json.loads(line)["unknown_codes"] for line in out.splitlines()]
    assert found == [[{"field": "mp", "code": "Sputnik-V", "value_set": NAMES}], []]


@needs_data
def test_the_rules_of_france_on_the_morning_of_the_event(verify: Command) -> None:
    published = DATA / "rules"
    named = ["--rules", published / "gateway-rules-2021-11-11.json", "--country", "FR"]
    named += ["--value-sets", published / "value-sets-2021-11-11.json"]
    status, out, _ = verify(*named, code("v", co="FR"))
    assert (status, "country: 13 of 13 rules met" in out, "note:" in out) == (0, True, False)
