"""The brightness of a Qt video frame as numpy, without a detour over colour where that is possible.

A camera hands over YUV nearly always: its Y plane is the grey picture, and taking it costs a copy
(0.1 ms), where `toImage()` costs 2 to 15 ms.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

Grey = NDArray[np.uint8]
Rows = NDArray[np.uint8]  # the first plane: one row of bytes for each line, padding included

_PIXEL = QVideoFrameFormat.PixelFormat


def _every_byte(rows: Rows, width: int) -> Rows:
    return rows[:, :width]


def _even_bytes(rows: Rows, width: int) -> Rows:
    return rows[:, : 2 * width : 2]


def _odd_bytes(rows: Rows, width: int) -> Rows:
    """Also the upper half of little-endian samples of 16 bits."""
    return rows[:, 1 : 2 * width : 2]


# Where the Y bytes stand in the first plane.
_LUMA: dict[QVideoFrameFormat.PixelFormat, tuple[int, Callable[[Rows, int], Rows]]] = {
    _PIXEL.Format_YUV420P: (1, _every_byte),
    _PIXEL.Format_YUV422P: (1, _every_byte),
    _PIXEL.Format_YV12: (1, _every_byte),
    _PIXEL.Format_NV12: (1, _every_byte),
    _PIXEL.Format_NV21: (1, _every_byte),
    _PIXEL.Format_Y8: (1, _every_byte),
    _PIXEL.Format_YUYV: (2, _even_bytes),
    _PIXEL.Format_UYVY: (2, _odd_bytes),
    _PIXEL.Format_P010: (2, _odd_bytes),
    _PIXEL.Format_P016: (2, _odd_bytes),
    _PIXEL.Format_Y16: (2, _odd_bytes),
}


def has_luma_plane(pixel: QVideoFrameFormat.PixelFormat) -> bool:
    """Whether frames of this format are taken without `toImage()`."""
    return pixel in _LUMA


def luma_of(frame: QVideoFrame) -> Grey | None:
    """The frame's brightness: an own copy, C-contiguous; None when the frame holds no picture."""
    if not frame.isValid():
        return None
    if not has_luma_plane(frame.pixelFormat()):
        return _by_way_of_an_image(frame)
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        luma = _from_the_first_plane(frame)
    finally:
        frame.unmap()
    upside_down = QVideoFrameFormat.Direction.BottomToTop
    if luma is not None and frame.surfaceFormat().scanLineDirection() == upside_down:
        luma = np.ascontiguousarray(luma[::-1])
    return luma


def _from_the_first_plane(frame: QVideoFrame) -> Grey | None:
    """A copy of the Y bytes of a mapped frame."""
    bytes_each, choose = _LUMA[frame.pixelFormat()]
    width, height, stride = frame.width(), frame.height(), frame.bytesPerLine(0)
    plane = np.frombuffer(frame.bits(0), np.uint8)
    if min(width, height) < 1 or stride < width * bytes_each:
        return None
    # The last line may come without its padding.
    if plane.size < stride * (height - 1) + width * bytes_each:
        return None
    rows = np.lib.stride_tricks.as_strided(
        plane, (height, width * bytes_each), (stride, 1), writeable=False
    )
    return choose(rows, width).copy(order="C")


def _by_way_of_an_image(frame: QVideoFrame) -> Grey | None:
    """The slow way, for RGB and whatever else Qt can convert."""
    image = frame.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    if image.isNull():
        return None
    width, height, stride = image.width(), image.height(), image.bytesPerLine()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, stride)
    return rows[:, :width].copy(order="C")
