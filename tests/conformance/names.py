"""`python -m tests.conformance.names DIR [DIR ...]`: names as issuers really transliterated them.

Each DIR is a folder of official certificates: vectors as of dgc-testdata, pictures as of
dcc-quality-assurance. Of each distinct name (fn, gn with fnt, gnt) it is asked whether fnt and gnt
are among the forms that this program accepts for somebody who is on the list as fn, gn.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.adapters.reader.pictures import PictureError, codes_in_picture
from kiosk.core.guests.names import listed_forms, same_person
from kiosk.core.guests.scripts import script_of
from kiosk.core.guests.spelling import StandardName, spellings, standard_key, words
from kiosk.core.hcert import cose, cwt, envelope
from kiosk.core.hcert.errors import DecodeError
from tests.conformance.vectors import FieldError, Vector, read_vectors

_PICTURES = {".png", ".jpg", ".jpeg"}
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")


@dataclass(frozen=True, order=True)
class Name:
    """A name as one certificate has it: as written, and in the forms of 9303."""

    fn: str
    gn: str
    fnt: str
    gnt: str

    @property
    def well_formed(self) -> bool:
        """Whether it is one by the schema: A-Z and fillers, something written in both forms."""
        standard = self.fnt + self.gnt
        return bool(self.fn + self.gn) and bool(standard.strip("<")) and set(standard) <= _LETTERS

    @property
    def accepted(self) -> bool:
        """Whether the list's name has the certificate's among its forms."""
        key = standard_key(self.fnt.strip("<"), self.gnt.strip("<"))
        return key in {form.key for form in spellings(self.fn, self.gn)}

    @property
    def scripts(self) -> str:
        """The scripts of the written name."""
        return "+".join(sorted({script_of(c) for word in words(self.fn + self.gn) for c in word}))

    @property
    def why_not(self) -> str:
        """Why it is not accepted."""
        if not self.well_formed:
            return "not by the schema"
        if not spellings(self.fn, self.gn):
            return f"no form: {self.scripts}"
        family, given = (tuple(filter(None, field.split("<"))) for field in (self.fnt, self.gnt))
        if same_person(StandardName(family, given), listed_forms(self.fn, self.gn)):
            return "the same person beside the own badge"
        return f"spelled otherwise: {self.scripts}"


def names_below(folders: Iterable[Path]) -> list[Name]:
    """The distinct names in all vectors and pictures below `folders`."""
    found: set[Name] = set()
    for folder in folders:
        for vector in read_vectors(folder)[0]:
            found.update(_names(_contents(vector)))
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in _PICTURES:
                found.update(_names(_read(path)))
    return sorted(found)


def _contents(vector: Vector) -> Iterator[Any]:
    """What the vector says, and what the JSON beside it says."""
    with suppress(FieldError):
        yield vector.json
    with suppress(FieldError, DecodeError):
        yield cwt.parse(cose.parse(vector.binary("COSE")).payload).dcc


def _read(path: Path) -> Iterator[Any]:
    try:
        texts = codes_in_picture(path)
    except PictureError:
        return
    for text in texts:
        with suppress(DecodeError):
            yield cwt.parse(cose.parse(envelope.open_envelope(text)).payload).dcc


def _names(contents: Iterable[Any]) -> Iterator[Name]:
    for content in contents:
        name = content.get("nam") if isinstance(content, Mapping) else None
        if isinstance(name, Mapping):
            fields = [name.get(key) or "" for key in ("fn", "gn", "fnt", "gnt")]
            if any(fields) and all(isinstance(field, str) for field in fields):
                yield Name(*fields)


def report(names: list[Name]) -> list[str]:
    """The shares by script, and each name that is not accepted with the reason."""
    proper = [name for name in names if name.well_formed]
    total, accepted = (
        Counter(name.scripts for name in some)
        for some in (proper, [name for name in proper if name.accepted])
    )
    lines = [f"{script:12s} {accepted[script]:5d} of {total[script]:5d}" for script in total]
    lines.append(f"{'all':12s} {accepted.total():5d} of {total.total():5d}")
    left = [name for name in names if not (name.well_formed and name.accepted)]
    lines += [f"{n.fn}, {n.gn}: {n.fnt}, {n.gnt}; {n.why_not}" for n in left]
    return lines


def main(arguments: list[str]) -> int:
    """Print the report; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance.names",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", metavar="DIR", type=Path, nargs="+")
    folders = parser.parse_args(arguments).folders
    for folder in folders:
        if not folder.is_dir():
            parser.error(f"there is no folder {folder}")
    names = names_below(folders)
    if not names:
        parser.error("no certificate that can be read lies there")
    sys.stdout.write("\n".join(report(names)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
