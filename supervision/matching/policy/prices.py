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
