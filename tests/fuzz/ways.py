"""Whether the two ways of reading a certificate, in one look and patiently, come to the same."""

from __future__ import annotations

import json

from kiosk.core.hcert import cose, cwt, dcc, envelope, plain
from kiosk.core.hcert.errors import DecodeError


def why_different(text: str) -> str | None:
    """Where the ways part for a text that was verified; None where they do not."""
    message = envelope.open_envelope(text)
    try:
        four = cose.parse_patiently(message)
        if cose.parse(message) != four:
            return "another message"
        found = plain.read(four.payload)
        if found is None or found.group is None:
            return None  # read patiently anyway
        claims = cwt.parse_patiently(four.payload)
        certificate = dcc.parse(claims.dcc)
    except DecodeError as error:
        return f"the patient way refuses it ({error.reason})"
    if found[:3] != claims[:3] or found.notes != claims.notes:
        return "other claims"
    if dcc.of_plain(found.dcc, found.group) != certificate:
        return "another certificate"
    one, other = (json.dumps(it, sort_keys=True) for it in (found.dcc, certificate.payload))
    return None if one == other else "another payload"  # types too: 2 is not 2.0
