"""The [proofs] of an event file: what counts as a proof, and the rules that say so."""

from __future__ import annotations

import re

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.policy.event import ProofLimits
from kiosk.core.policy.faults import Section

_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\.json")


def read_limits(proofs: Section) -> ProofLimits:
    """The limits in the table `proofs`; whatever is wrong goes into its faults."""
    test, vaccination, recovery = (
        proofs.table(kind) for kind in (EntryKind.TEST, EntryKind.VACCINATION, EntryKind.RECOVERY)
    )
    limits = ProofLimits(
        accepted=frozenset(proofs.choices("accepted", EntryKind)),
        test_max_age=test.duration("max_age"),
        test_types=frozenset(test.texts("types")),
        after_course=vaccination.days("after_course"),
        after_single_dose=vaccination.days("after_single_dose"),
        after_booster=vaccination.days("after_booster"),
        recovery_from=recovery.days("from"),
        recovery_until=recovery.days("until"),
        rules=proofs.text("rules", ""),
    )
    if proofs.sound("accepted") and not limits.accepted:
        remedy = f"Write some of: {', '.join(EntryKind)}."
        proofs.fault("accepted", "with none of them nobody could come in", remedy)
    if limits.rules and not _FILE_NAME.fullmatch(limits.rules):
        remedy = 'Write the name of a file beside this one, as "proofs.rules.json".'
        proofs.fault("rules", "not the name of a rule file", remedy)
    if recovery.sound("from", "until") and limits.recovery_until < limits.recovery_from:
        recovery.fault("until", "earlier than from", "Write a longer time.")
    for section in (proofs, test, vaccination, recovery):
        section.finish()
    return limits
