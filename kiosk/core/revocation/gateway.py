"""A revocation batch of the EU gateway (dgc-gateway, RevocationBatchDto), as JSON or in CMS."""

from __future__ import annotations

import json
import re
from datetime import datetime
from math import ceil
from typing import Any

from kiosk.core.encodings import from_base64
from kiosk.core.revocation import cms
from kiosk.core.revocation.errors import RevocationError, faulty
from kiosk.core.revocation.hashes import NEVER
from kiosk.core.revocation.imported import Imported
from kiosk.core.revocation.marks import MARK, HashKind

UNKNOWN_KID = "UNKNOWN_KID"
_AGAIN = "Fetch the batch again from the gateway; mend nothing by hand."
_NAMES = frozenset({"hashType", "entries", "batches"})  # one of them tells a gateway's answer
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def read_batch(name: str, data: bytes, at: datetime) -> Imported | None:
    """The hashes of a batch; none when it has ended at `at`. None when `data` is no batch.

    The kid of a batch is checked for its form and not kept: it says where a verifier should look,
    and a certificate's own hash stands for that certificate alone under whatever key.
    Raises RevocationError with every fault.
    """
    try:
        content = cms.content_of(data)
    except cms.CmsError as error:
        raise RevocationError(name, f"a damaged CMS message: {error}", _AGAIN) from None
    batch = _object(data if content is None else content)
    if batch is None:
        if content is None:
            return None
        raise RevocationError(name, "the CMS message holds no batch", _AGAIN)
    remark = "" if content is None else " (CMS signature not checked)"
    return _imported(name, batch, at, remark)


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and _NAMES & value.keys() else None


def _imported(name: str, batch: dict[str, Any], at: datetime, remark: str) -> Imported:
    if "batches" in batch:
        raise RevocationError(
            name,
            "this is the gateway's index, which names batches and holds no hashes",
            "Download each batch that it names, and give those.",
        )
    faults = [*_faults_of_head(batch)]
    end = _end(batch.get("expires"), faults)
    hashes = _hashes(batch.get("entries"), faults)
    if faults:
        raise faulty(name, faults, _AGAIN)
    source = f"gateway, {batch['country']}, {batch['hashType']}{remark}"
    if end <= at.timestamp():
        return Imported({}, (source,), ended=len(hashes))
    return Imported(dict.fromkeys(hashes, end), (source,))


def _faults_of_head(batch: dict[str, Any]) -> list[str]:
    faults = []
    country, kid = batch.get("country"), batch.get("kid")
    if not isinstance(country, str) or not _COUNTRY.fullmatch(country):
        faults.append("country: not two letters")
    if kid != UNKNOWN_KID and not from_base64(kid):
        faults.append(f"kid: neither base64 nor {UNKNOWN_KID}")
    if batch.get("hashType") not in tuple(HashKind):
        faults.append(f"hashType: not one of {', '.join(HashKind)}")
    return faults


def _end(value: object, faults: list[str]) -> int:
    try:
        stamp = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        stamp = None
    if stamp is None or stamp.tzinfo is None:
        faults.append("expires: not a time with a zone")
        return 0
    return min(max(ceil(stamp.timestamp()), 0), NEVER)


def _hashes(entries: object, faults: list[str]) -> list[bytes]:
    if not isinstance(entries, list) or not entries:
        faults.append("entries: none")
        return []
    found = []
    for number, entry in enumerate(entries, start=1):
        text = entry.get("hash") if isinstance(entry, dict) else None
        value = from_base64(text)
        if value is None or len(value) != MARK:
            faults.append(f"entry {number}: not the base64 of {MARK} bytes")
        else:
            found.append(value)
    return found
