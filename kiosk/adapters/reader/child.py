"""What runs in the reader's process: frames in, texts out, and nothing else within reach.

Decoders are native code that is fed whatever somebody holds up. So they work in a process that
holds no key and no database, and that gives away what it could do harm with as soon as it has
loaded what it needs:

- everywhere: interrupts are the program's affair; no output, so nothing of a frame in any log;
- POSIX: every file and socket but the pipe to the program is closed and none can be opened
  (RLIMIT_NOFILE 0), none can grow (RLIMIT_FSIZE 0), no core dump can hold a guest's picture
  (RLIMIT_CORE 0), and memory ends at 1 GiB (RLIMIT_AS; macOS does not enforce it);
- Linux: no more privileges than it has (PR_SET_NO_NEW_PRIVS), and the kernel ends it with the
  thread of the program that began it (PR_SET_PDEATHSIG). Elsewhere, it ends with its pipe;
- Windows: its pipe, and that the program kills it when it does not answer, is all there is.

Nothing heavy is imported at the top: this file is read before the numbers of threads are set.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from ctypes import Array, c_uint8
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kiosk.adapters.reader.messages import READY, Reply, size_of, written
from kiosk.desk.ports import CodeSeen, Hint, Region, Sighting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kiosk.adapters.reader.quick import Look

MOST_MEMORY = 1 << 30  # bytes of address space; 300 MB of it are the libraries
ROOM = 128 << 20  # bytes of it that a look at the largest frame may want
FRESH = (
    2.0  # seconds after its frame for which a patient reading counts: then its guest may be gone
)
PATIENT_WITHIN = 5.0  # seconds; a patient look takes some 0.1
SWITCH_EVERY = 0.00005  # seconds: so that a busy patient look costs the quick one nothing

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38  # linux/prctl.h
_log = logging.getLogger(__name__)
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class QuickLook(Protocol):
    """The look at every frame."""

    def look(self, image: NDArray[np.uint8]) -> Look:
        """The codes in `image`, and the regions in which one of ours could be."""
        ...


class PatientLook(Protocol):
    """The look at frames in which something is there that the quick one did not read."""

    def look(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[CodeSeen, ...]:
        """The codes in `image` within `regions`."""
        ...

    def forget(self) -> None:
        """The next frame shows another code than those before."""
        ...


class Looks(NamedTuple):
    """The two looks of one reader."""

    quick: QuickLook
    patient: PatientLook


MakeLooks = Callable[[], Looks]


def program_looks() -> Looks:
    """Zxing first, a second opinion where a sound zbar is installed, then the patient look."""
    import cv2

    from kiosk.adapters.reader.patient import PatientReader
    from kiosk.adapters.reader.quick import QuickReader

    cv2.setNumThreads(1)
    return Looks(QuickReader(), PatientReader())


def serve(pipe: Connection, block: Array[c_uint8], make: MakeLooks) -> None:
    """Answer requests until the pipe ends. For a process of its own: it does not return."""
    status = 1
    try:
        _prepare()
        answering = Answering(pipe, block, make())
        answering.warm_up()
        _give_up_the_rest(pipe.fileno())
        pipe.send_bytes(READY)
        answering.run()
    except (EOFError, BrokenPipeError):
        status = 0  # the program is done
    finally:
        os._exit(status)


def _prepare() -> None:
    """What has to stand before anything is loaded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the program's: it ends us with itself
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    sys.setswitchinterval(SWITCH_EVERY)
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
        prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))


