"""How close two names come that are not the same: for people to look at, never to decide by.

A name is near when its parts have partners in the other name, whatever their order and fields: the
same part, one that is a slip away (two in long parts), or its initial.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kiosk.core.guests.spelling import StandardName

NEAR = 0.7  # nearness (0 to 1) from which two different names are worth a look
ONE_SLIP = 3  # letters of a part that may have one; shorter ones must be the same
TWO_SLIPS = 8  # letters of a part that may have two


def nearness(certificate: StandardName, forms: Iterable[StandardName]) -> float:
    """From 0 (nothing in common) to 1 (the same parts), with the form that comes closest."""
    return max(
        max(_shared(_all(certificate), _all(form)), _shared(_joined(certificate), _joined(form)))
        for form in forms
    )


def _all(name: StandardName) -> Sequence[str]:
    return name.family + name.given


def _joined(name: StandardName) -> Sequence[str]:
    return ["".join(field) for field in name if field]


def _shared(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of letters of the shorter name in parts that have a partner in the other.

    0 where fewer than two parts have one, unless there is but one.
    """
    short, long = sorted((one, other), key=lambda parts: sum(map(len, parts)))
    left, shared, partners = list(long), 0.0, 0
    for part in sorted(short, key=len, reverse=True):
        best = max(left, key=lambda candidate: alike(part, candidate), default="")
        if likeness := alike(part, best):
            left.remove(best)
            shared += likeness * len(part)
            partners += 1
    if partners < min(2, len(short), len(long)):
        return 0.0
    return shared / max(1, sum(map(len, short)))


def alike(one: str, other: str) -> float:
    """1 for the same part, less for its initial and for each slip, 0 for another."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) <= 1:
        return 0.5 if one[:1] == other[:1] else 0.0
    longer = max(len(one), len(other))
    allowed = slips_allowed(longer)
    between = slips(one, other, allowed)
    return 1 - between / longer if between <= allowed else 0.0


def slips_allowed(letters: int) -> int:
    """How many slips a part of that many letters may have."""
    return (letters >= ONE_SLIP) + (letters >= TWO_SLIPS)


def slips(one: str, other: str, limit: int) -> int:
    """Letters left out, added, changed or exchanged with the next; beyond `limit` just too many."""
    if limit == 0 or abs(len(one) - len(other)) > limit:
        return limit + 1
    one, other = _differing(one, other)
    if not one or not other:
        return max(len(one), len(other))
    if len(one) == len(other) == 1 or (len(one) == 2 and one == other[::-1]):
        return 1
    if limit == 1:
        return 2
    ways = [(one[1:], other), (one, other[1:]), (one[1:], other[1:])]
    if one[:2] == other[1::-1]:
        ways.append((one[2:], other[2:]))
    return 1 + min(slips(a, b, limit - 1) for a, b in ways)


def _differing(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    start, end = 0, 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
