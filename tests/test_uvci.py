"""The checksum of a certificate identifier: told, and never a reason."""

from __future__ import annotations

import pytest

from kiosk.core.hcert.uvci import notes_on
from kiosk.core.notes import Note
from tests.certificates import claims, reason_of, signer, verified

RIGHT = "URN:UVCI:01:XX:DEMO#Y"


@pytest.mark.parametrize("ci", [RIGHT, RIGHT.removeprefix("URN:UVCI:")])
def test_a_right_checksum_leaves_no_note(ci: str) -> None:
    assert notes_on(ci) == ()


@pytest.mark.parametrize("ci", ["", "URN:UVCI:01:XX:DEMO", "X"])
def test_an_absent_one_leaves_a_note(ci: str) -> None:
    assert notes_on(ci) == (Note.UVCI_CHECKSUM_MISSING,)


@pytest.mark.parametrize(
    "ci",
    [
        "URN:UVCI:01:XX:DEMO#X",
        "URN:UVCI:01:XX:DEMP#Y",
        "URN:UVCI:01:XX:EDMO#Y",
        "urn:uvci:01:xx:demo#Y",
        "URN:UVCI:01:XX:DEMO#",
        "URN:UVCI:01:XX:DEMO#YY",
        "URN:UVCI:01:XX:DEMO#Y ",
        "URN:UVCI:01:XX:DÉMO#Y",
        "#",
    ],
)
def test_a_wrong_one_leaves_a_note_and_refuses_nothing(ci: str) -> None:
    assert notes_on(ci) == (Note.UVCI_CHECKSUM_WRONG,)
    assert reason_of(verified(signer().sign(claims("v", ci=ci)))) is None
