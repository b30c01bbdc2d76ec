"""Reading the registry of supervisors."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation, RoleAssignment
from core.organisations.models import Tier as Level
from core.people.models import Person, ServiceField, User
from core.people.queries import independence_at
from supervision.supervisors.models import SupervisionNorm, Supervisor, SupervisorQuerySet, province_of
from supervision.supervisors.policy import Coverage, Seat, by_both, by_district, by_field, outermost
from supervision.supervisors.states import Tier

SERIES = re.compile(r"([A-Z]+)(\d+)")
DEFAULT_NORM = 5  # practice: one supervisor for five social workers; the local norm is data
NOT_COVERED = (
    Role.ADMINISTRATOR,
    Role.FINANCE,
    Role.AUDITOR,
)  # who holds these decides about others' supervision

Row = TypeVar("Row", bound=Model)


def registry(user: Asker) -> SupervisorQuerySet:
    """The supervisors this user may see, with all that a list shows of them. Three queries for any number."""
    rows = Supervisor.objects.visible_to(user).with_month().select_related("person", "organisation")
    return rows.prefetch_related("designations", "fields")


def tiers_of(supervisor: Supervisor) -> list[str]:
    """The tiers in force today, highest first, in words. No query when the designations are prefetched."""
    today = timezone.localdate()
    held = {row.tier for row in supervisor.designations.all() if row.is_in_force(today)}
    return [str(tier.label) for tier in reversed(Tier) if tier.value in held]


def tiers_words(supervisor: Supervisor) -> str:
    """The tiers in force today, or that the last designation has run out, or that there is none."""
    held = tiers_of(supervisor)
    if held:
        return "、".join(held)
    return _("Run out") if has_run_out(supervisor) else _("None in force")


def has_run_out(supervisor: Supervisor) -> bool:
    """Whether a designation was in force before, and none is today. No query when they are prefetched."""
    today = timezone.localdate()
    rows = supervisor.designations.all()
    over = any(row.ends_on is not None and row.ends_on < today for row in rows)
    return over and not any(row.is_in_force(today) for row in rows)


def next_code(path: str) -> str:
    """A free number in the series that is in use at the organisation at this path, or nearest to it: the letters before
    the number are the place's own. Only a proposal: the unique constraint decides. Two queries."""
    above = Organisation.paths_above(path) or [""]
    near = Supervisor.objects.filter(organisation__path__startswith=above[0]).order_by("pk")
    rows = near.values_list("code", "organisation__path")
    known = [
        (sum(at.startswith(each) for each in above), found[1])
        for code, at in rows
        if (found := SERIES.fullmatch(code))
    ]
    series = max(known, key=itemgetter(0))[1] if known else "SV"
    taken = Supervisor.objects.filter(code__startswith=series).values_list("code", flat=True)
    numbers = [int(found[2]) for code in taken if (found := SERIES.fullmatch(code)) and found[1] == series]
    return f"{series}{max(numbers, default=0) + 1:03d}"


def places_words(supervisor: Supervisor) -> str:
    """How full a supervisor is, in words, and of rows `with_month` also when the month is."""
    values = {"load": supervisor.load, "capacity": supervisor.capacity, "free": supervisor.places_free}
    if not supervisor.places_free:
        return _("%(load)s of %(capacity)s taken: full") % values
    words = _("%(load)s of %(capacity)s taken, %(free)s free") % values
    return f"{words} · {month_words(supervisor)}" if supervisor.is_month_full else words


def month_words(supervisor: Supervisor) -> str:
    """How many minutes of this month are taken by the supervisor's own figure; "" where they give none."""
    if supervisor.monthly_minutes is None:
        return ""
    values = {"used": supervisor.month_minutes, "monthly": supervisor.monthly_minutes}
    if supervisor.is_month_full:
        return _("this month full: %(used)s of %(monthly)s minutes") % values
    return _("this month %(used)s of %(monthly)s minutes") % values


def fields_words(supervisor: Supervisor) -> str:
    return "、".join(field.name for field in supervisor.fields.all())


