"""The verifier-side checks of a vector, each answered by this program's own code.

What a key asks is told by the README of dgc-testdata: each link of the chain is opened and
compared with the next one. Schema and times are asked of the whole verifier: what the vector says
is signed anew by a throw-away signer, so that no other flaw of the vector stands before the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from base45 import b45encode
from cbor2 import CBORTag

from kiosk.adapters.reader.pictures import PictureError, codes_in_picture
from kiosk.core.hcert import cbor, cose, dcc, envelope
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from kiosk.core.trust.certificate import UnusableCertificateError
from kiosk.core.trust.signer import kid_of, load_signer
from kiosk.core.trust.trustlist import Row, trust_list_of
from kiosk.core.verify import Failed, Verification, Verified, Verifier
from kiosk.demo.issuer import Issuer, make_issuer, text_of
from tests.conformance.content import same_content
from tests.conformance.vectors import FieldError, Vector

_NOT_BASE45 = {Reason.BASE45_INVALID, Reason.TEXT_TOO_LONG}
_NOT_SIGNED = {Reason.SIGNATURE_INVALID, Reason.ALGORITHM_MISMATCH, Reason.KEY_WEAK}
_NOT_IN_FORCE = {
    Reason.CERTIFICATE_EXPIRED,
    Reason.ISSUED_IN_FUTURE,
    Reason.CLAIMS_MALFORMED,
    Reason.CBOR_MALFORMED,
}
_EXP, _IAT, _HCERT = 4, 6, -260  # hcert-spec 1.0.8 section 3.3
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """What this program says to a check, and why where it says no."""

    yes: bool
    reason: str = ""


YES = Answer(True)


def answer(vector: Vector, key: str) -> Answer:
    """What this program says to one of CHECKS."""
    try:
        return CHECKS[key].ask(vector)
    except DecodeError as error:
        return Answer(False, error.reason)
    except (FieldError, UnusableCertificateError, PictureError) as error:
        return Answer(False, str(error))


def can_be_asked(vector: Vector, key: str) -> bool:
    """Whether the vector expects something of `key` and has what it takes to answer."""
    if key not in vector.expected:
        return False
    return all(any(map(vector.has, needed)) for needed in CHECKS[key].needs)


def signature_accepted(verification: Verification) -> bool:
    """Whether a verdict says that a trusted key made the signature, whatever else it says."""
    if isinstance(verification, Verified):
        return True
    return isinstance(verification, Failed) and (
        verification.signer is not None and verification.reason not in _NOT_SIGNED
    )


# --- What a vector holds ----------------------------------------------------------------------


def message_of(vector: Vector) -> bytes:
    """The signed message; where the vector has it in an outer form alone, that one is opened."""
    if vector.has("COSE"):
        return vector.binary("COSE")
    if vector.has("COMPRESSED"):
        return _inflated(vector.binary("COMPRESSED"))
    if vector.has("BASE45"):
        return envelope.open_envelope(envelope.PREFIX + vector.text("BASE45"))
    return envelope.open_envelope(vector.text("PREFIX"))


def content_of(vector: Vector) -> Mapping[Any, Any]:
    """The certificate's map, from the message or, without any, from the CBOR field."""
    if vector.has("COSE") or not vector.has("CBOR"):
        return _certificate_in(_claims_of(vector))
    return _certificate_in(_decoded(vector.binary("CBOR")))


def _claims_of(vector: Vector) -> Mapping[Any, Any]:
    return _decoded(cose.parse(message_of(vector)).payload)


def _decoded(data: bytes) -> Mapping[Any, Any]:
    content = cbor.decode(data, cbor.DATE_TAGS)
    if not isinstance(content, Mapping):
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    return content


