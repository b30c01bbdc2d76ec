"""Reading posts: what is planned and filled, what a person may be given, who came by which route."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from core.access.scope import Asker
from core.people.models import Person
from credentials.posts.models import Post, PostHolding, Sector, TalentRoute


@dataclass(frozen=True)
class SectorStaffing:
    """Planned and filled places of one sector in a part of the tree."""

    sector: Sector
    planned: int
    filled: int

    @property
    def open(self) -> int:
        return max(self.planned - self.filled, 0)


def desk_posts(user: Asker) -> QuerySet[Post]:
    """The posts that this user may read, with what a row of the desk shows."""
    return Post.objects.visible_to(user).with_filled().select_related("organisation", "sector")


def staffing_of(posts: QuerySet[Post]) -> list[SectorStaffing]:
    """Planned and filled places by sector of these posts; every sector that has any. Three queries."""
    plain = posts.order_by().filter(is_active=True)
    planned = dict(plain.values_list("sector").annotate(number=Sum("places")))
    held = PostHolding.objects.current().filter(post__in=plain.values("pk")).order_by()
    filled: dict[int, int] = {}
    for sector in held.values_list("post__sector", flat=True):
        filled[sector] = filled.get(sector, 0) + 1
    sectors = Sector.objects.filter(pk__in=planned)
    return [SectorStaffing(sector, planned[sector.pk], filled.get(sector.pk, 0)) for sector in sectors]


def offered_to(person: Person) -> QuerySet[Post]:
    """The posts of the person's employer that have a free place."""
    rows = with_free_places().filter(organisation=person.employer_id)
    return rows.select_related("organisation", "sector")


def could_hold(post: Post) -> QuerySet[Person]:
    """Who is employed where the post is and holds none at present, by pinyin."""
    busy = PostHolding.objects.current().filter(person__employer=post.organisation_id).values("person")
    return Person.objects.filter(employer=post.organisation_id).exclude(pk__in=busy).order_by("pinyin", "pk")


def with_free_places() -> QuerySet[Post]:
    """The posts that are not closed and have a place that nobody holds."""
    return Post.objects.filter(is_active=True).with_filled().filter(filled__lt=F("places"))  # type: ignore[misc]


def holdings_of(person: Person) -> QuerySet[PostHolding]:
    """The posts that a person holds or held, the latest first."""
    return PostHolding.objects.filter(person=person).select_related("post__organisation", "post__sector")


def current_posts(person_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Sector and title of the post that these people hold at present, of those who hold one. One query."""
    rows = PostHolding.objects.current().filter(person__in=list(person_ids)).order_by()
    found = rows.values_list("person_id", "post__sector_id", "post__title")
    return {person: (sector, title) for person, sector, title in found}


def routes_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The latest route of these people, of those who have one. One query."""
    rows = TalentRoute.objects.filter(person__in=list(person_ids)).order_by("since", "pk")
    return dict(rows.values_list("person_id", "route"))


def filled_by_sector(path: str, on: datetime.date) -> list[tuple[str, int, int]]:
    """Tree path, sector and person of every holding on this day at an organisation below `path`. One query."""
    rows = PostHolding.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, post__organisation__path__startswith=path
    )
    return list(rows.order_by().values_list("post__organisation__path", "post__sector_id", "person_id"))
