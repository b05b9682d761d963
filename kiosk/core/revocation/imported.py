"""What an importer makes of somebody's list: hashes with their ends, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_SOURCE = 100 * 1024 * 1024  # bytes; a million hashes in hexadecimal are 65 MB


@dataclass(frozen=True)
class Imported:
    """The hashes of one file.

    ends: each hash of 16 bytes with its end in seconds since 1970. sources: where they came from,
    in words. ended: how many were left out because their end has passed.
    """

    ends: Mapping[bytes, int] = field(repr=False)
    sources: tuple[str, ...]
    ended: int = 0
