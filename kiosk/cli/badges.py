"""`kiosk badges`: badges as sheets, as labels or as files, and blank ones in reserve."""

from __future__ import annotations

import argparse
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.badge_reserve import add_reserve_parser
from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    load_event_file,
    show,
    state_folder,
)
from kiosk.cli.unlocking import guest_sealer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from kiosk.adapters.badges.face import Face
    from kiosk.adapters.badges.layouts import Layout
    from kiosk.adapters.badges.proof import Expected
    from kiosk.adapters.storage.database import OpenDatabase
    from kiosk.core.guests.guest import Guest
    from kiosk.core.guests.guestlist import GuestList
    from kiosk.core.policy.event import Event

MAX_SHIFT = 20.0  # mm
_TOLD = 10  # guests named in one message
OFFICE = "office"  # who did it, in the log: the organiser, who opens no session

_DESCRIPTION = """\
Writes a badge for each guest who was selected and comes in person: one PDF of sheets or labels, or
into a folder one file each, with the table that a mail merge needs. Every code is read back from
what was written before it is handed over. The first time, the key that signs badges is made
(`kiosk keys`); kiosks get its public half alone."""


@dataclass(frozen=True)
class Press:
    """What badges are made with."""

    event: Event
    key: Ed25519PrivateKey
    layout: Layout
    expected: Expected

    def sign(self, badge: bytes) -> str:
        """The text of a badge's code."""
        from kiosk.core.guests.badge import make_badge

        return make_badge(badge, self.event.id, self.key)

    def face(self, guest: Guest) -> Face:
        """The badge of a guest."""
        from kiosk.adapters.badges.face import guest_face

        return guest_face(guest, self.event, self.sign(guest.badge))

    @property
    def signer(self) -> str:
        """The key's fingerprint."""
        from kiosk.adapters.system.keys import fingerprint

        return fingerprint(self.key.public_key())


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("badges", help="print badges", description=_DESCRIPTION)
    _add_output(parser, required=False)
    parser.add_argument("--format", choices=("png", "pdf"), help="of the files in a folder (png)")
    parser.add_argument("--list-layouts", action="store_true", help="tell layouts and sizes")
    parser.add_argument(
        "--guest", action="append", metavar="ID|NAME", help="this guest alone; may be repeated"
    )
    parser.add_argument("--only", choices=("new",), help="those not printed yet")
    parser.add_argument("--blanks", type=int, metavar="N", help="blank ones in reserve for --desk")
    parser.add_argument("--desk", metavar="NAME", help='the desk that gets them, as "Desk 2"')
    parser.set_defaults(func=lambda options: _told(run, options), parser=parser)
    parts = parser.add_subparsers(metavar="[reprint|reserve]", title="besides")
    add_reserve_parser(parts)
    again = parts.add_parser("reprint", help="one guest's badge once more", description=_REPRINT)
    again.add_argument("guest", metavar="GUEST", help="badge id, guest id or name")
    _add_output(again, required=True)
    again.add_argument("--new", action="store_true", help="the old one is lost: it is revoked")
    again.set_defaults(func=lambda options: _told(run_reprint, options))


_REPRINT = """\
Writes one guest's badge once more. It is the same badge, so that a lost one would still open the
door; with --new it is another, and the lost one brings its finder to the desk. Both need the
organiser's key. A desk without it hands out a blank badge of its reserve."""


