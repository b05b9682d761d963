"""A list's name in A-Z: the tables of ICAO 9303, national rules, and what is no letter."""

from __future__ import annotations

import itertools
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.core.guests.spelling import (
    MAX_FIELD,
    MAX_SPELLINGS,
    StandardName,
    folded,
    same_guest_key,
    spellings,
    standard_key,
    transliterated,
    words,
)

# ICAO 9303-3 section 6, table A, from U+00C0 to U+1E9E, where a letter has one form.
TABLE_A = str.split(
    "ÀA ÁA ÂA ÃA ÆAE ÇC ÈE ÉE ÊE ËE ÌI ÍI ÎI ÏI ÐD ÒO ÓO ÔO ÕO ÙU ÚU ÛU ÝY ÞTH ĀA ĂA ĄA ĆC ĈC ĊC "
    "ČC ĎD ĒE ĔE ĖE ĘE ĚE ĜG ĞG ĠG ĢG ĤH ĦH ĨI ĪI ĬI ĮI İI ıI ĲIJ ĴJ ĶK ĹL ĻL ĽL ĿL ŁL ŃN ŅN ŇN ŊN "
    "ŌO ŎO ŐO ŒOE ŔR ŖR ŘR ŚS ŜS ŞS ŠS ŢT ŤT ŦT ŨU ŪU ŬU ŮU ŰU ŲU ŴW ŶY ŸY ŹZ ŻZ ŽZ ẞSS ȘS ȚT"
)
TABLE_B = str.split(
    "АA БB ВV ГG ДD ЕE ЁE ЖZH ЗZ ИI ІI ЙI КK ЛL МM НN ОO ПP РR СS ТT УU ФF ХKH ЦTS ЧCH ШSH ЩSHCH "
    "ЫY ЪIE ЭE ЮIU ЯIA ѴY ҐG ЎU ѪU ЃG ЂD ЅDZ ЈJ ЌK ЉLJ ЊNJ ЋC ЏDZ ЄIE ЇI"
)
TABLE_C = str.split(
    "ءXE آXAA أXAE ؤU إI ئXI اA بB تT ثXTH جJ حXH خXKH دD ذXDH رR زZ سS شXSH صXSS ضXDZ طXTT ظXZZ "
    "عE غG فF قQ كK لL مM نN هH وW ىXAY يY پP چXC ژXJ گXGG"
)


def keys(family: str, given: str = "") -> set[str]:
    """Every accepted form, family/given."""
    return {form.key for form in spellings(family, given)}


@pytest.mark.parametrize("row", [*TABLE_A, *TABLE_B, *TABLE_C])
def test_each_letter_has_the_form_of_9303(row: str) -> None:
    letter, form = row[0], row[1:]
    assert transliterated(letter) == form
    assert transliterated(letter.lower()) == form


@pytest.mark.parametrize(
    ("letter", "forms"),
    [
        ("Ä", {"AE", "A"}),
        ("Å", {"AA", "A"}),
        ("Ö", {"OE", "O"}),
        ("Ø", {"OE", "O"}),
        ("Ü", {"UE", "UXX", "U"}),
        ("Ñ", {"N", "NXX"}),
        ("Đ", {"D", "DJ"}),
        ("Ə", {"A", "E"}),
        ("ß", {"SS"}),
    ],
)
def test_some_letters_have_several_forms(letter: str, forms: set[str]) -> None:
    assert keys(letter) == {f"{form}/" for form in forms}
    assert keys(letter.lower()) == keys(letter)


def test_comma_and_cedilla_below_are_one() -> None:
    assert keys("Ștefănescu", "Țălu") == keys("Ştefănescu", "Ţălu") == {"STEFANESCU/TALU"}


def test_an_issuer_writes_a_letter_always_in_the_same_way() -> None:
    assert keys("Özgür", "Öner Ünal") == {
        f"{o}ZG{u}R/{o}NER{u}NAL" for o in ("OE", "O") for u in ("UE", "UXX", "U")
    }


