"""The newest issue of each list that was ever believed here: nothing older is believed again.

Outlives restarts and the lists themselves. Kids that were ever revoked stay revoked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kiosk.core.trust.provenance import Listing
from kiosk.core.trust.trustlist import TrustList

FORMAT = "kiosk-floors-1"
AHEAD = timedelta(days=1)  # a list dated further ahead of the clock: one of the two is wrong


class FloorsError(ValueError):
    """A floors file that is damaged."""


@dataclass(frozen=True)
class Floor:
    """The newest issue of one list: its version, and the digest of what it said."""

    version: int
    digest: str


@dataclass(frozen=True)
class Floors:
    """The floor of each list, by its identity, and every kid that was ever revoked."""

    lists: Mapping[str, Floor] = field(default_factory=dict)
    revoked: frozenset[bytes] = frozenset()

    def is_below(self, listing: Listing) -> bool:
        """Whether `listing` is an older issue than one that was believed before."""
        floor = self._of(listing)
        return floor is not None and listing.version < floor.version

    def is_another(self, listing: Listing) -> bool:
        """Whether it is of the same version as one that was believed, and says something else."""
        floor = self._of(listing)
        same = floor is not None and listing.version == floor.version
        return floor is not None and same and listing.digest != floor.digest

    def raised_by(self, trust: TrustList, at: datetime, *, files: bool = False) -> Floors:
        """The floors once `trust` is believed; a date ahead of the clock `at` raises nothing.

        files: also of files without a signature, which only their names tell apart.
        """
        raised = dict(self.lists)
        for listing in trust.lists:
            name = _name(listing) if files else listing.identity
            floor = raised.get(name)
            newer = floor is None or listing.version > floor.version
            if name and listing.version and newer and not is_ahead(listing, at):
                raised[name] = Floor(listing.version, listing.digest)
        return Floors(raised, self.revoked | trust.revoked)

    def confirms(self, listing: Listing) -> bool:
        """Whether an import here believed this issue of `listing`, or a newer one."""
        floor = self.lists.get(listing.identity)
        return floor is not None and listing.version <= floor.version

    def _of(self, listing: Listing) -> Floor | None:
        return self.lists.get(_name(listing)) if listing.version else None

    def without(self, trust: TrustList) -> Floors:
        """The floors where somebody insists on `trust`, though parts of it are older."""
        insisted = {listing.identity for listing in trust.lists}
        others = {name: floor for name, floor in self.lists.items() if name not in insisted}
        return Floors(others, self.revoked)


def _name(listing: Listing) -> str:
    return listing.identity or f"file {listing.name}"


def is_ahead(listing: Listing, at: datetime) -> bool:
    """Whether it is dated further ahead of `at` than clocks differ."""
    if listing.issued_at is not None:
        return listing.issued_at - at > AHEAD
    return listing.version > (at + AHEAD).timestamp()


def dump(floors: Floors) -> bytes:
    """`floors` as JSON, the same bytes for the same floors."""
    document = {
        "format": FORMAT,
        "lists": {
            name: {"version": floor.version, "digest": floor.digest}
            for name, floor in sorted(floors.lists.items())
        },
        "revoked": sorted(kid.hex() for kid in floors.revoked),
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def load(data: bytes) -> Floors:
    """The floors as they were written. Raises FloorsError."""
    try:
        return _read(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise FloorsError("damaged") from None


def _read(document: Any) -> Floors:
    if document["format"] != FORMAT:
        raise ValueError
    return Floors(
        {str(name): _floor(fields) for name, fields in document["lists"].items()},
        frozenset(bytes.fromhex(kid) for kid in document["revoked"]),
    )


def _floor(fields: Mapping[str, Any]) -> Floor:
    version, digest = fields["version"], fields["digest"]
    if type(version) is not int or version < 0:  # JSON's true and false are no versions
        raise ValueError
    if not isinstance(digest, str):
        raise TypeError
    return Floor(version, digest)
