"""Searching the talent pool: one statement counts, one fetches a page of rows, whatever the number of people."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.access.predicates import ROOT
from core.access.scope import Asker, scope_of
from credentials.talent.models import ProfileQuerySet, TalentProfile, listed_for
from credentials.talent.policy import FACETS, Wanted, facets_of, few_words, first_days, fitting, values_in
from credentials.talent.queries.counting import Numbers, numbers_of
from credentials.talent.states import YEARS, Awarded, Order

ORDERS = {  # by which column, and whether the greatest comes first
    Order.NAME: ("pinyin", False),
    Order.HOURS: ("minutes", True),
    Order.PRACTICE: ("practice_started_on", False),
    Order.LEVEL: ("rank", True),
}
NO_YEAR = len(YEARS)  # of whom it is not known since when they practise


@dataclass(frozen=True)
class Found:
    """What a search has found: the rows (not fetched yet), how many, by facet, by the path of each place below, and how
    many more are counted only (None: too few to be told)."""

    rows: QuerySet[TalentProfile]
    total: int
    facets: dict[str, dict[Any, int]]
    places: dict[str, int]
    unlisted: int | None


def search(user: Asker, wanted: Wanted) -> Found:
    """Look for people in the reader's scope. One statement besides the page of rows.

    Facets count those who are listed, so that a number is what one gets. Who is not listed is never found by words, and
    not counted by facet either: of few people at a place each facet would tell what they are.
    """
    listed = listed_for(scope_of(user))
    base = _in_place(TalentProfile.objects.in_scope(user), wanted)
    if wanted.words:
        base = base.filter(listed)
    chosen = {name: value for name, value in wanted.chosen.items() if name in FACETS}
    years = _years_case(first_days(timezone.localdate(), YEARS))
    of_field = _of_field(wanted)
    numbers = numbers_of(base, years=years, listed=listed, fits=_all_of(chosen), of_field=of_field)
    groups = [((*values_in(kind), span), shown) for kind, span, shown, _ in numbers.kinds if shown]
    hidden = [((*values_in(kind), span), number) for kind, span, _, number in numbers.kinds if number]
    return Found(
        rows=_ordered(base.filter(listed).filter(of_field & _all_of(chosen)), wanted),
        total=fitting(FACETS, groups, chosen),
        facets=facets_of(FACETS, groups, chosen) | {"field": dict(numbers.fields)},
        places=_places(numbers, wanted.place),
        unlisted=few_words(0 if wanted.chosen else fitting(FACETS, hidden, {})),
    )


def rows_for(user: Asker, wanted: Wanted) -> QuerySet[TalentProfile]:
    """All rows of a search, in its order, to be taken out."""
    shown = _in_place(TalentProfile.objects.in_scope(user), wanted).filter(listed_for(scope_of(user)))
    chosen = {name: value for name, value in wanted.chosen.items() if name in FACETS}
    return _ordered(shown.filter(_of_field(wanted) & _all_of(chosen)), wanted).select_related(
        "person__employer"
    )


def _in_place(rows: ProfileQuerySet, wanted: Wanted) -> ProfileQuerySet:
    """The rows of the place whose words fit."""
    if wanted.place:
        rows = rows.filter(path__startswith=wanted.place)
    for word in wanted.words:
        rows = rows.filter(words__contains=word)
    return rows


def _of_field(wanted: Wanted) -> Q:
    """Works in the chosen service field, of several that one person may have; everybody where none is chosen."""
    if "field" not in wanted.chosen:
        return Q()
    return Q(fields__contains=f",{wanted.chosen['field']},")


def _ordered(rows: ProfileQuerySet, wanted: Wanted) -> ProfileQuerySet:
    """In the order that is asked for. Everybody is read along its index; of those who fit a narrower search that index may
    hold the first ones at its end, so they are sorted: by an expression, which no index has."""
    column, falls = ORDERS[Order(wanted.order)]
    key: Any = Coalesce(column, column) if wanted.words or wanted.chosen else F(column)
    return rows.order_by(key.desc() if falls else key.asc(nulls_last=True), "pinyin", "person")


def _all_of(chosen: dict[str, Any]) -> Q:
    """Fits every one of these facets."""
    found = Q()
    for name, value in chosen.items():
        found &= _condition(name, value)
    return found


def _condition(name: str, value: Any) -> Q:
    if name == "years":
        return _years_condition(int(value))
    if name == "awarded":
        return Q(awards__gt=0) if value == Awarded.SOME else Q(awards=0)
    if name in ("level", "sector"):
        return Q(**{f"{name}_id": value})
    return Q(**{name: value})


def _years_condition(number: int) -> Q:
    """In practice for so long that it falls into this span."""
    if number == NO_YEAR:
        return Q(practice_started_on=None)
    days = first_days(timezone.localdate(), YEARS)
    condition = Q(practice_started_on__isnull=False)
    if number:
        condition &= Q(practice_started_on__lte=days[number])
    return condition if number + 1 == len(YEARS) else condition & Q(practice_started_on__gt=days[number + 1])


def _years_case(days: Sequence[datetime.date]) -> Case:
    whens = [When(practice_started_on=None, then=Value(NO_YEAR))]
    whens += [
        When(practice_started_on__lte=days[number], then=Value(number))
        for number in range(len(days) - 1, 0, -1)
    ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _places(numbers: Numbers, place: str) -> dict[str, int]:
    """How many are employed at or below each place one storey below the chosen one (or the top)."""
    length = len(place) + ROOT
    found: dict[str, int] = {}
    for path, number in sorted(numbers.paths.items()):
        if number and len(path) >= length:
            found[path[:length]] = found.get(path[:length], 0) + number
    return found
