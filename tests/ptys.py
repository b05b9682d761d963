"""Pseudo-terminals, the two ends of a cable: for tests of what hangs on a serial port."""

from __future__ import annotations

import os

import pytest


def _there_are_some() -> bool:
    """Neither on Windows nor in a container without /dev/pts."""
    try:
        ends = os.openpty()
    except (AttributeError, OSError):
        return False
    for end in ends:
        os.close(end)
    return True


needs_pty = pytest.mark.skipif(not _there_are_some(), reason="there are no pseudo-terminals here")
