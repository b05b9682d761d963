"""`kiosk trust`: bring trust lists into the state folder, look at them, compare them."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    instant,
    load_event_file,
    read_key,
    show,
    state_folder,
)

if TYPE_CHECKING:
    from kiosk.adapters.trust.sources import Progress
    from kiosk.core.trust.floors import Floors
    from kiosk.core.trust.succession import Succession
    from kiosk.core.trust.trustlist import TrustList

_IMPORT = """\
Reads lists, checks their signatures, and writes one file of their union. It replaces the one
written before; to keep lists of several nations apart, import each with
--out STATE/trust/NATION.json: a door uses all that lie there.

Refused, and nothing is changed: a list whose signature none of the keys verifies, one that is
cut off, and one dated more than a day after this PC's clock. Refused unless --force: an older
issue than one that was here, another one of the same date, a list without a date in the place
of a dated one, one in which more than a fifth of the keys in force or all keys of a country are
gone, keys that lose their checked signature. Revoked keys stay revoked."""

_SHOW = """\
By country: how many keys, their algorithms, from when to when, how many come from a list whose
signature was checked, how many chain to a national authority (CSCA), and which are not in force
for the whole of an event, or now. --json names every key."""

_DIFF = """\
Keys that are new (+), gone (-) or changed (~: usage, validity, certificate, provenance) from A to
B, and blocked kids. Names and dates of the lists are no difference.

exit status: 0 when there is none, 1 when there is one, 2 for lists that cannot be read."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("trust", help="import, show and compare trust lists")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    importing = _action(actions, "import", "check lists and keep them in one form", _IMPORT)
    importing.add_argument("source", nargs="+", type=Path, metavar="SOURCE", help="file or folder")
    importing.add_argument(
        "--out", type=Path, metavar="FILE", help="default: trust/trust.json of the state folder"
    )
    importing.add_argument("--force", action="store_true", help="insist, where one may (see above)")
    importing.add_argument(
        "--progress", action="store_true", help="tell progress, even where no terminal is"
    )
    add_state(importing)
    importing.set_defaults(func=run_import)
    showing = _action(actions, "show", "keys by country, age, end, provenance", _SHOW)
    showing.add_argument(
        "source", nargs="*", type=Path, metavar="SOURCE", help="default: the installation's"
    )
    showing.add_argument("--event", type=Path, metavar="FILE", help="in force for this event?")
    showing.add_argument("--at", type=instant, metavar="TIME", help="in force then? (ISO 8601)")
    showing.add_argument("--json", action="store_true", help="one JSON object")
    add_state(showing)
    showing.set_defaults(func=run_show)
    comparing = _action(actions, "diff", "what differs between two lists", _DIFF)
    comparing.add_argument("a", type=Path, metavar="A")
    comparing.add_argument("b", type=Path, metavar="B")
    comparing.add_argument("--json", action="store_true", help="one JSON object")
    comparing.set_defaults(func=run_diff)


def _action(
    actions: Subparsers[argparse.ArgumentParser], name: str, brief: str, description: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(
        name,
        help=brief,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    action.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        metavar="PEM",
        help="pinned key of signed lists; repeatable, each list is checked with the one that fits",
    )
    return action


def run_import(options: argparse.Namespace) -> int:
    """Write the union of the sources in the program's own form."""
    from kiosk.core.trust.formats import TrustSourceError

    out = options.out or _folder(options) / "trust.json"
    try:
        new = _read(options.source, options.key, _progress(options))
        before = _replaced(out)
        succession = _import(new, before, out, options)
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}. Nothing was changed.")
    show(_imported(new, before, succession, out))
    return 0


def _folder(options: argparse.Namespace) -> Path:
    return state_folder(options) / "trust"


def _read(sources: list[Path], keys: list[Path], progress: Progress | None) -> TrustList:
    """The union of `sources`, chains checked. Raises CommandError, TrustSourceError, OSError."""
    from kiosk.adapters.trust.sources import named_trust
    from kiosk.core.trust.chain import with_chains

    trust = named_trust(sources, [read_key(key) for key in keys], progress=progress)
    held = counted(len(trust.signers), "key")
    if progress:
        progress(1, 1, f"chains of {held} to {len(trust.authorities)} CSCA")
    trust = with_chains(trust)
    if progress:
        progress(1, 1, "")
    if not trust.signers and trust.authorities and not trust.skipped:
        raise CommandError(_only_authorities(len(trust.authorities)))
    if not trust.signers:
        told = "".join(f"\n  not used: {line}" for line in trust.skipped)
        raise CommandError(f"No key in it can be used; nothing was changed.{told}")
    return trust


def _only_authorities(count: int) -> str:
    authorities = "1 national authority" if count == 1 else f"{count} national authorities"
    return (
        f"It holds {authorities} (CSCA) and no signer; nothing was changed. "
        "Name the list of their signers (DSC) too: authorities only check its chains."
    )


def _progress(options: argparse.Namespace) -> Progress | None:
    """Tells on standard error what is read, on one line that ends empty."""
    if not options.progress and not sys.stderr.isatty():
        return None

    def tell(done: int, count: int, what: str) -> None:
        line = f"{done} of {count} read; {what}" if what else ""
        shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
        print(f"\r{shown[:79]:79s}", end="" if what else "\r", file=sys.stderr, flush=True)

    return tell


