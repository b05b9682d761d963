"""What the environment may not tell this program: code of others to load, into Qt or Python."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

FOREIGN = ("QT_", "QML_", "QML2_", "PYTHON")
# Which screen Qt uses is the user's to say; which key store, the administrator's (keyring's own
# variable, read before any other of its settings).
KEPT = frozenset({"QT_QPA_PLATFORM", "PYTHON_KEYRING_BACKEND"})


def clear_environment(environment: MutableMapping[str, str] = os.environ) -> None:
    """Forget what a desktop, an IDE or somebody at the keyboard set for another Qt or Python.

    Plugin paths, styles, input methods and modules: Qt would load them into this process, and
    every Python that it starts would take them up. What Python has taken up itself by now is shut
    out where it is started with -I (docs/kiosk-mode.md).
    """
    for name in [each for each in environment if each.startswith(FOREIGN) and each not in KEPT]:
        del environment[name]
