"""A trust list by country, for people: how many keys, of what kind, from where, in force when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.core.trust import keys
from kiosk.core.trust.provenance import Remark
from kiosk.core.trust.signer import DocumentSigner
from kiosk.core.trust.trustlist import TrustList


@dataclass(frozen=True)
class CountrySummary:
    """The signers of one country; it is empty for those that name none.

    not_before, not_after: from the first that begins to the last that ends.
    signed: how many come from a list whose signature was checked. chained: whose certificate an
    authority signed; unchained: whose certificate the authority that it names did not sign.
    ending, beginning: those in force for a part of the span asked for, or not at all.
    """

    country: str
    signers: tuple[DocumentSigner, ...]
    algorithms: Mapping[str, int]
    not_before: datetime
    not_after: datetime
    signed: int
    chained: int
    unchained: int
    remarks: Mapping[Remark, int]
    ending: tuple[DocumentSigner, ...]
    beginning: tuple[DocumentSigner, ...]


def by_country(trust: TrustList, start: datetime, end: datetime) -> list[CountrySummary]:
    """Each country of `trust`, for the span from `start` to `end` (aware)."""
    found: dict[str, list[DocumentSigner]] = {}
    for signer in sorted(trust.signers, key=lambda one: (one.country, one.kid)):
        found.setdefault(signer.country, []).append(signer)
    return [_summary(country, signers, start, end) for country, signers in found.items()]


def _summary(
    country: str, signers: list[DocumentSigner], start: datetime, end: datetime
) -> CountrySummary:
    return CountrySummary(
        country=country,
        signers=tuple(signers),
        algorithms=Counter(keys.in_words(signer.key) for signer in signers),
        not_before=min(signer.not_before for signer in signers),
        not_after=max(signer.not_after for signer in signers),
        signed=sum(signer.provenance.signed for signer in signers),
        chained=sum(signer.provenance.chained is True for signer in signers),
        unchained=sum(signer.provenance.chained is False for signer in signers),
        remarks=Counter(remark for signer in signers for remark in signer.provenance.remarks),
        ending=tuple(signer for signer in signers if signer.not_after < end),
        beginning=tuple(signer for signer in signers if signer.not_before > start),
    )
