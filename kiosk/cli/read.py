"""`kiosk read`: what is read of pictures and films, by what, and at what cost."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from kiosk.cli.common import USAGE, Subparsers, counted, fail, show
from kiosk.cli.progress import Progress
from kiosk.cli.sources import Frames, Picture, SourceError, source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kiosk.adapters.reader.engine import Engine
    from kiosk.desk.ports import CodeSeen

_EPILOG = """\
Any code is told, whether or not a door would take it. Texts are personal: without --show only
their kind and length is printed. With --json the whole text is always there, for the program that
asked for it.

Each picture stands for itself. One of the size of a camera's frame (640x480 to 1920x1080) is looked
at once, as at a door; a smaller or larger one also with a rim and in parts of larger sizes, until
something is read. Of a film every frame is looked at. With --sequence the pictures of a folder,
or the frames of a film, are frames of one camera in their order, each looked at once, and the
first one that was read is told.

Milliseconds are CPU time of looking alone, without opening the file. JSON, one object a line:
  {"input", "codes": [{"text", "kind", "stage", "ms", "corners"}], "ms", "wall_ms"}
  a film's frames also have "frame"; with --sequence {"input", "frames", "first_read", "codes", ...}
  with each text once and the "frame" that showed it first; "problem" when an input is unusable