def _certificate_in(content: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """The certificate among all claims; the CBOR field of some countries is the certificate."""
    if _HCERT not in content:
        return content
    certificate = content[_HCERT].get(1) if isinstance(content[_HCERT], Mapping) else None
    if not isinstance(certificate, Mapping):
        raise DecodeError(Reason.CLAIMS_MALFORMED)
    return certificate


def _inflated(data: bytes) -> bytes:
    return envelope.open_envelope(envelope.PREFIX + bytes(b45encode(data)).decode())


# --- The checks -------------------------------------------------------------------------------


def _unprefix(vector: Vector) -> Answer:
    text = vector.text("PREFIX")
    other = envelope.other_code(text)
    if other is not None:
        return Answer(False, other)
    rest = text.removeprefix(envelope.PREFIX)
    return _same(rest, vector.text("BASE45") if vector.has("BASE45") else rest)


def _base45(vector: Vector) -> Answer:
    try:
        inside = envelope.open_envelope(envelope.PREFIX + vector.text("BASE45"))
    except DecodeError as error:
        if error.reason in _NOT_BASE45:
            raise
        return YES  # what is inside is the next check's
    if vector.has("COMPRESSED"):
        return _same(inside, _inflated(vector.binary("COMPRESSED")))
    return _same(inside, vector.binary("COSE") if vector.has("COSE") else inside)


def _compression(vector: Vector) -> Answer:
    inside = _inflated(vector.binary("COMPRESSED"))
    return _same(inside, vector.binary("COSE") if vector.has("COSE") else inside)


def _decode(vector: Vector) -> Answer:
    """CBOR, COSE and JSON, as many as there are, say the same."""
    contents = [_certificate_in(_decoded(vector.binary("CBOR")))] if vector.has("CBOR") else []
    if vector.has("COSE"):
        contents.append(_certificate_in(_claims_of(vector)))
    return _alike(*contents, *([vector.json] if vector.has("JSON") else []))


def _valid_json(vector: Vector) -> Answer:
    """The whole chain, from the text of the code where there is one, gives the JSON."""
    if vector.has("PREFIX"):
        message = cose.parse(envelope.open_envelope(vector.text("PREFIX")))
        return _alike(_certificate_in(_decoded(message.payload)), vector.json)
    return _alike(content_of(vector), vector.json)


def _verify(vector: Vector) -> Answer:
    certificate = vector.certificate
    kids = dict.fromkeys([kid_of(certificate), vector.kid or kid_of(certificate)])
    trust = trust_list_of([Row(certificate, kid) for kid in kids], vector.name)
    verdict = Verifier(trust).verify(text_of(message_of(vector)), vector.some_time)
    if signature_accepted(verdict):
        return YES
    return Answer(False, "" if isinstance(verdict, Verified) else verdict.reason)


def _expiration(vector: Vector) -> Answer:
    claims = _claims_of(vector)
    times = {label: claims[label] for label in (_EXP, _IAT) if label in claims}
    verdict = _signed_anew({**times, _HCERT: {1: _GOOD}}, vector.some_time)
    refused = not isinstance(verdict, Verified) and verdict.reason in _NOT_IN_FORCE
    return Answer(False, verdict.reason) if refused else YES  # type: ignore[union-attr]


def _schema(vector: Vector) -> Answer:
    at = vector.some_time
    times = {_IAT: int(at.timestamp()) - 1, _EXP: int((at + _DAY).timestamp())}
    verdict = _signed_anew({**times, _HCERT: {1: _plain(content_of(vector))}}, at)
    return YES if isinstance(verdict, Verified) else Answer(False, verdict.reason)


def _key_usage(vector: Vector) -> Answer:
    kind = dcc.kind_of(content_of(vector))
    if kind is None:
        return Answer(False, Reason.STATEMENTS_NOT_ONE)
    entitled = load_signer(vector.certificate).may_sign(kind)
    return YES if entitled else Answer(False, Reason.SIGNER_NOT_ENTITLED)


def _picture(vector: Vector) -> Answer:
    texts = codes_in_picture(vector.picture)
    if not texts:
        return Answer(False, "no code in the picture")
    if vector.has("PREFIX"):
        return YES if vector.text("PREFIX") in texts else Answer(False, "another code")
    return YES if any(map(envelope.is_certificate, texts)) else Answer(False, "another code")


# --- Their tools ------------------------------------------------------------------------------

# An invented certificate, for questions that are not about the content.
_GOOD = {
    "ver": "1.3.0",
    "nam": {"fn": "A", "gn": "B", "fnt": "A", "gnt": "B"},
    "dob": "1980",
    "r": [
        {"tg": "840539006", "fr": "2021-02-01", "co": "FR", "is": "X", "df": "2021-03-01",
         "du": "2021-08-01", "ci": "URN:UVCI:01:FR:X"}
    ],
}  # fmt: skip


@cache
def _signer() -> Issuer:
    """A throw-away signer that is in force at any time of a vector."""
    begin = datetime.fromisoformat("2000-01-01T00:00:00Z")
    return make_issuer("XX", not_before=begin, lifetime=100 * 365 * _DAY)


@cache
def _verifier() -> Verifier:
    return Verifier(trust_list_of([Row(_signer().certificate)], "a throw-away signer"))


def _signed_anew(claims: Mapping[Any, Any], at: datetime) -> Verification:
    return _verifier().verify(_signer().sign(claims), at)


def _plain(item: Any) -> Any:
    """The same, to be encoded again."""
    if isinstance(item, cbor.Tagged):
        return CBORTag(item.number, _plain(item.content))
    if isinstance(item, Mapping):
        return {key: _plain(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_plain(one) for one in item]
    return item


def _same(ours: object, theirs: object) -> Answer:
    return YES if ours == theirs else Answer(False, "other content than the next field")


def _alike(first: object, *others: object) -> Answer:
    alike = all(same_content(first, other) for other in others)
    return YES if alike else Answer(False, "other content than the JSON or CBOR beside it")


@dataclass(frozen=True)
class Check:
    """How a key is answered; of each group in `needs` the vector must have one field."""

    needs: tuple[tuple[str, ...], ...]
    ask: Callable[[Vector], Answer]


_A_MESSAGE = ("COSE", "COMPRESSED", "BASE45", "PREFIX")
_A_CONTENT = ("CBOR", *_A_MESSAGE)

CHECKS: Mapping[str, Check] = {
    "EXPECTEDPICTUREDECODE": Check((("2DCODE",),), _picture),
    "EXPECTEDUNPREFIX": Check((("PREFIX",),), _unprefix),
    "EXPECTEDB45DECODE": Check((("BASE45",),), _base45),
    "EXPECTEDCOMPRESSION": Check((("COMPRESSED",),), _compression),
    "EXPECTEDVERIFY": Check((_A_MESSAGE, ("CERTIFICATE",)), _verify),
    "EXPECTEDEXPIRATIONCHECK": Check((_A_MESSAGE, ("VALIDATIONCLOCK",)), _expiration),
    "EXPECTEDKEYUSAGE": Check((_A_CONTENT, ("CERTIFICATE",)), _key_usage),
    "EXPECTEDDECODE": Check((("CBOR", "COSE"),), _decode),
    "EXPECTEDSCHEMAVALIDATION": Check((_A_CONTENT,), _schema),
    "EXPECTEDVALIDJSON": Check((("JSON",), _A_CONTENT), _valid_json),
}
