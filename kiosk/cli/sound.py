"""`kiosk sound`: what this PC lets be heard."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.cli.common import Subparsers, add_state, fail, state_folder
from kiosk.desk.ports import Sound

if TYPE_CHECKING:
    from kiosk.adapters.sound.loudspeaker import Loudspeaker

_EPILOG = """\
Exit status 0 when the sounds were played, 1 where there is no device to play them at."""
DEVICE_WITHIN = 15.0  # seconds
VOICES_WITHIN = 15.0  # seconds more; a speech engine that is not running yet takes some two
BETWEEN = 1.4  # seconds from one sound to the next; the longest takes 0.81
SAYING = 6.0  # seconds that a sentence has
MEANINGS = {
    Sound.ADMIT: "welcome: two rising notes",
    Sound.DESK: "please see the desk: two equal notes",
    Sound.REFUSE: "this certificate does not do: a fall into the depth",
    Sound.READ: "a code was read, show the other one: one short touch",
    Sound.ASK: "one code at a time: down and up again",
    Sound.CALL: "staff are wanted here: three quick notes",
}
REMEDY = (
    "Connect a loudspeaker, turn it up in the system's own settings, and see that PulseAudio or "
    "PipeWire runs (`kiosk doctor`)."
)


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "sound",
        help="play the sounds of the answers, and say which languages can be read aloud",
        description="Plays each sound with its name, as loud as the settings of this PC say.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "--volume", type=int, choices=range(101), metavar="0-100", help="instead of the settings'"
    )
    parser.add_argument("--say", metavar="TEXT", help="read this aloud afterwards")
    parser.add_argument(
        "--language", default="en", metavar="CODE", help="the language of --say (default en)"
    )
    add_state(parser)
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Play them."""
    try:
        from kiosk.adapters.system.settingsfile import SettingsFile
        from kiosk.bootstrap.heard import loudspeaker, volume_of
    except ImportError as error:
        return fail(f"A library is missing ({error}). `kiosk doctor` names the remedy.")
    settings = SettingsFile(state_folder(options)).read().settings
    volume = volume_of(settings) if options.volume is None else options.volume
    speaker = loudspeaker(volume)
    news = threading.Event()
    speaker.on_change = news.set
    speaker.start()
    try:
        return _let_hear(speaker, news, options, volume)
    finally:
        speaker.stop()


def _let_hear(
    speaker: Loudspeaker, news: threading.Event, options: argparse.Namespace, volume: int
) -> int:
    if not _comes(lambda: speaker.device is not None, news, DEVICE_WITHIN) or not speaker.device:
        print(f"kiosk: sound: no device. {REMEDY}", file=sys.stderr)
        return 1
    print(f"{speaker.device}, volume {volume} of 100")
    for name, meaning in MEANINGS.items():
        print(f"  {name:7} {meaning}", flush=True)
        speaker.play(Sound(name))
        time.sleep(BETWEEN)
    _comes(lambda: bool(speaker.languages), news, VOICES_WITHIN)
    print("read aloud:", " ".join(sorted(speaker.languages)) or "nothing, for there is no voice")
    if options.say is None:
        return 0
    if not speaker.can_speak(options.language):
        return fail(f"There is no voice for {options.language!r}.")
    speaker.say(options.say, options.language)
    time.sleep(SAYING)
    return 0


def _comes(there: Callable[[], bool], news: threading.Event, within: float) -> bool:
    """Wait until it is there; whether it is."""
    until = time.monotonic() + within
    while not there() and (left := until - time.monotonic()) > 0:
        news.wait(left)
        news.clear()
    return there()
