"""One round in a process of its own: `python -m supervision.matching.worker IN_DIR OUT_DIR ENGINE LANGUAGE [ASKED]`, where
ASKED is what was asked for besides, as JSON (see Asked).

Knows no Django. Ends with 2 when a table is wrong, 1 when nothing can be written, and says why on standard error.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.jobs.memory import peak_mb
from supervision.matching import files
from supervision.matching.files import TableFault
from supervision.matching.policy import (
    ENGINES,
    Knobs,
    Market,
    MarketFault,
    Matching,
    Proof,
    Short,
    blocking_of_all,
    blocking_pairs,
    curve,
    kept_in,
    match_guided,
    match_optimal,
    match_turned,
    prove,
    short_ones,
    shortage,
    steps_for,
    stranded,
    stranded_of_all,
    turned,
    why,
)

GUIDED = "guided"  # over all pairs, from other tables than the engines that are handed a market


@dataclass(frozen=True)
class Asked:
    """What was asked for besides an engine: the knobs, the file of the earlier round, the knob whose curve is drawn and
    at which values, and whether the prices are to be said in words."""

    wishes: int = 0
    even: int = 0
    keep_bonus: int = 0
    keep: str = ""
    curve: str = ""
    curve_values: Sequence[int] = ()
    words: bool = False

    def knobs(self) -> Knobs:
        earlier = files.read_earlier(Path(self.keep)) if self.keep else frozenset()
        return Knobs(self.wishes, self.even, self.keep_bonus, earlier)


def main(source: str, target: str, engine: str, language: str, asked: str = "{}") -> int:
    """Read, match, prove, write."""
    files.speak(language)
    began = time.perf_counter()
    try:
        files.check_folders(Path(source), Path(target))
        summary, write = _round(Path(source), Path(target), engine, Asked(**json.loads(asked)))
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    summary["seconds_in_all"] = round(time.perf_counter() - began, 3)
    summary["peak_mb"] = round(peak_mb(), 1)
    try:
        write(summary)
    except OSError as error:
        sys.stderr.write(f"{target}: {error.strerror}\n")
        return 1
    for name, value in summary.items():
        sys.stdout.write(f"{name} {value}\n")
    return 0


def _guided(source: Path, target: Path, asked: Asked) -> tuple[dict[str, Any], Any]:
    """One round over all pairs, guided by prices."""
    pairs = files.read_all_pairs(source)
    areas = files.read_areas(source / "places.csv", pairs.supervisors)
    found = match_guided(pairs)
    proof, left = found.proof, stranded_of_all(pairs, found.matching)
    summary = {
        "engine": GUIDED,
        "matched": proof.matched,
        "unmatched": len(left),
        "total_score": proof.total,
        "blocking_pairs": blocking_of_all(pairs, found.matching),
        "bound": proof.bound,
        "gap": proof.gap,
        "proved": proof.is_proved,
        "person_weight": proof.person_weight,
        "rounds": found.rounds,
        "candidates": found.candidates,
        "seconds": round(found.matching.seconds, 3),
    }
    shorts = short_ones(pairs.supervisors, pairs.places, found.prices, proof.person_weight)
    more = _prices(shorts, areas, pairs.all_places, words=asked.words)
    prices = dict(zip(pairs.supervisors, found.prices.tolist(), strict=True))
    matched = pairs.mentees, found.matching
    return summary, lambda told: files.write_round(target, matched, prices, left, told, more)


def _round(source: Path, target: Path, engine: str, asked: Asked) -> tuple[dict[str, Any], Any]:
    """One round: what it came to, and what writes it."""
    if engine == GUIDED:
        return _guided(source, target, asked)
    market = files.read_market(source)
    areas = files.read_areas(source / "places.csv", market.supervisors)
    knobs = asked.knobs()
    try:
        matching, proof, beside = _matched(market, engine, knobs)
        more = _curve(market, asked, knobs)
    except MarketFault:
        raise files.too_wide() from None
    left = stranded(market, matching)
    shorts = short_ones(market.supervisors, market.places, proof.prices, proof.person_weight)
    more |= _prices(shorts, areas, market.all_places, words=asked.words)
    if asked.words:
        more["why.csv"] = _why(market, matching, proof, engine, knobs)
    summary = {
        "engine": engine,
        "matched": proof.matched,
        "unmatched": len(left),
        "total_score": beside.pop("total_score", proof.total),
        "blocking_pairs": blocking_pairs(market, matching),
        "bound": proof.bound,
        "gap": proof.gap,
        "proved": proof.is_proved,
        "person_weight": proof.person_weight,
        **beside,
        "seconds": round(matching.seconds, 3),
    }
    return summary, lambda told: files.write_result(target, market, matching, proof, left, told, more)


def _matched(market: Market, engine: str, knobs: Knobs) -> tuple[Matching, Proof, dict[str, Any]]:
    """The matching with its proof, and what is told beside it: what the optimal engine would come to with no knob turned
    is the price of what another engine, or a knob, keeps."""
    if knobs.is_turned:
        matching, proof = match_turned(market, knobs)
        plain = match_optimal(market, even=False)
        own = prove(market, matching, plain)
        told = {
            "total_score": own.total,
            "weighed_score": proof.total,
            "optimal_total_score": prove(market, plain).total,
        }
        told |= {"wishes": knobs.wishes, "even": knobs.even, "keep_bonus": knobs.keep}
        return matching, proof, told | _kept(market, matching, knobs)
    matching = ENGINES[engine](market)
    best = match_optimal(market, even=False) if engine != "optimal" else None
    proof = prove(market, matching, best)
    return matching, proof, _beside(market, best) | _kept(market, matching, knobs)


def _kept(market: Market, matching: Matching, knobs: Knobs) -> dict[str, int]:
    if not knobs.kept:
        return {}
    return {"earlier": len(knobs.kept), "kept": kept_in(market, matching, knobs)}


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


def _curve(market: Market, asked: Asked, knobs: Knobs) -> dict[str, Any]:
    if not asked.curve:
        return {}
    values = asked.curve_values or steps_for(market, asked.curve)
    return {"curve.csv": files.curve_file(curve(market, asked.curve, values, knobs))}


def _why(market: Market, matching: Matching, proof: Proof, engine: str, knobs: Knobs) -> Any:
    """Why everybody got this supervisor: with the optimal engine by its prices, in the points that were weighed."""
    if engine != "optimal":
        return files.why_file(why(market, matching), has_prices=False)
    weighed = turned(market, knobs)
    return files.why_file(why(weighed, matching, proof.prices, proof.person_weight), has_prices=True)


def _prices(
    shorts: Sequence[Short], areas: Sequence[tuple[str, str, str]], places: dict[str, int], *, words: bool
) -> dict[str, Any]:
    """What the prices say, in words and summed, where that was asked for."""
    more = {"words.csv": files.words_file(shorts)} if words else {}
    if areas:
        more["shortage.csv"] = files.shortage_file(shortage(shorts, areas, places))
    return more


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
