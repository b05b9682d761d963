"""Watches every write of Python's own SQLite, without a change to the program under test.

A copy of the default VFS (sqlite.org/vfs.html) is made the default one through ctypes. Its files
are the real ones: only the methods that change something on the disk are called through here.
What Python itself does to names in the folder (os.replace, os.unlink, os.fsync) is seen as well.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

_SQLITE_OPEN_CREATE = 0x4
_JOURNALS = 0x800 | 0x80000  # main journal, write-ahead log: their first sync syncs the folder


class Step(NamedTuple):
    """One thing that is about to be done to a disk. `data` of a rename is the new path."""

    kind: str  # "write", "truncate", "sync", "create", "delete", "rename", "sync folder"
    path: str
    offset: int = 0  # of a write; of a truncate the new length; in bytes
    data: bytes = b""


Observe = Callable[[Step], None]

_XOpen = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_XDelete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_XWrite = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_XTruncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_XSync = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    """struct sqlite3_vfs, version 3."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _XOpen),
        ("delete", _XDelete),
        ("others", c_void_p * 14),
    )


class _Methods(Structure):
    """struct sqlite3_io_methods, version 3."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _XWrite),
        ("truncate", _XTruncate),
        ("sync", _XSync),
        ("others", c_void_p * 13),
    )


class UnavailableError(Exception):
    """The SQLite that Python uses cannot be reached from here; why."""


def _library() -> ctypes.CDLL:
    """The very SQLite that Python's sqlite3 uses: its own symbols, or those of what it links to."""
    extension = Path(_sqlite3.__file__)
    file = extension.with_name("sqlite3.dll") if sys.platform == "win32" else extension
    try:
        library = ctypes.CDLL(str(file))
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        library.sqlite3_vfs_find.argtypes = [c_char_p]
        library.sqlite3_vfs_register.argtypes = [POINTER(_Vfs), c_int]
        library.sqlite3_vfs_unregister.argtypes = [POINTER(_Vfs)]
        library.sqlite3_libversion.restype = c_char_p
    except (OSError, AttributeError):
        raise UnavailableError("Python's SQLite shows none of its functions") from None
    if library.sqlite3_libversion().decode() != sqlite3.sqlite_version:
        raise UnavailableError("another SQLite than Python's answers")
    return library


def unavailable() -> str:
    """Why nothing can be watched here; empty where it can."""
    try:
        _library()
    except UnavailableError as error:
        return str(error)
    return ""


class _Watcher:
    """The copied VFS and the method tables of its files; alive as long as SQLite may call it."""

    def __init__(self, real: _Vfs, observe: Observe) -> None:
        self._real, self._observe = real, observe
        self._paths: dict[int, str] = {}  # by the address of the open file
        self._unsynced: set[int] = set()  # journals whose name is not durable yet
        self._tables: dict[int, _Methods] = {}
        self._kept: list[Any] = []  # Python would free callbacks that only C knows of
        self.vfs = _Vfs.from_buffer_copy(real)
        self.vfs.name = b"watching"
        self.vfs.open, self.vfs.delete = _XOpen(self._open), _XDelete(self._delete)

    def _open(self, vfs: int, name: int | None, file: int, flags: int, told: int | None) -> int:
        path = ctypes.string_at(name).decode() if name else ""
        if path and flags & _SQLITE_OPEN_CREATE and not Path(path).exists():
            self._observe(Step("create", path))
        status = int(self._real.open(vfs, name, file, flags, told))
        if status == 0 and path:
            self._paths[file] = path
            self._unsynced.discard(file)
            if flags & _JOURNALS:
                self._unsynced.add(file)
            methods = ctypes.cast(file, POINTER(c_void_p))
            assert methods[0] is not None
            methods[0] = ctypes.addressof(self._table(methods[0]))
        return status

    def _table(self, address: int) -> _Methods:
        """The methods at `address`, those that write exchanged for watched ones."""
        if address not in self._tables:
            real = _Methods.from_address(address)
            watched = _Methods.from_buffer_copy(real)

            def write(file: int, data: int, size: int, offset: int) -> int:
                content = ctypes.string_at(data, size)
                self._observe(Step("write", self._paths[file], offset, content))
                return int(real.write(file, data, size, offset))

            def truncate(file: int, size: int) -> int:
                self._observe(Step("truncate", self._paths[file], size))
                return int(real.truncate(file, size))

            def sync(file: int, flags: int) -> int:
                path = self._paths[file]
                self._observe(Step("sync", path))
                status = int(real.sync(file, flags))
                if file in self._unsynced:
                    self._unsynced.remove(file)
                    self._observe(Step("sync folder", str(Path(path).parent)))
                return status

            watched.write, watched.truncate = _XWrite(write), _XTruncate(truncate)
            watched.sync = _XSync(sync)
            self._tables[address] = watched
        return self._tables[address]

    def _delete(self, vfs: int, name: int, sync_folder: int) -> int:
        path = ctypes.string_at(name).decode()
        if Path(path).exists():
            self._observe(Step("delete", path))
        status = int(self._real.delete(vfs, name, sync_folder))
        if sync_folder:
            self._observe(Step("sync folder", str(Path(path).parent)))
        return status


@contextmanager
def watching(observe: Observe) -> Iterator[None]:
    """While it lasts, `observe` is told of each step before it is done.

    SQLite's connections must be closed before it ends. Raises UnavailableError.
    """
    library = _library()
    real = library.sqlite3_vfs_find(None)
    watcher = _Watcher(real.contents, observe)
    library.sqlite3_vfs_register(ctypes.byref(watcher.vfs), 1)
    try:
        with _names_watched(observe):
            yield
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(watcher.vfs))
        library.sqlite3_vfs_register(real, 1)


@contextmanager
def _names_watched(observe: Observe) -> Iterator[None]:
    """The same for what Python does to names by itself, and for its syncs of folders."""
    replace, unlink, fsync = os.replace, os.unlink, os.fsync

    def replacing(source: Any, target: Any) -> None:
        observe(Step("rename", str(source), data=os.fsencode(target)))
        replace(source, target)

    def unlinking(path: Any) -> None:
        if Path(path).exists():
            observe(Step("delete", str(path)))
        unlink(path)

    def syncing(handle: int) -> None:
        fsync(handle)
        path = Path(f"/proc/self/fd/{handle}").resolve()
        observe(Step("sync folder" if path.is_dir() else "sync", str(path)))

    with (
        mock.patch("os.replace", replacing),
        mock.patch("os.rename", replacing),
        mock.patch("os.unlink", unlinking),
        mock.patch("os.fsync", syncing),
    ):
        yield
