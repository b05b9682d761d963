"""The pages that are made from the code are up to date."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

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


def test_every_link_between_our_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
