"""A code's form is told from its text alone, before anything happens because of it."""

from __future__ import annotations

import pytest
from base45 import b45encode
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.hcert import base45
from kiosk.desk.codes import SHORTEST, CodeKind, kind_of
from tests.door import badge, certificate, guest

CHLOE = guest("Chloe", "Martin")
CERTIFICATE, BADGE = certificate(CHLOE), badge(CHLOE)


def hc1(length: int) -> str:
    return "HC1:" + bytes(b45encode(b"\x5a" * length)).decode()


def test_certificates_and_badges_are_told_by_their_form() -> None:
    assert kind_of(CERTIFICATE) is CodeKind.CERTIFICATE
    assert kind_of(BADGE) is CodeKind.BADGE


@pytest.mark.parametrize("text", ["LT1:", "AT1:", "NL2:", "HC2:", "DC04FR", "shc:/5676"])
def test_passes_of_other_schemes_are_told(text: str) -> None:
    assert kind_of(text) is CodeKind.OTHER_PASS


FOREIGN = {
    "nothing": "",
    "an address": "https://example.org/menu",
    "a prefix alone": "HC1:",
    "a badge's prefix alone": "B1:",
    "another prefix": "HC0:" + CERTIFICATE[4:],
    "a small letter": CERTIFICATE[:-1] + "a",
    "a line's end": CERTIFICATE + "\n",
    "a letter too many for base45": hc1(SHORTEST + 2) + "0",
    "a group beyond two bytes": CERTIFICATE[:4] + ":::" + CERTIFICATE[7:],
    "shorter than any signature": hc1(SHORTEST),
    "longer than any code": "HC1:" + "0" * (base45.MAX_TEXT - 3),
    "a badge cut short": BADGE[:-1],
    "a badge with a letter more": BADGE + "0",
    "control characters": "\x00\x1b[2J",
    "Latin letters of whatever bytes": "ÿØÿà",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_whatever_has_not_the_whole_form_is_foreign(name: str) -> None:
    assert kind_of(FOREIGN[name]) is CodeKind.FOREIGN


def test_a_certificate_may_be_as_long_as_a_code_and_just_longer_than_a_signature() -> None:
    assert kind_of(hc1(SHORTEST + 1)) is CodeKind.CERTIFICATE
    longest = "HC1:" + "0" * (base45.MAX_TEXT - 6)
    assert len(longest) == base45.MAX_TEXT - 2
    assert kind_of(longest) is CodeKind.CERTIFICATE


@given(st.text(max_size=200) | st.text(max_size=200).map("HC1:".__add__))
def test_every_text_has_a_kind_and_noise_is_foreign(text: str) -> None:
    assert kind_of(text) in (CodeKind.FOREIGN, CodeKind.CERTIFICATE, CodeKind.OTHER_PASS)
