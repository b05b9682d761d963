"""What a verification costs beside the bare check of its signature, and beside python-cwt.

`python benchmarks/verify.py [--rounds N] [--json]`: CPU time, medians of rounds in which each way
has its turn. Every turn goes over the same certificates: three kinds, two signers, invented guests.
The ratios are taken within each round. Exit status 0; the table says which goals are reached.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from unittest.mock import patch

from base45 import b45decode
from cbor2 import CBORTag
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.core.guests.guest import Attendance, Guest, Selection
from kiosk.core.guests.guestlist import GuestList, Matched
from kiosk.core.hcert import cose, envelope, plain
from kiosk.core.policy.eventfile import load_event
from kiosk.core.policy.judge import Accepted, Policy, policy_of
from kiosk.core.policy.rulefile import load_rules
from kiosk.core.trust.trustlist import Row, trust_list_of
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import (
    Issuer,
    Subject,
    claims_of,
    covid_test,
    make_issuer,
    recovery,
    vaccination,
)

ROOT = Path(__file__).resolve().parents[1]
BARE, VERIFY, WHOLE, CWT = "signature alone", "decode and verify", "+ rules and guest", "python-cwt"
PATIENTLY = "the patient way"  # decode and verify without the one look at plain certificates
# At most these times the bare check of the signature; python-cwt at least that much slower.
GOALS = {
    ("ES256", VERIFY): 1.6,
    ("ES256", WHOLE): 2.1,
    ("PS256", VERIFY): 2.2,
    ("PS256", WHOLE): 3.0,
}
CWT_GOAL = 1.2
GUESTS = 2_000
TIMES = 8  # that a turn goes over the certificates, so that changing ways costs none of them much
FAR_AWAY = 4_102_444_800  # 2100-01-01, as python-cwt asks the clock itself
LETTERS = "BDFGHJKLMNPRSTVZ"

Way = Callable[[], None]


@dataclass(frozen=True)
class Line:
    """One row: microseconds for a certificate, and how often the bare check fits into them.

    goal: of the ratio; for python-cwt, of its ratio to the verification. None where there is none.
    """

    algorithm: str
    way: str
    microseconds: float
    ratio: float
    goal: float | None
    reached: bool | None


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=31, metavar="N", help="rounds (default: 31)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: write a whole number of at least 1")
    lines = [
        *_measured("ES256", [make_issuer("XA"), make_issuer("XB")], options.rounds),
        *_measured("PS256", [make_issuer(c, key=_rsa()) for c in ("XC", "XD")], options.rounds),
    ]
    if options.json:
        for line in lines:
            print(json.dumps(asdict(line)))
    else:
        _print(lines, options.rounds)
    return 0


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _print(lines: Sequence[Line], rounds: int) -> None:
    print(f"CPU time for a certificate, median of {rounds} rounds; ratio to the signature alone")
    print(f"{'algorithm':10s} {'what':18s} {'us':>7s} {'ratio':>6s}  goal")
    for line in lines:
        goal = ""
        if line.goal is not None:
            most = f"at least {line.goal} of ours" if line.way == CWT else f"at most {line.goal}"
            goal = f"{most}: {'reached' if line.reached else 'missed'}"
        figures = f"{line.microseconds:7.1f} {line.ratio:6.2f}"
        print(f"{line.algorithm:10s} {line.way:18s} {figures}  {goal}".rstrip())
    if all(line.way != CWT for line in lines):
        print(
            "python-cwt is left out, as it is not installed: `./run.sh bench verify` installs it."
        )


# --- What is compared -------------------------------------------------------------------------


def _measured(algorithm: str, issuers: Sequence[Issuer], rounds: int) -> Iterator[Line]:
    event = load_event((ROOT / "assets/events/saint-ouen-2021.toml").read_text("utf-8"))
    policy = policy_of(
        event, load_rules((ROOT / "assets/events/proofs.rules.json").read_text("utf-8"))
    )
    at = event.occasions[0].opens.astimezone(UTC)  # the clock of the kiosk tells UTC
    guests = list(_guests())
    texts = list(_certificates(issuers, guests, at)) * TIMES
    rows = [Row(issuer.certificate, issuer.kid, issuer.country) for issuer in issuers]
    verifier = Verifier(trust_list_of(rows, "benchmark"))
    ways = {
        BARE: _bare(issuers, texts),
        VERIFY: _verification(verifier, texts, at),
        PATIENTLY: _patiently(verifier, texts, at),
        WHOLE: _whole(verifier, policy, GuestList(guests), texts, at),
    }
    other = _python_cwt(algorithm, issuers, texts)
    if other is not None:
        ways[CWT] = other
    yield from _lines(algorithm, _times(ways, rounds), len(texts))


def _times(ways: dict[str, Way], rounds: int) -> dict[str, list[float]]:
    """Microseconds of CPU time of each way in each round."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for way in ways.values():  # a first turn that does not count
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.thread_time_ns()
            way()
            times[name].append((time.thread_time_ns() - began) / 1e3)
    return times


