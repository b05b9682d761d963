"""What a window lets be heard: a sound for each answer and step, and the sentence read aloud."""

from __future__ import annotations

from weakref import ReferenceType, ref

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk.adapters.sound.loudspeaker import Loudspeaker
from kiosk.adapters.system.places import assets
from kiosk.bootstrap.station import RunningStation
from kiosk.desk.admission import Admission, Shown
from kiosk.desk.ports import Sound, Sounds, Speech
from kiosk.desk.settings import Settings
from kiosk.gui.desk.screen import DeskScreen
from kiosk.gui.guest.screen import SelfScreen
from kiosk.gui.window import KioskWindow

START_AFTER = 1500  # milliseconds after the window is shown: scanning comes first
SOON = 60  # milliseconds: the sound of an answer is asked for once it has been painted
AFTER_A_SOUND = 700  # milliseconds: the longest takes 810, and ends softly

SOUND_OF = {
    Shown.ADMIT: Sound.ADMIT,
    Shown.DESK: Sound.DESK,
    Shown.REFUSE: Sound.REFUSE,
    Shown.READY: Sound.READ,
    Shown.AWAIT_BADGE: Sound.READ,
    Shown.AWAIT_CERTIFICATE: Sound.READ,
    Shown.ONE_AT_A_TIME: Sound.ASK,
}


def volume_of(settings: Settings) -> int:
    """0 to 100; 0 where sounds are off."""
    return settings.volume if settings.sounds else 0


def loudspeaker(volume: int, *, speaks: bool = True) -> Loudspeaker:
    """The loudspeaker of this PC, not begun yet; volume from 0 to 100."""
    folder = assets() / "sounds"
    return Loudspeaker(folder, volume) if speaks else Loudspeaker(folder, volume, voice=None)


class ReadAloud(QObject):
    """Has what a guest wants to hear read aloud, after the sound of the answer. The window's."""

    _changed = Signal()

    def __init__(self, window: KioskWindow, speech: Speech) -> None:
        super().__init__(window)
        self._window, self._speech = window, speech
        self._waiting = ("", "")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._say)
        self._changed.connect(self._offer)
        window.answered.connect(self._after_the_sound)
        screen = window.screen_shown
        if isinstance(screen, SelfScreen):
            screen.listen_wanted.connect(self._want)
        self._offer()

    def voices_changed(self) -> None:
        """Other languages can be read now. From any thread."""
        self._changed.emit()

    def _offer(self) -> None:
        screen = self._window.screen_shown
        if isinstance(screen, SelfScreen):
            screen.can_listen = self._speech.can_speak

    def _want(self, text: str, language: str) -> None:
        """Soon, for an answer's sound may be on its way; no words mean silence."""
        self._timer.stop()
        self._speech.hush()
        self._waiting = (text, language)
        if text:
            self._timer.start(SOON)

    def _after_the_sound(self, admission: Admission) -> None:
        if self._timer.isActive() and admission.shown in SOUND_OF:
            self._timer.start(AFTER_A_SOUND)

    def _say(self) -> None:
        self._speech.say(*self._waiting)
        self._waiting = ("", "")  # it may hold a name


class SoundsOf(QObject):
    """Plays what a window tells, as it is painted. It belongs to the window."""

    def __init__(self, window: KioskWindow, sounds: Sounds) -> None:
        super().__init__(window)
        self._sounds = sounds
        self._last: ReferenceType[Admission] | None = None  # weak: nobody is remembered here
        window.answered.connect(self._answer)
        screen = window.screen_shown
        if isinstance(screen, DeskScreen):
            screen.header.staff_wanted.connect(self._call)
        else:
            screen.preview.gone.connect(self._call)

    def _answer(self, admission: Admission) -> None:
        """Once for each: the desk shows a card again that staff are still deciding on."""
        if self._last is None or admission is not self._last():
            self._last = ref(admission)
            if sound := SOUND_OF.get(admission.shown):
                self._sounds.play(sound)

    def _call(self, wanted: bool = True) -> None:
        if wanted:
            self._sounds.play(Sound.CALL)


def let_be_heard(running: RunningStation) -> Loudspeaker:
    """The loudspeaker of a station, to be stopped with it; it begins once the window scans."""
    window = running.window
    guests = isinstance(window.screen_shown, SelfScreen)  # nothing is read aloud to staff
    speaker = loudspeaker(volume_of(window.settings), speaks=guests)
    SoundsOf(window, speaker)
    aloud = ReadAloud(window, speaker)
    speaker.on_change = aloud.voices_changed
    window.settings_taken.connect(lambda settings: speaker.set_volume(volume_of(settings)))
    QTimer.singleShot(START_AFTER, window, speaker.start)
    return speaker
