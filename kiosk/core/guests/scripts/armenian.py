"""Armenian letters, as passports of Armenia write them: BGN/PCGN 1981 without its apostrophes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.core.guests.scripts.table import Table, fitting, pairs

_LETTERS = pairs(
    "Ա A Բ B Գ G Դ D Ե E Զ Z Է E Ը Y Թ T Ժ ZH Ի I Լ L Խ KH Ծ TS Կ K Հ H Ձ DZ Ղ GH Ճ CH Մ M Յ Y Ն N "
    "Շ SH Ո O Չ CH Պ P Ջ J Ռ R Ս S Վ V Տ T Ր R Ց TS Ւ V Փ P Ք K Օ O Ֆ F"
)
_GROUPS = pairs("ՈՒ U ԵՒ EV")
_TABLES = (
    Table(_LETTERS, initial=pairs("ՈՒ U ՈՎ OV Ո VO ԵՒ YEV Ե YE"), groups=_GROUPS),
    Table(_LETTERS, groups=_GROUPS),
)


def schemes(letters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """With VO and YE at the beginning of a word, and without."""
    return fitting(_TABLES, letters)
