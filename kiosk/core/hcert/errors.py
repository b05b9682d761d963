"""The one exception of decoding."""

from kiosk.core.reasons import Reason


class DecodeError(ValueError):
    """The bytes are not what they claim to be. Carries the reason and never any content."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
