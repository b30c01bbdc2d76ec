"""The facts of a round as a market that the engines take, and its knobs.

The engines are imported when they are asked: nothing of OR-tools is loaded by the site (ADR 0017).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supervision.matching.queries.facts import Facts
from supervision.matching.scoring import Columns, columns_of
from supervision.matching.states import Knob

if TYPE_CHECKING:
    from supervision.matching.policy import Knobs, Market, Matching

Pairs = Sequence[Sequence[int]]  # (mentee, supervisor) by their keys


class Contradiction(ValueError):
    """The officer's changes contradict each other or the hard rules."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass
class Built:
    """A market with what it was made from."""

    facts: Facts
    columns: Columns
    market: Market

    def chosen(self, matching: Matching) -> dict[int, int]:
        """Who has whom, by their keys."""
        people, names = self.market.mentees, self.market.supervisors
        return {
            int(people[mentee]): int(names[by])
            for mentee, by in enumerate(matching.supervisor.tolist())
            if by >= 0
        }


def build(facts: Facts, *, pinned: Pairs = (), forbidden: Pairs = ()) -> Built:
    """Every allowed pair of the round with its score. Raises Contradiction."""
    from supervision.matching.policy import MarketFault, market_of

    columns = columns_of(facts.mentees, facts.supervisors, facts.rules)
    try:
        market = market_of(
            supervisors=[(str(each.key), each.places) for each in facts.supervisors],
            mentees=[str(each.key) for each in facts.mentees],
            pairs=columns.pairs,
            pinned=inside(facts, pinned),
            forbidden=inside(facts, forbidden),
        )
    except MarketFault as fault:
        raise Contradiction(fault.kind) from fault
    return Built(facts, columns, market)


def inside(facts: Facts, pairs: Pairs) -> list[tuple[int, int]]:
    """Pairs by their places in the facts; whoever takes part no longer is left out."""
    row_of = {each.key: row for row, each in enumerate(facts.mentees)}
    place_of = {each.key: place for place, each in enumerate(facts.supervisors)}
    return [(row_of[m], place_of[s]) for m, s in pairs if m in row_of and s in place_of]


def knobs_of(facts: Facts, values: Mapping[str, Any]) -> Knobs:
    """The knobs of a round; kept are pairs that were together before, in the round before this one or otherwise."""
    from supervision.matching.policy import Knobs

    kept = frozenset((str(one.key), str(by)) for one in facts.mentees for by in one.kept)
    return Knobs(**{knob: int(values.get(knob, 0)) for knob in Knob.values}, kept=kept, given_only=True)


def measures_of(facts: Facts, chosen: Mapping[int, int]) -> dict[str, int]:
    """What the knobs are about: how many of those who named wishes got their first one, and one of their first three; the
    largest and the least number of mentees at one supervisor with places; how many earlier pairs stay together."""
    asked = [mentee for mentee in facts.mentees if mentee.wishes]
    ranks = [mentee.wishes.get(chosen.get(mentee.key, 0), 0) for mentee in asked]
    load = {each.key: 0 for each in facts.supervisors if each.places}
    for by in chosen.values():
        load[by] = load.get(by, 0) + 1
    return {
        "asked": len(asked),
        "first": sum(rank == 1 for rank in ranks),
        "top3": sum(1 <= rank <= 3 for rank in ranks),
        "most": max(load.values(), default=0),
        "least": min(load.values(), default=0),
        "earlier": sum(bool(mentee.kept) for mentee in facts.mentees),
        "kept": sum(chosen.get(mentee.key) in mentee.kept for mentee in facts.mentees),
    }