def _import(
    new: TrustList, before: TrustList | None, out: Path, options: argparse.Namespace
) -> Succession:
    """Put `new` into the place of `out`, where `before` is.

    Raises CommandError where it may not take it; TrustSourceError, OSError.
    """
    from kiosk.adapters.trust.store import write_floors, write_trust
    from kiosk.core.trust.succession import succeed
    from kiosk.core.trust.trustlist import TrustList

    folder, force, at = _folder(options), options.force, _now()
    installed = out.resolve().is_relative_to(folder.resolve())
    floors = _floors(folder, installed=installed, force=force)
    succession = succeed(before or TrustList(), new, floors, at)
    if objections := [o for o in succession.objections if not (force and o.may_insist)]:
        insist = all(objection.may_insist for objection in objections)
        told = "\n".join(f"  {objection}" for objection in objections)
        last = "\n--force imports it all the same." if insist else ""
        every = _how_to_compare(out, options) if succession.difference.gone else ""
        raise CommandError(f"Refused; {out} stays as it was:\n{told}{every}{last}")
    if installed and force:
        floors = floors.without(new)
        write_floors(floors, folder)  # first, or a crash would leave a list below its floor
    write_trust(succession.trust, out)
    if installed:
        write_floors(floors.raised_by(succession.trust, at), folder)
    return succession


def _how_to_compare(out: Path, options: argparse.Namespace) -> str:
    sources = [str(source) for source in options.source]
    keys = [word for key in options.key for word in ("--key", str(key))]
    words = [str(out), sources[0] if len(sources) == 1 else "SOURCE", *keys]
    return f"\nEvery key that differs: kiosk trust diff {shlex.join(words)}"


def _now() -> datetime:
    from kiosk.adapters.system.clock import SystemClock

    return SystemClock().now()


def _floors(folder: Path, *, installed: bool, force: bool) -> Floors:
    from kiosk.adapters.trust.store import read_floors
    from kiosk.core.trust.floors import Floors
    from kiosk.core.trust.formats import TrustSourceError

    if not installed:
        return Floors()  # a file for somewhere else
    try:
        return read_floors(folder)
    except TrustSourceError:
        if force:
            return Floors()
        raise


def _replaced(out: Path) -> TrustList | None:
    """What is in the place where a list is to be written; None where it is none."""
    from kiosk.adapters.trust.sources import named_trust
    from kiosk.core.trust.formats import TrustSourceError

    try:
        return named_trust([out], recorded=True) if out.exists() else None
    except TrustSourceError:
        return None


def _imported(
    new: TrustList, before: TrustList | None, succession: Succession, out: Path
) -> Iterator[str]:
    from kiosk.cli.trust_words import dated, provenance_lines

    at = _now()
    difference = succession.difference
    yield from (f"not used: {line}" for line in new.skipped)
    yield from (f"ALARM: {line}" for line in succession.alarms)
    yield from provenance_lines(new)
    for signer in new.signers:
        if signer.provenance.chained is False:
            yield f"note: {signer.country} {signer.kid.hex()} is not signed by the CSCA it names"
    if before is not None:
        yield f"replaced: {counted(len(before.signers), 'signer')} of {dated(before)}"
    if new.expires_at is not None and new.expires_at < at:
        yield f"note: it ended {new.expires_at}; a door would send every certificate to the desk"
    yield (
        f"{counted(len(new.signers), 'signer')} of {dated(new)} in {out}: "
        f"{len(difference.new)} new, {len(difference.changed)} changed, {len(difference.gone)} gone"
    )


def run_show(options: argparse.Namespace) -> int:
    """Print what the sources, or the installation, hold."""
    from kiosk.cli.trust_words import show_json, show_lines
    from kiosk.core.trust.formats import TrustSourceError

    try:
        start, end = _span(options)
        trust = _shown(options)
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    if options.json:
        print(json.dumps(show_json(trust, start, end)))
    else:
        show(show_lines(trust, start, end))
    return 0


def _span(options: argparse.Namespace) -> tuple[datetime, datetime]:
    """From when to when the keys should be in force. Raises CommandError."""
    if options.event and options.at:
        raise CommandError("Give --event or --at, not both.")
    if options.event:
        occasions = load_event_file(options.event).occasions
        return min(o.opens for o in occasions), max(o.closes for o in occasions)
    at = options.at or _now()
    return at, at


def _shown(options: argparse.Namespace) -> TrustList:
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust, named_trust
    from kiosk.core.trust.chain import with_chains

    if options.source:
        return with_chains(named_trust(options.source, [read_key(key) for key in options.key]))
    if options.state and not options.state.is_dir():
        raise CommandError(f"There is no state folder {options.state}. Check --state.")
    if options.key:
        raise CommandError("--key belongs to a list named as SOURCE.")
    return with_chains(installed_trust([certs(), state_folder(options) / "trust"]))


def run_diff(options: argparse.Namespace) -> int:
    """Print the difference from A to B; the exit status says whether there is one."""
    from kiosk.adapters.trust.sources import named_trust
    from kiosk.cli.trust_words import diff_json, diff_lines
    from kiosk.core.trust.comparison import compare
    from kiosk.core.trust.formats import TrustSourceError

    try:
        keys = [read_key(key) for key in options.key]
        old, new = (
            named_trust([path], keys, every_key=False, recorded=path.is_file())
            for path in (options.a, options.b)
        )
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    difference = compare(old, new)
    if options.json:
        print(json.dumps(diff_json(difference)))
    else:
        show(diff_lines(difference))
    return 1 if difference else 0
