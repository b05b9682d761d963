"""Writes the pages of docs/ that are made from the code: `python docs/make.py`.

A test compares them, so that a page never tells of yesterday's code.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.system.places import assets, standard_rules
from kiosk.core.decide import TABLE
from kiosk.core.notes import Note, meaning
from kiosk.core.policy.event import Event
from kiosk.core.policy.eventfile import load_event
from kiosk.core.policy.explain import answer_in_words, spans_in_words, worked_examples
from kiosk.core.policy.judge import Policy, policy_of
from kiosk.core.policy.parameters import CLOCK, EVENT, EVENT_PARAMETERS, OF_THE_CERTIFICATE
from kiosk.core.policy.rulefile import load_rules
from kiosk.core.policy.words import in_words
from kiosk.core.reasons import Group, Reason, explain

REASONS = Path(__file__).with_name("reasons.md")
PROOF_RULES = Path(__file__).with_name("proof-rules.md")

_ANSWER = {
    Group.CERTIFICATE: "Refused",
    Group.OTHER_CODE: "Desk",
    Group.UNDECIDED: "Desk",
    Group.GUEST: "Desk",
    Group.STAFF: "none, nothing is changed",
}
_TITLES = {
    Group.CERTIFICATE: "About the certificate: refused, and never explained at a door",
    Group.OTHER_CODE: "Codes of another kind: the desk, named for staff",
    Group.UNDECIDED: "What the program cannot tell: the desk, with the remedy",
    Group.GUEST: "Badge, list, occasion, seat: the desk, with the remedy",
    Group.STAFF: "What staff ask for and cannot be done",
}


def reasons_page() -> str:
    """The page of answers, reasons and notes."""
    parts = ["# Answers and reasons\n\nMade by `python docs/make.py`; do not edit.\n"]
    parts.append(_table_of_answers())
    parts.extend(_group(group) for group in _TITLES)
    parts.append(_notes())
    return "\n".join(parts)


def _table_of_answers() -> str:
    rows = "\n".join(f"{number}. {row.name}" for number, row in enumerate(TABLE, start=1))
    return (
        "## The table of answers\n\nThe first row that applies decides (`kiosk/core/decide.py`); "
        f"when none does, the desk.\n\n{rows}\n"
    )


def _group(group: Group) -> str:
    rows = [
        f"| `{reason}` | {explain(reason).meaning} | {explain(reason).remedy} |"
        for reason in Reason
        if explain(reason).group is group
    ]
    head = "| code | meaning | remedy |\n|---|---|---|"
    return f"## {_TITLES[group]}\n\nAnswer: {_ANSWER[group]}.\n\n{head}\n" + "\n".join(rows) + "\n"


def _notes() -> str:
    rows = "\n".join(f"| `{note}` | {meaning(note)} |" for note in Note)
    return (
        "## Notes\n\nTolerances that a genuine certificate needed; `kiosk verify` shows them, and "
        f"they change no answer.\n\n| code | meaning |\n|---|---|\n{rows}\n"
    )


def proof_rules_page() -> str:
    """The page of what the event of Saint-Ouen asks of a proof, and how rules say so."""
    event = load_event((assets() / "events" / "saint-ouen-2021.toml").read_text(encoding="utf-8"))
    policy = policy_of(event, load_rules(standard_rules().read_text(encoding="utf-8")))
    return "\n".join(
        (_PROOF_RULES_HEAD, _rules_in_words(event, policy), _examples(event, policy), _parameters())
    )


_PROOF_RULES_HEAD = """\
# What counts as a proof

Made by `python docs/make.py`; do not edit. For any event: `kiosk rules explain --event FILE`.

An event asks for proofs by rules in CertLogic, the language of the EU's own rules, in the form in
which the EU's gateway publishes them, beside the event file: `assets/events/proofs.rules.json`.
Each limit stands once, in `[proofs]` of the event file. Every rule must be met. A rule that fails
means its `Reason`, which stands beside the gateway's keys; a rule that cannot be evaluated refuses
nobody: the desk looks. A rule that fails comes before one that cannot be evaluated: where there are
both, the proof is refused.

`rules = "proofs.rules.json"` in `[proofs]` names the file; an event file that names none has these
rules too. An organiser who wants others copies the file beside the event file, changes it, names it
there, and checks it with `kiosk rules check` and `kiosk event check`. A rule without `Reason` means
`rule_not_met`. Tests beside the rules (`proofs.rules.tests.json`) are run by `kiosk rules check`.
"""


def _rules_in_words(event: Event, policy: Policy) -> str:
    rows = [
        f"| {rule.identifier} | {in_words(rule, event.proofs, 'en')} "
        f"| {in_words(rule, event.proofs, 'fr')} | `{rule.reason or Reason.RULE_NOT_MET}` |"
        for rule in policy.rules
    ]
    head = "| rule | asks | demande | where it is not met |\n|---|---|---|---|"
    return f"## The rules of {event.name}\n\n{head}\n" + "\n".join(rows) + "\n"


def _examples(event: Event, policy: Policy) -> str:
    at = min(occasion.opens for occasion in event.occasions)
    rows = [
        f"| {worked.example.words} | {answer_in_words(worked.judgement, 'en')} "
        f"| {', '.join(worked.rules)} | {spans_in_words(worked.spans, event, 'en')} |"
        for worked in worked_examples(event, policy, at, "en")
    ]
    head = "| proof | answer | rules not met | when it counts |\n|---|---|---|---|"
    title = f"## Examples, as doors open on {at:%Y-%m-%d at %H:%M} ({event.time_zone.key})"
    about = "Found by evaluating the rules, to the second."
    return f"{title}\n\n{about}\n\n{head}\n" + "\n".join(rows) + "\n"


def _parameters() -> str:
    rows = [
        f"| `{EVENT}{name}` | {parameter.meaning} | {parameter.limit and f'`{parameter.limit}`'} |"
        for name, parameter in EVENT_PARAMETERS.items()
    ]
    envelope = ", ".join(f"`{name}`" for name in OF_THE_CERTIFICATE)
    return (
        "## What rules may read\n\n"
        "The certificate is `payload`, in the schema's own form: dates `YYYY-MM-DD`, instants "
        f"with a zone. `{CLOCK}` is the instant of the check. From the certificate's envelope: "
        f"{envelope}. Dates are those of the venue. CertLogic adds literal amounts only, so the "
        "program hands in what follows from each limit at the time of the check:\n\n"
        "| name | meaning | limit |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    PROOF_RULES.write_text(proof_rules_page(), encoding="utf-8")
    REASONS.write_text(reasons_page(), encoding="utf-8")