@dataclass(frozen=True)
class LoadPage:
    """Who is full, who is idle, and how districts and fields are covered, in the tree of one reader."""

    supervisors: int
    places: int
    taken: int
    workers: int
    norm: int
    norm_source: str
    full: list[Supervisor]
    month_full: list[Supervisor]
    idle: list[Supervisor]
    districts: list[Coverage]
    fields: list[Coverage]
    both: list[tuple[str, list[Coverage]]]

    @property
    def ratio(self) -> str:
        """Social workers for one supervisor, to one decimal place; "" when there is no supervisor."""
        return f"{self.workers / self.supervisors:.1f}".removesuffix(".0") if self.supervisors else ""

    @property
    def missing(self) -> int:
        """How many supervisors are missing to the norm."""
        return max(-(-self.workers // self.norm) - self.supervisors, 0)


def load_of(user: Asker) -> LoadPage:
    """The overview of supervision in what this user reads. Eight queries, however many supervisors there are."""
    scope, today = scope_of(user), timezone.localdate()
    paths = [] if scope.everything else outermost(scope.paths(*READERS))
    rows = Supervisor.objects.active()
    if not scope.everything:
        serving = Supervisor.objects.serving_in(paths).order_by().values("pk")
        rows = rows.filter(scope.q("organisation", *READERS) | Q(pk__in=serving))
    rows = rows.with_month().select_related("person", "organisation").prefetch_related("fields", "regions")
    every = list(rows.order_by("code"))
    inside = [row for row in every if scope.everything or _is_in(row.organisation.path, paths)]
    around = Q() if scope.everything else _around(paths)
    places = Organisation.objects.filter(around, is_active=True, tier=Level.COUNTY)
    counties = dict(places.values_list("path", "name"))
    counties = {path: counties[path] for path in outermost(counties)}
    to_cover = people_to_cover().filter(scope.q("employer", *READERS)).order_by()
    workers = dict(to_cover.values_list("employer__path").annotate(number=Count("pk")))
    nowhere = workers.pop(None, 0)  # without an employer: in the total, in no district
    norm, source = norm_for(paths, today)
    seats = [_seat(row) for row in every]
    known = ServiceField.objects.filter(is_active=True).order_by("position")
    fields = list(known.values_list("name", flat=True))
    return LoadPage(
        supervisors=len(inside),
        places=sum(row.capacity for row in inside),
        taken=sum(row.load for row in inside),
        workers=sum(workers.values()) + nowhere,
        norm=norm,
        norm_source=source,
        full=[row for row in inside if not row.places_free],
        month_full=[row for row in inside if row.is_month_full],
        idle=[row for row in inside if not row.load and row.capacity],
        districts=by_district(seats, counties, workers),
        fields=by_field(seats, fields),
        both=by_both(seats, counties, fields),
    )


def people_to_cover() -> QuerySet[Person]:
    """Those for whom supervisors are needed: with an active account, neither in the registry themselves nor at a desk of
    administration, finance or audit."""
    desk = RoleAssignment.objects.in_force(timezone.localdate()).filter(role__in=NOT_COVERED)
    people = Person.objects.filter(user__is_active=True, supervisor=None)
    return people.exclude(user__in=desk.order_by().values("user"))


def _around(paths: list[str]) -> Q:
    """The organisations in these trees and above them."""
    found = Q(path__in=[above for path in paths for above in Organisation.paths_above(path)])
    for path in paths:
        found |= Q(path__startswith=path)
    return found


def _is_in(path: str, paths: list[str]) -> bool:
    return any(path.startswith(each) for each in paths)


def _seat(row: Supervisor) -> Seat:
    """As `SupervisorQuerySet.serving` says: the regions that are named, or else the whole own province."""
    serves = tuple(each.path for each in row.regions.all()) or (province_of(row.organisation),)
    fields = tuple(field.name for field in row.fields.all())
    return Seat(row.load, row.capacity, serves, fields, row.organisation.path)


def norm_for(paths: list[str], on: datetime.date) -> tuple[int, str]:
    """The norm that holds at the first of these places, and its source: the nearest above, or the usual 1 : 5. One query."""
    rows = SupervisionNorm.objects.in_force(on)
    if paths:
        norm = nearest(rows, paths[0])
    else:
        norm = rows.annotate(depth=Length("organisation__path")).order_by("depth", "-starts_on").first()
    if norm is None:
        return DEFAULT_NORM, _("usual practice, no local norm is entered")
    return norm.workers, f"{norm.source} · {date_format(norm.starts_on)}"


def naming_either(text: str, path: str = "") -> Q:
    """The condition "the supervisor's number, or the name of the supervisor or the mentee, is like this"."""
    plain = text.strip().lower()
    found = Q(**{f"{path}supervisor__code__icontains": plain})
    for person in (f"{path}mentee", f"{path}supervisor__person"):
        found |= Q(**{f"{person}__name__icontains": plain})
        found |= Q(**{f"{person}__name_search__contains": plain})
    return found


def nearest(rows: QuerySet[Row], path: str) -> Row | None:
    """Of dated rows of organisations the one that holds at this place: of the nearest above it the one that began last.
    One query."""
    above = rows.filter(organisation__path__in=Organisation.paths_above(path))
    return above.annotate(depth=Length("organisation__path")).order_by("-depth", "-starts_on").first()


def nearest_among(rows: Iterable[Any], path: str) -> Any:
    """As `nearest`, of dated rows at hand with their organisations; of one place and day the last that was entered."""
    above = [row for row in rows if path.startswith(row.organisation.path)]
    return max(above, key=lambda row: (len(row.organisation.path), row.starts_on, row.pk), default=None)


def dependence(actor: Asker | None, holder: User, organisation: Organisation | None) -> str:
    """Why this officer may not decide about that account, in words: it is their own, or its holder has let them in. ""
    when they are independent. Two queries."""
    if _depends(actor, [holder], organisation):
        return _("Your account or your role here is this person's doing: another administrator decides.")
    return ""


def dependence_among(actor: Asker | None, holders: Iterable[User], organisation: Organisation | None) -> str:
    """As `dependence`, of several whom a decision concerns, without saying of which of them. Two queries for any number."""
    if _depends(actor, list(holders), organisation):
        return _(
            "Your account or your role here is the doing of somebody whom this concerns: another administrator decides."
        )
    return ""


def _depends(actor: Asker | None, holders: list[User], organisation: Organisation | None) -> bool:
    if organisation is None or not isinstance(actor, User):
        return False
    known = independence_at(organisation, [actor, *holders])
    return any(actor.pk == holder.pk or known.let_in(actor, holder) for holder in holders)
