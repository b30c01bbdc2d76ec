"""Deciding by a policy: the time of one decision, over the cases that come with the policy."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from credentials.policies.files import bundled, policy_in, text_of
from credentials.policies.policy import Policy, assess
from credentials.policies.policy.cases import Case, read_cases

CODE, DECISIONS, BATCHES, MOST_US = "jingzhou-2022", 60_000, 12, 50


@dataclass(frozen=True)
class Deciding:
    """So many decisions: microseconds of CPU time for one."""

    policy: str
    decisions: int
    median: float
    slowest: float

    @property
    def faults(self) -> list[str]:
        if self.median <= MOST_US:
            return []
        return [f"a decision by {self.policy}: {self.median:.0f} µs of {MOST_US}"]

    def __str__(self) -> str:
        return (
            f"{self.policy}: {self.decisions} decisions, {self.median:.0f} µs each in the middle batch, {self.slowest:.0f} µs "
            f"in the slowest (budget {MOST_US} µs): {1 / self.median:.2f} million a second on one core"
        )


def deciding() -> Deciding:
    """Decide all benefits of a policy for the people of its cases, again and again, in batches of equal size."""
    path = bundled()[CODE]
    policy = policy_in(path)
    _code, cases = read_cases(text_of(path.with_name(f"{CODE}.cases.yaml")))
    batches = [_batch(policy, cases) for _number in range(BATCHES)]
    costs = [seconds / count * 1e6 for seconds, count in batches]
    total = sum(count for _seconds, count in batches)
    return Deciding(CODE, total, statistics.median(costs), max(costs))


def _batch(policy: Policy, cases: tuple[Case, ...]) -> tuple[float, int]:
    """Seconds of CPU time and decisions of one batch."""
    count, began = 0, time.process_time()
    while count < DECISIONS // BATCHES:
        for case in cases:
            count += len(assess(policy, case.facts, case.on))
    return time.process_time() - began, count
