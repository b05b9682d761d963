"""The sounds, loaded and ready to be heard. For the loudspeaker's process alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QAudioDevice, QMediaDevices, QSoundEffect

from kiosk.adapters.sound.volume import gain
from kiosk.desk.ports import Sound

ANSWERS = (Sound.ADMIT, Sound.DESK, Sound.REFUSE)
TEST_EVERY = 1500  # milliseconds between two sounds of a test; the longest takes 810


class Effects(QObject):
    """Plays one sound at a time on the system's own device, and follows when that is another.

    on_device: told the name of the device at the start and when it changes, empty without one.
    on_done: called after each request. `asked` may be emitted from any thread.
    """

    asked = Signal(dict)

    def __init__(
        self, folder: Path, on_device: Callable[[str], None], on_done: Callable[[], None]
    ) -> None:
        super().__init__()
        self._folder, self._on_device, self._gain = folder, on_device, 1.0
        self._on_done = on_done
        self.asked.connect(self._take)
        self._sounds: dict[Sound, QSoundEffect] = {}
        self._now: QSoundEffect | None = None
        self._testing = QTimer(self, interval=TEST_EVERY)
        self._testing.timeout.connect(self._test_next)
        self._to_test: list[Sound] = []
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self.look)
        self.look()

    def _take(self, request: dict[str, Any]) -> None:
        match request:
            case {"do": "play", "sound": str(sound)} if sound in set(Sound):
                self.play(Sound(sound))
            case {"do": "test"}:
                self.test()
            case {"do": "volume", "to": int(volume)}:
                self.set_volume(volume)
        self._on_done()

    def look(self) -> None:
        """Take the device that is there now; without one nothing is loaded and nothing is heard."""
        device = QMediaDevices.defaultAudioOutput()
        self._now = None
        for effect in self._sounds.values():
            effect.stop()
            effect.deleteLater()
        self._sounds = {} if device.isNull() else {s: self._loaded(s, device) for s in Sound}
        self._on_device("" if device.isNull() else device.description())

    def set_volume(self, volume: int) -> None:
        """0 to 100."""
        self._gain = gain(volume)
        for effect in self._sounds.values():
            effect.setVolume(self._gain)

    def play(self, sound: Sound) -> None:
        """From its beginning, in the place of any other."""
        self._testing.stop()
        self._start(sound)

    def test(self, sounds: Sequence[Sound] = ANSWERS) -> None:
        """One after the other."""
        self._to_test = list(sounds)
        self._test_next()
        self._testing.start()

    def _test_next(self) -> None:
        if self._to_test:
            self._start(self._to_test.pop(0))
        else:
            self._testing.stop()

    def _start(self, sound: Sound) -> None:
        if self._now is not None:
            self._now.stop()
        self._now = self._sounds.get(sound)
        if self._now is not None and self._gain:
            self._now.play()

    def _loaded(self, sound: Sound, device: QAudioDevice) -> QSoundEffect:
        effect = QSoundEffect(device, self)
        effect.setSource(QUrl.fromLocalFile(str(self._folder / f"{sound}.wav")))
        effect.setVolume(self._gain)
        return effect
