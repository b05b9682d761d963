"""`kiosk verify`: the organiser's diagnostic tool. It may show every detail; a door never does."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.cli.common import (
    USAGE,
    CommandError,
    Subparsers,
    add_state,
    counted,
    fail,
    instant,
    load_policy_file,
    read_key,
    show,
    state_folder,
)
from kiosk.cli.country import NOTHING_TOLD, Country, Told, add_country, load_country
from kiosk.cli.inputs import PROBLEMS, Input, inputs

if TYPE_CHECKING:
    from kiosk.core.notes import Note
    from kiosk.core.policy.judge import Judgement, Policy
    from kiosk.core.revocation.revocations import Revocations
    from kiosk.core.trust.trustlist import TrustList
    from kiosk.core.verify import Verification, Verified

_EPILOG = """\
examples:
  kiosk verify certificate.png
  kiosk verify --trust dsc-list.json --trust-key list-key.pem \\
               --at 2021-11-22T08:00:00Z --event assets/events/saint-ouen-2021.toml code.txt
  wl-paste | kiosk verify --json -

exit status: 0 when every input is verified and, with --event or --country, accepted; 1 when
one is not; 2 for wrong usage or unreadable input."""

MAX_LABEL = 200  # characters of an input that are shown as they are


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
    parser.add_argument(
        "--revocation",
        type=Path,
        metavar="FILE",
        help="signed revocation list (default: the one installed in the state folder)",
    )
    parser.add_argument("--revocation-key", type=Path, metavar="PEM", help="the organiser's key")
    parser.add_argument(
        "--blocklist", type=Path, metavar="FILE", help="default: the one of the state folder"
    )
    parser.add_argument("--event", type=Path, metavar="FILE", help="also judge for this event")
    add_country(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_state(parser)
    parser.set_defaults(func=run)


@dataclass(frozen=True)
class Result:
    """What became of one input."""

    input: Input
    verification: Verification | None
    judgement: Judgement | None
    told: Told = NOTHING_TOLD

    @property
    def good(self) -> bool:
        """Whether it is verified and, where it was judged, accepted."""
        from kiosk.core.policy.judge import Accepted
        from kiosk.core.verify import Verified

        accepted = self.judgement is None or isinstance(self.judgement, Accepted)
        return isinstance(self.verification, Verified) and accepted and self.told.good


def run(options: argparse.Namespace) -> int:
    """Verify each input and print a line or more about it."""
    from kiosk.adapters.system.clock import SystemClock
    from kiosk.core.trust.formats import TrustSourceError
    from kiosk.core.verify import Verifier

    try:
        policy = load_policy_file(options.event)[1] if options.event else None
        country = load_country(options)
        trust = _trust(options)
        revocations = _revocations(options)
    except (CommandError, TrustSourceError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}")
    at: datetime = options.at or SystemClock().now()
    verifier = Verifier(trust, revocations)
    if not options.json:
        show(_about(trust, at))
        show(_about_revocations(revocations, at))
    status = 0
    for code in inputs(options.input):
        result = _verify(verifier, code, policy, country, at)
        if options.json:
            print(json.dumps(_as_json(result)))
        else:
            show(_as_text(result))
        status = max(status, USAGE if code.problem else 0 if result.good else 1)
    return status


def _trust(options: argparse.Namespace) -> TrustList:
    from kiosk.adapters.system.places import certs
    from kiosk.adapters.trust.sources import installed_trust, named_trust

    key = read_key(options.trust_key) if options.trust_key else None
    if options.trust:
        return named_trust(options.trust, [key] if key else [])
    if key:
        raise CommandError("--trust-key belongs to a list named with --trust.")
    return installed_trust([certs(), state_folder(options) / "trust"])


def _revocations(options: argparse.Namespace) -> Revocations:
    from kiosk.cli import blocklist, revocation
    from kiosk.core.revocation.revocations import Revocations

    state = state_folder(options)
    revoked = revocation.named_or_installed(options.revocation, options.revocation_key, state)
    return Revocations(revoked, blocklist.named_or_installed(options.blocklist, state))


def _verify(
    verifier: Any, code: Input, policy: Policy | None, country: Country, at: datetime
) -> Result:
    from kiosk.core.verify import Verified

    if code.problem:
        return Result(code, None, None)
    verification = verifier.verify(code.text, at)
    if not isinstance(verification, Verified):
        return Result(code, verification, None)
    judgement = policy.judge(verification, at) if policy else None
    return Result(code, verification, judgement, country.ask(verification, at))


# Results


def _shortened(text: str) -> str:
    is_code = text.startswith("HC1:") or len(text) > MAX_LABEL
    return f"{text[:20]}… ({len(text)} characters)" if is_code else text


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
        **result.told.as_json(),
        "notes": [note.value for note in _notes(result)],
    }


def _notes(result: Result) -> tuple[Note, ...]:
    """What was tolerated, and what only the organiser's tool asks for."""
    from kiosk.core.hcert.uvci import notes_on
    from kiosk.core.verify import Verified

    notes: tuple[Note, ...] = getattr(result.verification, "notes", ())
    if isinstance(result.verification, Verified):
        notes += notes_on(result.verification.dcc.statement.get("ci", ""))
    return tuple(dict.fromkeys(notes))


