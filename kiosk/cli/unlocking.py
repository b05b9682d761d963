"""How commands come by the key of the guests: found, or made where there is none yet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import CommandError

if TYPE_CHECKING:
    from kiosk.adapters.system.datakey import DataKeys
    from kiosk.core.sealing import Sealer


def data_keys(state: Path) -> DataKeys:
    """The data key of a state folder, in the key stores of this system."""
    from kiosk.adapters.system.datakey import DataKeys
    from kiosk.adapters.system.kernelkeys import KernelKeyStore
    from kiosk.adapters.system.keystores import SystemKeyStore

    return DataKeys(state, SystemKeyStore(), KernelKeyStore())


def guest_sealer(state: Path, *, make: bool = False) -> Sealer | None:
    """What opens the guests of a state folder; None where it has no key, and so no guests, yet.

    make: it gets a key where it has none, and it is told where that lies. Raises CommandError.
    """
    from kiosk.adapters.system.datakey import DataKeyError
    from kiosk.core.sealing import Sealer

    keys = data_keys(state)
    try:
        if keys.file() is None:
            return Sealer(_made(keys)) if make else None
        key = keys.find()
    except DataKeyError as error:
        raise CommandError(str(error)) from None
    if key is None:
        raise CommandError("The guests are locked. Unlock them first: kiosk keys unlock.")
    return Sealer(key)


def _made(keys: DataKeys) -> bytes:
    from kiosk.adapters.system.datakey import Kept

    if not keys.system.works():
        raise CommandError(
            "This system has no key store in which the key of the guests could lie. "
            "Choose how it is protected: kiosk keys protect."
        )
    key = keys.make(Kept.SYSTEM)
    print(
        "kiosk: the guests are encrypted from now on; their key lies in the key store of this "
        "system, under kiosk.",
        file=sys.stderr,
    )
    return key
