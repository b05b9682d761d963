"""How the house is built: who may import whom, how long a file may be, who reads the clock."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KIOSK = ROOT / "kiosk"
CLOCK = KIOSK / "adapters/system/clock.py"
MAX_LINES = 400  # of one file
MAX_FUNCTION = 60  # lines


def sources() -> list[Path]:
    return sorted(KIOSK.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_keep_to_the_contracts() -> None:
    call = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_has_fewer_than_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < MAX_LINES


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_opens_with_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text or ast.get_docstring(ast.parse(text))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_no_function_but_a_table_has_more_than_60_lines(path: Path) -> None:
    tables = {"_explanations"}  # rows, no steps
    for function in functions(ast.parse(path.read_text("utf-8"))):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        assert lines <= MAX_FUNCTION or function.name in tables, function.name


def clock_reads(path: Path) -> list[int]:
    """The lines that ask for the time of day, however the module was imported."""
    asked = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}
    modules = {"datetime", "date", "time", "dt"}
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in asked
        and (
            (isinstance(node.value, ast.Name) and node.value.id in modules)
            or (isinstance(node.value, ast.Attribute) and node.value.attr in modules)
        )
    ]


def test_only_the_clock_reads_the_time_of_day() -> None:
    assert clock_reads(CLOCK)
    assert {name_of(path) for path in sources() if clock_reads(path)} == {name_of(CLOCK)}


@pytest.mark.parametrize("path", sorted((KIOSK / "core").rglob("*.py")), ids=name_of)
def test_nothing_happens_in_the_core_at_import(path: Path) -> None:
    """Definitions, constants and imports; no loop, no `with`, no `try`, no bare call."""
    for node in ast.parse(path.read_text("utf-8")).body:
        bare = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        assert not bare
        assert not isinstance(node, ast.For | ast.While | ast.With | ast.Try)