def _add_output(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--event", type=Path, required=required, metavar="FILE")
    parser.add_argument("--out", type=Path, required=required, metavar="FILE.pdf|FOLDER")
    parser.add_argument("--layout", metavar="NAME", help="see --list-layouts; a4-10 unless told")
    parser.add_argument(
        "--shift", type=_shift, default=(0.0, 0.0), metavar="X,Y", help="mm right and down"
    )
    add_state(parser)


def _told(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from kiosk.adapters.badges.sheets import SheetError
    from kiosk.adapters.storage.database import DatabaseError
    from kiosk.adapters.system.keys import KeyFileError
    from kiosk.core.guests.reserve import ReserveError
    from kiosk.desk.ports import StorageTroubleError

    try:
        return run(options)
    except (CommandError, DatabaseError, KeyFileError, ReserveError, SheetError) as error:
        return fail(str(error))
    except StorageTroubleError as error:
        return fail(f"The lost badge was not revoked ({error}). Free disk space and try again.")
    except OSError as error:
        return fail(f"{options.out}: {error.strerror}. Choose a place that you may write to.")


def run(options: argparse.Namespace) -> int:
    """Write the badges."""
    if options.list_layouts:
        return _show_layouts()
    if options.event is None or options.out is None:
        options.parser.error("--event and --out are needed")
    if (options.blanks is None) != (options.desk is None):
        options.parser.error("--blanks and --desk go together")
    from kiosk.adapters.storage.database import read_database

    state = state_folder(options)
    event = load_event_file(options.event)
    with read_database(state, guest_sealer(state)) as database:
        press = _press(options, event, state)
        if options.blanks is not None:
            return _blanks(options, press, database)
        return _guests(options, press, database)


def _guests(options: argparse.Namespace, press: Press, database: OpenDatabase) -> int:
    from kiosk.adapters.storage.guests import read_guests
    from kiosk.adapters.storage.reserve import note_printed, printed_badges

    guests = read_guests(database)
    if options.guest:
        chosen = [_one(guests, named) for named in options.guest]
    else:
        chosen = [guest for guest in guests if _comes(guest)]
    if not chosen:
        raise CommandError(
            "There is no guest yet who was selected and comes in person. First: kiosk guests "
            "import FILE.csv --event FILE"
        )
    if options.only:
        there = printed_badges(database, press.signer)
        chosen = [guest for guest in chosen if guest.badge not in there]
    if not chosen:
        print("Every badge was printed already; nothing is written.")
        return 0
    _write(options, press, [press.face(guest) for guest in chosen])
    note_printed(database, [guest.badge for guest in chosen], press.signer)
    others = len(guests) - len(chosen)
    if others and not (options.guest or options.only):
        print(f"{counted(others, 'guest')} without: not selected, or not in person")
    return 0


def _blanks(options: argparse.Namespace, press: Press, database: OpenDatabase) -> int:
    from kiosk.adapters.badges.face import blank_face
    from kiosk.adapters.storage.reserve import add_reserve, stored_reserve
    from kiosk.core.guests.badge import ID_LENGTH
    from kiosk.core.guests.reserve import MAX_BLANKS, ReserveBadge

    if not 1 <= options.blanks <= MAX_BLANKS:
        raise CommandError(f"--blanks is a number from 1 to {MAX_BLANKS}.")
    numbers = stored_reserve(database).next_numbers(options.desk, options.blanks)
    made = [ReserveBadge(secrets.token_bytes(ID_LENGTH), options.desk, each) for each in numbers]
    # On the list first: a blank that is printed and on no list would be of no use.
    add_reserve(database, made)
    faces = [blank_face(b.badge, b.number, press.event, press.sign(b.badge)) for b in made]
    _write(options, press, faces)
    print(f"{numbers[0]} to {numbers[-1]} for {options.desk}")
    return 0


def run_reprint(options: argparse.Namespace) -> int:
    """Write one badge again."""
    from kiosk.adapters.storage.database import read_database
    from kiosk.adapters.storage.guests import read_guests
    from kiosk.adapters.storage.reserve import note_printed
    from kiosk.core.guests.badge import ID_LENGTH

    options.format = None
    state = state_folder(options)
    event = load_event_file(options.event)
    with read_database(state, guest_sealer(state)) as database:
        press = _press(options, event, state)
        guests = read_guests(database)
        guest = _one(guests, options.guest)
        if options.new:
            guest = replace(guest, badge=secrets.token_bytes(ID_LENGTH))
        _write(options, press, [press.face(guest)])
        if options.new:  # the old one is good until the new one is there
            _count_alone(database, event, guest)
            print("The lost badge is revoked: whoever shows it is sent to the desk.")
        note_printed(database, [guest.badge], press.signer)
    return 0


def _count_alone(database: OpenDatabase, event: Event, guest: Guest) -> None:
    """From now on the badge of `guest` counts, and the one before is revoked; the log tells it."""
    from kiosk.adapters.storage.journal import SqliteJournal
    from kiosk.adapters.system.clock import SystemClock, boot_id
    from kiosk.core.causes import Cause
    from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
    from kiosk.core.guests.amendments import Amendment, Change
    from kiosk.desk.identifiers import uuid7

    clock = SystemClock()
    at, cause = clock.now(), Cause.BADGE_REPLACED
    note = EntryDraft(EntryAct.NOTE, guest.id, "", "", EntryBasis.SUPERVISOR, OFFICE, cause)
    change = Change(guest.id, badge=guest.badge)
    amendment = Amendment(uuid7(at), at, database.meta("kiosk"), OFFICE, cause, change)
    journal = SqliteJournal(database, event.id, clock, boot_id())
    journal.append([note], at, amendments=[amendment])


def _press(options: argparse.Namespace, event: Event, state: Path) -> Press:
    from kiosk.adapters.badges.layouts import LAYOUTS, USUAL
    from kiosk.adapters.badges.proof import Expected
    from kiosk.adapters.reader.zxing import ZxingReader
    from kiosk.adapters.system.keys import badge_signing_key

    name = options.layout or USUAL
    if name not in LAYOUTS:
        raise CommandError(f"There is no layout {name!r}. There are: {', '.join(LAYOUTS)}.")
    key = badge_signing_key(state)
    expected = Expected(LAYOUTS[name], event.id, key.public_key(), ZxingReader())
    return Press(event, key, LAYOUTS[name], expected)


def _write(options: argparse.Namespace, press: Press, faces: Sequence[Face]) -> None:
    """Into the file or folder named, with every code read back. Raises CommandError."""
    from kiosk.adapters.badges.handover import Named, hand_over_files, hand_over_sheets
    from kiosk.adapters.badges.proof import ProofError
    from kiosk.adapters.system.places import assets
    from kiosk.cli.progress import Progress
    from kiosk.look import begin_painting

    if options.out.suffix.lower() not in ("", ".pdf") and not options.out.is_dir():
        raise CommandError(f"{options.out}: name a file that ends in .pdf, or a folder.")
    application = begin_painting(assets() / "fonts")
    _refuse_boxes(faces)
    sheets = options.out.suffix.lower() == ".pdf" and not options.out.is_dir()
    progress = Progress("drawn and read back" if sheets else "badges", len(faces) * (1 + sheets))
    try:
        if sheets:
            hand_over_sheets(
                options.out, faces, press.expected, shift=options.shift, step=progress.step
            )
        else:
            ending = options.format or "png"
            named = [Named(face, f"{_file_name(face)}.{ending}") for face in faces]
            hand_over_files(options.out, named, press.expected, step=progress.step)
    except ProofError as error:
        raise CommandError(
            f"Nothing is handed over. The badge of {_called(faces[error.at])}: {error}. Try "
            "another --layout; if it stays so, give that guest a blank badge of the reserve."
        ) from None
    finally:
        progress.clear()
        del application
    print(f"{counted(len(faces), 'badge')} in {options.out}, every code read back")


def _refuse_boxes(faces: Sequence[Face]) -> None:
    """Raises CommandError where a letter would be drawn as a box."""
    from kiosk.adapters.badges.handover import letters_missing

    if not (missing := letters_missing(faces)):
        return
    lines = [
        f"  {_called(faces[at])}: {', '.join(map(_character, letters))}"
        for at, letters in list(missing.items())[:_TOLD]
    ]
    if len(missing) > _TOLD:
        lines.append(f"  and {len(missing) - _TOLD:,} more")
    raise CommandError(
        "No font of this machine has these letters:\n" + "\n".join(lines) + "\nInstall a font that "
        "has them (Debian: fonts-noto-core, fonts-noto-cjk), or write the name in other letters."
    )


def _comes(guest: Guest) -> bool:
    from kiosk.core.guests.guest import Attendance, Selection

    return guest.attendance is Attendance.IN_PERSON and guest.selection is Selection.SELECTED


def _one(guests: GuestList, named: str) -> Guest:
    """The guest of a badge id, a guest id or a name. Raises CommandError."""
    from kiosk.core.guests.lists.values import badge_of

    badge = badge_of(named) or b""  # with hyphens too, as an export writes it
    found: Iterable[Guest | None] = (guests.by_id(named), guests.by_badge(badge))
    exactly = {guest.id: guest for guest in found if guest}
    if len(exactly) == 1:
        return next(iter(exactly.values()))
    candidates = guests.search(named)
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise CommandError(f"Nobody on the list is called {named!r}. Look: kiosk guests search")
    lines = [f"  {guest.badge.hex()}  {guest.name}, {guest.organisation}" for guest in candidates]
    raise CommandError(f"{named!r} may be several guests; give the badge id:\n" + "\n".join(lines))


def _show_layouts() -> int:
    from kiosk.adapters.badges.layouts import LAYOUTS

    lines = [f"{'layout':<14}{'badge':<13}{'on a page':<11}{'code':<9}paper"]
    for each in LAYOUTS.values():
        badge = f"{each.badge[0]:g} x {each.badge[1]:g}"
        lines.append(
            f"{each.name:<14}{badge:<13}{each.per_page:<11}{f'{each.code:.1f} mm':<9}{each.about}"
        )
    show([*lines, "Sizes in mm; the code without its white rim of 4 modules."])
    return 0


def _file_name(face: Face) -> str:
    if face.number:
        return face.number
    return f"{slug_of(face.family or face.given)}-{slug_of(face.given)}-{face.badge.hex()}"


def slug_of(name: str) -> str:
    """For a file name: without accents, and where that is not enough in letters of A-Z."""
    from kiosk.core.guests.spelling import transliterated

    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    if any(letter.isalpha() and not letter.isascii() for letter in plain):
        plain = transliterated(name)
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40] or "guest"


def _called(face: Face) -> str:
    return face.number or f"{face.given} {face.family}".strip()


def _character(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"{character} (U+{ord(character):04X} {name})".replace(" )", ")")


def _shift(text: str) -> tuple[float, float]:
    try:
        right, down = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not X,Y in mm, as 1.5,-2") from None
    if not max(abs(right), abs(down)) <= MAX_SHIFT:
        raise argparse.ArgumentTypeError(f"at most {MAX_SHIFT:g} mm; that is no shift any more")
    return right, down
