"""What guests read: 27 languages, complete, short enough, silent about health and reasons."""

from __future__ import annotations

import re
import string
import tomllib
import unicodedata
from functools import cache

import pytest
from PySide6.QtGui import QFont, QRawFont

from tests.gui_support import ASSETS

FOLDER = ASSETS / "texts" / "guest"
DOCS = ASSETS.parent / "docs" / "languages.md"
OFFICIAL = (  # Council Regulation No 1 of 1958, Article 1
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)
LANGUAGES = sorted([*OFFICIAL, "is", "nb", "uk"])
OTHERS = [language for language in LANGUAGES if language != "en"]
PROOF_READ = {"en", "fr"}
UNREAD = "Not proof-read by a native speaker yet."

# Characters that fit without getting smaller than is read at two metres (placeholders left out).
INSTRUCTIONS, TITLES, LINES, HINTS, STEPS, NOTES, KEYS, NOTICE = 52, 26, 72, 34, 38, 32, 24, 200
LIMITS = {
    **dict.fromkeys(("guest.show_certificate", "guest.now_badge"), INSTRUCTIONS),
    **dict.fromkeys(("guest.now_certificate", "guest.show_badge"), INSTRUCTIONS),
    **dict.fromkeys(("guest.one_at_a_time", "guest.not_open"), INSTRUCTIONS),
    **dict.fromkeys(("answer.welcome", "answer.welcome_unnamed", "answer.desk"), TITLES),
    **dict.fromkeys(("answer.welcome_back", "answer.welcome_back_unnamed"), TITLES),
    **dict.fromkeys(("answer.desk_helps", "answer.refuse"), TITLES),
    **dict.fromkeys(("guest.certificate", "guest.badge"), STEPS),
    **dict.fromkeys(("guest.certificate_note", "guest.badge_note"), NOTES),
    **dict.fromkeys(("guest.larger", "guest.contrast", "guest.listen", "guest.back"), KEYS),
    **dict.fromkeys(("guest.languages", "guest.your_data", "guest.choose_language"), KEYS),
}
LIMITS_OF_SECTIONS = {"hint": HINTS, "notice": NOTICE}

# Stems of: vaccine, test, recovery, illness; expired, not valid, forged. As whole words where a
# stem begins other words too.
EVERYWHERE = r"positiv|negativ|infe[ckz]|\bpcr\b|antig|[kq]uarant|karant[eé]n|\bdos[ei]s?\b"
TOLD = {
    "bg": "ваксин|\\bтест|преболед|болест|изтек|невалид|фалшив",
    "cs": "očkov|vakcin|\\btest|prodělan|nemoc|propadl|neplatn|padělan|falešn",
    "da": "vaccin|\\btest|rask|syg|smitte|udløb|ugyldig|falsk|forfalsk",
    "de": "impf|\\btest|getestet|genes|krank|abgelaufen|ungültig|gefälscht",
    "el": "εμβολ|εμβόλ|\\bτεστ|νόσησ|ασθεν|έληξε|άκυρ|πλαστ",
    "en": "vaccin|\\btest|recover|\\bill\\b|sick|expired|invalid|forged|fake",
    "es": "vacun|\\btest|\\bprueba|recupera|enferm|caducad|inválid|fals",
    "et": "vaktsi|\\btest|läbipõde|haig|aegunud|kehtetu|võlts",
    "fi": "rokot|\\btesti|sairas|vanhentunu|mitätö|väären",
    "fr": "vaccin|\\btest|rétabli|malad|expiré|périmé|invalide|falsifi",
    "ga": "vacsaín|tástáil|téarn|\\btinn|in éag|neamhbhailí|bréag",
    "hr": "cijep|\\btest|preboljel|bolest|istek|nevažeć|lažn",
    "hu": "\\bolt[áo]|teszt|gyógyul|beteg|lejárt|érvénytelen|hamis",
    "is": "bólus|\\bpróf|skimun|veik|útrunn|ógild|fals",
    "it": "vaccin|\\btest\\b|tampon|guari|malat|scadut|non valid|fals",
    "lt": "skiep|vakcin|\\btyrim|\\btest|persirg|\\blig[aoų]|pasibaig|negalioj|klastot",
    "lv": "vakcin|potē|\\btest|pārslim|slim|beidzies|nederīg|viltot",
    "mt": "vaċċin|tilqim|ttestj|fieq|marid|skada|mhux validu|falz",
    "nb": "vaksin|\\btest|frisk|syk|smitte|utløp|ugyldig|falsk",
    "nl": "vaccin|\\btest|herstel|ziek|verlopen|ongeldig|vals",
    "pl": "szczepi|\\btest|wyzdrow|ozdrow|chor[yoą]|wygas|nieważn|fałsz",
    "pt": "vacin|\\bteste|recupera|doen[tç]|expirad|inválid|fals",
    "ro": "vaccin|\\btest|vindec|boln|expirat|nevalid|fals",
    "sk": "očkov|vakcín|\\btest|prekonan|chor|neplatn|falošn|sfalšov",
    "sl": "cepl|cepiv|\\btest|prebole|bolez|potek|neveljav|ponare",
    "sv": "vaccin|\\btest|tillfrisk|sjuk|smitt|utgång|ogiltig|falsk|förfalsk",
    "uk": "вакцин|щепл|\\bтест|одуж|хвор|прострочен|недійсн|підробл",
}
ILLNESS = r"covid|corona|korona|koroona|корона|κορων"


