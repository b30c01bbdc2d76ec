"""Making, changing and cancelling cohorts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.courses.versions import CourseVersion
from lms.signals import CohortCancelled, PlacesAdded, cohort_cancelled, places_added

FIELDS = (
    "title",
    "title_en",
    "place",
    "opens_at",
    "closes_at",
    "starts_on",
    "ends_on",
    "capacity",
    "has_waiting_list",
    "offer_hours",
    "min_members",
    "alarm_days",
    "withdraw_until",
    "is_public",
    "plan",
    "by_invitation",
)


class CohortRefused(Refused):
    """The cohort cannot be made or changed so; the message says why and what to do."""


@transaction.atomic
def create_cohort(
    *,
    course: Any,
    organisation: Organisation,
    title: str,
    capacity: int,
    actor: Asker | None,
    version: CourseVersion | None = None,
    **fields: Any,
) -> Cohort:
    """Make a cohort, pinned to the newest version of the course unless another one is named. With no `plan` among the
    fields it takes the application plan of the course, where that is one for this organisation.

    Raises CohortRefused when the course has never been published, or the plan is not for this organisation. Side
    effect: an audit entry.
    """
    pinned = version or CourseVersion.objects.filter(course_id=course.pk).order_by("-number").first()
    if pinned is None:
        raise CohortRefused(_("This course has no published version yet. Publish the course first."))
    if "plan" in fields:
        refuse_plan(fields["plan"], organisation)
    elif is_plan_for(course.plan, organisation):
        fields["plan"] = course.plan
    cohort = Cohort(
        course_id=course.pk,
        version=pinned,
        organisation=organisation,
        title=title,
        capacity=capacity,
        **fields,
    )
    cohort.full_clean()
    cohort.save()
    after = {"title": title, "capacity": capacity, "version": pinned.number}
    record(action="lms.create_cohort", target=cohort, actor=actor, organisation=organisation, after=after)
    return cohort


@transaction.atomic
def change_cohort(*, cohort: Cohort, actor: Asker | None, **changes: Any) -> Cohort:
    """Change what may be changed of a cohort (FIELDS). Places added go to the waiting list at once.

    Raises CohortRefused when there would be fewer places than people who hold one, or the new plan is not for its
    organisation. Side effects: an audit entry with what changed; PlacesAdded.
    """
    kept = Cohort.objects.select_for_update().get(pk=cohort.pk)
    changed = {
        name: value for name, value in changes.items() if name in FIELDS and getattr(kept, name) != value
    }
    if not changed:
        return kept
    before = {name: getattr(kept, name) for name in changed}
    refuse_fewer(int(changed.get("capacity", kept.capacity)), kept.seats_taken)
    if "plan" in changed:
        refuse_plan(changed["plan"], kept.organisation)
    for name, value in changed.items():
        setattr(kept, name, value)
    if changed.keys() & {"capacity", "closes_at"}:
        refuse_below_quotas(kept)
    kept.full_clean()
    kept.save(update_fields=list(changed))
    record(
        action="lms.change_cohort",
        target=kept,
        actor=actor,
        organisation=kept.organisation,
        before={name: _said(value) for name, value in before.items()},
        after={name: _said(value) for name, value in changed.items()},
    )
    if kept.capacity > before.get("capacity", kept.capacity):
        places_added.send(Cohort, event=PlacesAdded(cohort_id=kept.pk))
    return kept


def _said(value: Any) -> Any:
    """A value as the audit keeps it: a plan by its name."""
    return str(value) if isinstance(value, Model) else value


def refuse_fewer(capacity: int, seats_taken: int) -> None:
    """Raise CohortRefused when that many places cannot hold those who have one."""
    if capacity < seats_taken:
        raise CohortRefused(
            ngettext(
                "%(taken)s person already holds a place here, so there must be at least %(taken)s place.",
                "%(taken)s people already hold a place here, so there must be at least %(taken)s places.",
                seats_taken,
            )
            % {"taken": seats_taken}
        )


def is_plan_for(plan: Any, organisation: Organisation) -> bool:
    """Whether there is this plan and it may be chosen for what this organisation runs (see refuse_plan)."""
    return plan is not None and plan.is_active and plan.organisation.covers(organisation)


def refuse_plan(plan: Any, organisation: Organisation) -> None:
    """Raise CohortRefused when this plan (of lms/admissions) is not in use, or belongs to another branch of the tree:
    the plans of an organisation are for it and for those below it."""
    if plan is None:
        return
    if not plan.is_active:
        raise CohortRefused(_("This plan is not in use any more. Choose another one."))
    if not plan.organisation.covers(organisation):
        words = _("This plan belongs to %(owner)s and is only for what is run by it or below it.")
        raise CohortRefused(words % {"owner": plan.organisation.name})


def refuse_below_quotas(cohort: Any) -> None:
    """Raise CohortRefused when the places, as they are to be, cannot hold what is kept for organisations then
    (lms/admissions). A quota that has run out keeps nothing."""
    now = timezone.now()
    kept = sum(row.places for row in cohort.quotas.all() if row.keeps_until(cohort.closes_at, now))
    if cohort.capacity < kept:
        words = _("%(kept)s places are kept for organisations. Change these quotas first.")
        raise CohortRefused(words % {"kept": kept})


@transaction.atomic
def cancel_cohort(*, cohort: Cohort, actor: Asker | None, reason: str) -> bool:
    """Say that a cohort does not take place; False when that was said before.

    Side effects, in order: an audit entry; CohortCancelled, on which every standing enrolment ends with the reason
    and its trainee is told.
    """
    if not reason.strip():
        raise CohortRefused(_("Write why the cohort is cancelled: the people in it will read it."))
    now = timezone.now()
    if not Cohort.objects.filter(pk=cohort.pk, cancelled_at=None).update(cancelled_at=now):
        return False
    cohort.cancelled_at = now
    record(
        action="lms.cancel_cohort",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        reason=reason.strip(),
    )
    actor_id = actor.pk if actor is not None and actor.is_authenticated else None
    event = CohortCancelled(cohort_id=cohort.pk, reason=reason.strip(), actor_id=actor_id)
    cohort_cancelled.send(Cohort, event=event)
    return True
