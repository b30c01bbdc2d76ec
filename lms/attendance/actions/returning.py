"""Whoever left a cohort and is admitted again: what was begun today goes on."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.audit.actions import record
from lms.attendance.actions.keeping import locked
from lms.attendance.models import Attendance
from lms.enrolments.models import Enrolment


@transaction.atomic
def bring_along(*, enrolment_id: int) -> int:
    """Give a new enrolment what its person's former one in the same cohort has of classes that are not over yet: the
    check-in is theirs, and closing the register must not find them absent. Returns how many rows.

    Settled rows stay where they are, and where the new enrolment has a row already that one stands. Side effects for
    each: the register is locked; the row; an audit entry.
    """
    enrolment = Enrolment.objects.select_related("cohort__organisation").get(pk=enrolment_id)
    rows = Attendance.objects.filter(
        enrolment__person=enrolment.person_id,
        class_session__cohort=enrolment.cohort_id,
        class_session__ends_at__gt=timezone.now(),
        makes_up=None,
        settled_at=None,
    ).exclude(enrolment=enrolment)
    own = Attendance.objects.filter(enrolment=enrolment)
    moved = 0
    for row in rows.exclude(class_session__in=own.values("class_session")).order_by("class_session"):
        locked(row.class_session_id)
        if not Attendance.objects.filter(pk=row.pk, settled_at=None).update(enrolment=enrolment):
            continue
        moved += 1
        record(
            action="lms.bring_along",
            target=row,
            actor=None,
            organisation=enrolment.cohort.organisation,
            before={"enrolment": row.enrolment_id},
            after={"enrolment": enrolment.pk},
        )
    return moved
