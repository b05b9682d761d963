"""The proof on real data: officially published specimens of a production key, and its real list.

The Gobierno de Aragón signed three specimens of one holder, "Usuaria Ficticia", with its
production key; the German list is the one of 29 October 2021, signature and all.
"""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli.main import main
from kiosk.core.notes import Note
from kiosk.core.policy.judge import Accepted
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified, Verifier
from tests.certificates import AT, BASE45, reason_of
from tests.door import policy
from tests.shared import KEY, LIST, PRODUCTION, ROOT, VECTORS, german_list, needs_data

pytestmark = needs_data

EVENT = ROOT / "assets/events/saint-ouen-2021.toml"
KID = "b4233ced69da6901"
OPTIONS = ["verify", "--json", "--at", "2021-11-22T08:00:00Z", "--event", str(EVENT)]


def specimen(number: int) -> dict[str, Any]:
    path = VECTORS / f"ES/2DCode/raw/{number}.json"
    vector: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return vector


def verdict_on(text: str) -> Any:
    return Verifier(german_list(PRODUCTION)).verify(text, AT)


def test_the_real_list_is_read_whole() -> None:
    trust = german_list(PRODUCTION)
    assert (len(trust.signers), trust.skipped) == (200, ())
    assert trust.issued_at is not None
    assert trust.issued_at.date().isoformat() == "2021-10-28"


def test_a_real_certificate_is_verified_and_accepted_on_the_morning_of_the_event() -> None:
    result = verdict_on(specimen(203)["PREFIX"])
    assert isinstance(result, Verified)
    assert (result.signer.kid.hex(), result.signer.country) == (KID, "ES")
    assert Note.TIME_NOT_INTEGER in result.notes
    assert result.dcc.holder.family_standard == "FICTICIA<HUESCA"
    assert policy().judge(result, AT) == Accepted()


@pytest.mark.parametrize("number", [201, 202])
def test_an_expired_real_certificate_fails(number: int) -> None:
    assert reason_of(verdict_on(specimen(number)["PREFIX"])) is Reason.CERTIFICATE_EXPIRED


def test_no_changed_character_of_the_real_certificate_is_verified() -> None:
    text = specimen(203)["PREFIX"]
    verifier = Verifier(german_list(PRODUCTION))
    survivors = [
        changed
        for position, letter in enumerate(text)
        for other in BASE45
        if other != letter
        for changed in [text[:position] + other + text[position + 1 :]]
        if isinstance(verifier.verify(changed, AT), Verified)
    ]
    assert survivors == []


def test_the_command_accepts_the_real_certificate_as_text_and_as_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = ["--trust", str(PRODUCTION / LIST), "--trust-key", str(PRODUCTION / KEY)]
    vector = specimen(203)
    picture = tmp_path / "203.png"
    picture.write_bytes(b64decode(vector["2DCODE"]))
    assert main([*OPTIONS, *trust, vector["PREFIX"], str(picture)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == 2
    for answer in answers:
        assert answer["outcome"] == "verified"
        assert answer["signer"] == {"kid": KID, "country": "ES"}
        assert answer["policy"]["outcome"] == "accepted"


def test_the_command_refuses_the_real_list_with_one_changed_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray((PRODUCTION / LIST).read_bytes())
    data[50_000] ^= 1
    (tmp_path / LIST).write_bytes(data)
    trust = ["--trust", str(tmp_path / LIST), "--trust-key", str(PRODUCTION / KEY)]
    assert main([*OPTIONS, *trust, specimen(203)["PREFIX"]]) == 2
    assert "does not verify" in capsys.readouterr().err
