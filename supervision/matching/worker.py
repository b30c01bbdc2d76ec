"""One round in a process of its own: `python -m supervision.matching.worker IN_DIR OUT_DIR ENGINE LANGUAGE`.

Knows no Django. Ends with 2 when a table is wrong, 1 when nothing can be written, and says why on standard error.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from core.jobs.memory import peak_mb
from supervision.matching.files import TableFault, read_market, speak, write_result
from supervision.matching.policy import (
    ENGINES,
    Market,
    Matching,
    blocking_pairs,
    match_optimal,
    prove,
    stranded,
)


def main(source: str, target: str, engine: str, language: str) -> int:
    """Read, match, prove, write."""
    speak(language)
    began = time.perf_counter()
    try:
        market = read_market(Path(source))
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    matching = ENGINES[engine](market)
    best = match_optimal(market, even=False) if engine != "optimal" else None
    proof = prove(market, matching, best)
    left = stranded(market, matching)
    summary = {
        "engine": engine,
        "matched": proof.matched,
        "unmatched": len(left),
        "total_score": proof.total,
        "blocking_pairs": blocking_pairs(market, matching),
        "bound": proof.bound,
        "gap": proof.gap,
        "proved": proof.is_proved,
        "person_weight": proof.person_weight,
        **_beside(market, best),
        "seconds": round(matching.seconds, 3),
        "seconds_in_all": round(time.perf_counter() - began, 3),
        "peak_mb": round(peak_mb(), 1),
    }
    try:
        write_result(Path(target), market, matching, proof, left, summary)
    except OSError as error:
        sys.stderr.write(f"{target}: {error.strerror}\n")
        return 1
    for name, value in summary.items():
        sys.stdout.write(f"{name} {value}\n")
    return 0


def _beside(market: Market, best: Matching | None) -> dict[str, int]:
    """What the optimal engine would have come to, beside what another gave: the price of what that keeps."""
    if best is None:
        return {}
    proof = prove(market, best)
    return {
        "optimal_matched": proof.matched,
        "optimal_total_score": proof.total,
        "optimal_blocking_pairs": blocking_pairs(market, best),
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
