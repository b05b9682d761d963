"""What an event's rules may read beside the certificate: its limits, applied to the clock.

Each limit stands once, in the event file. As CertLogic adds literal amounts only, rules do not see
the limit but the date or instant that follows from it at the time of the check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.core.certlogic.expression import PARAMETERS
from kiosk.core.policy.event import ProofLimits
from kiosk.core.policy.rule import EXTERNAL
from kiosk.core.policy.ruleset import external_parameters, stamp
from kiosk.core.verify import Verified

EVENT = PARAMETERS


@dataclass(frozen=True)
class Parameter:
    """One parameter: what it means, the limit behind it, and how it follows from the limit.

    limit: its key in the event file; empty where there is none.
    value: from the limits, the instant of the check in UTC, and the date on the venue's wall then.
    daily: whether it is the same all day.
    """

    meaning: str
    limit: str
    value: Callable[[ProofLimits, datetime, date], Any]
    daily: bool = True


EVENT_PARAMETERS: Mapping[str, Parameter] = {
    "today": Parameter("the date at the venue", "", lambda _, __, today: today.isoformat()),
    "proofs": Parameter(
        "the kinds of proof that count, of vaccination, test and recovery",
        "proofs.accepted",
        lambda limits, _, __: sorted(kind.value for kind in limits.accepted),
    ),
    "testTypes": Parameter(
        "the types of test that count, codes of the value set covid-19-lab-test-type",
        "proofs.test.types",
        lambda limits, _, __: sorted(limits.test_types),
    ),
    "oldestSample": Parameter(
        "the instant before which a sample is too old",
        "proofs.test.max_age",
        lambda limits, at, _: stamp(at - limits.test_max_age),
        daily=False,
    ),
    "latestCourse": Parameter(
        "the last date at which a course may have been completed",
        "proofs.vaccination.after_course",
        lambda limits, _, today: (today - limits.after_course).isoformat(),
    ),
    "latestSingleDose": Parameter(
        "the last date at which the dose of a single-dose course may have been given",
        "proofs.vaccination.after_single_dose",
        lambda limits, _, today: (today - limits.after_single_dose).isoformat(),
    ),
    "latestBooster": Parameter(
        "the last date at which a booster may have been given",
        "proofs.vaccination.after_booster",
        lambda limits, _, today: (today - limits.after_booster).isoformat(),
    ),
    "latestPositive": Parameter(
        "the last date at which the first positive test may have been",
        "proofs.recovery.from",
        lambda limits, _, today: (today - limits.recovery_from).isoformat(),
    ),
    "earliestPositive": Parameter(
        "the first date at which the first positive test may have been",
        "proofs.recovery.until",
        lambda limits, _, today: (today - limits.recovery_until).isoformat(),
    ),
}
CLOCK = f"{EXTERNAL}validationClock"
OF_THE_CERTIFICATE = tuple(
    f"{EXTERNAL}{name}" for name in ("issuerCountryCode", "kid", "iat", "exp")
)
KNOWN = frozenset({CLOCK, *OF_THE_CERTIFICATE, *(EVENT + name for name in EVENT_PARAMETERS)})


class Parameters:
    """Computes the parameters that some rules read, and no others."""

    def __init__(self, limits: ProofLimits, zone: ZoneInfo, read: frozenset[str]) -> None:
        self._limits, self._zone = limits, zone
        self._clock = CLOCK in read
        self._of_certificate = not read.isdisjoint(OF_THE_CERTIFICATE)
        named = {name: p for name, p in EVENT_PARAMETERS.items() if EVENT + name in read}
        self._daily = {name: p.value for name, p in named.items() if p.daily}
        self._now = {name: p.value for name, p in named.items() if not p.daily}
        self._of_day: tuple[date | None, dict[str, Any]] = None, {}

    def external(self, at: datetime, certificate: Verified | None) -> dict[str, Any]:
        """What rules find under "external" at the aware instant `at`."""
        # In UTC: within one zone Python reckons with the time on the wall, not with instants.
        limits, utc, today = self._limits, at.astimezone(UTC), at.astimezone(self._zone).date()
        day, event = self._of_day
        if day != today:
            event = {name: value(limits, utc, today) for name, value in self._daily.items()}
            self._of_day = today, event
        if self._now:
            now = {name: value(limits, utc, today) for name, value in self._now.items()}
            event = {**event, **now}
        external: dict[str, Any] = {"event": event}
        if self._of_certificate and certificate is not None:
            external |= external_parameters(certificate, at)
        elif self._clock:
            external["validationClock"] = stamp(utc)
        return external
