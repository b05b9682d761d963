"""The set-up: complete pins that agree with pyproject.toml, and doors with the same words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk.adapters.system.libraries import PACKAGE_OF

ROOT = Path(__file__).parents[1]
NOT_PINNED = {"pip"}  # named by sqlite-utils; every venv brings one
EXTRAS = ["test", "bench", "fuzz", "mutate"]  # of pyproject.toml; each has its file of pins
FILES = ["requirements.txt", *(f"requirements-{extra}.txt" for extra in EXTRAS)]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="run.sh is for Linux")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def project_lines() -> tuple[list[str], list[str]]:
    """The requirements of the program, and those of its tests."""
    return pyproject()["project"]["dependencies"], extra_lines("test")


def extra_lines(extra: str) -> list[str]:
    """What one of EXTRAS asks for."""
    lines: list[str] = pyproject()["project"]["optional-dependencies"][extra]
    return lines


def pins(file: str) -> dict[str, Requirement]:
    """The lines of a requirements file that count on this system, by canonical name."""
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text("utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {canonicalize_name(pin.name): pin for pin in found if applies(pin)}


def applies(requirement: Requirement, extras: frozenset[str] = frozenset()) -> bool:
    """Whether a requirement counts on this system, with these extras of who asks for it."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras})


def closure(lines: list[str]) -> set[str]:
    """The packages in `lines` and all that they need, as the installed ones tell it."""
    found: set[tuple[str, frozenset[str]]] = set()
    ahead = [Requirement(line) for line in lines]
    while ahead:
        asked = ahead.pop()
        one = canonicalize_name(asked.name), frozenset(asked.extras)
        if one in found or one[0] in NOT_PINNED:
            continue
        found.add(one)
        needed = [Requirement(line) for line in distribution(asked.name).requires or ()]
        ahead += [each for each in needed if applies(each, one[1])]
    return {name for name, _ in found}


def words(door: str) -> list[str]:
    """The words that a door explains."""
    text = (ROOT / door).read_text(encoding="utf-8")
    return re.findall(r"^  ([a-z]+)  +\S", text, re.MULTILINE)


def test_every_requirement_of_pyproject_is_pinned_within_its_range() -> None:
    program, _ = project_lines()
    for file, lines in zip(FILES, [program, *map(extra_lines, EXTRAS)], strict=True):
        pinned = pins(file)
        for requirement in filter(applies, map(Requirement, lines)):
            (pin,) = pinned[canonicalize_name(requirement.name)].specifier
            assert requirement.specifier.contains(pin.version), requirement


@pytest.mark.parametrize("file", FILES)
def test_every_pin_is_of_one_exact_version(file: str) -> None:
    for pin in pins(file).values():
        (specifier,) = pin.specifier
        assert specifier.operator == "==", pin
        assert "*" not in specifier.version, pin


def test_the_pins_of_the_program_are_all_that_it_needs_and_no_more() -> None:
    program, _ = project_lines()
    assert set(pins("requirements.txt")) == closure(program)


def test_the_pins_of_the_tests_are_all_that_they_need_on_top_and_no_more() -> None:
    program, tests = project_lines()
    assert set(pins("requirements-test.txt")) == closure(tests) - closure(program)


@pytest.mark.parametrize("extra", EXTRAS[1:])
def test_the_pins_of_a_word_are_all_that_it_needs_on_top_and_no_more(extra: str) -> None:
    program, tests = project_lines()
    lines = [line for line in extra_lines(extra) if applies(Requirement(line))]
    try:
        needed = closure(lines)
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing.name} is not installed")
    assert set(pins(f"requirements-{extra}.txt")) == needed - closure(program + tests)


def test_a_file_of_pins_begins_with_those_that_it_stands_on() -> None:
    for file in FILES[1:]:
        base = "requirements.txt" if file == "requirements-test.txt" else "requirements-test.txt"
        assert f"\n-r {base}\n" in (ROOT / file).read_text("utf-8"), file


def test_the_files_that_pyproject_names_are_there() -> None:
    mutmut = pyproject()["tool"]["mutmut"]
    for named in [*mutmut["pytest_add_cli_args_test_selection"], *mutmut["also_copy"]]:
        assert (ROOT / named).exists(), named
    for pattern in mutmut["only_mutate"]:
        assert list(ROOT.glob(pattern)), pattern


