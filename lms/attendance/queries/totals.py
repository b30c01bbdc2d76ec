"""What people have attended, and what they have missed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from lms.attendance.models import Attendance
from lms.attendance.states import THERE, Presence
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Attended, Classes
from lms.transfers.queries import moved_here_at


def attended_of(enrolment_ids: Iterable[int]) -> dict[int, Attended]:
    """What each of these enrolments has attended; every id has its answer. One query.

    Held are the required classes of the own cohort whose register was closed while the person belonged to it, and those of
    a cohort that they were moved out of: whatever was attended comes along. A class made up elsewhere counts as attended,
    and its minutes count; the class it was made up in is not held for them.
    """
    ids = list(enrolment_ids)
    own = Q(makes_up=None, class_session__is_required=True)
    came = Q(presence__in=THERE, minutes__gt=0) | Q(presence=Presence.MADE_UP)
    rows = (
        Attendance.objects.settled()
        .filter(enrolment__in=ids, class_session__cancelled_at=None)
        .order_by()
        .values("enrolment")
        .annotate(total=Sum("minutes"), held=Count("pk", filter=own), attended=Count("pk", filter=own & came))
    )
    found = {row["enrolment"]: Attended(row["total"] or 0, row["attended"], row["held"]) for row in rows}
    return {pk: found.get(pk, Attended()) for pk in ids}


def counted_classes(enrolment_ids: Collection[int]) -> dict[int, Classes]:
    """The classes of its cohort that count for each enrolment, none from before the place was given or the person was
    moved there, and those settled in cohorts that they were moved out of. One query."""
    elsewhere = Attendance.objects.settled().filter(
        enrolment=OuterRef("pk"),
        makes_up=None,
        class_session__is_required=True,
        class_session__cancelled_at=None,
    )
    elsewhere = elsewhere.exclude(class_session__cohort=OuterRef("cohort")).order_by()
    former = elsewhere.values("enrolment").annotate(number=Count("pk")).values("number")
    ends = "cohort__classes__ends_at__gt"
    since = (Q(decided_at=None) | Q(**{ends: F("decided_at")})) & (
        Q(moved_at=None) | Q(**{ends: F("moved_at")})
    )
    counts = since & Q(cohort__classes__is_required=True, cohort__classes__cancelled_at=None)
    over = Q(cohort__classes__ends_at__lte=timezone.now())
    rows = Enrolment.objects.filter(pk__in=enrolment_ids).order_by()
    rows = rows.annotate(moved_at=moved_here_at(), former=Coalesce(Subquery(former), 0)).annotate(
        number=Count("cohort__classes", filter=counts),
        over=Count("cohort__classes", filter=counts & over),
    )
    found = rows.values_list("pk", "number", "former", "over")
    return {pk: Classes(number + brought, over + brought) for pk, number, brought, over in found}


def followed_of(enrolment_ids: Collection[int]) -> dict[int, tuple[int, datetime | None]]:
    """How these follow their classes: how many required ones each missed without leave, one after another up to the last
    that is settled; and when the last class began that they were in, be it as a guest. One query."""
    counts = Q(
        settled_at__isnull=False,
        class_session__cohort=F("enrolment__cohort"),
        class_session__is_required=True,
    )
    rows = (
        Attendance.objects.filter(enrolment__in=enrolment_ids, class_session__cancelled_at=None)
        .annotate(counts=ExpressionWrapper(counts, BooleanField()))
        .order_by("enrolment", "-class_session__starts_at")
        .values_list("enrolment", "presence", "class_session__starts_at", "counts")
    )
    missed = dict.fromkeys(enrolment_ids, 0)
    last: dict[int, datetime | None] = dict.fromkeys(enrolment_ids)
    came: set[int] = set()
    for pk, presence, starts_at, is_counted in rows:
        if presence in THERE and last[pk] is None:
            last[pk] = starts_at
        if is_counted and presence != Presence.ABSENT:
            came.add(pk)
        elif is_counted and pk not in came:
            missed[pk] += 1
    return {pk: (missed[pk], last[pk]) for pk in enrolment_ids}
