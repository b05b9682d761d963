"""What `kiosk verify` is handed: texts, files of text, pictures, and why something is neither."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.adapters.files import FileRefusedError, Refusal, read_file

MAX_INPUT = 20 * 1024 * 1024  # bytes
LONGEST_NAME = 100  # characters; a certificate, even with a damaged prefix, is longer
_PICTURE_MAGIC = (b"\x89PNG", b"\xff\xd8\xff")
_BADGE_PREFIX = "B1:"
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}\Z")
_ADDRESS = re.compile(r"(https?|ftp|file)://", re.IGNORECASE)
_REFUSED = {
    Refusal.FOLDER: "input_is_folder",
    Refusal.NOT_A_FILE: "input_not_a_file",
    Refusal.TOO_LARGE: "input_too_large",
}

PROBLEMS = {
    "input_not_found": "there is no such file; give an HC1 text, a file or -",
    "input_is_address": "this works offline and fetches nothing; save the file, then name it",
    "input_is_folder": "this is a folder; name the files in it",
    "input_not_a_file": "this is a device or a pipe; name a file, or read the pipe with -",
    "input_too_large": "larger than 20 MB; give one picture or text",
    "input_unreadable": "the file cannot be read; check its permissions",
    "input_empty": "there is nothing in it",
    "input_neither_text_nor_picture": "neither text nor a PNG or JPEG picture",
    "not_a_picture": "the picture is damaged; save or send it again",
    "picture_too_large": "the picture has too many pixels, or a side too long; give a smaller one",
    "picture_unreadable": "the picture cannot be examined; save or send it again",
    "picture_without_code": "no QR code was found; try a sharper or larger picture",
}


@dataclass(frozen=True)
class Input:
    """One code to verify under a label for people; or why there is none."""

    label: str
    text: str = ""
    problem: str = ""


def inputs(arguments: list[str]) -> Iterator[Input]:
    """Every code that the arguments name, and every argument without one, in their order."""
    for argument in arguments:
        if argument == "-":
            data = sys.stdin.buffer.read(MAX_INPUT + 1) if sys.stdin else b""
            yield from _from_bytes("-", data)
        elif not argument.strip():
            yield Input(argument, problem="input_empty")
        elif _ADDRESS.match(argument):
            yield Input(argument, problem="input_is_address")
        elif _is_text(argument):
            yield Input(argument, argument)
        else:
            yield from _from_file(Path(argument))


def _is_text(argument: str) -> bool:
    """A code rather than a path: no file is there, and it begins like one or could be no name."""
    from kiosk.core.hcert.envelope import is_certificate

    if is_certificate(argument):
        return True
    try:
        if Path(argument).exists():
            return False
    except (OSError, ValueError):  # too long or impossible as a path
        return True
    too_long = len(argument) > LONGEST_NAME
    return too_long or _begins_like_a_code(argument) or not _could_be_a_name(argument)


def _begins_like_a_code(argument: str) -> bool:
    from kiosk.core.hcert.envelope import other_code
    from kiosk.core.reasons import Reason

    return argument.startswith(_BADGE_PREFIX) or other_code(argument) is not Reason.CODE_UNKNOWN


def _could_be_a_name(argument: str) -> bool:
    """A path, a name with a suffix, or a bare word such as `203`; no code is a single word."""
    separated = any(sign in argument for sign in "/\\")
    return separated or bool(_SUFFIX.search(argument)) or argument.isalnum()


def _from_file(path: Path) -> Iterator[Input]:
    try:
        data = read_file(path, MAX_INPUT)
    except FileRefusedError as error:
        yield Input(str(path), problem=_REFUSED[error.why])
    except (FileNotFoundError, NotADirectoryError):
        yield Input(str(path), problem="input_not_found")
    except OSError:
        yield Input(str(path), problem="input_unreadable")
    else:
        yield from _from_bytes(str(path), data)


def _from_bytes(label: str, data: bytes) -> Iterator[Input]:
    if len(data) > MAX_INPUT:
        yield Input(label, problem="input_too_large")
    elif data.startswith(_PICTURE_MAGIC):
        yield from _from_picture(label, data)
    else:
        yield from _from_text(label, data)


def _from_picture(label: str, data: bytes) -> Iterator[Input]:
    from kiosk.adapters.reader.pictures import PictureError, codes_in_picture

    try:
        texts = codes_in_picture(data)
    except PictureError as error:
        yield Input(label, problem=error.code)
        return
    if not texts:
        yield Input(label, problem="picture_without_code")
    yield from _labelled(label, list(texts))


def _from_text(label: str, data: bytes) -> Iterator[Input]:
    """Each line is a code. Only line ends are taken off: the space is a letter of base45."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        yield Input(label, problem="input_neither_text_nor_picture")
        return
    texts = [line for line in lines if line.strip()]
    if not texts:
        yield Input(label, problem="input_empty")
    yield from _labelled(label, texts)


def _labelled(label: str, texts: list[str]) -> Iterator[Input]:
    for number, text in enumerate(texts, start=1):
        yield Input(label if len(texts) == 1 else f"{label}:{number}", text)
