"""Arabic letters: ICAO 9303-3 section 6, table C.

Few passports are written so: most Arabic names have Latin letters that their state or their holder
chose, and such guests go to the desk when the list has Arabic letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kiosk.core.guests.scripts.table import Table, pairs

SHADDA = "\u0651"  # says that the letter before it is doubled
_DOUBLED = re.compile(f"(.){SHADDA}")
_TABLE = Table(
    pairs(
        "ء XE آ XAA أ XAE ؤ U إ I ئ XI ا A ب B ة XTA ت T ث XTH ج J ح XH خ XKH د D ذ XDH ر R ز Z "
        "س S ش XSH ص XSS ض XDZ ط XTT ظ XZZ ع E غ G ف F ق Q ك K ل L م M ن N ه H و W ى XAY ي Y "
        "ٱ XXA ٹ XXT ټ XRT پ P ځ XKE څ XXH چ XC ڈ XXD ډ XDR ڑ XXR ړ XRR ږ XRX ژ XJ ښ XXS ک XKK "
        "ګ XXK ڭ XNG گ XGG ں XNN ڼ XXN ھ XDO ۀ XYH ہ XXG ۂ XGE ۃ XTG ی XYA ۍ XXY ې Y ے XYB ۓ XBE"
    ),
    final={"ة": "XAH"},
)


def schemes(letters: frozenset[str]) -> Iterator[Callable[[str], str]]:
    """The table, where it has all of `letters`."""
    if _TABLE.covers(letters - {SHADDA}):
        yield _written


def _written(word: str) -> str:
    return _TABLE(_DOUBLED.sub(r"\1\1", word)).replace(SHADDA, "")
