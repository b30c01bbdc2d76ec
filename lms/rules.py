"""Who may do what in lms: the whole permission table."""

import rules

from core.access.predicates import holds_role, is_person
from core.access.states import READERS, Role

runs_cohort = holds_role(Role.ADMINISTRATOR)
sees_cohort = holds_role(*READERS, Role.INSTRUCTOR)
decides = holds_role(Role.ADMINISTRATOR, at="cohort.organisation")
sees_enrolment = holds_role(*READERS, Role.INSTRUCTOR, at="cohort.organisation")
sees_learning = holds_role(*READERS, Role.INSTRUCTOR, at="enrolment.cohort.organisation")
own = is_person()
own_learning = is_person("enrolment.person")

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
    # What is learned: the desk reads, only the trainee does.
    "lms.view_attempt": sees_learning | own_learning,
    "lms.view_lessonprogress": sees_learning | own_learning,
    "lms.change_attempt": own_learning,
    "lms.change_lessonprogress": own_learning,
}.items():
    rules.add_perm(perm, predicate)
