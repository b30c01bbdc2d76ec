"""How one row is kept: measured, audited, told to the other apps once it is settled. Everything else goes through here.

Locks are taken in one order: the register of a class, its rows, then the row of a class that is made up for. Rows of
enrolments are only read.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.audit.models import AuditEntry
from core.notices.actions import both, notify
from core.states import Refused
from lms.attendance.models import Attendance, Register
from lms.attendance.queries import settled_event
from lms.attendance.states import Presence
from lms.enrolments.actions import complete_those_done
from lms.signals import attendance_settled
from lms.timetable.models import ClassSession


class AttendanceRefused(Refused):
    """Attendance cannot be taken, changed or asked for so; the message says why and what to do."""


def locked(class_id: int) -> Register:
    """The register of a class with everything around it, locked until the transaction ends."""
    rows = Register.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("class_session__cohort__organisation", "class_session__cohort__version").get(
        pk=class_id
    )


def locked_rows(klass: ClassSession, enrolment_ids: list[int]) -> dict[int, Attendance]:
    """The rows of these people in a class, locked in one order, by enrolment."""
    rows = Attendance.objects.select_for_update(of=("self",)).filter(
        class_session=klass, enrolment__in=enrolment_ids
    )
    found = rows.select_related("enrolment__person__user").order_by("pk")
    return {row.enrolment_id: row for row in found}


def keep(
    row: Attendance,
    register: Register,
    *,
    action: str,
    actor: Asker | None,
    reason: str = "",
    tells_trainee: bool = True,
    **facts: Any,
) -> bool:
    """Write what is known of one person now; False when that was known before. Register and row are locked.

    A revision is what the other apps hear of, so it goes up with the minutes and with nothing else. Side effects in
    order: the row with its minutes, after closing with the next revision when they changed; an audit entry; and after
    closing what was missed elsewhere counts as made up or no longer, AttendanceSettled when the minutes changed, and a
    notice to the trainee. Whoever calls it asks afterwards, once for everybody, who is complete now.
    """
    before = row.told() if row.pk else None
    told_minutes = row.minutes if row.settled_at is not None else 0
    row.class_session = register.class_session
    for name, value in facts.items():
        setattr(row, name, value)
    measured = row.measured(register.rule)
    row.presence, row.minutes, row.reason = measured.presence, measured.minutes, reason[:300]
    after = row.told()
    if after == before:
        return False
    if register.is_closed and (row.settled_at is None or row.minutes != told_minutes):
        row.revision, row.settled_at = row.revision + 1, row.settled_at or timezone.now()
    row.save()
    organisation = register.class_session.cohort.organisation
    kept = record(
        action=action,
        target=row,
        actor=actor,
        organisation=organisation,
        before=before,
        after=after,
        reason=reason,
    )
    if register.is_closed:
        settle_make_up(row, actor)
        if row.minutes != told_minutes:
            tell(row)
        if tells_trainee:
            tell_trainee(row, kept)
    return True


def settle_make_up(row: Attendance, actor: Asker | None) -> None:
    """What a settled row of a guest means for the class that was missed: made up, or after all not.

    No minutes of the missed class change by it, so no other app hears of it. Side effect: an audit entry.
    """
    if row.makes_up_id is None:
        return
    rows = Attendance.objects.select_for_update(of=("self",)).select_related(
        "class_session__cohort__organisation"
    )
    missed = rows.get(pk=row.makes_up_id)
    made_up = Attendance.objects.there().settled().filter(makes_up=missed, minutes__gt=0)
    attended = made_up.exists()  # by this row, or by another one
    new = Presence.MADE_UP if attended else Presence.ABSENT
    if missed.was_there or missed.presence == new or (not attended and missed.presence != Presence.MADE_UP):
        return
    before, missed.presence = missed.told(), new
    missed.save(update_fields=["presence", "updated_at"])
    record(
        action="lms.settle_make_up",
        target=missed,
        actor=actor,
        organisation=missed.class_session.cohort.organisation,
        before=before,
        after=missed.told(),
    )


def tell(row: Attendance) -> None:
    """Send AttendanceSettled for a row that is settled, in the transaction of the act."""
    attendance_settled.send(Attendance, event=settled_event(row))


def complete_later(register: Register, enrolment_ids: Collection[int]) -> None:
    """What was attended may have been the last thing that a course asked for: on commit, so that no lock is held.

    Nothing counts before the register is closed.
    """
    if register.is_closed and enrolment_ids:
        transaction.on_commit(partial(complete_those_done, enrolment_ids=list(enrolment_ids)))


def tell_trainee(row: Attendance, entry: AuditEntry) -> None:
    """A notice that a settled attendance was changed: one for each entry of the audit."""
    enrolment = row.enrolment
    notify(
        user=enrolment.person.user,
        kind="lms.attendance_changed",
        title=gettext_noop("Your attendance was corrected: %(klass)s"),
        body=gettext_noop("It now says %(minutes)s minutes. Your attendance page shows why."),
        url=reverse("lms:attendance-own", args=[enrolment.pk]),
        source=f"lms.attendance:{row.pk}:changed:{entry.pk}",
        klass=both(row.class_session.title, row.class_session.title_en),
        minutes=row.minutes,
    )
