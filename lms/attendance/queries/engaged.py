"""Who was in a class when: for those who ask whether somebody can have been elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from core.people.engagements import Engagement
from lms.attendance.models import Attendance


def in_class(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> Iterable[Engagement]:
    """The classes that these people were in, as their registers say it: from coming to leaving where both are known.
    One query."""
    rows = (
        Attendance.objects.there()
        .filter(minutes__gt=0, enrolment__person__in=list(person_ids))
        .filter(class_session__starts_at__lt=ends_at, class_session__ends_at__gt=starts_at)
        .select_related("class_session", "enrolment")
    )
    for row in rows:
        klass = row.class_session
        came = max(row.checked_in_at or klass.starts_at, klass.starts_at)
        left = min(row.checked_out_at or klass.ends_at, klass.ends_at)
        if came < left:
            yield Engagement(row.enrolment.person_id, came, left, _("a class"))
