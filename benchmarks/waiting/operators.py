"""What people take, in seconds: the keystroke-level model, and assumptions where it has none.

S. K. Card, T. P. Moran, A. Newell, "The Psychology of Human-Computer Interaction" (1983), 8:
a key 0.28 s for somebody who is no typist, a step of thought 1.35 s before each decision, the hands
from the keys to a mouse and back 0.4 s, pointing 1.1 s. The model knows nobody who walks up to a
desk or holds a phone up: those times are ours, longer than what we saw people take, and the
benchmark says how the result changes with them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """Something a person does. assumed: our figure, not the model's."""

    what: str
    seconds: float
    assumed: bool = False


KEY = Operator("presses a key", 0.28)
THINK = Operator("takes in what the screen says", 1.35)

STEP_UP = Operator("the next guest steps up to the desk", 1.5, assumed=True)  # 1.8 m at 1.2 m/s
HOLD_UP = Operator("holds up a phone or paper that is ready in the hand", 1.0, assumed=True)
SWAP = Operator("lowers the one, holds up the other", 1.5, assumed=True)
LOOK_AT_ID = Operator("compares name and face with the ID document", 2.0, assumed=True)
GLANCE = Operator("glances at the mask", 0.4, assumed=True)
TALK = Operator("asks, and is told", 5.0, assumed=True)
OFFICIAL_READER = Operator("reads the code with the official reader", 6.0, assumed=True)
FETCH_SUPERVISOR = Operator("the supervisor comes over", 15.0, assumed=True)
