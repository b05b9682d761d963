"""What the simulated camera shows: a scene in words, and the picture a webcam would take of it.

The slow part (the lobby, the thing held up, its code) is painted once for each scene, as a
`Stage`; a frame then costs one warp, one blur and the noise, cheap enough for 15 frames a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.lobby import lobby
from kiosk.demo.props import LONG, OVERSAMPLED, QUIET, Prop, badge, modules, phone, sheet

Grey = NDArray[np.uint8]
Corners = NDArray[np.float32]

SIZE = (1280, 720)  # pixels, width and height
LARGEST_TURN = 48.0  # degrees out of the picture's plane at perspective 1
UNREADABLE_BLUR = 6.0  # pixels, sigma; two modules, where a third of one can still be read


@dataclass(frozen=True)
class Scene:
    """What is held before the camera, and how badly. `text` None is the empty lobby.

    A text of more than 200 characters is a certificate, a shorter one a badge. What does not fit
    into the picture at `scale` is shown smaller.
    """

    text: str | None = None
    holder: Literal["phone", "paper"] = "phone"
    also: str | None = None  # a second code beside the first
    blur: float = 0.0  # defocus, sigma in pixels; read up to about a third of a module
    tilt: float = 0.0  # degrees in the picture's plane, clockwise
    perspective: float = 0.0  # 0 flat to the camera, 1 turned away by LARGEST_TURN
    glare: float = 0.0  # 0 none, 1 a lamp over half of the code
    dim: float = 0.0  # 0 lit, 1 nearly dark
    noise: float = 2.5  # sigma in grey levels
    scale: float = 3.4  # pixels a module, 2.6 to 5
    seed: int = 1

    def __repr__(self) -> str:
        """Without the texts: they are personal."""
        return f"Scene({self.holder}, seed={self.seed})"


def unreadable(text: str, seed: int = 1) -> Scene:
    """A code that anybody can see and no program can read, until it is held still and sharp."""
    return Scene(text, blur=UNREADABLE_BLUR, noise=4.0, scale=2.8, seed=seed)


@dataclass(frozen=True)
class Pose:
    """Where everything that is held up is at one moment, against its place of rest."""

    right: float = 0.0  # pixels
    down: float = 0.0  # pixels
    turned: float = 0.0  # degrees
    blur: float = 0.0  # sigma in pixels, beside the scene's own


AT_REST = Pose()


@dataclass(frozen=True, eq=False)
class Picture:
    """One frame and where its codes are."""

    image: Grey
    codes: tuple[Corners, ...]

    def codes_in_view(self) -> bool:
        """Whether there is a code, and every code lies within the picture."""
        height, width = self.image.shape
        edge = np.array([width, height], np.float32)
        return bool(self.codes) and all(((c >= 0) & (c < edge)).all() for c in self.codes)


def render(scene: Scene, size: tuple[int, int] = SIZE) -> Grey:
    """The scene at rest; the same picture each time for the same scene."""
    return Stage(scene, size).picture().image


class Stage:
    """A scene painted, ready to be photographed again and again."""

    def __init__(self, scene: Scene, size: tuple[int, int] = SIZE) -> None:
        self.scene = scene
        self._size = size
        rng = np.random.default_rng(scene.seed)
        somebody = scene.text is not None
        self._behind = _darker(lobby(scene.seed, size, guest=somebody), scene.dim)
        self._held = [
            (_lit(prop, scene, rng), spot)
            for prop, spot in zip(_props(scene, size), _spots(scene, size, rng), strict=True)
        ]
        self._noise = _noise_field(rng, size, scene.noise)

    def picture(self, pose: Pose = AT_REST, number: int = 0) -> Picture:
        """The frame with that number, everything held being at `pose`."""
        image = self._behind.copy()
        codes = []
        blur = math.hypot(self.scene.blur, pose.blur)
        for prop, spot in self._held:
            view = self._view(prop, (spot[0] + pose.right, spot[1] + pose.down), pose.turned)
            _paste(image, prop, view, blur)
            codes.append(cv2.perspectiveTransform(prop.corners[None], view)[0])
        return Picture(self._with_noise(image, number), tuple(codes))

    def _view(self, prop: Prop, spot: tuple[float, float], turned: float) -> NDArray[np.float64]:
        """From pixels of the prop to pixels of the frame, the code's middle at `spot`."""
        middle = prop.corners.mean(axis=0)
        centred = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, OVERSAMPLED]])
        roll = math.radians(self.scene.tilt + turned)
        away = math.radians(LARGEST_TURN) * self.scene.perspective
        sine, cosine = math.sin(roll), math.cos(roll)
        flat = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
        # About an upright axis, and by a third as much about a level one.
        turn, nod = away, away / 3
        about_y = np.array([[math.cos(turn), 0, math.sin(turn)], [0, 1, 0],
                            [-math.sin(turn), 0, math.cos(turn)]])  # fmt: skip
        about_x = np.array([[1, 0, 0], [0, math.cos(nod), -math.sin(nod)],
                            [0, math.sin(nod), math.cos(nod)]])  # fmt: skip
        plane = (about_x @ about_y)[:, :2]
        far = 1.1 * self._size[0]  # pixels from lens to code, and the lens's focal length
        onto = np.column_stack((plane, [0, 0, far]))
        lens = np.array([[far, 0, 0], [0, far, 0], [0, 0, 1]])
        place = np.array([[1, 0, spot[0]], [0, 1, spot[1]], [0, 0, 1]])
        return np.asarray(place @ lens @ onto @ flat @ centred, np.float64)

    def _with_noise(self, image: Grey, number: int) -> Grey:
        height, width = image.shape
        spare_y, spare_x = self._noise.shape[0] - height, self._noise.shape[1] - width
        y, x = (number * 37) % (spare_y + 1), (number * 53) % (spare_x + 1)
        piece = self._noise[y : y + height, x : x + width]
        return np.asarray(cv2.add(image, piece, dtype=cv2.CV_8U), np.uint8)


