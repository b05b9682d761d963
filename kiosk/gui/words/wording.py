"""What the screens say, in one language. Names go into `{placeholders}`, never into a key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.core.reasons import Group, Reason, explain
from kiosk.desk.ports import CameraTrouble
from kiosk.gui.words.names import plain_name

FALLBACK = "en"
_CAMERA_NAME = 28  # characters of a camera's name: the fault beside it is to stay in sight
_SAME = {"no": "nb", "nn": "nb"}  # Norwegian: one text for the ways it is written and called
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True)
class ReasonWords:
    """What staff read about one reason."""

    line: str
    remedy: str


@dataclass(frozen=True)
class TroubleWords:
    """What staff read about a camera that delivers nothing."""

    problem: str
    remedy: str


def at_the_door(reason: Reason) -> bool:
    """Whether a screen at the door may ever show `reason` (security.md P2)."""
    return explain(reason).group is not Group.CERTIFICATE


class Wording:
    """The texts of one language; what is missing in it is said in English."""

    def __init__(
        self, language: str, texts: Mapping[str, object], english: Mapping[str, object]
    ) -> None:
        self.language = language
        self.tells_staff = "desk" in texts  # else what staff read is in English
        self._texts = {**dict(_flat(english)), **dict(_flat(texts))}

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of `key` with its placeholders filled. KeyError where English has none."""
        return self._texts[key].format_map(values)

    def reason(self, reason: Reason) -> ReasonWords:
        """Line and remedy for staff. KeyError for a reason about a certificate: it has none."""
        return ReasonWords(self(f"reason.{reason}.line"), self(f"reason.{reason}.remedy"))

    def camera_trouble(self, trouble: CameraTrouble) -> TroubleWords:
        """Problem and remedy for staff; a long name is cut, for the fault matters more."""
        key, name = f"camera_fault.{trouble.fault}", plain_name(trouble.name)
        if len(name) > _CAMERA_NAME:
            name = name[: _CAMERA_NAME - 1].rstrip() + "…"
        return TroubleWords(self(f"{key}.problem", name=name), self(f"{key}.remedy"))

    def day(self, day: date) -> str:
        """A date in full."""
        number = self("date.first") if day.day == 1 else str(day.day)
        return self("date.day", day=number, month=self._month(day.month), year=day.year)

    def clock_time(self, at: datetime, zone: ZoneInfo) -> str:
        """Hours and minutes on the venue's wall."""
        return at.astimezone(zone).strftime("%H:%M")

    def birth_date(self, text: str) -> str:
        """A birth date of a certificate, of which day and month may be unknown."""
        match = _PARTIAL_DATE.fullmatch(text[:10])
        if match is None:
            return ""
        year, month, day = match.groups()
        try:
            if day:
                return self.day(date(int(year), int(month), int(day)))
            if month:
                return self("date.month", month=self._month(int(month)), year=int(year))
        except (ValueError, KeyError):
            return ""
        return year or ""

    def _month(self, number: int) -> str:
        return self(f"date.month_{number}")


def load_wording(folder: Path, language: str) -> Wording:
    """The texts of `language`: those for guests, and those for staff where there are any.

    folder: of the texts, with `guest/` and `staff/`, a file for each language.
    Raises OSError where the texts for guests are missing, ValueError where one is no TOML.
    """
    return Wording(language, _parsed(folder, language), _parsed(folder, FALLBACK))


def load_wordings(folder: Path, languages: Iterable[str]) -> dict[str, Wording]:
    """The texts of several languages, by language; errors as those of `load_wording`."""
    english = _parsed(folder, FALLBACK)
    return {each: Wording(each, _parsed(folder, each), english) for each in languages}


def screen_language(language: str) -> str:
    """The language of the texts that somebody of `language` reads; both as ISO 639-1 has them."""
    return _SAME.get(language, language)


def languages_in(folder: Path) -> tuple[str, ...]:
    """The languages that `folder` (`guest/` or `staff/`) has texts in, in the order of codes."""
    return tuple(sorted(file.stem for file in folder.glob("*.toml")))


def _parsed(folder: Path, language: str) -> dict[str, object]:
    name = f"{language}.toml"
    texts = tomllib.loads((folder / "guest" / name).read_text(encoding="utf-8"))
    staff = folder / "staff" / name
    return {**texts, **tomllib.loads(staff.read_text("utf-8"))} if staff.is_file() else texts


def _flat(texts: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    """Dotted keys and their texts. Raises ValueError for anything that is no text."""
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, str):
            yield f"{above}{key}", value
        else:
            raise ValueError(f"{above}{key} is no text")  # noqa: TRY004  # a fault of the file
