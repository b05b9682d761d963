"""Badges on paper: drawn as they should be, and proved by reading the pages back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtPdf import QPdfDocument

from kiosk.adapters.badges.anatomy import Zone, anatomy
from kiosk.adapters.badges.code import modules, outline
from kiosk.adapters.badges.face import Face, blank_face, guest_face, plain_line
from kiosk.adapters.badges.handover import (
    MAIL_MERGE,
    Named,
    hand_over_files,
    hand_over_sheets,
    letters_missing,
    mail_merge,
    render_badge,
    render_picture,
)
from kiosk.adapters.badges.layouts import DOT, LAYOUTS, MODULES, QUIET, Box, Layout
from kiosk.adapters.badges.lettering import fitted, measured
from kiosk.adapters.badges.proof import Expected, ProofError, drawn_page, letters_of
from kiosk.adapters.reader.zbar import ZbarReader
from kiosk.adapters.reader.zxing import ZxingReader
from kiosk.core.guests.guest import Guest
from kiosk.desk.ports import CodeReader, Sighting
from kiosk.look import Weight, begin_painting
from tests.door import badge, badge_key, guest, saint_ouen

pytestmark = pytest.mark.usefixtures("fonts")
EVENT = saint_ouen()
ASSETS = Path(__file__).parents[1] / "assets"
POINT = 25.4 / 72  # mm
SCRIPTS = {
    "Latin": ("Łucja", "Wiśniowska"),
    "Romanian": ("Ștefăniță", "Țurcanu"),
    "Nordic": ("Þórður", "Æðelstan-Østerby"),
    "Maltese": ("Ġorġa", "Ħalfaoui-Żebbuġ"),
    "Lithuanian": ("Vėjūnė", "Ąžuolaitytė"),
    "Greek": ("Ελένη", "Παπαδοπούλου"),
    "Bulgarian": ("Цветанка", "Щъркелова"),
    "Ukrainian": ("Олександр", "Їжакевич-Ґонта"),
    "Armenian": ("Արամ", "Խաչատրյան"),
    "Georgian": ("გიორგი", "მაისურაძე"),
}


@pytest.fixture(scope="module")
def fonts(qapp: object) -> object:
    return qapp, begin_painting(ASSETS / "fonts")


def expected(layout: str = "a4-10", reader: CodeReader | None = None) -> Expected:
    key = badge_key().public_key()
    return Expected(LAYOUTS[layout], EVENT.id, key, reader or ZxingReader())


def face_of(given: str, family: str, **more: str) -> Face:
    one: Guest = replace(guest("Someone", "Else"), given=given, family=family, **more)  # type: ignore[arg-type]
    return guest_face(one, EVENT, badge(one))


def people(count: int) -> list[Face]:
    found = [guest(f"Number{at}", "Of Many") for at in range(count)]
    return [guest_face(one, EVENT, badge(one)) for one in found]


def opened(path: Path) -> QPdfDocument:
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    return document


def codes(pixels: NDArray[np.uint8]) -> list[str]:
    return [code.text for code in ZxingReader().read(pixels).codes]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_read_back_from_its_pages(name: str, tmp_path: Path) -> None:
    layout, faces = LAYOUTS[name], people(LAYOUTS[name].per_page + 1)
    file = tmp_path / "badges.pdf"
    steps: list[int] = []
    hand_over_sheets(file, faces, expected(name), step=lambda: steps.append(1))
    document = opened(file)
    assert document.pageCount() == 2
    assert len(steps) == 2 * len(faces)
    width, height = layout.page
    size = document.pagePointSize(0)
    assert abs(size.width() * POINT - width) < 0.4
    assert abs(size.height() * POINT - height) < 0.4
    assert set(codes(drawn_page(document, 0, 200))) == {face.token for face in faces[:-1]}
    assert codes(drawn_page(document, 1, 200))[-1:] == [faces[-1].token]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_a_code_is_at_least_25_mm_wide_with_its_quiet_zone_within_the_badge(layout: Layout) -> None:
    assert layout.code >= 25
    assert (layout.module / DOT) % 1 == pytest.approx(0, abs=1e-9)
    parts = anatomy(layout)
    quiet = QUIET * layout.module
    assert parts.code.right + quiet <= layout.badge[0] + 1e-6
    assert parts.code.bottom + quiet <= layout.badge[1] + 1e-6
    for zone in (parts.given, parts.family, parts.organisation, parts.roles, parts.event):
        beside = zone.box.right <= parts.code.left - quiet + 1e-6
        assert beside or zone.box.bottom <= parts.code.top - quiet + 1e-6


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_around_a_code_there_is_nothing_but_white(layout: Layout) -> None:
    image = cv2.imdecode(
        np.frombuffer(render_picture(people(1)[0], expected(layout.name)), np.uint8),
        cv2.IMREAD_GRAYSCALE,
    )
    assert image is not None
    box, quiet = anatomy(layout).code, QUIET * layout.module
    around = Box(box.left - quiet, box.top - quiet, box.width + 2 * quiet, box.height + 2 * quiet)
    left, top, right, bottom = (
        round(v / DOT) for v in (around.left, around.top, around.right, around.bottom)
    )
    rim = image[top + 1 : bottom - 1, left + 1 : right - 1].copy()
    thick = QUIET * layout.dots - 3
    assert rim[:thick].min() == rim[:, :thick].min() == rim[-thick:].min() == 255


def test_badges_do_not_touch_and_lie_on_their_page() -> None:
    for layout in LAYOUTS.values():
        cells = layout.cells
        assert len(cells) == layout.columns * layout.rows
        for at, cell in enumerate(cells):
            assert cell.left >= -1e-6
            assert cell.top >= -1e-6
            assert cell.right <= layout.page[0] + 1e-6
            assert cell.bottom <= layout.page[1] + 1e-6
            for other in cells[at + 1 :]:
                apart_x = other.left >= cell.right - 1e-6 or other.right <= cell.left + 1e-6
                assert apart_x or other.top >= cell.bottom - 1e-6


def test_a_folded_badge_has_both_sides() -> None:
    layout = LAYOUTS["a6-fold"]
    first, second = layout.cells_of(0), layout.cells_of(1)
    assert [cell.left for cell in first] == [0.0, 105.0]
    assert first[0].top == first[1].top < second[0].top


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_in_any_european_script_is_drawn_and_proved(script: str, tmp_path: Path) -> None:
    face = face_of(*SCRIPTS[script])
    assert letters_missing([face]) == {}
    hand_over_sheets(tmp_path / "one.pdf", [face], expected())
    text = opened(tmp_path / "one.pdf").getAllText(0).text()
    assert SCRIPTS[script][0] in text
    assert SCRIPTS[script][1] in text


def test_a_greek_iota_is_proved_though_a_pdf_has_the_latin_letter_that_is_drawn_like_it(
    tmp_path: Path,
) -> None:
    face = face_of("Γεώργιος", "Ιωαννίδης")
    hand_over_sheets(tmp_path / "one.pdf", [face], expected())
    assert "\N{LATIN SMALL LETTER IOTA}" in opened(tmp_path / "one.pdf").getAllText(0).text()


def test_every_letter_of_the_european_scripts_has_a_glyph_in_each_weight() -> None:
    ranges = [(0xC0, 0x180), (0x218, 0x21C), (0x386, 0x3CF), (0x400, 0x460), (0x490, 0x492)]
    ranges += [(0x1E00, 0x1F00), (0x531, 0x557), (0x561, 0x588), (0x10D0, 0x10F1)]
    letters = "".join(chr(code) for first, end in ranges for code in range(first, end))
    assigned = "".join(c for c in letters if c.isalpha() and c != "ŉ")
    assert letters_missing([face_of(assigned, assigned, organisation=assigned)]) == {}


def test_letters_that_no_font_has_are_told_with_the_badge_they_are_on() -> None:
    private = "\U0001e900"  # Adlam, which fonts of no desktop have by themselves
    faces = [*people(1), replace(people(1)[0], given=f"A{private}b")]
    missing = letters_missing(faces)
    if not missing:
        pytest.skip("a font of this machine has even that")
    assert missing == {1: private}


LONG = {
    "hyphens": ("Anne-Sophie-Charlotte-Wilhelmine", "Schmidt-Müller-Lüdenscheidt-Hohenstein"),
    "words": ("María de los Ángeles", "Fernández de Córdoba y Álvarez de Toledo"),
    "80 wide letters": ("W" * 80, "M" * 80),
    "80 narrow letters": ("i" * 80, "l" * 80),
    "one letter": ("Q", "X"),
    "accents high and low": ("Ẵḝǭ" * 10, "Ẵ̧gq"),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("kind", LONG)
def test_a_long_name_gets_smaller_but_is_never_cut(name: str, kind: str) -> None:
    parts = anatomy(LAYOUTS[name])
    zones = ((parts.given, Weight.BOLD), (parts.family, Weight.SEMI))
    for text, (zone, weight) in zip(LONG[kind], zones, strict=True):
        lines = fitted(text, zone, weight)
        assert "".join("".join(lines.lines).split()) == "".join(text.split())
        assert len(lines.lines) <= zone.lines
        assert lines.height <= zone.box.height + 1e-6
        for line in lines.lines:
            assert measured(line, weight).width * lines.em <= zone.box.width + 1e-6


def test_the_ink_of_a_long_name_stays_within_its_zone_on_the_page(tmp_path: Path) -> None:
    faces = [face_of(*LONG[kind]) for kind in LONG]
    hand_over_sheets(tmp_path / "long.pdf", faces, expected("card-86x54"))
    document, parts = opened(tmp_path / "long.pdf"), anatomy(LAYOUTS["card-86x54"])
    for page in range(len(faces)):
        for box in (parts.given.box, parts.family.box):
            inside = [b.boundingRect() for b in document.getAllText(page).bounds()]
            ours = [rect for rect in inside if _rect(box).contains(_mm(rect).center())]
            assert len(ours) > 0
            for rect in map(_mm, ours):  # which Qt rounds to points
                assert min(rect.left() - box.left, rect.top() - box.top) > -2 * POINT
                assert max(rect.right() - box.right, rect.bottom() - box.bottom) < 2 * POINT


def _mm(rect: QRectF) -> QRectF:
    return QRectF(rect.x() * POINT, rect.y() * POINT, rect.width() * POINT, rect.height() * POINT)


def _rect(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def test_a_usual_given_name_is_readable_at_two_metres() -> None:
    for layout in LAYOUTS.values():
        lines = fitted("Dominique", anatomy(layout).given, Weight.BOLD)
        capitals = 0.73 * lines.em
        assert capitals >= 2000 * np.tan(np.radians(10 / 60)), layout.name  # 10 minutes of arc


def test_lines_are_as_even_as_may_be() -> None:
    zone = Zone(Box(0, 0, 40, 12), 6, 2)
    text = "von Habsburg-Lothringen zu Beispielshausen"
    first, second = fitted(text, zone, Weight.SEMI).lines
    assert (first, second) == ("von Habsburg-Lothringen", "zu Beispielshausen")


def test_an_organisation_without_end_is_cut_and_says_so() -> None:
    zone = anatomy(LAYOUTS["a4-10"]).organisation
    lines = fitted("x" * 300, zone, Weight.REGULAR, least=1.9)
    assert lines.lines[-1].endswith("…")
    assert lines.em >= 1.9


HOSTILE = {
    "turned round": ("\u202eeiraM\u202c", "Cur\u2066ie\u2069", "eiraM", "Curie"),
    "controls": ("Ma\x00r\x07i\x1be", "Cur\r\nie\tX", "Marie", "Cur ie X"),
    "markup": ("<b>Marie</b>", "<script>&amp;", "<b>Marie</b>", "<script>&amp;"),
    "nothing seen": ("M\u200ba\u00adrie\ufeff", "Cu\ue000rie\U000e0041", "Marie", "Curie"),
    "an arrow": ("A->B", "3x4", "A->B", "3x4"),
    "blanks": ("  Ma   rie ", "\u00a0Curie\u3000", "Ma rie", "Curie"),
    "right to left": ("דנה", "כהן", "דנה", "כהן"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_name_is_drawn_as_the_plain_text_it_is(kind: str, tmp_path: Path) -> None:
    given, family, given_drawn, family_drawn = HOSTILE[kind]
    face = face_of(given, family)
    assert (face.given, face.family) == (given_drawn, family_drawn)
    if letters_missing([face]):
        pytest.skip("no font of this machine has these letters")
    hand_over_sheets(tmp_path / "one.pdf", [face], expected())
    text = "".join(opened(tmp_path / "one.pdf").getAllText(0).text().split())
    for drawn in (given_drawn, family_drawn):
        assert drawn.replace(" ", "").replace("-", "") in text.replace("-", "")


def test_marks_piled_on_a_letter_stay_on_their_badge(tmp_path: Path) -> None:
    face = face_of("Z" + "\u0301\u0316" * 40, "a" + "\u0302" * 80)
    hand_over_sheets(tmp_path / "one.pdf", [face, *people(1)], expected())


def test_a_name_of_one_word_stands_large() -> None:
    face = face_of("", "Madonna")
    assert (face.given, face.family) == ("Madonna", "")


def test_text_on_a_badge_is_one_composed_line() -> None:
    assert plain_line("Ine\u0302s\u2028 F") == "Inês F"


def test_a_face_shows_no_name_of_its_own_accord() -> None:
    assert "Someone" not in repr(face_of("Someone", "Else"))


def test_a_blank_badge_has_a_number_and_room_for_a_name(tmp_path: Path) -> None:
    id_, one = b"reserve!", guest("A", "B", badge=b"reserve!")
    face = blank_face(id_, "R2-017", EVENT, badge(one))
    for name in LAYOUTS:
        hand_over_sheets(tmp_path / "blank.pdf", [face], expected(name))
    text = opened(tmp_path / "blank.pdf").getAllText(0).text()
    assert "Nom · Name" in text
    assert face.captions == ("Nom · Name", "Organisation")


def test_the_code_is_what_another_encoder_reads_as_the_same_text() -> None:
    text = badge(guest("A", "B"))
    dark = modules(text)
    assert dark.shape == (MODULES, MODULES)
    bare = np.pad(~dark, QUIET, constant_values=True).astype(np.uint8) * 255
    picture = np.kron(bare, np.ones((4, 4), np.uint8))
    assert [code.text for code in ZbarReader().read(picture).codes] == [text]
    other = segno.make(text, error="m", micro=False, boost_error=False)
    assert other.designator == "5-M"


def test_the_outline_of_a_code_covers_its_dark_modules_and_no_other() -> None:
    dark = np.array([[1, 1, 0], [0, 0, 1], [1, 0, 1]], bool)
    path = outline(dark)
    for row in range(3):
        for column in range(3):
            middle = QRectF(column + 0.25, row + 0.25, 0.5, 0.5).center()
            assert path.contains(middle) == bool(dark[row, column])


def test_a_text_too_long_for_a_badge_is_no_code_of_one() -> None:
    with pytest.raises(ValueError, match="37 modules"):
        modules("B1:" + "X" * 300)


class Damaging:
    """A reader before which each picture is spoilt."""

    def __init__(self, spoil: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> None:
        self._spoil = spoil

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        return ZxingReader().read(self._spoil(image.copy()))


def blotted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image[image.shape[0] // 2 :, image.shape[1] * 3 // 4 :] = 0
    return image


def test_a_damaged_rendering_leaves_no_file(tmp_path: Path) -> None:
    file = tmp_path / "badges.pdf"
    with pytest.raises(ProofError, match="page 1: its code is not read") as error:
        hand_over_sheets(file, people(3), expected(reader=Damaging(blotted)))
    assert error.value.at == 0
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_rendering_leaves_the_file_of_before(tmp_path: Path) -> None:
    file = tmp_path / "badges.pdf"
    hand_over_sheets(file, people(1), expected())
    before = file.read_bytes()
    with pytest.raises(ProofError):
        hand_over_sheets(file, people(2), expected(reader=Damaging(blotted)))
    assert file.read_bytes() == before


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_a_damaged_picture_leaves_the_folder_empty(tmp_path: Path, ending: str) -> None:
    count = 0

    def third_is_blotted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        nonlocal count
        count += 1
        return blotted(image) if count == 3 else image

    named = [Named(face, f"{at}.{ending}") for at, face in enumerate(people(4))]
    with pytest.raises(ProofError) as error:
        hand_over_files(tmp_path, named, expected(reader=Damaging(third_is_blotted)))
    assert error.value.at == 2
    assert list(tmp_path.iterdir()) == []


def test_a_code_of_somebody_else_is_found_out(tmp_path: Path) -> None:
    one, two = people(2)

    class Exchanged:
        def read(self, image: NDArray[np.uint8]) -> Sighting:
            sighting = ZxingReader().read(image)
            return Sighting(tuple(replace(code, text=two.token) for code in sighting.codes))

    with pytest.raises(ProofError, match="another code"):
        hand_over_sheets(tmp_path / "x.pdf", [one], expected(reader=Exchanged()))


def test_a_code_that_another_key_signed_is_found_out(tmp_path: Path) -> None:
    (one,) = people(1)
    stolen = replace(one, badge=b"another!")
    with pytest.raises(ProofError, match="not signed for this event"):
        hand_over_sheets(tmp_path / "x.pdf", [stolen], expected())


def test_a_name_that_stands_on_another_badge_is_found_out(tmp_path: Path) -> None:
    layout, faces = LAYOUTS["a4-10"], people(2)
    hand_over_sheets(tmp_path / "x.pdf", faces, expected())
    letters = letters_of(opened(tmp_path / "x.pdf"), 0)
    first, second = layout.cells[:2]
    proof = expected()
    assert proof.prove_name(letters, faces[0], first) == ""
    assert proof.prove_name(letters, faces[1], second) == ""
    assert "name" in proof.prove_name(letters, faces[0], second)
    assert "name" in proof.prove_name(letters, replace(faces[0], family="Of Manx"), first)


def test_a_file_that_is_no_whole_pdf_is_no_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(device: object, *_: object, **__: object) -> None:
        device.write(b"%PDF-1.4 and then the disk was full")  # type: ignore[attr-defined]

    monkeypatch.setattr("kiosk.adapters.badges.handover.write_sheets", cut_short)
    with pytest.raises(ProofError, match="does not open"):
        hand_over_sheets(tmp_path / "x.pdf", people(1), expected())
    assert list(tmp_path.iterdir()) == []


def test_badges_moved_for_a_printer_are_read_where_they_then_are(tmp_path: Path) -> None:
    straight, moved = tmp_path / "straight.pdf", tmp_path / "moved.pdf"
    faces = people(10)
    hand_over_sheets(straight, faces, expected())
    hand_over_sheets(moved, faces, expected(), shift=(3.0, -2.0))
    places = [letters_of(opened(file), 0).places for file in (straight, moved)]
    assert places[1] - places[0] == pytest.approx(
        np.tile([3.0, -2.0], (len(places[0]), 1)), abs=0.4
    )


def test_one_badge_is_rendered_for_the_desk_s_printer(tmp_path: Path) -> None:
    (face,) = people(1)
    file = tmp_path / "one.pdf"
    file.write_bytes(render_badge(face, expected("label-62x100")))
    assert codes(drawn_page(opened(file), 0, 150)) == [face.token]


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_a_folder_has_a_file_for_each_and_the_table_for_a_mail_merge(
    tmp_path: Path, ending: str
) -> None:
    faces = people(3)
    named = [Named(face, f"{at}.{ending}") for at, face in enumerate(faces)]
    hand_over_files(tmp_path, named, expected())
    text = (tmp_path / MAIL_MERGE).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Badge"] for row in rows] == [face.badge.hex() for face in faces]
    assert [row["Given name"] for row in rows] == [face.given for face in faces]
    for row, face in zip(rows, faces, strict=True):
        file = tmp_path / row["File"]
        if ending == "pdf":
            assert codes(drawn_page(opened(file), 0)) == [face.token]
        else:
            picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
            assert codes(np.asarray(picture, np.uint8)) == [face.token]
    assert len(list(tmp_path.iterdir())) == 4


def test_a_name_is_no_formula_for_the_spreadsheet() -> None:
    table = mail_merge([Named(face_of("=1+1", "@SUM"), "x.png")]).decode("utf-8-sig")
    assert ";'=1+1;'@SUM;" in table


def test_a_file_keeps_nothing_of_a_person_beside_what_stands_on_the_badge(tmp_path: Path) -> None:
    (face,) = people(1)
    hand_over_sheets(tmp_path / "x.pdf", [face], expected())
    document = opened(tmp_path / "x.pdf")
    fields = QPdfDocument.MetaDataField
    told = [document.metaData(field) for field in (fields.Title, fields.Author, fields.Subject)]
    assert told == [EVENT.name, "", ""]


def test_letters_are_embedded_and_no_page_holds_a_picture(tmp_path: Path) -> None:
    hand_over_sheets(tmp_path / "x.pdf", people(1), expected())
    data = (tmp_path / "x.pdf").read_bytes()
    assert b"/FontFile2" in data or b"/FontFile3" in data
    assert b"/Subtype /Image" not in data


def test_a_badge_is_rendered_in_a_thread_beside_the_window_s() -> None:
    faces = people(6)
    with ThreadPoolExecutor(2) as pool:
        rendered = list(pool.map(lambda face: render_badge(face, expected()), faces))
    assert all(pdf.startswith(b"%PDF") for pdf in rendered)
