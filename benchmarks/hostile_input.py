"""What the worst input costs: known attacks, mutated certificates, nonsense that was signed.

`./run.sh bench hostile_input`: CPU time of one verification each, of some 40,000 mutations
(`python benchmarks/hostile_input.py COUNT` for more). No input may take more than 100 ms; exit
status 1 when one does. `./run.sh fuzz` examines many more, and what came of them.
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
from tests.certificates import AT  # noqa: E402
from tests.fuzz.mutations import CHUNK, Input, inputs  # noqa: E402
from tests.fuzz.originals import trusted  # noqa: E402
from tests.hostile import known_attacks  # noqa: E402

LIMIT = 0.100  # seconds of CPU time


def main() -> int:
    """Print a row for each corpus."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    verifier = Verifier(trusted())
    made = [one for number in range(-(-count // CHUNK)) for one in inputs(number, seed=2022)]
    print("corpus                 inputs  median ms  p99.9 ms  worst ms")
    rows = {
        "known attacks": _costs(verifier, list(known_attacks()) * 20),
        "mutated certificates": _costs(verifier, _texts(made, signed=False)),
        "signed nonsense": _costs(verifier, _texts(made, signed=True)),
    }
    for name, costs in rows.items():
        middle, rare, worst = (1e3 * _at(costs, share) for share in (0.5, 0.999, 1.0))
        print(f"{name:21s} {len(costs):7,} {middle:10.3f} {rare:9.3f} {worst:9.3f}")
    return 1 if max(map(max, rows.values())) > LIMIT else 0


def _texts(made: list[Input], *, signed: bool) -> list[str]:
    return [one.text for one in made if (one.signed is not None) == signed]


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
