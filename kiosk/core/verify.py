"""Is it genuine, now? From the text of a code to a verdict; the signature before the content.

Results are values. Only this module makes a `Verified`; whatever judges or matches takes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from kiosk.core.countries import is_alias, usual
from kiosk.core.hcert import cose, cwt, dcc, envelope
from kiosk.core.hcert.claims import HealthClaims
from kiosk.core.hcert.cose import Algorithm, CoseSign1
from kiosk.core.hcert.errors import DecodeError
from kiosk.core.notes import Note
from kiosk.core.reasons import Reason
from kiosk.core.revocation.blocklist import Blocklist, digest_of_key
from kiosk.core.revocation.revocations import NONE, Revocations
from kiosk.core.signatures import es256_verifies, ps256_verifies
from kiosk.core.trust.provenance import Remark
from kiosk.core.trust.signer import KID_LENGTH, DocumentSigner
from kiosk.core.trust.trustlist import TrustList

CLOCK_SKEW = timedelta(minutes=5)  # an issuer's clock may be ahead (Swiss verifier's tolerance)


class Signer(NamedTuple):
    """The key that a code names, and its country as far as it is known."""

    kid: bytes
    country: str | None = None


class Verified(NamedTuple):
    """Genuine and in force at the time asked for: signed by a trusted key for this kind.

    issuer: the country that the signed claims name (CWT iss); None where they name none.
    """

    dcc: dcc.Dcc
    signer: Signer
    issuer: str | None
    issued_at: datetime | None
    expires_at: datetime
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return "Verified(...)"  # nothing of the content


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
        self._revoked_kids = blocked_keys(trust, revocations.blocked).kids
        self._keys: dict[bytes, tuple[_Key, ...]] = {}

    def verify(self, text: str, at: datetime) -> Verification:
        """The verdict on the text of a code at the aware instant `at`. Raises nothing."""
        try:
            message = cose.parse(envelope.open_envelope(text))
        except DecodeError as error:
            return Failed(error.reason)
        keys = self._keys.get(message.kid) or self._prepared(message.kid)
        return self._by_keys(message, keys, at) if keys else self._without_key(message)

    def _prepared(self, kid: bytes) -> tuple[_Key, ...]:
        keys = tuple(_Key(signer) for signer in self.trust.candidates(kid))
        if keys:
            self._keys[kid] = keys
        return keys

    def _without_key(self, message: CoseSign1) -> Failed | Indeterminate:
        signer = Signer(message.kid)
        if message.kid in self._revoked_kids:
            return Failed(Reason.SIGNER_REVOKED, signer, notes=message.notes)
        if message.kid in self.trust.weak:
            return Failed(Reason.KEY_WEAK, signer, notes=message.notes)
        empty = not self.trust.signers
        reason = Reason.TRUST_LIST_EMPTY if empty else Reason.SIGNER_UNKNOWN
        return Indeterminate(reason, signer, message.notes)

    def _by_keys(
        self, message: CoseSign1, keys: tuple[_Key, ...], at: datetime
    ) -> Verified | Failed:
        """The best verdict of all keys of the kid, whatever their order (hcert-spec 3.3.3)."""
        failures = []
        for key in keys:
            if key.verifies(message):
                verdict = self._claims(message, key, at)
                if isinstance(verdict, Verified):
                    return verdict
                failures.append(verdict)
        if failures:
            # Any order will do, as long as it is not the list's.
            return min(failures, key=lambda failure: failure.reason)
        mismatch = all(key.algorithm is not message.algorithm for key in keys)
        reason = Reason.ALGORITHM_MISMATCH if mismatch else Reason.SIGNATURE_INVALID
        return Failed(reason, keys[0].shown, notes=message.notes)

    def _claims(self, message: CoseSign1, key: _Key, at: datetime) -> Verified | Failed:
        """What the signed bytes say; they are read only now that the signature verified."""
        claims = None
        notes = message.notes + key.notes
        try:
            claims = cwt.parse(message.payload)
            notes += claims.notes + _notes_on(claims, key.signer, at)
            _check_times(claims, key.signer, at)
            certificate = (
                dcc.of_plain(claims.dcc, claims.group) if claims.group else dcc.parse(claims.dcc)
            )
            dcc.check_birth_date(certificate.holder, at)
            _check_entitled(key.signer, certificate.kind)
            self._check_revoked(message, certificate, claims.issuer, at)
        except DecodeError as error:
            kind = dcc.kind_of(claims.dcc) if claims else None
            return Failed(error.reason, key.shown, kind, notes)
        return Verified(
            certificate,
            key.shown,
            claims.issuer,
            claims.issued_at,
            claims.expires_at,
            notes + certificate.notes,
        )

    def _check_revoked(
        self, message: CoseSign1, certificate: dcc.Dcc, issuer: str | None, at: datetime
    ) -> None:
        """The one place that asks what is not believed any more: the key, then the certificate."""
        if message.kid in self._revoked_kids:
            raise DecodeError(Reason.SIGNER_REVOKED)
        revocations = self._revocations
        if revocations.names_certificates and (
            revocations.revokes(message, certificate.statement, issuer, at)
        ):
            raise DecodeError(Reason.CERTIFICATE_REVOKED)


class _Key:
    """A trusted key and what can be known of it before a code names it."""

    __slots__ = ("_verifies", "algorithm", "notes", "shown", "signer")

    def __init__(self, signer: DocumentSigner) -> None:
        self.signer = signer
        self.shown = Signer(signer.kid, signer.country or None)
        self._verifies: Callable[[bytes, bytes], bool]
        if isinstance(signer.key, EllipticCurvePublicKey):
            self.algorithm = Algorithm.ES256
            self._verifies = partial(es256_verifies, signer.key)
        else:
            self.algorithm = Algorithm.PS256
            self._verifies = partial(ps256_verifies, signer.key)
        self.notes = _notes_on_signer(signer)

    def verifies(self, message: CoseSign1) -> bool:
        """Whether it signed `message`: it fixes the algorithm, and the header names the same."""
        if message.algorithm is not self.algorithm:
            return False
        return self._verifies(message.signature, message.to_be_signed())


class BlockedKeys(NamedTuple):
    """The keys that are not believed: all their kids, and the digests of those that are known."""

    kids: frozenset[bytes]
    public_keys: frozenset[bytes]


def blocked_keys(trust: TrustList, blocked: Blocklist) -> BlockedKeys:
    """What `trust` revokes and `blocked` holds, each key under every kid that `trust` has for it.

    Issuers have one key certified again and again, each time under another kid: whoever holds it
    writes whichever kid is still believed.
    """
    kids = trust.revoked | blocked.kids
    if not kids and not blocked.public_keys:
        return BlockedKeys(kids, blocked.public_keys)
    digests = [(signer.kid, digest_of_key(signer.public_key)) for signer in trust.signers]
    keys = blocked.public_keys | {digest for kid, digest in digests if kid in kids}
    return BlockedKeys(kids | {kid for kid, digest in digests if digest in keys}, keys)


def _check_times(claims: HealthClaims, signer: DocumentSigner, at: datetime) -> None:
    if claims.issued_at is not None and claims.issued_at - at > CLOCK_SKEW:
        raise DecodeError(Reason.ISSUED_IN_FUTURE)
    if claims.expires_at < at:
        raise DecodeError(Reason.CERTIFICATE_EXPIRED)
    if at < signer.not_before:
        raise DecodeError(Reason.SIGNER_NOT_YET_VALID)
    if at > signer.not_after:
        raise DecodeError(Reason.SIGNER_EXPIRED)


def _check_entitled(signer: DocumentSigner, kind: dcc.EntryKind) -> None:
    if not signer.may_sign(kind):
        raise DecodeError(Reason.SIGNER_NOT_ENTITLED)


def _notes_on_signer(signer: DocumentSigner) -> tuple[Note, ...]:
    remarks = signer.provenance.remarks
    found = {
        Note.KID_NOT_HASH: (Remark.KID_IS_NOT_THE_HASH in remarks or len(signer.kid) != KID_LENGTH),
        Note.SIGNER_NOT_DER: Remark.LENIENT_X509 in remarks,
    }
    return tuple(note for note, applies in found.items() if applies)


def _notes_on(claims: HealthClaims, signer: DocumentSigner, at: datetime) -> tuple[Note, ...]:
    notes = []
    if claims.expires_at > signer.not_after:
        notes.append(Note.OUTLIVES_SIGNER)
    if claims.issued_at is not None:
        if claims.issued_at < signer.not_before:
            notes.append(Note.PREDATES_SIGNER)
        if at < claims.issued_at <= at + CLOCK_SKEW:
            notes.append(Note.ISSUED_AFTER_CLOCK)
    issuer, country = claims.issuer, signer.country
    if issuer and is_alias(issuer):
        notes.append(Note.COUNTRY_ALIAS)
    if issuer and country and issuer != country and usual(issuer) != usual(country):
        notes.append(Note.ISSUER_DIFFERS)
    return tuple(notes)
