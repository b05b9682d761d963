"""The language that a cell of a guest list names."""

from __future__ import annotations

import tomllib

import pytest

from kiosk.core.guests.lists.languages import language_of
from tests.gui_support import ASSETS

# ISO 639-2, terminology and bibliography, with the names in English and French.
NAMED = {
    "bg": ("bul", "bul", "Bulgarian", "bulgare"),
    "cs": ("ces", "cze", "Czech", "tchèque"),
    "da": ("dan", "dan", "Danish", "danois"),
    "de": ("deu", "ger", "German", "allemand"),
    "el": ("ell", "gre", "Greek", "grec"),
    "en": ("eng", "eng", "English", "anglais"),
    "es": ("spa", "spa", "Spanish", "espagnol"),
    "et": ("est", "est", "Estonian", "estonien"),
    "fi": ("fin", "fin", "Finnish", "finnois"),
    "fr": ("fra", "fre", "French", "français"),
    "ga": ("gle", "gle", "Irish", "irlandais"),
    "hr": ("hrv", "hrv", "Croatian", "croate"),
    "hu": ("hun", "hun", "Hungarian", "hongrois"),
    "is": ("isl", "ice", "Icelandic", "islandais"),
    "it": ("ita", "ita", "Italian", "italien"),
    "lt": ("lit", "lit", "Lithuanian", "lituanien"),
    "lv": ("lav", "lav", "Latvian", "letton"),
    "mt": ("mlt", "mlt", "Maltese", "maltais"),
    "nb": ("nob", "nor", "Norwegian", "norvégien"),
    "nl": ("nld", "dut", "Dutch", "néerlandais"),
    "pl": ("pol", "pol", "Polish", "polonais"),
    "pt": ("por", "por", "Portuguese", "portugais"),
    "ro": ("ron", "rum", "Romanian", "roumain"),
    "sk": ("slk", "slo", "Slovak", "slovaque"),
    "sl": ("slv", "slv", "Slovenian", "slovène"),
    "sv": ("swe", "swe", "Swedish", "suédois"),
    "uk": ("ukr", "ukr", "Ukrainian", "ukrainien"),
}
GUESTS = ASSETS / "texts" / "guest"


def test_the_languages_here_are_those_of_the_screen() -> None:
    assert set(NAMED) == {file.stem for file in GUESTS.glob("*.toml")}


@pytest.mark.parametrize("code", NAMED)
def test_a_language_of_the_screen_is_known_by_its_codes_and_names(code: str) -> None:
    own = tomllib.loads((GUESTS / f"{code}.toml").read_text("utf-8"))["language"]["name"]
    for word in (code, *NAMED[code], own):
        assert language_of(word) == language_of(word.upper()) == code, word


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *(("no", "nb"), ("nn", "nb"), ("no-NO", "nb"), ("nb_NO", "nb"), ("Norsk bokmål", "nb")),
        *(("Norwegian (Nynorsk)", "nb"), ("gr", "el"), ("GR", "el"), ("el-GR", "el")),
        *(("cz", "cs"), ("DK", "da"), ("ua", "uk"), ("fr-FR", "fr"), ("pt_BR", "pt")),
        *(("pt BR", "pt"), ("deu-AT", "de"), ("sr-Latn-RS", "sr"), ("ca-ES-valencia", "ca")),
        *((" Deutsch ", "de"), ("Français", "fr"), ("Portugais (Brésil)", "pt")),
        *(("Flemish", "nl"), ("castellano", "es"), ("Український", None), ("Русский", "ru")),
    ],
)
def test_codes_and_names_are_told_as_lists_write_them(cell: str, code: str | None) -> None:
    assert language_of(cell) == code


@pytest.mark.parametrize(("cell", "kept"), [("zh", "zh"), ("ar-EG", "ar"), ("SE", "se"), ("", "")])
def test_a_code_that_the_screen_does_not_speak_is_kept(cell: str, kept: str) -> None:
    assert language_of(cell) == kept


@pytest.mark.parametrize("cell", ["Klingon", "tlh", "en français", "no answer", "f", "1", "()"])
def test_what_is_no_language_is_not_guessed(cell: str) -> None:
    assert language_of(cell) is None
