"""From the facts of a round to what it comes to: both engines, the verifier, and of each mentee the pair or the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supervision.matching.queries.facts import Facts
from supervision.matching.queries.large import is_large, over_all
from supervision.matching.queries.market import Built, Contradiction, Pairs, build, knobs_of, measures_of
from supervision.matching.scoring import parts_of
from supervision.matching.states import Engine

if TYPE_CHECKING:
    from supervision.matching.policy import Knobs, Matching, Proof


@dataclass
class Placed:
    """One mentee: the supervisor with the score and its parts, or None and why."""

    mentee: int
    supervisor: int | None
    score: int
    parts: list[list[Any]]
    is_pinned: bool = False
    other: int | None = None  # whom the other engine would have given


@dataclass
class Outcome:
    """What a calculation came to."""

    engine: str
    placed: list[Placed] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    areas: list[list[Any]] = field(default_factory=list)  # see demand_of


def outcome_of(
    facts: Facts,
    *,
    engine: str,
    pinned: Pairs = (),
    forbidden: Pairs = (),
    now: Mapping[int, int] | None = None,
    knobs: Mapping[str, Any] | None = None,
) -> Outcome:
    """Run both engines on the facts, prove both, and explain the one that was chosen. Raises Contradiction.

    `now` is who has whom in the result that holds: of outcomes that are equally good, the one that moves fewest people
    is chosen, so that a trial shows what a change moves and nothing else. The knobs turn the optimal engine only.
    """
    from supervision.matching.policy import MarketFault, stranded

    if is_large(facts):
        return _over_all(facts, engine, pinned, forbidden, knobs or {})
    built = build(facts, pinned=pinned, forbidden=forbidden)
    turned = knobs_of(facts, knobs or {})
    held = {str(mentee): str(by) for mentee, by in (now or {}).items()}
    try:
        solved = _solved(built, turned, held)
    except MarketFault as fault:
        raise Contradiction(fault.kind) from fault
    chosen = {name: built.chosen(matching) for name, (matching, _proof, _told) in solved.items()}
    made = Outcome(engine)
    for name, (matching, proof, told) in solved.items():
        made.summary[name] = _summary(built, matching, proof, chosen[name]) | told
    matching, proof, _told = solved[engine]
    supervisors = built.market.supervisors
    made.prices = {supervisors[at]: price for at, price in enumerate(proof.prices.tolist()) if price}
    made.areas = demand_of(facts, chosen[engine], _shorts(built, proof))
    reasons = {int(one.mentee): [one.reason, one.number] for one in stranded(built.market, matching)}
    other = chosen["stable" if engine == "optimal" else "optimal"]
    made.placed = _placed(facts, chosen[engine], other, pinned, reasons, built.columns.against)
    return made


def _over_all(
    facts: Facts, engine: str, pinned: Pairs, forbidden: Pairs, knobs: Mapping[str, Any]
) -> Outcome:
    """The same for very many people: only the optimal engine, only by the scores. Raises Contradiction for what else is
    asked."""
    if engine != Engine.OPTIMAL:
        raise Contradiction("too_large_for_stable")
    if any(knobs.values()):
        raise Contradiction("too_large_for_knobs")
    found = over_all(facts, pinned=pinned, forbidden=forbidden)
    return Outcome(
        engine,
        placed=_placed(facts, found.chosen, {}, pinned, found.reasons, found.against),
        summary={engine: found.summary},
        prices=found.prices,
        areas=demand_of(facts, found.chosen, found.shorts),
    )


Solved = dict[str, tuple["Matching", "Proof", dict[str, Any]]]


def _solved(built: Built, knobs: Knobs, now: Mapping[str, str]) -> Solved:
    """Of each engine the matching, its proof, and what is told besides: of a knob that is turned what it costs."""
    from supervision.matching.policy import Knobs, favoured, match_stable, match_turned, prove

    market = built.market
    best, proof = match_turned(market, knobs, now)
    told: dict[str, Any] = {}
    plain = best
    if knobs.is_turned:
        plain, plain_proof = match_turned(market, Knobs())
        own = prove(market, best, plain)
        told = {
            "total": own.total,
            "weighed": proof.total,
            "plain": {"total": plain_proof.total, **measures_of(built.facts, built.chosen(plain))},
        }
    stable = match_stable(favoured(market, now)[0] if now else market)
    return {"optimal": (best, proof, told), "stable": (stable, prove(market, stable, plain), {})}


def _summary(built: Built, matching: Matching, proof: Proof, chosen: Mapping[int, int]) -> dict[str, Any]:
    from supervision.matching.policy import blocking_pairs

    return {
        "matched": proof.matched,
        "unmatched": len(built.facts.mentees) - proof.matched,
        "total": proof.total,
        "bound": proof.bound,
        "gap": proof.gap,
        "proved": proof.is_proved,
        "blocking": blocking_pairs(built.market, matching),
        "seconds": round(matching.seconds, 3),
        "weight": proof.person_weight,
        "pairs": built.market.pairs,
        **measures_of(built.facts, chosen),
    }


def _shorts(built: Built, proof: Proof) -> Any:
    from supervision.matching.policy import short_ones

    return short_ones(built.market.supervisors, built.market.places, proof.prices, proof.person_weight)


def demand_of(facts: Facts, chosen: Mapping[int, int], shorts: Any) -> list[list[Any]]:
    """The prices summed by the mentees' district and field, as a calculation keeps them: the tree path of the district,
    the field, and the figures of policy.Demand."""
    from supervision.matching.policy import demanded

    mentees = [(one.district, sorted(one.fields), str(chosen.get(one.key, ""))) for one in facts.mentees]
    rows = [one for one in demanded(mentees, shorts) if one.left or one.short]
    return [
        [one.district, one.field, one.mentees, one.left, one.short, one.persons, one.points] for one in rows
    ]


_Excluded = (
    Sequence[Counter[str]] | Mapping[int, Counter[str]]
)  # by the row of a mentee: who may not, by the rule


def _placed(
    facts: Facts,
    chosen: Mapping[int, int],
    other: Mapping[int, int],
    pinned: Pairs,
    reasons: Mapping[int, list[Any]],
    excluded: _Excluded,
) -> list[Placed]:
    """Of each mentee the pair with every part of its score, or the reason why there is none."""
    by_key = {each.key: each for each in facts.supervisors}
    fixed = {(mentee, by) for mentee, by in pinned}
    found = []
    for row, mentee in enumerate(facts.mentees):
        by = chosen.get(mentee.key)
        also = other.get(mentee.key)
        if by is None:
            parts = _why(reasons[mentee.key], excluded[row])
            found.append(Placed(mentee.key, None, 0, parts, other=also))
            continue
        scored = parts_of(mentee, by_key[by], facts.rules)
        score = sum(part.points for part in scored)
        is_pinned = (mentee.key, by) in fixed
        kept = [part.kept() for part in scored]
        found.append(Placed(mentee.key, by, score, kept, is_pinned, also))
    return found


def _why(reason: list[Any], excluded: Counter[str]) -> list[list[Any]]:
    return [reason, *([code, count] for code, count in sorted(excluded.items()))]
