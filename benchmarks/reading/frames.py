"""Camera frames and clips with codes in them, made here: for whoever has no better ones.

Each frame goes the way of a picture through a webcam: a code on a card, under a homography, out of
focus and in motion, shade and glare, noise, JPEG. Lengths of blur are in modules of the code, as a
code's readability does not depend on pixels alone. Everything follows from the seed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import segno
from base45 import b45encode
from numpy.random import Generator
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Luma = NDArray[np.float32]

WIDTH, HEIGHT = 1280, 720  # pixels
FINE = 2  # times finer than the frame is what is drawn, before the sensor takes means
PER_MODULE = 8  # pixels of the card for a module
FPS = 30


@dataclass(frozen=True)
class Scene:
    """How a code is held, seen and taken; lengths of blur in modules, angles in degrees."""

    module: float = 3.0  # pixels of the frame
    turn: float = 0.0
    tilt: float = 0.0
    defocus: float = 0.25
    motion: float = 0.0
    noise: float = 2.0  # grey levels
    exposure: float = 1.0
    glare: float = 0.0  # radius, as part of the code's side
    jpeg: int = 80
    inverted: bool = False
    quiet: int = 4
    centre: tuple[float, float] | None = None  # pixels


AXES: dict[str, tuple[Scene, ...]] = {
    "scale": tuple(Scene(module=m) for m in (2.2, 1.8, 1.5, 1.3, 1.15)),
    "rotation": tuple(Scene(turn=t, module=2.3) for t in (8, 22, 45, 135, 200)),
    "tilt": tuple(Scene(tilt=t, module=2.6) for t in (20, 32, 42, 50, 57)),
    "defocus": tuple(Scene(defocus=d) for d in (0.5, 0.7, 0.85, 1.0, 1.2)),
    "motion": tuple(Scene(motion=m) for m in (0.8, 1.2, 1.6, 2.0, 2.4)),
    "noise": tuple(Scene(noise=n) for n in (8, 16, 26, 38, 52)),
    "lowlight": tuple(
        Scene(exposure=e, noise=n)
        for e, n in ((0.4, 3), (0.25, 3.5), (0.16, 4), (0.1, 4.5), (0.07, 5))
    ),
    "jpeg": tuple(Scene(jpeg=q, module=2.2) for q in (45, 25, 15, 10, 7)),
    "glare": tuple(Scene(glare=g) for g in (0.12, 0.18, 0.25, 0.32, 0.42)),
    "inverted": tuple(Scene(inverted=True, module=m) for m in (3.5, 3.0, 2.5, 2.1, 1.8)),
    "quietzone": tuple(Scene(quiet=q, module=2.5) for q in (3, 2, 1, 1, 0)),
}


def make_frames(folder: Path, seed: int, per: int, mixed: int, empty: int) -> None:
    """Fill `folder` with JPEG files and an index.json that tells what is in them."""
    index: list[dict[str, object]] = []
    for axis, level, number, scene in _stills(seed, per, mixed):
        random = np.random.default_rng([seed, len(index)])
        text = certificate(random)
        image = photographed(random, text, scene)
        name = f"{axis}-{level}-{number:03d}.jpg"
        (folder / name).write_bytes(_jpeg(image, scene.jpeg))
        index.append({"file": name, "axis": axis, "level": level, "truth": [{"text": text}]})
    for number in range(empty):
        name = f"neg-0-{number:03d}.jpg"
        lobby = background(np.random.default_rng([seed, 1_000_000 + number]))
        (folder / name).write_bytes(_jpeg(_taken(lobby), 70))
        index.append({"file": name, "axis": "neg", "level": 0, "truth": []})
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")


def _stills(seed: int, per: int, mixed: int) -> Iterator[tuple[str, int, int, Scene]]:
    for axis, levels in AXES.items():
        for level, scene in enumerate(levels, start=1):
            for number in range(per):
                yield axis, level, number, scene
    random = np.random.default_rng([seed, 2_000_000])
    for number in range(mixed):
        yield "mixed", 0, number, _anything(random)


def _anything(random: Generator) -> Scene:
    """A bit of everything."""
    return Scene(
        module=random.uniform(1.7, 3.6),
        turn=random.normal(0, 14),
        tilt=abs(random.normal(0, 16)),
        defocus=random.uniform(0.25, 0.85),
        motion=max(0.0, random.normal(0.25, 0.45)),
        noise=random.uniform(2, 14),
        exposure=random.uniform(0.35, 1.4),
        glare=random.uniform(0.08, 0.28) if random.random() < 0.25 else 0.0,
        jpeg=int(random.integers(22, 85)),
        inverted=bool(random.random() < 0.08),
        quiet=int(random.choice([2, 4, 4])),
    )


def make_clips(folder: Path, seed: int, count: int) -> None:
    """Fill `folder` with clips, easy, medium and hard in turn: a code comes in and is held.

    Focus and exposure hunt, hands tremble. The index tells from which frame on the code is
    entirely in view.
    """
    index: list[dict[str, object]] = []
    for number in range(count):
        random = np.random.default_rng([seed, 3_000_000 + number])
        text, where = certificate(random), folder / f"v{number:02d}"
        where.mkdir(parents=True, exist_ok=True)
        scenes = list(_approach(random, number % 3))
        surroundings = background(random)
        seen = None
        for place, scene in enumerate(scenes):
            image, quad = _on(surroundings, random, text, scene)
            (where / f"{place:03d}.jpg").write_bytes(_jpeg(image, scene.jpeg))
            if seen is None and quad.min() >= 0 and (quad.max(axis=0) < (WIDTH, HEIGHT)).all():
                seen = place
        told = {"dir": where.name, "n": len(scenes), "text": text, "hard": number % 3}
        index.append(told | {"visible": seen})
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")


def _approach(random: Generator, hard: int) -> Iterator[Scene]:
    """Comes in from below in about a second, then is held for 1.6 s."""
    seconds = random.uniform(0.9, 1.6)
    end = Scene(
        module=(2.6, 2.1, 1.7)[hard] * random.uniform(0.95, 1.08),
        turn=random.normal(0, 12),
        tilt=abs(random.normal(8, 8)),
        defocus=(0.28, 0.42, 0.58)[hard],
        noise=(3.0, 6.0, 10.0)[hard],
        exposure=(1.0, 0.7, 0.45)[hard],
        jpeg=(70, 50, 35)[hard],
    )
    start = np.array([WIDTH * random.uniform(0.25, 0.75), HEIGHT * 1.15])
    held = np.array([WIDTH * random.uniform(0.42, 0.58), HEIGHT * 0.5])
    far, phase, before = random.uniform(1.2, 2.0), random.uniform(0, 6.28), None
    for frame in range(int((seconds + 1.6) * FPS)):
        now = frame / FPS
        way = 1 - (1 - min(1.0, now / seconds)) ** 2.2
        tremor = [2 * math.sin(13 * now + phase), 2 * math.cos(11 * now + phase)]
        centre = start + (held - start) * way + tremor
        speed = 25.0 if before is None else float(np.linalg.norm(centre - before))
        before, module = centre, end.module * (0.62 + 0.38 * way)
        hunting = max(0.0, now - 0.7 * seconds)
        off = abs(math.cos(5.7 * hunting)) * math.exp(-hunting / 0.42)
        yield replace(
            end,
            module=module,
            centre=(float(centre[0]), float(centre[1])),
            motion=min(3.0, 0.45 * speed / module),
            defocus=end.defocus + (far - end.defocus) * off,
        )


def certificate(random: Generator) -> str:
    """A text such as a certificate's: 350 to 420 bytes that mean nothing, in base45."""
    data = random.integers(0, 256, int(random.integers(350, 420)), dtype=np.uint8).tobytes()
    return "HC1:" + str(b45encode(data), "ascii")


