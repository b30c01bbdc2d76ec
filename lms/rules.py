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
contacts = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR)
takes_attendance = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="cohort.organisation") | teaches
# Attendance: of a class, seen by those who look after the class or after the cohort that the person learns in.
sees_class = holds_role(*READERS, Role.INSTRUCTOR, at="class_session.cohort.organisation")
sees_class_of = sees_class | is_person("class_session.instructor")
decides_request = holds_role(
    Role.ADMINISTRATOR, Role.INSTRUCTOR, at="class_session.cohort.organisation"
) | is_person("class_session.instructor")
own = is_person()
own_learning = is_person("enrolment.person")


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
    # The instructor's desk: whoever sees the cohort reads, auditors too; those who teach or run it get in touch.
    "lms.view_contact": sees_learning,
    "lms.contact_trainee": contacts,
    "lms.view_risklimits": sees_cohort,
    "lms.change_risklimits": runs_cohort,
    # Attendance: taken by the class's teacher and by instructors and administrators of the cohort; never one's own.
    "lms.take_attendance": takes_attendance,
    "lms.view_register": sees_class_of,
    "lms.view_attendancerule": sees_learning_in_cohort,
    "lms.change_attendancerule": runs_class,
    "lms.view_attendance": sees_class_of | sees_learning | own_learning,
    "lms.view_checkinflag": sees_class_of,
    "lms.view_participantlist": sees_class_of,
    "lms.view_absencerequest": sees_class_of | sees_learning | own_learning,
    "lms.decide_absencerequest": decides_request & ~own_learning,
    "lms.withdraw_absencerequest": own_learning,
    # What is learned: the desk reads, only the trainee does.
    "lms.view_attempt": sees_learning | own_learning,
    "lms.view_lessonprogress": sees_learning | own_learning,
    "lms.change_attempt": own_learning,
    "lms.change_lessonprogress": own_learning,
}.items():
    rules.add_perm(perm, predicate)
