"""Where one guest stands today."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Standing:
    """What the entry log says of a guest, for one local day.

    checked: accepted at the self-scan screen. admitted: came in at least once.
    admitted_to: the occasion of the last entry. inside_at: the id of the door, while inside.
    occasion: of the last check or entry. last_in: aware, of the last entry.
    """

    checked: bool = False
    admitted: bool = False
    admitted_to: str = ""
    inside_at: str = ""
    occasion: str = ""
    last_in: datetime | None = None

    @property
    def known(self) -> bool:
        """Whether the guest's certificate was accepted today."""
        return self.checked or self.admitted
