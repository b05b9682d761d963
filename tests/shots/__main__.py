"""`python -m tests.shots`: pictures of the screens, and a page to leaf through them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from tests.shots.gallery import PICTURES, write_page
from tests.shots.looks import SIZES, Dress, Look, staff_languages
from tests.shots.painter import Shot, painted
from tests.shots.states import STATES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "pictures"
README = {
    "scan certificate read": "scan.png",
    "desk ready confirmed": "desk.png",
    "answer admit": "answer.png",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Make what was asked for; 1 where a fault was found."""
    options = _parser().parse_args(arguments)
    if options.readme:
        return _paint_readme()
    wanted = [shot for shot in _all(options) if _matches(shot, options.only)]
    if not wanted:
        print(f"shots: nothing is called {' '.join(options.only)}", file=sys.stderr)
        return 2
    folder: Path = options.out
    shots: list[Shot] = []
    for made in painted(wanted, folder / PICTURES, options.processes):
        shots += made
        print(f"\rshots: {len(shots)} of {len(wanted)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    faulty = [shot for shot in shots if shot.faults]
    print(f"{len(shots)} pictures, {len(faulty)} with a fault: {write_page(shots, folder)}")
    return 1 if faulty else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/shots"), metavar="FOLDER")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="WORD",
        help="those with each of these words: of a screen, a state, a language (el), a size "
        "(1024x600), light, dark, contrast, large",
    )
    parser.add_argument("--quick", action="store_true", help="French, 1280x800, light alone")
    parser.add_argument(
        "--every", action="store_true", help="dark, contrast and large text in all languages too"
    )
    parser.add_argument(
        "--readme", action="store_true", help="the pictures of README.md alone, into docs/pictures"
    )
    parser.add_argument("--processes", type=int, default=2, metavar="COUNT")
    return parser


def _all(options: argparse.Namespace) -> Iterator[Shot]:
    for number, state in enumerate(STATES):
        for language, size, dress in product(state.languages, SIZES, Dress):
            look = Look(language, size, dress)
            plain = dress is Dress.LIGHT or language in staff_languages()
            if options.quick and look != Look():
                continue
            if plain or options.every or options.only:
                yield Shot(number, look)


def _paint_readme() -> int:
    """In English, 1280x800, as they are shown in README.md."""
    with TemporaryDirectory() as folder:
        for name, kept in README.items():
            number = next(
                n for n, each in enumerate(STATES) if f"{each.screen} {each.name}" == name
            )
            shot = Shot(number, Look("en"))
            list(painted([shot], Path(folder), 1))
            copyfile(Path(folder) / shot.file, DOCS / kept)
            print(DOCS / kept)
    return 0


def _matches(shot: Shot, words: Sequence[str]) -> bool:
    about = {*shot.look.words, *f"{shot.of.screen} {shot.of.name}".split(), shot.of.mode.value}
    return about.issuperset(words)


if __name__ == "__main__":
    sys.exit(main())
