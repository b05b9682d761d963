"""What rules cost for each certificate: the event's own, and France's of November 2021.

`python benchmarks/rules.py`: CPU time, medians. France's rules need the official data beside the
checkout; panzi-json-logic is measured beside them where it is installed (no dependency of ours).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from kiosk.adapters.system.places import assets, standard_rules
from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList, Matched
from kiosk.core.policy.eventfile import load_event
from kiosk.core.policy.judge import Accepted, policy_of
from kiosk.core.policy.rulefile import load_rules
from kiosk.core.policy.ruleset import stamp
from kiosk.core.policy.valuesets import load_value_sets
from kiosk.core.trust.trustlist import Row, trust_list_of
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Subject, claims_of, covid_test, make_issuer, recovery, vaccination
from kiosk.demo.world import ISSUED, START
from tests.shared import DATA

ROUNDS, EACH = 300, 20
HOLDER = Subject("Exemple", "Ana", "EXEMPLE", "ANA")
STATEMENTS = {
    "v": vaccination("2021-09-01"),
    "t": covid_test(START - timedelta(hours=20)),
    "r": recovery("2021-09-01"),
}
KINDS = {"v": "Vaccination", "t": "Test", "r": "Recovery"}


def main() -> None:
    """Print a row for each measurement."""
    certificates = {group: _certificate(group) for group in STATEMENTS}
    print("what                                   v us   t us   r us")
    _row("the event's rules", [_of_event(c) for c in certificates.values()])
    _row("the event's rules and the guest match", [_of_door(c) for c in certificates.values()])
    gateway = DATA / "rules" / "gateway-rules-2021-11-11.json"
    if not gateway.is_file():
        print("France's rules: the official data is not beside the checkout")
        return
    rules = json.loads(gateway.read_text("utf-8"))
    french = [rule for rule in rules if rule["Country"] == "FR"]
    text = (DATA / "rules" / "value-sets-2021-11-11.json").read_text("utf-8")
    external = {"validationClock": stamp(START), "valueSets": load_value_sets(text)}
    data = [
        (group, {"payload": certificate.dcc.payload, "external": external})
        for group, certificate in certificates.items()
    ]
    _row("France's rules, compiled", [_compiled(french, g, d) for g, d in data])
    peer = _peer()
    if peer is None:
        print("panzi-json-logic is not installed")
    else:
        _row(
            "France's rules, panzi-json-logic", [_interpreted(peer, french, g, d) for g, d in data]
        )
    print(f"compiling all {len(rules)} rules: {_compile_time(gateway.read_text('utf-8')):.0f} ms")


def _certificate(group: str) -> Verified:
    issuer = make_issuer("XA")
    trust = trust_list_of([Row(issuer.certificate, issuer.kid, "XA")], "benchmark")
    text = issuer.sign(claims_of(HOLDER, group, STATEMENTS[group], ISSUED, "XA"))
    verified = Verifier(trust).verify(text, START)
    assert isinstance(verified, Verified)
    return verified


def _of_event(certificate: Verified) -> Callable[[], object]:
    event = load_event((assets() / "events" / "saint-ouen-2021.toml").read_text("utf-8"))
    policy = policy_of(event, load_rules(standard_rules().read_text("utf-8")))
    at = START + timedelta(microseconds=123_456)
    assert policy.judge(certificate, at) == Accepted()
    return lambda: policy.judge(certificate, at)


def _of_door(certificate: Verified) -> Callable[[], object]:
    judge, guests = _of_event(certificate), _guests()
    assert isinstance(guests.match(certificate), Matched)
    return lambda: (judge(), guests.match(certificate))


def _guests() -> GuestList:
    """Two hundred guests, of whom one is the holder."""
    letters = "abcdefghijklmno"
    others = [(f"Nom{one}{two}", f"Prénom{two}") for one in letters for two in letters]
    names = [("Exemple", "Ana"), *others[:199]]
    return GuestList(
        Guest(
            id=f"guest-{number}",
            badge=number.to_bytes(8),
            family=family,
            given=given,
            organisation="Example",
            partnership="",
            category="press",
            attendance=Attendance.IN_PERSON,
            selection=Selection.SELECTED,
            occasions=frozenset({"policy-day-1"}),
        )
        for number, (family, given) in enumerate(names)
    )


def _chosen(rules: Sequence[dict[str, Any]], group: str) -> list[dict[str, Any]]:
    return [rule for rule in rules if rule["CertificateType"] in ("General", KINDS[group])]


def _compiled(
    rules: Sequence[dict[str, Any]], group: str, data: dict[str, Any]
) -> Callable[[], object]:
    ready = load_rules(json.dumps(_chosen(rules, group)))
    return lambda: [rule.outcome(data) for rule in ready]


def _peer() -> Callable[[Any, Any], object] | None:
    try:
        from json_logic.cert_logic import certLogic
    except ImportError:
        return None
    return certLogic  # type: ignore[no-any-return]


def _interpreted(
    peer: Callable[[Any, Any], object],
    rules: Sequence[dict[str, Any]],
    group: str,
    data: dict[str, Any],
) -> Callable[[], object]:
    logics = [rule["Logic"] for rule in _chosen(rules, group)]
    return lambda: [peer(logic, data) for logic in logics]


def _compile_time(text: str) -> float:
    """Milliseconds of CPU time, reading and checking included."""
    return median(_timed(lambda: load_rules(text)) / 1000 for _ in range(20))


def _row(name: str, calls: Sequence[Callable[[], object]]) -> None:
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, found in zip(calls, times, strict=True):
            found.append(_timed(lambda call=call: [call() for _ in range(EACH)]) / EACH)  # type: ignore[misc]
    print(f"{name:37}" + "".join(f"{median(found):7.1f}" for found in times))


def _timed(call: Callable[[], object]) -> float:
    """Microseconds of CPU time."""
    began = time.process_time()
    call()
    return 1e6 * (time.process_time() - began)


if __name__ == "__main__":
    main()
