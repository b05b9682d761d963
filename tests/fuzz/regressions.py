"""Findings are kept as files, each replayed by the tests for ever (tests/regressions/)."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from pathlib import Path

from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from tests.fuzz.examine import Finding
from tests.fuzz.originals import p256, rsa2048

FOLDER = Path(__file__).parents[1] / "regressions"
_KEPT = 100  # findings of one run; one fault is mostly found many times


def keep(findings: Iterable[Finding], folder: Path = FOLDER) -> list[Path]:
    """Write each finding to a file of its own, of findings with the same details the first."""
    folder.mkdir(parents=True, exist_ok=True)
    first = {(finding.kind, finding.details): finding for finding in reversed(list(findings))}
    signers = [
        {"certificate": b64encode(one.certificate).decode(), "kid": one.kid.hex()}
        for one in (p256(), rsa2048())
    ]
    kept = []
    for finding in list(first.values())[:_KEPT]:
        content = {"kind": finding.kind, "details": finding.details, "text": finding.text}
        digest = hashlib.sha256(finding.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        path = folder / f"{finding.kind.replace(' ', '-')}-{digest}.json"
        path.write_text(json.dumps({**content, "signers": signers}, indent=1) + "\n", "utf-8")
        kept.append(path)
    return kept


def replay(path: Path) -> tuple[str, str, TrustList]:
    """The kind of a finding, its text, and the signers that were trusted."""
    content = json.loads(path.read_text("utf-8"))
    rows = [
        Row(b64decode(one["certificate"]), bytes.fromhex(one["kid"])) for one in content["signers"]
    ]
    return content["kind"], content["text"], trust_list_of(rows, path.name)
