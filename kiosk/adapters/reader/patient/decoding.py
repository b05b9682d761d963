"""From soft modules to a text: the blocks of a code that can be had, then those they help to.

Each block of codewords is decoded by itself, the doubtful codewords as erasures, of which twice as
many can be put right as of errors. A code in which some blocks are sound and others are not yet
tells thousands of its modules for certain: the equaliser learns from them and looks again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient import reedsolomon
from kiosk.adapters.reader.patient.blocks import (
    Format,
    Layout,
    format_clarity,
    layout,
    likely_formats,
    mask,
)
from kiosk.adapters.reader.patient.segments import content_of
from kiosk.adapters.reader.patient.symbol import Signs, Symbol

Soft = NDArray[np.float32]  # shape (size, size): light above 0, dark below, the farther the surer

FORMATS = 2  # of the most likely ones that are tried
ERASED = (0, 4, 8, 12, 16)  # codewords of a block that are tried as erasures
DOUBT = 4.0  # how quickly doubt falls with the distance from 0


@dataclass(eq=False)
class Codewords:
    """The blocks of one code under one format, as far as they are sound."""

    sign: Symbol
    format: Format
    words: NDArray[np.uint8]  # shape (blocks, codewords)
    sound: NDArray[np.bool_]  # shape (blocks,)

    @classmethod
    def none_yet(cls, sign: Symbol, format_: Format) -> Codewords:
        """Nothing known."""
        shape = layout(sign.version, format_.level).places.shape
        return cls(sign, format_, np.zeros(shape, np.uint8), np.zeros(shape[0], bool))

    @property
    def _layout(self) -> Layout:
        return layout(self.sign.version, self.format.level)

    def hear(self, soft: Soft) -> None:
        """Decode the blocks that are not sound yet from `soft`."""
        unmasked = (soft * mask(self.sign.version, self.format.mask)).reshape(-1)
        count = self.sign.order.size // 8
        bits = unmasked[self.sign.order[: 8 * count]].reshape(count, 8)
        words = np.packbits(bits < 0, axis=1).reshape(-1)
        doubt = np.exp(-DOUBT * np.abs(bits)).sum(axis=1)
        places, correcting = self._layout
        missing = places < 0
        words, doubt = np.where(missing, 0, words[places]), np.where(missing, -1, doubt[places])
        order = np.argsort(-doubt, axis=1)
        for erased in ERASED:
            left = np.flatnonzero(~self.sound)
            room = reedsolomon.most_errors(places.shape[1] - erased, correcting - erased)
            if not left.size or room < 0:
                return
            decoded = reedsolomon.decode(
                words[left].astype(np.uint8), correcting, order[left, :erased]
            )
            good = decoded.sound & ~(decoded.words * missing[left]).any(axis=1)
            self.words[left[good]] = decoded.words[good]
            self.sound[left[good]] = True

    def known(self) -> Signs:
        """The modules that the sound blocks and the format tell, with the function patterns."""
        places, _ = self._layout
        told = np.zeros(self.sign.order.size // 8, bool)
        words = np.zeros(told.size, np.uint8)
        there = places[self.sound] >= 0
        told[places[self.sound][there]] = True
        words[places[self.sound][there]] = self.words[self.sound][there]
        signs = (1 - 2 * np.unpackbits(words).astype(np.int8)) * np.repeat(told, 8)
        known = self.sign.known.copy()
        turned = mask(self.sign.version, self.format.mask).reshape(-1)
        order = self.sign.order[: signs.size]
        known.reshape(-1)[order] = signs * turned[order]
        return known

    def content(self) -> bytes | None:
        """What the code says; None while a block is missing, or where it makes no sense."""
        if not self.sound.all():
            return None
        places, correcting = self._layout
        data = places[:, :-correcting]
        ordered = [
            self.words[block, : data.shape[1]][data[block] >= 0] for block in range(len(data))
        ]
        try:
            return content_of(np.concatenate(ordered).tobytes(), self.sign.version)
        except ValueError:
            return None


def begin(sign: Symbol, soft: Soft) -> Codewords:
    """The codewords under the first likely format that gives a sound block; none else."""
    likely = likely_formats(soft, sign.version, FORMATS)
    for format_ in likely:
        codewords = Codewords.none_yet(sign, format_)
        codewords.hear(soft)
        if codewords.sound.any():
            return codewords
    return Codewords.none_yet(sign, likely[0])


def seems_mirrored(sign: Symbol, soft: Soft) -> bool:
    """Whether the format information is easier to read with rows and columns exchanged."""
    return format_clarity(soft.T, sign.version) > format_clarity(soft, sign.version)
