"""What differs between two lists, and a list by country."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust.comparison import Aspect, compare
from kiosk.core.trust.provenance import Provenance, Remark
from kiosk.core.trust.signer import DocumentSigner
from kiosk.core.trust.summary import by_country
from kiosk.core.trust.trustlist import Row, TrustList, merge, trust_list_of
from kiosk.demo.issuer import make_issuer
from tests.certificates import AT, SECOND, rsa_signer, signer, trust
from tests.lists import german, key_row, opened, pinned, row


def changed(**changes: object) -> TrustList:
    """A list of the one signer with something changed."""
    (one,) = trust(signer()).signers
    return TrustList(signers=(replace(one, **changes),))  # type: ignore[arg-type]


def test_lists_of_the_same_keys_do_not_differ_whatever_their_names_and_dates() -> None:
    other = trust_list_of([Row(signer().certificate)], "another name", version=7, issued_at=AT)
    assert not compare(trust(signer()), other)


def test_keys_are_new_or_gone_in_the_order_of_their_countries() -> None:
    italian, greek = make_issuer("IT"), make_issuer("GR")
    difference = compare(trust(signer()), trust(italian, greek))
    assert [one.country for one in difference.new] == ["GR", "IT"]
    assert [one.country for one in difference.gone] == ["FR"]
    assert difference


@pytest.mark.parametrize(
    ("new", "aspect"),
    [
        (changed(usages=frozenset({EntryKind.TEST})), Aspect.USAGE),
        (changed(not_after=AT), Aspect.VALIDITY),
        (changed(not_before=AT), Aspect.VALIDITY),
        (changed(der=b"another"), Aspect.CERTIFICATE),
        (opened(german(row(signer())), pinned()), Aspect.PROVENANCE),
        (
            changed(provenance=replace(trust(signer()).signers[0].provenance, chained=True)),
            Aspect.PROVENANCE,
        ),
    ],
    ids=["usage", "not after", "not before", "certificate", "signature", "chain"],
)
def test_what_changed_about_a_key_is_named(new: TrustList, aspect: Aspect) -> None:
    (change,) = compare(trust(signer()), new).changed
    assert change.aspects == (aspect,)


def test_a_kid_with_another_key_is_another_signer() -> None:
    one, two = (trust_list_of([Row(i.certificate, b"kid")], "") for i in (signer(), rsa_signer()))
    difference = compare(one, two)
    assert (len(difference.new), len(difference.gone), difference.changed) == (1, 1, ())


def test_each_kind_of_difference_is_one() -> None:
    blocked = TrustList(revoked=frozenset({b"a"}))
    for old, new in (
        (TrustList(), trust(signer())),
        (trust(signer()), TrustList()),
        (trust(signer()), changed(not_after=AT)),
        (TrustList(), blocked),
        (blocked, TrustList()),
    ):
        assert compare(old, new)


def test_changes_come_in_the_order_of_their_countries() -> None:
    issuers = [make_issuer(country) for country in ("IT", "FR", "GR")]
    old = trust(*issuers)
    new = TrustList(signers=tuple(replace(one, not_after=AT) for one in old.signers))
    assert [c.signer.country for c in compare(old, new).changed] == ["FR", "GR", "IT"]


def test_blocked_kids_are_a_difference() -> None:
    old, new = TrustList(revoked=frozenset({b"a"})), TrustList(weak=frozenset({b"b"}))
    difference = compare(old, new)
    assert difference.blocked == {b"b"}
    assert difference.unblocked == {b"a"}
    assert difference


# By country


def test_a_country_is_summed_up() -> None:
    signed = opened(german(row(signer())), pinned())
    key = trust_list_of([key_row(rsa_signer(), b"kid")], "keys")
    french = [replace(one, country="FR") for one in key.signers]
    whole = merge([signed, replace(key, signers=tuple(french)), trust(make_issuer("IT"))])
    first, second = by_country(whole, AT, AT)
    assert (first.country, second.country) == ("FR", "IT")
    assert first.algorithms == {"P-256": 1, "RSA-2048": 1}
    assert (first.signed, first.chained, second.signed) == (1, 0, 0)
    assert first.remarks == {Remark.KEY_ONLY: 1, Remark.UNDATED: 1}
    assert first.not_before == french[0].not_before
    assert first.not_after == french[0].not_after


@pytest.mark.parametrize("chained", [True, False, None])
def test_chains_are_counted(chained: bool | None) -> None:
    one = changed(provenance=Provenance(chained=chained))
    (country,) = by_country(one, AT, AT)
    assert (country.chained, country.unchained) == (chained is True, chained is False)


def one_in_force(seconds_before: int, seconds_after: int) -> DocumentSigner:
    """In force from so long before the start of the span to so long after its end."""
    begin = AT - seconds_before * SECOND
    lifetime = timedelta(hours=1) + (seconds_before + seconds_after) * SECOND
    return trust(make_issuer("FR", not_before=begin, lifetime=lifetime)).signers[0]


@pytest.mark.parametrize("before", [-1, 0, 1])
@pytest.mark.parametrize("after", [-1, 0, 1])
def test_a_key_that_is_not_in_force_for_the_whole_span_is_named(before: int, after: int) -> None:
    one = one_in_force(before, after)
    (country,) = by_country(TrustList(signers=(one,)), AT, AT + timedelta(hours=1))
    assert bool(country.beginning) is (before < 0)
    assert bool(country.ending) is (after < 0)
