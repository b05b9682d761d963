"""The verdict: genuine and in force, certainly not, or not to be told here."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

import kiosk
from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.hcert.envelope import open_envelope
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import (
    CLOCK_SKEW,
    Failed,
    Indeterminate,
    Signer,
    Verified,
    Verifier,
)
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import (
    AT,
    BASE45,
    GROUPS,
    ISSUED,
    SECOND,
    claims,
    parts,
    protected,
    put_together,
    reason_of,
    rsa_signer,
    signer,
    trust,
    verified,
)

# certificate-governance 4.1; the second form has an arc too many, and real keys carry it.
OWN = {
    kind: (f"1.3.6.1.4.1.1847.2021.1.{number}", f"1.3.6.1.4.1.0.1847.2021.1.{number}")
    for number, kind in enumerate(("test", "vaccination", "recovery"), start=1)
}
FOREIGN = "1.3.6.1.5.5.7.3.2"  # TLS client


def under_one_kid(kid: bytes, *issuers: Issuer) -> TrustList:
    return trust_list_of([Row(one.certificate, kid) for one in issuers], "the tests")


# Verified


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
@pytest.mark.parametrize("issuer", [signer, rsa_signer], ids=["ES256", "PS256"])
def test_a_good_certificate_is_verified(issuer: Any, group: str) -> None:
    result = verified(issuer().sign(claims(group)), issuer())
    assert isinstance(result, Verified)
    assert GROUPS[result.dcc.kind] == group
    assert result.signer == Signer(issuer().kid, issuer().country)
    assert result.issuer == claims(group)[1]
    assert result.issued_at == ISSUED
    assert result.expires_at == ISSUED + timedelta(days=365)
    assert set(result.notes) <= {Note.ISSUER_DIFFERS}


def test_a_verdict_shows_nothing_of_the_holder() -> None:
    assert repr(verified(signer().sign(claims()))) == "Verified(...)"


def test_the_notes_of_all_steps_come_together() -> None:
    claim = claims("v", dn=2.0)
    claim[6] = float(claim[6])
    claim[-260][1]["t"] = None
    header = cbor2.dumps({1: -7})
    text = signer().sign_message(header, {4: signer().kid}, cbor2.dumps(claim))
    result = verified(text)
    assert isinstance(result, Verified)
    assert result.notes == (
        Note.KID_UNPROTECTED,
        Note.TIME_NOT_INTEGER,
        Note.NULL_GROUP,
        Note.NUMBER_NOT_INTEGER,
    )


@pytest.mark.parametrize(
    ("issuer_country", "claimed", "differs"),
    [
        ("FR", "FR", False),
        ("FR", "CNAM", False),
        ("GR", "EL", False),
        ("EL", "GR", False),
        ("GB", "UK", False),
        ("FR", None, False),
        ("FR", "DE", True),
    ],
)
def test_another_country_than_the_signers_leaves_a_note(
    issuer_country: str, claimed: str | None, differs: bool
) -> None:
    issuer = make_issuer(issuer_country)
    result = verified(issuer.sign({**claims(), 1: claimed}), issuer)
    assert isinstance(result, Verified)
    assert (Note.ISSUER_DIFFERS in result.notes) is differs


# Nobody here can tell


def test_a_certificate_of_an_unknown_signer_is_undecided() -> None:
    result = verified(make_issuer("XX").sign(claims()))
    assert isinstance(result, Indeterminate)
    assert result.reason is Reason.SIGNER_UNKNOWN
    assert result.signer.country is None


def test_without_any_trust_list_every_certificate_is_undecided() -> None:
    result = Verifier(TrustList()).verify(signer().sign(claims()), AT)
    assert isinstance(result, Indeterminate)
    assert result.reason is Reason.TRUST_LIST_EMPTY


def test_without_any_trust_list_a_code_of_another_kind_is_still_told() -> None:
    assert Verifier(TrustList()).verify("LT1:6BF", AT) == Failed(Reason.CODE_SWISS_LIGHT)


# Keys


def test_a_certificate_of_a_weak_key_fails() -> None:
    weak = make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505  # on purpose
    result = verified(weak.sign(claims()), weak, signer())
    assert isinstance(result, Failed)
    assert result.reason is Reason.KEY_WEAK
    assert reason_of(verified(weak.sign(claims()), weak)) is Reason.KEY_WEAK


def test_a_certificate_of_a_revoked_kid_fails_with_and_without_its_key() -> None:
    text, revoked = signer().sign(claims()), frozenset({signer().kid})
    for lists in (trust(signer(), revoked=revoked), trust(rsa_signer(), revoked=revoked)):
        assert reason_of(Verifier(lists).verify(text, AT)) is Reason.SIGNER_REVOKED
    assert reason_of(Verifier(trust(signer(), revoked=frozenset({b"x"}))).verify(text, AT)) is None


def test_one_signer_among_several_of_a_kid_is_enough_in_any_order() -> None:
    text = signer().sign(claims())
    others = [signer(), make_issuer("XX"), rsa_signer()]
    for order in permutations(others):
        result = Verifier(under_one_kid(signer().kid, *order)).verify(text, AT)
        assert isinstance(result, Verified)
        assert result.signer.country == "FR"


def test_the_entitled_one_of_two_certificates_of_a_key_counts_in_any_order() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    tests_only = make_issuer("XX", key=key, usages=OWN["test"][:1])
    all_kinds = make_issuer("YY", key=key)
    expired = make_issuer("ZZ", key=key, lifetime=timedelta(days=1))
    text = put_together(parts(all_kinds))
    for order in permutations([tests_only, all_kinds, expired]):
        result = Verifier(under_one_kid(all_kinds.kid, *order)).verify(text, AT)
        assert isinstance(result, Verified)
        assert result.signer.country == "YY"
    verdicts = {
        reason_of(Verifier(under_one_kid(all_kinds.kid, *order)).verify(text, AT))
        for order in permutations([tests_only, expired])
    }
    assert len(verdicts) == 1


def test_a_colliding_kid_without_the_key_is_a_wrong_signature_in_any_order() -> None:
    text = signer().sign(claims())
    for order in permutations([make_issuer("XX"), make_issuer("YY"), rsa_signer()]):
        result = Verifier(under_one_kid(signer().kid, *order)).verify(text, AT)
        assert reason_of(result) is Reason.SIGNATURE_INVALID


def test_a_kid_that_is_no_digest_is_looked_up_as_it_is() -> None:
    header = cbor2.dumps({1: -7, 4: b"Key3RE"})
    text = signer().sign_message(header, {}, cbor2.dumps(claims()))
    assert reason_of(Verifier(under_one_kid(b"Key3RE", signer())).verify(text, AT)) is None
    assert reason_of(verified(text)) is Reason.SIGNER_UNKNOWN


def test_a_wrong_protected_kid_is_not_made_good_by_an_unprotected_one() -> None:
    payload = cbor2.dumps(claims())
    text = signer().sign_message(protected(kid=b"nobody's"), {4: signer().kid}, payload)
    assert reason_of(verified(text)) is Reason.SIGNER_UNKNOWN
    text = signer().sign_message(protected(), {4: b"nobody's"}, payload)
    assert reason_of(verified(text)) is None


def test_every_verdict_without_content_names_the_key_and_notes_how_it_was_told() -> None:
    kid, notes = signer().kid, (Note.KID_UNPROTECTED,)
    text = signer().sign_message(cbor2.dumps({1: -7}), {4: kid}, cbor2.dumps(claims()))
    weak = make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505  # on purpose
    unknown, named = Signer(kid), Signer(kid, "XX")
    for lists, verdict in (
        (TrustList(), Indeterminate(Reason.TRUST_LIST_EMPTY, unknown, notes)),
        (trust(rsa_signer()), Indeterminate(Reason.SIGNER_UNKNOWN, unknown, notes)),
        (TrustList(revoked=frozenset({kid})), Failed(Reason.SIGNER_REVOKED, unknown, notes=notes)),
        (under_one_kid(kid, weak), Failed(Reason.KEY_WEAK, unknown, notes=notes)),
        (
            under_one_kid(kid, make_issuer("XX")),
            Failed(Reason.SIGNATURE_INVALID, named, notes=notes),
        ),
        (
            under_one_kid(kid, make_issuer("XX", key=rsa_signer().key)),
            Failed(Reason.ALGORITHM_MISMATCH, named, notes=notes),
        ),
    ):
        assert Verifier(lists).verify(text, AT) == verdict


# Kinds that a signer may sign


@pytest.mark.parametrize("family", [0, 1], ids=["1847", "0.1847"])
@pytest.mark.parametrize("kind", GROUPS)
@pytest.mark.parametrize("usage", ["own", "other", "both", "none", "foreign", "own and foreign"])
def test_a_signer_signs_the_kinds_of_its_key_usage_only(kind: str, usage: str, family: int) -> None:
    own, other = (OWN[name][family] for name in (kind, {"test": "recovery"}.get(kind, "test")))
    usages = {
        "own": [own],
        "other": [other],
        "both": [other, own],
        "none": [],
        "foreign": [FOREIGN],
        "own and foreign": [FOREIGN, own],
    }[usage]
    issuer = make_issuer("XX", usages=usages)
    expected = Reason.SIGNER_NOT_ENTITLED if usage == "other" else None
    assert reason_of(verified(issuer.sign(claims(GROUPS[kind])), issuer)) is expected


@pytest.mark.parametrize("family", [0, 1], ids=["1847", "0.1847"])
def test_another_kind_beside_a_foreign_usage_is_still_another_kind(family: int) -> None:
    issuer = make_issuer("XX", usages=[FOREIGN, OWN["test"][family]])
    result = verified(issuer.sign(claims("v")), issuer)
    assert result == Failed(
        Reason.SIGNER_NOT_ENTITLED,
        Signer(issuer.kid, "XX"),
        EntryKind.VACCINATION,
        (Note.ISSUER_DIFFERS,),
    )


# Times

ISSUE, END = datetime(2021, 11, 22, 7, tzinfo=UTC), datetime(2021, 11, 22, 9, tzinfo=UTC)


def lasting(issued_at: datetime, expires_at: datetime) -> str:
    stamps = {6: int(issued_at.timestamp()), 4: int(expires_at.timestamp())}
    return signer().sign({**claims(), **stamps})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ISSUE - CLOCK_SKEW - SECOND, Reason.ISSUED_IN_FUTURE),
        (ISSUE - CLOCK_SKEW, None),
        (ISSUE, None),
        (END - SECOND, None),
        (END, None),
        (END + SECOND, Reason.CERTIFICATE_EXPIRED),
    ],
)
def test_a_certificate_counts_from_its_issue_to_its_end(
    at: datetime, expected: Reason | None
) -> None:
    result = verified(lasting(ISSUE, END), at=at)
    assert reason_of(result) is expected
    assert (Note.ISSUED_AFTER_CLOCK in result.notes) is (ISSUE - CLOCK_SKEW <= at < ISSUE)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ISSUE - SECOND, Reason.SIGNER_NOT_YET_VALID),
        (ISSUE, None),
        (END, None),
        (END + SECOND, Reason.SIGNER_EXPIRED),
    ],
)
def test_a_signer_counts_from_its_first_to_its_last_second(
    at: datetime, expected: Reason | None
) -> None:
    issuer = make_issuer("FR", not_before=ISSUE, lifetime=END - ISSUE)
    result = verified(issuer.sign(claims()), issuer, at=at)
    assert reason_of(result) is expected
    assert result.notes == (Note.OUTLIVES_SIGNER, Note.PREDATES_SIGNER)


def test_a_certificate_that_ends_with_its_signer_leaves_no_note() -> None:
    issuer = make_issuer("FR", not_before=ISSUED, lifetime=timedelta(days=365))
    assert verified(issuer.sign(claims()), issuer).notes == ()


def test_a_certificate_without_a_time_of_issue_is_verified_with_a_note() -> None:
    claim = claims()
    del claim[6]
    result = verified(signer().sign(claim))
    assert isinstance(result, Verified)
    assert (result.issued_at, result.notes) == (None, (Note.ISSUED_AT_MISSING,))


@pytest.mark.parametrize("end", [None, True, "2022", float("nan"), float("inf"), 2**62, -1, 0])
def test_a_certificate_without_a_proper_end_fails(end: object) -> None:
    assert reason_of(verified(signer().sign({**claims(), 4: end}))) is Reason.CLAIMS_MALFORMED


@pytest.mark.parametrize("zone", ["+00:00", "+01:00", "-11:00", "+14:00"])
def test_the_zone_of_the_clock_changes_nothing(zone: str) -> None:
    told = AT.astimezone(datetime.fromisoformat(f"2021-01-01T00:00{zone}").tzinfo)
    text = lasting(ISSUE, AT)
    assert reason_of(verified(text, at=told)) is None
    assert reason_of(verified(text, at=told + SECOND)) is Reason.CERTIFICATE_EXPIRED


# What the signed bytes say


def test_a_flaw_behind_the_signature_is_told_with_signer_and_kind() -> None:
    result = verified(signer().sign(claims("t", sc="yesterday")))
    assert result == Failed(Reason.DCC_MALFORMED, Signer(signer().kid, "FR"), EntryKind.TEST, ())


def test_a_who_document_is_told_once_its_signature_verified() -> None:
    assert reason_of(verified(signer().sign({**claims(), -260: {-6: {}}}))) is Reason.CODE_WHO
    unknown = make_issuer("XX").sign({**claims(), -260: {-6: {}}})
    assert reason_of(verified(unknown)) is Reason.SIGNER_UNKNOWN


# One changed character


def test_no_certificate_with_a_changed_character_is_verified() -> None:
    """Nor with the same bytes inside: deflate leaves a few bits at its end without a meaning."""
    text = signer().sign(claims())
    verifier, inside = Verifier(trust(signer())), open_envelope(text)
    assert isinstance(verifier.verify(text, AT), Verified)
    for position, letter in enumerate(text):
        for other in BASE45:
            changed = text[:position] + other + text[position + 1 :]
            if other != letter and isinstance(verifier.verify(changed, AT), Verified):
                assert open_envelope(changed) == inside


def test_only_the_verifier_makes_a_verdict_of_verified() -> None:
    package = Path(kiosk.__file__).parent
    makers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", None)) == "Verified"
    }
    assert makers == {"core/verify.py"}
