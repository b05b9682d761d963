"""What the program and its loudspeaker's process say to each other: small JSON objects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MOST = 16_384  # bytes of one message
LONGEST = 4000  # characters of what is read aloud
_SAME = {"no": "nb", "nn": "nb"}  # a voice for Bokmål reads these


@dataclass(frozen=True)
class Heard:
    """What the process can do: the device's name, empty without one, and the languages it reads.

    device None: nobody knows yet.
    """

    device: str | None = None
    languages: frozenset[str] = frozenset()


def as_spoken(language: str) -> str:
    """The code under which the voices for a language stand."""
    return _SAME.get(language, language)


def written(word: str, **about: str | int) -> bytes:
    """A request: what to do, and with what."""
    return json.dumps({"do": word, **about}, ensure_ascii=False).encode()


def request_of(data: bytes) -> dict[str, Any]:
    """A request as it was written. Raises ValueError."""
    return _object(data)


def told(heard: Heard) -> bytes:
    """What the process tells."""
    return json.dumps({"device": heard.device, "languages": sorted(heard.languages)}).encode()


def heard_of(data: bytes) -> Heard:
    """What the process told, field by field. Raises ValueError."""
    fields = _object(data)
    device, languages = fields.get("device"), fields.get("languages")
    if not (device is None or isinstance(device, str)) or not isinstance(languages, list):
        raise ValueError("not what the loudspeaker's process tells")
    if not all(isinstance(each, str) for each in languages):
        raise ValueError("not what the loudspeaker's process tells")
    return Heard(device, frozenset(languages))


def _object(data: bytes) -> dict[str, Any]:
    found = json.loads(data)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  # whoever reads expects one kind of error
    return found
