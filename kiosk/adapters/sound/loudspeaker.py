"""The loudspeaker of a station: sounds from one process, sentences from another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.adapters.sound.child import serve_sounds, serve_voice
from kiosk.adapters.sound.messages import LONGEST, as_spoken, written
from kiosk.adapters.sound.process import Remote, Serve
from kiosk.desk.ports import Sound


class Loudspeaker:
    """Implements Sounds and Speech. Every method may be called from any thread.

    folder: the sounds as WAV files. volume: 0 to 100. on_change: called from a thread of its own
    when the device or the voices are others. sounds, voice: what runs in the processes; without
    `voice` nothing is read aloud.
    """

    def __init__(
        self,
        folder: Path,
        volume: int = 80,
        on_change: Callable[[], None] = lambda: None,
        *,
        sounds: Serve = serve_sounds,
        voice: Serve | None = serve_voice,
    ) -> None:
        self._volume, self.on_change = volume, on_change
        begun = str(folder), lambda: self._volume, lambda: self.on_change()
        self._sounds = Remote("sounds", sounds, *begun)
        self._voice = Remote("voice", voice, *begun) if voice else None

    @property
    def device(self) -> str | None:
        """Where it is heard: a name; empty where there is no device, None while that is unknown."""
        return self._sounds.heard.device

    @property
    def languages(self) -> frozenset[str]:
        """Those that can be read aloud, as far as is known."""
        return self._voice.heard.languages if self._voice else frozenset()

    def start(self) -> None:
        """Begin; nothing is waited for."""
        for each in self._processes():
            each.start()

    def stop(self) -> None:
        """Be silent for good; no process is left."""
        for each in self._processes():
            each.stop()

    def set_volume(self, volume: int) -> None:
        """0 to 100; 0 is silence."""
        self._volume = volume
        for each in self._processes():
            each.ask(written("volume", to=volume))

    def play(self, sound: Sound) -> None:
        """Let `sound` be heard now, in the place of one that still plays."""
        self._sounds.ask(written("play", sound=sound.value))

    def test(self) -> None:
        """Let the three answers be heard, one after the other."""
        self.hush()
        self._sounds.ask(written("test"))

    def can_speak(self, language: str) -> bool:
        """Whether there is a voice for `language` (ISO 639-1), and a device to hear it at."""
        return bool(self.device) and as_spoken(language) in self.languages

    def say(self, text: str, language: str) -> None:
        """Read `text` aloud in the place of what is being read; nothing without a voice."""
        if self._voice and self.languages:
            self._voice.ask(written("say", text=text[:LONGEST], language=language))

    def hush(self) -> None:
        """Read no further."""
        if self._voice and self.languages:
            self._voice.ask(written("hush"))

    def _processes(self) -> list[Remote]:
        return [self._sounds, self._voice] if self._voice else [self._sounds]
