"""Georgian letters: the national system of 2002, which passports of Georgia follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.core.guests.scripts.table import Table, fitting, pairs

_TABLE = Table(
    {
        letter.upper(): written
        for letter, written in pairs(
            "ა A ბ B გ G დ D ე E ვ V ზ Z თ T ი I კ K ლ L მ M ნ N ო O პ P ჟ ZH რ R ს S ტ T უ U ფ P "
            "ქ K ღ GH ყ Q შ SH ჩ CH ც TS ძ DZ წ TS ჭ CH ხ KH ჯ J ჰ H"
        ).items()
    }
)


def schemes(letters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """The national system, where it has all of `letters`."""
    return fitting((_TABLE,), letters)
