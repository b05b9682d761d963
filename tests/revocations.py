"""Revocations for the tests: batches, hash lists and signed lists, all of invented certificates."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.core.hcert import cose
from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.reasons import Reason
from kiosk.core.revocation.blocklist import Blocked, Blocklist, Entry
from kiosk.core.revocation.hashes import NEVER, RevokedHashes
from kiosk.core.revocation.revocationlist import RevocationList
from kiosk.core.revocation.revocations import Revocations
from kiosk.core.verify import Verifier
from tests.certificates import AT, reason_of, signer, trust

ISSUED = datetime(2021, 11, 21, 18, tzinfo=UTC)
FRESH = timedelta(days=7)
CANARY = "URN:UVCI:01:XX:CANARY7FLEW"


@cache
def organiser() -> Ed25519PrivateKey:
    """The key that signs lists."""
    return Ed25519PrivateKey.generate()


def organiser_pem() -> bytes:
    """Its public half, as it is pinned."""
    return organiser().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def value(number: int) -> bytes:
    """A hash that stands for no certificate."""
    return number.to_bytes(16)


def a_list(*hashes: bytes, version: int = 1, end: int = NEVER, **changes: Any) -> RevocationList:
    """A revocation list of these hashes."""
    stamps = {"issued_at": ISSUED, "expires_at": ISSUED + FRESH, "sources": ("the tests",)}
    held = RevokedHashes.of(dict.fromkeys(hashes, end))
    return RevocationList(version=version, hashes=held, **{**stamps, **changes})


def blocking(*, kids: tuple[bytes, ...] = (), marks: tuple[bytes, ...] = ()) -> Blocklist:
    """A blocklist of these."""
    keys = [Entry(Blocked.KEY, kid, ISSUED, "the tests") for kid in kids]
    certificates = [Entry(Blocked.CERTIFICATE, mark, ISSUED, "the tests") for mark in marks]
    return Blocklist((*keys, *certificates))


def batch(*hashes: bytes, **changes: Any) -> dict[str, Any]:
    """A batch as the gateway gives it."""
    entries = [{"hash": b64encode(one).decode()} for one in hashes or (value(1), value(2))]
    return {
        "country": "FR",
        "expires": "2022-08-16T16:00Z",
        "kid": b64encode(signer().kid).decode(),
        "hashType": "UCI",
        "entries": entries,
        **changes,
    }


def batch_bytes(*hashes: bytes, **changes: Any) -> bytes:
    """The same as the bytes of a file."""
    return json.dumps(batch(*hashes, **changes)).encode()


def message_of(text: str) -> cose.CoseSign1:
    """The signed message in the text of a code."""
    return cose.parse(open_envelope(text))


def reason_with(text: str, revocations: Revocations, at: datetime = AT) -> Reason | None:
    """Why `text` is not verified where `signer` is trusted and these are revoked; None: it is."""
    return reason_of(Verifier(trust(signer()), revocations).verify(text, at))