def _give_up_the_rest(pipe: int) -> None:
    """Leave the process its pipe and its memory."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    try:
        import resource
    except ImportError:  # Windows
        return
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    os.closerange(3, pipe)
    os.closerange(pipe + 1, min(highest, 1 << 16))
    for what, limit in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(what, (limit, limit))


class Answering:
    """Answers one request after the other with the quick look, and with what patience has read."""

    def __init__(self, pipe: Connection, block: Array[c_uint8], looks: Looks) -> None:
        import numpy as np

        from kiosk.adapters.reader.hints import Hints

        self._pipe, self._looks = pipe, looks
        self._pixels = np.ctypeslib.as_array(block)
        self._patience = Patience(looks.patient)
        self._hints = Hints()
        self._complaints: deque[str] = deque(maxlen=4)
        hears = logging.Handler()
        hears.emit = lambda record: self._complaints.append(record.getMessage())  # type: ignore[method-assign]
        logging.root.addHandler(hears)

    def warm_up(self) -> None:
        """Look at something, so that all that is loaded at the first use is loaded now."""
        image = unreadable()
        look = self._looks.quick.look(image)
        codes = self._looks.patient.look(image, look.regions or (Region(0, 0, 640, 480),))
        self._looks.patient.forget()
        for _ in range(2):
            self._hints.hint(image, Region(0, 0, 640, 480))
        self._hints.nothing()
        written(Reply(Sighting(look.codes + codes)))

    def run(self) -> None:
        """Until the pipe ends; EOFError or BrokenPipeError then."""
        while True:
            height, width = size_of(self._pipe.recv_bytes())
            image = self._pixels[: height * width].reshape(height, width)
            sighting = self._sighting(image)
            self._pipe.send_bytes(written(Reply(sighting, self._told())))
            if self._patience.hangs or not _has_room():
                return  # another reader does better

    def _told(self) -> tuple[str, ...]:
        told = tuple(self._complaints)
        self._complaints.clear()
        return told

    def _sighting(self, image: NDArray[np.uint8]) -> Sighting:
        look = self._looks.quick.look(image)
        if look.news:
            self._patience.drop()
            self._hints.nothing()
            return Sighting(look.codes)
        codes = self._patience.take()
        if look.regions:
            self._patience.offer(image.copy(), look.regions)
            hint = self._hints.hint(image, look.regions[0])
        else:
            self._hints.nothing()
            hint = Hint.HOLD_STILL if look.smeared else None
        return look.sighting(codes, hint)


def unreadable() -> NDArray[np.uint8]:
    """A picture of what looks like a code and is none, so that everything is tried on it."""
    import numpy as np

    from kiosk.adapters.reader.patient.symbol import symbol

    known = symbol(16).known
    row, column = np.indices(known.shape)
    noise = (row * 7919 + column * 104729) ** 2 % 10007 % 2 * 2 - 1
    modules = np.where(known != 0, known, noise) > 0
    image = np.full((480, 640), 160, np.uint8)
    drawn = np.pad(np.kron(modules, np.ones((4, 4), bool)), 16, constant_values=True)
    image[60 : 60 + len(drawn), 120 : 120 + len(drawn)] = np.where(drawn, 200, 40)
    return image


class Patience:
    """The patient look in a thread of its own: the newest frame waits for it, its codes for us."""

    def __init__(self, reader: PatientLook) -> None:
        self._reader = reader
        self._waiting: tuple[NDArray[np.uint8], Sequence[Region]] | None = None
        self._codes: tuple[CodeSeen, ...] = ()
        self._codes_since = 0.0  # monotonic seconds of the look that read them
        self._dropped = 0  # how often; a look that began before the last time is of no use
        self._since: float | None = None
        self._wake = threading.Condition()
        threading.Thread(target=self._run, name="patient", daemon=True).start()

    @property
    def hangs(self) -> bool:
        """Whether a look takes longer than any may."""
        since = self._since
        return since is not None and time.monotonic() - since > PATIENT_WITHIN

    def offer(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> None:
        """Look at this frame next, in the place of one that still waits."""
        with self._wake:
            self._waiting = image, regions
            self._wake.notify()

    def take(self) -> tuple[CodeSeen, ...]:
        """The codes that were read since the last call, and not long ago.

        Of a camera that was away the next frame may show another guest.
        """
        with self._wake:
            codes, self._codes = self._codes, ()
            return codes if time.monotonic() - self._codes_since < FRESH else ()

    def drop(self) -> None:
        """A new code was read: nothing of what came before it is another code's."""
        with self._wake:
            self._waiting, self._codes = None, ()
            self._dropped += 1

    def _run(self) -> None:
        forgotten = 0
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting is not None)
                assert self._waiting is not None  # noqa: S101
                (image, regions), self._waiting = self._waiting, None
                since = self._since = time.monotonic()
                began = self._dropped
            if began != forgotten:
                self._reader.forget()
                forgotten = began
            codes = self._look(image, regions)
            with self._wake:
                self._since = None
                if codes and began == self._dropped:
                    self._codes, self._codes_since = codes, since

    def _look(self, image: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[CodeSeen, ...]:
        try:
            codes = self._reader.look(image, regions)
            if codes:
                self._reader.forget()
        except MemoryError:
            os._exit(1)
        except Exception as error:  # noqa: BLE001  # a thread's top: the next frame still counts
            _log.error("a patient look was lost to %s", type(error).__name__)
            return ()
        return codes


def _has_room() -> bool:
    """Whether enough of the limit of memory is left; asking takes address space, and no memory.

    What is in use cannot be asked: a process inherits the peak of the one that began it.
    """
    import numpy as np

    try:
        np.empty(ROOM, np.uint8)
    except MemoryError:
        return False
    return True