@cache
def texts(language: str) -> dict[str, str]:
    """By `section.key`."""
    sections = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return {f"{name}.{key}": text for name, keys in sections.items() for key, text in keys.items()}


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def plain(text: str) -> str:
    """Without its placeholders."""
    return "".join(literal for literal, _, _, _ in string.Formatter().parse(text))


def test_all_official_languages_of_the_eu_are_there_and_three_more() -> None:
    assert len(LANGUAGES) == 27
    assert sorted(file.stem for file in FOLDER.glob("*.toml")) == LANGUAGES


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_of_english_and_no_other(language: str) -> None:
    assert list(texts(language)) == list(texts("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_fills_in_what_english_fills_in(language: str) -> None:
    for key, text in texts("en").items():
        assert placeholders(texts(language)[key]) == placeholders(text), key


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    same = {key for key, text in texts("en").items() if texts(language)[key] == text}
    assert same == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_one_clean_line_in_composed_letters(language: str) -> None:
    for key, text in texts(language).items():
        assert text, key
        assert text.replace("\u00a0", " ").split(" ") == text.split(), key
        assert unicodedata.is_normalized("NFC", text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_are_typographic_and_nothing_is_shouted(language: str) -> None:
    for key, text in texts(language).items():
        assert not set(text) & set("'\"`´!…şţŞŢ"), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_where_the_english_one_ends(language: str) -> None:
    for key, text in texts("en").items():
        assert texts(language)[key].endswith(".") == text.endswith("."), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_mixes_scripts(language: str) -> None:
    """A Latin o in a Greek or Cyrillic word looks right, and is read out wrong."""
    for key, text in texts(language).items():
        for word in re.findall(r"[^\W\d_]+", plain(text)):
            scripts = {unicodedata.name(letter).split()[0] for letter in word}
            assert len(scripts) == 1, (key, word)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_short_enough_for_its_place(language: str) -> None:
    for key, text in texts(language).items():
        limit = LIMITS.get(key) or LIMITS_OF_SECTIONS.get(key.split(".")[0], LINES)
        assert len(plain(text)) <= limit, key


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("font", ["Regular", "SemiBold", "Bold"])
def test_every_letter_is_in_the_font_that_comes_with_the_program(font: str) -> None:
    drawn = QRawFont(
        str(ASSETS / "fonts" / f"Inter-{font}.otf"), 16, QFont.HintingPreference.PreferNoHinting
    )
    assert drawn.isValid()
    assert not drawn.supportsCharacter(ord("շ"))  # Armenian: not in this font
    missing = {
        letter
        for language in LANGUAGES
        for text in texts(language).values()
        for letter in text
        if not drawn.supportsCharacter(ord(letter))
    }
    assert missing == set()


# Nothing about health, no reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_tells_of_health_or_why_a_certificate_is_not_accepted(language: str) -> None:
    told = re.compile(f"{EVERYWHERE}|{TOLD[language]}", re.IGNORECASE)
    for key, text in texts(language).items():
        assert not told.search(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_illness_is_named_in_the_certificate_s_name_alone(language: str) -> None:
    for key, text in texts(language).items():
        named = re.findall(ILLNESS, text.replace("Covid-igazolvány", ""), re.IGNORECASE)
        assert not named or key == "guest.certificate", key
    whole = re.search(ILLNESS, texts(language)["guest.certificate"], re.IGNORECASE)
    assert whole, "a guest looks for that word on the certificate"


def test_a_reason_would_be_found() -> None:
    samples = {"de": "Ihr Zertifikat ist abgelaufen", "fr": "Votre test date de trop longtemps"}
    for language, sample in samples.items():
        assert re.search(f"{EVERYWHERE}|{TOLD[language]}", sample, re.IGNORECASE)
    assert set(TOLD) == set(LANGUAGES)


# Names and codes


def test_each_language_has_its_own_name_and_code() -> None:
    names = {texts(language)["language.name"] for language in LANGUAGES}
    assert len(names) == len(LANGUAGES)
    for language in LANGUAGES:
        assert texts(language)["language.code"] == language.upper()
        name = texts(language)["language.name"]
        assert name == name[0].upper() + name[1:]


# Who has read them


def heads(language: str) -> str:
    return (FOLDER / f"{language}.toml").read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_says_when_no_native_speaker_has_read_it(language: str) -> None:
    assert heads(language).endswith(UNREAD) == (language not in PROOF_READ)


def test_the_page_of_languages_says_of_each_whether_it_is_proof_read() -> None:
    row = re.compile(r"^\| `([a-z]{2})` \|.*\| (yes|not yet) \|$", re.MULTILINE)
    rows = row.findall(DOCS.read_text("utf-8"))
    told = {code: state == "yes" for code, state in rows}
    assert len(rows) == len(told)
    assert told == {language: language in PROOF_READ for language in LANGUAGES}
