"""Every screen in every state and language: nothing cut, too small, outside or on another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import product

import pytest
from PySide6.QtWidgets import QWidget

from kiosk.desk.findings import Mode
from kiosk.gui.parts.style import Style
from kiosk.gui.parts.text import Text
from tests.shots.faults import faults
from tests.shots.looks import SIZES, Dress, Look, guest_languages, staff_languages
from tests.shots.stage import Stage, staged
from tests.shots.state import State
from tests.shots.states import STATES

SMALL, PORTRAIT = (1024, 600), (1080, 1920)
LONG = "Une phrase qui a besoin de beaucoup plus de place qu’il n’y en a ici"


pytestmark = pytest.mark.usefixtures("dressed")


def faults_of(mode: Mode, looks: Iterable[Look]) -> dict[str, list[object]]:
    """Each fault, with the states and looks that have it."""
    found: defaultdict[str, list[object]] = defaultdict(list)
    with staged(mode, painting=False) as stage:
        for look in looks:
            look_at(stage, look, found)
    return found


def look_at(stage: Stage, look: Look, found: defaultdict[str, list[object]]) -> None:
    stage.wear(look)
    for state in STATES:
        if state.mode is stage.mode and (look.language in staff_languages() or for_guests(state)):
            stage.show(state.show)
            for fault in faults(stage.window):
                found[fault].append((state.screen, state.name, *look.words))


def for_guests(state: State) -> bool:
    """Whether it says anything else in another language of guests: these notes are staff's."""
    return not state.name.startswith(("camera ", "scanner "))


# The tightest: the smallest size with large text, and upright. The others are those two, larger;
# the whole product is looked at by `./run.sh shots`.
TIGHTEST = [(SMALL, Dress.LARGE), (PORTRAIT, Dress.LIGHT)]


@pytest.mark.parametrize(("size", "dress"), TIGHTEST)
def test_everything_on_the_guest_s_screen_has_its_place_in_every_language(
    size: tuple[int, int], dress: Dress
) -> None:
    looks = [Look(language, size, dress) for language in guest_languages()]
    assert faults_of(Mode.SELF, looks) == {}


def test_everything_on_the_guest_s_screen_has_its_place_in_every_size() -> None:
    looks = product(("fr", "de", "el"), SIZES, (Dress.LIGHT, Dress.LARGE))
    assert faults_of(Mode.SELF, [Look(*look) for look in looks]) == {}


@pytest.mark.parametrize(("size", "dress"), TIGHTEST)
def test_everything_on_the_desk_has_its_place(size: tuple[int, int], dress: Dress) -> None:
    looks = [Look(language, size, dress) for language in staff_languages()]
    assert faults_of(Mode.DESK, looks) == {}


# What is found


def placed(child: QWidget, x: int, y: int, width: int, height: int) -> None:
    child.setMinimumSize(0, 0)
    child.setGeometry(x, y, width, height)
    child.show()


@pytest.fixture
def window() -> QWidget:
    window = QWidget()
    window.resize(400, 300)
    return window


def text_in(window: QWidget, words: str, x: int, y: int, width: int = 300) -> Text:
    text = Text()
    text.setParent(window)
    text.say(words)
    placed(text, x, y, width, 40)
    return text


def test_two_texts_beside_one_another_are_well(window: QWidget) -> None:
    text_in(window, "one", 0, 0)
    text_in(window, "two", 0, 50)
    window.show()
    assert faults(window) == []


def test_a_text_that_ends_in_an_ellipsis_is_found(window: QWidget) -> None:
    text_in(window, LONG, 0, 0)
    window.show()
    assert faults(window) == [f"cut: {LONG}"]


def test_a_text_that_its_parent_cuts_off_is_found(window: QWidget) -> None:
    text_in(window, "beyond the edge", 200, 0)
    window.show()
    assert faults(window) == ["outside: beyond the edge"]


def test_a_text_upon_another_one_is_found(window: QWidget) -> None:
    text_in(window, "below", 0, 0)
    text_in(window, "above", 50, 20)
    window.show()
    assert "upon one another: below and above" in faults(window)


def test_a_text_below_its_least_size_is_found(window: QWidget) -> None:
    text = text_in(window, "tiny", 0, 0)
    window.show()
    font = text.font()
    font.setPixelSize(9)
    text.setFont(font)
    assert faults(window) == ["too small: tiny"]


def test_a_widget_beyond_its_parent_is_found(window: QWidget) -> None:
    child = QWidget(window)
    placed(child, 350, 250, 100, 100)
    window.show()
    assert faults(window) == ["outside: QWidget"]


# Large text


def large_in(window: QWidget, words: str, *, large: bool = True) -> Text:
    text = Text(30)
    text.setParent(window)
    text.say(words)
    window.show()
    text.restyle(Style(large=large))
    text.show()
    return text


@pytest.mark.parametrize(("height", "pixels"), [(60, 39), (42, 34), (37, 30)])
def test_large_text_is_as_large_as_there_is_room_for(
    window: QWidget, height: int, pixels: int
) -> None:
    text = large_in(window, "Ag")
    text.resize(300, height)
    assert text.font().pixelSize() == pixels


def test_large_text_that_is_too_long_is_never_smaller_than_the_usual_one(window: QWidget) -> None:
    usual, large = (large_in(window, "A line that is rather long", large=n) for n in (False, True))
    for text in (usual, large):
        text.resize(300, 60)
    assert large.font().pixelSize() == usual.font().pixelSize() < 30


@pytest.mark.parametrize("size", [12, 15, 18, 22, 30, 44, 72])
def test_a_text_that_has_room_is_as_large_as_it_was_designed(window: QWidget, size: int) -> None:
    text = Text(size, lines=2)
    text.setParent(window)
    text.say("Ag")
    window.show()
    text.show()
    text.resize(390, text.maximumHeight())
    assert text.font().pixelSize() == size
