"""Trust lists in words and as JSON, for `kiosk trust`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.cli.common import counted, shortened

if TYPE_CHECKING:
    from kiosk.core.trust.comparison import Difference
    from kiosk.core.trust.signer import DocumentSigner
    from kiosk.core.trust.summary import CountrySummary
    from kiosk.core.trust.trustlist import TrustList

MAX_FINGERPRINT = 16  # characters of a key's fingerprint that are shown
MAX_LISTS = 20  # that are shown: a folder of certificates is one for each file
MAX_KIDS = 5  # of a country's keys that are not in force


def dated(trust: TrustList) -> str:
    """The date of a list."""
    return str(trust.issued_at or "an unknown date")


def provenance_lines(trust: TrustList) -> Iterator[str]:
    """Each list that it was put together from."""
    held = Counter(listing for signer in trust.signers for listing in signer.provenance.lists)
    for listing in trust.lists[:MAX_LISTS]:
        key = f" with key {listing.key[:MAX_FINGERPRINT]}" if listing.key else ""
        of = f" of {listing.issued_at}" if listing.issued_at else ""
        yield f"from {listing.name}{of}, {listing.signature}{key}: {counted(held[listing], 'key')}"
    if rest := trust.lists[MAX_LISTS:]:
        keys = counted(sum(held[listing] for listing in rest), "key")
        yield f"and {counted(len(rest), 'more list')}: {keys}"


# Show


def show_lines(trust: TrustList, start: datetime, end: datetime) -> Iterator[str]:
    """A list by country, and what is not in force from `start` to `end`."""
    from kiosk.core.trust.summary import by_country

    issued, ends = trust.issued_at or "unknown", trust.expires_at or "never"
    yield f"{counted(len(trust.signers), 'signer')}; issued {issued}, ends {ends}"
    yield from provenance_lines(trust)
    if not trust.signers:
        yield "no key to verify with: bring a list with `kiosk trust import`"
    countries = by_country(trust, start, end)
    yield from (_country_line(country) for country in countries)
    ending = {country.country: country.ending for country in countries}
    beginning = {country.country: country.beginning for country in countries}
    yield from _not_in_force(f"ending before {end}", ending)
    yield from _not_in_force(f"not in force yet at {start}", beginning)
    if trust.weak or trust.revoked:
        yield f"{counted(len(trust.weak), 'weak key')}, {len(trust.revoked)} revoked"
    yield from (f"not used: {line}" for line in trust.skipped)


def _country_line(country: CountrySummary) -> str:
    count = len(country.signers)
    remarks = "".join(f", {number} {remark}" for remark, number in sorted(country.remarks.items()))
    if country.unchained:
        remarks = f", {country.unchained} not signed by the CSCA that they name{remarks}"
    return (
        f"{country.country or '??'} {count}: {_counted(country.algorithms)}, "
        f"{country.not_before:%Y-%m-%d} to {country.not_after:%Y-%m-%d}, "
        f"{country.signed} signature checked, {country.chained} chained to a CSCA{remarks}"
    )


def _counted(algorithms: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(algorithms.items()))


def _not_in_force(how: str, by_country: Mapping[str, tuple[DocumentSigner, ...]]) -> Iterator[str]:
    if count := sum(map(len, by_country.values())):
        yield f"{counted(count, 'key')} {how}:"
    for country, signers in by_country.items():
        if signers:
            kids = shortened([signer.kid.hex() for signer in signers], MAX_KIDS)
            yield f"  {country or '??'} {len(signers)}: {kids}"


def _signer(signer: DocumentSigner) -> str:
    from kiosk.core.trust.keys import in_words

    usages = ", ".join(sorted(signer.usages)) or "all kinds"
    return (
        f"{signer.country or '??'} {signer.kid.hex()} {in_words(signer.key)}, "
        f"{signer.not_before:%Y-%m-%d} to {signer.not_after:%Y-%m-%d}, {usages}"
    )


def show_json(trust: TrustList, start: datetime, end: datetime) -> dict[str, object]:
    """The same for programs."""
    from kiosk.core.trust.summary import by_country

    return {
        "signers": len(trust.signers),
        "issued_at": _stamp(trust.issued_at),
        "expires_at": _stamp(trust.expires_at),
        "span": [_stamp(start), _stamp(end)],
        "lists": [
            {
                "name": listing.name,
                "signature": listing.signature.value,
                "key": listing.key or None,
                "issued_at": _stamp(listing.issued_at),
            }
            for listing in trust.lists
        ],
        "countries": [_country_json(country) for country in by_country(trust, start, end)],
        "weak": _kids(trust.weak),
        "revoked": _kids(trust.revoked),
        "skipped": list(trust.skipped),
    }


def _country_json(country: CountrySummary) -> dict[str, object]:
    return {
        "country": country.country,
        "keys": len(country.signers),
        "algorithms": dict(sorted(country.algorithms.items())),
        "not_before": _stamp(country.not_before),
        "not_after": _stamp(country.not_after),
        "signed": country.signed,
        "chained": country.chained,
        "unchained": country.unchained,
        "remarks": {str(remark): count for remark, count in sorted(country.remarks.items())},
        "ending": _kids(signer.kid for signer in country.ending),
        "beginning": _kids(signer.kid for signer in country.beginning),
    }


# Diff


def diff_lines(difference: Difference) -> Iterator[str]:
    """A difference, line by line, and its sum."""
    yield from (f"+ {_signer(signer)}" for signer in difference.new)
    yield from (f"- {_signer(signer)}" for signer in difference.gone)
    for change in difference.changed:
        yield f"~ {_signer(change.signer)}: {', '.join(change.aspects)}"
    yield from (f"+ blocked {kid}" for kid in _kids(difference.blocked))
    yield from (f"- blocked {kid}" for kid in _kids(difference.unblocked))
    yield (
        f"{len(difference.new)} new, {len(difference.changed)} changed, {len(difference.gone)} gone"
    )


def diff_json(difference: Difference) -> dict[str, object]:
    """The same for programs."""
    return {
        "new": [_signer_json(signer) for signer in difference.new],
        "gone": [_signer_json(signer) for signer in difference.gone],
        "changed": [
            {**_signer_json(change.signer), "aspects": [str(aspect) for aspect in change.aspects]}
            for change in difference.changed
        ],
        "blocked": _kids(difference.blocked),
        "unblocked": _kids(difference.unblocked),
    }


def _signer_json(signer: DocumentSigner) -> dict[str, object]:
    from kiosk.core.trust.keys import in_words

    return {
        "country": signer.country,
        "kid": signer.kid.hex(),
        "algorithm": in_words(signer.key),
        "not_before": _stamp(signer.not_before),
        "not_after": _stamp(signer.not_after),
        "usages": sorted(signer.usages),
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _kids(kids: Iterable[bytes]) -> list[str]:
    return sorted(kid.hex() for kid in kids)
