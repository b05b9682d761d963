"""`kiosk camera`: the webcams of this machine, and how they would be opened."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kiosk.adapters.camera.wishes import Coding, Torch, Wishes, focus_of, size_of
from kiosk.cli.common import Subparsers, fail, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.adapters.camera.webcam import QtWebcams


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("camera", help="webcams", description=__doc__)
    parts = parser.add_subparsers(required=True, metavar="WHAT", title="what")
    listed = parts.add_parser(
        "list",
        help="webcams with their resolutions and formats",
        description="The webcams by the names that `--camera` takes, the default one first, each "
        "with the ways in which it delivers; the one that would be taken is marked.",
    )
    _add_mode(listed)
    listed.set_defaults(func=run_list)


def add_wishes(parser: argparse.ArgumentParser) -> None:
    """The options about a webcam."""
    _add_mode(parser)
    parser.add_argument(
        "--torch", type=Torch, choices=list(Torch), help="the webcam's light, where it has one"
    )
    parser.add_argument(
        "--focus", type=_focus, metavar="auto|0.0-1.0", help="fixed from 0.0 (nearest) to 1.0"
    )


def _add_mode(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--resolution", type=_size, metavar="WxH", help="of a webcam, such as 1280x720"
    )
    parser.add_argument("--format", type=Coding, choices=list(Coding), help="of a webcam")


def wishes_of(options: argparse.Namespace) -> Wishes:
    """What the options ask of a webcam."""
    torch, focus = getattr(options, "torch", None), getattr(options, "focus", None)
    return Wishes(options.resolution, options.format, torch, focus)


def _size(text: str) -> tuple[int, int]:
    try:
        return size_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _focus(text: str) -> str | float:
    try:
        return focus_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run_list(options: argparse.Namespace) -> int:
    """Tell the webcams and their modes."""
    try:
        from kiosk.adapters.camera.webcam import QtWebcams
        from kiosk.bootstrap.screens import application
    except ImportError as error:
        return fail(f"A library is missing ({error}). `kiosk doctor` names the remedy.")
    application()
    lines = list(told(QtWebcams(), wishes_of(options)))
    show(lines or ["No webcam is connected."])
    return 0


def told(webcams: QtWebcams, wishes: Wishes) -> Iterator[str]:
    """The lines about each webcam."""
    from kiosk.adapters.camera.webcam import best_mode

    for number, name in enumerate(webcams.names()):
        modes = webcams.modes(name)
        taken = best_mode(modes, wishes)
        yield f"{number}  {name}"
        for place, mode in enumerate(modes):
            yield f"     {mode}{'  <- taken' if place == taken else ''}"
        if taken is None:
            yield "     it chooses by itself"