@pytest.mark.parametrize(
    ("family", "given", "written"),
    [
        ("Гагарин", "Юрий", "GAGARIN/IURII GAGARIN/YURIY GAGARIN/YURY"),
        ("Щербаков", "Андрей", "SHCHERBAKOV/ANDREI SHCHERBAKOV/ANDREY"),
        ("Зеленський", "Юлія", "ZELENSKYI/YULIIA ZELENSKYI/IULIIA ZELENSKII/IULIIA"),
        ("Згурський", "Їжак", "ZGHURSKYI/YIZHAK ZHURSKYI/IZHAK ZGURSKYI/IZHAK"),
        ("Гончар", "Яна", "HONCHAR/YANA HONCHAR/IANA GONCHAR/IANA GONCHAR/YANA"),
        ("Бабрыковіч", "Аляксандр", "BABRYKOVICH/ALIAKSANDR"),
        ("Ёўчанка", "Ігар", "IOUCHANKA/IHAR"),
        ("Стоянов", "Щерю", "STOYANOV/SHTERYU STOIANOV/SHCHERIU"),
        ("Христов", "Христо", "HRISTOV/HRISTO KHRISTOV/KHRISTO"),
        ("Тодорова", "Мария", "TODOROVA/MARIA TODOROVA/MARIIA"),
        ("Ђорђевић", "Жељко", "DORDEVIC/ZELJKO DJORDJEVIC/ZELJKO"),
        ("Џаковски", "Ќирил", "DJAKOVSKI/KJIRIL DZAKOVSKI/KIRIL"),
        ("Николоски", "Филип", "NIKOLOSKI/FILIP"),
    ],
)
def test_cyrillic_names_are_written_by_the_rules_of_each_language(
    family: str, given: str, written: str
) -> None:
    assert set(written.split()) <= keys(family, given)
    assert keys(family.upper(), given.lower()) == keys(family, given)


def test_a_name_of_several_parts_is_written_with_fillers() -> None:
    assert transliterated("van der Müller-Đorđević") == "VAN<DER<MUELLER<DORDEVIC"


def test_a_table_without_a_letter_of_the_name_does_not_count() -> None:
    assert keys("Шарић") == {"SHARIC/", "SARIC/"}  # 9303's own, and the Serbian one
    assert keys("Шаров") == {"SHAROV/", "SAROV/"}
    assert keys("Щаров") == {"SHCHAROV/", "SHTAROV/"}  # no Serbian name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Παπαδόπουλος", {"PAPADOPOULOS"}),
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", {"PAPADOPOULOS"}),
        ("Ευάγγελος", {"EVANGELOS", "EUAGGELOS"}),
        ("Ευθυμίου", {"EFTHYMIOU", "EUTHYMIOU"}),
        ("Παύλος", {"PAVLOS", "PAULOS"}),
        ("Λευτέρης", {"LEFTERIS", "LEUTERIS"}),
        ("Μπάμπης", {"BAMPIS", "MPAMPIS"}),
        ("Μενεξές", {"MENEXES", "MENEKSES"}),
        ("Άγχος", {"ANCHOS", "AGCHOS"}),
        ("Σφίγξα", {"SFINXA", "SFIGXA", "SFINKSA", "SFIGKSA"}),
        ("Πραΰς", {"PRAYS"}),
        ("Άυλος", {"AYLOS"}),
        ("Ρούσσου", {"ROUSSOU"}),
        ("Βαΐτσης", {"VAITSIS"}),
        ("Σταυ", {"STAF", "STAU"}),
    ],
)
def test_greek_names_are_written_as_in_passports_or_letter_by_letter(
    name: str, written: set[str]
) -> None:
    assert keys(name) == {f"{form}/" for form in written}


def test_a_greek_b_is_written_in_either_way_beside_passport_forms() -> None:
    forms = keys("Μπάμπης", "Παύλος")
    assert forms == {"BAMPIS/PAVLOS", "MPAMPIS/PAVLOS", "MPAMPIS/PAULOS"}


