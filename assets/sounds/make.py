"""Makes the sounds of the screens: `python assets/sounds/make.py` writes them beside itself.

Each is told from the others by rhythm and by melody, so that neither good ears nor a quiet room
are needed: two rising notes, two equal ones, one fall into the depth, one short touch, a question
that goes down and up again, three quick notes. Every fundamental lies between 260 and 1,200 Hz,
where age and noise take hearing last (ISO 7029), with harmonics for small loudspeakers that
swallow the depth. All but the touch are equally loud; nothing begins or ends with a click.
"""

from __future__ import annotations

import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE = 48_000  # samples a second
LOUD = 10 ** (-11 / 20)  # root mean square of full scale: -11 dB
QUIET = 10 ** (-21 / 20)
ATTACK = 0.02  # seconds, raised cosine: soft, and still on time
RELEASE = 0.05
PARTIALS = (1.0, 0.42, 0.24, 0.10)  # amplitudes of the fundamental and its harmonics


class Note(NamedTuple):
    """One note: fundamental in Hz (0: silence), length and time of decay to 1/e in seconds."""

    pitch: float
    length: float
    decay: float = 0.3


class Melody(NamedTuple):
    """Notes in their order, and the root mean square that they are brought to."""

    notes: Sequence[Note]
    level: float = LOUD


MELODIES: Mapping[str, Melody] = {
    "admit": Melody((Note(587.33, 0.15), Note(880.0, 0.38))),  # D5, A5: a fifth up
    "desk": Melody((Note(659.26, 0.19), Note(0, 0.09), Note(659.26, 0.30))),  # E5, E5
    "refuse": Melody((Note(440.0, 0.26, 0.5), Note(277.18, 0.55, 0.5))),  # A4, C#4: down
    "read": Melody((Note(1046.5, 0.2, 0.045),), QUIET),  # C6, a touch
    "ask": Melody((Note(783.99, 0.12), Note(587.33, 0.12), Note(783.99, 0.26))),  # G5, D5, G5
    "call": Melody(
        (
            *(Note(987.77, 0.09), Note(0, 0.05)) * 2,
            Note(987.77, 0.28),
        )
    ),  # B5, three times
}


def played(note: Note) -> NDArray[np.float64]:
    """The samples of one note, shape (samples,), at no level in particular."""
    time = np.arange(round(note.length * RATE)) / RATE
    if not note.pitch:
        return np.zeros_like(time)
    tone = sum(
        share * np.sin(2 * np.pi * note.pitch * order * time)
        for order, share in enumerate(PARTIALS, 1)
    )
    rise = np.minimum(1, time / ATTACK)
    fall = np.minimum(1, (note.length - time) / RELEASE)
    ends = (1 - np.cos(np.pi * rise)) * (1 - np.cos(np.pi * fall)) / 4
    return np.asarray(tone * ends * np.exp(-time / note.decay))


def samples(melody: Melody) -> NDArray[np.int16]:
    """A melody at its level, shape (samples,), 16 bit."""
    sound = np.concatenate([played(note) for note in melody.notes])
    sound *= melody.level / np.sqrt(np.mean(sound**2))
    return np.round(sound * 32767).astype(np.int16)


def write(folder: Path) -> None:
    """Every melody as NAME.wav: mono, 16 bit, 48 kHz."""
    for name, melody in MELODIES.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(melody).astype("<i2").tobytes())


if __name__ == "__main__":
    write(Path(__file__).parent)
