"""`python -m tests.strictness`: what a verifier must accept and refuse, one flaw each.

Four controls that the standards allow and many programs refuse, then certificates with exactly one
flaw that many programs accept. Each is verified, and judged for the event of Saint-Ouen, at its
opening. Exit status: 0 when every control is accepted and no other, each for its own flaw.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.policy.judge import Accepted, NotAccepted
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Issuer, make_issuer, text_of
from tests.certificates import AT, claims, code_of, parts, protected, put_together, signer, trust
from tests.door import policy

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """The text of a code, what is special about it, and its flaw; None for a control."""

    name: str
    text: str
    flaw: Reason | None = None
    issuer: Issuer | None = None


def answer(case: Case) -> tuple[Reason, ...]:
    """Why the program refuses it; () when it is accepted."""
    verification = Verifier(trust(case.issuer or signer())).verify(case.text, AT)
    if not isinstance(verification, Verified):
        return (verification.reason,)
    judgement = policy().judge(verification, AT)
    if isinstance(judgement, Accepted):
        return ()
    return judgement.reasons if isinstance(judgement, NotAccepted) else (judgement.reason,)


def controls() -> Iterator[Case]:
    """What the standards allow."""
    good = signer().sign(claims())
    payload = cbor2.dumps(claims())
    yield Case("plain", good)
    # RFC 8949 section 4.1: the shortest form is preferred, not required.
    header = bytes.fromhex("a2 1801 26 1804 58 08") + signer().kid
    yield Case("protected header not in its shortest form", _message(header, {}, payload))
    yield Case("untagged (RFC 9052 section 2)", text_of(cbor2.dumps(parts(signer()))))
    unprotected = {1: -7, 4: signer().kid}
    yield Case("algorithm and key id unprotected", _message(b"", unprotected, payload))


def negatives() -> Iterator[Case]:
    """One flaw each."""
    yield from _times()
    yield from _signers()
    yield from _forms()
    yield from _contents()


def _times() -> Iterator[Case]:
    now = int(AT.timestamp())
    yield Case("expired yesterday", _with({4: now - 86_400}), Reason.CERTIFICATE_EXPIRED)
    yield Case("issued tomorrow", _with({6: now + 86_400}), Reason.ISSUED_IN_FUTURE)
    without = {label: value for label, value in claims().items() if label != 4}
    yield Case("no expiry", signer().sign(without), Reason.CLAIMS_MALFORMED)
    past = make_issuer("FR", not_before=AT - 400 * _DAY, lifetime=399 * _DAY)
    yield Case("signer expired yesterday", past.sign(claims()), Reason.SIGNER_EXPIRED, past)
    later = make_issuer("FR", not_before=AT + _DAY)
    yield Case(
        "signer valid from tomorrow", later.sign(claims()), Reason.SIGNER_NOT_YET_VALID, later
    )


def _signers() -> Iterator[Case]:
    stranger = make_issuer("FR")
    yield Case("signer unknown", stranger.sign(claims()), Reason.SIGNER_UNKNOWN)
    tests_alone = make_issuer("FR", usages=["1.3.6.1.4.1.1847.2021.1.1"])
    text = tests_alone.sign(claims())
    yield Case("vaccination by a signer of tests", text, Reason.SIGNER_NOT_ENTITLED, tests_alone)
    weak = make_issuer("FR", key=rsa.generate_private_key(65537, 1024))  # noqa: S505  # meant
    yield Case("signed with RSA-1024", weak.sign(claims()), Reason.KEY_WEAK, weak)
    payload = cbor2.dumps(claims())
    other = _message(protected(alg=-37), {}, payload)
    yield Case("algorithm of another key", other, Reason.ALGORITHM_MISMATCH)
    none = _message(protected(alg=-8), {}, payload)
    yield Case("algorithm of no certificate", none, Reason.ALGORITHM_UNSUPPORTED)
    yield Case("no key id", _message(cbor2.dumps({1: -7}), {}, payload), Reason.KID_MISSING)


def _forms() -> Iterator[Case]:
    good = signer().sign(claims())
    message = open_envelope(good)
    yield Case("no prefix", good.removeprefix("HC1:"), Reason.CODE_UNKNOWN)
    yield Case("lower case", "HC1:" + good[4:].lower(), Reason.BASE45_INVALID)
    yield Case("newline at the end", good + "\n", Reason.BASE45_INVALID)
    yield Case("not compressed", code_of(message), Reason.NOT_COMPRESSED)
    bomb = code_of(zlib.compress(bytes(2_700_000), 9))
    yield Case("2.7 MB in one code", bomb, Reason.INFLATED_TOO_LARGE)
    yield Case("bytes behind the message", text_of(message + b"\0"), Reason.CBOR_TRAILING_BYTES)
    payload = bytearray(cbor2.dumps(claims()))
    payload[0] += 1  # one pair more: the first one comes twice
    twice = bytes(payload) + cbor2.dumps(1) + cbor2.dumps("FR")
    yield Case("a key that comes twice", _message(protected(), {}, twice), Reason.CBOR_MALFORMED)
    four = parts(signer())
    four[2] = cbor2.dumps(claims("v", dn=3))
    yield Case("changed after signing", put_together(four), Reason.SIGNATURE_INVALID)


def _contents() -> Iterator[Case]:
    dose, test = claims("v")[-260][1]["v"], claims("t")[-260][1]["t"]
    yield Case("dn as a text", signer().sign(claims("v", dn="2")), Reason.DCC_MALFORMED)
    yield Case("v and t together", _with_dcc(t=test), Reason.STATEMENTS_NOT_ONE)
    yield Case("two entries in v", _with_dcc(v=dose * 2), Reason.STATEMENTS_NOT_ONE)
    yield Case("positive test", signer().sign(claims("t", tr="260373001")), Reason.TEST_POSITIVE)


def _message(header: bytes, unprotected: dict[int, Any], payload: bytes) -> str:
    return signer().sign_message(header, unprotected, payload)


def _with(changes: dict[int, Any]) -> str:
    return signer().sign({**claims(), **changes})


def _with_dcc(**changes: Any) -> str:
    return _with({-260: {1: {**claims()[-260][1], **changes}}})


def main() -> int:
    """Print the table; the exit status."""
    right = 0
    cases = [*controls(), *negatives()]
    lines = [f"{'certificate':44s} {'expected':13s} answer"]
    for case in cases:
        reasons = answer(case)
        right += reasons == ((case.flaw,) if case.flaw else ())
        told = f"not accepted: {', '.join(reasons)}" if reasons else "accepted"
        expected = "not accepted" if case.flaw else "accepted"
        lines.append(f"{case.name:44s} {expected:13s} {told}")
    with suppress(BrokenPipeError):  # `head` has seen enough
        sys.stdout.write("\n".join([*lines, "", f"{right} of {len(cases)} as expected\n"]))
        sys.stdout.flush()
    return 0 if right == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
