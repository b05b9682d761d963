"""`kiosk staff`: who may check certificates here, by name."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError, Subparsers, add_action, fail, show, state_folder
from kiosk.cli.verifiers import chosen_pin, clean_name, found, stored_staff

if TYPE_CHECKING:
    from kiosk.core.staff.register import Member

_DESCRIPTION = """\
Only persons who are authorised by name may check certificates (decree 2021-699, art. 2-3). As soon
as somebody is in this list, a door opens under a name alone: kiosk run --verifier NAME. A steward
lets in, checks with the official reader, lets out and undoes; a supervisor also opens self-scan
screens, changes the list at the door, overrides, confirms the clock and closes."""
_MODULE = 10  # pixels of the badge's picture


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "staff", help="who may check certificates, and their PINs", description=_DESCRIPTION
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = _action(actions, "add", run_add, "authorise somebody; asks for their PIN twice")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=("steward", "supervisor"), required=True)
    add.add_argument("--by", required=True, metavar="WHO", help="who authorises them")
    badges = add.add_mutually_exclusive_group()
    badges.add_argument(
        "--badge", type=Path, metavar="FILE.png", help="also write their badge, as `badge` does"
    )
    badges.add_argument(
        "--has-badge",
        type=Path,
        metavar="FILE.png",
        help="the badge that was written for them on another PC, so that it counts here too",
    )
    _action(actions, "list", run_list, "who is authorised, since when and by whom")
    pin = _action(actions, "pin", run_pin, "choose a new PIN, and forget wrong tries")
    pin.add_argument("name", metavar="NAME")
    badge = _action(
        actions,
        "badge",
        run_badge,
        "write the badge that tells a kiosk who somebody is",
    )
    badge.add_argument("name", metavar="NAME")
    badge.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    remove = _action(
        actions, "remove", run_remove, "take an authorisation back; the register keeps the name"
    )
    remove.add_argument("name", metavar="NAME")


def _action(
    actions: Subparsers[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    about: str,
) -> argparse.ArgumentParser:
    return add_action(actions, name, lambda options: _told(run, options), about)


def _told(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    from kiosk.adapters.system.keys import KeyFileError

    try:
        return run(options)
    except (CommandError, KeyFileError) as error:
        return fail(str(error))


def run_add(options: argparse.Namespace) -> int:
    """Authorise somebody."""
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.staff.badge import ID_LENGTH
    from kiosk.core.staff.register import Member
    from kiosk.core.staff.roles import Role

    name, by, role = clean_name(options.name), clean_name(options.by), Role(options.role)
    with stored_staff(state_folder(options), make=True) as staff:
        here = (m.name.casefold() for m in staff.members() if m.withdrawn_at is None)
        if name.casefold() in here:
            raise CommandError(f"{name} is authorised already. See: kiosk staff list")
        known = _id_of(options.has_badge, options) if options.has_badge else ""
        if known in (member.id for member in staff.members()):
            raise CommandError("This badge is of somebody who is or was here. Make a new one.")
        pin = chosen_pin(role, name)
        new = known or secrets.token_hex(ID_LENGTH)
        member = Member(new, name, role, SystemClock().now(), by, pin)
        staff.keep_member(member)
    show([f"{name} is authorised as {role} by {by}."])
    return _write_badge(member, options, options.badge) if options.badge else 0


def run_list(options: argparse.Namespace) -> int:
    """Tell who is authorised."""
    with stored_staff(state_folder(options)) as staff:
        here = [member for member in staff.members() if member.withdrawn_at is None]
    show(
        f"{m.name}: {m.role}, since {m.authorised_at:%Y-%m-%d %H:%M} UTC, by {m.authorised_by}"
        for m in here
    )
    if not here:
        print("Nobody is authorised yet: kiosk staff add NAME --role supervisor --by WHO")
    return 0


def run_pin(options: argparse.Namespace) -> int:
    """Choose a PIN anew."""
    with stored_staff(state_folder(options)) as staff:
        member = found(staff, options.name)
        staff.keep_member(replace(member, pin=chosen_pin(member.role, member.name)))
        staff.forget_tries(member.id)
    show([f"{member.name} has a new PIN."])
    return 0


def run_badge(options: argparse.Namespace) -> int:
    """Write somebody's badge."""
    with stored_staff(state_folder(options)) as staff:
        member = found(staff, options.name)
    return _write_badge(member, options, options.out)


def run_remove(options: argparse.Namespace) -> int:
    """Take an authorisation back."""
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.staff.register import Ended
    from kiosk.core.staff.roles import Role

    with stored_staff(state_folder(options)) as staff:
        member = found(staff, options.name)
        now = SystemClock().now()
        staff.keep_member(replace(member, withdrawn_at=now, pin=None))
        for session in staff.sessions():
            if session.member == member.id and session.closed is None:
                staff.keep_session(session.closed_at(now, Ended.CLOSED))
        staff.forget_tries(member.id)
        here = [m for m in staff.members() if m.withdrawn_at is None]
    show([f"{member.name} is authorised no more; the register keeps the name."])
    if here and all(m.role is not Role.SUPERVISOR for m in here):
        print("There is no supervisor left: kiosk staff add NAME --role supervisor --by WHO")
    return 0


def _id_of(picture: Path, options: argparse.Namespace) -> str:
    """Whose badge a picture shows. Raises CommandError, KeyFileError."""
    from kiosk.adapters.reader.pictures import PictureError, codes_in_picture
    from kiosk.adapters.system.keys import badge_public_key
    from kiosk.core.staff.badge import open_staff_badge

    key = badge_public_key(state_folder(options))
    try:
        codes = codes_in_picture(picture)
    except PictureError as error:
        raise CommandError(f"{picture}: {error} Give the PNG of the badge.") from None
    ids = [found for text in codes if (found := open_staff_badge(text, key))]
    if len(ids) != 1:
        raise CommandError(
            f"{picture} shows no badge of staff that this kiosk's key signed. Write one on the PC "
            "that has the key: kiosk staff badge NAME --out FILE.png"
        )
    return ids[0]


def _write_badge(member: Member, options: argparse.Namespace, out: Path) -> int:
    """A PNG of the code, which names its bearer and proves nothing without the PIN."""
    import segno

    from kiosk.adapters.system.keys import badge_signing_key
    from kiosk.core.staff.badge import make_staff_badge

    if out.suffix.lower() != ".png":
        raise CommandError(f"{out} does not end in .png. Give the name of a picture.")
    text = make_staff_badge(member.id, badge_signing_key(state_folder(options)))
    try:
        segno.make(text, error="m", micro=False).save(str(out), scale=_MODULE)
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}. Choose another place.") from None
    show([f"The badge of {member.name} is in {out}."])
    return 0
