"""Where the frames and clips come from, and where they are kept between runs.

From the tools beside the checkout (`../shared/tools`, or KIOSK_SHARED) if they are there, else from
`frames.py`. Both write the same index.json. What was made lies in build/frames, by seed and counts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import segno
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.reading import frames

Grey = NDArray[np.uint8]

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(os.environ.get("KIOSK_SHARED", ROOT.parent / "shared")) / "tools"
KEPT = ROOT / "build" / "frames"
GENERATOR, FILMER = TOOLS / "framegen.py", TOOLS / "videogen.py"


@dataclass(frozen=True)
class Still:
    """One frame, and the texts of the codes in it."""

    path: Path
    seed: int
    axis: str
    level: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Clip:
    """Frames of one code that comes in and is held.

    hard: 0 easy, 1 medium, 2 hard; visible: the first frame that shows the code entirely.
    """

    folder: Path
    seed: int
    frames: int
    text: str
    hard: int
    visible: int


def origin() -> str:
    """Which generator makes the frames here."""
    return str(GENERATOR) if GENERATOR.is_file() else "benchmarks/reading/frames.py"


def stills(seed: int, per: int, mixed: int, empty: int) -> list[Still]:
    """The frames of a seed, made now if they are not kept."""

    def make(folder: Path) -> None:
        if not GENERATOR.is_file():
            frames.make_frames(folder, seed, per, mixed, empty)
            return
        counts = {"--seed": seed, "--per": per, "--mixed": mixed, "--neg": empty}
        _run(GENERATOR, folder, *(str(part) for pair in counts.items() for part in pair))

    folder = _kept(f"stills-{seed}-{per}-{mixed}-{empty}", make)
    return [
        Still(
            folder / entry["file"],
            seed,
            entry["axis"],
            entry["level"],
            tuple(code["text"] for code in entry["truth"]),
        )
        for entry in _index(folder)
    ]


def clips(seed: int, count: int) -> list[Clip]:
    """The clips of a seed, easy, medium and hard in turn, made now if they are not kept."""

    def make(folder: Path) -> None:
        if FILMER.is_file():
            _run(FILMER, folder, str(count), str(seed))
        else:
            frames.make_clips(folder, seed, count)

    folder = _kept(f"clips-{seed}-{count}", make)
    return [
        Clip(
            folder / entry["dir"],
            seed,
            entry["n"],
            entry["text"],
            entry["hard"],
            entry["visible"] or 0,
        )
        for entry in _index(folder)
    ]


def negatives(seed: int, first: int, count: int) -> Iterator[Grey]:
    """Pictures without a readable code: lobbies, and what looks like a code in them.

    Every fourth holds a symbol with all its function patterns and nonsense for data, so that the
    error correction is asked to make something of it.
    """
    lobby = _lobby()
    for number in range(first, first + count):
        random = np.random.default_rng([seed, 4_000_000 + number])
        image = lobby(random)
        if number % 4 == 0:
            _put_nonsense(image, random)
        noisy = image + random.normal(0, 4, image.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def _lobby() -> Callable[[Generator], NDArray[np.float32]]:
    """Makes a picture of (720, 1280) without a code."""
    if not GENERATOR.is_file():
        return frames.background
    spec = util.spec_from_file_location("framegen", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    tool = util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    def lobby(random: Generator) -> NDArray[np.float32]:
        coloured = tool.background(random, frames.WIDTH, frames.HEIGHT, random.uniform(0.1, 5))
        return np.asarray(cv2.cvtColor(coloured, cv2.COLOR_BGR2GRAY), np.float32)

    return lobby


def _put_nonsense(image: NDArray[np.float32], random: Generator) -> None:
    """A symbol in which half of the modules without a function are chance."""
    made = segno.make(frames.certificate(random), error="q", boost_error=False, micro=False)
    fixed = [[kind in _FIXED for kind in row] for row in made.matrix_iter(border=0, verbose=True)]
    modules = np.array([list(row) for row in made.matrix], np.uint8)
    chance = random.integers(0, 2, modules.shape, dtype=np.uint8)
    drawn = np.pad(np.where(np.array(fixed), modules, chance), 4)
    size = int(len(drawn) * random.uniform(1.6, 3.4))
    code = cv2.resize(225 - 195 * drawn, (size, size), interpolation=cv2.INTER_AREA)
    height, width = image.shape
    size = min(size, height)
    top, left = int(random.integers(0, height - size + 1)), int(random.integers(0, width - size))
    image[top : top + size, left : left + size] = code[:size, :size]


_FIXED = frozenset(
    getattr(segno.consts, f"TYPE_{name}_{shade}")
    for name in ("FINDER_PATTERN", "ALIGNMENT_PATTERN", "TIMING", "FORMAT", "VERSION")
    for shade in ("DARK", "LIGHT")
) | {segno.consts.TYPE_SEPARATOR, segno.consts.TYPE_DARKMODULE}


def grey(path: Path) -> Grey:
    """The picture in that file, luma of shape (height, width)."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return np.asarray(image, np.uint8)


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, filled by `make` the first time; one cut short begins anew."""
    source = "tools" if GENERATOR.is_file() else "own"
    folder = KEPT / f"{source}-{name}"
    if not folder.is_dir():
        print(f"making {folder.relative_to(ROOT)} ...", file=sys.stderr, flush=True)
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make(unfinished)
        unfinished.rename(folder)
    return folder


def _run(tool: Path, folder: Path, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 the tool beside the checkout
        [sys.executable, tool, folder, *arguments], check=True, stdout=sys.stderr
    )


def _index(folder: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((folder / "index.json").read_text("utf-8"))
    return loaded
