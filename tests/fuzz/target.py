"""What the guided fuzzer calls for each input (`python -m tests.fuzz.target`, libFuzzer's options).

The first byte says at which layer the others enter, so that one corpus serves all of them. Only the
decoder and the verifier are watched for coverage.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kiosk.core"]):
    import kiosk.core.verify  # noqa: F401  # before anything else imports it

from kiosk.demo.issuer import text_of
from tests.fuzz.examine import Finding, examine
from tests.fuzz.mutations import code_of
from tests.fuzz.originals import Signed, originals, p256
from tests.fuzz.regressions import keep

LIMIT = 1.0  # seconds of CPU time; watching costs some ten times the bare work
_TEXT, _COMPRESSED, _MESSAGE, _PAYLOAD, _HEADER = range(5)

_found: set[tuple[str, str]] = set()


def one_input(data: bytes) -> None:
    """Examine what libFuzzer thought of; a finding is kept once, and the search goes on."""
    text, signed = text_from(data)
    finding = examine(text, signed, LIMIT).finding
    if finding and (finding.kind, finding.details) not in _found:
        _found.add((finding.kind, finding.details))
        _tell(finding)


def text_from(data: bytes) -> tuple[str, Signed | None]:
    """The text of a code that carries `data` at the layer of its first byte."""
    layer, rest = (data[0] % 5, data[1:]) if data else (_TEXT, b"")
    if layer == _COMPRESSED:
        return code_of(rest), None
    if layer == _MESSAGE:
        return text_of(rest), None
    if layer == _PAYLOAD:
        header = originals()[0].parts[0]
        return p256().sign_message(header, {}, rest), (header, rest)
    if layer == _HEADER:
        payload = originals()[0].parts[2]
        return p256().sign_message(rest, {1: -7, 4: p256().kid}, payload), (rest, payload)
    return rest.decode("latin-1"), None


def seeds() -> Iterator[bytes]:
    """Where the search begins: the originals at each layer."""
    for original in originals():
        yield bytes([_TEXT]) + original.text.encode("ascii")
        yield bytes([_COMPRESSED]) + zlib.compress(original.message, 9)
        yield bytes([_MESSAGE]) + original.message
        yield bytes([_PAYLOAD]) + original.parts[2]
        yield bytes([_HEADER]) + original.parts[0]


def _tell(finding: Finding) -> None:
    (path,) = keep([finding])
    sys.stderr.write(f"FOUND {finding.kind}: {finding.details}; kept: {path}\n")


def main() -> None:
    """Seed the corpus, which is the last argument, and search."""
    corpus = Path(sys.argv[-1])
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number:02}").write_bytes(seed)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
