"""The whole reader for one frame after the other: the quick look, then the patient one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.patient import PatientReader
from kiosk.adapters.reader.patient.payload import text_of_any, text_of_ours
from kiosk.adapters.reader.quick import QuickReader
from kiosk.desk.ports import Sighting


class FullReader:
    """Both looks at every frame, for files and films; frames are to come from one camera."""

    def __init__(self, quick: QuickReader | None = None, any_text: bool = False) -> None:
        """any_text: whatever is read is told, as for a person who looks; at a door only ours is."""
        if quick is None:
            quick = QuickReader(accepts=bool) if any_text else QuickReader()
        self._quick = quick
        self._patient = PatientReader(text_of_any if any_text else text_of_ours)

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The codes in `image`, and whether something beside them could be one."""
        look = self._quick.look(image)
        if look.news:
            self._patient.forget()
            return Sighting(look.codes)
        return look.sighting(self._patient.look(image, look.regions))

    def forget(self) -> None:
        """The next frame has nothing to do with those before."""
        self._quick.forget()
        self._patient.forget()
