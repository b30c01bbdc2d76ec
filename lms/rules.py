"""Who may do what in lms: the whole permission table."""

from operator import attrgetter
from typing import Any

import rules

from core.access.predicates import holds_role, is_person, is_user
from core.access.scope import scope_of
from core.access.states import COURSE_READERS, READERS, Role
from lms.admissions.models import ApprovalStep
from lms.admissions.queries import current_step, has_decided, may_decide_step


@rules.predicate
def made_above_for_all(user: Any, plan: Any = None) -> bool:
    """A plan in use of an organisation above one's own: what may be chosen for a cohort may be read."""
    if plan is None or isinstance(plan, type):
        return False
    above = plan.organisation.path
    return plan.is_active and any(path.startswith(above) for path in scope_of(user).paths(*READERS))


runs_cohort = holds_role(Role.ADMINISTRATOR)
sees_cohort = holds_role(*COURSE_READERS)
decides = holds_role(Role.ADMINISTRATOR, at="cohort.organisation")
sees_enrolment = holds_role(*COURSE_READERS, at="cohort.organisation")
reads_application = holds_role(*READERS, at="cohort.organisation")
sees_learning = holds_role(*COURSE_READERS, at="enrolment.cohort.organisation")
sees_watching = holds_role(*COURSE_READERS, at="watching.enrolment.cohort.organisation")
sees_learning_in_cohort = holds_role(*COURSE_READERS, at="cohort.organisation")
runs_class = holds_role(Role.ADMINISTRATOR, at="cohort.organisation")
sees_on_pathway = holds_role(*COURSE_READERS, at="pathway.organisation")
sees_transfer = holds_role(*COURSE_READERS, at="from_cohort.organisation") | holds_role(
    *COURSE_READERS, at="to_cohort.organisation"
)
decides_transfer = holds_role(Role.ADMINISTRATOR, at="to_cohort.organisation")
teaches = is_person("instructor")
marks = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="enrolment.cohort.organisation")
teaches_cohort = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR)
teaches_in_cohort = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="cohort.organisation")
moderates = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="thread.cohort.organisation")
sees_post = holds_role(*COURSE_READERS, at="thread.cohort.organisation")
wrote = is_user("author")
contacts = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR)
takes_attendance = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="cohort.organisation") | teaches
# Attendance: of a class, seen by those who look after the class or after the cohort that the person learns in.
sees_class = holds_role(*COURSE_READERS, at="class_session.cohort.organisation")
sees_class_of = sees_class | is_person("class_session.instructor")
decides_request = holds_role(
    Role.ADMINISTRATOR, Role.INSTRUCTOR, at="class_session.cohort.organisation"
) | is_person("class_session.instructor")
own = is_person()
own_learning = is_person("enrolment.person")
own_reviewing = is_person("reviewer.person")
sees_reviewing = holds_role(*COURSE_READERS, at="reviewer.cohort.organisation")
own_watching = is_person("watching.enrolment.person")
sees_reading = holds_role(*COURSE_READERS, at="answer.attempt.enrolment.cohort.organisation")
reads_answer = is_user("reader")


writes_questions = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR)
writes_surveys = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR)
puts_surveys = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="cohort.organisation")
sees_survey = holds_role(*COURSE_READERS, at="cohort.organisation")
names_raters = holds_role(Role.ADMINISTRATOR, Role.INSTRUCTOR, at="survey.cohort.organisation")
sees_answers = holds_role(*COURSE_READERS, at="survey.cohort.organisation")
is_asked = is_user("respondent")


@rules.predicate
def is_below(user: Any, thing: Any) -> bool:
    """Whether the thing belongs to an organisation above one where the user reads: what is written there is shared down."""
    if thing is None or isinstance(thing, type):
        return False
    paths = scope_of(user).paths(*COURSE_READERS)
    return any(path.startswith(thing.organisation.path) for path in paths)


@rules.predicate
def has_answered(user: Any, thing: Any) -> bool:
    """Whether the user gave this answer under their own name."""
    if thing is None or isinstance(thing, type) or thing.invitation is None:
        return False
    return bool(thing.invitation.respondent_id == user.pk)


@rules.predicate
def decides_now(user: Any, enrolment: Any) -> bool:
    """The tier whose step it is; where an application has no step to decide, the desk of the cohort."""
    if enrolment is None or isinstance(enrolment, type):
        return bool(decides(user, enrolment))
    if (step := current_step(enrolment)) is None:
        return bool(decides(user, enrolment)) and not has_decided(user, enrolment)
    return may_decide_step(user, step)


@rules.predicate
def is_at_their_step(user: Any, enrolment: Any) -> bool:
    """Whether the application waits, or was decided, at an organisation where the user is an administrator."""
    if enrolment is None or isinstance(enrolment, type):
        return False
    return ApprovalStep.objects.shown_to(user).filter(enrolment=enrolment).exists()


@rules.predicate
def is_handed_in(user: Any, thing: Any) -> bool:
    """Whether the work lies with the teachers, or did: a draft is its author's alone."""
    return thing is None or isinstance(thing, type) or thing.state != "draft"


@rules.predicate
def has_points(user: Any, reading: Any) -> bool:
    """Whether the answer has its points: until then nobody sees what another reader gave."""
    return reading is None or isinstance(reading, type) or bool(reading.answer.is_read)


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
    """Whether no moderator holds back the post that opened the thread: its subject is part of that."""
    return bool(thing.posts.filter(is_opening=True).exclude(state="held").exists())


