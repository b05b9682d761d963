"""A loudspeaker that notes down what it is asked, and processes that play one."""

from __future__ import annotations

import os
import threading
from multiprocessing.connection import Connection

from kiosk.adapters.sound.messages import MOST, Heard, request_of, told
from kiosk.desk.ports import Sound


class NotedSounds:
    """Implements Sounds and Speech."""

    def __init__(self, *languages: str, device: str | None = "Loudspeaker") -> None:
        self.device = device
        self.played: list[Sound] = []
        self.said: list[tuple[str, str]] = []
        self.languages = languages
        self.hushed = 0

    def play(self, sound: Sound) -> None:
        self.played.append(sound)

    def test(self) -> None:
        self.played += [Sound.ADMIT, Sound.DESK, Sound.REFUSE]

    def can_speak(self, language: str) -> bool:
        return language in self.languages

    def say(self, text: str, language: str) -> None:
        self.said.append((text, language))

    def hush(self) -> None:
        self.hushed += 1


def echo(pipe: Connection, _folder: str, volume: int) -> None:
    """A process that tells every request back as the name of its device."""
    pipe.send_bytes(told(Heard(f"volume {volume}", frozenset({"fr", "nb"}))))
    while True:
        try:
            request = request_of(pipe.recv_bytes(MOST))
        except EOFError:
            return
        if request.get("sound") == Sound.REFUSE:
            os._exit(9)
        pipe.send_bytes(told(Heard(" ".join(map(str, request.values())))))


def nonsense(pipe: Connection, _folder: str, _volume: int) -> None:
    """A process that tells what nobody understands."""
    pipe.send_bytes(b'{"device": 7}')
    pipe.recv_bytes(MOST)


def hangs(pipe: Connection, _folder: str, _volume: int) -> None:
    """A process that takes one request and never answers it."""
    pipe.send_bytes(told(Heard("hangs", frozenset({"fr"}))))
    pipe.recv_bytes(MOST)
    threading.Event().wait()
