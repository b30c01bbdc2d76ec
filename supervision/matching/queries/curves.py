"""What each value of each knob would come to for the round's own people: exact, every point proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from supervision.matching.queries.facts import Facts
from supervision.matching.queries.large import is_large
from supervision.matching.queries.market import Contradiction, Pairs, build, knobs_of, measures_of
from supervision.matching.states import MOST_KNOB, Knob


def curves_of(
    facts: Facts,
    *,
    knobs: Mapping[str, Any],
    pinned: Pairs = (),
    forbidden: Pairs = (),
    report: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, list[dict[str, Any]]]:
    """Of each knob its points, the others as they are in `knobs`; the values follow how far the scores lie apart, and the
    one that is chosen is among them. A knob that nothing hangs on (no wishes, nobody paired before) has none. Raises
    Contradiction."""
    from supervision.matching.policy import MarketFault, steps_for, walk

    if is_large(facts):
        raise Contradiction("too_large_for_knobs")
    built = build(facts, pinned=pinned, forbidden=forbidden)
    now = knobs_of(facts, knobs)
    values = {
        knob: sorted({*steps_for(built.market, knob), int(knobs.get(knob, 0))})
        for knob in Knob.values
        if _counts(facts, knob)
    }
    total, done = sum(map(len, values.values())), 0
    found: dict[str, list[dict[str, Any]]] = {knob: [] for knob in Knob.values}
    try:
        for knob, wanted in values.items():
            points = found[knob]
            for point, matching in walk(built.market, knob, _further(wanted, points), now):
                points.append(
                    {
                        "value": point.value,
                        "matched": point.matched,
                        "total": point.total,
                        "gap": point.gap,
                        **measures_of(facts, built.chosen(matching)),
                    }
                )
                done += 1
                report(done, max(total, done + 1))
    except MarketFault as fault:
        raise Contradiction(fault.kind) from fault
    return found


def _further(steps: list[int], points: list[dict[str, Any]]) -> Iterator[int]:
    """The steps, and then twice as much each time until two more in a row have changed nothing. `points` are those that
    were drawn of them so far."""
    yield from steps
    value, still = max(steps[-1], 1), 0
    while still < 2 and value < MOST_KNOB:
        value = min(2 * value, MOST_KNOB)
        yield value
        before, after = ({**point, "value": 0} for point in points[-2:])
        still = still + 1 if before == after else 0


def _counts(facts: Facts, knob: str) -> bool:
    if knob == Knob.WISHES:
        return any(mentee.wishes for mentee in facts.mentees)
    return knob != Knob.KEEP or any(mentee.kept for mentee in facts.mentees)
