"""Light, focus and exposure of a webcam, as far as the system lets a program set them."""

from __future__ import annotations

from PySide6.QtMultimedia import QCamera

from kiosk.adapters.camera.wishes import Torch, Wishes

_TORCHES = {
    Torch.ON: QCamera.TorchMode.TorchOn,
    Torch.OFF: QCamera.TorchMode.TorchOff,
    Torch.AUTO: QCamera.TorchMode.TorchAuto,
}
_BARCODE = QCamera.ExposureMode.ExposureBarcode
_AUTO, _MANUAL = QCamera.FocusMode.FocusModeAuto, QCamera.FocusMode.FocusModeManual


def apply_wishes(camera: QCamera, wishes: Wishes) -> list[str]:
    """Set what is wished for on a running webcam; what it cannot do, each with what to do instead.

    The exposure for codes is taken wherever there is one: nobody has to ask for it.
    """
    if camera.isExposureModeSupported(_BARCODE):
        camera.setExposureMode(_BARCODE)
    refused = [_light(camera, wishes.torch), _focused(camera, wishes.focus)]
    return [words for words in refused if words]


def _light(camera: QCamera, torch: Torch | None) -> str:
    if torch is None:
        return ""
    if camera.isTorchModeSupported(_TORCHES[torch]):
        camera.setTorchMode(_TORCHES[torch])
        return ""
    return f"This system cannot switch a light of this webcam {torch}: put a lamp beside it."


def _focused(camera: QCamera, focus: str | float | None) -> str:
    if focus is None:
        return ""
    if isinstance(focus, str):
        if camera.isFocusModeSupported(_AUTO):
            camera.setFocusMode(_AUTO)
            return ""
        return "This system cannot set the focus of this webcam: leave out --focus."
    has_distance = bool(camera.supportedFeatures() & QCamera.Feature.FocusDistance)
    if has_distance and camera.isFocusModeSupported(_MANUAL):
        camera.setFocusMode(_MANUAL)
        camera.setFocusDistance(focus)
        return ""
    return (
        "This system cannot fix the focus of this webcam: mark the distance at which codes are"
        " sharp on the stand, or fix the focus with the maker's program."
    )