examples:
  kiosk read photo.jpg
  kiosk read --engine zxing --json frames/ | jq .ms
  kiosk read --sequence clip.avi clips/*/

exit status: 0 when every input had a code; 1 when one had none; 2 for wrong usage or an input
that cannot be read."""

SHOWN = 60  # characters of a text that --show prints
_DIFFERENT = 5  # codes that the line of a film names


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "read",
        help="read codes of pictures and films: what, by what, how fast",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("input", nargs="+", metavar="INPUT", help="PNG or JPEG picture, film, folder of pictures")
    add(
        "--engine",
        default="full",
        metavar="NAME",
        help="full (a door's reader, the default), quick (its first look), zxing, zbar, opencv",
    )
    add("--any", action="store_true", help="every kind of code that zxing knows, not only QR codes")
    add("--sequence", action="store_true", help="pictures of a folder are frames of one camera")
    add("--show", action="store_true", help="print the beginning of each text; it is personal")
    add("--json", action="store_true", help="one JSON object a line, texts in full")
    parser.set_defaults(func=run)


@dataclass(frozen=True)
class Found:
    """A code, what finding it took (CPU ms), and the frame it was in."""

    code: CodeSeen
    ms: float
    frame: int | None = None

    def as_json(self) -> dict[str, object]:
        """For a program."""
        placed = {} if self.frame is None else {"frame": self.frame}
        return placed | {
            "text": self.code.text,
            "kind": self.code.kind,
            "stage": self.code.stage,
            "ms": round(self.ms, 3),
            "corners": [[round(x, 1), round(y, 1)] for x, y in self.code.corners],
        }


@dataclass
class Outcome:
    """What became of one input; of a film or sequence `codes` holds each text once."""

    label: str
    codes: list[Found] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # CPU ms of each picture or frame
    wall: float = 0.0  # ms
    read: int = 0  # frames that showed a code
    frame: int | None = None

    def add(self, found: list[Found], ms: float, wall: float) -> None:
        """One more frame of it."""
        known = {(one.code.text, one.code.kind) for one in self.codes}
        self.codes += [one for one in found if (one.code.text, one.code.kind) not in known]
        self.costs.append(ms)
        self.wall += wall
        self.read += bool(found)

    def as_json(self) -> dict[str, object]:
        """For a program."""
        placed = {} if self.frame is None else {"frame": self.frame}
        return {
            "input": self.label,
            **placed,
            "codes": [one.as_json() for one in self.codes],
            "ms": round(sum(self.costs), 3),
            "wall_ms": round(self.wall, 3),
        }


def run(options: argparse.Namespace) -> int:
    """Read each input and print a line about it."""
    import cv2

    try:
        engine = _engine(options.engine, options.any)
    except SourceError as error:
        return fail(str(error))
    cv2.setNumThreads(1)  # else the time of this thread would not be all
    status = 0
    for argument in options.input:
        try:
            named = source(argument, options.sequence)
            if isinstance(named, Frames):
                status = max(status, _frames(engine, named, options))
            else:
                status = max(status, _pictures(engine, argument, named, options))
        except SourceError as error:
            status = _unusable(argument, error, options)
    return status


def _engine(name: str, any_kind: bool) -> Engine:
    """Raises SourceError with the remedy."""
    from kiosk.adapters.reader.engine import FULL, ZXING, engine_names, make_engine
    from kiosk.adapters.reader.zbar import UnsoundZbarError

    if name not in engine_names():
        raise SourceError(f"--engine: there is no {name!r}. Give {', '.join(engine_names())}.")
    if any_kind and name not in (FULL, ZXING):
        raise SourceError(f"--any: {name} reads QR codes alone. Leave --engine out.")
    try:
        return make_engine(ZXING if any_kind else name, any_kind)
    except UnsoundZbarError as error:
        raise SourceError(str(error)) from None


def _unusable(label: str, error: SourceError, options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps({"input": label, "problem": str(error), "codes": [], "ms": 0.0}))
        return USAGE
    return fail(str(error))


# Pictures that stand for themselves


def _pictures(
    engine: Engine, argument: str, pictures: list[Picture], options: argparse.Namespace
) -> int:
    status, progress = 0, Progress(argument, len(pictures))
    for picture in pictures:
        try:
            outcome = Outcome(str(picture.path))
            outcome.add(*_looked_at(engine, picture.open(), str(picture.path)))
        except SourceError as error:
            progress.clear()
            status = _unusable(str(picture.path), error, options)
        else:
            progress.clear()
            _print(outcome, options, _of_picture(outcome, options.show))
            status = max(status, 0 if outcome.codes else 1)
        progress.step()
    progress.clear()
    return status


def _looked_at(
    engine: Engine, image: NDArray[np.uint8], label: str, frame: int | None = None
) -> tuple[list[Found], float, float]:
    """By every look there is: the codes, CPU ms, ms by the clock on the wall. SourceError."""
    from kiosk.adapters.reader.pictures import PictureError, codes_of

    cpu, wall = time.thread_time(), time.perf_counter()
    try:
        codes = codes_of(engine, image)
    except PictureError as error:
        raise SourceError(f"{label}: {error} Save it again, or try another engine.") from None
    return _timed(codes, cpu, wall, frame)


def _timed(
    codes: tuple[CodeSeen, ...], cpu: float, wall: float, frame: int | None
) -> tuple[list[Found], float, float]:
    ms = 1e3 * (time.thread_time() - cpu)
    return [Found(code, ms, frame) for code in codes], ms, 1e3 * (time.perf_counter() - wall)


# Films and sequences


def _frames(engine: Engine, frames: Frames, options: argparse.Namespace) -> int:
    whole = Outcome(str(frames.path))
    engine.forget()
    with frames.open() as (count, images):
        progress = Progress(whole.label, count)
        for number, image in enumerate(images):
            look = _seen if options.sequence else _looked_at
            looked = look(engine, image, whole.label, number)
            whole.add(*looked)
            if options.json and not options.sequence:
                one = Outcome(whole.label, frame=number)
                one.add(*looked)
                progress.clear()
                print(json.dumps(one.as_json()))
            progress.step()
        progress.clear()
    if not whole.costs:
        raise SourceError(f"{whole.label}: the film has no frame that can be shown.")
    if options.sequence:
        _print(whole, options, _of_frames(whole, options.show), **_sequence(whole))
    elif not options.json:
        _print(whole, options, _of_frames(whole, options.show))
    return 0 if whole.codes else 1


def _seen(
    engine: Engine, image: NDArray[np.uint8], label: str, frame: int
) -> tuple[list[Found], float, float]:
    """By one look at the frame, as a camera's. Raises SourceError."""
    import cv2

    cpu, wall = time.thread_time(), time.perf_counter()
    try:
        codes = engine.codes(image)
    except (ValueError, RuntimeError, cv2.error) as error:
        why = type(error).__name__
        raise SourceError(f"{label}: the engine gave up on frame {frame} ({why}).") from None
    return _timed(codes, cpu, wall, frame)


def _sequence(outcome: Outcome) -> dict[str, object]:
    first = outcome.codes[0].frame if outcome.codes else None
    return {"frames": len(outcome.costs), "first_read": first}


# Lines


def _print(outcome: Outcome, options: argparse.Namespace, line: str, **more: object) -> None:
    if options.json:
        print(json.dumps(outcome.as_json() | more))
    else:
        show([line])


def _of_picture(outcome: Outcome, shown: bool) -> str:
    codes = "; ".join(_about(one.code, shown) for one in outcome.codes) or "no code"
    return f"{outcome.label}: {codes}; {sum(outcome.costs):.1f} ms CPU, {outcome.wall:.0f} ms"


def _of_frames(outcome: Outcome, shown: bool) -> str:
    frames = counted(len(outcome.costs), "frame")
    cost = f"{median(outcome.costs):.1f} ms CPU a frame (median)"
    if not outcome.codes:
        return f"{outcome.label}: no code in {frames}; {cost}"
    codes = [f"{_about(one.code, shown)} in frame {one.frame}" for one in outcome.codes]
    more = f"; and {len(codes) - _DIFFERENT:,} more" if len(codes) > _DIFFERENT else ""
    told = "; ".join(codes[:_DIFFERENT]) + more
    return f"{outcome.label}: {outcome.read:,} of {frames} read: {told}; {cost}"


def _about(code: CodeSeen, shown: bool) -> str:
    """What it is, and what read it; the text only when it is asked for."""
    length = counted(len(code.text), "character")
    kind = "" if code.kind == "QR Code" else f" in a code of kind {code.kind}"
    text = ""
    if shown:
        text = f" {code.text[:SHOWN]}{'…' if len(code.text) > SHOWN else ''}"
    return f"{_nature(code.text)}{kind}, {length}, by {code.stage}{text}"


def _nature(text: str) -> str:
    if text.startswith("HC1:"):
        return "certificate"
    return "badge" if text.startswith("B1:") else "another code"