@pytest.mark.parametrize(
    ("family", "given", "key"),
    [
        ("ԽԱՉԱՏՐՅԱՆ", "Լիլիթ", "KHACHATRYAN/LILIT"),
        ("Եղիազարյան", "Ոսկան", "YEGHIAZARYAN/VOSKAN"),
        ("Ուլիխանյան", "Եվա", "ULIKHANYAN/YEVA"),
        ("ეზუგბაია", "ვაჟა", "EZUGBAIA/VAZHA"),
        ("محمّد", "فاطمة", "MXHMMD/FAXTTMXAH"),
        ("مُحَمَّد", "عـلي", "MXHMMD/ELY"),
    ],
)
def test_armenian_georgian_and_arabic_letters_have_forms(family: str, given: str, key: str) -> None:
    assert key in keys(family, given)


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("李", "娜"),
        ("כהן", "משה"),
        ("김", "민수"),
        ("ڀ", ""),  # an Arabic letter that 9303 does not have
        ("Martin", "李"),
        ("Ҡарим", "Иван"),  # a Bashkir letter, which no table has
        ("Αϗβ", ""),  # a Greek sign for "and"
        ("М\u0430rtin", "Chloe"),  # Cyrillic letters in a Latin word
        ("Mart\u03b9n", "Chloe"),  # a Greek one
        ("Maʔtin", "Chloe"),  # a Latin letter that has no form
    ],
)
def test_letters_without_a_form_and_mixed_words_have_none(family: str, given: str) -> None:
    assert spellings(family, given) == ()
    assert transliterated(family) == "" or transliterated(given) == ""


def test_two_scripts_in_two_words_are_a_name() -> None:
    assert "IVANOV/JOHN" in keys("Иванов", "John")


# Signs


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("O'Brien", ["OBRIEN"]),
        ("O’Brien", ["OBRIEN"]),
        ("D`Artagnan", ["DARTAGNAN"]),
        ("D´Artagnan", ["DARTAGNAN"]),
        ("Maʼruf", ["MARUF"]),
        ("Garcia-Lopez", ["GARCIA", "LOPEZ"]),
        ("Garcia\u2011Lopez\u2013Ruiz", ["GARCIA", "LOPEZ", "RUIZ"]),
        ("d'Arsøns - van Halen", ["DARSØNS", "VAN", "HALEN"]),
        ("J.-P.", ["J", "P"]),
        ("Anna (Ania)", ["ANNA", "ANIA"]),
        ("St. John", ["ST", "JOHN"]),
        ("A<B", ["A", "B"]),
        ("Mu\u0308ller", ["MÜLLER"]),
        ("Mar\u200bt\u00adin\u202e", ["MARTIN"]),
        ("x\u030c", ["X"]),
        ("µ", []),
        ("😀", []),
        ("٣", ["3"]),
        ("ﬁ Ａ", ["FI", "A"]),
        ("佐々木", ["佐々木"]),
        ("", []),
        ("\ud800", []),
    ],
)
def test_apostrophes_join_other_signs_part_and_what_is_not_seen_is_dropped(
    text: str, parts: list[str]
) -> None:
    assert words(text) == parts


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Henri 4", {"HENRIIV", "HENRI"}),
        ("Paul 22", {"PAULXXII", "PAULIIII", "PAUL"}),
        ("Anna 100", {"ANNAI", "ANNA"}),
        ("Test10", {"TESTX", "TESTI", "TEST"}),
        ("Doe Ⅲ", {"DOEIII"}),
    ],
)
def test_numbers_are_roman_in_one_of_two_ways_or_left_out(name: str, written: set[str]) -> None:
    assert keys(name) == {f"{form}/" for form in written}


@pytest.mark.parametrize(
    ("family", "given", "written"),
    [
        ("Weber", "Dr. Anna", {"WEBER/ANNA", "WEBER/DRANNA"}),
        ("Weber", "Prof. Dr. Anna", {"WEBER/ANNA", "WEBER/PROFDRANNA"}),
        ("Dr. Weber", "Anna", {"WEBER/ANNA", "DRWEBER/ANNA"}),
        ("Weber", "Mme Anna", {"WEBER/ANNA", "WEBER/MMEANNA"}),
        ("Weber", "Mrs Anna", {"WEBER/ANNA", "WEBER/MRSANNA"}),
        ("Weber", "Ing. Anna", {"WEBER/ANNA", "WEBER/INGANNA"}),
        ("Weber", "Ing Anna", {"WEBER/INGANNA"}),
        ("Weber", "Drusilla", {"WEBER/DRUSILLA"}),
        ("Weber", "Dr", {"WEBER/DR"}),
        ("Weber Jr.", "Anna", {"WEBERJR/ANNA"}),  # the son of another
    ],
)
def test_titles_before_a_name_may_be_left_out(family: str, given: str, written: set[str]) -> None:
    assert keys(family, given) == written


