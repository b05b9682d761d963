"""A certificate's name beside a guest's: the same, the same person's, close, or another."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from functools import lru_cache

from kiosk.core.guests.guest import Guest
from kiosk.core.guests.nearness import LIKELY, NEAR, SAME_SOUND, alike, nearness
from kiosk.core.guests.spelling import StandardName, same_parts, spellings, without_titles, words
from kiosk.core.hcert.dcc import Holder

# Characters of the name in a machine readable zone (9303-5 4.2.2, 9303-4 4.2.2), where a longer
# one is cut, within a part if need be (9303-3 4.6).
_CUT_AT = (30, 39)
_BLANKS = re.compile(r"[\s<]+")

Named = tuple[Guest, tuple[StandardName, ...]]


class Likeness(Enum):
    """How a certificate's name stands to a guest's."""

    EXACT = auto()  # the same given names and the same family name
    SAME_PERSON = auto()  # enough beside the guest's own badge; see `_same_person`
    NEAR = auto()  # worth a look
    DIFFERENT = auto()


def compare(holder: Holder, guest: Guest) -> Likeness:
    """How the certificate's name stands to `guest`'s; near at most where the years differ."""
    certificate, forms = standard_name(holder), remembered_forms(guest.family, guest.given)
    if not any(certificate):
        return Likeness.DIFFERENT
    if any(form.is_also(certificate) for form in forms):
        likeness = Likeness.EXACT
    elif same_person(certificate, forms) and may_be_called(holder, guest):
        likeness = Likeness.SAME_PERSON
    else:
        return Likeness.NEAR if nearness(certificate, forms) >= NEAR else Likeness.DIFFERENT
    return likeness if may_be_born(holder, guest) else Likeness.NEAR


def may_be_born(holder: Holder, guest: Guest) -> bool:
    """Whether the list's year of birth is the certificate's, or one of both tells none."""
    return guest.birth_year is None or holder.birth_date[:4] in ("", f"{guest.birth_year:04}")


def may_be_called(holder: Holder, guest: Guest) -> bool:
    """False where a hyphen makes the first given name another: Jean-Pierre is not Jean.

    The standard forms have lost the hyphen, so that the written ones are asked.
    """
    certificate, forms = standard_name(holder), remembered_forms(guest.family, guest.given)
    one, other = _parts_of_first(holder.given), _parts_of_first(without_titles(guest.given))
    if max(one, other) <= 1:
        return True
    return any(
        _has_as_first(certificate.given[:one], form.parts)
        and _has_as_first(form.given[:other], certificate.given)
        for form in forms
    )


def most_likely(holder: Holder, guest: Guest) -> bool:
    """Whether it is the certificate's, by all that people would go by: shown apart, no decision.

    The same person as beside a badge, or a slip in the family name or in the first given name.
    """
    if not (may_be_born(holder, guest) and may_be_called(holder, guest)):
        return False
    certificate, forms = standard_name(holder), remembered_forms(guest.family, guest.given)
    return same_person(certificate, forms) or any(_one_slip_apart(certificate, f) for f in forms)


def _one_slip_apart(certificate: StandardName, listed: StandardName) -> bool:
    """Family name or first given name a slip apart, the other one at most written otherwise."""
    family = alike("".join(certificate.family), "".join(listed.family))
    given = alike("".join(certificate.given[:1]), "".join(listed.given[:1]))
    return min(family, given) >= LIKELY and max(family, given) >= SAME_SOUND


def _parts_of_first(given: str) -> int:
    first, *_ = _BLANKS.split(given.strip())
    return len(words(first))


def _has_as_first(first: Sequence[str], parts: Sequence[str]) -> bool:
    return "".join(first) in itertools.accumulate(parts) if len(first) > 1 else True


def listed_forms(family: str, given: str) -> tuple[StandardName, ...]:
    """The forms of a list's name; its own words where it has none, which no certificate has."""
    return spellings(family, given) or (StandardName(tuple(words(family)), tuple(words(given))),)


# A change at a door makes a new list of mostly the same names.
remembered_forms = lru_cache(maxsize=8192)(listed_forms)


def named(guests: Iterable[Guest]) -> list[Named]:
    """Each guest with the forms of the name."""
    return [(guest, remembered_forms(guest.family, guest.given)) for guest in guests]


def standard_name(holder: Holder) -> StandardName:
    """The parts of a certificate's name, as they are."""
    return StandardName(_parts(holder.family_standard), _parts(holder.given_standard))


def _parts(standard: str) -> tuple[str, ...]:
    return tuple(filter(None, standard.split("<")))


def same_person(certificate: StandardName, forms: Iterable[StandardName]) -> bool:
    """Whether the certificate's name and one of a list's `forms` are ways to write one name.

    Certificates carry all names, lists mostly one of each; some issuers exchange the two fields
    (Panama), or have one field for the whole name (Malaysia); people with two family names
    (Spain, Portugal) write them in either order, or the one by which they are known; a particle
    may be missing; a machine readable zone cuts a long name.
    """
    ways = (_same_first_names, _ends_with_family, _exchanged, _in_one_field, _cut)
    return any(same(certificate, form) for form in forms for same in ways)


def _same_first_names(certificate: StandardName, listed: StandardName) -> bool:
    if not _leads(certificate.given, listed.given):
        return False
    in_any_order = sorted(certificate.family) == sorted(listed.family)
    return in_any_order or _leads(certificate.family, listed.family)


def _ends_with_family(certificate: StandardName, listed: StandardName) -> bool:
    """One's family name at the end of the other's whole name, the first given name before both."""
    return _ends_with_name(certificate, listed) or _ends_with_name(listed, certificate)


def _ends_with_name(longer: StandardName, name: StandardName) -> bool:
    parts = longer.parts
    return any(
        same_parts(parts[end:], name.family) and _leads(parts[:end], name.given)
        for end in range(1, len(parts))
    )


def _leads(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the shorter is the beginning of the longer, however its letters are parted.

    Behind the first part an initial stands for what begins with it.
    """
    short, long = sorted((one, other), key=lambda parts: len("".join(parts)))
    if not short:
        return False
    if any(same_parts(short, long[:end]) for end in range(1, len(long) + 1)):
        return True
    return one[0] == other[0] and all(
        a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])
        for a, b in zip(one, other, strict=False)
    )


def _exchanged(certificate: StandardName, listed: StandardName) -> bool:
    """The certificate may have more given names, in the field of the family name."""
    ends = range(1, len(certificate.family) + 1)
    fewer = (StandardName(certificate.given, certificate.family[:end]) for end in ends)
    return any(name.key == listed.key for name in fewer)


def _in_one_field(certificate: StandardName, listed: StandardName) -> bool:
    """The family name before the given names; behind them it ends the name, in one field too."""
    if all(certificate) and all(listed):
        return False
    one, other = (certificate, listed) if all(listed) else (listed, certificate)
    parts, family = one.parts, other.family or other.given
    return any(
        same_parts(parts[:end], family) and _leads(parts[end:], other.given)
        for end in range(1, len(parts))
    )


def _cut(certificate: StandardName, listed: StandardName) -> bool:
    written, whole = (
        "<<".join("<".join(field) for field in name) for name in (certificate, listed)
    )
    return len(written) in _CUT_AT and whole.startswith(written)
