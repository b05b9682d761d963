"""Is it genuine, now? From the text of a code to a verdict, in the order of dcc.md section 10.

Results are values. Only this module makes a `Verified`; whatever judges or matches takes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.core.hcert import cose, cwt, dcc, envelope
from kiosk.core.hcert.cose import Algorithm, CoseSign1
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.reasons import Note, Reason
from kiosk.core.revocation.revocations import NONE, Revocations
from kiosk.core.signatures import verifies
from kiosk.core.trust.signer import DocumentSigner
from kiosk.core.trust.trustlist import TrustList

CLOCK_SKEW = timedelta(minutes=5)  # an issuer's clock may be ahead (Swiss verifier's tolerance)

# Two names of one country: the list's, and the one that certificates also carry.
_COUNTRY_ALIASES = {"EL": "GR", "UK": "GB", "CNAM": "FR"}


@dataclass(frozen=True)
class Signer:
    """The key that a code names, and its country as far as it is known."""

    kid: bytes
    country: str | None = None


@dataclass(frozen=True, repr=False)
class Verified:
    """Genuine and in force at the time asked for: signed by a trusted key for this kind.

    issuer: the country that the signed claims name (CWT iss); None where they name none.
    """

    dcc: dcc.Dcc
    signer: Signer
    issuer: str | None
    issued_at: datetime | None
    expires_at: datetime
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Failed:
    """Certainly not acceptable, or not a certificate at all; see the reason's group."""

    reason: Reason
    signer: Signer | None = None
    kind: dcc.EntryKind | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Indeterminate:
    """Well-formed, but nobody here can tell whether it is genuine."""

    reason: Reason
    signer: Signer
    notes: tuple[Note, ...] = ()


Verification = Verified | Failed | Indeterminate


class Verifier:
    """Verifies certificates against one trust list and what is revoked, offline."""

    def __init__(self, trust: TrustList, revocations: Revocations = NONE) -> None:
        self.trust = trust
        self._revocations = revocations
        self._revoked_keys = names_of_keys(trust, trust.revoked | revocations.blocked.kids)

    def verify(self, text: str, at: datetime) -> Verification:
        """The verdict on the text of a code at the aware instant `at`. Raises nothing."""
        try:
            message = cose.parse(envelope.open_envelope(text))
        except DecodeError as error:
            return Failed(error.reason)
        candidates = self.trust.candidates(message.kid)
        if not candidates:
            return self._without_key(message)
        return self._by_signers(message, candidates, at)

    def _without_key(self, message: CoseSign1) -> Failed | Indeterminate:
        signer = Signer(message.kid)
        if message.kid in self._revoked_keys:
            return Failed(Reason.SIGNER_REVOKED, signer, notes=message.notes)
        if message.kid in self.trust.weak:
            return Failed(Reason.KEY_WEAK, signer, notes=message.notes)
        empty = not self.trust.signers
        reason = Reason.TRUST_LIST_EMPTY if empty else Reason.SIGNER_UNKNOWN
        return Indeterminate(reason, signer, message.notes)

    def _by_signers(
        self, message: CoseSign1, candidates: tuple[DocumentSigner, ...], at: datetime
    ) -> Verified | Failed:
        """The best verdict of all candidates, whatever their order (hcert-spec 3.3.3)."""
        signed_by = [c for c in candidates if _signature_verifies(message, c)]
        if not signed_by:
            return Failed(
                _why_no_signature(message, candidates),
                Signer(message.kid, candidates[0].country or None),
                notes=message.notes,
            )
        verdicts = [self._claims(message, signer, at) for signer in signed_by]
        for verdict in verdicts:
            if isinstance(verdict, Verified):
                return verdict
        # Any order will do, as long as it is not the list's.
        return min((v for v in verdicts if isinstance(v, Failed)), key=lambda v: v.reason)

    def _claims(
        self, message: CoseSign1, signer: DocumentSigner, at: datetime
    ) -> Verified | Failed:
        """What the signed bytes say; they are read only now that the signature verified."""
        who = Signer(message.kid, signer.country or None)
        notes = message.notes
        kind = None
        try:
            claims = cwt.parse(message.payload)
            kind = dcc.kind_of(claims.dcc)
            notes += claims.notes + _notes_on(claims, signer, at)
            self._check_times(claims, signer, at)
            certificate = dcc.parse(claims.dcc)
            self._check_entitled(signer, certificate.kind)
            self._check_revoked(message, certificate, claims.issuer, at)
        except DecodeError as error:
            return Failed(error.reason, who, kind, notes)
        return Verified(
            certificate,
            who,
            claims.issuer,
            claims.issued_at,
            claims.expires_at,
            notes + certificate.notes,
        )

    def _check_entitled(self, signer: DocumentSigner, kind: dcc.EntryKind) -> None:
        if not signer.may_sign(kind):
            raise DecodeError(Reason.SIGNER_NOT_ENTITLED)

    def _check_revoked(
        self, message: CoseSign1, certificate: dcc.Dcc, issuer: str | None, at: datetime
    ) -> None:
        """The one place that asks what is not believed any more: the key, then the certificate."""
        if message.kid in self._revoked_keys:
            raise DecodeError(Reason.SIGNER_REVOKED)
        if self._revocations.revokes(message, certificate.statement, issuer, at):
            raise DecodeError(Reason.CERTIFICATE_REVOKED)

    @staticmethod
    def _check_times(claims: cwt.HealthClaims, signer: DocumentSigner, at: datetime) -> None:
        if claims.issued_at is not None and claims.issued_at - at > CLOCK_SKEW:
            raise DecodeError(Reason.ISSUED_IN_FUTURE)
        if claims.expires_at < at:
            raise DecodeError(Reason.CERTIFICATE_EXPIRED)
        if at < signer.not_before:
            raise DecodeError(Reason.SIGNER_NOT_YET_VALID)
        if at > signer.not_after:
            raise DecodeError(Reason.SIGNER_EXPIRED)