# Keys


def test_what_is_family_and_what_is_given_counts() -> None:
    assert standard_key("MARTIN", "PAUL") != standard_key("PAUL", "MARTIN")
    assert standard_key("MARTINP", "AUL") != standard_key("MARTIN", "PAUL")


def test_the_parting_of_a_field_does_not_count() -> None:
    assert standard_key("VAN<DER<BERG", "JEAN<LUC") == standard_key("VANDERBERG", "JEANLUC")
    assert standard_key("O<BRIEN", "ANNA") in keys("O'Brien", "Anna")


def test_a_name_of_one_field_is_the_same_in_either() -> None:
    assert standard_key("MADONNA", "") == standard_key("", "MADONNA") == "MADONNA/"
    assert keys("Madonna", "") == keys("", "Madonna") == {"MADONNA/"}
    assert "MADONNA/" not in keys("Madonna", "Louise")


@pytest.mark.parametrize("length", [79, 80, 81, 200])
def test_a_field_is_cut_at_80_characters_as_the_schema_does(length: int) -> None:
    name = "ab " * 80
    certificate = ("AB<" * 80)[:MAX_FIELD].strip("<")
    assert (standard_key(certificate, "ANNA") in keys(name[:length], "Anna")) == (length >= 80)


def test_a_name_without_letters_has_no_form() -> None:
    assert spellings("", "") == spellings("-", "😀") == ()


def test_a_sign_without_sound_is_no_part_of_its_own() -> None:
    assert "IVANOV/IVAN" in keys("Иванов Ь", "Иван")


def test_forms_are_limited_and_the_standards_own_is_first() -> None:
    name = "ÄÅÖØÜÑĐƏ"
    forms = spellings(name, "x")
    assert len(forms) == MAX_SPELLINGS
    assert forms[0].key == "AEAAOEOEUENDA/X"


def test_a_form_does_not_show_the_name() -> None:
    assert "MARTIN" not in repr(spellings("Martin", "Chloe"))


# Finding


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Zoë", "ZO"),
        ("zoe", "ZO"),
        ("Jean-Luc", "JEAN LUC"),
        ("Иван", "IVAN"),
        ("李 娜", "李 娜"),
        ("Ҡарим", "ҠАРИМ"),
        ("М\u0430rtin", "MARTIN"),
        ("", ""),
    ],
)
def test_what_staff_type_is_folded_like_the_list(typed: str, found: str) -> None:
    assert folded(typed) == found


def test_one_key_finds_every_transliteration_even_of_neighbouring_letters() -> None:
    forms = {"Ä": ("AE", "A"), "Å": ("AA", "A"), "Ü": ("UE", "UXX", "U"), "Ö": ("OE", "O")}
    for name in map("".join, itertools.product("AEOÄÅÜÖ", repeat=3)):
        key = same_guest_key(name, "x")
        for written in itertools.product(*[forms.get(letter, (letter,)) for letter in name]):
            assert same_guest_key("".join(written), "x") == key


# Any text

ANY = st.text(st.characters(categories=None), max_size=60)
NAMES = st.text(st.characters(categories=("L", "M", "Nd", "P", "Zs")), max_size=60)


@given(ANY | NAMES)
@example("\ud800")
@example("\u0345")
@example("ǰ ŉ ẚ ΐ ﬃ")
def test_parting_a_name_twice_changes_nothing(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
    assert folded(folded(text)) == folded(text)


@given(ANY | NAMES, ANY | NAMES)
def test_every_form_of_any_text_is_one_of_9303_and_its_own_form(family: str, given_: str) -> None:
    for form in spellings(family, given_)[:8]:
        assert all(re.fullmatch("[A-Z]+", part) for field in form for part in field)
        assert any(form)
        again = spellings(" ".join(form.family), " ".join(form.given))
        assert form in again


@given(st.text(st.sampled_from("abzäöüåøñđəßæþðłșțőűķģħŋ '-"), max_size=12))
def test_case_and_composition_make_no_difference(name: str) -> None:
    forms = keys(name, "x")
    assert keys(name.upper(), "x") == keys(unicodedata.normalize("NFD", name), "x") == forms
    assert isinstance(spellings(name, "x")[0], StandardName)
