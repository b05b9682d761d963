"""`kiosk badges`: what an organiser prints, and what is told when it cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtPdf import QPdfDocument

from kiosk.adapters.badges.layouts import LAYOUTS
from kiosk.adapters.badges.proof import drawn_page
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests
from kiosk.adapters.storage.logrows import read_records
from kiosk.adapters.storage.reserve import stored_reserve
from kiosk.adapters.system.keys import badge_public_key
from kiosk.cli.badges import slug_of
from kiosk.cli.main import main
from kiosk.cli.unlocking import guest_sealer
from kiosk.core.causes import Cause
from kiosk.core.entry import EntryAct
from kiosk.core.guests.badge import Badge, open_badge
from kiosk.core.guests.guestlist import GuestList
from kiosk.core.guests.lists.writing import grouped
from kiosk.desk.ports import Sighting

pytestmark = pytest.mark.usefixtures("qapp")
EVENT = Path(__file__).parents[1] / "assets/events/saint-ouen-2021.toml"
LIST = """\
Given name;Family name;Organisation;Partnership;Category;Attendance;Status
Zoé;Dupont;Pôle Exemple;GreenDigi4X;;in person;selected
Łucja;Wiśniowska;Klaster;BioValleys;;in person;selected
Ελένη;Παπαδοπούλου;Συστάδα;;speaker;in person;selected
Remo;Temoti;Cluster;BioValleys;;remote;selected
Wanda;Wartet;Cluster;BioValleys;;in person;waiting
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder with five guests, of whom three come."""
    listed, folder = tmp_path / "guests.csv", tmp_path / "state"
    listed.write_text(LIST, encoding="utf-8")
    command = ["guests", "import", str(listed), "--event", str(EVENT), "--state", str(folder)]
    assert main(command) == 0
    return folder


def badges(state: Path, *arguments: object) -> int:
    return main(["badges", *map(str, arguments), "--event", str(EVENT), "--state", str(state)])


def guests(state: Path) -> GuestList:
    with open_database(state, guest_sealer(state)) as database:
        return read_guests(database)


def ids(state: Path, file: Path) -> list[bytes]:
    """The badge ids on all pages of a PDF."""
    document = QPdfDocument()
    assert document.load(str(file)) is QPdfDocument.Error.None_
    found = []
    for page in range(document.pageCount()):
        for code in ZxingReader().read(drawn_page(document, page, 200)).codes:
            badge = open_badge(code.text, "saint-ouen-2021", badge_public_key(state))
            assert isinstance(badge, Badge)
            found.append(badge.id)
    return found


def badge_of(state: Path, given: str) -> bytes:
    return next(guest.badge for guest in guests(state) if guest.given == given)


def test_sheets_hold_a_badge_for_each_guest_who_was_selected_and_comes(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert badges(state, "--out", tmp_path / "all.pdf") == 0
    told = capsys.readouterr().out
    assert "3 badges" in told
    assert "every code read back" in told
    assert "2 guests without" in told
    expected = {badge_of(state, given) for given in ("Zoé", "Łucja", "Ελένη")}
    assert set(ids(state, tmp_path / "all.pdf")) == expected


def test_layouts_are_listed_with_their_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["badges", "--list-layouts"]) == 0
    told = capsys.readouterr().out
    for name in LAYOUTS:
        assert name in told
    assert "90 x 54" in told
    assert "25.1 mm" in told


def test_a_layout_that_there_is_not_is_told_with_those_that_there_are(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert badges(state, "--out", tmp_path / "x.pdf", "--layout", "a5") == 2
    assert "a4-10" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["badges"],
        ["badges", "--event", str(EVENT)],
        ["badges", "--event", str(EVENT), "--out", "x", "--blanks", "3"],
        ["badges", "--event", str(EVENT), "--out", "x", "--shift", "1"],
        ["badges", "--event", str(EVENT), "--out", "x", "--shift", "100,0"],
        ["badges", "--event", str(EVENT), "--out", "x", "--shift", "nan,0"],
        ["badges", "reprint", "somebody"],
    ],
)
def test_what_is_missing_or_makes_no_sense_is_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2


def test_one_guest_is_printed_alone_by_name_or_id(state: Path, tmp_path: Path) -> None:
    zoe = badge_of(state, "Zoé")
    for named in ("zoe dupont", zoe.hex()):
        assert badges(state, "--out", tmp_path / "one.pdf", "--guest", named) == 0
        assert ids(state, tmp_path / "one.pdf") == [zoe]


def test_a_name_of_nobody_and_of_several_is_told(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert badges(state, "--out", tmp_path / "x.pdf", "--guest", "nobody") == 2
    assert "Nobody on the list" in capsys.readouterr().err
    assert badges(state, "--out", tmp_path / "x.pdf", "--guest", "cluster") == 2
    told = capsys.readouterr().err
    assert badge_of(state, "Remo").hex() in told
    assert badge_of(state, "Wanda").hex() in told
    assert not (tmp_path / "x.pdf").exists()


def test_only_new_ones_are_printed_until_the_key_is_another(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zoe = badge_of(state, "Zoé")
    assert badges(state, "--out", tmp_path / "one.pdf", "--guest", "zoe") == 0
    assert badges(state, "--out", tmp_path / "rest.pdf", "--only", "new") == 0
    assert len(ids(state, tmp_path / "rest.pdf")) == 2
    assert zoe not in ids(state, tmp_path / "rest.pdf")
    capsys.readouterr()
    assert badges(state, "--out", tmp_path / "none.pdf", "--only", "new") == 0
    assert "printed already" in capsys.readouterr().out
    assert not (tmp_path / "none.pdf").exists()
    main(["keys", "rotate", "--yes", "--state", str(state)])
    assert badges(state, "--out", tmp_path / "again.pdf", "--only", "new") == 0
    assert len(ids(state, tmp_path / "again.pdf")) == 3


def test_blank_badges_are_numbered_for_their_desk_and_kept_on_a_list(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blanks = ["--blanks", 3, "--desk", "Desk 2", "--layout", "a4-8"]
    assert badges(state, "--out", tmp_path / "one.pdf", *blanks) == 0
    assert "R2-001 to R2-003 for Desk 2" in capsys.readouterr().out
    assert badges(state, "--out", tmp_path / "two.pdf", *blanks) == 0
    with open_database(state) as database:
        reserve = stored_reserve(database)
    assert [one.number for one in reserve] == [f"R2-00{at}" for at in range(1, 7)]
    printed = ids(state, tmp_path / "one.pdf") + ids(state, tmp_path / "two.pdf")
    assert {one.badge for one in reserve} == set(printed)
    on_the_list = guests(state)
    assert not any(on_the_list.by_badge(badge) for badge in printed)


def reserve(state: Path, *arguments: object) -> int:
    return main(["badges", "reserve", *map(str, arguments), "--state", str(state)])


def test_the_list_of_blank_badges_travels_to_a_desk(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reserve(state) == 0
    assert "no blank badge" in capsys.readouterr().out
    for desk in ("Desk 2", "Desk 3"):
        badges(state, "--out", tmp_path / "x.pdf", "--blanks", 2, "--desk", desk)
    listed, desk_2 = tmp_path / "reserve.json", tmp_path / "desk 2"
    assert reserve(state, "--export", listed) == 0
    capsys.readouterr()
    for _ in range(2):  # the second time nothing is new
        assert reserve(desk_2, "--import", listed) == 0
        assert capsys.readouterr().out == "Desk 2: 2 blank badges\nDesk 3: 2 blank badges\n"
    with open_database(state) as ours, open_database(desk_2) as theirs:
        assert list(stored_reserve(theirs)) == list(stored_reserve(ours))


def test_a_list_of_blank_badges_that_is_damaged_or_not_there_is_told(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"[{}]", b"\xff"):
        (tmp_path / "reserve.json").write_bytes(content)
        assert reserve(state, "--import", tmp_path / "reserve.json") == 2
    assert reserve(state, "--import", tmp_path / "nowhere.json") == 2
    assert "--export" in capsys.readouterr().err
    assert reserve(tmp_path / "none") == 2
    assert reserve(state, "--export", tmp_path / "reserve.json" / "x") == 2


@pytest.mark.parametrize("count", [0, -1, 1000])
def test_a_number_of_blank_badges_without_sense_is_refused(
    state: Path, tmp_path: Path, count: int
) -> None:
    assert badges(state, "--out", tmp_path / "x.pdf", "--blanks", count, "--desk", "Desk 2") == 2
    assert not (tmp_path / "x.pdf").exists()


def test_a_folder_gets_a_picture_each_and_the_mail_merge_table(state: Path, tmp_path: Path) -> None:
    folder = tmp_path / "each"
    assert badges(state, "--out", folder) == 0
    assert len(list(folder.glob("*.png"))) == 3
    assert badges(state, "--out", folder, "--format", "pdf") == 0
    files = {path.name for path in folder.glob("*.pdf")}
    table = (folder / "mail-merge.csv").read_text(encoding="utf-8-sig")
    assert all(file in table for file in files)
    assert len(files) == 3
    assert all(name.isascii() for name in files)


@pytest.mark.parametrize(
    ("family", "slug"),
    [
        ("Müller", "Muller"),
        ("Østergaard", "OESTERGAARD"),
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("Шевченко", "SHEVCHENKO"),
        ("de La Fontaine", "de-La-Fontaine"),
    ],
)
def test_a_file_is_called_after_its_guest_in_letters_that_every_system_takes(
    family: str, slug: str
) -> None:
    assert slug_of(family) == slug


@pytest.mark.parametrize("name", ["badges.docx", "badges.png"])
def test_a_file_of_another_kind_is_not_taken_for_a_folder(
    state: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert badges(state, "--out", tmp_path / name) == 2
    assert ".pdf" in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_a_badge_is_reprinted_as_it_was(state: Path, tmp_path: Path) -> None:
    zoe = badge_of(state, "Zoé")
    again: list[object] = [
        "reprint",
        "zoe",
        "--out",
        tmp_path / "again.pdf",
        "--layout",
        "label-62x100",
    ]
    assert badges(state, *again) == 0
    assert ids(state, tmp_path / "again.pdf") == [zoe]
    again[1] = grouped(zoe.hex())  # as in an export
    assert badges(state, *again) == 0
    assert badge_of(state, "Zoé") == zoe


def test_a_lost_badge_is_revoked_when_a_new_one_was_made(state: Path, tmp_path: Path) -> None:
    zoe = badge_of(state, "Zoé")
    assert badges(state, "reprint", "zoe", "--out", tmp_path / "again.pdf", "--new") == 0
    (new,) = ids(state, tmp_path / "again.pdf")
    assert new == badge_of(state, "Zoé") != zoe
    assert guests(state).revoked == {zoe}
    assert len(guests(state)) == 5
    with open_database(state) as database:
        (record,) = read_records(database)
    assert (record.act, record.cause) == (EntryAct.NOTE, Cause.BADGE_REPLACED)
    assert main(["log", "check", "--state", str(state)]) == 0


def test_a_new_list_keeps_the_badge_that_replaced_a_lost_one(state: Path, tmp_path: Path) -> None:
    badges(state, "reprint", "zoe", "--out", tmp_path / "again.pdf", "--new")
    new = badge_of(state, "Zoé")
    command = ["guests", "import", str(tmp_path / "guests.csv"), "--event", str(EVENT)]
    assert main([*command, "--state", str(state)]) == 0
    assert badge_of(state, "Zoé") == new


def test_a_new_badge_that_is_not_read_back_revokes_nothing(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoe = badge_of(state, "Zoé")
    monkeypatch.setattr(ZxingReader, "read", lambda *_: Sighting(()))
    assert badges(state, "reprint", "zoe", "--out", tmp_path / "again.pdf", "--new") == 2
    monkeypatch.undo()
    assert badge_of(state, "Zoé") == zoe
    assert guests(state).revoked == frozenset()


def test_a_badge_that_is_not_read_back_is_told_by_name_and_nothing_is_handed_over(
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read, count = ZxingReader.read, 0

    def second_fails(reader: ZxingReader, image: np.ndarray) -> Sighting:
        nonlocal count
        count += 1
        return Sighting(()) if count == 2 else read(reader, image)

    monkeypatch.setattr(ZxingReader, "read", second_fails)
    assert badges(state, "--out", tmp_path / "all.pdf") == 2
    told = capsys.readouterr().err
    second = [guest.given for guest in guests(state) if guest.given in ("Zoé", "Łucja", "Ελένη")][1]
    assert second in told
    assert "--layout" in told
    assert list(tmp_path.glob("*.pdf")) == list(tmp_path.glob(".*")) == []


def test_a_name_without_glyphs_is_told_and_nothing_is_handed_over(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kiosk.adapters.badges.handover.missing_letters",
        lambda face: "Ł" if face.given == "Łucja" else "",
    )
    assert badges(state, "--out", tmp_path / "all.pdf") == 2
    told = capsys.readouterr().err
    assert "Łucja Wiśniowska: Ł (U+0141 latin capital letter l with stroke)" in told
    assert "Install a font" in told
    assert not (tmp_path / "all.pdf").exists()


def test_a_kiosk_without_the_private_key_is_sent_to_its_reserve(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert badges(state, "--out", tmp_path / "all.pdf") == 0
    (state / "keys" / "badge-key.pem").unlink()
    assert badges(state, "reprint", "zoe", "--out", tmp_path / "x.pdf") == 2
    assert "blank badge of its reserve" in capsys.readouterr().err


def test_a_list_on_which_nobody_comes_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, state = tmp_path / "guests.csv", tmp_path / "state"
    listed.write_text("\n".join([LIST.splitlines()[0], LIST.splitlines()[4]]), encoding="utf-8")
    main(["guests", "import", str(listed), "--event", str(EVENT), "--state", str(state)])
    assert badges(state, "--out", tmp_path / "x.pdf") == 2
    assert "no guest yet who was selected" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "occupied").write_text("a file, no folder")
    assert badges(state, "--out", tmp_path / "occupied" / "x.pdf") == 2
    assert "Choose a place that you may write to" in capsys.readouterr().err
