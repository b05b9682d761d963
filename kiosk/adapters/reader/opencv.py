"""OpenCV's own detector of QR codes: no door uses it, it is there to compare with."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.frames import check_grey
from kiosk.desk.ports import CodeSeen, Sighting


class OpencvReader:
    """Reads through `cv2.QRCodeDetector`; of what it could not read it tells nothing."""

    def __init__(self) -> None:
        """A detector of its own, for it keeps state between calls."""
        self._detector = cv2.QRCodeDetector()

    def read(self, image: NDArray[np.uint8]) -> Sighting:
        """The QR codes in `image`; ValueError for what is no grey picture.

        A picture with a code whose bytes are no UTF-8 gives nothing: OpenCV raises there, and all
        that it had read is lost. It also raises (cv2.error) on some patterns that are no code.
        """
        check_grey(image)
        try:
            done, texts, quads, _ = self._detector.detectAndDecodeMulti(image)
        except (cv2.error, UnicodeDecodeError):
            return Sighting()
        if not done:
            return Sighting()
        found: dict[str, CodeSeen] = {}
        for text, quad in zip(texts, quads, strict=True):
            if text:
                one, two, three, four = ((float(x), float(y)) for x, y in quad)
                found.setdefault(text, CodeSeen(text, (one, two, three, four)))
        return Sighting(tuple(found.values()))
