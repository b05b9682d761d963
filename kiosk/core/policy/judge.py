"""Is a genuine certificate good enough for this event? The event's limits, applied once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.core.hcert.dcc import NOT_DETECTED, EntryKind
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
Statement = Mapping[str, Any]


def judge(certificate: Verified, event: Event, at: datetime) -> Judgement:
    """The event's answer to `certificate` at the aware instant `at`."""
    reasons = tuple(_reasons(certificate, event, at))
    return NotAccepted(reasons) if reasons else Accepted()


def _reasons(certificate: Verified, event: Event, at: datetime) -> list[Reason]:
    limits, dcc = event.proofs, certificate.dcc
    if dcc.kind not in limits.accepted:
        return [Reason.PROOF_NOT_ACCEPTED]
    match dcc.kind:
        case EntryKind.TEST:
            return _test(dcc.statement, limits, at)
        case EntryKind.VACCINATION:
            return _vaccination(dcc.statement, limits, event.local_date(at))
        case EntryKind.RECOVERY:
            return _recovery(dcc.statement, limits, event.local_date(at))


def _test(test: Statement, limits: ProofLimits, at: datetime) -> list[Reason]:
    sampled_at = datetime.fromisoformat(test["sc"])
    broken = {
        Reason.TEST_POSITIVE: test.get("tr") != NOT_DETECTED,
        Reason.TEST_TYPE_NOT_ACCEPTED: test.get("tt") not in limits.test_types,
        Reason.TEST_IN_FUTURE: sampled_at > at,
        Reason.TEST_TOO_OLD: at - sampled_at > limits.test_max_age,
    }
    return [reason for reason, applies in broken.items() if applies]


def _vaccination(dose: Statement, limits: ProofLimits, today: date) -> list[Reason]:
    if dose["sd"] < 1 or dose["dn"] < 1:
        return [Reason.DOSES_IMPLAUSIBLE]
    if dose["dn"] < dose["sd"]:
        return [Reason.DOSES_INCOMPLETE]
    on = date.fromisoformat(dose["dt"])
    if on > today:
        return [Reason.DOSE_IN_FUTURE]
    if today - on < _waiting_time(dose, limits):
        return [Reason.DOSE_TOO_RECENT]
    return []


def _waiting_time(dose: Statement, limits: ProofLimits) -> timedelta:
    # 2/1 and 3/2 are boosters by their numbers, 3/3 by the guidance of late 2021.
    if dose["dn"] > dose["sd"] or dose["dn"] > 2:
        return limits.after_booster
    return limits.after_single_dose if dose["sd"] == 1 else limits.after_course


def _recovery(recovery: Statement, limits: ProofLimits, today: date) -> list[Reason]:
    since = today - date.fromisoformat(recovery["fr"])
    own = date.fromisoformat(recovery["df"]), date.fromisoformat(recovery["du"])
    broken = {
        Reason.RECOVERY_TOO_RECENT: since < limits.recovery_from,
        Reason.RECOVERY_TOO_OLD: since > limits.recovery_until,
        Reason.RECOVERY_OUTSIDE_OWN_DATES: not own[0] <= today <= own[1],
    }
    return [reason for reason, applies in broken.items() if applies]
