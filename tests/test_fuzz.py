"""The fuzzer itself: it finds what it is made to find, and what it found is replayed for ever."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
import time
import zlib
from datetime import datetime
from pathlib import Path

import cbor2
import pytest
from base45 import b45decode
from cbor2 import CBORTag

from kiosk.core.hcert import plain
from kiosk.core.hcert.claims import HealthClaims
from kiosk.core.reasons import Reason
from kiosk.core.verify import Failed, Indeterminate, Verification, Verified, Verifier
from kiosk.demo.issuer import make_issuer, text_of
from tests.certificates import AT, claims
from tests.fuzz import __main__ as command
from tests.fuzz import examine as examination
from tests.fuzz import regressions
from tests.fuzz.examine import Examined, Finding, examine
from tests.fuzz.guided import Watch
from tests.fuzz.mutations import CHUNK, inputs
from tests.fuzz.oracle import why_forged
from tests.fuzz.originals import originals, p256
from tests.fuzz.run import GROWTH, Run
from tests.fuzz.statistics import Statistics
from tests.fuzz.ways import why_different

ROOT = Path(__file__).parents[1]
FOUND = sorted(regressions.FOLDER.glob("*.json"))
ORIGINAL = originals()[0]
SIGNED = {ORIGINAL.signed}


@pytest.mark.parametrize("path", FOUND or [None], ids=lambda path: path.stem if path else "none")
def test_what_was_found_once_does_not_come_back(path: Path | None) -> None:
    if path is None:
        pytest.skip("nothing was ever found")
    kind, text, trust = regressions.replay(path)
    began = time.thread_time()
    verdict = Verifier(trust).verify(text, AT)
    assert time.thread_time() - began < 1.0
    assert isinstance(verdict, Verified | Failed | Indeterminate)
    assert kind != "forged" or not isinstance(verdict, Verified)
    assert not isinstance(verdict, Verified) or why_different(text) is None


def test_every_original_is_genuine() -> None:
    assert {original.parts[0][:2] for original in originals()} > {b"\xa2\x01", b""}
    for original in originals():
        examined = examine(original.text)
        assert (examined.verified, examined.finding) == (True, None)


# --- What counts as forged ----------------------------------------------------------------------


def test_what_nobody_signs_may_differ() -> None:
    protected, _, payload, signature = ORIGINAL.parts
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    other_s = signature[:32] + (order - int.from_bytes(signature[32:])).to_bytes(32)
    for item in (
        [protected, {99: "x"}, payload, signature],
        [protected, {}, payload, other_s],
        CBORTag(61, CBORTag(18, [protected, {}, payload, signature])),
    ):
        text = text_of(cbor2.dumps(item))
        assert why_forged(text, SIGNED, AT) is None
        assert examine(text).verified


def test_what_was_not_signed_is_forged() -> None:
    protected, _, payload, signature = ORIGINAL.parts
    for four, why in (
        ([b"", {}, payload, signature], "nobody signed this header and payload"),
        ([protected, {}, payload[:-1] + b"\0", signature], "nobody signed this header and payload"),
        ([payload, {}, protected, signature], "nobody signed this header and payload"),
        ([protected, {}, payload, signature[::-1]], "the signature is of no trusted signer"),
        ([protected, {}, payload, signature[:-1]], "the signature is of no trusted signer"),
    ):
        assert why_forged(text_of(cbor2.dumps(CBORTag(18, four))), SIGNED, AT) == why
    for text in ("", "HC1:", "HC1:GGX", "HC1:6BF", *map(text_of, (b"\xff", b"\x80", b"\x01"))):
        assert "nothing in it" in (why_forged(text, SIGNED, AT) or "")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({4: int(AT.timestamp()) - 1}, "expired"),
        ({4: math.nan}, "expired"),
        ({4: None}, "expired"),
        ({4: True}, "expired"),
        ({4: "2022"}, "expired"),
        ({6: int(AT.timestamp()) + 301}, "issued in the future"),
        ({6: math.inf}, "issued in the future"),
        ({-260: {1: {"v": []}}}, "not one statement"),
        ({-260: {1: {"v": [{}], "t": [{}]}}}, "not one statement"),
        ({-260: {1: {"v": [{"tg": "1"}]}}}, "another disease"),
        ({-260: {1: {"r": [{"tg": "840539006"}], "dob": "2022"}}}, "born after"),
        ({-260: {}}, "nothing in it"),
        ({-260: 1}, "nothing in it"),
    ],
)
def test_signed_claims_that_do_not_hold_are_forged_too(change: dict[int, object], why: str) -> None:
    header, payload = ORIGINAL.parts[0], cbor2.dumps({**claims(), **change})
    text = p256().sign_message(header, {}, payload)
    assert why in (why_forged(text, {(header, payload)}, AT) or "")
    assert not examine(text, (header, payload)).verified


# --- It finds what it is made to find -----------------------------------------------------------


class Faulty(Verifier):
    """A verifier that does to every code what no verifier may."""

    def __init__(self, fault: str) -> None:
        super().__init__(examination.verifier().trust)
        self.fault = fault

    def verify(self, text: str, at: datetime) -> Verification:
        genuine = super().verify(ORIGINAL.text, at)
        if self.fault == "exception":
            raise KeyError(text)
        if self.fault == "slow":
            sum(range(3_000_000))
        if self.fault == "no answer":
            return None  # type: ignore[return-value]
        return Failed(Reason.SIGNATURE_INVALID) if self.fault == "slow" else genuine


@pytest.mark.parametrize("fault", ["forged", "exception", "no answer", "slow"])
def test_each_kind_of_breach_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = Faulty(fault)
    monkeypatch.setattr(examination, "verifier", lambda: faulty)
    forged = make_issuer("XX").sign(claims(), kid=p256().kid)
    finding = examine(forged, limit=0.001).finding
    assert finding is not None
    assert (finding.kind, finding.text) == (fault, forged)
    assert "HC1" not in finding.details  # it may be printed


def test_ways_that_part_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the one look made every family name lower case."""
    read = plain.read
    assert why_different(ORIGINAL.text) is None

    def otherwise(payload: bytes) -> HealthClaims | None:
        found = read(payload)
        assert found is not None
        name = {**found.dcc["nam"], "fn": found.dcc["nam"]["fn"].lower()}
        return found._replace(dcc={**found.dcc, "nam": name})

    monkeypatch.setattr(plain, "read", otherwise)
    assert why_different(ORIGINAL.text) == "another certificate"
    finding = examine(ORIGINAL.text).finding
    assert finding is not None
    assert finding.kind == "read differently"


