"""One place in a course: whoever has one takes no second, and whoever takes one waits in no other cohort any more."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import both
from core.people.models import Person, User
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.policy import HELD
from lms.cohorts.queries import titled
from lms.enrolments.actions.leaving import end_enrolment
from lms.enrolments.models import Enrolment, EnrolmentQuerySet
from lms.enrolments.places import lock_cohorts, settle_places, tell
from lms.enrolments.states import WAITS, EnrolmentState


def elsewhere_in_course(person: Person, *cohort_ids: int) -> EnrolmentQuerySet:
    """This person's enrolments in other cohorts of the same course."""
    courses = Cohort.objects.filter(pk__in=cohort_ids).values("course")
    rows = Enrolment.objects.filter(person=person, cohort__course__in=courses)
    return rows.exclude(cohort__in=cohort_ids).select_related("cohort__organisation", "person__user")


def lock_course_of(person: Person, *cohort_ids: int) -> dict[int, Cohort]:
    """Lock what taking a place in one of these cohorts may touch: the account, so that two clicks of one person come one
    after the other, then these cohorts and those of the same course where the person waits, in the order of keys."""
    User.objects.select_for_update(no_key=True).get(pk=person.user_id)
    waits = elsewhere_in_course(person, *cohort_ids).filter(state__in=sorted(WAITS))
    return lock_cohorts([*cohort_ids, *waits.values_list("cohort_id", flat=True)])


def refuse_second(person: Person, cohort: Cohort) -> None:
    """Raise Refused when this person has a place in another cohort of the course, applied for or admitted."""
    held = elsewhere_in_course(person, cohort.pk).filter(state__in=sorted(HELD)).first()
    if held is not None:
        raise Refused(
            _("You have a place in %(cohort)s already. Ask to move, or give that place up first.")
            % {"cohort": titled(held.cohort.title, held.cohort.title_en)}
        )


def give_up_waiting(
    *, person: Person, cohort: Cohort, actor: Asker | None, locked: dict[int, Cohort] | None = None
) -> int:
    """Whoever has taken a place in `cohort` waits in no other cohort of the course any more; a place that is held for
    them there goes to the next. Returns how many.

    `locked` are the cohorts that `lock_course_of` has locked. Side effects for each: audit, a notice; offers to others.
    """
    rows = list(elsewhere_in_course(person, cohort.pk).filter(state__in=sorted(WAITS)).order_by("cohort_id"))
    if locked is None:
        locked = lock_cohorts(row.cohort_id for row in rows)
    for row in rows:
        row.cohort = locked[row.cohort_id]
        reason = _("A place was taken in %(cohort)s.") % {"cohort": cohort.title}
        end_enrolment(row, EnrolmentState.WITHDRAWN, "lms.give_up_waiting", actor, reason)
        settle_places(row.cohort)
        tell(
            row,
            "given-up",
            gettext_noop("You wait no longer: %(cohort)s"),
            gettext_noop("You have a place in %(taken)s now, so others move up on this waiting list."),
            taken=both(cohort.title, cohort.title_en),
        )
    return len(rows)
