"""Codes of the demonstration as pictures, to be shown to a real camera on a phone or paper."""

from __future__ import annotations

from pathlib import Path

import segno

from kiosk.demo.issuer import covid_test, vaccination
from kiosk.demo.shapes import days_ago, hours_ago
from kiosk.demo.world import World

_MODULE = 6  # pixels


def write_codes(world: World, folder: Path) -> int:
    """Write certificates and badges as PNG files; how many."""
    codes: dict[str, str] = {}
    for given in ("Inês", "Zoé", "Aino", "Béla"):
        subject = world.subject(given)
        codes[f"{given}-certificate"] = world.certificate(subject, "v", vaccination(days_ago(90)))
        codes[f"{given}-badge"] = world.badge(given)
    old = covid_test(hours_ago(73))
    codes["Zoé-test-of-73-h"] = world.certificate(world.subject("Zoé"), "t", old)
    codes["Inês-forged-badge"] = world.forged_badge("Inês")
    for name, text in codes.items():
        level = "m" if text.startswith("B1:") else "q"
        code = segno.make(text, error=level, micro=False)
        code.save(str(folder / f"{name}.png"), scale=_MODULE)
    return len(codes)
