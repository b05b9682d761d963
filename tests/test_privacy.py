"""Nothing of a certificate but its holder's name and birth date is left once it was judged."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType
from typing import Any

import pytest

from kiosk.core.hcert.dcc import Dcc
from kiosk.core.verify import Verified
from kiosk.demo.issuer import Subject, covid_test, recovery, vaccination
from kiosk.desk.entry_desk import EntryDesk
from kiosk.desk.findings import Mode
from tests.door import MORNING, badge, certificate, desk, guest, show, subject

CHLOE = guest("Chloe", "Martin")
CANARY = "URN:UVCI:01:XX:CANARY"
STATEMENTS = {
    "v": vaccination("2021-07-01", ci=CANARY, co=CANARY),
    "t": covid_test(MORNING, ci=CANARY, nm=CANARY),
    "r": recovery("2021-09-01", ci=CANARY),
}


def reachable(root: object) -> list[object]:
    """Everything that can be reached from `root` but code."""
    found: dict[int, object] = {}
    todo = [root]
    while todo:
        item = todo.pop()
        if id(item) in found or isinstance(item, FunctionType | ModuleType | type):
            continue
        found[id(item)] = item
        todo.extend(gc.get_referents(item))
    return list(found.values())


def remains(station: EntryDesk) -> list[object]:
    """What is left of a certificate's content or text."""
    return [
        item
        for item in reachable(station)
        if isinstance(item, Verified | Dcc)
        or (isinstance(item, str) and (CANARY in item or item.startswith("HC1:")))
    ]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("group", STATEMENTS)
def test_a_visit_keeps_the_holder_alone(group: str, mode: Mode) -> None:
    station = desk([CHLOE], mode)
    text = certificate(CHLOE, group, STATEMENTS[group])
    for codes in ([text], [text, badge(CHLOE)]):
        show(station, *codes)
        assert not remains(station)
    texts = {item for item in reachable(station) if isinstance(item, str)}
    assert subject(CHLOE).family in texts


@pytest.mark.parametrize("group", STATEMENTS)
def test_a_stranger_s_certificate_leaves_as_little(group: str) -> None:
    station = desk([CHLOE], Mode.DESK)
    show(station, certificate(Subject("Doe", "Jo", "DOE", "JO"), group, STATEMENTS[group]))
    assert not remains(station)


def test_the_search_would_find_what_is_left() -> None:
    held: Any = [{"visit": (certificate(CHLOE, "v", STATEMENTS["v"]), CANARY)}]
    assert len(remains(held)) == 2
