"""Which states are kept as pictures, how they are painted, and what counts as the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from kiosk.desk.findings import Mode
from tests.shots.looks import Dress, Look
from tests.shots.stage import Stage, staged
from tests.shots.state import State
from tests.shots.states import STATES

Colours = NDArray[np.uint8]  # of shape (height, width, 3), BGR

FOLDER = Path(__file__).parent
WIDTH = 640  # pixels of a picture that is kept; a tall one has that height
# Another version of the system's font renderer draws letters a little lighter or darker: then
# many pixels differ a little. A letter that moved, or is gone, differs much in one place.
MEAN_AT_MOST = 0.5  # of 255, over the whole picture
ONE_AT_MOST = 48  # of 255, of any pixel together with its neighbours

_SMALL, _TALL, _WIDE = (1024, 600), (1080, 1920), (1920, 1080)


@dataclass(frozen=True)
class Golden:
    """One picture that is kept: a state by its screen and name, and its look."""

    name: str
    look: Look

    @property
    def state(self) -> State:
        """The state. StopIteration where none is called so."""
        return next(each for each in STATES if f"{each.screen} {each.name}" == self.name)

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.state.file}-{'-'.join(self.look.words)}.png"


GOLDEN = (
    Golden("scan idle", Look()),
    Golden("scan certificate read", Look("en")),
    Golden("scan waiting for badge", Look("el")),
    Golden("scan waiting for certificate", Look("bg", _SMALL)),
    Golden("scan idle", Look("de", _TALL)),
    Golden("scan idle", Look("fi", _SMALL, Dress.LARGE)),
    Golden("scan waiting for badge", Look("fr", dress=Dress.CONTRAST)),
    Golden("scan waiting for badge", Look("en", dress=Dress.DARK)),
    Golden("answer admit", Look()),
    Golden("answer desk", Look("el", _SMALL)),
    Golden("answer refuse", Look("bg")),
    Golden("answer admit", Look("en", _TALL, Dress.CONTRAST)),
    Golden("desk idle", Look()),
    Golden("desk ready", Look()),
    Golden("desk ready", Look("en", _SMALL, Dress.DARK)),
    Golden("desk candidates", Look()),
    Golden("desk crossed pair", Look("en")),
    Golden("desk admitted", Look("fr", _WIDE)),
    Golden("desk refused", Look("en", dress=Dress.CONTRAST)),
    Golden("desk ready", Look("fr", _TALL)),
    Golden("staff opening typed", Look()),
)


def painted(wanted: Iterable[Golden] = GOLDEN) -> Iterator[tuple[Golden, Colours]]:
    """Each of them as it looks now, as small as it is kept."""
    with ExitStack() as stack:
        stages: dict[Mode, Stage] = {}
        for golden in wanted:
            mode = golden.state.mode
            if mode not in stages:
                stages[mode] = stack.enter_context(staged(mode))
            stage = stages[mode]
            stage.wear(golden.look)
            stage.show(golden.state.show)
            yield golden, reduced(stage.photograph())


def reduced(image: QImage) -> Colours:
    """`image` made as small as it is kept."""
    ratio, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = image.scaled(WIDTH, WIDTH, ratio, smooth).convertToFormat(QImage.Format.Format_BGR888)
    lines = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), -1)
    return lines[:, : 3 * small.width()].reshape(small.height(), small.width(), 3).copy()


def kept(golden: Golden) -> Colours | None:
    """The picture that is kept; None where there is none yet."""
    if not golden.file.is_file():
        return None
    return np.asarray(cv2.imread(str(golden.file), cv2.IMREAD_COLOR), np.uint8)


def keep(golden: Golden, picture: Colours) -> None:
    """Keep `picture` from now on."""
    if not cv2.imwrite(str(golden.file), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(f"{golden.file} could not be written")


def difference(one: Colours, other: Colours) -> Colours:
    """By how much two pictures of one size differ, pixel by pixel together with its neighbours."""
    apart = cv2.absdiff(one, other).max(axis=2)
    return np.asarray(cv2.blur(apart, (3, 3)), np.uint8)


def are_alike(one: Colours, other: Colours) -> bool:
    """Whether they show the same, but for how letters are drawn."""
    if one.shape != other.shape:
        return False
    apart = difference(one, other)
    return bool(apart.mean() <= MEAN_AT_MOST and apart.max() <= ONE_AT_MOST)


def tell(golden: Golden, now: Colours, folder: Path) -> Path:
    """Write what was kept, what is painted now, and where they differ, side by side."""
    before = kept(golden)
    pictures: Sequence[Colours] = [now]
    if before is not None and before.shape == now.shape:
        apart = np.repeat(255 - difference(before, now)[:, :, None], 3, axis=2)
        pictures = [before, now, np.asarray(apart, np.uint8)]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / golden.file.name
    cv2.imwrite(str(file), np.hstack(pictures))
    return file
