"""The pictures of dcc-quality-assurance: read, signature checked, verified with their list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.adapters.reader.pictures import PictureError, codes_in_picture
from kiosk.core.hcert import cose, cwt, envelope
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Reason, explain
from kiosk.core.trust.formats import Source, open_source
from kiosk.core.trust.trustlist import TrustList
from kiosk.core.verify import Verified, Verifier
from tests.conformance.checks import signature_accepted

_SUFFIXES = {".png", ".jpg", ".jpeg"}
_WHY = {
    Reason.SIGNER_UNKNOWN: "its signer is not in this version of the acceptance list",
    Reason.KEY_WEAK: "signed with RSA-1024; hcert-spec and this program ask for 2048 bits",
    Reason.SIGNER_NOT_YET_VALID: "issued before its signer was valid",
    Reason.DCC_MALFORMED: "a date that no calendar has",
    Reason.STATEMENTS_NOT_ONE: "several statements, which SpecialCaseHandling says to reject",
}


@dataclass
class Pictures:
    """How many there are, were read, have an accepted signature, and verify at issue time."""

    pictures: int = 0
    read: int = 0
    signature_accepted: int = 0
    verified: int = 0
    exceptions: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints under "pictures"."""
        return vars(self)

    def report(self) -> list[str]:
        """The same in lines."""
        counts = [f"{name:26s} {n:5d}" for name, n in vars(self).items() if name != "exceptions"]
        return [*counts, *(f"{e['picture']}: {e['reason']}; {e['why']}" for e in self.exceptions)]


def look_beside(folder: Path) -> Pictures | None:
    """What became of the pictures beside the vectors' folder; None where there are none."""
    pictures = folder.parent / "dcc-quality-assurance"
    trust = folder.parent / "trust" / "de-acceptance"
    if not pictures.is_dir() or not (trust / "dsc-list.json").is_file():
        return None
    key = (trust / "dsc-list-signing-key.pem").read_bytes()
    return examine(
        pictures, open_source(Source(trust.name, (trust / "dsc-list.json").read_bytes()), [key])
    )


def examine(folder: Path, trust: TrustList) -> Pictures:
    """What became of each picture below `folder`, verified against `trust`."""
    verifier, found = Verifier(trust), Pictures()
    for path in _files(folder):
        found.pictures += 1
        reason, why = _look(found, verifier, path)
        if reason:
            name = path.relative_to(folder).as_posix()
            found.exceptions.append({"picture": name, "reason": reason, "why": why})
    return found


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES)


def _look(found: Pictures, verifier: Verifier, path: Path) -> tuple[str, str]:
    """Counts one picture; the exception that it is, with its reason."""
    try:
        texts = codes_in_picture(path)
    except PictureError as error:
        return error.code, str(error)
    if len(texts) != 1:
        return "not_read", f"{len(texts)} codes in the picture"
    found.read += 1
    try:
        at = _issue_time(texts[0])
    except DecodeError as error:
        return error.reason, explain(error.reason).meaning
    verdict = verifier.verify(texts[0], at)
    found.signature_accepted += signature_accepted(verdict)
    if isinstance(verdict, Verified):
        found.verified += 1
        return "", ""
    return verdict.reason, _WHY.get(verdict.reason, explain(verdict.reason).meaning)


def _issue_time(text: str) -> datetime:
    claims = cwt.parse(cose.parse(envelope.open_envelope(text)).payload)
    return claims.issued_at or claims.expires_at
