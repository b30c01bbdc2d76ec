"""From the facts of a round to what it comes to: both engines, the verifier, and of each mentee the pair or the reason.

The engines are imported when they are asked: nothing of OR-tools is loaded by the site (ADR 0017).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from supervision.matching.queries.facts import Facts
from supervision.matching.scoring import Columns, columns_of, parts_of


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


class Contradiction(ValueError):
    """The officer's changes contradict each other or the hard rules."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def outcome_of(
    facts: Facts,
    *,
    engine: str,
    pinned: list[list[int]] | None = None,
    forbidden: list[list[int]] | None = None,
    now: dict[int, int] | None = None,
) -> Outcome:
    """Run both engines on the facts, prove both, and explain the one that was chosen. Raises Contradiction.

    `now` is who has whom in the result that holds: of outcomes that are equally good, the one that moves fewest people
    is chosen, so that a trial shows what a change moves and nothing else.
    """
    from supervision.matching.policy import ENGINES, MarketFault, blocking_pairs, market_of, prove, stranded

    columns = columns_of(facts.mentees, facts.supervisors, facts.rules)
    row_of = {each.key: row for row, each in enumerate(facts.mentees)}
    place_of = {each.key: place for place, each in enumerate(facts.supervisors)}
    held = [(row_of[m], place_of[s]) for m, s in pinned or () if m in row_of and s in place_of]
    banned = [(row_of[m], place_of[s]) for m, s in forbidden or () if m in row_of and s in place_of]
    people: dict[str, Any] = {
        "supervisors": [(str(each.key), each.places) for each in facts.supervisors],
        "mentees": [str(each.key) for each in facts.mentees],
        "pinned": held,
        "forbidden": banned,
    }
    try:
        market = market_of(pairs=columns.pairs, **people)
    except MarketFault as fault:
        raise Contradiction(fault.kind) from fault
    asked = market_of(pairs=_favoured(columns, facts, now), **people) if now else market
    matchings = {name: match(asked) for name, match in ENGINES.items()}
    best = matchings["optimal"]
    made = Outcome(engine)
    chosen: dict[str, dict[int, int]] = {}
    for name, matching in matchings.items():
        proof = prove(market, matching, None if name == "optimal" else best)
        chosen[name] = {
            int(market.mentees[mentee]): int(market.supervisors[by])
            for mentee, by in enumerate(matching.supervisor.tolist())
            if by >= 0
        }
        made.summary[name] = {
            "matched": proof.matched,
            "unmatched": len(facts.mentees) - proof.matched,
            "total": proof.total,
            "bound": proof.bound,
            "gap": proof.gap,
            "proved": proof.is_proved,
            "blocking": blocking_pairs(market, matching),
            "seconds": round(matching.seconds, 3),
            "weight": proof.person_weight,
            **_wishes_met(facts, chosen[name]),
        }
        if name == engine:
            made.prices = {
                market.supervisors[place]: price for place, price in enumerate(proof.prices.tolist()) if price
            }
    reasons = {int(one.mentee): [one.reason, one.number] for one in stranded(market, matchings[engine])}
    other = chosen["stable" if engine == "optimal" else "optimal"]
    fixed = {(m, s) for m, s in pinned or ()}
    for row, mentee in enumerate(facts.mentees):
        by = chosen[engine].get(mentee.key)
        if by is None:
            parts = _why(reasons[mentee.key], columns, row)
            made.placed.append(Placed(mentee.key, None, 0, parts, other=other.get(mentee.key)))
            continue
        found = parts_of(mentee, facts.supervisors[place_of[by]], facts.rules)
        made.placed.append(
            Placed(
                mentee.key,
                by,
                sum(part.points for part in found),
                [part.kept() for part in found],
                (mentee.key, by) in fixed,
                other.get(mentee.key),
            )
        )
    return made


def _favoured(columns: Columns, facts: Facts, now: dict[int, int]) -> Any:
    """The pairs with scores in which those who are together now count less than a point more, all of them together too.
    Only the engines are given these; the verifier sees the true ones."""
    point = len(facts.mentees) + 1
    mentees = [each.key for each in facts.mentees]
    supervisors = [each.key for each in facts.supervisors]
    scores = [
        score * point + (now.get(mentees[row]) == supervisors[place])
        for row, place, score in zip(columns.mentees, columns.supervisors, columns.scores, strict=True)
    ]
    first, second, _scores, *ranks = columns.pairs
    return (first, second, scores, *ranks)


def _why(reason: list[Any], columns: Columns, row: int) -> list[list[Any]]:
    return [reason, *([code, count] for code, count in sorted(columns.against[row].items()))]


def _wishes_met(facts: Facts, chosen: dict[int, int]) -> dict[str, int]:
    """How many of those who named wishes got their first one, and one of their first three."""
    asked = [mentee for mentee in facts.mentees if mentee.wishes]
    ranks = [mentee.wishes.get(chosen.get(mentee.key, 0), 0) for mentee in asked]
    return {
        "asked": len(asked),
        "first": sum(rank == 1 for rank in ranks),
        "top3": sum(1 <= rank <= 3 for rank in ranks),
    }