def _props(scene: Scene, size: tuple[int, int]) -> list[Prop]:
    """The things held up, the first one first."""
    texts = [text for text in (scene.text, scene.also) if text is not None]
    return [
        _prop(
            text,
            scene.holder if place == 0 else "paper",
            scene.seed + place,
            _module(text, scene, size),
        )
        for place, text in enumerate(texts)
    ]


def _prop(text: str, holder: str, seed: int, module: float) -> Prop:
    if holder == "phone":
        return phone(text, module, seed)
    return sheet(text, module, seed) if len(text) > LONG else badge(text, module, seed)


def _module(text: str, scene: Scene, size: tuple[int, int]) -> float:
    """Pixels a module: as wished, unless the code would leave the picture."""
    width, height = size
    room = min(0.8 * height, (0.3 if scene.also is not None else 0.8) * width)
    return min(scene.scale, room / (len(modules(text)) + 2 * QUIET))


def _spots(
    scene: Scene, size: tuple[int, int], rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Where the middles of the codes are held, in pixels."""
    width, height = size
    if scene.text is None:
        return []
    across = [0.5] if scene.also is None else [0.28, 0.74]
    return [
        ((x + rng.uniform(-0.03, 0.03)) * width, (0.48 + rng.uniform(-0.02, 0.03)) * height)
        for x in across
    ]


def _darker(image: Grey, dim: float) -> Grey:
    """At `dim` 1 a twelfth of the light is left."""
    return np.asarray(cv2.convertScaleAbs(image, alpha=1 - 0.92 * dim), np.uint8)


def _lit(prop: Prop, scene: Scene, rng: np.random.Generator) -> Prop:
    """The prop under the scene's light, with glare on its code."""
    picture = prop.picture
    if scene.glare > 0:
        side = float(np.ptp(prop.corners[:, 0]))
        spot = prop.corners.mean(axis=0) + rng.uniform(-0.3, 0.3, 2) * side
        y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
        wide = side * (0.06 + 0.3 * scene.glare)
        away = ((x - spot[0]) / wide) ** 2 + ((y - spot[1]) / (0.6 * wide)) ** 2
        lamp = 300 * np.exp(-away / 2) + 70 * scene.glare
        picture = np.clip(picture * (1 - 0.2 * scene.glare) + lamp, 0, 255).astype(np.uint8)
    picture = _darker(picture, scene.dim)
    # Ready to be laid over: black where nothing is.
    picture = np.asarray(cv2.multiply(picture, prop.opaque, scale=1 / 255), np.uint8)
    return replace(prop, picture=picture)


def _noise_field(
    rng: np.random.Generator, size: tuple[int, int], sigma: float
) -> NDArray[np.int16]:
    """Noise for more than a frame, so that each frame can take another piece of it."""
    grain = rng.standard_normal((size[1] + 96, size[0] + 128), np.float32)
    return np.asarray(np.rint(grain * sigma), np.int16)


def _paste(image: Grey, prop: Prop, view: NDArray[np.float64], blur: float) -> None:
    """Lay the prop over the image where `view` puts it, out of focus by `blur`."""
    height, width = prop.picture.shape
    outline = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    seen = cv2.perspectiveTransform(outline, view)[0]
    rim = 4 + 3 * blur
    left, top = np.clip(np.floor(seen.min(axis=0) - rim), 0, image.shape[::-1]).astype(int)
    right, bottom = np.clip(np.ceil(seen.max(axis=0) + rim), 0, image.shape[::-1]).astype(int)
    if right <= left or bottom <= top:
        return
    part = image[top:bottom, left:right]
    moved = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ view
    size = (int(right - left), int(bottom - top))
    warped = (cv2.warpPerspective(layer, moved, size) for layer in (prop.picture, prop.opaque))
    over, opaque = (_out_of_focus(np.asarray(layer, np.uint8), blur) for layer in warped)
    kept = cv2.multiply(part, cv2.bitwise_not(opaque), scale=1 / 255)
    cv2.add(kept, over, dst=part)


def _out_of_focus(image: Grey, sigma: float) -> Grey:
    """A strong blur is made at half the size, where it costs an eighth and looks the same."""
    if sigma < 0.3:
        return image
    if sigma < 3:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)
    height, width = image.shape
    half = cv2.resize(
        image, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA
    )
    soft = cv2.GaussianBlur(half, (0, 0), sigma / 2)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
