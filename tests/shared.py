"""The official test data and trust lists, where they lie beside the checkout; none is copied here.

`KIOSK_SHARED` names another place than `../shared`.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from kiosk.core.trust.formats import Source, open_source
from kiosk.core.trust.trustlist import TrustList

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("KIOSK_SHARED", ROOT.parent / "shared")) / "data"
VECTORS = DATA / "dgc-testdata"
PRODUCTION = DATA / "trust" / "de-production-2021-10-29"
ACCEPTANCE = DATA / "trust" / "de-acceptance"
LIST, KEY = "dsc-list.json", "dsc-list-signing-key.pem"

needs_data = pytest.mark.skipif(
    not VECTORS.is_dir(),
    reason="the official test data is not beside the checkout (../shared/data or KIOSK_SHARED)",
)


@cache
def german_list(folder: Path) -> TrustList:
    """The German list of that folder, verified with the key beside it."""
    source = Source(folder.name, (folder / LIST).read_bytes())
    return open_source(source, [(folder / KEY).read_bytes()])
