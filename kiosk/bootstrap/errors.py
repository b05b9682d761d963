"""What keeps a door shut."""

from __future__ import annotations


class DoorError(Exception):
    """A door that cannot be opened: why, and the remedy."""
