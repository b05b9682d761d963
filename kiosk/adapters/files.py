"""Reads what a user names: regular files up to a limit, so that no device or pipe is waited for.

And writes whole files, so that none is ever found half written.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path


class Refusal(StrEnum):
    """Why a file is not read."""

    FOLDER = "is a folder"
    NOT_A_FILE = "is not a regular file"
    TOO_LARGE = "is too large"


class FileRefusedError(Exception):
    """A file that is not even looked into, and why."""

    def __init__(self, path: Path, why: Refusal, limit: int) -> None:
        more = f": more than {limit:,} bytes" if why is Refusal.TOO_LARGE else ""
        super().__init__(f"{path} {why}{more}")
        self.why = why


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of `limit` bytes at most. Raises FileRefusedError, OSError."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise FileRefusedError(path, Refusal.FOLDER, limit)
    if not stat.S_ISREG(status.st_mode):
        raise FileRefusedError(path, Refusal.NOT_A_FILE, limit)
    if status.st_size > limit:
        raise FileRefusedError(path, Refusal.TOO_LARGE, limit)
    with path.open("rb") as file:
        data = file.read(limit + 1)  # files of /proc tell no size, and others grow
    if len(data) > limit:
        raise FileRefusedError(path, Refusal.TOO_LARGE, limit)
    return data


def spelt_out(path: Path) -> str:
    """The path for a native library, absolute: of `tcp:x.avi` FFmpeg would make an address.

    Raises UnicodeEncodeError for a name that is no text, which POSIX allows: OpenCV dies of it.
    """
    name = str(path.absolute())
    name.encode("utf-8")
    return name


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Put `data` in the place of `path`: after a power cut it is the old file or the new one.

    private: for the owner alone, from its first byte on. Raises OSError.
    """
    with in_place_of(path, private=private) as unfinished, unfinished.open("wb") as file:
        file.write(data)


@contextmanager
def in_place_of(path: Path, *, private: bool = False) -> Iterator[Path]:
    """The name of a file to write, which takes the place of `path` when the block has ended well.

    When it ends otherwise, nothing of it is left and `path` is what it was. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")  # two may write at once
    try:
        unfinished.unlink(missing_ok=True)
        if private:
            unfinished.touch(mode=0o600)
        yield unfinished
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def private_folder(folder: Path) -> None:
    """Make a folder, and the one that it lies in, where they are missing: for this user alone."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows does so by itself. Raises OSError."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
