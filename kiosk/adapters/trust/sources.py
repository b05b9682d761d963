"""Trust lists on disk: the folder certs/, the state folder, files named on the command line.

Finds and reads them: a file, a folder of certificates, a folder of lists. In an installation's
folder, a file named `list-key.*`, or any PEM that holds a public key, is a pinned key of the
signed lists beside it. `NAME.sig` (or `NAMEsig`) is the detached signature of NAME.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, Refusal, read_file
from kiosk.adapters.trust.store import FLOORS, read_floors
from kiosk.core.trust.floors import Floors, is_ahead
from kiosk.core.trust.formats import (
    Source,
    TrustSourceError,
    is_known,
    is_signed,
    open_source,
    own,
)
from kiosk.core.trust.formats.source import MAX_SOURCE, fingerprint, pinned_key
from kiosk.core.trust.trustlist import TrustList, merge

_LIST_SUFFIXES = {".json", ".cbor", ".bin", ".pem", ".der", ".cer", ".crt", ".list", ""}
_KEY_SUFFIXES = {".pem", ".key", ".crt"}
_DEPTH = 8  # folders below the one named
_MAX_FILES = 20_000  # in and below the folder named

Progress = Callable[[int, int, str], None]  # how many are read, of how many, and the next one


def installed_trust(folders: Sequence[Path]) -> TrustList:
    """Everything that the trust folders of an installation hold; those that exist.

    A list that is older than one that was believed before is refused. Raises TrustSourceError,
    OSError.
    """
    there = [folder for folder in folders if folder.is_dir()]
    all_floors = [read_floors(folder) for folder in there]
    places = [
        (place, floors)
        for folder, floors in zip(there, all_floors, strict=True)
        for place in _folders(folder)
    ]
    trust = merge([one for place, floors in places for one in _installed(place, floors)])
    for floors in all_floors:
        _check_floors(trust, floors)
        dropped = trust.dropped | floors.revoked - trust.revoked
        trust = replace(trust, revoked=trust.revoked | floors.revoked, dropped=dropped)
    return trust


def _check_floors(trust: TrustList, floors: Floors) -> None:
    for listing in trust.lists:
        if floors.is_below(listing):
            raise TrustSourceError(
                listing.name,
                f"this issue ({listing.issued_at}) is older than one that was believed here before",
                "Import the newest issue, or this one knowingly with --force; or remove its file.",
            )


def check_dates(trust: TrustList, at: datetime) -> None:
    """Refuse a list dated ahead of the clock `at` where a signed one says that the clock is right.

    Without such a witness nobody can say which is wrong, the list or the clock. Raises
    TrustSourceError.
    """
    ahead = [listing for listing in trust.lists if is_ahead(listing, at)]
    witnesses = [li for li in trust.lists if li.key and li.version and li not in ahead]
    if ahead and witnesses:
        when = ahead[0].issued_at or ahead[0].version
        raise TrustSourceError(
            ahead[0].name,
            f"it is dated {when}, more than a day after this PC's clock, {at}",
            "Set the clock of this PC, or fetch the list again; or remove its file.",
        )


def _installed(place: Path, floors: Floors) -> Iterator[TrustList]:
    """The lists of one folder; beside a pinned key nothing unsigned is believed."""
    pinned = _pinned_keys(place)
    for path in _files(place):
        source = _read(path)
        if _is_key(path, source.data):
            continue
        if pinned and not is_signed(source):
            raise TrustSourceError(
                source.name,
                "it carries no signature, and a key is pinned in its folder",
                "Fetch the signed list again, or put what is not signed into another folder.",
            )
        one = _opened(source, pinned)
        yield own.vouched(one, floors) if own.matches(source) else one


def _opened(source: Source, pinned: Sequence[bytes]) -> TrustList:
    """One source of an installation; whatever else lies in the folder may also be taken away."""
    try:
        return open_source(source, pinned)
    except TrustSourceError as error:
        remedy = f"{error.remedy} Or remove this file from the folder."
        raise TrustSourceError(error.name, error.problem, remedy) from None


def named_trust(
    paths: Sequence[Path],
    keys: Sequence[bytes] = (),
    *,
    progress: Progress | None = None,
    every_key: bool = True,
    recorded: bool = False,
) -> TrustList:
    """The lists named by the user, with the keys (PEM) that the user pins.

    A key that lies beside a list says nothing here; what is no list in a folder is passed over
    and told in `skipped`. every_key: a key that no list needed is a mistake. recorded: believe a
    file of the program's own form what it records of signatures; only for what this program
    itself wrote there. Raises TrustSourceError.
    """
    found = [(path, file) for path in paths for file in _named_files(path)]
    lists: list[TrustList] = []
    used: set[str] = set()
    for number, (named, file) in enumerate(found):
        if progress:
            progress(number, len(found), file.name)
        source = _read(file)
        one = _named(source, file, keys, within_folder=named.is_dir())
        believed = recorded or not own.matches(source)
        lists.append(one if believed else own.vouched(one, Floors()))
        if is_signed(source):  # a file of the program's own form only tells of a check of before
            used |= {listing.key for listing in one.lists}
    if every_key:
        _check_keys(", ".join(str(path) for path in paths), used, keys)
    return merge(lists)


def _named(source: Source, file: Path, keys: Sequence[bytes], *, within_folder: bool) -> TrustList:
    if within_folder and _is_key(file, source.data):
        return TrustList()
    if within_folder and not is_known(source):
        return TrustList(skipped=(f"{file.name}: not a trust list of a known form",))
    return open_source(source, keys)


def _check_keys(names: str, used: set[str], keys: Sequence[bytes]) -> None:
    if keys and not used:
        raise TrustSourceError(
            names,
            "a signing key was given, and none of the lists is signed",
            "Leave the key out, or give the list with its signature.",
        )
    for number, pem in enumerate(keys, start=1):
        if fingerprint(pinned_key(Source(names, b""), pem)) not in used:
            raise TrustSourceError(
                names,
                f"none of the lists is signed with key {number} of {len(keys)}",
                "Leave this key out, or give the list that it belongs to.",
            )


def _named_files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return [file for place in _folders(path) for file in _files(place)]


def _folders(folder: Path) -> list[Path]:
    """`folder` and those below it; no link is followed."""
    found = list(islice(folder.rglob("*"), _MAX_FILES + 1))
    if len(found) > _MAX_FILES:
        raise TrustSourceError(
            folder.name, f"more than {_MAX_FILES:,} files", "Name the folder that holds the lists."
        )
    below = sorted(path for path in found if path.is_dir() and not path.is_symlink())
    return [folder, *(p for p in below if len(p.relative_to(folder).parts) <= _DEPTH)]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_file() and _may_be_source(path)]


def _may_be_source(path: Path) -> bool:
    if path.name.startswith(".") or path.name == FLOORS:
        return False
    return path.suffix.lower() in _LIST_SUFFIXES and not path.name.endswith("sig")


def _read(path: Path) -> Source:
    signature = next((p for p in _signature_places(path) if p.is_file()), None)
    detached = _content(signature) if signature else None
    return Source(path.name, _content(path), detached)


def _content(path: Path) -> bytes:
    try:
        return read_file(path, MAX_SOURCE)
    except FileRefusedError as error:
        why = "larger than any trust list" if error.why is Refusal.TOO_LARGE else error.why
        raise TrustSourceError(path.name, why, "Give another file.") from None
    except OSError as error:
        raise TrustSourceError(
            str(path), f"cannot be read ({error.strerror})", "Check the path and its permissions."
        ) from None


def _signature_places(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}.sig"), path.with_name(f"{path.name}sig")


def _pinned_keys(folder: Path) -> list[bytes]:
    paths = (path for path in sorted(folder.iterdir()) if path.is_file())
    found = ((path, _content(path)) for path in paths if path.suffix.lower() in _KEY_SUFFIXES)
    return [data for path, data in found if _is_key(path, data)]


def _is_key(path: Path, data: bytes) -> bool:
    return path.stem == "list-key" or b"-----BEGIN PUBLIC KEY-----" in data
