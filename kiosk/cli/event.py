"""`kiosk event`: look at an event file before the doors open."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError, Subparsers, fail, load_event_file, load_policy_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from kiosk.core.policy.event import Event
    from kiosk.core.policy.judge import Policy


_WAYS = {"left": "on the left", "right": "on the right", "ahead": "ahead", "behind": "behind"}


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("event", help="check an event file", description=__doc__)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser(
        "check",
        help="name every fault with its line and remedy",
        description="Reads an event file and its rules, names every fault with its remedy, and "
        "says in words what it means. Exit status 0 without faults, 2 with.",
    )
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(func=run_check)
    notice = actions.add_parser(
        "notice",
        help="what guests are told of their data, to be printed",
        description="Writes what the key for it shows on the guests' screen as A4 pages, one for "
        "each language: the event's, or those named.",
    )
    notice.add_argument("--event", type=Path, required=True, metavar="FILE")
    notice.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    notice.add_argument("--lang", action="append", metavar="CODE", help="such as fr; repeatable")
    notice.set_defaults(func=run_notice)


def run_check(options: argparse.Namespace) -> int:
    """Say what the file means, or what is wrong in it."""
    try:
        event, policy = load_policy_file(options.file)
    except CommandError as error:
        return fail(str(error))
    print("\n".join(_in_words(event, policy)))
    return 0


def run_notice(options: argparse.Namespace) -> int:
    """Write the pages."""
    from kiosk.adapters.files import write_whole
    from kiosk.adapters.reports.notice import PrintedNotice, printed_notice
    from kiosk.adapters.system.places import assets
    from kiosk.bootstrap.screens import load_wordings
    from kiosk.desk.findings import Mode
    from kiosk.gui.words.notice import notice
    from kiosk.look import begin_painting

    if options.out.suffix.lower() != ".pdf":
        return fail(f"{options.out}: name a file that ends in .pdf.")
    try:
        event = load_event_file(options.event)
    except CommandError as error:
        return fail(str(error))
    there = load_wordings(event, Mode.SELF)
    wanted = options.lang or [code for code in there if code in event.languages] or ["en"]
    if unknown := [code for code in wanted if code not in there]:
        return fail(f"There are no texts in {unknown[0]}. Name one of: {', '.join(sorted(there))}.")
    pages = [PrintedNotice(there[c]("notice.title"), notice(event, there[c])) for c in wanted]
    painting = begin_painting(assets() / "fonts")
    try:
        write_whole(options.out, printed_notice(event.name, pages))
    except OSError as error:
        return fail(f"{options.out}: {error.strerror}. Choose a file you may write.")
    del painting
    print(f"{options.out}: hang it beside the screen; in {', '.join(wanted)}")
    return 0


def _in_words(event: Event, policy: Policy) -> Iterator[str]:
    proofs = event.proofs
    yield f"{event.name} ({event.id}), {event.place}, {event.time_zone.key}"
    for occasion in event.occasions:
        seats = f", {occasion.seats_at_most} seats a Partnership" if occasion.seats_at_most else ""
        room = f", {occasion.room} for {occasion.capacity}" if occasion.capacity else ""
        hours = f"{occasion.opens:%a %d %b %Y %H:%M} to {occasion.closes:%H:%M}"
        yield f"  {occasion.id}: {occasion.name}, {hours}{room}{seats}"
    for door in event.doors:
        desk = f", the desk is {_WAYS[door.desk]}" if door.desk else ""
        yield f"  door {door.id} ({door.name}): certificate {door.certificate}{desk}"
    end = f"after {_hours(event.list_end_after)}" if event.list_end_after else "at its own end"
    yield f"  a trust list is told as old after {_hours(event.list_banner_after)}, ends {end}"
    yield f"  accepted: {', '.join(sorted(proofs.accepted))}"
    yield f"  a test counts for {_hours(proofs.test_max_age)}"
    yield (
        f"  a vaccination counts {proofs.after_course.days} days after a course, "
        f"{proofs.after_single_dose.days} after a single dose, "
        f"{proofs.after_booster.days} after a booster"
    )
    yield (
        f"  a recovery counts from {proofs.recovery_from.days} to "
        f"{proofs.recovery_until.days} days after the positive test"
    )
    source = proofs.rules or "the program"
    yield f"  {len(policy.rules)} rules of {source} say so (kiosk rules explain)"
    yield f"  self-scan is the {event.self_scan}; badges {event.badges}; re-entry {event.reentry}"
    yield f"  guests are told who is responsible: {event.controller or 'nobody is named'}"
    yield f"  and by which law: {event.legal_basis or 'none is named'}"
    yield "no faults"


def _hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:g} h"
