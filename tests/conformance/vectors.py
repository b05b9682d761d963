"""The verifier-side checks of a vector, each answered by this program's own code."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from base45 import b45encode

from kiosk.adapters.reader.pictures import PictureError, codes_in_picture
from kiosk.core.hcert import cbor, cose, cwt, dcc, envelope
from kiosk.core.hcert.cwt import HealthClaims
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason
from kiosk.core.trust.signer import kid_of, load_signer
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import CLOCK_SKEW, Failed, Verified, Verifier
from kiosk.demo.issuer import text_of

NOT_BASE45 = {Reason.BASE45_INVALID, Reason.TEXT_TOO_LONG}
NOT_SIGNED = {Reason.SIGNATURE_INVALID, Reason.ALGORITHM_MISMATCH, Reason.KEY_WEAK}


@dataclass(frozen=True)
class Answer:
    """What this program says to a check, and why where it says no."""

    yes: bool
    reason: str = ""


YES = Answer(True)


@dataclass(frozen=True)
class Vector:
    """One file of the test data; `name` is its path below the folder of the data."""

    name: str
    fields: Mapping[str, Any]

    @property
    def expected(self) -> Mapping[str, bool]:
        """What the publisher expects of each check."""
        results: Mapping[str, bool] = self.fields["EXPECTEDRESULTS"]
        return {key.removeprefix("EXPECTED"): value for key, value in results.items()}

    @cached_property
    def clock(self) -> datetime:
        """The time at which the checks are made."""
        text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", self.fields["TESTCTX"]["VALIDATIONCLOCK"])
        clock = datetime.fromisoformat(text)
        return clock if clock.tzinfo else clock.replace(tzinfo=UTC)

    @cached_property
    def certificate(self) -> bytes:
        """The one signer that is trusted."""
        return b64decode(self.fields["TESTCTX"]["CERTIFICATE"])

    @cached_property
    def trust(self) -> TrustList:
        """A list of that signer alone."""
        return trust_list_of([Row(self.certificate, kid_of(self.certificate))], self.name)

    @property
    def cose(self) -> bytes:
        """The signed message."""
        return bytes.fromhex(self.fields["COSE"])

    def claims(self) -> HealthClaims:
        """What the message says. Raises DecodeError."""
        return cwt.parse(cose.parse(self.cose).payload)

    def content(self) -> Mapping[Any, Any]:
        """The certificate's map; a few vectors have it alone, without a message around it."""
        if "COSE" in self.fields:
            return self.claims().dcc
        content: Mapping[Any, Any] = cbor.decode(bytes.fromhex(self.fields["CBOR"]), cbor.DATE_TAGS)
        return content


def vectors(folder: Path) -> Iterator[Vector]:
    """All vectors below `folder`, in the order of their names."""
    for path in sorted(folder.rglob("*.json")):
        yield Vector(path.relative_to(folder).as_posix(), json.loads(path.read_bytes()))


def answer(vector: Vector, check: str) -> Answer:
    """What this program says to one of CHECKS."""
    try:
        return CHECKS[check][1](vector)
    except DecodeError as error:
        return Answer(False, error.reason)


def can_be_asked(vector: Vector, check: str) -> bool:
    """Whether the vector expects something of `check` and has the field that it needs."""
    return check in vector.expected and CHECKS[check][0] in vector.fields


def _unprefix(vector: Vector) -> Answer:
    other = envelope.other_code(vector.fields["PREFIX"])
    return YES if other is None else Answer(False, other)


def _base45(vector: Vector) -> Answer:
    try:
        envelope.open_envelope(envelope.PREFIX + vector.fields["BASE45"])
    except DecodeError as error:
        if error.reason in NOT_BASE45:
            raise
    return YES


def _compression(vector: Vector) -> Answer:
    data = bytes(b45encode(bytes.fromhex(vector.fields["COMPRESSED"]))).decode()
    inside = envelope.open_envelope(envelope.PREFIX + data)
    return _same(inside, vector.cose if "COSE" in vector.fields else inside)


def _decode(vector: Vector) -> Answer:
    vector.content()
    return YES


def _verify(vector: Vector) -> Answer:
    verdict = Verifier(vector.trust).verify(text_of(vector.cose), vector.clock)
    if isinstance(verdict, Verified):
        return YES
    by_signer = isinstance(verdict, Failed) and verdict.signer is not None
    return YES if by_signer and verdict.reason not in NOT_SIGNED else Answer(False, verdict.reason)


def _expiration(vector: Vector) -> Answer:
    claims = vector.claims()
    if claims.expires_at < vector.clock:
        return Answer(False, Reason.CERTIFICATE_EXPIRED)
    if claims.issued_at and claims.issued_at > vector.clock + CLOCK_SKEW:
        return Answer(False, Reason.ISSUED_IN_FUTURE)
    return YES


def _key_usage(vector: Vector) -> Answer:
    kind = dcc.kind_of(vector.content())
    entitled = kind is not None and load_signer(vector.certificate).may_sign(kind)
    return YES if entitled else Answer(False, Reason.SIGNER_NOT_ENTITLED)


def _schema(vector: Vector) -> Answer:
    dcc.parse(vector.content())
    return YES


def _valid_json(vector: Vector) -> Answer:
    return _same(_plain(vector.content()), vector.fields["JSON"])


def _picture(vector: Vector) -> Answer:
    try:
        texts = codes_in_picture(b64decode(vector.fields["2DCODE"]))
    except PictureError as error:
        return Answer(False, error.code)
    return YES if vector.fields["PREFIX"] in texts else Answer(False, f"{len(texts)} other codes")


def _same(ours: object, theirs: object) -> Answer:
    return YES if ours == theirs else Answer(False, "other content")


def _plain(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: _plain(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_plain(one) for one in item]
    return item


CHECKS: Mapping[str, tuple[str, Callable[[Vector], Answer]]] = {
    "UNPREFIX": ("PREFIX", _unprefix),
    "B45DECODE": ("BASE45", _base45),
    "COMPRESSION": ("COMPRESSED", _compression),
    "DECODE": ("CBOR", _decode),
    "VERIFY": ("COSE", _verify),
    "EXPIRATIONCHECK": ("COSE", _expiration),
    "KEYUSAGE": ("COSE", _key_usage),
    "SCHEMAVALIDATION": ("CBOR", _schema),
    "VALIDJSON": ("JSON", _valid_json),
    "PICTUREDECODE": ("2DCODE", _picture),
}
