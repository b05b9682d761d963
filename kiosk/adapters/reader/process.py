"""The reader's process from the program's side: frames go in, and it is replaced when it fails.

One frame is being read at a time, the newest one waits, and the others are dropped. A process that
does not answer within a second is killed: a printed sheet of finder patterns can keep a decoder
busy, and one that is broken may do anything. A second process stands by, warm, so that reading is
away for little more than that second.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable
from ctypes import c_uint8
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.reader.child import MakeLooks, program_looks, serve
from kiosk.adapters.reader.frames import MAX_HEIGHT, MAX_WIDTH, capped
from kiosk.adapters.reader.messages import MAX_REPLY, READY, Reply, read, request
from kiosk.desk.ports import Frame, Sighting

# Seconds for a quick look. Of hostile frames zxing took 0.14 for nearly all, 0.95 for the worst:
# faint finder patterns of a pixel a module all over a 1080p frame. Such a sheet costs its frames.
ANSWER_WITHIN = 1.0
WHOLE_WITHIN = 1.5  # seconds for all of an answer that was begun in time
WARM_WITHIN = 30.0  # seconds that a process may take to start, on a cold and busy machine
AWAY_AFTER = 2.0  # seconds without an answer, then the window tells it
FIRST_AFTER = 10.0  # seconds to the first answer of all: the program is only starting
# Seconds before the next process, by how many in a row have ended without a single answer.
BACK_OFF = (0.0, 0.5, 1.0, 2.0, 5.0)
TEND_EVERY = 0.05  # seconds between two looks after the processes

JOIN_SECONDS = 5.0

_log = logging.getLogger(__name__)


class ReadingProcess:
    """Reads frames in a process and calls `on_sighting` from a thread of its own.

    `on_away(True)`, from that thread too, tells that frames come and nothing has read one for
    2 seconds; `on_away(False)` that they are read again. `make` is called in the process. Whoever
    begins it before anybody can take what it reads names the two with `tell`.
    """

    def __init__(
        self,
        on_sighting: Callable[[Frame, Sighting], None] = lambda *_: None,
        on_away: Callable[[bool], None] = lambda _: None,
        make: MakeLooks = program_looks,
    ) -> None:
        self._make = make
        self.tell(on_sighting, on_away)
        self._newest: Frame | None = None
        self._ended = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._active: _Child | None = None
        self._standby: _Child | None = None
        self._failures = 0  # processes in a row that ended without an answer
        self._lacking = False  # whether the system had no process to give
        self._begin_at = 0.0  # monotonic seconds; no process is begun before
        self._watch = _Absence()
        self._turned = time.monotonic()  # when the thread last looked round

    @property
    def silence(self) -> float:
        """Seconds since the thread that tends the processes turned last; 0 while there is none."""
        return time.monotonic() - self._turned if self._thread is not None else 0.0

    @property
    def pid(self) -> int | None:
        """The number of the process that reads now; None while it is not there or not warm."""
        child = self._active
        return child.pid if child is not None and child.warm else None

    @property
    def standing_by(self) -> bool:
        """Whether a second process is warm."""
        child = self._standby
        return child is not None and child.warm

    def tell(
        self, on_sighting: Callable[[Frame, Sighting], None], on_away: Callable[[bool], None]
    ) -> None:
        """Call these from now on; before the first frame is offered."""
        self._on_sighting, self._on_away = on_sighting, on_away

    def __enter__(self) -> Self:
        """Begun, until the end of `with`."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin; RuntimeError when it runs or has run already."""
        if self._thread is not None:
            raise RuntimeError("reading is started once")
        self._turned = time.monotonic()
        # The thread begins the processes itself: on Linux they end with it.
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def offer(self, frame: Frame) -> None:
        """Read this frame next, in the place of one that still waits. Never blocks."""
        with self._wake:
            self._newest = frame
            self._watch.offered()
            self._wake.notify()
        child = self._active
        if child is not None and child.overdue:
            child.kill()  # the reading thread waits for the rest of an answer that was begun

    def stop(self) -> None:
        """End; when it returns no further call is made, and no process is left."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        for child in (self._active, self._standby):
            if child is not None:
                child.kill()  # so that the thread need not wait for an answer
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        if sys.platform != "win32":  # Ctrl+C is the program's: its children begin without it
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while not self._ended:
                self._step()
        finally:
            for child in (self._active, self._standby):
                if child is not None:
                    child.end()

    def _step(self) -> None:
        self._turned = time.monotonic()
        self._tend()
        child = self._active
        frame = self._next(wanted=child is not None and child.warm)
        if frame is not None and child is not None:
            self._read(child, frame)
        away = self._watch.changed()
        if away is not None:
            _log.warning("frames are not being read" if away else "frames are being read again")
            try:
                self._on_away(away)
            except Exception as error:  # noqa: BLE001 a thread's top: reading goes on
                _log.error("being away was lost to %s", type(error).__name__)

    def _next(self, *, wanted: bool) -> Frame | None:
        """The newest frame as soon as there is one; None when it is time to tend the processes."""
        with self._wake:
            self._wake.wait_for(
                lambda: self._ended or (wanted and self._newest is not None), TEND_EVERY
            )
            if self._ended or not wanted:
                return None
            frame, self._newest = self._newest, None
            return frame

    def _read(self, child: _Child, frame: Frame) -> None:
        is_proven = child.answered
        try:
            reply = child.look(frame.image)
        except _LostError as error:
            self._replace(child, str(error))
            return
        except ValueError:  # no grey picture
            _log.error("a frame was lost to its form")
            return
        if not is_proven:  # not at every answer: one that reads says nothing of those begun now
            self._failures = 0
        self._watch.answered()
        for complaint in reply.complaints:
            _log.warning("reader: %s", complaint)
        if self._ended:
            return
        try:
            self._on_sighting(frame, reply.sighting)
        except Exception as error:  # noqa: BLE001 a thread's top: the next frame still counts
            _log.error("a sighting was lost to %s", type(error).__name__)

    # The processes

    def _tend(self) -> None:
        """Bury the dead, move the one that stands by up, and begin what is missing."""
        for child in (self._active, self._standby):
            if child is not None and (why := child.trouble()):
                self._replace(child, why)
        if self._active is None:
            self._active, self._standby = self._standby, None
        if time.monotonic() < self._begin_at:
            return
        if self._active is None:
            self._active = self._begun()
        elif self._standby is None and self._active.answered:  # the start itself comes first
            self._standby = self._begun()

    def _begun(self) -> _Child | None:
        """A new process; None where the system has none to give just now."""
        try:
            child = _Child(self._make)
        except (OSError, MemoryError) as error:  # processes, memory, files, room in /dev/shm
            if not self._lacking:  # once: it is tried again and again
                _log.warning("no reader could be begun: %s", type(error).__name__)
            self._lacking = True
            self._failed()
            return None
        self._lacking = False
        return child

    def _replace(self, child: _Child, why: str) -> None:
        if self._ended:  # `stop` has killed it
            return
        child.end()
        if child is self._active:
            self._active = None
        else:
            self._standby = None
        _log.warning("a reader was replaced: %s", why)
        self._failed(child.answered)

    def _failed(self, answered: bool = False) -> None:
        """The next process is begun after a pause, a longer one where none ever answered."""
        if not answered:
            self._failures += 1
        pause = BACK_OFF[min(self._failures, len(BACK_OFF) - 1)]
        self._begin_at = time.monotonic() + pause


class _LostError(Exception):
    """A process gave no answer, or none that can be taken; says why, and nothing of a frame."""


class _Child:
    """One process, its pipe, and the block that its frames lie in."""

    def __init__(self, make: MakeLooks) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._block = context.RawArray(c_uint8, MAX_WIDTH * MAX_HEIGHT)
        self._pixels = np.ctypeslib.as_array(self._block)
        self._process = context.Process(
            target=serve, args=(theirs, self._block, make), name="reader", daemon=True
        )
        self._process.start()
        theirs.close()  # so that its end is the pipe's end
        self._began = time.monotonic()
        self.warm = False  # whether it has loaded everything and takes frames, when last asked
        self._asked: float | None = None  # monotonic seconds of a frame that it has to read
        self.answered = False
        self.pid = self._process.pid

    @property
    def overdue(self) -> bool:
        """Whether it has begun to answer in time, and still has not ended. From any thread."""
        asked = self._asked
        return asked is not None and time.monotonic() - asked > WHOLE_WITHIN

    def trouble(self) -> str:
        """Why it is of no use any more; empty while it is. Looks whether it is warm by now."""
        try:
            if not self.warm and self._pipe.poll():
                self.warm = self._pipe.recv_bytes(len(READY)) == READY
        except (EOFError, OSError):
            pass  # it is dead
        if not self._process.is_alive():
            return f"it ended with {self._process.exitcode}"
        late = time.monotonic() - self._began > WARM_WITHIN
        return "it was not ready in time" if late and not self.warm else ""

    def look(self, image: NDArray[np.uint8]) -> Reply:
        """Have a frame read. _LostError; ValueError for what is no grey picture of 8 bits."""
        small, scale = capped(image)
        height, width = small.shape
        self._pixels[: small.size] = small.ravel()
        self._asked = time.monotonic()
        try:
            self._pipe.send_bytes(request(height, width))
            if not self._pipe.poll(ANSWER_WITHIN):
                raise _LostError("it did not answer in time")
            data = self._pipe.recv_bytes(MAX_REPLY)
        except (EOFError, OSError) as error:
            raise _LostError("it ended while it read") from error
        finally:
            self._asked = None
        try:
            reply = read(data, scale)
        except ValueError as error:
            raise _LostError("it gave no proper answer") from error
        self.answered = True
        return reply

    def kill(self) -> None:
        """End the process at once. From any thread."""
        self._process.kill()

    def end(self) -> None:
        """End the process and give back what it had."""
        self._process.kill()
        self._process.join(JOIN_SECONDS)
        self._pipe.close()


class _Absence:
    """Notices that frames come and none is read."""

    def __init__(self) -> None:
        self._waiting_since: float | None = None  # monotonic seconds of the first unread frame
        self._last_offer = 0.0
        self._patience = FIRST_AFTER
        self._away = False

    def offered(self) -> None:
        """A frame has come."""
        self._last_offer = time.monotonic()
        if self._waiting_since is None:
            self._waiting_since = self._last_offer

    def answered(self) -> None:
        """A frame was read."""
        self._waiting_since, self._patience = None, AWAY_AFTER

    def changed(self) -> bool | None:
        """Whether frames are away from now on, or read from now on; None: as before."""
        now, since = time.monotonic(), self._waiting_since
        if since is None:
            away = False
        else:
            # Of a camera that sends no more frames there is none to be read.
            away = self._away or (
                now - since > self._patience and now - self._last_offer < AWAY_AFTER
            )
        if away == self._away:
            return None
        self._away = away
        return away