@rules.predicate
def is_below_seen(user: Any, thing: Any) -> bool:
    """Whether the thread of the post is there for the user: it is their own, or its opening is not held back."""
    return wrote(user, thing.thread) or is_talked_in(user, thing.thread)


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
    # Enrolments: nobody decides on their own application, whatever roles they hold. Who decides at a step reads the
    # application, and nothing of what is learned.
    "lms.view_enrolment": sees_enrolment | own,
    "lms.approve_enrolment": decides_now & ~own,
    "lms.refuse_enrolment": decides_now & ~own,
    "lms.read_application": reads_application | own | is_at_their_step,
    "lms.withdraw_enrolment": decides | own,
    # Admissions: plans are closed, not deleted; a code opens a door, so only who runs the cohort sees it.
    "lms.view_admissionplan": holds_role(*READERS) | made_above_for_all,
    "lms.add_admissionplan": runs_cohort,
    "lms.change_admissionplan": runs_cohort,
    "lms.view_cohortquota": holds_role(*READERS, at="cohort.organisation"),
    "lms.change_cohortquota": decides,
    "lms.view_invitationcode": decides,
    "lms.change_invitationcode": decides,
    # Transfers: whoever runs the new cohort decides; who runs both may move somebody at once.
    "lms.view_transfer": sees_transfer | own_learning,
    "lms.decide_transfer": decides_transfer & ~own_learning,
    "lms.transfer_enrolment": decides & ~own,
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
    "lms.view_post": sees_post | (learns_in("thread.cohort") & is_below_seen & (is_seen | wrote)),
    "lms.view_reviewword": holds_role(*READERS),
    "lms.teach_cohort": teaches_cohort,
    "lms.change_announcement": teaches_in_cohort,
    "lms.answer_question": teaches_in_cohort & ~wrote,
    "lms.moderate_post": moderates & ~wrote,
    "lms.close_thread": teaches_in_cohort,
    "lms.change_reviewwords": holds_role(Role.ADMINISTRATOR, at=""),
    # The instructor's desk: whoever sees the cohort reads, auditors too; those who teach or run it get in touch.
    "lms.view_contact": sees_learning,
    "lms.contact_trainee": contacts,
    "lms.view_risklimits": sees_cohort,
    "lms.change_risklimits": runs_cohort,
    # Pathways: made and changed by the organisation's administrators; everybody joins and leaves for themselves.
    "lms.view_pathway": sees_cohort,
    "lms.add_pathway": runs_cohort,
    "lms.change_pathway": runs_cohort,
    "lms.view_pathwayenrolment": sees_on_pathway | own,
    # Surveys: written and put to cohorts by administrators and instructors; answered by whoever is asked, and only they.
    "lms.view_surveydesign": sees_cohort | is_below,
    "lms.add_surveydesign": writes_surveys,
    "lms.change_surveydesign": writes_surveys,
    "lms.view_cohortsurvey": sees_survey,
    "lms.assign_survey": writes_surveys,
    "lms.stop_survey": puts_surveys,
    "lms.view_surveyinvitation": sees_answers | is_asked,
    "lms.name_rater": names_raters,
    "lms.answer_survey": is_asked,
    "lms.view_surveyresponse": sees_answers | has_answered,
    # Packages: handed in by administrators and instructors; what somebody did in one is learned as a lesson is.
    "lms.view_package": sees_cohort,
    "lms.add_package": writes_surveys,
    "lms.view_packageupload": sees_cohort,
    "lms.view_registration": sees_learning | own_learning,
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
    # Banks of questions: opened by administrators; written in, and filled from files, by instructors too; shared downwards.
    "lms.view_questionbank": sees_cohort | is_below,
    "lms.add_questionbank": runs_cohort,
    "lms.view_bankquestion": sees_cohort | is_below,
    "lms.change_bankquestion": writes_questions,
    "lms.write_questions": writes_questions,
    "lms.import_questions": writes_questions,
    "lms.export_questions": writes_questions,
    # What is learned: the desk reads, only the trainee does.
    "lms.view_attempt": sees_learning | own_learning,
    "lms.view_lessonprogress": sees_learning | own_learning,
    "lms.view_watching": sees_learning | own_learning,
    "lms.view_watchlease": sees_watching | own_watching,
    # Assignments: marked by the teachers of the cohort's organisation, never one's own.
    "lms.view_submission": (sees_learning & is_handed_in) | own_learning,
    "lms.mark_submission": marks & is_handed_in & ~own_learning,
    # Peer reviews: whoever writes one, and the desk; whose work it is reads it without the writer.
    "lms.view_peerreview": sees_reviewing | own_reviewing,
    "lms.open_peer_round": teaches_cohort,
    "lms.view_similarityreport": puts_surveys,
    "lms.compare_submissions": teaches_cohort,
    # Marking: readers give points for answers without a name; nobody reads their own.
    "lms.view_reading": (sees_reading & has_points) | reads_answer,
    "lms.correct_points": marks & ~own_learning,
    "lms.regrade_papers": runs_cohort,
    "lms.view_itemreport": is_user("made_by"),
    "lms.change_attempt": own_learning,
    "lms.change_lessonprogress": own_learning,
}.items():
    rules.add_perm(perm, predicate)
