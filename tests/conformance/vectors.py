"""The vectors of a folder of dgc-testdata, each field read as leniently as it is written.

The layout is COUNTRY[/VERSION]/2DCode/raw/*.json and common/2DCode/raw/*.json. Any part of it may
be missing, and any field of a vector: what is not there is not asked.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

_ANYTIME = datetime(2021, 11, 22, 8, tzinfo=UTC)  # where a vector names no time


class FieldError(ValueError):
    """A field that does not hold what the format says; the message says what is wrong."""


@dataclass(frozen=True, repr=False)
class Vector:
    """One file of the test data.

    name: its path below the folder that was asked about.
    place: its path in the layout, from the country (or `common`) on, wherever that begins.
    """

    name: str
    place: str
    fields: Mapping[str, Any]

    @property
    def country(self) -> str:
        """The folder that published it."""
        return self.place.partition("/")[0]

    @cached_property
    def expected(self) -> Mapping[str, bool]:
        """What the publisher expects, by the keys of the file; neither yes nor no is nothing."""
        results = self.fields.get("EXPECTEDRESULTS")
        if not isinstance(results, Mapping):
            return {}
        return {str(key): yes for key, said in results.items() if (yes := _yes(said)) is not None}

    def has(self, field: str) -> bool:
        """Whether the vector has something in `field`, or in its test context for two of them."""
        if field == "VALIDATIONCLOCK":
            return self.clock is not None
        return bool(self._value(field))

    def text(self, field: str) -> str:
        """The text of a field. Raises FieldError."""
        value = self._value(field)
        if not isinstance(value, str):
            raise FieldError(f"{field} is no text")
        return value

    def binary(self, field: str) -> bytes:
        """The bytes of a field in hexadecimal. Raises FieldError."""
        try:
            return bytes.fromhex("".join(self.text(field).split()))
        except ValueError:
            raise FieldError(f"{field} is not hexadecimal") from None

    @property
    def certificate(self) -> bytes:
        """The one signer that is trusted, in DER. Raises FieldError."""
        return _certificate(self.text("CERTIFICATE"))

    @property
    def kid(self) -> bytes | None:
        """The key identifier that the test context gives to the signer, where it gives one."""
        given = self._context("KID")
        if not isinstance(given, str) or not given:
            return None
        hexadecimal = re.fullmatch(r"[0-9A-Fa-f]{16}", given)
        return bytes.fromhex(given) if hexadecimal else _base64(given, "KID")

    @property
    def json(self) -> Any:
        """The certificate as JSON. Raises FieldError."""
        value = self.fields.get("JSON")
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise FieldError("JSON is no JSON") from None

    @property
    def picture(self) -> bytes:
        """The picture of the code. Raises FieldError."""
        return _base64(self.text("2DCODE").partition("base64,")[2] or self.text("2DCODE"), "2DCODE")

    @cached_property
    def clock(self) -> datetime | None:
        """The time at which the checks are made; None where none is named, or not readably."""
        for field in ("VALIDATIONCLOCK", "validationClockInstant"):
            clock = _instant(self._context(field))
            if clock is not None:
                return clock
        return None

    @property
    def some_time(self) -> datetime:
        """The clock, or a time of the event where what is asked does not turn on it."""
        return self.clock or _ANYTIME

    def _value(self, field: str) -> Any:
        return self._context(field) if field == "CERTIFICATE" else self.fields.get(field)

    def _context(self, field: str) -> Any:
        context = self.fields.get("TESTCTX")
        return context.get(field) if isinstance(context, Mapping) else None


def read_vectors(folder: Path) -> tuple[list[Vector], list[str]]:
    """The vectors below `folder` in the order of their names, and the files that are none."""
    found: list[Vector] = []
    unreadable: list[str] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            fields = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            unreadable.append(f"{name}: {type(error).__name__}")
            continue
        if isinstance(fields, Mapping):
            found.append(Vector(name, _place(path), fields))
        else:
            unreadable.append(f"{name}: not an object")
    return found, unreadable


def _files(folder: Path) -> Iterator[Path]:
    """The files of vectors: those in a folder `raw`, below `folder` or where it is one itself."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".json" and path.parent.name.lower() == "raw" and path.is_file():
            yield path


def _place(path: Path) -> str:
    """COUNTRY[/VERSION]/2DCode/raw/FILE, from the end of the path."""
    parts = path.parts
    versioned = len(parts) > 4 and re.fullmatch(r"\d+(\.\d+)*", parts[-4])
    return "/".join(parts[-5 if versioned else -4 :])


def _yes(said: object) -> bool | None:
    if isinstance(said, bool):
        return said
    return (
        {"true": True, "false": False}.get(said.strip().lower()) if isinstance(said, str) else None
    )


def _base64(text: str, field: str) -> bytes:
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        raise FieldError(f"{field} is not base64") from None


def _certificate(text: str) -> bytes:
    armoured = re.search(r"-----BEGIN [A-Z ]+-----(.*?)-----END", text, re.DOTALL)
    der = _base64(armoured[1] if armoured else text, "CERTIFICATE")
    return _certificate(der.decode("ascii", "replace")) if der.startswith(b"-----BEGIN") else der


def _instant(value: object) -> datetime | None:
    """An instant as vectors write it: ISO 8601 in its shapes, or seconds or milliseconds."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1_000 if value > 1e11 else value, UTC)
        if not isinstance(value, str):
            return None
        text = re.sub(r"([.,]\d{6})\d+", r"\1", value.strip())
        text = re.sub(r"\[.*\]$", "", text)  # the name of a zone behind its offset
        instant = datetime.fromisoformat(re.sub(r"\s+(?=[+-])", "", text))
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
