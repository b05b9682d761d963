"""Whether two certificates say the same, whatever form their publishers gave to it.

The order of a map does not count, nor does a field that is null, a blank at the end of a text, the
form of composed letters, or the zone in which an instant is written (README of dgc-testdata).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kiosk.core.hcert.cbor import Tagged

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.ASCII)


def same_content(one: object, other: object) -> bool:
    """Whether both say the same."""
    return bool(_form(one) == _form(other))


def _form(item: Any) -> Any:
    """The one form of what can be written in several."""
    if isinstance(item, Tagged):
        return _form(item.content)
    if isinstance(item, Mapping):
        return {key: _form(value) for key, value in item.items() if value is not None}
    if isinstance(item, list | tuple):
        return [_form(one) for one in item]
    if isinstance(item, str):
        text = unicodedata.normalize("NFC", item).strip()
        return _instant(text) if _INSTANT.fullmatch(text) else text
    return item


def _instant(text: str) -> datetime | str:
    """A date or an instant to the second; a date is its first, no zone is UTC."""
    try:
        instant = datetime.fromisoformat(re.sub(r"([.,]\d{6})\d+", r"\1", text))
    except ValueError:
        return text
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).replace(microsecond=0)