def _policy(result: Result) -> dict[str, object]:
    from kiosk.core.policy.judge import Accepted, NotAccepted, Undecided

    outcome = "not_judged"
    reasons: list[str] = []
    rules: tuple[str, ...] = ()
    match result.judgement:
        case Accepted():
            outcome = "accepted"
        case NotAccepted(reasons=why, rules=rules):
            outcome, reasons = "not_accepted", [reason.value for reason in why]
        case Undecided(reason=reason, rules=rules):
            outcome, reasons = "undecided", [reason.value]
    return {"outcome": outcome, "reasons": reasons, "rules": list(rules)}


def _as_text(result: Result) -> Iterator[str]:
    from kiosk.core.notes import meaning
    from kiosk.core.reasons import Reason, explain
    from kiosk.core.verify import Verified

    row = _as_json(result)
    yield f"{_shortened(result.input.label)}: {row['outcome']}"
    if result.input.problem:
        yield f"  {result.input.problem}: {PROBLEMS.get(result.input.problem, 'unreadable')}"
    for code in [] if result.input.problem else row["reasons"]:  # type: ignore[attr-defined]
        yield f"  {code}: {explain(Reason(code)).meaning}"
    signer = getattr(result.verification, "signer", None)
    if signer:
        yield f"  signer: {signer.country or 'unknown'}, key {signer.kid.hex()}"
    if isinstance(result.verification, Verified):
        yield from _content(result.verification)
    if result.judgement is not None:
        policy: dict[str, Any] = _policy(result)
        rules = f" by {', '.join(policy['rules'])}" if policy["rules"] else ""
        yield f"  policy: {policy['outcome']}{rules}"
        for code in policy["reasons"]:
            yield f"  {code}: {explain(Reason(code)).meaning}"
    yield from result.told.as_text()
    yield from (f"  note {note}: {meaning(note)}" for note in _notes(result))


def _content(verified: Verified) -> Iterator[str]:
    from kiosk.core.hcert.dcc import EntryKind

    holder, said = verified.dcc.holder, verified.dcc.statement
    yield f"  holder: {holder.given} {holder.family}, born {holder.birth_date or 'unknown'}"
    match verified.dcc.kind:
        case EntryKind.VACCINATION:
            product = said.get("mp", "unknown product")
            yield f"  vaccination: dose {said['dn']} of {said['sd']} on {said['dt']}, {product}"
        case EntryKind.TEST:
            yield f"  test: {said.get('tt')}, sample {said['sc']}, {said.get('tr')}"
        case EntryKind.RECOVERY:
            yield f"  recovery: first positive {said['fr']}, {said['df']} to {said['du']}"
    yield f"  expires: {verified.expires_at.isoformat()}"


def _about(trust: TrustList, at: datetime) -> Iterator[str]:
    names = ", ".join(trust.sources) or "none (put a list into certs/ or name it with --trust)"
    yield f"trust: {counted(len(trust.signers), 'signer')} from {names}"
    if trust.issued_at:
        days = (at - trust.issued_at).days
        age = f"{counted(days, 'day')} old" if days >= 0 else "newer than the time of this check"
        yield f"  list of {trust.issued_at.isoformat()}, {age}"
    if trust.expires_at and at > trust.expires_at:
        yield f"  past its end, {trust.expires_at.isoformat()}"
    yield from (f"  not used: {line}" for line in trust.skipped)


def _about_revocations(revocations: Revocations, at: datetime) -> Iterator[str]:
    revoked, blocked = revocations.revoked, revocations.blocked
    if revoked:
        hashes = counted(len(revoked.hashes), "hash", "es")
        yield f"revoked: {hashes}, list of {revoked.issued_at.isoformat()}"
        if revoked.expires_at < at:
            yield f"  past its end, {revoked.expires_at.isoformat()}; it counts all the same"
    if blocked.entries:
        keys, marks = counted(len(blocked.kids), "key"), counted(len(blocked.marks), "certificate")
        public = len(blocked.public_keys)
        known = f", {counted(public, 'public key')}" if public else ""
        yield f"blocked: {keys}, {marks}{known}"