def names_of_keys(trust: TrustList, kids: frozenset[bytes]) -> frozenset[bytes]:
    """`kids`, and every other kid under which `trust` has one of the keys that they name.

    Issuers have one key certified again and again, each time under another kid: whoever holds it
    writes whichever kid is still believed.
    """
    keys = {_bytes_of(signer) for signer in trust.signers if signer.kid in kids}
    if not keys:
        return kids
    return kids | {signer.kid for signer in trust.signers if _bytes_of(signer) in keys}


def _bytes_of(signer: DocumentSigner) -> bytes:
    return signer.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _signature_verifies(message: CoseSign1, signer: DocumentSigner) -> bool:
    """The key fixes the algorithm, and the header must name the same one."""
    if message.algorithm is not _algorithm_of(signer):
        return False
    return verifies(signer.key, message.signature, message.to_be_signed())


def _algorithm_of(signer: DocumentSigner) -> Algorithm:
    elliptic = isinstance(signer.key, EllipticCurvePublicKey)
    return Algorithm.ES256 if elliptic else Algorithm.PS256


def _why_no_signature(message: CoseSign1, candidates: tuple[DocumentSigner, ...]) -> Reason:
    if all(_algorithm_of(c) is not message.algorithm for c in candidates):
        return Reason.ALGORITHM_MISMATCH
    return Reason.SIGNATURE_INVALID


def _notes_on(claims: cwt.HealthClaims, signer: DocumentSigner, at: datetime) -> tuple[Note, ...]:
    issuer = _COUNTRY_ALIASES.get(claims.issuer or "", claims.issuer)
    country = _COUNTRY_ALIASES.get(signer.country, signer.country)
    found = {
        Note.OUTLIVES_SIGNER: claims.expires_at > signer.not_after,
        Note.PREDATES_SIGNER: claims.issued_at is not None and claims.issued_at < signer.not_before,
        Note.ISSUED_AFTER_CLOCK: claims.issued_at is not None and claims.issued_at > at,
        Note.ISSUER_DIFFERS: bool(issuer and country and issuer != country),
    }
    return tuple(note for note, applies in found.items() if applies)
