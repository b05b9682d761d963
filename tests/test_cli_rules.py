"""`kiosk rules`: files, folders and tests are checked; an event's rules are explained."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.adapters.system.places import standard_rules
from kiosk.cli.main import main
from tests.door import EVENT_FILE
from tests.rules import document
from tests.shared import DATA, needs_data

Answer = tuple[int, str, str]
Command = Callable[..., Answer]


@pytest.fixture
def kiosk(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command; its status, output and errors."""

    def run(*arguments: object) -> Answer:
        status = main([*map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


# check


def test_the_programs_own_rules_have_no_fault_and_their_tests_hold(kiosk: Command) -> None:
    for named in (standard_rules(), standard_rules().parent):
        assert kiosk("rules", "check", named) == (
            0,
            "files 1, rules 14, countries 1; faults 0, remarks 0; "
            "tests 30, of which not as expected 0\n",
            "",
        )


@needs_data
def test_all_published_rules_can_be_used_and_their_tests_hold(kiosk: Command) -> None:
    rules = DATA / "rules"
    named = rules / "business-rules-testdata", rules / "gateway-rules-2021-11-11.json"
    status, out, err = kiosk("rules", "check", *named)
    assert (status, err) == (0, "")
    assert out.endswith(
        "files 84, rules 258, countries 16; faults 0, remarks 6; "
        "tests 633, of which not as expected 0\n"
    )


def test_faults_and_remarks_are_told_with_file_rule_place_and_remedy(
    kiosk: Command, tmp_path: Path
) -> None:
    broken = [document(Logic={"or": [1]}), document(Identifier="TR-XX-0002", Colour=1)]
    file = write(tmp_path / "own.json", broken)
    status, out, _ = kiosk("rules", "check", file)
    assert status == 1
    assert out.splitlines()[:3] == [
        str(file),
        '  fault: TR-XX-0001 /Logic: unrecognised operator: "or". '
        "See the CertLogic specification for what may stand there.",
        "  remark: TR-XX-0002 Colour: this key is not known. Correct its spelling or delete it.",
    ]
    assert "rules 1, countries 1; faults 1, remarks 1" in out


def test_the_published_layout_of_tests_is_run(kiosk: Command, tmp_path: Path) -> None:
    rule = tmp_path / "XX" / "TR-XX-0001"
    write(rule / "rule.json", document())
    negative: dict[str, Any] = {"payload": {"t": [{"tr": "260415000"}]}, "expected": True}
    write(rule / "tests" / "test1.json", {**negative, "external": {}})
    assert "tests 1, of which not as expected 0" in kiosk("rules", "check", tmp_path)[1]
    write(rule / "tests" / "test2.json", {**negative, "expected": False})
    write(rule / "tests" / "test3.json", {"payload": {}})
    write(rule / "tests" / "test4.json", "[")
    write(rule / "tests" / "test5.json", "[]")
    status, out, _ = kiosk("rules", "check", tmp_path)
    assert status == 1
    assert "test test2: expected False, but it is True" in out
    assert f"fault: test3.json: test3: no payload or nothing expected. {FORM}\n" in out
    assert "fault: test4.json: not JSON: Expecting value" in out
    assert f"fault: test5.json: not a test file. {FORM}\n" in out
    assert out.count(FORM) == 3
    assert "faults 3, remarks 0; tests 2, of which not as expected 1" in out


def test_a_test_whose_rule_has_no_value_is_told(kiosk: Command, tmp_path: Path) -> None:
    write(tmp_path / "rule.json", document(Logic={"+": ["", 1]}, AffectedFields=[]))
    write(tmp_path / "tests" / "a.json", {"payload": {}, "external": {}, "expected": True})
    status, out, _ = kiosk("rules", "check", tmp_path)
    assert (status, "test a: expected True, but an operand is not an integer" in out) == (1, True)


def test_a_published_test_tells_the_rule_what_stands_outside_the_certificate(
    kiosk: Command, tmp_path: Path
) -> None:
    logic = {"===": [{"var": "external.countryCode"}, "XX"]}
    write(tmp_path / "rule.json", document(Logic=logic, AffectedFields=[]))
    here = {"payload": {}, "external": {"countryCode": "XX"}, "expected": True}
    write(tmp_path / "tests" / "here.json", here)
    write(tmp_path / "tests" / "nowhere.json", {"payload": {}, "expected": False})
    status, out, _ = kiosk("rules", "check", tmp_path)
    assert (status, "tests 2, of which not as expected 0" in out) == (0, True)


def own_rules(folder: Path, **changes: Any) -> tuple[Path, dict[str, Any]]:
    """A copy of the program's rules, and their tests with other values where told."""
    rules = Path(shutil.copy(standard_rules(), folder / "own.json"))
    tests = json.loads(standard_rules().with_suffix(".tests.json").read_text("utf-8"))
    content = {key: value for key, value in {**tests, **changes}.items() if value is not ...}
    write(folder / "own.tests.json", content)
    return rules, content


TEST: dict[str, Any] = {
    "name": "a test of an hour",
    "clock": "2021-11-22T08:00:00Z",
    "payload": {"t": [{"tr": "260415000", "tt": "LP6464-4", "sc": "2021-11-22T07:00:00Z"}]},
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"failed": ["TR-ZZ-0001"]}, "expected failed TR-ZZ-0001, but accepted"),
        ({"failed": "TR-ZZ-0001"}, "expected failed TR-ZZ-0001, but accepted"),
        ({"open": ["A", "B"]}, "expected open A, B, but accepted"),
        (
            {"payload": {"t": [{"tr": "?", "tt": "?"}]}, "failed": ["A"], "open": ["B"]},
            "expected failed A; open B, but failed TR-ZZ-0001, TR-ZZ-0002",
        ),
        (
            {"payload": {"t": [{"tr": "260415000", "tt": "LP6464-4"}]}},
            "expected accepted, but open TR-ZZ-0003, TR-ZZ-0004",
        ),
    ],
)
def test_a_test_of_an_event_that_goes_otherwise_is_told(
    kiosk: Command, tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    rules, _ = own_rules(tmp_path, tests=[TEST, {**TEST, **changes}])
    status, out, _ = kiosk("rules", "check", rules)
    assert status == 1
    assert f"  test a test of an hour: {told}\n" in out
    assert "tests 2, of which not as expected 1" in out


FORM = "See assets/events/proofs.rules.tests.json for the form."
ZONE = 'Write a name such as "Europe/Paris".'


@pytest.mark.parametrize(
    ("changes", "told", "remedy"),
    [
        ({"tests": ...}, "tests: there are none. ", FORM),
        ({"tests": []}, "tests: there are none. ", FORM),
        ({"tests": [7]}, "test 1: it needs a name, a clock and a payload. ", FORM),
        ({"tests": [TEST, 7]}, "test 2: it needs a name, a clock and a payload. ", FORM),
        ({"tests": [{**TEST, "clock": "soon"}]}, "a test of an hour: Invalid isoformat", FORM),
        (
            {"tests": [{**TEST, "clock": "2021-11-22T08:00:00"}]},
            "a test of an hour: the clock has no zone. ",
            FORM,
        ),
        (
            {"tests": [{**TEST, "payload": {}}]},
            "a test of an hour: not exactly one of v, t and r. ",
            FORM,
        ),
        ({"time_zone": "Europe/Saint-Ouen"}, "time_zone: no such time zone. ", ZONE),
        ({"time_zone": ...}, "time_zone: no such time zone. ", ZONE),
        ({"proofs": ...}, "proofs: this table is missing. ", "Add [proofs]."),
    ],
)
def test_a_test_file_that_cannot_be_used_is_a_fault(
    kiosk: Command, tmp_path: Path, changes: dict[str, Any], told: str, remedy: str
) -> None:
    rules, _ = own_rules(tmp_path, **changes)
    status, out, _ = kiosk("rules", "check", rules)
    assert status == 1
    fault = next(line for line in out.splitlines() if line.startswith("  fault: "))
    assert fault.startswith(f"  fault: own.tests.json: {told}")
    assert fault.endswith(f". {remedy}")


def test_rules_that_no_event_can_feed_fail_their_tests(kiosk: Command, tmp_path: Path) -> None:
    rules, _ = own_rules(tmp_path)
    logic = {"in": ["a", {"var": "external.valueSets.b"}]}
    write(rules, [*json.loads(rules.read_text("utf-8")), document(Logic=logic, AffectedFields=[])])
    status, out, _ = kiosk("rules", "check", rules)
    assert (status, "no event tells external.valueSets.b" in out) == (1, True)


@pytest.mark.parametrize("name", ["missing.json", "folder", "\0", "x" * 5_000])
def test_what_cannot_be_read_is_told_with_a_remedy(
    kiosk: Command, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    status, out, err = kiosk("rules", "check", f"{tmp_path}/{name}")
    assert (status, out) == (2, "")
    assert "Give " in err


def test_what_is_not_utf_8_is_told(kiosk: Command, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_bytes(b"\xff\xfe[]")
    assert kiosk("rules", "check", file)[2].endswith("not UTF-8 text. Save it as UTF-8.\n")


def test_a_flood_of_faults_is_cut_short(kiosk: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "own.json", [7] * 1_000)
    status, out, _ = kiosk("rules", "check", file)
    assert status == 1
    assert len(out.splitlines()) == 202
    assert "  and 801 more\n" in out


def test_nothing_in_a_rule_file_steers_the_terminal(kiosk: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "own.json", document(**{"\x1b[2J": 1}))
    assert "\x1b" not in kiosk("rules", "check", file)[1]


# explain, and events with rules of their own


@pytest.mark.parametrize(("language", "word"), [("en", "accepted – "), ("fr", "accepté – ")])
def test_an_event_is_explained(kiosk: Command, language: str, word: str) -> None:
    status, out, err = kiosk("rules", "explain", "--event", EVENT_FILE, "--lang", language)
    assert (status, err) == (0, "")
    assert word in out
    assert "2021-11-22 09:00 (Europe/Paris)" in out


def test_an_event_is_explained_as_of_a_time(kiosk: Command) -> None:
    at = "2021-11-23T12:00:00Z"
    out = kiosk("rules", "explain", "--event", EVENT_FILE, "--at", at)[1]
    assert "Examples on 2021-11-23 13:00" in out


def test_an_event_that_is_not_there_is_not_explained(kiosk: Command, tmp_path: Path) -> None:
    status, _, err = kiosk("rules", "explain", "--event", tmp_path / "none.toml")
    assert (status, "none.toml" in err) == (2, True)


def event_with_rules(folder: Path) -> Path:
    text = EVENT_FILE.read_text("utf-8").replace("proofs.rules.json", "own.json")
    return write(folder / "event.toml", text)


def test_an_event_may_bring_its_own_rules(kiosk: Command, tmp_path: Path) -> None:
    event = event_with_rules(tmp_path)
    status, _, err = kiosk("event", "check", event)
    assert (status, "own.json: No such file or directory" in err) == (2, True)
    assert f"{event} names these rules: lay them beside it, or delete its line `rules`." in err
    rules, _ = own_rules(tmp_path)
    assert "14 rules of own.json say so" in kiosk("event", "check", event)[1]
    extra = document(Identifier="TR-XX-0009", Logic=True, AffectedFields=[])
    write(rules, [*json.loads(rules.read_text("utf-8")), extra])
    assert "TR-XX-0009  The result is negative." in kiosk("rules", "explain", "--event", event)[1]
    write(rules, [extra])
    status, _, err = kiosk("event", "check", event)
    assert status == 2
    assert "own.json has faults:" in err
    assert "no rule is about the accepted proof vaccination" in err
