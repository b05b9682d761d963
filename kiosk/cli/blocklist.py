"""`kiosk blocklist`: block keys and certificates for good, and look at what is blocked."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import (
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    read_named,
    show,
    state_folder,
)

if TYPE_CHECKING:
    from kiosk.core.revocation.blocklist import Blocklist, Entry
    from kiosk.core.trust.signer import DocumentSigner

MAX_IDENTIFIERS = 1024 * 1024  # bytes
MAX_CERTIFICATES = 256 * 1024  # bytes
LONGEST_IDENTIFIER = 200  # characters, as a certificate may carry it
_DESCRIPTION = """\
The blocklist holds keys (by their kid, and by the hash of the public key as soon as it is known)
and single certificates (by the hash of their identifier) that are never believed again, whatever
newer lists say. It only ever grows, and there is no command to take a line out: a key that was
believed again the day after it was blocked is how forged certificates came back in October 2021.
After a mistake, start the event with a new state folder and block in it what is to be blocked;
guests, badge key and trust lists are imported into it again."""
_ADD = """\
A UVCI (the identifier of a certificate, its field `ci`) is read from a file or from standard input,
never from the command line, where other programs and the shell's history would see it; only its
hash is kept. One a line.

A kid blocks its key under every kid once a trust list that is installed here has shown the key;
--certificate blocks the key itself at once."""


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "blocklist",
        help="block keys and certificates for good",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    adding = actions.add_parser("add", help="block a key or a certificate", description=_ADD)
    adding.add_argument(
        "--kid", action="append", default=[], help="a key, in hexadecimal or base64; repeatable"
    )
    adding.add_argument(
        "--certificate",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the certificates (PEM or DER) of keys, under whatever kid; repeatable",
    )
    adding.add_argument("--uvci", metavar="FILE", help="a file of UVCIs, or - for standard input")
    adding.add_argument(
        "--uvci-hash",
        action="append",
        default=[],
        metavar="HASH",
        help="SHA-256 of a UVCI, whole or its first 16 bytes, in hexadecimal or base64; repeatable",
    )
    adding.add_argument(
        "--source", default="by hand", help="where you have it from, without any name (kept)"
    )
    add_state(adding)
    adding.set_defaults(func=run_add)
    importing = actions.add_parser("import", help="block what another blocklist blocks")
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument(
        "--sound-lines", action="store_true", help="of a damaged file, take what is not damaged"
    )
    add_state(importing)
    importing.set_defaults(func=run_import)
    showing = actions.add_parser("show", help="how many, from where, since when")
    add_state(showing)
    showing.set_defaults(func=run_show)


def run_add(options: argparse.Namespace) -> int:
    """Block what the options name."""
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.revocation.blocklist import Blocked, Entry, digest_of_key

    at = SystemClock().now()
    try:
        signers = [signer for path in options.certificate for signer in _signers(path)]
        kids = [_kid(text) for text in options.kid] + [signer.kid for signer in signers]
        marks = [_hash(text) for text in options.uvci_hash]
        if options.uvci is not None:
            marks += _identifiers(options.uvci)
    except CommandError as error:
        return fail(str(error))
    if not kids and not marks:
        return fail("There is nothing to block. Give --kid, --certificate, --uvci or --uvci-hash.")
    for kid in kids:
        print(f"key {kid.hex()} ({len(kid)} bytes)")
    entries = [Entry(Blocked.KEY, kid, at, options.source) for kid in kids]
    keys = [digest_of_key(signer.public_key) for signer in signers]
    entries += [Entry(Blocked.PUBLIC_KEY, key, at, options.source) for key in keys]
    entries += [Entry(Blocked.CERTIFICATE, mark, at, options.source) for mark in marks]
    return _block(state_folder(options), entries, at)


def run_import(options: argparse.Namespace) -> int:
    """Block what the lines of another file block."""
    from kiosk.adapters.revocation.blocklist import as_it_is, whole
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.revocation.errors import RevocationError

    at = SystemClock().now()
    if not options.file.exists():
        return fail(f"{options.file}: there is no such file. Give a blocklist.")
    try:
        found = as_it_is(options.file) if options.sound_lines else whole(options.file)
    except RevocationError as error:
        return fail(str(error))
    for fault in found.faults:
        print(f"not taken: {fault}")
    return _block(state_folder(options), _imported(found.blocklist, options.file, at), at)


def _imported(blocklist: Blocklist, path: Path, at: datetime) -> list[Entry]:
    from kiosk.core.revocation.blocklist import Entry

    return [
        Entry(entry.what, entry.value, at, f"{entry.source} ({path.name})")
        for entry in blocklist.entries
    ]


def named_or_installed(path: Path | None, state: Path) -> Blocklist:
    """The blocklist in `path`, else the one of `state`. Raises CommandError."""
    from kiosk.adapters.revocation.blocklist import open_blocklist, whole
    from kiosk.core.revocation.errors import RevocationError

    if path is not None and not path.exists():
        raise CommandError(f"{path}: there is no such file. Give a blocklist.")
    try:
        return whole(path).blocklist if path else open_blocklist(state)
    except RevocationError as error:
        raise CommandError(str(error)) from None


def _block(state: Path, entries: Sequence[Entry], at: datetime) -> int:
    from kiosk.adapters.revocation.blocklist import block
    from kiosk.core.revocation.blocklist import Blocked
    from kiosk.core.revocation.errors import RevocationError

    try:
        new = block(state, entries)
        before = len(entries) - len(new)
        were = "was" if before == 1 else "were"
        print(f"blocked for good: {_counted(new)}; {before:,} {were} blocked before")
        if any(entry.what is not Blocked.CERTIFICATE for entry in entries):
            _block_known(state, at)
    except RevocationError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}. Check --state and free disk space.")
    return 0


def _block_known(state: Path, at: datetime) -> None:
    """Block what the installed trust lists know of the keys that are blocked.

    Lists that cannot be read hinder nothing: what was asked for is blocked already.
    """
    from kiosk.adapters.revocation.blocklist import block, open_blocklist
    from kiosk.adapters.revocation.memory import known_of
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust
    from kiosk.core.trust.formats import TrustSourceError

    try:
        trust = installed_trust([certs(), state / "trust"])
    except (TrustSourceError, OSError) as error:
        fail(f"{error}\nWhat was asked for is blocked; no trust list could show the keys of kids.")
        return
    new = block(state, known_of(trust, open_blocklist(state), at))
    if new:
        print(f"and with it, from the installed trust lists: {_counted(new)}")


def run_show(options: argparse.Namespace) -> int:
    """Print counts, sources and dates."""
    from kiosk.adapters.revocation.blocklist import FILE, FOLDER, as_it_is
    from kiosk.core.revocation.errors import RevocationError

    state = state_folder(options)
    path = state / FOLDER / FILE
    try:
        found = as_it_is(path)
    except RevocationError as error:
        return fail(str(error))
    show(_in_words(found.blocklist))
    if found.faults:
        return fail(f"{path}: " + "; ".join(found.faults))
    return 0


def _in_words(blocklist: Blocklist) -> Iterator[str]:
    from kiosk.core.revocation.blocklist import Blocked

    yield f"blocked: {_counted(blocklist.entries)}"
    for source in dict.fromkeys(entry.source for entry in blocklist.entries):
        entries = [entry for entry in blocklist.entries if entry.source == source]
        first, last = min(e.at for e in entries), max(e.at for e in entries)
        until = f" to {last:%d %b %Y}" if last.date() != first.date() else ""
        yield f"  {_counted(entries)}, {first:%d %b %Y}{until}: {source}"
    kids = [entry.value.hex() for entry in blocklist.entries if entry.what is Blocked.KEY]
    yield from (f"  key {kid}" for kid in kids)
    keys = [entry.value.hex() for entry in blocklist.entries if entry.what is Blocked.PUBLIC_KEY]
    yield from (f"  public key with SHA-256 {key}" for key in keys)


def _counted(entries: Sequence[Entry]) -> str:
    from kiosk.core.revocation.blocklist import Blocked

    counts = Counter(entry.what for entry in entries)
    public = counts[Blocked.PUBLIC_KEY]
    return (
        f"{counted(counts[Blocked.KEY], 'key')}, "
        f"{counted(counts[Blocked.CERTIFICATE], 'certificate')}"
        f"{', ' + counted(public, 'public key') if public else ''}"
    )


# What is to be blocked


def _kid(text: str) -> bytes:
    """A key identifier of 1 to 32 bytes. Hexadecimal wins where it could be either."""
    from kiosk.core.encodings import from_base64
    from kiosk.core.hcert.cose import MAX_KID

    try:
        kid: bytes | None = bytes.fromhex(text)
    except ValueError:
        kid = from_base64(text)
    if kid is None or not 1 <= len(kid) <= MAX_KID:
        raise CommandError(
            f"--kid takes hexadecimal or base64 of 1 to {MAX_KID} bytes. "
            "Copy it from `kiosk verify`, which shows the key of a code."
        )
    return kid


def _signers(path: Path) -> tuple[DocumentSigner, ...]:
    """The keys in a file of certificates. Raises CommandError where one is not usable."""
    from kiosk.core.trust.formats import Source
    from kiosk.core.trust.formats.certificates import load, matches

    remedy = "Give the certificate of a signing key, in PEM or DER."
    source = Source(path.name, read_named(path, MAX_CERTIFICATES, remedy))
    if not matches(source):
        raise CommandError(f"{path}: there is no certificate in it. {remedy}")
    found = load(source, ())
    if found.skipped:
        faults = "".join(f"\n  {line}" for line in found.skipped)
        raise CommandError(f"{path}: nothing of it is used{faults}\n{remedy}")
    return found.signers


def _hash(text: str) -> bytes:
    from kiosk.core.revocation.hashlist import hash_of

    mark = hash_of(text)
    if mark is None:
        # What was typed may be an identifier after all: it is not repeated.
        raise CommandError(
            "--uvci-hash takes a hash of 16 or 32 bytes in hexadecimal or base64. "
            "To block an identifier itself, give it in a file or on standard input: --uvci -"
        )
    return mark


def _identifiers(name: str) -> list[bytes]:
    """The marks of the identifiers in a file, a line each. Raises CommandError with every fault."""
    from kiosk.core.revocation.marks import mark_of_identifier

    remedy = "Give one identifier (UVCI, the field ci) a line."
    data = _typed() if name == "-" else read_named(Path(name), MAX_IDENTIFIERS, remedy)
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise CommandError(f"{name}: not UTF-8 text. {remedy}") from None
    written = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    faults = [f"\n  line {number}: {fault}" for number, line in written if (fault := _fault(line))]
    if faults or not written or len(data) > MAX_IDENTIFIERS:
        raise CommandError(f"{name}: nothing of it is used{''.join(faults)}\n{remedy}")
    return [mark_of_identifier(line) for _, line in written]


def _typed() -> bytes:
    """What comes on standard input."""
    if sys.stdin is None:
        return b""
    if sys.stdin.isatty():
        print("One identifier a line; end with Ctrl-D (Windows: Ctrl-Z).", file=sys.stderr)
    return sys.stdin.buffer.read(MAX_IDENTIFIERS + 1)


def _fault(line: str) -> str:
    """Why a line is no identifier; it is not repeated. Empty where it may be one."""
    from kiosk.core.revocation.hashlist import hash_of
    from kiosk.core.revocation.marks import bare_form

    if line.startswith("HC1:"):
        return "the code of a certificate; `kiosk verify` it, and give the field ci"
    if hash_of(line.strip()) is not None:
        return "a hash already; give it with --uvci-hash"
    if not 4 <= len(bare_form(line)) <= LONGEST_IDENTIFIER:
        return "too short or too long for an identifier"
    return ""
