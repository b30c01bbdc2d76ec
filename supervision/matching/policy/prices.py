"""What the prices of a round say: which supervisors are short, and where to recruit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supervision.matching.policy.market import Ints


@dataclass(frozen=True)
class Short:
    """A supervisor with a price: one place fewer would cost the round `price`, which is `persons` left without anybody
    (0 or 1) and `points` (less than 0 when the pairs that are left are worth more)."""

    supervisor: str
    price: int
    persons: int
    points: int


@dataclass(frozen=True)
class Area:
    """A district and a field: how many supervisors and places there are, how many supervisors are short, and their prices
    summed. Who works in several areas counts in each: one more supervisor in any of them would help."""

    district: str
    field: str
    supervisors: int
    places: int
    short: int
    persons: int
    points: int
    price: int


def short_ones(supervisors: Sequence[str], places: Ints, prices: Ints, person_weight: int) -> list[Short]:
    """The supervisors with a price, the dearest first. Who has no place at all (or only for those pinned) has none to
    lose."""
    found = []
    for one, room, price in zip(supervisors, places.tolist(), prices.tolist(), strict=True):
        if room > 0 and price > 0:
            persons = int(2 * price > person_weight)
            found.append(Short(one, price, persons, price - persons * person_weight))
    return sorted(found, key=lambda one: (-one.price, one.supervisor))


def shortage(
    shorts: Iterable[Short], areas: Iterable[tuple[str, str, str]], places: dict[str, int]
) -> list[Area]:
    """The prices summed by district and field, the dearest first. `areas` are (supervisor, district, field), `places` all
    that each supervisor has; who stands in no area counts in one without a name."""
    price_of = {one.supervisor: one for one in shorts}
    members: dict[tuple[str, str], list[str]] = {}
    known = set()
    for supervisor, district, field in areas:
        members.setdefault((district, field), []).append(supervisor)
        known.add(supervisor)
    if missing := sorted(set(places) - known):
        members.setdefault(("", ""), []).extend(missing)
    found = []
    for (district, field), names in members.items():
        dear = [price_of[one] for one in names if one in price_of]
        found.append(
            Area(
                district=district,
                field=field,
                supervisors=len(names),
                places=sum(places[one] for one in names),
                short=len(dear),
                persons=sum(one.persons for one in dear),
                points=sum(one.points for one in dear),
                price=sum(one.price for one in dear),
            )
        )
    return sorted(found, key=lambda one: (-one.price, one.district, one.field))


@dataclass(frozen=True)
class Demand:
    """A district and a field from which mentees come: how many there are, how many of them are left without a supervisor,
    how many have one who is short, and the prices of the places that these take: `persons` of them decide whether one
    person more is paired, and what they are worth besides is `points`. Whoever has several fields counts in each."""

    district: str
    field: str
    mentees: int
    left: int
    short: int
    persons: int
    points: int


def demanded(mentees: Iterable[tuple[str, Sequence[str], str]], shorts: Iterable[Short]) -> list[Demand]:
    """The prices summed by where the mentees come from, the worst first: where to recruit; of as many people, those who
    are without a supervisor before those whose place is dear. A mentee is (district, fields,
    supervisor), the supervisor "" for who is left without one, and no field counts as one without a name."""
    price_of = {one.supervisor: one for one in shorts}
    found: dict[tuple[str, str], list[int]] = {}
    for district, fields, supervisor in mentees:
        dear = price_of.get(supervisor)
        for each in fields or ("",):
            sums = found.setdefault((district, each), [0] * 5)
            sums[0] += 1
            sums[1] += not supervisor
            if dear is not None:
                sums[2] += 1
                sums[3] += dear.persons
                sums[4] += max(dear.points, 0)
    rows = [Demand(district, each, *sums) for (district, each), sums in found.items()]
    return sorted(
        rows, key=lambda one: (-one.left - one.persons, -one.left, -one.points, one.district, one.field)
    )
