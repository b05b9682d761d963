"""Vectors of the layout of dgc-testdata, made here of invented certificates."""

from __future__ import annotations

import io
import json
import zlib
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import cbor2
import segno
from base45 import b45encode
from cbor2 import CBORTag

from kiosk.core.hcert.envelope import open_envelope
from kiosk.demo.issuer import Issuer
from tests.certificates import ISSUED, claims, signer
from tests.conformance.checks import CHECKS
from tests.conformance.run import Result, run

CLOCK = (ISSUED + timedelta(days=1)).isoformat()
AGREE = dict.fromkeys(CHECKS, True)


def vector_of(
    content: dict[int, Any] | None = None,
    *,
    issuer: Issuer | None = None,
    message: bytes | None = None,
) -> dict[str, Any]:
    """A complete vector, as a publisher makes it; everything in it agrees."""
    content, issuer = content or claims(), issuer or signer()
    cose = message or open_envelope(issuer.sign(content))
    compressed = zlib.compress(cose)
    text = bytes(b45encode(compressed)).decode()
    return {
        "JSON": untagged(content[-260][1]),
        "CBOR": cbor2.dumps(content[-260][1]).hex(),
        "COSE": cose.hex(),
        "COMPRESSED": compressed.hex(),
        "BASE45": text,
        "PREFIX": "HC1:" + text,
        "2DCODE": b64encode(picture_of("HC1:" + text)).decode(),
        "TESTCTX": {
            "VERSION": 1,
            "SCHEMA": "1.3.0",
            "CERTIFICATE": b64encode(issuer.certificate).decode(),
            "VALIDATIONCLOCK": CLOCK,
        },
        "EXPECTEDRESULTS": dict(AGREE),
    }


def picture_of(text: str, kind: str = "png") -> bytes:
    file = io.BytesIO()
    segno.make_qr(text, error="l").save(file, kind=kind, scale=3)
    return file.getvalue()


def asked(tmp_path: Path, vector: object, place: str = "FR") -> Result:
    folder = tmp_path / "dgc-testdata" / place / "2DCode" / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    content = vector if isinstance(vector, bytes) else json.dumps(vector).encode()
    (folder / "1.json").write_bytes(content)
    return run(tmp_path / "dgc-testdata")


def deviating(result: Result) -> set[str]:
    return {one.key for one in result.deviations}


def untagged(item: Any) -> Any:
    if isinstance(item, CBORTag):
        return item.value
    if isinstance(item, dict):
        return {key: untagged(value) for key, value in item.items()}
    return [untagged(one) for one in item] if isinstance(item, list) else item
