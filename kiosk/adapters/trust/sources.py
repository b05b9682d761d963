"""Finds and reads trust lists: a file, a folder of certificates, a folder of lists.

In an installation's folder, a file named `list-key.*`, or any PEM that holds a public key, is
the pinned key of the signed lists beside it. `NAME.sig` (or `NAMEsig`) is the detached signature
of NAME.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, Refusal, read_file
from kiosk.core.trust.formats import Source, TrustSourceError, is_signed, open_source, own
from kiosk.core.trust.formats.source import MAX_SOURCE
from kiosk.core.trust.trustlist import TrustList, merge

_LIST_SUFFIXES = {".json", ".cbor", ".bin", ".pem", ".der", ".cer", ".crt", ".list", ""}
_DEPTH = 2  # folders below the one named


def installed_trust(folders: Sequence[Path]) -> TrustList:
    """Everything that the trust folders of an installation hold; those that exist.

    Raises TrustSourceError.
    """
    places = [place for folder in folders if folder.is_dir() for place in _folders(folder)]
    return merge([trust for place in places for trust in _installed(place)])


def _installed(place: Path) -> Iterator[TrustList]:
    """The lists of one folder; beside a pinned key nothing unsigned is believed."""
    pinned = _pinned_key(place)
    for source in _sources(place):
        if pinned is not None and not is_signed(source):
            raise TrustSourceError(
                source.name,
                "it carries no signature, and a key is pinned in its folder",
                "Fetch the signed list again, or put what is not signed into another folder.",
            )
        yield _opened(source, pinned)


def _opened(source: Source, pinned: bytes | None) -> TrustList:
    """One source of an installation; whatever else lies in the folder may also be taken away."""
    try:
        return open_source(source, pinned)
    except TrustSourceError as error:
        remedy = f"{error.remedy} Or remove this file from the folder."
        raise TrustSourceError(error.name, error.problem, remedy) from None


def named_trust(paths: Sequence[Path], key_pem: bytes | None) -> TrustList:
    """The lists named by the user, with the one key that the user pins.

    A key that lies beside a list says nothing here, and one that no list needed is a mistake.
    Raises TrustSourceError.
    """
    sources = [
        source
        for path in paths
        for place in (_folders(path) if path.is_dir() else [path])
        for source in (_sources(place) if place.is_dir() else [_read(place)])
    ]
    signed = any(is_signed(source) for source in sources)
    if key_pem is not None and not signed:
        raise TrustSourceError(
            ", ".join(path.name for path in paths),
            "a signing key was given, and none of the lists is signed",
            "Leave --trust-key out, or give the list with its signature.",
        )
    return merge([open_source(source, key_pem) for source in sources])


def _folders(folder: Path) -> list[Path]:
    below = sorted(path for path in folder.rglob("*") if path.is_dir())
    return [folder, *(p for p in below if len(p.relative_to(folder).parts) <= _DEPTH)]


def _sources(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and _may_be_source(path):
            source = _read(path)
            if not _is_key(path, source.data):
                yield source


def _may_be_source(path: Path) -> bool:
    hidden = path.name.startswith(".")
    return not hidden and path.suffix.lower() in _LIST_SUFFIXES and not path.name.endswith("sig")


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


def _pinned_key(folder: Path) -> bytes | None:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in (".pem", ".key", ".crt"):
            data = _content(path)
            if _is_key(path, data):
                return data
    return None


def _is_key(path: Path, data: bytes) -> bool:
    return path.stem == "list-key" or b"-----BEGIN PUBLIC KEY-----" in data


def write_trust(trust: TrustList, path: Path) -> None:
    """Write `trust` in the program's own form, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    with unfinished.open("wb") as file:
        file.write(own.dump(trust))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
