"""A webcam through Qt Multimedia, watched: what stops is said within 3 s, and taken up again."""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtMultimedia import QVideoFrame, QVideoSink

from kiosk.adapters.camera.luma import Grey, luma_of
from kiosk.adapters.camera.webcam import Close, QtWebcams, Webcams
from kiosk.desk.ports import CameraFault, CameraTrouble, Frame

SILENCE = 2.5  # seconds without a frame, then the webcam is in trouble
OPENING = 10.0  # seconds that a webcam may take to its first frame before it is opened anew
OPENED_BEFORE = 2.5  # the same for one that was quicker before, or half more than it took then
LOOK_EVERY = 0.25  # seconds between two looks at the time of the last frame
SAME_FRAMES = 30  # equal frames in a row: frozen, for the noise of a living sensor changes each
SAME_FEW = 10  # the same in a webcam that has become slow, as they do in the dark
# Seconds before the next try to open; the last one repeats. With the opening it is less than the
# 5 s after which a webcam that is back has to show its picture.
BACK_OFF = (0.5, 1.0, 2.0)

JOIN_SECONDS = 5.0

_log = logging.getLogger(__name__)

Deliver = Callable[[Frame], None]
Tell = Callable[[CameraFault], None]


def available_cameras(webcams: Webcams | None = None) -> list[str]:
    """The names of the webcams of this machine, the default one first."""
    return (webcams or QtWebcams()).names()