def photographed(random: Generator, text: str, scene: Scene) -> Grey:
    """A frame of that scene, before it is compressed."""
    return _on(background(random), random, text, scene)[0]


def background(random: Generator) -> Luma:
    """A lobby without a code: light from one side, things, letters, patterns, a person."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    slope = random.uniform(-50, 50, 2)
    image = random.uniform(60, 160) + slope[0] * columns / WIDTH + slope[1] * rows / HEIGHT
    image = np.clip(image, 0, 255).astype(np.uint8)
    for _ in range(int(random.integers(10, 60))):
        _put_something(image, random)
    x, y = int(WIDTH * random.uniform(0.3, 0.7)), int(HEIGHT * random.uniform(0.3, 0.5))
    cv2.ellipse(image, (x, y + 390), (250, 230), 0, 0, 360, float(random.uniform(20, 120)), -1)
    cv2.ellipse(image, (x, y), (94, 130), 0, 0, 360, float(random.uniform(90, 200)), -1)
    return np.asarray(cv2.GaussianBlur(image.astype(np.float32), (0, 0), 1.2), np.float32)


def _put_something(image: Grey, random: Generator) -> None:
    place = int(random.uniform(0, WIDTH)), int(random.uniform(0, HEIGHT))
    other = int(random.uniform(0, WIDTH)), int(random.uniform(0, HEIGHT))
    shade, thick = float(random.uniform(10, 245)), int(random.integers(1, 9))
    match int(random.integers(0, 4)):
        case 0:
            axes = int(random.uniform(5, 180)), int(random.uniform(5, 140))
            cv2.ellipse(image, place, axes, float(random.uniform(0, 180)), 0, 360, shade, -1)
        case 1:
            word = "".join(chr(letter) for letter in random.integers(65, 91, 9))
            size = float(random.uniform(0.4, 2.2))
            cv2.putText(image, word, place, cv2.FONT_HERSHEY_SIMPLEX, size, shade, thick // 3 + 1)
        case 2:
            cells = random.integers(0, 2, (int(random.integers(4, 16)),) * 2).astype(np.uint8)
            pattern = np.kron(25 + 200 * cells, np.ones((int(random.integers(3, 14)),) * 2))
            part = image[place[1] :, place[0] :][: len(pattern), : len(pattern)]
            part[:] = pattern[: part.shape[0], : part.shape[1]]
        case _:
            cv2.line(image, place, other, shade, thick, cv2.LINE_AA)


def _on(
    surroundings: Luma, random: Generator, text: str, scene: Scene
) -> tuple[Grey, NDArray[np.float32]]:
    """The frame, and the corners of the code in it, shape (4, 2)."""
    card, corners = _card(text, scene)
    onto = _homography(random, corners, scene)
    fine = np.diag([FINE, FINE, 1.0]) @ onto
    size = WIDTH * FINE, HEIGHT * FINE
    wanted = PER_MODULE / (scene.module * FINE)  # pixels of the card for one that is drawn
    smooth = cv2.GaussianBlur(card, (0, 0), 0.45 * wanted) if wanted > 1.2 else card
    drawn = cv2.warpPerspective(smooth, fine, size, borderValue=-1.0)
    canvas = np.where(drawn >= 0, drawn, cv2.resize(surroundings, size))
    canvas = _blurred(canvas, scene, random.uniform(0, math.pi))
    image = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    quad = cv2.perspectiveTransform(corners[None], onto)[0]
    if scene.glare:
        image = image + _glare(random, quad, scene.glare)
    image = np.clip(image * scene.exposure, 0, 400)
    noise = random.normal(0, 1, image.shape).astype(np.float32)
    noise = 0.75 * noise + 0.5 * cv2.GaussianBlur(noise, (0, 0), 1.0)
    return _taken(image + scene.noise * noise), np.asarray(quad, np.float32)


def _card(text: str, scene: Scene) -> tuple[Luma, NDArray[np.float32]]:
    """A card with the code on it, and the code's corners, shape (4, 2)."""
    made = segno.make(text, error="q", boost_error=False, micro=False)
    dark = np.pad(np.array([list(row) for row in made.matrix], np.uint8), scene.quiet)
    code = np.kron(225 - 200 * dark.astype(np.float32), np.ones((PER_MODULE,) * 2, np.float32))
    rim = len(code) // 8
    around = 25.0 if scene.quiet < 4 else 225.0
    card = np.pad(code, rim, constant_values=around)
    near, far = rim + scene.quiet * PER_MODULE, len(card) - rim - scene.quiet * PER_MODULE
    corners = np.array([[near, near], [far, near], [far, far], [near, far]], np.float32)
    return (250 - card if scene.inverted else card).astype(np.float32), corners


