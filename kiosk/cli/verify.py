"""`kiosk verify`: the organiser's diagnostic tool. It may show every detail; a door never does."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.common import (
    USAGE,
    CommandError,
    Subparsers,
    add_state,
    fail,
    instant,
    load_event_file,
    state_folder,
)

if TYPE_CHECKING:
    from kiosk.core.policy.event import Event
    from kiosk.core.policy.judge import Judgement
    from kiosk.core.trust.trustlist import TrustList
    from kiosk.core.verify import Verification

_EPILOG = """\
examples:
  kiosk verify certificate.png
  kiosk verify --trust dsc-list.json --trust-key list-key.pem \\
               --at 2021-11-22T08:00:00Z --event assets/events/saint-ouen-2021.toml code.txt
  wl-paste | kiosk verify --json -

exit status: 0 when every input is verified and, with --event, accepted; 1 when one is not;
2 for wrong usage or unreadable input."""

MAX_INPUT = 20 * 1024 * 1024  # bytes
MAX_LABEL = 200  # characters of an input that are shown as they are
_PICTURE_MAGIC = (b"\x89PNG", b"\xff\xd8\xff")
_LIKE_A_PATH = (".png", ".jpg", ".jpeg", ".txt")


def add_parser(subparsers: Subparsers[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "verify",
        help="verify certificates: texts, files of text, pictures",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", nargs="+", metavar="INPUT", help="HC1 text, file, or - (stdin)")
    parser.add_argument("--at", type=instant, metavar="TIME", help="verify as of then (ISO 8601)")
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        metavar="SOURCE",
        help="trust list or folder; repeatable (default: certs/ and the state folder)",
    )
    parser.add_argument("--trust-key", type=Path, metavar="PEM", help="pinned key of signed lists")
    parser.add_argument("--event", type=Path, metavar="FILE", help="also judge for this event")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_state(parser)
    parser.set_defaults(func=run)


@dataclass(frozen=True)
class Input:
    """One code to verify under a label for people; or why there is none."""

    label: str
    text: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one input."""

    input: Input
    verification: Verification | None
    judgement: Judgement | None

    @property
    def good(self) -> bool:
        """Whether it is verified and, where it was judged, accepted."""
        from kiosk.core.policy.judge import NotAccepted
        from kiosk.core.verify import Verified

        verified = isinstance(self.verification, Verified)
        return verified and not isinstance(self.judgement, NotAccepted)


def run(options: argparse.Namespace) -> int:
    """Verify each input and print a line or more about it."""
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.trust.formats import TrustSourceError
    from kiosk.core.verify import Verifier

    try:
        event = load_event_file(options.event) if options.event else None
        trust = _trust(options)
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    at: datetime = options.at or SystemClock().now()
    verifier = Verifier(trust)
    if not options.json:
        _show(_about(trust, at))
    status = 0
    for code in _inputs(options.input):
        result = _verify(verifier, code, event, at)
        if options.json:
            print(json.dumps(_as_json(result)))
        else:
            _show(_as_text(result))
        status = max(status, USAGE if code.problem else 0 if result.good else 1)
    return status


def _show(lines: Iterable[str]) -> None:
    """Print without what would steer a terminal: some of it was written by strangers."""
    for line in lines:
        print("".join(c if c.isprintable() else "\ufffd" for c in line))


def _trust(options: argparse.Namespace) -> TrustList:
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust, named_trust

    key = None
    if options.trust_key:
        try:
            key = options.trust_key.read_bytes()
        except OSError as error:
            raise CommandError(f"{options.trust_key}: {error.strerror}") from None
    if options.trust:
        return named_trust(options.trust, key)
    if key:
        raise CommandError("--trust-key belongs to a list named with --trust.")
    return installed_trust([certs(), state_folder(options) / "trust"])


def _verify(verifier: Any, code: Input, event: Event | None, at: datetime) -> Result:
    from kiosk.core.policy.judge import judge
    from kiosk.core.verify import Verified

    if code.problem:
        return Result(code, None, None)
    verification = verifier.verify(code.text, at)
    judged = event is not None and isinstance(verification, Verified)
    return Result(code, verification, judge(verification, event, at) if judged and event else None)


# Inputs


def _inputs(arguments: list[str]) -> Iterator[Input]:
    for argument in arguments:
        if argument == "-":
            yield from _from_bytes("-", sys.stdin.buffer.read(MAX_INPUT + 1))
        elif _is_text(argument):
            yield Input(argument, argument)
        else:
            yield from _from_file(Path(argument))


def _is_text(argument: str) -> bool:
    """A code rather than a path: no file is there, and it does not look like one either."""
    from kiosk.core.hcert.envelope import PREFIX

    if argument.startswith(PREFIX):
        return True
    try:
        if Path(argument).exists():
            return False
    except (OSError, ValueError):  # too long or impossible as a path
        return True
    looks_like_path = argument.lower().endswith(_LIKE_A_PATH) or argument.startswith(("/", "."))
    return not looks_like_path


