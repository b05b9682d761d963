"""The real lists of the time: every entry is read, and the counts are those measured."""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509

from kiosk.adapters.trust.sources import named_trust
from kiosk.core.trust.certificate import read_certificate
from kiosk.core.trust.chain import with_chains
from kiosk.core.trust.formats import own
from kiosk.core.trust.keys import in_words
from kiosk.core.trust.provenance import Remark
from kiosk.core.trust.signer import kid_of
from kiosk.core.trust.trustlist import TrustList, merge
from tests.lists import opened
from tests.shared import ACCEPTANCE, DATA, KEY, LIST, PRODUCTION

LISTS = DATA / "trust"
MIRROR, WHO = LISTS / "mirror-2021-11-22", LISTS / "who-gdhcn-2026-08"
EVENT = datetime(2021, 11, 22, 8, tzinfo=UTC)
FINNISH = bytes.fromhex("04a04584d1575805")

pytestmark = pytest.mark.skipif(
    not (LISTS / "who-gdhcn-2026-08").is_dir(),
    reason="the official lists are not beside the checkout (../shared/data or KIOSK_SHARED)",
)


@cache
def named(*paths: Path, key: Path | None = None) -> TrustList:
    """The lists, chains checked; no warning may be shown on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return with_chains(named_trust(paths, [key.read_bytes()] if key else []))


def production() -> TrustList:
    return named(PRODUCTION / LIST, key=PRODUCTION / KEY)


def acceptance() -> TrustList:
    return named(ACCEPTANCE / LIST, key=ACCEPTANCE / KEY)


def austrian() -> TrustList:
    return named(MIRROR / "trustlist_at.min.json")


def french() -> TrustList:
    return named(MIRROR / "trustlist_fr.min.json")


def who() -> TrustList:
    return named(WHO)


def algorithms(trust: TrustList) -> dict[str, int]:
    return dict(Counter(in_words(one.key) for one in trust.signers))


def remarks(trust: TrustList) -> dict[Remark, int]:
    return dict(Counter(r for one in trust.signers for r in one.provenance.remarks))


@pytest.mark.parametrize(
    ("trust", "count"),
    [(production, 200), (acceptance, 609), (austrian, 230), (french, 244), (who, 438)],
)
def test_every_entry_is_read_but_the_weak_keys(trust: object, count: int) -> None:
    loaded: TrustList = trust()  # type: ignore[operator]
    assert len(loaded.signers) == count
    assert all("neither P-256 nor RSA" in line for line in loaded.skipped)
    assert len(loaded.skipped) == (1 if trust is acceptance else 0)


def test_every_certificate_has_the_kid_of_its_hash() -> None:
    for trust in (production(), acceptance(), austrian(), who()):
        assert all(one.der is not None and kid_of(one.der) == one.kid for one in trust.signers)


def test_the_austrian_list_of_the_event_day_is_as_it_was_measured() -> None:
    assert algorithms(austrian()) == {"P-256": 213, "RSA-2048": 16, "RSA-4096": 1}
    in_force = [s for s in austrian().signers if s.not_before <= EVENT <= s.not_after]
    later = [s.country for s in austrian().signers if s.not_before > EVENT]
    assert (len(in_force), Counter(later)) == (212, {"FR": 18})


def test_the_only_finnish_signer_is_read_though_its_certificate_is_not_der() -> None:
    for trust in (production(), austrian(), who()):
        (one,) = trust.candidates(FINNISH)
        assert one.provenance.remarks == {Remark.LENIENT_X509}
    assert remarks(production()) == remarks(austrian()) == {Remark.LENIENT_X509: 1}
    assert remarks(who()) == {Remark.LENIENT_X509: 12}


def test_fourteen_british_keys_stand_in_the_french_mirror_alone() -> None:
    known = {one.identity for one in austrian().signers}
    alone = [one for one in french().signers if one.identity not in known]
    assert all(one.der is None for one in alone)
    british = {one.kid for one in alone if one.country in ("GB", "UK")}
    assert len(british) == 14
    assert {b"Key3RE", b"Key5PRO", b"wprdkey1"} < british
    merged = merge([austrian(), french()])
    assert len(merged.signers) == len(known) + len(alone)
    assert remarks(merged)[Remark.KEY_ONLY] == len(alone)


def test_the_whos_signers_chain_to_its_authorities() -> None:
    assert len(who().authorities) == 61
    chains = Counter(one.provenance.chained for one in who().signers)
    assert chains == {True: 433, None: 5}


def test_half_of_the_event_days_signers_chain_to_the_whos_authorities() -> None:
    both = with_chains(merge([austrian(), who()]))
    day = {one.kid for one in austrian().signers}
    chains = Counter(one.provenance.chained for one in both.signers if one.kid in day)
    assert chains == {True: 116, None: 114}


def test_all_lists_together_are_kept_and_read_back() -> None:
    whole = with_chains(merge([production(), austrian(), french(), who()]))
    assert len(whole.signers) == 575
    assert set(opened(own.dump(whole)).signers) == set(whole.signers)
    signed = sum(one.provenance.signed for one in whole.signers)
    assert signed == 200


def test_every_real_certificate_is_read_as_a_strict_parser_reads_it() -> None:
    """Validity, country and serial; the library alone warns of four serials of zero."""
    lists = (production(), acceptance(), austrian(), who())
    ders = {one.der for trust in lists for one in trust.signers if one.der} | who().authorities
    odd = 0
    for der in ders:
        read = read_certificate(der)
        if read.serial <= 0:
            odd += 1
            continue
        strict = x509.load_der_x509_certificate(der)
        begin, end = strict.not_valid_before_utc, strict.not_valid_after_utc
        names = strict.subject.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)
        assert (read.not_before, read.not_after, read.serial) == (begin, end, strict.serial_number)
        assert read.country == (str(names[0].value).upper() if names else "")
    assert (len(ders) > 1_000, odd) == (True, 4)
