"""What guests are told of their data, on paper: a page for each language, from the event file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument

from kiosk.cli.main import main
from tests.gui_support import ASSETS, guest_wordings

EVENT = ASSETS / "events" / "saint-ouen-2021.toml"


def pages(file: Path) -> list[str]:
    """The words of each page."""
    document = QPdfDocument()
    document.load(str(file))
    texts = [document.getAllText(number).text() for number in range(document.pageCount())]
    document.close()
    return texts


@pytest.mark.usefixtures("qapp")
def test_the_notice_has_a_page_for_each_language_of_the_event(tmp_path: Path) -> None:
    out = tmp_path / "notice.pdf"
    assert main(["event", "notice", "--event", str(EVENT), "--out", str(out)]) == 0
    french, english = pages(out)
    for needed in ("Vos données", "2021-689", "Région Île-de-France", "Vos droits"):
        assert needed in french
    assert "Your rights" in english


@pytest.mark.usefixtures("qapp")
def test_a_page_holds_the_notice_of_any_language(tmp_path: Path) -> None:
    out, wanted = tmp_path / "notice.pdf", list(guest_wordings())
    languages = [word for code in wanted for word in ("--lang", code)]
    assert main(["event", "notice", "--event", str(EVENT), "--out", str(out), *languages]) == 0
    assert len(pages(out)) == len(wanted)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out", "notice.txt"], "name a file that ends in .pdf"),
        (["--out", "notice.pdf", "--lang", "tlh"], "There are no texts in tlh"),
        (["--out", "nowhere/notice.pdf"], "Choose a file you may write"),
    ],
)
def test_a_notice_that_cannot_be_written_is_told_with_its_remedy(
    words: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nowhere").write_text("a file, no folder", encoding="utf-8")
    assert main(["event", "notice", "--event", str(EVENT), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_faulty_event_file_gives_no_notice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "event.toml"
    broken.write_text("[event]\n", encoding="utf-8")
    assert main(["event", "notice", "--event", str(broken), "--out", "notice.pdf"]) == 2
    assert "event.id" in capsys.readouterr().err
