"""Where a key comes from: the lists that hold it, whose signatures were checked, what is odd.

For people and for comparisons; a verdict on a certificate never depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Signature(StrEnum):
    """What is known of a list's own signature."""

    CHECKED = "signature checked"
    NONE = "not signed"
    PROOF_NOT_CHECKED = "not signed (the proof of the document is not checked)"
    NOT_RECORDED = "signature not recorded"


class Remark(StrEnum):
    """What is odd about a signer's row or certificate."""

    LENIENT_X509 = "lenient X.509"
    KID_IS_NOT_THE_HASH = "kid is not the certificate's hash"
    KEY_ONLY = "key without certificate"
    UNDATED = "validity not given"


@dataclass(frozen=True)
class Listing:
    """One list as it was read.

    name: for people. key: the fingerprint of the pinned key that its signature was checked
    with; empty without. form: of a signed list, as one key may sign several. version: grows with
    each issue; 0 where it has none. digest: of what it says, whatever the order of its rows; two
    lists of one version may differ in it. issued_at: aware; None where it does not say.
    """

    name: str
    signature: Signature = Signature.NONE
    key: str = ""
    form: str = ""
    version: int = 0
    digest: str = ""
    issued_at: datetime | None = None

    @property
    def identity(self) -> str:
        """What its issues have in common: its form and who signs it, or the document's own id.

        Empty for a file without a signature: two of one name may be two lists.
        """
        if self.key:
            return f"{self.form} list of key {self.key}"
        named = self.signature is Signature.PROOF_NOT_CHECKED
        return f"document {self.name}" if named else ""

    @property
    def sort_key(self) -> tuple[str, str, int, str]:
        """An order for people and for files."""
        return self.name, self.key, self.version, self.digest

    def __str__(self) -> str:
        """For people; that its signature was checked goes without saying."""
        checked = self.signature is Signature.CHECKED
        return self.name if checked else f"{self.name}: {self.signature}"


@dataclass(frozen=True)
class Provenance:
    """The provenance of one signer.

    chained: whether a national authority (CSCA) among the sources signed its certificate;
    None where none of that name is known, or its signature cannot be checked here.
    """

    lists: frozenset[Listing] = frozenset()
    chained: bool | None = None
    remarks: frozenset[Remark] = frozenset()

    @property
    def signed(self) -> bool:
        """Whether one of its lists was checked under a pinned key."""
        return any(listing.key for listing in self.lists)

    @property
    def keys(self) -> frozenset[str]:
        """The fingerprints of the keys that its lists were checked with."""
        return frozenset(listing.key for listing in self.lists if listing.key)