def _homography(
    random: Generator, corners: NDArray[np.float32], scene: Scene
) -> NDArray[np.float64]:
    """From the card to the frame, shape (3, 3): a pinhole that is 1.1 frame widths away."""
    scale = scene.module / PER_MODULE
    side = float(corners[1, 0] - corners[0, 0]) * scale
    turn, tilt = math.radians(scene.turn + random.uniform(-4, 4)), math.radians(scene.tilt)
    axis = random.uniform(0, 2 * math.pi) * np.array([1, 1])
    axis3 = np.array([math.cos(axis[0]), math.sin(axis[1]), 0.0])
    leaning, _ = cv2.Rodrigues(axis3 * tilt)
    turning, _ = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    centre = scene.centre
    if centre is None:
        room = np.array([WIDTH, HEIGHT]) / 2 - np.minimum(0.62 * side, [0.45 * WIDTH, 330])
        centre = tuple(np.array([WIDTH, HEIGHT]) / 2 + random.uniform(-1, 1, 2) * room)
    flat = np.concatenate([(corners - corners.mean(0)) * scale, np.zeros((4, 1))], axis=1)
    space, away = flat @ (leaning @ turning).T, 1.1 * WIDTH
    seen = space[:, :2] * away / (space[:, 2:] + away) + np.array(centre)
    return np.asarray(cv2.getPerspectiveTransform(corners, seen.astype(np.float32)), np.float64)


