"""What people have attended, and what they have missed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Count, F, Q, Sum

from lms.attendance.models import Attendance
from lms.attendance.states import THERE, Presence
from lms.enrolments.policy import Attended


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


def missed_in_a_row(enrolment_ids: Collection[int]) -> dict[int, int]:
    """How many required classes each of these missed without leave, one after another up to the last. One query."""
    rows = (
        Attendance.objects.settled()
        .filter(
            enrolment__in=enrolment_ids,
            class_session__cohort=F("enrolment__cohort"),
            class_session__is_required=True,
            class_session__cancelled_at=None,
        )
        .order_by("enrolment", "-class_session__starts_at")
        .values_list("enrolment", "presence")
    )
    found = dict.fromkeys(enrolment_ids, 0)
    came: set[int] = set()
    for pk, presence in rows:
        if presence != Presence.ABSENT:
            came.add(pk)
        elif pk not in came:
            found[pk] += 1
    return found
