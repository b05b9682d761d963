"""The register of states: each screen in each state that it can be in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.shots.act_states import ACTS
from tests.shots.desk_pages import DESK_PAGES
from tests.shots.desk_states import DESK
from tests.shots.guest_states import GUEST
from tests.shots.staff_states import STAFF
from tests.shots.state import State

STATES: tuple[State, ...] = (*GUEST, *DESK, *DESK_PAGES, *STAFF, *ACTS)


def chosen(words: Sequence[str], states: Iterable[State] = STATES) -> list[State]:
    """Those in whose screen or name each of `words` is found."""
    return [each for each in states if all(word in f"{each.screen} {each.name}" for word in words)]
