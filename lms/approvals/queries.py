"""The applications that wait for one administrator, whatever cohort they are for."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from core.access.scope import NOTHING, Asker, scope_of
from core.access.states import Role
from core.organisations.models import RoleAssignment
from lms.admissions.models import ApprovalStep
from lms.admissions.queries import with_steps
from lms.admissions.states import Stage
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState


def waiting_for(user: Asker) -> QuerySet[Any]:
    """The applications that this administrator is to decide on now, the oldest first. Nobody's own.

    Of a step those of its organisation. Of an application without steps, at the organiser's step, and where nobody
    is an administrator any more, those nearest to the cohort's organisation: the same people who were told.
    """
    paths = sorted({path for role, path in scope_of(user).grants if role == Role.ADMINISTRATOR})
    steps = ApprovalStep.objects.filter(enrolment=OuterRef("pk"))
    at_step = (
        ApprovalStep.objects.current().filter(organisation__path__in=paths).exclude(stage=Stage.ORGANISER)
    )
    current = ApprovalStep.objects.current().filter(enrolment=OuterRef("pk"))
    rows = Enrolment.objects.filter(state=EnrolmentState.APPLIED).annotate(
        stage=Subquery(current.values("stage")[:1]), step_at=Subquery(current.values("organisation")[:1])
    )
    there = (
        RoleAssignment.objects.standing(Role.ADMINISTRATOR)
        .filter(organisation=OuterRef("step_at"))
        .exclude(user=OuterRef("person__user"))
        .exclude(granted_by=OuterRef("person__user"))
    )
    falls_back = Q(stage=Stage.ORGANISER) | Q(stage=None) | ~Exists(there)
    by_organiser = falls_back & _nearest_to(paths)
    mine = rows.filter(Q(pk__in=at_step.values("enrolment")) | by_organiser).exclude(person__user=user.pk)
    return mine.filter(~Exists(steps.filter(decided_by=user.pk))).order_by("applied_at", "pk")


def _nearest_to(paths: list[str]) -> Q:
    """The condition "of its cohort's organisation, nobody nearer than these paths is an administrator"."""
    found: Any = NOTHING
    here = ExpressionWrapper(OuterRef("cohort__organisation__path"), output_field=CharField())
    for path in paths:
        held = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(organisation__path__startswith=path)
        nearer = held.exclude(organisation__path=path).annotate(here=here)
        below = Q(cohort__organisation__path__startswith=path)
        found |= below & ~Exists(nearer.filter(here__startswith=F("organisation__path")))
    return found


def listed(rows: QuerySet[Any], *, course: str = "", stage: str = "", q: str = "") -> QuerySet[Any]:
    """The rows of the list that its filters ask for, with all that a row shows."""
    if course.isdecimal() and len(course) < 19:
        rows = rows.filter(cohort__course_id=int(course))
    if stage == Stage.ORGANISER:
        rows = rows.filter(Q(stage=stage) | Q(stage=None))
    elif stage:
        rows = rows.filter(stage=stage)
    if plain := q.strip().lower():
        rows = rows.filter(Q(person__name__icontains=plain) | Q(person__name_search__contains=plain))
    rows = rows.select_related(
        "person__employer", "person__user", "cohort__organisation", "version", "record"
    )
    return rows.prefetch_related(with_steps())
