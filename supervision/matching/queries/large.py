"""A round of very many people: over all pairs that are allowed, without a row for each (ADR 0019).

Scores stand in a table of groups: people of one place, with the same fields and languages. Pairs of a wish or of an earlier
pairing have a score of their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supervision.matching.queries.facts import Facts
from supervision.matching.queries.market import Contradiction, Pairs, inside, measures_of
from supervision.matching.scoring import (
    MenteeFacts,
    SupervisorFacts,
    against,
    known_part,
    may_serve,
    points_of_groups,
    score_of,
)

if TYPE_CHECKING:
    from supervision.matching.policy import AllPairs

MOST_PAIRS = 2_000_000  # of mentees and supervisors, up to which every pair has a row of its own
MOST_CELLS = 40_000_000  # of the table of groups: some hundreds of MB


@dataclass
class OverAll:
    """What the price-guided engine came to."""

    chosen: dict[int, int]
    summary: dict[str, Any]
    prices: dict[str, int]
    shorts: Any
    reasons: dict[int, list[Any]]
    against: Mapping[int, Counter[str]]  # of the rows of mentees without a supervisor


def is_large(facts: Facts) -> bool:
    """Whether the pairs are too many to have a row each."""
    return len(facts.mentees) * len(facts.supervisors) > MOST_PAIRS


def over_all(facts: Facts, *, pinned: Pairs = (), forbidden: Pairs = ()) -> OverAll:
    """The best over all allowed pairs, with its proven distance from the optimum. Raises Contradiction."""
    from supervision.matching.policy import (
        MarketFault,
        blocking_of_all,
        match_guided,
        short_ones,
        stranded_of_all,
    )

    try:
        pairs = all_pairs(facts, pinned=pinned, forbidden=forbidden)
    except MarketFault as fault:
        raise Contradiction(fault.kind) from fault
    found = match_guided(pairs)
    proof = found.proof
    chosen = {
        int(pairs.mentees[mentee]): int(pairs.supervisors[by])
        for mentee, by in enumerate(found.matching.supervisor.tolist())
        if by >= 0
    }
    summary = {
        "matched": proof.matched,
        "unmatched": len(facts.mentees) - proof.matched,
        "total": proof.total,
        "bound": proof.bound,
        "gap": proof.gap,
        "proved": proof.is_proved,
        "blocking": blocking_of_all(pairs, found.matching),
        "seconds": round(found.matching.seconds, 3),
        "weight": proof.person_weight,
        "rounds": found.rounds,
        **measures_of(facts, chosen),
    }
    prices = zip(pairs.supervisors, found.prices.tolist(), strict=True)
    alone = [row for row, mentee in enumerate(facts.mentees) if mentee.key not in chosen]
    return OverAll(
        chosen=chosen,
        summary=summary,
        prices={one: price for one, price in prices if price},
        shorts=short_ones(pairs.supervisors, pairs.places, found.prices, proof.person_weight),
        reasons={int(one.mentee): [one.reason, one.number] for one in stranded_of_all(pairs, found.matching)},
        against={row: _excluded(facts, facts.mentees[row]) for row in alone},
    )


def _excluded(facts: Facts, mentee: MenteeFacts) -> Counter[str]:
    codes = (against(mentee, each, facts.rules) for each in facts.supervisors)
    return Counter(code for code in codes if code)


def all_pairs(facts: Facts, *, pinned: Pairs = (), forbidden: Pairs = ()) -> AllPairs:
    """The round as groups. Raises MarketFault, and Contradiction where even the groups are too many."""
    from supervision.matching.policy import all_pairs_of

    known = known_part(facts.supervisors)
    mentees = [
        (known(one.path), facts.rules.thin.get(one.district, 0), one.fields, one.languages)
        for one in facts.mentees
    ]
    supervisors = [
        (one.path, one.regions, one.fields, one.languages, _takes(facts, one)) for one in facts.supervisors
    ]
    mentee_kinds, mentee_group = _numbered(mentees)
    supervisor_kinds, supervisor_group = _numbered(supervisors)
    if len(mentee_kinds) * len(supervisor_kinds) > MOST_CELLS:
        raise Contradiction("too_large")
    return all_pairs_of(
        supervisors=[(str(one.key), one.places) for one in facts.supervisors],
        mentees=[str(one.key) for one in facts.mentees],
        supervisor_group=supervisor_group,
        mentee_group=mentee_group,
        worth=_worth(facts, mentee_kinds, supervisor_kinds),
        own=_own(facts, inside(facts, forbidden)),
        apart=_apart(facts) | set(inside(facts, forbidden)),
        pinned=inside(facts, pinned),
    )


def _takes(facts: Facts, one: SupervisorFacts) -> bool:
    return one.takes_new and one.level >= facts.rules.level


def _numbered(keys: Iterable[Hashable]) -> tuple[list[Any], list[int]]:
    numbers: dict[Any, int] = {}
    column = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), column


def _worth(facts: Facts, mentees: list[Any], supervisors: list[Any]) -> Any:
    """The table of groups, put together from small tables: of places, of fields, of languages."""
    import numpy as np

    from supervision.matching.policy import BARRED

    rules = facts.rules
    total = np.zeros((len(mentees), len(supervisors)), dtype=np.int64)
    for part, of_mentee, of_supervisor in (("near", 0, 0), ("fields", 2, 2), ("language", 3, 3)):
        wanted, row = _numbered(one[of_mentee] for one in mentees)
        offered, column = _numbered(one[of_supervisor] for one in supervisors)
        small = [[points_of_groups(part, a, b, rules) for b in offered] for a in wanted]
        total += np.array(small, dtype=np.int64).reshape(len(wanted), len(offered))[np.ix_(row, column)]
    total += np.array([one[1] for one in mentees], dtype=np.int64)[:, None]
    places, row = _numbered(one[0] for one in mentees)
    homes, column = _numbered((one[0], one[1], one[4]) for one in supervisors)
    may = [
        [ok and may_serve(path, regions, at, rules.region) for path, regions, ok in homes] for at in places
    ]
    allowed = np.array(may, dtype=bool).reshape(len(places), len(homes))[np.ix_(row, column)]
    return np.where(allowed, total, BARRED)


def _own(facts: Facts, forbidden: list[tuple[int, int]]) -> tuple[list[int], list[int], list[int]]:
    """Pairs of a wish or of an earlier pairing, where no hard rule forbids them."""
    row_of = {each.key: row for row, each in enumerate(facts.mentees)}
    place_of = {each.key: place for place, each in enumerate(facts.supervisors)}
    named = {
        (row, place_of[by])
        for row, one in enumerate(facts.mentees)
        for by in (*one.wishes, *one.kept)
        if by in place_of
    }
    named |= {
        (row_of[one], place)
        for place, by in enumerate(facts.supervisors)
        for one in by.wishes
        if one in row_of
    }
    mentees: list[int] = []
    supervisors: list[int] = []
    scores: list[int] = []
    for row, place in sorted(named - set(forbidden)):
        mentee, by = facts.mentees[row], facts.supervisors[place]
        if not against(mentee, by, facts.rules):
            mentees.append(row)
            supervisors.append(place)
            scores.append(score_of(mentee, by, facts.rules))
    return mentees, supervisors, scores


def _apart(facts: Facts) -> set[tuple[int, int]]:
    """Who may not be paired for what is between the two."""
    place_of = {each.key: place for place, each in enumerate(facts.supervisors)}
    of_person: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(facts.supervisors):
        of_person[each.person].append(place)
    found = set()
    for row, one in enumerate(facts.mentees):
        found |= {(row, place_of[by]) for by in one.barred | one.led_by | one.paired if by in place_of}
        if one.person:
            found |= {(row, place) for place in of_person.get(one.person, ())}
    return found
