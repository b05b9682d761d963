"""The patient look: codes that no engine reads from the frame as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.desk.ports import CodeSeen, Region


class PatientReader:
    """Looks at frames of one camera, in their order."""

    def look(
        self,
        image: NDArray[np.uint8],  # noqa: ARG002
        regions: Sequence[Region],  # noqa: ARG002
    ) -> tuple[CodeSeen, ...]:
        """The codes in `image` (luma, shape (height, width), uint8) within `regions`."""
        return ()  # nothing is looked for yet

    def forget(self) -> None:
        """The next frame shows another code than those before."""
