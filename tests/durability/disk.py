"""A disk that loses its power: what was synced is there, of the rest any part, or garbage.

A file's content is durable after its sync, a name in a folder after the folder's. Of what came
later, each sector of 512 bytes may have reached the disk or not, in any order, and some hold
garbage; so may each name. Bytes beside those being written stay as they are, as SQLite assumes
(sqlite.org/psow.html).
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.durability.vfs import Step

SECTOR = 512  # bytes; the smallest piece that a disk writes whole
GARBAGE = 0.05  # of the unsynced sectors
_SURVIVE = (0.0, 0.1, 0.5, 0.9, 1.0)  # one of these for a cut: how likely a sector is there


@dataclass
class _File:
    """The content that is certain, and what was done to it since."""

    durable: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.since:
            _apply(self.durable, step)
        self.since.clear()

    def after_cut(self, chance: random.Random, survive: float) -> bytes:
        content = bytearray(self.durable)
        for step in self.since:
            if step.kind == "truncate":
                if chance.random() < survive:
                    _apply(content, step)
                continue
            for piece in _sectors(step):
                drawn = chance.random()
                if drawn < GARBAGE:
                    _apply(content, piece._replace(data=chance.randbytes(len(piece.data))))
                elif drawn < GARBAGE + survive * (1 - GARBAGE):
                    _apply(content, piece)
        return bytes(content)


_Names = dict[str, _File | None]  # what they lead to; None: to nothing any more


class Disk:
    """One folder, as the steps made it."""

    def __init__(self) -> None:
        self._names: dict[str, _File] = {}
        self._durable: dict[str, _File] = {}
        self._since: list[_Names] = []  # what was done to names, one by one

    def hold(self, folder: Path) -> None:
        """These files have been there for long."""
        for path in folder.iterdir():
            self._names[str(path)] = _File(bytearray(path.read_bytes()))
        self._durable = dict(self._names)

    def take(self, step: Step) -> None:
        """One more step was done."""
        match step.kind:
            case "write" | "truncate":
                self._file(step.path).since.append(step)
            case "sync":
                self._file(step.path).sync()
            case "create":
                self._name({step.path: _File()})
            case "delete":
                self._name({step.path: None})
            case "rename":  # wholly or not at all, as all file systems of today do it
                self._name({os.fsdecode(step.data): self._file(step.path), step.path: None})
            case "sync folder":
                self._durable = dict(self._names)
                self._since.clear()

    def _file(self, path: str) -> _File:
        if path not in self._names:  # Python made it, without a word to SQLite
            self._name({path: _File()})
        return self._names[path]

    def _name(self, names: _Names) -> None:
        self._since.append(names)
        _lead(self._names, names)

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files, by path, that one power cut at this moment may leave."""
        survive = chance.choice(_SURVIVE)
        names = dict(self._durable)
        for change in self._since:
            if chance.random() < survive:
                _lead(names, change)
        return {path: file.after_cut(chance, survive) for path, file in names.items()}


def _lead(names: dict[str, _File], change: _Names) -> None:
    for path, file in change.items():
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.offset :]
        return
    content.extend(bytes(max(0, step.offset - len(content))))
    content[step.offset : step.offset + len(step.data)] = step.data


def _sectors(step: Step) -> list[Step]:
    """A write, cut where a sector of the disk ends."""
    end = step.offset + len(step.data)
    cuts = [step.offset, *range(step.offset // SECTOR * SECTOR + SECTOR, end, SECTOR), end]
    return [
        step._replace(offset=start, data=step.data[start - step.offset : stop - step.offset])
        for start, stop in pairwise(cuts)
    ]


def write_image(files: dict[str, bytes], folder: Path, chance: random.Random) -> None:
    """Lay the files into `folder`; the index of the log, which is memory, as a cut may leave it."""
    folder.mkdir(parents=True)
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
        if path.endswith("-wal") and chance.random() < GARBAGE * 4:
            index = folder / Path(path).name.replace("-wal", "-shm")
            index.write_bytes(chance.randbytes(chance.choice((0, 100, 32_768))))
