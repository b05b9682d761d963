"""Certificates for the tests: a good one, and the pieces to make the same with one flaw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import cbor2
from base45 import b45encode
from cbor2 import CBORTag
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk.core.hcert import cose
from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import Row, TrustList, merge, trust_list_of
from kiosk.core.verify import Verification, Verified, Verifier
from kiosk.demo.issuer import (
    Issuer,
    Subject,
    claims_of,
    covid_test,
    make_issuer,
    recovery,
    text_of,
    vaccination,
)

AT = datetime(2021, 11, 22, 8, tzinfo=UTC)  # the first morning of the event
ISSUED = datetime(2021, 10, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERSON = Subject("Garnier", "Zoé", "GARNIER", "ZOE")
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

GROUPS = {"vaccination": "v", "test": "t", "recovery": "r"}
STATEMENTS: Mapping[str, Mapping[str, Any]] = {
    "v": vaccination("2021-06-15"),
    "t": covid_test(AT - timedelta(hours=20)),
    "r": recovery("2021-09-01"),
}


@cache
def signer() -> Issuer:
    """The signer that the tests trust, with a P-256 key."""
    return make_issuer("FR")


@cache
def rsa_signer() -> Issuer:
    """Another one, with a key of RSA-2048."""
    return make_issuer("BG", key=rsa.generate_private_key(65537, 2048))


def claims(group: str = "v", **changes: Any) -> dict[int, Any]:
    """CWT claims around one good statement; `changes` replaces fields of the statement."""
    return claims_of(PERSON, group, {**STATEMENTS[group], **changes}, ISSUED, "FR")


def raw_dcc(group: str = "v", **changes: Any) -> dict[str, Any]:
    """The map of the -260/1 claim alone."""
    dcc: dict[str, Any] = claims(group, **changes)[-260][1]
    return dcc


def protected(**labels: object) -> bytes:
    """The protected header that `signer` writes."""
    return cbor2.dumps({1: labels.get("alg", -7), 4: labels.get("kid", signer().kid)})


def parts(issuer: Issuer, group: str = "v") -> list[Any]:
    """The four parts of a certificate of `issuer`, to be changed and put together again."""
    message = cose.parse(open_envelope(issuer.sign(claims(group))))
    return [message.protected, {}, message.payload, message.signature]


def put_together(four: Sequence[Any]) -> str:
    """The text of a certificate of these parts."""
    return text_of(cbor2.dumps(CBORTag(18, list(four))))


def code_of(data: bytes) -> str:
    """The text of a code over bytes that need not be compressed."""
    return "HC1:" + bytes(b45encode(data)).decode("ascii")


def trust(*issuers: Issuer, revoked: frozenset[bytes] = frozenset()) -> TrustList:
    """A trust list of these signers, in this order."""
    rows = [Row(issuer.certificate, issuer.kid, issuer.country) for issuer in issuers]
    return merge([trust_list_of(rows, "the tests"), TrustList(revoked=revoked)])


def verified(text: str, *issuers: Issuer, at: datetime = AT) -> Verification:
    """The verdict on `text` where `issuers` are trusted; `signer` alone unless told."""
    return Verifier(trust(*(issuers or (signer(),)))).verify(text, at)


def reason_of(verification: Verification) -> Reason | None:
    """Why not; None when it verified."""
    return None if isinstance(verification, Verified) else verification.reason


def refusal(call: Callable[..., object], *arguments: Any) -> Reason:
    """The reason of the DecodeError that `call` must raise."""
    try:
        call(*arguments)
    except DecodeError as error:
        return error.reason
    raise AssertionError("it was not refused")