def test_what_the_patient_way_refuses_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    good = plain.read(ORIGINAL.parts[2])
    monkeypatch.setattr(plain, "read", lambda _: good)
    header, payload = ORIGINAL.parts[0], cbor2.dumps({**claims(), 4: 1})
    text = p256().sign_message(header, {}, payload)
    assert why_different(text) == "the patient way refuses it (claims_malformed)"


def test_inputs_are_the_same_in_each_process() -> None:
    script = (
        "import hashlib; from tests.fuzz.mutations import inputs;"
        "print(hashlib.sha256(repr(list(inputs(7, 1))).encode()).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    ours = hashlib.sha256(repr(list(inputs(7, 1))).encode()).hexdigest()
    assert other.stdout.strip() == ours
    assert list(inputs(7, 1)) != list(inputs(8, 1))
    assert len(list(inputs(7, 1))) == CHUNK


def test_signed_inputs_carry_what_was_signed() -> None:
    for one in inputs(3, seed=9):
        if one.signed is not None:
            message = cbor2.loads(zlib.decompress(b45decode(one.text[4:]))).value
            assert (message[0], message[2]) == one.signed


def test_a_finding_is_kept_once_and_can_be_replayed(tmp_path: Path) -> None:
    findings = [
        Finding("slow", "120 ms", "HC1:A"),
        Finding("slow", "120 ms", "HC1:B"),
        Finding("forged", "expired", "HC1:\udcff\0"),
    ]
    kept = regressions.keep(findings, tmp_path)
    assert [path.name.rsplit("-", 1)[0] for path in sorted(kept)] == ["forged", "slow"]
    kind, text, trust = regressions.replay(min(kept))
    assert (kind, text) == ("forged", "HC1:\udcff\0")
    assert isinstance(Verifier(trust).verify(ORIGINAL.text, AT), Verified)
    assert regressions.keep([], tmp_path) == []


def test_costs_add_up_within_one_percent() -> None:
    one, two = Statistics(), Statistics()
    for cost in range(1, 1_001):
        half = one if cost % 2 else two
        half.add("text", Examined(cost / 1e6, cost == 1, None))
    one.merge(two)
    assert one.cost_of(0.5) == pytest.approx(500e-6, rel=0.012)
    assert one.cost_of(0.999) == pytest.approx(999e-6, rel=0.012)
    assert one.cost_of(1.0) == pytest.approx(one.worst["text"], rel=0.012)
    assert (one.total, one.verified["text"]) == (1_000, 1)
    assert Statistics().cost_of(0.5) == 0.0


def test_the_command_examines_in_processes_and_tells_its_figures(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["2000", "--processes", "2", "--seed", "5"]) == 0
    printed, progress = capfd.readouterr()
    assert "inputs                       2,000 (seed 5)" in printed
    assert "forged and accepted          0" in printed
    assert "2,000 of 2,000, 0 findings, 0 s left" in progress


def test_a_breach_makes_the_command_fail_and_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Statistics()
    found.add("text", Examined(0.2, True, Finding("forged", "expired", "HC1:A")))
    monkeypatch.setattr(command, "run", lambda *_: Run(found))
    monkeypatch.setattr(command, "keep", lambda findings: regressions.keep(findings, tmp_path))
    assert command.main(["1"]) == 1
    assert "forged and accepted          1" in capsys.readouterr().out
    (path,) = tmp_path.glob("*.json")
    assert json.loads(path.read_text())["details"] == "expired"


def test_growth_and_dead_processes_are_breaches() -> None:
    assert not Run().breached
    assert not Run(growth=GROWTH).breached
    assert Run(growth=GROWTH + 1).breached
    assert Run(died=[3]).breached


@pytest.mark.parametrize("wrong", [["0"], ["-5"], ["many"], ["--guided", "0"], ["--dance"]])
def test_wrong_usage_ends_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(wrong)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_without_atheris_the_guided_one_tells_where_it_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert command.main(["--guided", "1"]) == 2
    assert "Python 3.11 to 3.13" in capsys.readouterr().err


def test_what_libfuzzer_tells_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch(60)
    watch.read(
        [
            "INFO: Seed: 1\n",
            "#80889\tDONE   cov: 301 ft: 623 corp: 105/9714b lim: 555 exec/s: 3851 rss: 69Mb\n",
            "FOUND slow: 1200 ms of CPU time; kept: x.json\n",
        ]
    )
    assert watch.figures == "80,889 inputs, 301 places reached, 3851 a second"
    assert watch.found == ["slow: 1200 ms of CPU time; kept: x.json\n"]
    assert "60 s left" in capsys.readouterr().err
