"""The pictures of dcc-quality-assurance: read, decoded, and verified with the acceptance list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kiosk.adapters.reader.pictures import codes_in_picture
from kiosk.core.hcert import cose, cwt, envelope
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import Verified, Verifier

_SUFFIXES = {".png", ".jpg", ".jpeg"}


def count_pictures(folder: Path, trust: TrustList) -> Counter[str]:
    """How many there are, were read, decode, and which verdict they had when they were issued."""
    verifier = Verifier(trust)
    counts: Counter[str] = Counter()
    for path in _pictures(folder):
        counts["pictures"] += 1
        texts = codes_in_picture(path)
        counts["read"] += len(texts) == 1
        for text in texts:
            counts.update(_verdict(verifier, text))
    return counts


def _pictures(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES)


def _verdict(verifier: Verifier, text: str) -> Iterator[str]:
    try:
        claims = cwt.parse(cose.parse(envelope.open_envelope(text)).payload)
    except DecodeError as error:
        yield f"not decoded: {error.reason}"
        return
    yield "decoded"
    verdict = verifier.verify(text, claims.issued_at or claims.expires_at)
    yield "verified" if isinstance(verdict, Verified) else verdict.reason.value