def _lines(algorithm: str, times: dict[str, list[float]], texts: int) -> Iterator[Line]:
    for way, taken in times.items():
        ratio = median(a / b for a, b in zip(taken, times[BARE], strict=True))
        goal, reached = GOALS.get((algorithm, way)), None
        if goal is not None:
            reached = ratio <= goal
        if way == CWT:
            goal = CWT_GOAL
            reached = median(a / b for a, b in zip(taken, times[VERIFY], strict=True)) >= goal
        yield Line(algorithm, way, round(median(taken) / texts, 2), round(ratio, 3), goal, reached)


def _bare(issuers: Sequence[Issuer], texts: Sequence[str]) -> Way:
    """Nothing but the library's check, of signatures in the form that it takes."""
    keys = {issuer.kid: issuer.key.public_key() for issuer in issuers}
    sha256 = SHA256()
    ecdsa, pss = ec.ECDSA(sha256), PSS(MGF1(sha256), 32)
    checks: list[tuple[Callable[..., None], tuple[object, ...]]] = []
    for text in texts:
        message = cose.parse(envelope.open_envelope(text))
        key, data, signature = keys[message.kid], message.to_be_signed(), message.signature
        if isinstance(key, ec.EllipticCurvePublicKey):
            r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            checks.append((key.verify, (encode_dss_signature(r, s), data, ecdsa)))
        else:
            checks.append((key.verify, (signature, data, pss, sha256)))

    def turn() -> None:
        for verify, arguments in checks:
            verify(*arguments)

    return turn


def _verification(verifier: Verifier, texts: Sequence[str], at: datetime) -> Way:
    """All of `Verifier.verify`: decoding with its bounds, signature, times, structure."""
    assert all(isinstance(verifier.verify(text, at), Verified) for text in texts)

    def turn() -> None:
        for text in texts:
            verifier.verify(text, at)

    return turn


def _patiently(verifier: Verifier, texts: Sequence[str], at: datetime) -> Way:
    verification = _verification(verifier, texts, at)

    def turn() -> None:
        with patch.object(plain, "cut", _never), patch.object(plain, "read", _never):
            verification()

    return turn


def _never(_: bytes) -> None:
    """Nothing is plain."""


def _whole(
    verifier: Verifier, policy: Policy, guests: GuestList, texts: Sequence[str], at: datetime
) -> Way:
    """What a door does with a code: verified, judged by the event's rules, matched by name."""
    for text in texts:
        verified = verifier.verify(text, at)
        assert isinstance(verified, Verified)
        assert isinstance(policy.judge(verified, at), Accepted)
        assert isinstance(guests.match(verified), Matched)

    def turn() -> None:
        for text in texts:
            verified = verifier.verify(text, at)
            if isinstance(verified, Verified):
                policy.judge(verified, at)
                guests.match(verified)

    return turn


def _python_cwt(algorithm: str, issuers: Sequence[Issuer], texts: Sequence[str]) -> Way | None:
    """python-cwt with the key already chosen; base45 and zlib as its users add them."""
    try:
        import cwt
    except ImportError:
        return None

    class Decoder(cwt.CWT):  # type: ignore[misc]
        """3.3.0 asks for the list and the dict that cbor2 gave inside of tags before its 6."""

        def _loads(self, data: bytes) -> object:
            item = super()._loads(data)
            if not isinstance(item, CBORTag):
                return item
            protected, unprotected, payload, signature = item.value
            return CBORTag(item.tag, [protected, dict(unprotected), payload, signature])

    keys = {
        issuer.kid: cwt.COSEKey.from_pem(
            issuer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            kid=issuer.kid,
            alg=algorithm,
        )
        for issuer in issuers
    }
    chosen = [(text, keys[cose.parse(envelope.open_envelope(text)).kid]) for text in texts]
    decoder = Decoder()

    def turn() -> None:
        for text, key in chosen:
            assert decoder.decode(zlib.decompress(b45decode(text[4:])), key)[4] == FAR_AWAY

    return turn


# --- Invented people --------------------------------------------------------------------------


def _guests() -> Iterator[Guest]:
    names = itertools.product(LETTERS, LETTERS, LETTERS)
    for number, letters in zip(range(GUESTS), names, strict=False):
        yield Guest(
            id=str(number),
            badge=number.to_bytes(8),
            family=f"EXEMPLE{''.join(letters)}".title(),
            given="Ana",
            organisation="Invented cluster",
            partnership="",
            category="",
            occasions=frozenset(),
            attendance=Attendance.IN_PERSON,
            selection=Selection.SELECTED,
        )


def _certificates(
    issuers: Sequence[Issuer], guests: Sequence[Guest], at: datetime
) -> Iterator[str]:
    statements = {
        "v": vaccination("2021-09-01"),
        "t": covid_test(at - timedelta(hours=20)),
        "r": recovery("2021-09-01"),
    }
    people = iter(guests[:: GUESTS // 20])
    for issuer, (group, statement) in itertools.product(issuers, statements.items()):
        for guest in itertools.islice(people, 2):
            name = guest.family.upper(), guest.given.upper()
            subject = Subject(guest.family, guest.given, *name)
            made = claims_of(subject, group, statement, at - timedelta(days=1), issuer.country)
            yield issuer.sign({**made, 4: FAR_AWAY})


if __name__ == "__main__":
    sys.exit(main())
