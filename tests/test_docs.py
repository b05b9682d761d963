"""The pages that are made from the code are up to date."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import cv2
import pytest

from kiosk.adapters.badges.layouts import LAYOUTS

ROOT = Path(__file__).resolve().parents[1]


def _make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_make", ROOT / "docs" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_reasons_is_what_the_code_says() -> None:
    make = _make()
    written = make.REASONS.read_text(encoding="utf-8")
    assert written == make.reasons_page(), "run `python docs/make.py`"


def test_the_page_of_proof_rules_is_what_the_rules_say() -> None:
    make = _make()
    written = make.PROOF_RULES.read_text(encoding="utf-8")
    assert written == make.proof_rules_page(), "run `python docs/make.py`"


def _pictures() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "reading_pictures", ROOT / "docs" / "reading_pictures.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_reading_shows_every_picture_that_is_drawn_for_it() -> None:
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(pictures/reading/([a-z]+)\.png\)", page)
    assert [name for _, name in shown] == list(_pictures().PICTURES)
    files = sorted((ROOT / "docs" / "pictures" / "reading").iterdir())
    assert [file.name for file in files] == sorted(f"{name}.png" for _, name in shown)
    assert all(file.stat().st_size < 120_000 for file in files)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ["lanes", "regions", "lattices"])
def test_the_pictures_of_reading_can_be_drawn_again(name: str, tmp_path: Path) -> None:
    pictures = _pictures()
    pictures.begin()
    pictures.PICTURES[name]().save(tmp_path / "drawn.png")
    before = cv2.imread(str(pictures.FOLDER / f"{name}.png"))
    drawn = cv2.imread(str(tmp_path / "drawn.png"))
    assert before is not None
    assert drawn is not None
    assert drawn.shape == before.shape, "run `python docs/reading_pictures.py`"
    assert drawn.std() > 20


def test_the_page_of_badges_shows_every_picture_that_is_drawn_for_it() -> None:
    page = (ROOT / "docs" / "badges.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(pictures/badges/([a-z]+)\.png\)", page)
    drawn = (ROOT / "docs" / "badge_pictures.py").read_text(encoding="utf-8")
    assert [f'"{name}": {name}' in drawn for name in shown] == [True] * len(shown)
    files = sorted((ROOT / "docs" / "pictures" / "badges").iterdir())
    assert [file.name for file in files] == sorted(f"{name}.png" for name in shown)
    assert all(file.stat().st_size < 230_000 for file in files)


def test_the_page_of_badges_has_the_layouts_that_there_are() -> None:
    page = (ROOT / "docs" / "badges.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([a-z0-9-]+)`[^|]*\| ([^|]+) \| (\d+) \| ([\d.]+) \|", page, re.MULTILINE
    )
    for each, row in zip(LAYOUTS.values(), rows, strict=True):
        sides = f"{each.badge[0]:g} x {each.badge[1]:g}"
        assert row == (each.name, sides, str(each.per_page), f"{each.code:.1f}")


def test_every_link_between_our_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
