"""What the whole verification costs beside the bare signature check, in one run, in turn.

`python benchmarks/verification.py`: CPU time, medians of interleaved rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.core.hcert import cose, envelope
from kiosk.core.trust.trustlist import Row, trust_list_of
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Issuer, Subject, claims_of, make_issuer, vaccination
from kiosk.demo.world import ISSUED

ROUNDS = 300
SUBJECT = Subject("Exemple", "Ana", "EXEMPLE", "ANA")


def main() -> None:
    """Print a row for each algorithm."""
    print("algorithm  bare signature us  whole verification us  ratio")
    for name, issuer in (
        ("ES256", make_issuer("XA")),
        ("PS256", make_issuer("XB", key=rsa.generate_private_key(65537, 2048))),
    ):
        bare, whole = _compare(issuer)
        print(f"{name}      {bare:17.1f}  {whole:21.1f}  {whole / bare:5.2f}")


def _compare(issuer: Issuer) -> tuple[float, float]:
    text = issuer.sign(claims_of(SUBJECT, "v", vaccination("2021-09-01"), ISSUED, "XA"))
    trust = trust_list_of([Row(issuer.certificate, issuer.kid, "XA")], "benchmark")
    verifier, at = Verifier(trust), ISSUED + timedelta(days=1)
    assert isinstance(verifier.verify(text, at), Verified)
    bare = _bare(issuer, cose.parse(envelope.open_envelope(text)))
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        times[0].append(_timed(bare))
        times[1].append(_timed(lambda: verifier.verify(text, at)))
    return median(times[0]), median(times[1])


def _bare(issuer: Issuer, message: cose.CoseSign1) -> Callable[[], object]:
    key, data = issuer.key.public_key(), message.to_be_signed()
    if isinstance(key, ec.EllipticCurvePublicKey):
        r, s = (int.from_bytes(message.signature[i : i + 32]) for i in (0, 32))
        signature = encode_dss_signature(r, s)
        return lambda: key.verify(signature, data, ec.ECDSA(SHA256()))
    return lambda: key.verify(message.signature, data, PSS(MGF1(SHA256()), 32), SHA256())


def _timed(call: Callable[[], object]) -> float:
    """Microseconds of CPU time."""
    began = time.process_time()
    call()
    return 1e6 * (time.process_time() - began)


if __name__ == "__main__":
    main()