def _from_file(path: Path) -> Iterator[Input]:
    try:
        if path.is_dir():
            yield Input(str(path), problem="input_is_folder")
            return
        if path.stat().st_size > MAX_INPUT:
            yield Input(str(path), problem="input_too_large")
            return
        data = path.read_bytes()
    except FileNotFoundError:
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


def _shortened(text: str) -> str:
    is_code = text.startswith("HC1:") or len(text) > MAX_LABEL
    return f"{text[:20]}… ({len(text)} characters)" if is_code else text


# Results


def _as_json(result: Result) -> dict[str, object]:
    from kiosk.core.verify import Failed, Indeterminate, Verified

    outcome, reasons, kind = "failed", [result.input.problem], None
    signer = None
    match result.verification:
        case Verified() as verified:
            outcome, reasons, kind = "verified", [], verified.dcc.kind
            signer = verified.signer
        case Failed(reason=reason) as failed:
            reasons, kind, signer = [reason.value], failed.kind, failed.signer
        case Indeterminate(reason=reason) as undecided:
            outcome, reasons, signer = "indeterminate", [reason.value], undecided.signer
    return {
        "input": result.input.label,
        "outcome": outcome,
        "reasons": reasons,
        "signer": {"kid": signer.kid.hex(), "country": signer.country} if signer else None,
        "entry": kind.value if kind else None,
        "policy": _policy(result),
    }


def _policy(result: Result) -> dict[str, object]:
    from kiosk.core.policy.judge import Accepted, NotAccepted

    match result.judgement:
        case Accepted():
            return {"outcome": "accepted", "reasons": []}
        case NotAccepted(reasons=reasons):
            return {"outcome": "not_accepted", "reasons": [reason.value for reason in reasons]}
    return {"outcome": "not_judged", "reasons": []}


def _as_text(result: Result) -> Iterator[str]:
    from kiosk.core.policy.judge import NotAccepted
    from kiosk.core.reasons import Reason, explain
    from kiosk.core.verify import Verified

    row = _as_json(result)
    yield f"{_shortened(result.input.label)}: {row['outcome']}"
    if result.input.problem:
        yield f"  {result.input.problem}: {_PROBLEMS.get(result.input.problem, 'unreadable')}"
    for code in [] if result.input.problem else row["reasons"]:  # type: ignore[attr-defined]
        yield f"  {code}: {explain(Reason(code)).meaning}"
    signer = getattr(result.verification, "signer", None)
    if signer:
        yield f"  signer: {signer.country or 'unknown'}, key {signer.kid.hex()}"
    if isinstance(result.verification, Verified):
        yield from _content(result.verification)
    if result.judgement is not None:
        yield f"  policy: {_policy(result)['outcome']}"
    if isinstance(result.judgement, NotAccepted):
        yield from (f"  {reason}: {explain(reason).meaning}" for reason in result.judgement.reasons)
    notes = getattr(result.verification, "notes", ())
    if notes:
        yield f"  notes: {', '.join(notes)}"


def _content(verified: Any) -> Iterator[str]:
    from kiosk.core.hcert.dcc import CovidTest, Recovery, Vaccination

    holder = verified.dcc.holder
    yield f"  holder: {holder.given} {holder.family}, born {holder.birth_date or 'unknown'}"
    match verified.dcc.entry:
        case Vaccination() as dose:
            yield f"  vaccination: dose {dose.dose} of {dose.doses} on {dose.on}, {dose.product}"
        case CovidTest() as test:
            yield f"  test: {test.type}, sample {test.sampled_at.isoformat()}, {test.result}"
        case Recovery() as recovery:
            yield (
                f"  recovery: first positive {recovery.first_positive}, "
                f"{recovery.valid_from} to {recovery.valid_until}"
            )
    yield f"  expires: {verified.expires_at.isoformat()}"


def _about(trust: TrustList, at: datetime) -> Iterator[str]:
    names = ", ".join(trust.sources) or "none (put a list into certs/ or name it with --trust)"
    yield f"trust: {len(trust.signers)} signers from {names}"
    if trust.issued_at:
        yield f"  list of {trust.issued_at.isoformat()}, {(at - trust.issued_at).days} days old"
    if trust.expires_at and at > trust.expires_at:
        yield f"  past its end, {trust.expires_at.isoformat()}"
    yield from (f"  not used: {line}" for line in trust.skipped)


_PROBLEMS = {
    "input_not_found": "there is no such file; give an HC1 text, a file or -",
    "input_is_folder": "this is a folder; name the files in it",
    "input_too_large": "larger than 20 MB; give one picture or text",
    "input_unreadable": "the file cannot be read; check its permissions",
    "input_empty": "there is nothing in it",
    "input_neither_text_nor_picture": "neither text nor a PNG or JPEG picture",
    "not_a_picture": "the picture is damaged; save or send it again",
    "picture_too_large": "the picture has too many pixels; give a smaller one",
    "picture_without_code": "no QR code was found; try a sharper or larger picture",
}
