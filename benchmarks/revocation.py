"""What revocation costs: a list of a million hashes in memory, and its part of a verification.

`python benchmarks/revocation.py`: CPU time, medians of rounds; memory as Python counts it. In the
rounds "in turn" each certificate is another one, so that no cache knows it; "again" is one
certificate over and over.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.hcert.cose import Algorithm, CoseSign1
from kiosk.core.revocation.blocklist import Blocked, Blocklist, Entry
from kiosk.core.revocation.hashes import NEVER, RevokedHashes
from kiosk.core.revocation.revocationlist import RevocationList, dump, load
from kiosk.core.revocation.revocations import NONE, Revocations
from kiosk.core.trust.trustlist import Row, trust_list_of
from kiosk.core.verify import Verified, Verifier
from kiosk.demo.issuer import Subject, claims_of, make_issuer, vaccination
from kiosk.demo.world import ISSUED

SIZES = (0, 1_000, 100_000, 1_000_000)
CERTIFICATES = 5_000
ROUNDS = 15
AT = ISSUED + timedelta(days=1)
RANDOM = Random(2021)

Question = tuple[CoseSign1, dict[str, str], str]


def main() -> None:
    """Print a row for each size of the list."""
    print("hashes     file MB  memory MB  load ms  check in turn us  again us")
    questions = [_question() for _ in range(CERTIFICATES)]
    for size in SIZES:
        revoked, file, memory, loading = _loaded(size)
        revocations = Revocations(revoked, _blocklist())
        cost = _cost(revocations, questions), _cost(revocations, questions[:1] * CERTIFICATES)
        print(
            f"{size:9,}  {file / 1e6:7.1f}  {memory / 1e6:9.1f}  {1e3 * loading:7.1f}"
            f"  {cost[0]:16.2f}  {cost[1]:8.2f}"
        )
    print(f"no list, no blocklist: {_cost(NONE, questions):.2f} us")
    _whole_verification()


def _question() -> Question:
    """What the verifier asks with: a signature, an identifier, a country."""
    message = CoseSign1(b"", b"", Algorithm.ES256, b"", RANDOM.randbytes(64))
    identifier = f"URN:UVCI:01:FR:{RANDOM.randbytes(6).hex().upper()}#L"
    return message, {"ci": identifier, "co": "FR"}, "FR"


def _blocklist() -> Blocklist:
    return Blocklist(
        tuple(Entry(Blocked.CERTIFICATE, RANDOM.randbytes(16), AT, "") for _ in range(100))
    )


def _loaded(size: int) -> tuple[RevocationList, int, int, float]:
    """A signed list of random hashes: bytes of its file, bytes in memory, seconds to load it."""
    hashes = RevokedHashes.of({RANDOM.randbytes(16): NEVER for _ in range(size)})
    made = RevocationList(1, ISSUED, AT, ("benchmark",), hashes)
    key = Ed25519PrivateKey.generate()
    data = dump(made, key)
    began = time.process_time()
    load("list", data, key.public_key())
    loading = time.process_time() - began
    tracemalloc.start()
    revoked = load("list", data, key.public_key())
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return revoked, len(data), memory, loading


def _cost(revocations: Revocations, questions: Sequence[Question]) -> float:
    """Microseconds a question."""

    def ask() -> None:
        for message, statement, issuer in questions:
            assert not revocations.revokes(message, statement, issuer, AT)

    return median(_timed(ask) for _ in range(ROUNDS)) / len(questions)


def _whole_verification() -> None:
    """A verification with a million hashes beside one without a list, in turn."""
    issuer, subject = make_issuer("XA"), Subject("Exemple", "Ana", "EXEMPLE", "ANA")
    text = issuer.sign(claims_of(subject, "v", vaccination("2021-09-01"), ISSUED, "XA"))
    trust = trust_list_of([Row(issuer.certificate, issuer.kid, "XA")], "benchmark")
    revoked = _loaded(SIZES[-1])[0]
    verifiers = Verifier(trust), Verifier(trust, Revocations(revoked, _blocklist()))
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(2_000):
        for verifier, taken in zip(verifiers, times, strict=True):
            taken.append(_timed(lambda one=verifier: _verify(one, text)))  # type: ignore[misc]
    without, with_lists = (median(taken) for taken in times)
    print(f"whole verification: {without:.1f} us without lists, {with_lists:.1f} us with")


def _verify(verifier: Verifier, text: str) -> None:
    assert isinstance(verifier.verify(text, AT), Verified)


def _timed(call: Callable[[], object]) -> float:
    """Microseconds of CPU time."""
    began = time.process_time()
    call()
    return 1e6 * (time.process_time() - began)


if __name__ == "__main__":
    main()
