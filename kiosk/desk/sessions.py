"""Sessions of staff: who checks at which door, opened with a PIN, handed over, closed.

Between a session's two ends every entry at its door carries its id. Whoever watches the doors finds
the name in the register, which is kept apart from the entry log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from kiosk.core.staff.badge import open_staff_badge
from kiosk.core.staff.pin import SALT, PinHash, decoy, hash_pin
from kiosk.core.staff.register import Ended, Member, Session, overdue
from kiosk.core.staff.roles import Action, may
from kiosk.core.staff.tries import Moment, Try, in_words, left, wait
from kiosk.desk.findings import Mode
from kiosk.desk.ports import Authority, Journal, StorageTroubleError

ID_LENGTH = 8  # bytes of a session's id


class StaffBook(Protocol):
    """Where members, sessions and tries are kept. Every method raises StorageTroubleError."""

    def members(self) -> Sequence[Member]:
        """Everybody who was ever authorised here."""
        ...

    def sessions(self) -> Sequence[Session]:
        """All sessions, in the order in which they were opened."""
        ...

    def keep_session(self, session: Session) -> None:
        """Put a session, or what became of it, on disk."""
        ...

    def tries(self) -> Sequence[Try]:
        """The tries of PINs that were kept."""
        ...

    def take_try(self, new: Try) -> float:
        """Put a try on disk, where `tries.wait` lets it be made: the seconds to wait, else 0.

        No other program gets in between, and those that count no more are forgotten.
        """
        ...

    def forget_tries(self, person: str) -> None:
        """The person's PIN was right."""
        ...


class Why(StrEnum):
    """Why somebody was not let do something, as a sentence for staff."""

    WRONG = "Name and PIN do not belong together."
    WAITS = "Too many wrong PINs."
    NO_PIN = "There is no PIN yet."
    NOT_ALLOWED = "This is for a supervisor."


@dataclass(frozen=True)
class Denied:
    """Not now, or not by this person.

    wait: seconds until the next try may be made. left: how many wrong PINs there may still be.
    """

    why: Why
    wait: float = 0.0
    left: int = 0

    @property
    def words(self) -> str:
        """For people, with what to do."""
        match self.why:
            case Why.WAITS:
                return f"{self.why} Wait {in_words(self.wait)}, or ask another supervisor."
            case Why.NO_PIN:
                return f"{self.why} Choose one: kiosk staff pin NAME."
            case Why.NOT_ALLOWED:
                return f"{self.why} Ask one to do it."
            case Why.WRONG:
                return f"{self.why} Try again."


@dataclass(frozen=True)
class Place:
    """One screen of a kiosk: the id of its door, and who stands in front of it."""

    door: str
    mode: Mode


OPENS = {Mode.DESK: Action.OPEN_DESK, Mode.SELF: Action.OPEN_SELF_SCAN}


