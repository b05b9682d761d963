"""What a run adds up to, in a space that does not grow with the number of inputs."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.examine import Examined, Finding

_STEPS = 100  # buckets of cost for each factor of e: a bucket is 1 % wide


@dataclass
class Statistics:
    """Counts and costs by layer; times in seconds of CPU time."""

    inputs: Counter[str] = field(default_factory=Counter)
    verified: Counter[str] = field(default_factory=Counter)
    worst: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    _costs: Counter[int] = field(default_factory=Counter)

    def add(self, layer: str, examined: Examined) -> None:
        """Count one input."""
        self.inputs[layer] += 1
        self.verified[layer] += examined.verified
        self.worst[layer] = max(self.worst.get(layer, 0.0), examined.cpu)
        self.cpu += examined.cpu
        self._costs[math.ceil(_STEPS * math.log(max(examined.cpu, 1e-9)))] += 1
        if examined.finding:
            self.findings.append(examined.finding)

    def merge(self, other: Statistics) -> None:
        """Count all that another process counted."""
        self.inputs += other.inputs
        self.verified += other.verified
        for layer, worst in other.worst.items():
            self.worst[layer] = max(self.worst.get(layer, 0.0), worst)
        self.cpu += other.cpu
        self.findings += other.findings
        self._costs += other._costs

    @property
    def total(self) -> int:
        """How many inputs there were."""
        return self.inputs.total()

    def cost_of(self, share: float) -> float:
        """The seconds that `share` of the inputs did not exceed, 1 % too high at most."""
        ahead = share * self.total
        for bucket, count in sorted(self._costs.items()):
            ahead -= count
            if ahead <= 0:
                return math.exp(bucket / _STEPS)
        return 0.0
