"""What the worst input costs: known attacks, mutated certificates, nonsense that was signed.

`python benchmarks/hostile_input.py [COUNT]`: CPU time of one verification each; COUNT mutations
(default 40,000). No input may take more than 100 ms; exit status 1 when one does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the corpus is that of the tests

from kiosk.core.verify import Verifier  # noqa: E402
from tests.certificates import AT, signer, trust  # noqa: E402
from tests.hostile import known_attacks, mutated, signed_nonsense  # noqa: E402

LIMIT = 0.100  # seconds of CPU time


def main() -> int:
    """Print a row for each corpus."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    verifier = Verifier(trust(signer()))
    print("corpus                 inputs  median ms  p99.9 ms  worst ms")
    rows = {
        "known attacks": _costs(verifier, list(known_attacks()) * 20),
        "mutated certificates": _costs(verifier, mutated(count)),
        "signed nonsense": _costs(verifier, signed_nonsense(count)),
    }
    for name, costs in rows.items():
        middle, rare, worst = (1e3 * _at(costs, share) for share in (0.5, 0.999, 1.0))
        print(f"{name:21s} {len(costs):7,} {middle:10.3f} {rare:9.3f} {worst:9.3f}")
    return 1 if max(map(max, rows.values())) > LIMIT else 0


def _costs(verifier: Verifier, texts: Iterable[str]) -> list[float]:
    costs = []
    for text in texts:
        start = time.process_time()
        verifier.verify(text, AT)
        costs.append(time.process_time() - start)
    return sorted(costs)


def _at(costs: list[float], share: float) -> float:
    return costs[min(len(costs) - 1, int(share * len(costs)))]


if __name__ == "__main__":
    sys.exit(main())
