"""What the screens say: complete in both languages, silent about certificates, never blaming."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.core.policy.event import DeskSide
from kiosk.core.reasons import Group, Reason, explain
from kiosk.desk.admission import Admission, Person, Shown
from kiosk.desk.findings import Mode
from kiosk.desk.ports import CameraFault, CameraTrouble, Hint
from kiosk.gui.words import answers, phrases
from kiosk.gui.words.answers import Sign, guest_answer
from kiosk.gui.words.names import MAX_CHARACTERS, isolated, plain_name
from kiosk.gui.words.phrases import Band, desk_card
from kiosk.gui.words.wording import Wording, at_the_door, load_wording
from tests.gui_support import (
    ASSETS,
    AT,
    GUESTS,
    PERSON,
    SOMEBODY,
    admit,
    ready,
    refuse,
    see_desk,
    station,
    wordings,
)

LANGUAGES = ("en", "fr")
DOOR_REASONS = [reason for reason in Reason if explain(reason).group is not Group.CERTIFICATE]
CERTIFICATE_REASONS = [reason for reason in Reason if explain(reason).group is Group.CERTIFICATE]


def flat(texts: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            assert isinstance(value, str)
            yield f"{above}{key}", value


def texts(language: str) -> dict[str, str]:
    files = [ASSETS / "texts" / whose / f"{language}.toml" for whose in ("guest", "staff")]
    return dict(pair for file in files for pair in flat(tomllib.loads(file.read_text("utf-8"))))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert texts("en").keys() == texts("fr").keys()


def test_both_languages_fill_the_same_placeholders() -> None:
    french = texts("fr")
    for key, text in texts("en").items():
        assert placeholders(text) == placeholders(french[key]), key


def test_no_text_is_empty_or_padded() -> None:
    for language in LANGUAGES:
        for key, text in texts(language).items():
            assert text, key
            assert text == text.strip(), key


def test_french_punctuation_is_never_torn_off_its_word() -> None:
    for key, text in texts("fr").items():
        assert not re.search(r" [:;?!»]|« ", text), key
        assert "'" not in text, key


@pytest.mark.parametrize("reason", DOOR_REASONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_of_the_door_has_its_line_and_remedy(language: str, reason: Reason) -> None:
    words = wordings()[language].reason(reason)
    assert words.line.endswith(".")
    assert words.remedy.endswith(".")


@pytest.mark.parametrize("reason", CERTIFICATE_REASONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reason_of_a_certificate_has_any_text(language: str, reason: Reason) -> None:
    assert not at_the_door(reason)
    assert not [key for key in texts(language) if key.startswith(f"reason.{reason}.")]
    with pytest.raises(KeyError):
        wordings()[language].reason(reason)


@pytest.mark.parametrize("fault", CameraFault)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fault_of_a_camera_has_its_problem_and_remedy(
    language: str, fault: CameraFault
) -> None:
    assert {f"camera_fault.{fault}.problem", f"camera_fault.{fault}.remedy"} <= texts(
        language
    ).keys()
    words = wordings()[language].camera_trouble(CameraTrouble(fault, "Desk cam"))
    assert "Desk cam" in words.problem
    assert words.problem.endswith(".")
    assert words.remedy.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_hint_has_its_words_and_no_words_are_left_of_another(language: str) -> None:
    told = {key.split(".")[1] for key in texts(language) if key.startswith("hint.")}
    assert told == set(Hint)


def test_a_camera_with_a_long_name_does_not_push_its_fault_out_of_sight() -> None:
    phone = CameraTrouble(CameraFault.NOT_CONNECTED, "The phone\nof somebody\u202e " + "x" * 100)
    told = wordings()["en"].camera_trouble(phone).problem
    assert told == "The camera “The phone of somebody xxxxx…” is not connected."


def test_no_words_are_left_of_a_fault_that_no_camera_reports() -> None:
    told = {key.split(".")[1] for key in texts("en") if key.startswith("camera_fault.")}
    assert told == set(CameraFault)


def test_no_text_names_a_kind_of_proof() -> None:
    kinds = re.compile(r"vaccin(?!\.ameli)|\btest|recover|rétabli|dose|PCR", re.IGNORECASE)
    for language in LANGUAGES:
        for key, text in texts(language).items():
            assert not kinds.search(text), key


def test_a_key_that_english_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        wordings()["en"]("guest.no_such_key")


def test_a_text_that_a_language_lacks_is_said_in_english() -> None:
    say = Wording("pt", {"a": {"b": "olá"}}, {"a": {"b": "hello", "c": "bye"}})
    assert (say("a.b"), say("a.c")) == ("olá", "bye")


def test_a_wording_that_is_no_text_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"a\.b is no text"):
        Wording("en", {"a": {"b": 3}}, {})


def test_a_missing_language_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"fr\.toml"):
        load_wording(tmp_path, "fr")


def test_braces_in_a_name_are_shown_as_they_are() -> None:
    assert "{x}" in wordings()["en"]("answer.welcome", given="{x}")


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("1980-03-12", "12 mars 1980", "12 March 1980"),
        ("1980-01-01", "1er janvier 1980", "1 January 1980"),
        ("1980-03", "mars 1980", "March 1980"),
        ("1980", "1980", "1980"),
        ("", "", ""),
        ("1980-13-40", "", ""),
        ("１９８０", "", ""),
    ],
)
def test_a_birth_date_may_lack_day_and_month(text: str, french: str, english: str) -> None:
    assert wordings()["fr"].birth_date(text) == french
    assert wordings()["en"].birth_date(text) == english


def test_the_time_is_that_of_the_venue() -> None:
    assert wordings()["fr"].clock_time(AT, station().event.time_zone) == "08:47"


# Names (security.md T15)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  Anne\n Marie\t", "Anne Marie"),
        ("\u202eevil\u202c", "evil"),
        ("A\u0000B", "AB"),
        ("E\u0301", "É"),
        ("Z" + "\u0335\u0336\u0337\u0338\u0339" * 9, "Z\u0335\u0336"),
        ("\u0301", ""),
        ("😀", "😀"),
    ],
)
def test_a_name_is_one_plain_line(raw: str, shown: str) -> None:
    assert plain_name(raw) == shown


def test_a_name_is_cut_at_80_characters() -> None:
    assert plain_name("x" * MAX_CHARACTERS) == "x" * MAX_CHARACTERS
    assert plain_name("x" * 3_000_000) == "x" * MAX_CHARACTERS + "…"


@pytest.mark.parametrize("raw", ["", " ", "O'Neill  Smith ", "x" * 80, "a b" * 40, "~{}|"])
def test_a_name_of_plain_letters_is_painted_as_any_other(raw: str) -> None:
    """What is quick to see comes to the same as looking at each letter."""
    assert plain_name(raw) == plain_name(raw + "\u200b")


def test_a_name_in_a_sentence_does_not_turn_the_sentence() -> None:
    assert isolated("שרה") == "\u2068שרה\u2069"
    assert isolated("\u2069") == ""


# What goes with an admission


@pytest.mark.parametrize("reason", [*CERTIFICATE_REASONS, Reason.NAMES_DIFFER])
def test_a_refusal_reads_the_same_whatever_the_reason(reason: Reason) -> None:
    say, at = wordings()["fr"], station(Mode.SELF)
    with_reason = replace(refuse(), reasons=(reason,), guest=SOMEBODY, person=PERSON)
    assert guest_answer(with_reason, say, at) == guest_answer(refuse(), say, at)
    card, plain = desk_card(with_reason, say, station()), desk_card(refuse(), say, station())
    assert card == plain
    assert card.name == ""


@pytest.mark.parametrize("reason", CERTIFICATE_REASONS)
def test_a_certificate_reason_is_left_out_at_the_desk_too(reason: Reason) -> None:
    card = desk_card(see_desk(reason, guest=SOMEBODY), wordings()["en"], station())
    assert card.helps == ()


@pytest.mark.parametrize("reason", DOOR_REASONS)
def test_the_guest_is_sent_to_the_desk_without_a_reason(reason: Reason) -> None:
    answer = guest_answer(see_desk(reason), wordings()["en"], station(Mode.SELF))
    assert answer.sign is Sign.DESK
    unread = reason is Reason.CODE_NOT_READ
    assert answer.title == ("The desk will help you" if unread else "Please see the desk")


@pytest.mark.parametrize(
    ("desk", "told"),
    [
        (DeskSide.LEFT, "on your left."),
        (DeskSide.RIGHT, "on your right."),
        (DeskSide.AHEAD, "straight ahead."),
        (DeskSide.BEHIND, "behind you."),
        (None, "Our team is expecting you there."),
    ],
)
def test_amber_tells_the_way_to_the_desk(desk: DeskSide | None, told: str) -> None:
    here = station(Mode.SELF)
    here = replace(here, door=replace(here.door, desk=desk))
    answer = guest_answer(see_desk(Reason.ROOM_FULL), wordings()["en"], here)
    assert answer.line.endswith(told)
    assert answer.way is desk


def test_whoever_may_come_in_is_not_shown_the_way_to_the_desk() -> None:
    say = wordings()["en"]
    assert guest_answer(admit(checked_only=False), say, station(Mode.SELF)).way is None
    assert guest_answer(admit(checked_only=True), say, station(Mode.SELF)).way is DeskSide.RIGHT


def test_each_reason_at_the_desk_has_its_line_and_remedy() -> None:
    both = see_desk(Reason.NAMES_DIFFER, Reason.ROOM_FULL)
    card = desk_card(both, wordings()["en"], station())
    lines = [explain_line.line for explain_line in card.helps]
    assert lines == ["Certificate and badge carry different names.", "The room is full."]


def test_the_guest_is_greeted_by_first_name_alone() -> None:
    answer = guest_answer(admit(), wordings()["fr"], station(Mode.SELF))
    assert "Usuaria" in answer.title
    assert "Ficticia" not in answer.title + answer.line


def test_a_check_sends_to_the_desk_and_an_entry_invites_in() -> None:
    say = wordings()["en"]
    checked = guest_answer(admit(checked_only=True), say, station(Mode.SELF)).line
    entered = guest_answer(admit(checked_only=False), say, station(Mode.SELF)).line
    assert "desk" in checked
    assert "ID document" in checked
    assert "mask" in checked
    assert entered.startswith("Please come in.")


def test_green_goes_after_5_seconds_amber_and_red_after_30() -> None:
    say = wordings()["en"]
    seconds = [
        guest_answer(each, say, station(Mode.SELF)).seconds
        for each in (admit(), see_desk(Reason.ROOM_FULL), refuse())
    ]
    assert seconds == [5.0, 30.0, 30.0]


def test_the_card_tells_name_and_birth_date_of_the_certificate() -> None:
    other = Person("Bērziņš", "Jānis", "1980-03-12")
    card = desk_card(replace(ready(), person=other), wordings()["fr"], station())
    assert card.name == "Jānis Bērziņš"
    assert card.birth == "Date de naissance\u00a0: 12 mars 1980"


def test_the_card_counts_the_seats_of_the_partnership() -> None:
    facts = dict(desk_card(ready(), wordings()["en"], station()).facts)
    assert facts["Partnership"] == "\u2068GreenDigi4X\u2069 · 1 of 2 seats taken"


def test_only_what_the_desk_would_record_can_be_confirmed() -> None:
    say = wordings()["en"]
    crossed = see_desk(Reason.PAIR_CROSSED)
    cards = {
        "ready": desk_card(ready(), say, station()),
        "pair": desk_card(replace(crossed, confirmable=True), say, station()),
        "a pair of which one may not come in": desk_card(crossed, say, station()),
        "desk": desk_card(see_desk(Reason.NAMES_DIFFER), say, station()),
        "admit": desk_card(admit(), say, station()),
        "refuse": desk_card(refuse(), say, station()),
    }
    assert [name for name, card in cards.items() if card.confirmable] == ["ready", "pair"]


def test_a_name_on_the_list_that_differs_stands_beside_the_certificate_s() -> None:
    other = replace(see_desk(Reason.NAMES_DIFFER, guest=GUESTS[1]), person=PERSON)
    card = desk_card(other, wordings()["en"], station())
    assert card.name == "Usuaria Ficticia"
    assert card.facts[0] == ("On the list", "\u2068Jānis Bērziņš\u2069 · Zaļais klasteris")
    same = desk_card(ready(), wordings()["en"], station())
    assert same.facts[0] == ("Organisation", "Cluster Ficticio de Aragón")


def test_a_crossed_pair_shows_both_guests_and_no_certificate() -> None:
    pair = see_desk(Reason.PAIR_CROSSED, guest=GUESTS[0])
    pair = replace(pair, candidates=GUESTS[1:2], confirmable=True)
    card = desk_card(pair, wordings()["en"], station())
    assert card.name == "\u2068Usuaria Ficticia\u2069 and \u2068Jānis Bērziņš\u2069"
    assert card.birth == ""
    assert [label for label, _ in card.facts] == ["Usuaria Ficticia", "Jānis Bērziņš"]
    assert card.candidates == ()


def test_candidates_are_offered_by_an_amber_card_alone() -> None:
    admitted = replace(admit(checked_only=False), candidates=GUESTS[:2])
    assert desk_card(admitted, wordings()["en"], station()).candidates == ()


def test_at_most_five_candidates_are_offered() -> None:
    many = replace(see_desk(Reason.SEVERAL_GUESTS), candidates=GUESTS)
    assert len(desk_card(many, wordings()["en"], station()).candidates) == 5


def test_every_state_has_a_band_and_every_answer_a_sign() -> None:
    assert set(phrases.BAND_OF) == set(Shown)
    assert set(answers.SIGN_OF) == {shown for shown in Shown if shown.is_answer}
    bands = {shown: desk_card(Admission(shown, AT), wordings()["en"], station()) for shown in Shown}
    assert bands[Shown.READY].band is Band.READY
    assert all(card.title for card in bands.values())
