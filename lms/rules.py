"""Who may do what in lms: the whole permission table."""

from operator import attrgetter
from typing import Any

import rules

from core.access.predicates import holds_role, is_person, is_user
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
teaches_cohort = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR)
teaches_in_cohort = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="cohort.organisation")
moderates = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="thread.cohort.organisation")
sees_post = holds_role(*READERS, Role.INSTRUCTOR, at="thread.cohort.organisation")
wrote = is_user("author")
own = is_person()
own_learning = is_person("enrolment.person")


@rules.predicate
def is_handed_in(user: Any, thing: Any) -> bool:
    """Whether the work lies with the teachers, or did: a draft is its author's alone."""
    return thing is None or isinstance(thing, type) or thing.state != "draft"


def learns_in(at: str = "cohort") -> Any:
    """A predicate: the user learns in the cohort at the dotted path `at` of the object."""

    @rules.predicate(name=f"learns_in@{at}")
    def predicate(user: Any, thing: Any = None) -> bool:
        if thing is None or isinstance(thing, type) or not user.is_authenticated:
            return False
        return bool(attrgetter(at)(thing).enrolments.learning().filter(person__user=user).exists())

    return predicate


@rules.predicate
def is_published(user: Any, thing: Any) -> bool:
    """Whether the announcement's time has come."""
    return bool(thing.is_published)


@rules.predicate
def is_public(user: Any, thing: Any) -> bool:
    """Whether the question was asked before the whole cohort."""
    return bool(thing.is_public)


@rules.predicate
def is_seen(user: Any, thing: Any) -> bool:
    """Whether the post has its place among the others: no moderator holds it back."""
    return thing.state in ("visible", "hidden")


@rules.predicate
def is_talked_in(user: Any, thing: Any) -> bool:
    """Whether there is something to be seen in the thread."""
    return bool(thing.posts.exclude(state="held").exists())


is_enrolled = learns_in()


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
    # Conversations: for the members of the cohort and its teachers; nobody decides on their own post.
    "lms.view_announcement": sees_learning_in_cohort | (is_enrolled & is_published),
    "lms.view_question": sees_learning_in_cohort | (is_enrolled & (is_public | wrote)),
    "lms.view_thread": sees_learning_in_cohort | (is_enrolled & (is_talked_in | wrote)),
    "lms.view_post": sees_post | (learns_in("thread.cohort") & (is_seen | wrote)),
    "lms.view_reviewword": holds_role(*READERS),
    "lms.teach_cohort": teaches_cohort,
    "lms.change_announcement": teaches_in_cohort,
    "lms.answer_question": teaches_in_cohort & ~wrote,
    "lms.moderate_post": moderates & ~wrote,
    "lms.close_thread": teaches_in_cohort,
    "lms.change_reviewwords": holds_role(Role.ADMINISTRATOR, at=""),
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
