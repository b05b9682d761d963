"""How close two names come that are not the same: for people to look at, never to decide by.

A name is near when its parts have partners in the other name, whatever their order and fields: the
same part, one that sounds the same, one that is a slip away (two in long parts), or its initial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from kiosk.core.guests.spelling import StandardName

NEAR = 0.7  # nearness (0 to 1) from which two different names are worth a look
LIKELY = 0.85  # alikeness (0 to 1) of family name, and of given name, of whom it most likely is
SAME_SOUND = 0.98  # alikeness of two parts that are written otherwise and sound the same
INITIAL = 0.5  # alikeness of a part to its initial
ONE_SLIP = 3  # letters of a part that may have one; shorter ones must be the same
TWO_SLIPS = 8  # letters of a part that may have two

# Letters that are written in several ways, each with the one that stands for it; and doubled ones.
_LETTERS = str.maketrans({"Y": "I", "J": "I", "W": "V", "X": "KS", "G": "H"})
_SOUNDS = re.compile(
    r"SCH|TCH|[CKPSTZ]H|[DHKLN]I(?=[AEOU])|DZ|TS|EE|[EO]I|[AOU]E(?!E)|OU|IE|(.)\1+"
)
_SOUND = {"TCH": "H", "CH": "H", "KH": "H", "PH": "F", "OU": "U", "TS": "C"} | dict.fromkeys(
    ("EE", "EI", "OI"), "I"
)

_FIRST_LETTERS = frozenset(
    ("CH", "DZ", "GH", "IA", "IU", "KH", "PH", "PS", "SH", "TH", "TS", "YA", "YE", "YI", "YU", "ZH")
)
# By how much longer one of two words is: letters that two slips take of both at the beginning, and
# at the end.
_SLIPS_AT_ENDS = {
    0: ((1, 1, 1, 1), (1, 0, 0, 1), (0, 1, 1, 0)),
    1: ((1, 0, 1, 1), (1, 1, 1, 0)),
    2: ((1, 0, 1, 0),),
    -1: ((0, 1, 1, 1), (1, 1, 0, 1)),
    -2: ((0, 1, 0, 1),),
}

Alike = Callable[[str, str], float]


def sound(part: str) -> str:
    """What issuers and lists write in several ways, in one: YURIY and IURII, MUELLER and MULLER."""
    letters = part.replace("UXX", "U").replace("NXX", "N").translate(_LETTERS)
    if letters.endswith("ICH"):
        letters = letters.removesuffix("H")  # a Serbian name
    return _SOUNDS.sub(lambda found: _SOUND.get(found[0], found[0][0]), letters)


def initials(part: str) -> tuple[str, ...]:
    """What may stand for the part: its first letter, or what the first one of another script is."""
    return (part[:1], part[:2]) if part[:2] in _FIRST_LETTERS else (part[:1],)


def nearness(certificate: StandardName, forms: Iterable[StandardName]) -> float:
    """From 0 (nothing in common) to 1 (the same parts), with the form that comes closest."""
    return max(nearness_to(certificate, form, alike) for form in forms)


def nearness_to(certificate: StandardName, form: StandardName, likeness: Alike) -> float:
    """The same for one form; likeness: `alike`, or what remembers it."""
    one, other = certificate.family + certificate.given, form.family + form.given
    by_parts = _shared(one, other, likeness)
    if len(one) == len(other) == 2:
        return by_parts
    return max(by_parts, _shared(_joined(certificate), _joined(form), likeness))


def _joined(name: StandardName) -> Sequence[str]:
    return ["".join(field) for field in name if field]


def _shared(one: Sequence[str], other: Sequence[str], likeness: Alike) -> float:
    """The share of letters of the shorter name in parts that have a partner in the other.

    0 where fewer than two parts have one, unless there is but one.
    """
    short, long = sorted((one, other), key=lambda parts: sum(map(len, parts)))
    left, shared, partners = list(long), 0.0, 0
    for part in sorted(short, key=len, reverse=True):
        best, at = max(((likeness(part, o), -n) for n, o in enumerate(left)), default=(0.0, 0))
        if best:
            del left[-at]
            shared += best * len(part)
            partners += 1
    if partners < min(2, len(short), len(long)):
        return 0.0
    return shared / max(1, sum(map(len, short)))


def alike(one: str, other: str) -> float:
    """1 for the same part, less for an initial and for each slip, in letters or as it sounds."""
    if other in initials(one) or one in initials(other):
        return max(INITIAL, alike_in_letters(one, other))
    sounds = SAME_SOUND * alike_in_letters(sound(one), sound(other))
    return max(alike_in_letters(one, other), sounds)


def alike_in_letters(one: str, other: str) -> float:
    """1 for the same letters, less for each slip, 0 for others."""
    if one == other:
        return 1.0
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
    # What differs does so at both ends: one slip stands at either, what is between is the same.
    for begin, others_begin, end, others_end in _SLIPS_AT_ENDS[len(one) - len(other)]:
        if one[begin : len(one) - end] == other[others_begin : len(other) - others_end]:
            return 2
    return 2 if _exchanged_at_an_end(one, other) else 3


def _exchanged_at_an_end(one: str, other: str) -> bool:
    for a, b in ((one, other), (one[::-1], other[::-1])):
        if a[:2] == b[1::-1] and slips(a[2:], b[2:], 1) <= 1:
            return True
    return False


def _differing(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    start, end = 0, 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
