"""The engines by name behind one port: for `kiosk read`, and for measuring one against another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.full import FullReader
from kiosk.adapters.reader.opencv import OpencvReader
from kiosk.adapters.reader.quick import QuickReader
from kiosk.adapters.reader.zbar import ZbarReader
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.adapters.zbarlibrary import sound_zbar
from kiosk.desk.ports import CodeReader, CodeSeen

FULL = "full"  # the reader of a door: the quick look, then the patient one
ZXING = "zxing"


class Engine(Protocol):
    """Something that reads codes, under a name by which it can be asked for."""

    @property
    def name(self) -> str:
        """Its name in `engine_names`."""
        ...

    def codes(self, image: NDArray[np.uint8]) -> tuple[CodeSeen, ...]:
        """The codes in `image` (luma, shape (height, width), uint8), each with its stage."""
        ...

    def forget(self) -> None:
        """The next picture has nothing to do with those before."""
        ...


@runtime_checkable
class _Remembers(Protocol):
    def forget(self) -> None: ...


class ReaderEngine:
    """A reader behind that port; what it read without naming a stage was read by itself."""

    def __init__(self, name: str, reader: CodeReader) -> None:
        self._name = name
        self._reader = reader

    @property
    def name(self) -> str:
        """The name that it was given."""
        return self._name

    def codes(self, image: NDArray[np.uint8]) -> tuple[CodeSeen, ...]:
        """What the reader reads; whatever it raises is raised."""
        seen = self._reader.read(image).codes
        return tuple(code if code.stage else replace(code, stage=self._name) for code in seen)

    def forget(self) -> None:
        """Told to the reader, if it is one that remembers anything."""
        if isinstance(self._reader, _Remembers):
            self._reader.forget()


_MAKERS: dict[str, Callable[[], CodeReader]] = {
    FULL: lambda: FullReader(any_text=True),
    "quick": lambda: QuickReader(accepts=bool),
    ZXING: ZxingReader,
    "zbar": ZbarReader,
    "opencv": OpencvReader,
}


def engine_names() -> tuple[str, ...]:
    """Every name there is, whether or not this machine has that engine."""
    return tuple(_MAKERS)


def available_engines() -> tuple[str, ...]:
    """The names of those that this machine has."""
    return tuple(name for name in _MAKERS if name != "zbar" or sound_zbar())


def make_engine(name: str, any_kind: bool = False) -> Engine:
    """The engine of that name, new; with `any_kind`, zxing for every kind of code it knows.

    Raises:
        KeyError: there is none of that name.
        ValueError: another engine than zxing was asked for every kind of code.
        UnsoundZbarError: zbar was asked for, and is missing or too old.

    """
    if any_kind and name != ZXING:
        raise ValueError(f"{name} reads QR codes alone")
    reader = ZxingReader(any_kind=True) if any_kind else _MAKERS[name]()
    return ReaderEngine(name, reader)
