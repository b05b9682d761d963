"""Countries under several names: certificates, keys, lists and rules each use one of them.

ISO 3166 has GR and GB, the institutions of the EU say EL and UK, and the certificates of the
French health insurance name CNAM as their issuer.
"""

from __future__ import annotations

_USUAL = {"EL": "GR", "UK": "GB", "CNAM": "FR"}


def usual(name: str) -> str:
    """The name in ISO 3166, where `name` is another one of the same country; else `name`."""
    return _USUAL.get(name, name)


def is_alias(name: str) -> bool:
    """Whether it is another name than that of ISO 3166."""
    return name in _USUAL


def names_of(name: str) -> frozenset[str]:
    """All names of the country that `name` names, itself among them."""
    iso = usual(name)
    return frozenset({name, iso, *(other for other, its in _USUAL.items() if its == iso)})
