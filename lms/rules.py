"""Who may do what in lms: the whole permission table."""

from typing import Any

import rules

from core.access.predicates import holds_role, is_person
from core.access.states import READERS, Role

runs_cohort = holds_role(Role.ADMINISTRATOR)
sees_cohort = holds_role(*READERS, Role.INSTRUCTOR)
decides = holds_role(Role.ADMINISTRATOR, at="cohort.organisation")
sees_enrolment = holds_role(*READERS, Role.INSTRUCTOR, at="cohort.organisation")
sees_learning = holds_role(*READERS, Role.INSTRUCTOR, at="enrolment.cohort.organisation")
sees_learning_in_cohort = holds_role(*READERS, Role.INSTRUCTOR, at="cohort.organisation")
runs_class = holds_role(Role.ADMINISTRATOR, at="cohort.organisation")
teaches = is_person("instructor")
marks = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="enrolment.cohort.organisation")
own = is_person()
own_learning = is_person("enrolment.person")


@rules.predicate
def is_handed_in(user: Any, thing: Any) -> bool:
    """Whether the work lies with the teachers, or did: a draft is its author's alone."""
    return thing is None or isinstance(thing, type) or thing.state != "draft"


@rules.predicate
def is_enrolled(user: Any, thing: Any) -> bool:
    """Whether the user learns in the cohort of the thing."""
    if thing is None or isinstance(thing, type) or not user.is_authenticated:
        return False
    return bool(thing.cohort.enrolments.learning().filter(person__user=user).exists())


@rules.predicate
def is_of_cohort(user: Any, feed: Any) -> bool:
    """Whether this is the calendar of a cohort (and not of a person)."""
    return isinstance(feed, type) or feed is None or feed.cohort_id is not None


for perm, predicate in {
    # Cohorts: the desk of the organisation that runs them, and above. They are cancelled, never deleted.
    "lms.view_cohort": sees_cohort,
    "lms.add_cohort": runs_cohort,
    "lms.change_cohort": runs_cohort,
    "lms.cancel_cohort": runs_cohort,
    "lms.move_to_version": runs_cohort,
    # Enrolments: nobody decides on their own application, whatever roles they hold.
    "lms.view_enrolment": sees_enrolment | own,
    "lms.approve_enrolment": decides & ~own,
    "lms.refuse_enrolment": decides & ~own,
    "lms.withdraw_enrolment": decides | own,
    # Classes: planned by those who run the cohort; the teacher and the enrolled look.
    "lms.view_classsession": sees_learning_in_cohort | teaches | is_enrolled,
    "lms.add_classsession": runs_class,
    "lms.change_classsession": runs_class,
    # Secret addresses of calendars: a person's is nobody else's; a cohort's is renewed by those who run it.
    "lms.view_calendarfeed": (is_of_cohort & (sees_learning_in_cohort | is_enrolled)) | (~is_of_cohort & own),
    "lms.change_calendarfeed": (is_of_cohort & runs_class) | (~is_of_cohort & own),
    # What is learned: the desk reads, only the trainee does.
    "lms.view_attempt": sees_learning | own_learning,
    "lms.view_lessonprogress": sees_learning | own_learning,
    # Assignments: marked by the teachers of the cohort's organisation, never one's own.
    "lms.view_submission": (sees_learning & is_handed_in) | own_learning,
    "lms.mark_submission": marks & is_handed_in & ~own_learning,
    "lms.change_attempt": own_learning,
    "lms.change_lessonprogress": own_learning,
}.items():
    rules.add_perm(perm, predicate)