class Sessions:
    """Opens and closes the sessions of one kiosk.

    moment: reads the clock that only runs. badge_key: None where there is none yet; then nobody
    is known by a badge. journal: None for a command that is at no door.
    """

    def __init__(
        self,
        book: StaffBook,
        journal: Journal | None,
        kiosk: str,
        zone: ZoneInfo,
        moment: Callable[[], Moment],
        badge_key: Ed25519PublicKey | None = None,
    ) -> None:
        self._book, self._journal, self._kiosk, self._zone = book, journal, kiosk, zone
        self._moment, self._badge_key = moment, badge_key
        self._decoy = decoy()

    @property
    def required(self) -> bool:
        """Whether a door needs a session: as soon as anybody is authorised here."""
        return any(member.withdrawn_at is None for member in self._book.members())

    def by_name(self, name: str) -> Member | None:
        """Who works here under that name, however it is capitalised."""
        wanted = " ".join(name.split()).casefold()
        return next((m for m in self._active() if m.name.casefold() == wanted), None)

    def by_id(self, wanted: str) -> Member | None:
        """Who works here under that pseudonym."""
        return next((member for member in self._active() if member.id == wanted), None)

    def by_badge(self, text: str) -> Member | None:
        """Whose staff badge `text` is."""
        found = open_staff_badge(text, self._badge_key) if self._badge_key else None
        return next((m for m in self._active() if m.id == found), None)

    def who_may(self, action: Action) -> tuple[Member, ...]:
        """Who works here and may do it, the first one first."""
        return tuple(member for member in self._active() if may(member.role, action))

    def is_able(self, member: Member | None, action: Action) -> bool:
        """Whether `member` is somebody who may do it."""
        return member is not None and may(member.role, action)

    def check(self, member: Member | None, pin: str) -> Denied | None:
        """Whether the PIN is right: None where it is. None of `member` is somebody nobody knows.

        The try is on disk before the PIN is looked at, and takes as long whoever it is.
        """
        person, now = member.id if member else "", self._moment()
        seconds = self._book.take_try(Try(person, now))
        if seconds:
            return Denied(Why.WAITS, seconds)
        known = member.pin if member else None
        right = (known or self._decoy).matches(pin)
        if member is not None and known is None:
            self._book.forget_tries(person)  # nothing was tried
            return Denied(Why.NO_PIN)
        if member is None or not right:
            tries = self._book.tries()
            seconds = wait(tries, person, now)
            wrong = Denied(Why.WRONG, left=left(tries, person, now))
            return Denied(Why.WAITS, seconds) if seconds else wrong
        self._book.forget_tries(person)
        return None

    def open(self, member: Member | None, pin: str, place: Place, at: datetime) -> Session | Denied:
        """Open a session; another one's that is open there is handed over, the own one goes on."""
        denied = self._denied(member, pin, OPENS[place.mode])
        if member is None or denied is not None:
            return denied or Denied(Why.WRONG)
        going_on = self.going_on(place, at)
        if going_on is not None and going_on.member == member.id:
            return going_on
        if going_on is not None:
            self._end(going_on, at, Ended.HANDED_OVER)
        session = self._session(member, place, at)
        self._book.keep_session(session)
        self._note(session, Cause.OPENED, at)
        return session

    def vouch(
        self, member: Member | None, pin: str, action: Action, place: Place, at: datetime
    ) -> Authority | Denied:
        """Let somebody do one thing at a door where another one's session is open, and stays so.

        The register has a session of that moment, whose id the log's record carries.
        """
        denied = self._denied(member, pin, action)
        if member is None or denied is not None:
            return denied or Denied(Why.WRONG)
        session = self._session(member, place, at).closed_at(at, Ended.CLOSED)
        self._book.keep_session(session)
        return authority_of(session)

    def close(self, session: Session, at: datetime) -> Session:
        """End a session; one that the day has ended already stays as it is."""
        return self._end(session, at, Ended.CLOSED)

    def going_on(self, place: Place, at: datetime) -> Session | None:
        """The session that is open at a screen: after a crash it goes on, until the day is over."""
        here = (place.door, place.mode)
        found = [s for s in self._book.sessions() if s.closed is None and not self._over(s, at)]
        return next((s for s in reversed(found) if (s.door, s.screen) == here), None)

    # Inside

    def _active(self) -> list[Member]:
        return [member for member in self._book.members() if member.withdrawn_at is None]

    def _denied(self, member: Member | None, pin: str, action: Action) -> Denied | None:
        denied = self.check(member, pin)
        if denied is None and member is not None and not may(member.role, action):
            return Denied(Why.NOT_ALLOWED)
        return denied

    def _over(self, session: Session, at: datetime) -> bool:
        ended = overdue(session, at, self._zone)
        if ended is None:
            return False
        self._book.keep_session(ended)
        self._note(ended, Cause.CLOSED, at, happened=ended.closed)
        return True

    def _session(self, member: Member, place: Place, at: datetime) -> Session:
        new = secrets.token_hex(ID_LENGTH)
        return Session(new, member.id, member.role, self._kiosk, place.door, place.mode, at)

    def _end(self, session: Session, at: datetime, ended: Ended) -> Session:
        if session.closed is not None:
            return session
        past = overdue(session, at, self._zone)
        closed = past or session.closed_at(at, ended)
        self._book.keep_session(closed)
        self._note(closed, Cause.CLOSED, at, happened=closed.closed if past else None)
        return closed

    def _note(
        self, session: Session, cause: Cause, at: datetime, happened: datetime | None = None
    ) -> None:
        """The register is what counts; a log that cannot be written stops no session."""
        if self._journal is None:
            return
        draft = EntryDraft(EntryAct.NOTE, "", "", session.door, EntryBasis.KIOSK, session.id, cause)
        with suppress(StorageTroubleError):
            self._journal.append((replace(draft, happened=happened),), at)


def authority_of(session: Session) -> Authority:
    """What the holder of a session may do."""
    return Authority(session.id, session.role)


def new_pin(pin: str) -> PinHash:
    """What is kept of a PIN that was just chosen."""
    return hash_pin(pin, secrets.token_bytes(SALT))
