"""What the desk needs from the outside, as small protocols; adapters, demo and tests fill them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kiosk.core.staff.roles import Action, Role, may

if TYPE_CHECKING:  # so that the reader's process, which needs Frame and the like, stays small
    import numpy as np
    from numpy.typing import NDArray

    from kiosk.core.entry import EntryDraft, EntryRecord
    from kiosk.core.guests.amendments import Amendment
    from kiosk.core.guests.guest import Guest
    from kiosk.core.guests.guestlist import GuestList

Point = tuple[float, float]
WHOLE_DAY = range(24)


class Clock(Protocol):
    """The only source of time. `at` is taken once per scan and handed down."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step, from an arbitrary zero of this boot."""
        ...


@dataclass(frozen=True)
class Authority:
    """Who acts, as the log has it: the id of an operator session, and the role it was opened in.

    Whoever holds one has shown a PIN or a badge; `kiosk.desk.sessions` alone makes them.
    """

    session: str
    role: Role

    def may(self, action: Action) -> bool:
        """Whether the role allows it."""
        return may(self.role, action)


class StorageTroubleError(Exception):
    """An entry could not be made durable; nothing of it was kept."""


class LogMovedError(Exception):
    """Another screen has recorded something since the log was read; nothing was kept."""


class GuestSource(Protocol):
    """Where the guest list comes from; it may be replaced while the doors are open."""

    def current(self) -> GuestList:
        """The list as it is now, the same object while it has not changed.

        Raises StorageTroubleError.
        """
        ...


class News(NamedTuple):
    """Records of the log, and the position up to which it is known with them."""

    records: Sequence[EntryRecord]
    position: int


class Journal(Protocol):
    """The durable entry log of this kiosk, and its anonymous counts."""

    def append(
        self,
        drafts: Sequence[EntryDraft],
        at: datetime,
        after: int | None = None,
        amendments: Sequence[Amendment] = (),
        answer: str = "",
    ) -> tuple[EntryRecord, ...]:
        """Record all drafts in one transaction; when it returns they survive a power cut.

        after: the position up to which the log was known when the drafts were decided on; None
        where it is irrelevant. amendments: changes of the guest list that the drafts tell of; they
        are stored with them, and the guest source has them from then on. answer: counted with
        them, at the door of the first.
        Raises StorageTroubleError, and LogMovedError where something stands behind `after`.
        """
        ...

    def news(self, after: int = 0) -> News:
        """What came behind the position `after`, from this kiosk and from others.

        From the start it is what today and the day before need, and a record may come twice.
        Raises StorageTroubleError.
        """
        ...

    def tally(self, answer: str, door: str, at: datetime) -> None:
        """Count an answer that is no entry: by hour, door and answer, with no person in it.

        Raises StorageTroubleError.
        """
        ...

    def tallied(self, answer: str, day: date, hours: range = WHOLE_DAY) -> int:
        """How often `answer` was counted on a day, in those of its hours (UTC).

        Raises StorageTroubleError.
        """
        ...

    def rest(self) -> None:
        """Do what is due once nobody was at the door for a while; called every second or so.

        Raises StorageTroubleError.
        """
        ...

    def close(self) -> None:
        """Nothing more comes: sign the log as closed. Raises StorageTroubleError."""
        ...


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a camera: luma of shape (height, width), dtype uint8, C-contiguous."""

    image: NDArray[np.uint8]
    number: int


class Region(NamedTuple):
    """A rectangle of a frame, in whole pixels: right and bottom are the first ones outside."""

    left: int
    top: int
    right: int
    bottom: int


class Hint(StrEnum):
    """What would help to get a code read; the window has the words for each."""

    CLOSER = "closer"  # the code is too small in the picture
    HOLD_STILL = "hold_still"  # it moves
    TOO_BRIGHT = "too_bright"  # glare or a screen swallows it
    TOO_DARK = "too_dark"


@dataclass(frozen=True)
class CodeSeen:
    """One code in a frame: its text, and its four corners in pixels, clockwise from top left.

    `stage` names what read it, for who wants to know how well reading goes; `kind` is the kind of
    code (ISO/IEC 18004 unless another kind was asked for).
    """

    text: str
    corners: tuple[Point, Point, Point, Point]
    stage: str = ""
    kind: str = "QR Code"

    def __repr__(self) -> str:
        """Without the text: it is personal."""
        return f"CodeSeen({len(self.text)} characters)"


@dataclass(frozen=True)
class Sighting:
    """What one frame showed.

    `something_there` tells that something that could be a code fills part of the picture and was
    not read, beside the codes that were: without it nobody can be told that a code does not get
    read. Beside a code that is read for the first time nothing is looked for. `hint` tells what
    would help to read it.
    """

    codes: tuple[CodeSeen, ...] = ()
    something_there: bool = False
    hint: Hint | None = None


class ScannerKind(StrEnum):
    """How a hand scanner tells what it read."""

    KEYBOARD = "keyboard"
    SERIAL = "serial"


@dataclass(frozen=True)
class ScannedText:
    """One code that a hand scanner was held to."""

    text: str
    at: datetime
    source: ScannerKind

    def __repr__(self) -> str:
        """Without the text: it is personal."""
        return f"ScannedText({len(self.text)} characters, {self.source})"


class ScannerNote(StrEnum):
    """What staff are to know about a hand scanner; the window has the words for each."""

    LOST = "lost"  # the port of the scanner is gone, or cannot be opened
    LEARNT = "learnt"  # the calibration code was scanned, and from now on its keys are known
    NOT_LEARNT = "not_learnt"  # the same, and what it teaches could not be written
    UNREADABLE = "unreadable"  # what was learnt before is damaged
    AT_THE_DESK = "at_the_desk"  # the calibration code was scanned where guests are
    NOT_NEEDED = "not_needed"  # the calibration code was read by what needs no calibration
    NOT_TEXT = "not_text"  # what came is no text of a code: wrong speed, or a damaged cable
    TOO_LONG = "too_long"  # more characters than any QR code has


class StorageNote(StrEnum):
    """What a supervisor is to know about the disk; the window has the words for each."""

    RECOVERED = "recovered"  # the database was damaged: a new one, with all that was in it
    IN_PART = "in_part"  # the same, and some of it is lost
    NOTHING = "nothing"  # the same, and nothing could be read
    SHORTER = "shorter"  # it is sound, and its newest entries are gone
    LOW = "low"  # the disk is nearly full
    FULL = "full"  # it is full, and the room kept for that is in use
    WELL = "well"  # there is room again


TellStorage = Callable[[StorageNote, str], None]  # the same in words, for whoever reads them


class CameraFault(StrEnum):
    """What can be wrong with a camera; the window has the words and the remedy for each."""

    NOT_CONNECTED = "not_connected"  # there is no such webcam now
    UNREACHABLE = "unreachable"  # a camera on the network does not answer
    NO_PICTURE = "no_picture"  # a camera is open and sends nothing
    FROZEN = "frozen"  # a webcam sends the same picture again and again
    FAILED = "failed"  # the driver of a webcam, or the program itself, gave up
    ENDED = "ended"  # a film, or another source that has an end, is over
    NOT_A_FILM = "not_a_film"  # a file holds no film, or is not there
    NOT_A_PICTURE = "not_a_picture"  # one file of a folder holds no picture
    EMPTY_FOLDER = "empty_folder"  # a folder holds no picture at all, or is not there
    NOT_READ = "not_read"  # the pictures come, and there is no reader for them now


@dataclass(frozen=True)
class CameraTrouble:
    """Why a camera delivers nothing: the fault, and the name of the camera, file or folder."""

    fault: CameraFault
    name: str = field(repr=False)  # a phone that serves as webcam carries its owner's name


class Camera(Protocol):
    """A source of frames: webcam, video file, folder of pictures, simulated scenes."""

    @property
    def name(self) -> str:
        """The name that a person would recognise."""
        ...

    def start(
        self, deliver: Callable[[Frame], None], trouble: Callable[[CameraTrouble], None]
    ) -> None:
        """Begin to call `deliver` with frames, from a thread of the camera's own."""
        ...

    def stop(self) -> None:
        """End; when it returns no further call is made."""
        ...


