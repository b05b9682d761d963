"""May a trust list take the place of the one before? Against rollback, freeze and shrinking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.core.trust.comparison import Difference, compare
from kiosk.core.trust.floors import AHEAD, Floors, is_ahead
from kiosk.core.trust.signer import DocumentSigner
from kiosk.core.trust.trustlist import TrustList

GONE_AT_MOST = 0.2  # share of the keys still in force that one issue may take away

NAMED_AT_MOST = 5  # keys that one sentence names

_NEWEST = "Fetch the newest issue"


@dataclass(frozen=True)
class Objection:
    """Why it may not: what is wrong, the remedy, and whether somebody may insist."""

    problem: str
    remedy: str
    may_insist: bool = True

    def __str__(self) -> str:
        """For people."""
        return f"{self.problem}. {self.remedy}."


@dataclass(frozen=True)
class Succession:
    """What becomes of it: the list with all blocklists of before, objections, and alarms."""

    trust: TrustList
    difference: Difference
    objections: tuple[Objection, ...]
    alarms: tuple[str, ...]


def succeed(old: TrustList, new: TrustList, floors: Floors, at: datetime) -> Succession:
    """Whether `new` may take the place of `old`, over `floors`, at the aware instant `at`."""
    remembered = floors.raised_by(old, at, files=True)
    kept = remembered.revoked
    lost = kept - new.revoked
    whole = replace(new, revoked=new.revoked | kept)
    difference = compare(old, whole)
    return Succession(
        trust=whole,
        difference=difference,
        objections=(
            *_of_dates(old, new, difference, remembered, at),
            *_of_keys(old, new, difference, at),
        ),
        alarms=tuple(
            f"the kid {kid.hex()} was revoked before and is not in the new list; it stays revoked"
            for kid in sorted(lost)
        ),
    )


def _of_dates(
    old: TrustList, new: TrustList, difference: Difference, floors: Floors, at: datetime
) -> Iterator[Objection]:
    stamps = [stamp for stamp in (new.issued_at, new.newest_at) if stamp and stamp - at > AHEAD]
    if stamps and not any(is_ahead(listing, at) for listing in new.lists):
        yield _ahead("the whole", max(stamps), at)
    for listing in new.lists:
        if is_ahead(listing, at):
            yield _ahead(listing.name, listing.issued_at or listing.version, at)
        elif floors.is_below(listing):
            problem = f"{listing.name} is an older issue than one that was here"
            yield Objection(problem, f"{_NEWEST}, or insist where its publisher took keys away")
        elif floors.is_another(listing):
            gone = f" (gone: {_named(difference.gone)})" if difference.gone else ""
            problem = f"{listing.name} is dated as one that was here, and says something else{gone}"
            yield Objection(problem, f"{_NEWEST}, or insist where its publisher took keys away")
    if old.issued_at is not None and new.issued_at is None:
        problem = f"a list of {old.issued_at} would be replaced by one without a date"
        yield Objection(problem, "Keep both: give the new one another name with --out")


def _ahead(name: str, when: datetime | int, at: datetime) -> Objection:
    problem = f"{name} is dated {when}, more than a day after this PC's clock, {at}"
    remedy = "Set the clock of this PC, or fetch the list again"
    return Objection(problem, remedy, may_insist=False)


def _of_keys(
    old: TrustList, new: TrustList, difference: Difference, at: datetime
) -> Iterator[Objection]:
    in_force = [signer for signer in old.signers if signer.not_after >= at]
    gone = [signer for signer in difference.gone if signer.not_after >= at]
    if len(gone) > GONE_AT_MOST * len(in_force):
        problem = f"{len(gone)} of {len(in_force)} keys in force would be gone: {_named(gone)}"
        yield Objection(problem, f"{_NEWEST}, or keep both: --out gives another name")
    still = {signer.country for signer in new.signers if signer.not_after >= at}
    for country in sorted({signer.country for signer in gone if signer.country} - still):
        keys = [signer for signer in gone if signer.country == country]
        yield Objection(f"every key of {country} would be gone: {_named(keys)}", _NEWEST)
    signed = {signer.identity for signer in old.signers if signer.provenance.signed}
    bare = [s for s in new.signers if s.identity in signed and not s.provenance.signed]
    if bare:
        problem = f"came under a checked signature before, and do not now: {_named(bare)}"
        yield Objection(problem, "Give the signed list and its key")


def _named(signers: Sequence[DocumentSigner]) -> str:
    """The first few; a comparison of both lists tells all."""
    few = signers[:NAMED_AT_MOST]
    more = f" and {len(signers) - len(few):,} more" if len(signers) > len(few) else ""
    return ", ".join(f"{signer.country or '??'} {signer.kid.hex()}" for signer in few) + more
