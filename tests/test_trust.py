"""A trust list: which keys are strong enough, what a union is, where each key comes from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.reasons import Reason
from kiosk.core.trust.formats import own
from kiosk.core.trust.provenance import Listing, Provenance, Remark, Signature
from kiosk.core.trust.signer import ALWAYS, kid_of, load_signer
from kiosk.core.trust.trustlist import (
    KeyRow,
    Row,
    TrustList,
    UnusableRow,
    merge,
    trust_list_of,
)
from kiosk.core.verify import Failed, Signer, Verified, Verifier
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import AT, claims, rsa_signer, signer, trust
from tests.lists import german, key_row, kids, opened, pinned, problem_of, row

EARLY, LATE = datetime(2021, 11, 1, tzinfo=UTC), datetime(2021, 11, 20, tzinfo=UTC)
TESTS_ONLY = "1.3.6.1.4.1.1847.2021.1.1"


def weak_issuer() -> Issuer:
    return make_issuer("MK", key=rsa.generate_private_key(65537, 1024))  # noqa: S505  # weak on purpose


# Rows


def test_weak_keys_are_told_and_kept_as_weak() -> None:
    weak = weak_issuer()
    loaded = trust_list_of([Row(weak.certificate), Row(signer().certificate)], "a list")
    assert kids(loaded) == {signer().kid}
    assert loaded.weak == {weak.kid}
    assert loaded.skipped == ("a list, certificate 1: neither P-256 nor RSA of 2048 to 4096 bits",)


def test_what_a_weak_key_signed_fails_and_what_an_unknown_one_signed_does_not() -> None:
    weak = weak_issuer()
    verifier = Verifier(trust(weak, signer()))
    assert verifier.verify(weak.sign(claims()), AT) == Failed(Reason.KEY_WEAK, Signer(weak.kid))


@pytest.mark.parametrize("broken", [b"", b"0", b"junk"], ids=len)
def test_a_broken_certificate_is_skipped_with_a_line(broken: bytes) -> None:
    loaded = trust_list_of([Row(broken, b"kid"), Row(signer().certificate)], "a list")
    assert kids(loaded) == {signer().kid}
    assert loaded.weak == frozenset()
    assert loaded.skipped[0].startswith("a list, certificate 1: ")


def test_a_row_that_an_importer_finds_nothing_in_is_skipped_with_its_line() -> None:
    loaded = trust_list_of([UnusableRow("no certificate")], "a list")
    assert loaded.skipped == ("a list, certificate 1: no certificate",)
    assert loaded.weak == frozenset()


def test_a_kid_is_the_start_of_the_digest_of_the_certificate() -> None:
    der = signer().certificate
    assert kid_of(der) == hashlib.sha256(der).digest()[:8] == load_signer(der).kid


@pytest.mark.parametrize("kid", [b"K", b"Key3RE", b"wprdkey1", bytes(32)], ids=len)
def test_a_kid_is_opaque_and_one_that_is_no_hash_is_remarked(kid: bytes) -> None:
    (one,) = trust_list_of([Row(signer().certificate, kid)], "a list").signers
    assert one.kid == kid
    assert one.provenance.remarks == {Remark.KID_IS_NOT_THE_HASH}


# Keys without a certificate


def test_a_key_without_a_certificate_signs_within_the_dates_that_the_list_gives() -> None:
    keys = trust_list_of([key_row(signer(), b"Key3RE", (EARLY, LATE))], "a list")
    text = signer().sign(claims(), kid=b"Key3RE")
    for at, verified in (
        (EARLY, True), (LATE, True),
        (EARLY - timedelta(seconds=1), False), (LATE + timedelta(seconds=1), False),
    ):  # fmt: skip
        assert isinstance(Verifier(keys).verify(text, at), Verified) is verified
    (one,) = keys.signers
    assert one.provenance.remarks == {Remark.KEY_ONLY}
    assert one.der is None


def test_a_key_without_dates_serves_as_long_as_the_list_holds_it() -> None:
    (one,) = trust_list_of([key_row(signer(), b"kid")], "a list").signers
    assert (one.not_before, one.not_after) == ALWAYS
    assert one.provenance.remarks == {Remark.KEY_ONLY, Remark.UNDATED}


@pytest.mark.parametrize("key", [b"", b"junk", b"\x30\x00"], ids=len)
def test_a_key_that_is_none_is_skipped(key: bytes) -> None:
    loaded = trust_list_of([KeyRow(key, b"kid")], "a list")
    assert (loaded.signers, loaded.weak, len(loaded.skipped)) == ((), frozenset(), 1)


def test_a_weak_key_without_a_certificate_is_kept_as_weak() -> None:
    loaded = trust_list_of([key_row(weak_issuer(), b"kid")], "a list")
    assert loaded.weak == {b"kid"}


@pytest.mark.parametrize("key_first", [True, False])
def test_a_certificate_says_what_its_key_may_sign_though_another_list_gives_the_key_alone(
    key_first: bool,
) -> None:
    laboratory = make_issuer("IS", usages=[TESTS_ONLY])
    certificate = trust_list_of([Row(laboratory.certificate)], "certificates")
    key = trust_list_of([key_row(laboratory, laboratory.kid)], "keys")
    merged = merge([key, certificate] if key_first else [certificate, key])
    (one,) = merged.signers
    assert one.usages == {EntryKind.TEST}
    assert {listing.name for listing in one.provenance.lists} == {"certificates", "keys"}
    assert one.provenance.remarks == frozenset()
    forged = Verifier(merged).verify(laboratory.sign(claims("v")), AT)
    assert isinstance(forged, Failed)
    assert forged.reason is Reason.SIGNER_NOT_ENTITLED


def test_a_key_of_which_two_lists_say_the_same_is_one() -> None:
    lists = [trust_list_of([key_row(signer(), b"kid")], name) for name in ("first", "second")]
    (one,) = merge(lists).signers
    assert {listing.name for listing in one.provenance.lists} == {"first", "second"}
    assert one.provenance.remarks == {Remark.KEY_ONLY, Remark.UNDATED}


def test_what_two_lists_say_of_a_key_alone_counts_each_by_itself() -> None:
    rows = [key_row(signer(), b"kid", (EARLY, EARLY)), key_row(signer(), b"kid", (LATE, LATE))]
    merged = merge([trust_list_of([one], "a list") for one in rows])
    assert {one.not_after for one in merged.candidates(b"kid")} == {EARLY, LATE}


# A union of lists


def test_a_union_holds_every_signer_once_and_all_that_share_a_kid() -> None:
    one, two = make_issuer("XX"), make_issuer("YY")
    rows = [
        Row(one.certificate, b"same"),
        Row(one.certificate, b"same"),
        Row(two.certificate, b"same"),
    ]
    merged = merge([trust_list_of(rows, "first"), trust_list_of(rows[:1], "second")])
    assert [signer.country for signer in merged.candidates(b"same")] == ["XX", "YY"]
    assert merged.sources == ("first: not signed", "second: not signed")
    held_by = [{li.name for li in s.provenance.lists} for s in merged.signers]
    assert held_by == [{"first", "second"}, {"first"}]


def test_a_union_is_as_old_as_its_oldest_part_and_ends_with_the_first_that_ends() -> None:
    merged = merge(
        [
            TrustList(version=1, issued_at=LATE, expires_at=EARLY, newest_at=EARLY),
            TrustList(version=7, issued_at=EARLY, expires_at=LATE, newest_at=LATE),
            TrustList(),
        ]
    )
    assert (merged.version, merged.issued_at, merged.expires_at) == (7, EARLY, EARLY)
    assert merged.newest_at == LATE


def test_a_union_of_nothing_is_empty() -> None:
    assert merge([]) == TrustList()


def test_blocklists_only_grow() -> None:
    old, new = TrustList(revoked=frozenset({b"a"})), TrustList(version=9, revoked=frozenset({b"b"}))
    assert merge([old, new]).revoked == merge([new, old]).revoked == {b"a", b"b"}


def test_a_strong_key_counts_where_another_list_has_a_weak_one_of_the_same_kid() -> None:
    weak = trust_list_of([Row(weak_issuer().certificate, signer().kid)], "weak")
    assert weak.weak == {signer().kid}
    for lists in ([weak, trust(signer())], [trust(signer()), weak]):
        merged = merge(lists)
        assert merged.weak == frozenset()
        assert merged.candidates(signer().kid)


def issue(stamp: str, *issuers: Issuer) -> TrustList:
    return opened(german(*(row(one, timestamp=stamp) for one in issuers)), pinned())


@pytest.mark.parametrize("old_first", [True, False])
def test_of_two_issues_of_one_list_only_the_newer_counts(old_first: bool) -> None:
    old = issue("2021-10-01T00:00:00Z", signer(), rsa_signer())
    new = issue("2021-11-01T00:00:00Z", signer())
    merged = merge([old, new] if old_first else [new, old])
    assert kids(merged) == {signer().kid}
    assert merged.lists == new.lists
    assert merged.issued_at == EARLY
    assert merged.signers[0].provenance.lists == frozenset(new.lists)
    assert merged.skipped == ("a list of 2021-10-01 00:00:00+00:00: a newer issue is here",)


def test_a_key_that_the_newer_issue_lacks_stays_where_another_list_has_it() -> None:
    old = issue("2021-10-01T00:00:00Z", signer(), rsa_signer(), make_issuer("IT"))
    new = issue("2021-11-01T00:00:00Z", signer())
    other = trust_list_of([Row(rsa_signer().certificate)], "another")
    merged = merge([merge([old, other]), new])
    assert kids(merged) == {signer().kid, rsa_signer().kid}
    (kept,) = merged.candidates(rsa_signer().kid)
    assert kept.provenance.lists == frozenset(other.lists)


def test_two_files_of_one_name_without_a_signature_are_two_lists() -> None:
    old = trust_list_of([Row(signer().certificate)], "a.json", version=1, issued_at=EARLY)
    new = trust_list_of([Row(rsa_signer().certificate)], "a.json", version=2, issued_at=LATE)
    assert kids(merge([old, new])) == {signer().kid, rsa_signer().kid}


@pytest.mark.parametrize(
    ("ours", "theirs", "together"),
    [(True, False, True), (None, True, True), (None, False, False), (None, None, None)],
)
def test_a_chain_that_one_list_knows_is_known(
    ours: bool | None, theirs: bool | None, together: bool | None
) -> None:
    (one,) = trust(signer()).signers
    lists = [
        TrustList(signers=(replace(one, provenance=Provenance(chained=chained)),))
        for chained in (ours, theirs)
    ]
    for parts in (lists, lists[::-1]):
        assert merge(parts).signers[0].provenance.chained is together


# The program's own form


def whole_list() -> TrustList:
    """One of everything that there is to be kept."""
    signed = opened(german(row(signer())), pinned())
    weak = trust_list_of([Row(weak_issuer().certificate, b"weak key")], "weak")
    keys = trust_list_of(
        [
            key_row(rsa_signer(), b"Key3RE", (EARLY, LATE)),
            key_row(signer(), b"undated"),
            replace(key_row(signer(), b"tests"), usages=frozenset({EntryKind.TEST})),
        ],
        "keys",
        signature=Signature.PROOF_NOT_CHECKED,
    )
    blocked = TrustList(expires_at=LATE, revoked=frozenset({b"revoked"}))
    whole = merge([signed, weak, keys, trust(signer(), rsa_signer()), blocked])
    chained = [
        replace(one, provenance=replace(one.provenance, chained=chained))
        for one, chained in zip(whole.signers, (True, False, None, None, None), strict=True)
    ]
    return replace(whole, signers=tuple(chained))


def test_the_programs_own_form_is_read_back_as_it_was_written() -> None:
    whole = whole_list()
    written = own.dump(whole)
    again = opened(written)
    assert own.dump(again) == written
    assert set(again.signers) == set(whole.signers)  # with their provenance
    assert again.candidates(b"tests")[0].usages == {EntryKind.TEST}
    assert set(again.lists) == set(whole.lists)
    assert (again.version, again.issued_at, again.expires_at, again.newest_at) == (
        whole.version, whole.issued_at, LATE, whole.newest_at,
    )  # fmt: skip
    assert again.weak == {b"weak key"}
    assert again.revoked == {b"revoked"}


def test_the_own_form_keeps_the_kid_and_the_country_that_a_list_gave() -> None:
    trusted = trust_list_of([Row(signer().certificate, b"Key3RE", "GB")], "a list")
    document = json.loads(own.dump(trusted))
    first = {**document, "format": "kiosk-trust-1", "sources": [], "expires_at": LATE.isoformat(),
             "newest_at": EARLY.isoformat()}  # fmt: skip
    for form in (document, first):
        read = opened(json.dumps(form).encode())
        assert [(one.kid, one.country) for one in read.signers] == [(b"Key3RE", "GB")]
    assert (read.expires_at, read.newest_at) == (LATE, EARLY)


def test_the_own_form_is_the_same_whatever_the_order() -> None:
    lists = [trust(signer()), trust_list_of([Row(rsa_signer().certificate)], "another")]
    assert own.dump(merge(lists)) == own.dump(merge(lists[::-1]))


def test_the_first_version_of_the_own_form_is_read_without_provenance() -> None:
    document = json.loads(own.dump(trust(signer(), revoked=frozenset({b"revoked"}))))
    first = {
        **document,
        "format": "kiosk-trust-1",
        "sources": ["dsc-list.json"],
        "version": 7,
        "issued_at": "2021-11-01T00:00:00+00:00",
        "weak": [b"weak".hex()],
    }
    trusted = opened(json.dumps(first).encode())
    assert kids(trusted) == {signer().kid}
    assert (trusted.version, trusted.issued_at, trusted.newest_at) == (7, EARLY, None)
    assert trusted.weak == {b"weak"}
    assert trusted.revoked == {b"revoked"}
    assert trusted.sources == ("a list (dsc-list.json): signature not recorded",)
    assert opened(own.dump(trusted)).sources == trusted.sources


def test_a_certificate_that_cannot_be_used_any_more_is_told() -> None:
    document = json.loads(own.dump(trust(signer())))
    document["signers"][0]["certificate"] = "AAAA"
    read = opened(json.dumps(document).encode())
    assert read.signers == ()
    assert read.skipped[0].startswith("a list, certificate 1: not a usable certificate")


BROKEN_FIELDS = [
    {"version": None}, {"version": float("inf")}, {"issued_at": "2021-11-01T00:00:00"},
    {"signers": [{}]}, {"signers": None}, {"weak": [7]}, {"revoked": ["xyz"]}, {"lists": 7},
    {"version": -1}, {"version": True}, {"version": "7"}, {"version": 1.5}, {"weak": [""]},
    {"revoked": ["ab" * 33]}, {"revoked": [""]},
    {"lists": [{}]}, {"lists": []}, {"signers": [7]}, {"format": "kiosk-trust-1"},
]  # fmt: skip


@pytest.mark.parametrize("changes", BROKEN_FIELDS, ids=repr)
def test_the_programs_own_form_with_a_broken_field_is_refused(changes: dict[str, object]) -> None:
    document = json.loads(own.dump(trust(signer())))
    assert "not the form" in problem_of(json.dumps({**document, **changes}).encode())


@pytest.mark.parametrize("version", [-1, True, "7"])
def test_the_programs_own_form_with_a_broken_version_of_a_list_is_refused(version: object) -> None:
    document = json.loads(own.dump(trust(signer())))
    document["lists"][0]["version"] = version
    assert "not the form" in problem_of(json.dumps(document).encode())


BROKEN_SIGNERS = [
    {"certificate": "!"}, {"kid": "xyz"}, {"lists": [9]}, {"lists": [-1]}, {"lists": [False]},
    {"chained": "yes"}, {"chained": 1},
    {"validity": ["soon", "later"]}, {"validity": []}, {"usages": ["anything"]},
    {"public_key": 7},
]  # fmt: skip


@pytest.mark.parametrize("changes", BROKEN_SIGNERS, ids=repr)
def test_the_programs_own_form_with_a_broken_signer_is_refused(changes: dict[str, object]) -> None:
    keys = trust_list_of([key_row(signer(), b"kid", (EARLY, LATE))], "keys")
    for listed in (trust(signer()), keys):
        document = json.loads(own.dump(listed))
        if set(changes) & {*document["signers"][0], "certificate"}:
            document["signers"][0].update(changes)
            assert "not the form" in problem_of(json.dumps(document).encode())


def test_an_own_form_of_the_future_is_refused() -> None:
    document = json.loads(own.dump(trust(signer())))
    later = json.dumps({**document, "format": "kiosk-trust-3"}).encode()
    assert problem_of(later) == "'kiosk-trust-3' is not known to this program"


def test_a_listing_in_words() -> None:
    assert str(Listing("a", Signature.CHECKED, "ab")) == "a"
    assert str(Listing("a", Signature.PROOF_NOT_CHECKED)) == (
        "a: not signed (the proof of the document is not checked)"
    )
