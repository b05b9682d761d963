"""Everything that takes trust back, asked once for each certificate, after its signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.core.hcert.cose import CoseSign1
from kiosk.core.revocation.blocklist import EMPTY, Blocklist
from kiosk.core.revocation.marks import MARK, marks_of
from kiosk.core.revocation.revocationlist import RevocationList


@dataclass(frozen=True)
class Revocations:
    """The revocation list that is installed, if there is one, and the blocklist."""

    revoked: RevocationList | None = None
    blocked: Blocklist = EMPTY

    names_certificates: bool = field(init=False)  # else there is nothing to hash for

    def __post_init__(self) -> None:
        revoked = self.revoked is not None and len(self.revoked.hashes) > 0
        object.__setattr__(self, "names_certificates", revoked or bool(self.blocked.marks))

    def revokes(
        self,
        message: CoseSign1,
        statement: Mapping[str, Any],
        issuer: str | None,
        at: datetime,
    ) -> bool:
        """Whether this one certificate is revoked at `at`, or blocked."""
        if not self.names_certificates:
            return False
        digests = marks_of(message, statement, issuer)
        if self.revoked is not None and self.revoked.hashes.holds_any(digests, at):
            return True
        blocked = self.blocked.marks
        return bool(blocked) and not blocked.isdisjoint([digest[:MARK] for digest in digests])


NONE = Revocations()