def _blurred(canvas: Luma, scene: Scene, direction: float) -> Luma:
    """Out of focus (a disk), then in motion (a line)."""
    radius = scene.defocus * scene.module * FINE
    if radius > 0.6:
        reach = math.ceil(radius)
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        disk = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
        canvas = _convolved(canvas, disk)
    length = scene.motion * scene.module * FINE
    if length > 1:
        reach = math.ceil(length / 2) + 1
        line = np.zeros((2 * reach + 1,) * 2, np.float32)
        for step in np.linspace(-length / 2, length / 2, 8 * reach):
            x, y = reach + step * math.cos(direction), reach + step * math.sin(direction)
            line[round(y), round(x)] += 1
        canvas = _convolved(canvas, line)
    return canvas


def _convolved(canvas: Luma, kernel: Luma) -> Luma:
    return np.asarray(cv2.filter2D(canvas, -1, kernel / kernel.sum()), np.float32)


def _glare(random: Generator, quad: NDArray[np.float32], part: float) -> Luma:
    side = float(np.linalg.norm(quad[1] - quad[0]))
    x, y = quad.mean(0) + random.uniform(-0.22, 0.22, 2) * side
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    wide, high = 0.55 * side * part, 0.35 * side * part
    spot = np.exp(-0.5 * (((columns - x) / wide) ** 2 + ((rows - y) / high) ** 2))
    return np.asarray(420 * spot, np.float32)


def _taken(image: Luma) -> Grey:
    """What the sensor gives: whole grey levels, a little sharpened by the camera."""
    sharper = image + 0.4 * (image - cv2.GaussianBlur(image, (0, 0), 1.0))
    return np.clip(sharper, 0, 255).astype(np.uint8)


def _jpeg(image: Grey, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return bytes(data.tobytes())
