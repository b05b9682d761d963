"""Paints the pictures, in as many processes as are wanted, and looks for faults on the way."""

from __future__ import annotations

import multiprocessing
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from kiosk.desk.findings import Mode
from tests.shots.faults import faults
from tests.shots.looks import Look
from tests.shots.stage import staged
from tests.shots.state import State
from tests.shots.states import STATES

_BEST = 60  # of 0 to 100 for QImage.save: how little time may be spent on compression


@dataclass(frozen=True)
class Shot:
    """A state in one look, and what is wrong with it."""

    state: int  # its place in STATES
    look: Look
    faults: tuple[str, ...] = ()

    @property
    def of(self) -> State:
        """The state."""
        return STATES[self.state]

    @property
    def file(self) -> str:
        """Its picture, below the folder of pictures."""
        return "/".join((*self.look.words, f"{self.of.file}.png"))


@dataclass(frozen=True)
class Sitting:
    """What one window is opened for: states of one mode, all in one look."""

    mode: Mode
    look: Look
    states: tuple[int, ...]
    folder: Path | None  # None: nothing is painted, only looked at


def sittings(wanted: Iterable[Shot], folder: Path | None) -> list[Sitting]:
    """The fewest that take in all that is wanted."""
    together: defaultdict[tuple[Mode, Look], list[int]] = defaultdict(list)
    for shot in wanted:
        together[shot.of.mode, shot.look].append(shot.state)
    return [Sitting(mode, look, tuple(states), folder) for (mode, look), states in together.items()]


def sit(sitting: Sitting) -> list[Shot]:
    """Paint what `sitting` asks for."""
    made = []
    with staged(sitting.mode, painting=sitting.folder is not None) as stage:
        stage.wear(sitting.look)
        for number in sitting.states:
            stage.show(STATES[number].show)
            made.append(Shot(number, sitting.look, tuple(faults(stage.window))))
            if sitting.folder is not None:
                file = sitting.folder / made[-1].file
                file.parent.mkdir(parents=True, exist_ok=True)
                if not stage.photograph().save(str(file), quality=_BEST):
                    raise OSError(f"{file} could not be written")
    return made


def painted(
    wanted: Sequence[Shot], folder: Path | None, processes: int = 2
) -> Iterator[list[Shot]]:
    """Paint all that is wanted; what each sitting brought, as it ends."""
    asked = sittings(wanted, folder)
    if processes == 1:
        _begin()
        yield from map(sit, asked)
        return
    with multiprocessing.get_context("spawn").Pool(processes, _begin) as pool:
        yield from pool.imap_unordered(sit, asked)


def _begin() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if QApplication.instance() is None:
        _keep.append(QApplication([]))


_keep: list[QApplication] = []  # Qt's application ends with the process, not before