class QtCamera:
    """One webcam, named by number (0 is the default one), name or device id.

    A QCamera lives in the thread of a Qt application, so `start` and `stop` are to be called
    there, with its event loop running. Frames are delivered from a thread of their own, troubles
    from the Qt thread; a frame after a trouble tells that the trouble is over.
    """

    def __init__(self, wanted: str | int, webcams: Webcams | None = None) -> None:
        self._wanted = str(wanted)
        self._webcams: Webcams = webcams or QtWebcams()
        self._name = self._found() or self._wanted
        self._seen = False
        self._watch: _Watch | None = None

    @property
    def name(self) -> str:
        """The webcam's own name, where it has been seen; until then what was asked for."""
        return self._name

    def start(self, deliver: Deliver, trouble: Callable[[CameraTrouble], None]) -> None:
        """Open the webcam and keep it open; RuntimeError if it has been started already."""
        if self._watch is not None:
            raise RuntimeError(f"{self._name} has been started already")

        def tell(fault: CameraFault) -> None:
            trouble(CameraTrouble(fault, self._name))

        self._watch = _Watch(self._connect, self._gone, self._webcams, deliver, tell)

    def stop(self) -> None:
        """End; when it returns no further call is made. Harmless when it does not run."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()

    def _found(self) -> str | None:
        """The name that is wanted, a number already made a name; None when it is not there."""
        names = self._webcams.names()
        if self._wanted in names:
            return self._wanted
        if self._wanted.isdecimal() and int(self._wanted) < len(names):
            return names[int(self._wanted)]
        same = [name for name in names if name.casefold() == self._wanted.casefold()]
        return same[0] if same else None

    def _gone(self) -> bool:
        """Whether the webcam that was there by its name is not there now."""
        return self._seen and self._found() is None

    def _connect(self, sink: QVideoSink, failed: Callable[[str], None]) -> Close | None:
        """Open it. A number is looked up once: another webcam never takes its place unseen."""
        found = self._found()
        if found is not None:
            self._name = self._wanted = found
            self._seen = True
        return self._webcams.connect(self._wanted, sink, failed)


class _Watch(QObject):
    """Keeps one webcam open from `start` to `stop`, in the thread of the Qt application."""

    def __init__(
        self,
        connect: Callable[[QVideoSink, Callable[[str], None]], Close | None],
        gone: Callable[[], bool],
        webcams: Webcams,
        deliver: Deliver,
        tell: Tell,
    ) -> None:
        super().__init__()
        self._connect, self._gone = connect, gone
        self._tell = tell
        self._converter = _Converter(deliver)
        self._sink = QVideoSink(self)
        # Qt queues it to this thread: a capture thread that waited for Python's lock could never
        # be ended by a stop() that holds it.
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._close: Close | None = None
        self._tries = 0
        self._told: CameraFault | None = None
        self._patience = OPENING
        self._since = 0.0  # monotonic seconds of the last frame, or of the opening
        self._had_frame = False
        self._look = QTimer(self)
        self._look.setInterval(round(LOOK_EVERY * 1000))
        self._look.timeout.connect(self._on_look)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._open)
        self._unwatch = webcams.watch(self._on_change)
        self._look.start()
        self._open()

    def end(self) -> None:
        """Close everything; no call is made afterwards."""
        self._unwatch()
        self._look.stop()
        self._again.stop()
        self._sink.videoFrameChanged.disconnect(self._on_frame)
        self._shut()
        self._converter.end()
        self.deleteLater()

    @Slot()
    def _open(self) -> None:
        self._shut()
        self._converter.begin_anew()
        self._since, self._had_frame = time.monotonic(), False
        self._close = self._connect(self._sink, self._on_failure)
        if self._close is None:
            self._report(CameraFault.NOT_CONNECTED)
            self._later()

    def _shut(self) -> None:
        close, self._close = self._close, None
        if close is not None:
            close()

    def _give_up(self) -> None:
        self._shut()
        self._later()

    def _later(self) -> None:
        """Open anew after a pause that grows from try to try."""
        pause = BACK_OFF[min(self._tries, len(BACK_OFF) - 1)]
        self._tries += 1
        self._again.start(round(pause * 1000))

    def _report(self, fault: CameraFault, driver: str = "") -> None:
        """Tell it once, until a frame comes or the fault is another one; `driver` is for the log.

        The driver's own words come in whatever language the system speaks: no screen shows them.
        """
        if self._told is not fault:
            self._told = fault
            _log.warning("webcam %s%s", fault, f": {driver}" if driver else "")
            self._tell(fault)

    @Slot(QVideoFrame)
    def _on_frame(self, frame: QVideoFrame) -> None:
        if self._close is None or not frame.isValid():
            return
        now = time.monotonic()
        if not self._had_frame:
            self._patience = min(OPENING, max(OPENED_BEFORE, 1.5 * (now - self._since)))
        self._since, self._had_frame = now, True
        if not self._converter.stuck:
            self._tries, self._told = 0, None
        self._converter.offer(QVideoFrame(frame))

    @Slot()
    def _on_look(self) -> None:
        if self._close is None:
            return
        silent = time.monotonic() - self._since
        if self._converter.frozen:
            self._report(CameraFault.FROZEN)
            self._give_up()
        elif silent >= SILENCE:
            self._report(CameraFault.NO_PICTURE)
            if self._had_frame or silent >= self._patience:
                self._tries = 0  # the silence was pause enough
                self._give_up()

    def _on_failure(self, words: str) -> None:
        self._report(CameraFault.FAILED, " ".join(words.split()))
        self._later()  # not at once: this is called from within the QCamera to be taken down

    @Slot()
    def _on_change(self) -> None:
        """A webcam came or went: no use in waiting for silence, nor for the next try."""
        if self._close is not None and self._gone():
            self._report(CameraFault.NOT_CONNECTED)
            self._give_up()
        elif self._close is None or self._told is not None:
            self._tries = 0
            self._again.start(0)


class _Converter:
    """A thread that makes the newest frame grey and delivers it; older ones are dropped.

    `same` counts the frames in a row that showed nothing new, `frozen` holds while there are too
    many, `stuck` from then on until one differs, the webcam opened anew or not. A stuck picture is
    not delivered: nobody is to take it for now.
    """

    def __init__(self, deliver: Deliver) -> None:
        self.same = 0
        self.stuck = False
        self._deliver = deliver
        self._numbers = count()
        self._print: int | None = None
        self._new_at = time.monotonic()  # seconds, of the last frame that showed something new
        self._newest: QVideoFrame | None = None
        self._ended = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="webcam", daemon=True)
        self._thread.start()

    def offer(self, frame: QVideoFrame) -> None:
        """Take this frame next, in the place of one that still waits. Never blocks."""
        with self._wake:
            self._newest = frame
            self._wake.notify()

    @property
    def frozen(self) -> bool:
        """Whether nothing new has come for too many frames, or for too long."""
        long_ago = time.monotonic() - self._new_at >= SILENCE
        return self.same >= (SAME_FEW if long_ago else SAME_FRAMES)

    def begin_anew(self) -> None:
        """The webcam is opened again: count from the start, forget what waits."""
        with self._wake:
            self.same, self._newest = 0, None
            self._new_at = time.monotonic()

    def end(self) -> None:
        """End the thread; no frame is delivered afterwards."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread is not threading.current_thread():
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._ended or self._newest is not None)
                frame, self._newest = self._newest, None
            if self._ended or frame is None:
                return
            try:
                self._hand_on(luma_of(frame))
            except Exception as error:  # noqa: BLE001 a thread's top: the next frame may do
                _log.error("a frame was lost to %s", type(error).__name__)

    def _hand_on(self, image: Grey | None) -> None:
        if not self._shows_something_new(image):
            self.same += 1
            self.stuck = self.stuck or self.frozen
        else:
            self.same, self.stuck, self._new_at = 0, False, time.monotonic()
        if image is not None and not self.stuck and not self._ended:
            self._deliver(Frame(image, next(self._numbers)))

    def _shows_something_new(self, image: Grey | None) -> bool:
        if image is None:
            return False
        before, self._print = self._print, zlib.crc32(image[::8, ::8].tobytes())
        return self._print != before
