"""How well certificates are matched with guests, on a corpus of invented names."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.matching import __main__ as command
from tests.matching.corpus import Corpus, make_corpus
from tests.matching.habits import Grade
from tests.matching.issuers import standard, ways
from tests.matching.measure import Figures, measure
from tests.matching.persons import COUNTRIES, Crowd
from tests.matching.report import as_json, markdown, total


@cache
def corpus() -> Corpus:
    return make_corpus()


@cache
def figures() -> Figures:
    return measure(corpus())


def test_the_corpus_has_3000_pairs_of_every_country_and_script() -> None:
    assert len(corpus().pairs) >= 3_000
    assert len(corpus().guests) >= 2_000
    assert {pair.person.country for pair in corpus().pairs} == COUNTRIES.keys()
    scripts = {pair.person.script for pair in corpus().pairs}
    assert scripts == {"Latin", "Cyrillic", "Greek", "Armenian", "Georgian"}
    assert {pair.grade for pair in corpus().pairs} == set(Grade)


def test_the_corpus_is_always_the_same() -> None:
    assert make_corpus(2).pairs == make_corpus(2).pairs
    assert make_corpus(2).pairs != make_corpus(2, seed=1).pairs


def test_every_certificate_is_written_by_the_schema() -> None:
    letters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    holders = [pair.holder for pair in corpus().pairs] + list(corpus().strangers)
    for holder in holders:
        assert set(holder.family_standard + holder.given_standard) <= letters
        assert len(holder.family_standard) <= 80 >= len(holder.given_standard)


def test_no_two_persons_of_the_crowd_have_one_name() -> None:
    names: set[str] = set()
    for person in Crowd(3).people(20):
        assert not names & person.standards()
        names |= person.standards()


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("de", "Groß-Müller", "GROSS<MUELLER"),
        ("is", "Þórðardóttir", "THORDARDOTTIR"),
        ("nl", "van 't Hof", "VAN<T<HOF"),
        ("ro", "Țuțu", "TUTU"),
        ("tr", "Yıldırım", "YILDIRIM"),
        ("el", "Αυγερινού", "AVGERINOU"),
        ("el", "Αγγελόπουλος", "ANGELOPOULOS"),
        ("el", "Μπακογιάννη", "BAKOGIANNI"),
        ("uk", "Згурська", "ZGHURSKA"),
        ("uk", "Юрій", "YURII"),
        ("uk", "Мар'яна", "MARIANA"),
        ("bg", "Щилияна", "SHTILIYANA"),
        ("bg", "Мария", "MARIA"),
        ("mk", "Ѓорѓиевска", "GJORGJIEVSKA"),
        ("sr", "Ђорђевић", "DJORDJEVIC"),
        ("hy", "Ոսկանյան", "VOSKANYAN"),
        ("ka", "ჭანტურია", "CHANTURIA"),
    ],
)
def test_passports_write_names_by_their_countrys_rule(
    language: str, name: str, written: str
) -> None:
    assert standard(name, ways(language)[0].rule) == written


def test_with_a_badge_99_of_100_are_decided_where_the_list_is_complete_and_as_written() -> None:
    proper = figures().by["proper"]
    for tally in (total(proper.values()), *proper.values()):
        assert tally.with_badge >= 0.99 * tally.pairs


def test_without_a_badge_95_of_100_are_decided_where_the_list_is_complete_and_as_written() -> None:
    tally = total(figures().by["proper"].values())
    assert tally.alone >= 0.95 * tally.pairs


def test_nobody_is_taken_for_somebody_else() -> None:
    assert sum(asked for _, asked in figures().wrong.values()) > 30_000
    assert {kind: wrong for kind, (wrong, _) in figures().wrong.items() if wrong} == {}


def test_99_of_100_who_are_not_decided_are_among_the_first_three_candidates() -> None:
    tally = total(figures().by["all"].values())
    assert tally.left > 300
    assert tally.first >= 0.99 * tally.left


def test_for_less_than_one_stranger_in_100_somebody_is_named_as_probable() -> None:
    assert figures().strangers >= 2_000
    assert figures().strangers_probable < 0.01 * figures().strangers
    assert figures().probable[True] > 0.7 * len(figures().undecided)
    assert figures().probable[False] <= 2


def test_the_page_has_these_figures() -> None:
    written = command.PAGE.read_text("utf-8")
    assert written == command.in_page(markdown(figures())), "run `python -m tests.matching --page`"


def test_the_command_prints_the_tables_or_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "make_corpus", corpus)
    monkeypatch.setattr(command, "measure", lambda _: figures())
    assert command.main([]) == 0
    assert capsys.readouterr().out == markdown(figures())
    assert command.main(["--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(as_json(figures())))
    assert printed["wrong"]["strangers"] == [0, len(corpus().strangers)]
