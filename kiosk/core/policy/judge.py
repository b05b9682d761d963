"""Is a genuine certificate good enough for this event? The event's limits, applied once each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.core.hcert.dcc import NOT_DETECTED, CovidTest, Recovery, Vaccination
from kiosk.core.policy.event import Event, ProofLimits
from kiosk.core.reasons import Reason
from kiosk.core.verify import Verified


@dataclass(frozen=True)
class Accepted:
    """Good enough, at the time asked for."""


@dataclass(frozen=True)
class NotAccepted:
    """Genuine, but not what the event asks for; at least one reason."""

    reasons: tuple[Reason, ...]


Judgement = Accepted | NotAccepted


def judge(certificate: Verified, event: Event, at: datetime) -> Judgement:
    """The event's answer to `certificate` at the aware instant `at`."""
    reasons = tuple(_reasons(certificate, event, at))
    return NotAccepted(reasons) if reasons else Accepted()


def _reasons(certificate: Verified, event: Event, at: datetime) -> list[Reason]:
    limits = event.proofs
    if certificate.dcc.kind not in limits.accepted:
        return [Reason.PROOF_NOT_ACCEPTED]
    today = event.local_date(at)
    match certificate.dcc.entry:
        case CovidTest() as test:
            return _test(test, limits, at)
        case Vaccination() as dose:
            return _vaccination(dose, limits, today)
        case Recovery() as recovery:
            return _recovery(recovery, limits, today)


def _test(test: CovidTest, limits: ProofLimits, at: datetime) -> list[Reason]:
    broken = {
        Reason.TEST_POSITIVE: test.result != NOT_DETECTED,
        Reason.TEST_TYPE_NOT_ACCEPTED: test.type not in limits.test_types,
        Reason.TEST_IN_FUTURE: test.sampled_at > at,
        Reason.TEST_TOO_OLD: at - test.sampled_at > limits.test_max_age,
    }
    return [reason for reason, applies in broken.items() if applies]


def _vaccination(dose: Vaccination, limits: ProofLimits, today: date) -> list[Reason]:
    if dose.doses < 1 or dose.dose < 1:
        return [Reason.DOSES_IMPLAUSIBLE]
    if dose.dose < dose.doses:
        return [Reason.DOSES_INCOMPLETE]
    if dose.on > today:
        return [Reason.DOSE_IN_FUTURE]
    if today - dose.on < _waiting_time(dose, limits):
        return [Reason.DOSE_TOO_RECENT]
    return []


def _waiting_time(dose: Vaccination, limits: ProofLimits) -> timedelta:
    # 2/1 and 3/2 are boosters by their numbers, 3/3 by the guidance of late 2021.
    if dose.dose > dose.doses or dose.dose > 2:
        return limits.after_booster
    return limits.after_single_dose if dose.doses == 1 else limits.after_course


def _recovery(recovery: Recovery, limits: ProofLimits, today: date) -> list[Reason]:
    since = today - recovery.first_positive
    broken = {
        Reason.RECOVERY_TOO_RECENT: since < limits.recovery_from,
        Reason.RECOVERY_TOO_OLD: since > limits.recovery_until,
        Reason.RECOVERY_OUTSIDE_OWN_DATES: not (
            recovery.valid_from <= today <= recovery.valid_until
        ),
    }
    return [reason for reason, applies in broken.items() if applies]
