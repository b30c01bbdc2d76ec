"""Moving a cohort to another version of its course."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.courses.versions import CourseVersion
from lms.enrolments.actions.completing import complete_those_done
from lms.enrolments.places import lock_cohort
from lms.enrolments.states import EnrolmentState


@transaction.atomic
def move_to_version(*, cohort: Cohort, version: CourseVersion, actor: Asker) -> int:
    """Move a cohort to another version of its course, with everybody who has not completed it; returns how many.

    Nobody is completed or un-completed by the move itself, except who now meets the rule: for a big cohort that takes
    long, and jobs.py does the two steps one after the other. Side effect: audit entry.
    """
    moved = pin_version(cohort=cohort, version=version, actor=actor)
    if moved:
        complete_those_done(enrolment_ids=cohort.enrolments.learning().values_list("pk", flat=True))
    return moved


@transaction.atomic
def pin_version(*, cohort: Cohort, version: CourseVersion, actor: Asker) -> int:
    """Point a cohort and all who have not completed it at another version; returns how many. A few statements.

    Lessons and quizzes are known by their keys, so what is done stays done as far as the new version still has it.
    Raises Refused for a version of another course. Side effect: audit entry.
    """
    cohort = lock_cohort(cohort.pk)
    if version.course_id != cohort.course_id:
        raise Refused(_("This version belongs to another course."))
    if version.pk == cohort.version_id:
        return 0
    Cohort.objects.filter(pk=cohort.pk).update(version=version)
    moved = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED).update(version=version)
    record(
        action="lms.move_to_version",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        before={"version": cohort.version.number},
        after={"version": version.number, "enrolments": moved},
    )
    return moved