class PrintFault(StrEnum):
    """Why a badge was not printed; the window has the words and the remedy for each."""

    NO_KEY = "no_key"  # the key that signs badges is not on this PC
    LETTERS = "letters"  # no font of this PC has a letter of the name
    NOT_READ = "not_read"  # the badge's code was not read back from its page
    PRINTER = "printer"  # the printer does not take it
    DISK = "disk"  # without a printer: the file could not be written


class BadgePrintError(Exception):
    """A badge that was not printed, and why: `fault`."""

    def __init__(self, fault: PrintFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class BadgePrinter(Protocol):
    """Prints the badge of one guest at the desk."""

    @property
    def able(self) -> bool:
        """Whether badges can be signed on this PC."""
        ...

    @property
    def name(self) -> str:
        """The printer as people know it; empty where there is none, and a file is written."""
        ...

    def print_badge(self, guest: Guest) -> None:
        """Print it, from any thread; it takes a second or more. Raises BadgePrintError."""
        ...


class CodeReader(Protocol):
    """Reads QR codes from a picture."""

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The codes in `image` (luma, shape (height, width), uint8)."""
        ...


class Sound(StrEnum):
    """What a screen lets be heard; each differs from the others by rhythm and by melody."""

    ADMIT = "admit"
    DESK = "desk"
    REFUSE = "refuse"
    READ = "read"  # a code was read, and more is to come
    ASK = "ask"  # the screen asks the guest for something else than what is held up
    CALL = "call"  # staff are wanted: something is in the way of every guest


class Sounds(Protocol):
    """The loudspeaker of a station. No call waits for anything; without a device all is silent."""

    @property
    def device(self) -> str | None:
        """Where it is heard: a name; empty where there is no device, None while that is unknown."""
        ...

    def play(self, sound: Sound) -> None:
        """Let `sound` be heard now, in the place of one that still plays."""
        ...

    def test(self) -> None:
        """Let the three answers be heard, one after the other."""
        ...


class Speech(Protocol):
    """Reads aloud. No call waits for anything; voices are known some seconds after the start."""

    def can_speak(self, language: str) -> bool:
        """Whether there is a voice for `language` (ISO 639-1)."""
        ...

    def say(self, text: str, language: str) -> None:
        """Read `text` aloud in the place of what is being read; nothing without a voice."""
        ...

    def hush(self) -> None:
        """Read no further."""
        ...