def test_every_requirement_has_a_line_in_the_readme_s_table() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md yet")
    rows = [line for line in readme.read_text("utf-8").splitlines() if line.startswith("|")]
    program, _ = project_lines()
    for line in [*program, *(line for extra in EXTRAS for line in extra_lines(extra))]:
        name = Requirement(line).name
        assert any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", row) for row in rows), name


def test_both_doors_know_the_same_words() -> None:
    assert words("run.sh") == words("run.ps1")
    assert {"demo", "test", "check", "kiosk", "doctor", "setup"} <= set(words("run.sh"))
    assert {"bench", "fuzz", "coverage", "mutate"} <= set(words("run.sh"))


def test_every_library_that_run_sh_installs_is_one_the_doctor_knows() -> None:
    text = (ROOT / "run.sh").read_text(encoding="utf-8")
    listed = text.split("needed_libraries() {")[1].split("\nTEXT\n")[0]
    installed = set(re.findall(r"(?<= )lib[\w.+-]+", listed))
    assert "libzbar0" in installed
    assert installed <= set(PACKAGE_OF.values())


@on_linux
def test_an_unknown_word_ends_with_2_and_the_words_that_are_known() -> None:
    result = run(ROOT, "dance")
    assert result.returncode == 2
    assert 'no word "dance"' in result.stderr
    assert "demo" in result.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose set-up was killed in the middle."""
    folder = small_project(tmp_path_factory.mktemp("project") / "a folder")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "unfinished").touch()
    return folder


@on_linux
def test_a_set_up_that_was_cut_short_is_repaired_and_then_not_repeated(project: Path) -> None:
    first = run(project, "kiosk", "hello")
    assert "cut short" in first.stderr
    assert first.stdout == "kiosk got hello\n"
    second = run(project, "kiosk", "again")
    assert (second.stdout, second.stderr) == ("kiosk got again\n", "")


@on_linux
def test_pins_that_cannot_be_had_stop_the_program_and_pip_is_quoted(project: Path) -> None:
    pins_before = (project / "requirements.txt").read_text()
    (project / "requirements.txt").write_text(f"tiny @ {(project / 'absent.whl').as_uri()}\n")
    result = run(project, "kiosk")
    (project / "requirements.txt").write_text(pins_before)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "absent.whl" in result.stderr


@on_linux
def test_a_named_benchmark_runs_alone_with_its_own_packages(tmp_path: Path) -> None:
    folder = small_project(tmp_path / "project")
    for name in ("one", "two"):
        (folder / "benchmarks").mkdir(exist_ok=True)
        (folder / "benchmarks" / f"{name}.py").write_text(
            f"import sys\nprint('this is {name}', *sys.argv[1:])\n"
        )
    (folder / "requirements-test.txt").write_text("-r requirements.txt\n")
    (folder / "requirements-bench.txt").write_text("# none\n-r requirements-test.txt\n")
    assert "this is two" in run(folder, "bench").stdout
    alone = run(folder, "bench", "one")
    assert (alone.stdout, alone.stderr) == ("\n== benchmarks/one.py\nthis is one\n", "")
    assert "this is one --json 5" in run(folder, "bench", "one", "--json", "5").stdout
    unknown = run(folder, "bench", "one", "three")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "here are: one two" in unknown.stderr
    # What was set up for the benchmarks holds for the program too; other tests need a look.
    assert run(folder, "kiosk").stderr == ""
    (folder / "requirements-test.txt").write_text("# others\n-r requirements.txt\n")
    assert run(folder, "kiosk").stderr == ""
    assert "Ready." in run(folder, "bench", "one").stderr


def small_project(folder: Path) -> Path:
    """A folder with run.sh, a program of one line, and one pinned wheel that needs no network."""
    (folder / "kiosk").mkdir(parents=True)
    (folder / "kiosk" / "__main__.py").write_text(
        "import sys, tiny\nprint('kiosk got', *sys.argv[1:])\n"
    )
    shutil.copy(ROOT / "run.sh", folder)
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr(
            "tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        archive.writestr(
            "tiny-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    (folder / "requirements.txt").write_text(f"tiny @ {wheel.as_uri()}\n")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`run.sh` of a folder, which leaves the system's packages alone."""
    return subprocess.run(
        [str(folder / "run.sh"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "KIOSK_SKIP_SYSTEM": "1"},
    )
