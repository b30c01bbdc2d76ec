"""Searching the talent pool: four counts for all facets, one page of rows, whatever the number of people."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from core.access.predicates import ROOT
from core.access.scope import Asker, scope_of
from core.organisations.models import Organisation
from credentials.talent.models import ProfileQuerySet, TalentProfile, listed_for
from credentials.talent.policy import Wanted, facets_of, few_words, first_days, fitting
from credentials.talent.states import YEARS, Awarded, Order

# Facets that are counted together: of each group there are few combinations of values.
TOGETHER = (("level", "sector", "route", "part"), ("years", "span", "awarded"), ("field",))
ORDERS = {
    Order.NAME: ("pinyin", "person"),
    Order.HOURS: ("-minutes", "pinyin", "person"),
    Order.PRACTICE: ("practice_started_on", "pinyin", "person"),
    Order.LEVEL: ("-rank", "pinyin", "person"),
}
NO_YEAR = len(YEARS)  # of whom it is not known since when they practise


@dataclass(frozen=True)
class Found:
    """What a search has found: the rows (not fetched yet), how many, by facet, by place below, and how many more are
    counted only (None: too few to be told)."""

    rows: QuerySet[TalentProfile]
    total: int
    facets: dict[str, dict[Any, int]]
    places: list[tuple[Organisation, int]]
    unlisted: int | None


def search(user: Asker, wanted: Wanted) -> Found:
    """Look for people in the reader's scope. Five statements besides the page of rows.

    Facets count those who are listed, so that a number is what one gets. Who is not listed is never found by words, and
    not counted by facet either: of few people at a place each facet would tell what they are.
    """
    base = _in_place(TalentProfile.objects.in_scope(user), wanted)
    listed = listed_for(scope_of(user))
    shown = base.filter(listed)
    total, facets = 0, {}
    for names in TOGETHER:
        groups = _groups(_chosen(shown, wanted, but=names), names)
        own = {name: value for name, value in wanted.chosen.items() if name in names}
        if names == ("field",):
            facets["field"] = _by_field(groups)
            continue
        total = fitting(names, groups, own)
        facets |= facets_of(names, groups, own)
    rows = _chosen(shown, wanted).select_related("person__employer", "level", "sector")
    unlisted = 0
    if not wanted.words and not wanted.chosen:
        unlisted = base.exclude(listed).count()
    return Found(
        rows=rows.order_by(*ORDERS[Order(wanted.order)]),
        total=total,
        facets=facets,
        places=_places(rows, wanted.place),
        unlisted=few_words(unlisted),
    )


def rows_for(user: Asker, wanted: Wanted) -> QuerySet[TalentProfile]:
    """All rows of a search, in its order, to be taken out."""
    shown = _in_place(TalentProfile.objects.in_scope(user), wanted).filter(listed_for(scope_of(user)))
    rows = _chosen(shown, wanted).select_related("person__employer", "level", "sector")
    return rows.order_by(*ORDERS[Order(wanted.order)])


def _in_place(rows: ProfileQuerySet, wanted: Wanted) -> ProfileQuerySet:
    if wanted.place:
        rows = rows.filter(path__startswith=wanted.place)
    for word in wanted.words:
        rows = rows.filter(words__contains=word)
    return rows


def _chosen(rows: ProfileQuerySet, wanted: Wanted, but: Sequence[str] = ()) -> ProfileQuerySet:
    """The rows that fit every chosen facet, those named in `but` apart; of fields several may fit one person, so the
    counts of fields are always of those who fit."""
    for name, value in wanted.chosen.items():
        if name not in but or name == "field":
            rows = rows.filter(_condition(name, value))
    return rows


def _condition(name: str, value: Any) -> Q:
    if name == "years":
        return _years_condition(int(value))
    if name == "field":
        return Q(fields__contains=f",{value},")
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


def _groups(rows: ProfileQuerySet, names: Sequence[str]) -> list[tuple[tuple[Any, ...], int]]:
    """How many people have which values of these facets. One statement."""
    columns = {
        "level": "level_id",
        "sector": "sector_id",
        "field": "fields",
        "years": "years_span",
        "awarded": "is_awarded",
    }
    annotations: dict[str, Any] = {}
    if "years" in names:
        annotations["years_span"] = _years_case(first_days(timezone.localdate(), YEARS))
    if "awarded" in names:
        annotations["is_awarded"] = Case(When(awards__gt=0, then=Value("some")), default=Value("none"))
    keys = [columns.get(name, name) for name in names]
    grouped = rows.order_by().annotate(**annotations).values(*keys).annotate(number=Count("pk"))
    return [(row[:-1], row[-1]) for row in grouped.values_list(*keys, "number")]


def _years_case(days: Sequence[datetime.date]) -> Case:
    whens = [When(practice_started_on=None, then=Value(NO_YEAR))]
    whens += [
        When(practice_started_on__lte=days[number], then=Value(number))
        for number in range(len(days) - 1, 0, -1)
    ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _by_field(groups: list[tuple[tuple[Any, ...], int]]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for (key,), number in groups:
        for each in key.split(","):
            if each:
                found[int(each)] = found.get(int(each), 0) + number
    return found


def _places(rows: ProfileQuerySet, place: str) -> list[tuple[Organisation, int]]:
    """How many are employed at or below each organisation one storey below the chosen one (or the top). Two statements."""
    length = len(place) + ROOT
    counted = rows.order_by().annotate(below=Substr("path", 1, length)).values("below")
    numbers = dict(counted.annotate(number=Count("pk")).values_list("below", "number"))
    found = Organisation.objects.filter(path__in=[path for path in numbers if len(path) == length])
    return [(each, numbers[each.path]) for each in found]
