"""What an event asks of a proof, told to people: its rules in words, and examples really judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.core.policy.event import Event
from kiosk.core.policy.examples import Example, Span, accepted_spans, examples
from kiosk.core.policy.judge import Accepted, Judgement, NotAccepted, Policy
from kiosk.core.policy.rule import CertificateType
from kiosk.core.policy.words import in_words

_MINUTES = "%Y-%m-%d %H:%M"
_SECONDS = "%Y-%m-%d %H:%M:%S"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "General": "Every proof",
        "Vaccination": "Vaccination",
        "Test": "Test",
        "Recovery": "Recovery",
        "examples": "Examples on {at} ({zone})",
        "accepted": "accepted",
        "refused": "refused",
        "open": "for the desk",
        "span": "counts from {first} to {last}",
        "endless": "counts from {first}, as long as the certificate is valid",
        "never": "never counts",
    },
    "fr": {
        "General": "Tout justificatif",
        "Vaccination": "Vaccination",
        "Test": "Test",
        "Recovery": "Rétablissement",
        "examples": "Exemples le {at} ({zone})",
        "accepted": "accepté",
        "refused": "refusé",
        "open": "pour l’accueil",
        "span": "compte du {first} au {last}",
        "endless": "compte à partir du {first}, tant que le certificat est valable",
        "never": "ne compte jamais",
    },
}


@dataclass(frozen=True)
class Worked:
    """An example and what the rules say of it: at one time, and at all times."""

    example: Example
    judgement: Judgement
    spans: list[Span]

    @property
    def rules(self) -> tuple[str, ...]:
        """The identifiers of the rules that it does not pass."""
        return () if isinstance(self.judgement, Accepted) else self.judgement.rules


def worked_examples(event: Event, policy: Policy, at: datetime, language: str) -> Iterator[Worked]:
    """Each example of `event`, judged at the aware instant `at`."""
    for example in examples(event, at, language):
        judgement = policy.judge_payload(example.payload, at)
        yield Worked(example, judgement, accepted_spans(policy, example))


def explanation(event: Event, policy: Policy, at: datetime, language: str) -> Iterator[str]:
    """Rules and examples in lines of plain text, in "en" or "fr"."""
    words = _WORDS[language]
    yield f"{event.name} ({event.id})"
    for kind in CertificateType:
        rules = [rule for rule in policy.rules if rule.certificate_type is kind]
        if rules:
            yield f"\n{words[kind]}"
        for rule in rules:
            yield f"  {rule.identifier}  {in_words(rule, event.proofs, language)}"
    shown = at.astimezone(event.time_zone).strftime(_MINUTES)
    yield "\n" + words["examples"].format(at=shown, zone=event.time_zone.key)
    for worked in worked_examples(event, policy, at, language):
        rules_told = f" ({', '.join(worked.rules)})" if worked.rules else ""
        answer = answer_in_words(worked.judgement, language)
        yield f"  {answer}{rules_told} – {worked.example.words}"
        yield f"      {spans_in_words(worked.spans, event, language)}"


def answer_in_words(judgement: Judgement, language: str) -> str:
    """One word for the answer."""
    if isinstance(judgement, Accepted):
        return _WORDS[language]["accepted"]
    return _WORDS[language]["refused" if isinstance(judgement, NotAccepted) else "open"]


def spans_in_words(spans: list[Span], event: Event, language: str) -> str:
    """When a proof counts, in the time on the venue's wall."""
    words = _WORDS[language]

    def local(instant: datetime) -> str:
        return instant.astimezone(event.time_zone).strftime(_SECONDS)

    told = (
        words["span"].format(first=local(span.first), last=local(span.last))
        if span.last
        else words["endless"].format(first=local(span.first))
        for span in spans
    )
    return "; ".join(told) or words["never"]
