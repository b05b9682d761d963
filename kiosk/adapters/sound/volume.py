"""From a setting of 0 to 100 to the factor of a sound."""

from __future__ import annotations

# Loudness in sones doubles with 10 dB (ISO 532-1), that is with 3.16 times the amplitude, so that
# half the setting, meant as half as loud, is a third of the amplitude: 0.5 ** 1.66 = 0.316.
STEEPNESS = 1.66


def gain(volume: int) -> float:
    """The factor of a volume from 0 to 100, as loud as ears take it to be."""
    return float((min(max(volume, 0), 100) / 100) ** STEEPNESS)
