"""A genuine and a forged certificate, before any guest's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kiosk.bootstrap.errors import DoorError
from kiosk.core.reasons import Reason
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.core.verify import Failed, Verified, Verifier
from kiosk.demo.issuer import Subject, claims_of, make_issuer, vaccination


def self_test(make_verifier: Callable[[TrustList], Verifier] = Verifier) -> None:
    """A genuine and a forged certificate of a throw-away signer, before any guest's.

    Raises DoorError when the one is not verified or the other is: then no answer can be trusted.
    """
    signer, forger = make_issuer("XX"), make_issuer("XX")
    verifier = make_verifier(trust_list_of([Row(signer.certificate)], "self-test"))
    at = datetime(2021, 11, 22, 8, tzinfo=UTC)
    subject = Subject("Test", "Self", "TEST", "SELF")
    claims = claims_of(subject, "v", vaccination("2021-08-01"), at - timedelta(days=1), "XX")
    forged = forger.sign(claims, kid=signer.kid)
    verdicts = verifier.verify(signer.sign(claims), at), verifier.verify(forged, at)
    match verdicts:
        case Verified(), Failed(reason=Reason.SIGNATURE_INVALID):
            return
    raise DoorError(
        "The self-test failed: certificates are not verified as they should be. Install the "
        "program again; until then use the paper list and the official reader."
    )
