"""Names as issuers really transliterated them (`python -m tests.conformance.names`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.names import Name, main, names_below, report
from tests.shared import DATA, VECTORS, needs_data

QUALITY_ASSURANCE = DATA / "dcc-quality-assurance"


def folder_with(tmp_path: Path, *names: dict[str, object]) -> Path:
    raw = tmp_path / "XX/2DCode/raw"
    raw.mkdir(parents=True)
    for number, name in enumerate(names):
        (raw / f"{number}.json").write_text(json.dumps({"JSON": {"nam": name}}), "utf-8")
    (tmp_path / "no-code.png").write_bytes(b"no picture")
    return tmp_path


def test_names_are_counted_by_script_and_what_is_left_has_its_reason(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path,
        {"fn": "Müller", "gn": "Zoë", "fnt": "MUELLER", "gnt": "ZOE"},
        {"fn": "Müller", "gn": "Zoë", "fnt": "MUELLER", "gnt": "ZOE"},
        {"fn": "Müller", "gn": "Zoë", "fnt": "ZOE", "gnt": "MUELLER"},
        {"fn": "Müller", "gn": None, "fnt": "MYLLER"},
        {"fn": "李", "gn": "娜", "fnt": "LI", "gnt": "NA"},
        {"fn": "a", "fnt": "a"},
        {"fn": 5, "fnt": "A"},
        {},
    )
    assert report(names_below([folder])) == [
        "LATIN            1 of     3",
        "CJK              0 of     1",
        "all              1 of     4",
        "Müller, : MYLLER, ; spelled otherwise: LATIN",
        "Müller, Zoë: ZOE, MUELLER; the same person beside the own badge",
        "a, : a, ; not by the schema",
        "李, 娜: LI, NA; no form: CJK",
    ]


def test_the_command_needs_folders_with_certificates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in ([], [str(tmp_path / "absent")], [str(tmp_path)]):
        with pytest.raises(SystemExit, match="2"):
            main(arguments)
    assert "no certificate that can be read lies there" in capsys.readouterr().err


@needs_data
def test_nearly_every_official_name_is_among_the_forms_of_what_it_was_made_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([str(VECTORS), str(QUALITY_ASSURANCE)]) == 0
    names = names_below([VECTORS, QUALITY_ASSURANCE])
    assert capsys.readouterr().out.splitlines() == report(names)
    proper = [name for name in names if name.well_formed]
    assert len(proper) > 170
    left = {name: name.why_not for name in proper if not name.accepted}
    assert sorted(left.values()) == [
        "no form: CYRILLIC+LATIN",  # a sharp s behind a Russian name
        "no form: HEBREW",
        "spelled otherwise: ARABIC",
        "spelled otherwise: ARABIC",
        "spelled otherwise: CYRILLIC",  # a double N that nobody wrote
        "the same person beside the own badge",  # the two fields exchanged
    ]


def test_a_name_without_anything_written_is_none() -> None:
    assert not Name("", "", "A", "B").well_formed
    assert not Name("A", "B", "<<", "").well_formed
