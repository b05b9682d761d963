"""`./run.sh shots`: what is painted, what the page shows, and what it tells of faults."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from kiosk.desk.findings import Mode
from tests.shots.__main__ import main
from tests.shots.gallery import page
from tests.shots.looks import SIZES, Dress, Look, guest_languages, staff_languages
from tests.shots.painter import Shot, painted, sittings
from tests.shots.stage import staged
from tests.shots.states import STATES

pytestmark = pytest.mark.usefixtures("dressed")


def place(name: str) -> int:
    return next(n for n, state in enumerate(STATES) if f"{state.screen} {state.name}" == name)


def test_no_two_states_share_a_file() -> None:
    files = [state.file for state in STATES]
    assert len(set(files)) == len(files)


def test_guests_are_shown_in_all_their_languages_and_staff_in_theirs() -> None:
    assert STATES[place("scan idle")].languages == guest_languages()
    assert STATES[place("desk idle")].languages == staff_languages()
    assert guest_languages()[:2] == ("fr", "en")


def test_a_window_is_opened_once_for_all_that_it_can_show() -> None:
    wanted = [Shot(number, Look(language)) for number in (0, 1) for language in ("fr", "en")]
    assert [sitting.states for sitting in sittings(wanted, None)] == [(0, 1), (0, 1)]


def test_each_look_changes_what_is_painted() -> None:
    with staged(Mode.SELF) as stage:
        seen = []
        for look in [Look(), Look("en"), *(Look(dress=dress) for dress in list(Dress)[1:])]:
            stage.wear(look)
            stage.show(STATES[0].show)
            seen.append(stage.photograph())
        for size in SIZES:
            stage.wear(Look(size=size))
            photograph = stage.photograph()
            assert (photograph.width(), photograph.height()) == size
    assert all(one != other for n, one in enumerate(seen) for other in seen[:n])


@pytest.mark.parametrize("mode", list(Mode))
def test_a_state_looks_the_same_whatever_was_shown_before(mode: Mode) -> None:
    states = [state for state in STATES if state.mode is mode]
    with staged(mode) as stage:
        stage.wear(Look(size=(1024, 600)))
        first = []
        for state in states:
            stage.show(state.show)
            first.append(stage.photograph())
        for state, before in zip(reversed(states), reversed(first), strict=True):
            stage.show(state.show)
            assert stage.photograph() == before, state.name


def test_pictures_and_page_are_written_and_all_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--only", "answer", "refuse", "1024x600", "contrast", "--processes", "1"]
    assert main(["--out", str(tmp_path), *words]) == 0
    pictures = sorted(tmp_path.glob("pictures/*/1024x600/contrast/answer-refuse.png"))
    assert [each.parts[-4] for each in pictures] == sorted(guest_languages())
    assert QImage(str(pictures[0])).size().toTuple() == (1024, 600)
    shown = (tmp_path / "index.html").read_text(encoding="utf-8")
    for picture in pictures:
        assert f"src='{picture.relative_to(tmp_path).as_posix()}'" in shown
    assert "with a fault" in capsys.readouterr().out


def test_words_that_name_nothing_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "nowhere"]) == 2
    assert "nothing is called nowhere" in capsys.readouterr().err


def test_two_processes_paint_what_one_paints(tmp_path: Path) -> None:
    wanted = [Shot(place("scan idle"), Look(language)) for language in ("fr", "en")]
    shots = [shot for made in painted(wanted, tmp_path, 2) for shot in made]
    assert sorted(shot.file for shot in shots) == sorted(shot.file for shot in wanted)
    files = [(tmp_path / shot.file).read_bytes() for shot in wanted]
    assert files[0] != files[1]
    again = list(painted(wanted, tmp_path, 1))
    assert len(again) == 2
    assert [(tmp_path / shot.file).read_bytes() for shot in wanted] == files


SHOTS = [
    Shot(0, Look("fr")),
    Shot(0, Look("de"), ("cut: <Zeigen>",)),
    Shot(0, Look("de", (1024, 600)), ("cut: <Zeigen>",)),
]


class Tags(HTMLParser):
    """The elements of a page, and whether each that is opened is closed again."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.met.append(tag)


def test_the_page_needs_no_script_and_nothing_from_elsewhere() -> None:
    tags = Tags()
    tags.feed(page(SHOTS))
    assert tags.met.count("figure") == 3
    assert "script" not in tags.met
    assert "http" not in page(SHOTS)


def test_the_page_tells_a_fault_first_once_and_in_red() -> None:
    shown = page(SHOTS)
    assert shown.count("<b class=bad>cut: &lt;Zeigen&gt;</b>") == 1
    assert shown.index("cut: &lt;Zeigen&gt;") < shown.index("<figure")
    assert shown.count("faulty") == 2 + 1  # and once in the style
    assert re.search(r"<td class=bad>1; not de</td>", shown)


def test_the_page_hides_what_is_not_chosen() -> None:
    shown = page(SHOTS)
    assert "body:has(#language-de:checked) figure:not(.language-de) { display: none }" in shown
    assert "id=language-fr checked" in shown
    assert "id=size-1280x800 checked" in shown
