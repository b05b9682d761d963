"""One certificate is revoked: by which hashes, in which spelling, and what the verifier says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from kiosk.adapters.reader.pictures import codes_in_picture
from kiosk.core.hcert import cose, cwt, dcc
from kiosk.core.hcert.cose import Algorithm
from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.reasons import Group, Reason, explain
from kiosk.core.revocation.blocklist import Blocklist
from kiosk.core.revocation.marks import (
    HashKind,
    bare_form,
    countries_of,
    forms_of,
    lasting_part,
    mark_of_identifier,
    marks_of,
)
from kiosk.core.revocation.revocations import NONE, Revocations
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import (
    AT,
    claims,
    parts,
    put_together,
    reason_of,
    rsa_signer,
    signer,
    trust,
)
from tests.revocations import CANARY, a_list, blocking, message_of, reason_with
from tests.shared import DATA

UVCI = "URN:UVCI:01:FR:W7V2BE46QSBJ#L"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
PICTURES = DATA / "dcc-quality-assurance"


def cut(data: bytes | str) -> bytes:
    """The hash of the gateway."""
    return sha256(data.encode() if isinstance(data, str) else data).digest()[:16]


def revoked(*hashes: bytes, **changes: Any) -> Revocations:
    return Revocations(a_list(*hashes, **changes))


def code(ci: str = UVCI, co: str = "FR", issuer: str = "FR", by: Issuer | None = None) -> str:
    """A certificate of `by`, or of the signer that the tests trust."""
    return (by or signer()).sign({**claims("v", ci=ci, co=co), 1: issuer})


# The three kinds


def test_a_certificate_is_revoked_by_the_hash_of_its_identifier() -> None:
    assert reason_with(code(), revoked(cut(UVCI))) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(), revoked(cut(UVCI + "X"))) is None


def test_a_certificate_is_revoked_by_the_hash_of_country_and_identifier() -> None:
    assert reason_with(code(), revoked(cut("FR" + UVCI))) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(), revoked(cut("DE" + UVCI))) is None


def test_the_country_is_the_statement_s_or_the_issuer_s_as_verifiers_differ() -> None:
    text = code(co="PF", issuer="FR")
    for country in ("PF", "FR"):
        assert reason_with(text, revoked(cut(country + UVCI))) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(issuer="CNAM"), revoked(cut("CNAM" + UVCI))) is not None
    assert reason_with(code(issuer="CNAM"), revoked(cut("FR" + UVCI))) is not None


@pytest.mark.parametrize(("carried", "listed"), [("GR", "EL"), ("EL", "GR"), ("GB", "UK")])
def test_a_country_of_two_names_is_revoked_under_either(carried: str, listed: str) -> None:
    text = code(co=carried, issuer=carried)
    for name in (carried, listed):
        assert reason_with(text, revoked(cut(name + UVCI))) is Reason.CERTIFICATE_REVOKED
        by_issuer = code(co="FR", issuer=carried)
        assert reason_with(by_issuer, revoked(cut(name + UVCI))) is Reason.CERTIFICATE_REVOKED


def test_an_es256_certificate_is_revoked_by_the_hash_of_r() -> None:
    text = code()
    r = message_of(text).signature[:32]
    assert reason_with(text, revoked(cut(r))) is Reason.CERTIFICATE_REVOKED
    assert reason_with(text, revoked(cut(message_of(text).signature))) is None


def test_the_other_s_of_the_same_signature_does_not_escape() -> None:
    """(r, s) and (r, n - s) both verify; whoever holds a certificate can write the other."""
    four = parts(signer())
    r, s = four[3][:32], int.from_bytes(four[3][32:])
    four[3] = r + (ORDER - s).to_bytes(32)
    assert reason_with(put_together(four), NONE) is None
    assert reason_with(put_together(four), revoked(cut(r))) is Reason.CERTIFICATE_REVOKED


def test_a_ps256_certificate_is_revoked_by_the_hash_of_its_whole_signature() -> None:
    text = code(by=rsa_signer())
    signature = message_of(text).signature
    assert len(signature) == 256
    verifier = Verifier(trust(rsa_signer()), revoked(cut(signature)))
    assert reason_of(verifier.verify(text, AT)) is Reason.CERTIFICATE_REVOKED
    verifier = Verifier(trust(rsa_signer()), revoked(cut(signature[:128])))
    assert reason_of(verifier.verify(text, AT)) is None


def test_the_lasting_part_of_a_signature_is_decided_by_its_algorithm() -> None:
    message = message_of(code())
    assert message.algorithm is Algorithm.ES256
    assert lasting_part(message) == message.signature[:32]
    message = message_of(code(by=rsa_signer()))
    assert message.algorithm is Algorithm.PS256
    assert lasting_part(message) == message.signature


def test_the_gateway_knows_three_kinds() -> None:
    assert set(HashKind) == {"SIGNATURE", "UCI", "COUNTRYCODEUCI"}


# The Corona-Warn-App publishes these hashes of two official specimens, for its own tests.
OFFICIAL = {
    "DE/1.3.0/VAC_DE.png": (
        "54a90383b0e792489835caec8befd2a4",
        "eeabbcbbb1637ddf343458f1f41842da",
        "b80307723714cb7cd9a653a0bc56c89d",
    ),
    "LT/1.3.0/VAC-2.png": (
        "3d59bc9b9563dcea32836578c9d3b161",
        "0c32d9ec22eb7167ea0e7a1eb0a21849",
        "fa6af59289198a146c35710b67cdd415",
    ),
}


@pytest.mark.skipif(not PICTURES.is_dir(), reason="the official pictures are not beside it")
@pytest.mark.parametrize("picture", OFFICIAL)
def test_the_hashes_of_official_specimens_are_those_of_another_verifier(picture: str) -> None:
    (text,) = codes_in_picture(PICTURES / picture)
    message = cose.parse(open_envelope(text))
    held = cwt.parse(message.payload)
    digests = marks_of(message, dcc.parse(held.dcc).statement, held.issuer)
    assert {bytes.fromhex(one) for one in OFFICIAL[picture]} <= {one[:16] for one in digests}


# Spelling

WRITTEN = [
    UVCI, UVCI.lower(), UVCI.removeprefix("URN:UVCI:"), UVCI.lower().removeprefix("urn:uvci:"),
    f" {UVCI}\n", "urn:uvci:01:FR:W7V2BE46QSBJ#L", "URN:UVCI:01:FR: W7V2 BE46QSBJ#L",
]  # fmt: skip

SPELLINGS = ["as published", "small", "bare", "bare and small", "spaces around", "small prefix",
             "spaces within"]  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN, ids=SPELLINGS)
def test_an_identifier_is_revoked_however_certificate_and_list_write_it(written: str) -> None:
    stripped = written.strip()
    bare = UVCI.removeprefix("URN:UVCI:")
    listed = [stripped, UVCI, bare, "FR" + stripped, "FR" + UVCI, "FR" + bare]
    for one in listed:
        assert reason_with(code(written), revoked(cut(one))) is Reason.CERTIFICATE_REVOKED


@pytest.mark.parametrize("written", WRITTEN, ids=SPELLINGS)
@pytest.mark.parametrize("given", WRITTEN, ids=SPELLINGS)
def test_an_identifier_that_a_person_gives_blocks_every_spelling(written: str, given: str) -> None:
    blocked = Revocations(blocked=blocking(marks=(mark_of_identifier(given),)))
    assert reason_with(code(written), blocked) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(written[:-2] + "9#X"), blocked) is None


@pytest.mark.parametrize("empty", ["", "  ", "URN:UVCI:", "urn:uvci: ", None], ids=range(5))
def test_a_certificate_without_identifier_is_known_by_its_signature_alone(
    empty: str | None,
) -> None:
    text = signer().sign(claims("v", ci=empty, co="FR"))
    nothing = [cut(""), cut("FR"), cut("URN:UVCI:"), cut("FRURN:UVCI:")]
    assert reason_with(text, revoked(*nothing)) is None
    r = message_of(text).signature[:32]
    assert reason_with(text, revoked(cut(r))) is Reason.CERTIFICATE_REVOKED


def test_a_certificate_without_country_is_known_by_the_rest() -> None:
    text = signer().sign({**claims("v", ci=UVCI, co=None), 1: None})
    assert reason_with(text, revoked(cut("FR" + UVCI))) is None
    assert reason_with(text, revoked(cut(UVCI))) is Reason.CERTIFICATE_REVOKED


def test_the_spellings_of_an_identifier() -> None:
    assert forms_of(UVCI, UVCI[9:]) == [UVCI, UVCI[9:]]
    assert forms_of("01:GE:AB", "01:GE:AB") == ["URN:UVCI:01:GE:AB", "01:GE:AB"]
    assert set(forms_of("urn:uvci:01:ge:ab", "01:ge:ab")) == {
        "urn:uvci:01:ge:ab", "URN:UVCI:01:ge:ab", "URN:UVCI:01:GE:AB", "01:GE:AB", "01:ge:ab",
    }  # fmt: skip
    assert bare_form(" urn:UVCI:01 x ") == "01x"
    assert countries_of("GR", "") == {"EL", "GR"}
    assert countries_of("FR", "FR") == {"FR", "CNAM"}
    assert countries_of("", "") == set()


@pytest.mark.parametrize("name", ["GR", "EL"])
def test_country_and_bare_identifier_are_a_mark(name: str) -> None:
    ci = "URN:UVCI:01:GR:W7V2BE46QSBJ#L"
    text = code(ci, co="GR", issuer="GR")
    assert reason_with(text, revoked(cut(name + ci[9:]))) is Reason.CERTIFICATE_REVOKED
    assert reason_with(text, revoked(cut("FR" + ci[9:]))) is None


# The verifier


def test_an_entry_counts_until_its_end() -> None:
    at, second = AT, timedelta(seconds=1)
    held = revoked(cut(UVCI), end=int(at.timestamp()))
    assert reason_with(code(), held, at - second) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(), held, at) is None


def test_a_list_past_its_own_end_still_counts_and_refuses_nobody_else() -> None:
    held = revoked(cut(UVCI), expires_at=AT - timedelta(days=30))
    assert reason_with(code(), held) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(UVCI + "1"), held) is None


def test_revoked_is_said_after_the_signature_and_of_no_forgery() -> None:
    forger = make_issuer("FR")
    forged = forger.sign(claims("v", ci=UVCI), kid=signer().kid)
    assert reason_with(forged, revoked(cut(UVCI))) is Reason.SIGNATURE_INVALID


def test_a_revoked_certificate_is_red_and_never_explained_at_a_door() -> None:
    assert explain(Reason.CERTIFICATE_REVOKED).group is Group.CERTIFICATE


@pytest.mark.parametrize("blocked", [False, True])
def test_a_blocked_key_is_refused_whether_the_list_knows_it_or_not(blocked: bool) -> None:
    blocklist = blocking(kids=(signer().kid,)) if blocked else Blocklist()
    for trusted in (trust(signer()), trust(rsa_signer())):
        reason = reason_of(Verifier(trusted, Revocations(blocked=blocklist)).verify(code(), AT))
        assert (reason is Reason.SIGNER_REVOKED) is blocked


def test_a_blocked_key_stays_blocked_under_every_other_kid_that_it_has() -> None:
    """Issuers certify one key again and again; who holds it writes whichever kid is believed."""
    again = make_issuer("FR", key=signer().key)
    assert again.kid != signer().kid
    blocked = Revocations(blocked=blocking(kids=(signer().kid,)))
    verifier = Verifier(trust(signer(), again, rsa_signer()), blocked)
    assert reason_of(verifier.verify(code(by=again), AT)) is Reason.SIGNER_REVOKED
    assert isinstance(verifier.verify(code(by=rsa_signer()), AT), Verified)
    listed = Verifier(trust(signer(), again, revoked=frozenset({again.kid})))
    assert reason_of(listed.verify(code(), AT)) is Reason.SIGNER_REVOKED


def test_a_blocked_certificate_and_a_revoked_one_are_both_refused() -> None:
    both = Revocations(a_list(cut("1" + UVCI)), blocking(marks=(mark_of_identifier(UVCI),)))
    assert reason_with(code("1" + UVCI), both) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code(), both) is Reason.CERTIFICATE_REVOKED
    assert reason_with(code("2" + UVCI), both) is None


def test_without_any_list_nothing_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> list[bytes]:
        raise AssertionError

    monkeypatch.setattr("kiosk.core.revocation.revocations.marks_of", never)
    for nothing in (NONE, Revocations(a_list()), Revocations(blocked=blocking(kids=(b"kid",)))):
        assert not nothing.names_certificates
        assert not nothing.revokes(message_of(code()), {}, None, AT)
        assert reason_with(code(), nothing) is None


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_no_repr_shows_what_is_revoked(show: Callable[[object], str]) -> None:
    mark = mark_of_identifier(CANARY)
    held = Revocations(a_list(mark), blocking(kids=(b"kid",), marks=(mark,)))
    for secret in (CANARY, mark.hex(), repr(mark)):
        assert secret not in show(held)
        assert secret not in show(held.blocked.entries)
