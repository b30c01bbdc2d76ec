"""Reading conversations: who teaches, what is unread, what waits for the teachers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.access.scope import Asker, covers
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person, User
from lms.cohorts.models import Cohort
from lms.conversations.models import (
    Announcement,
    AnnouncementRead,
    Mute,
    Post,
    Question,
    Reply,
    Report,
    ReviewWord,
    Thread,
)
from lms.conversations.states import QuestionState
from lms.courses.versions import LessonVersion
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import items_of
from lms.enrolments.queries import deciders_of

TEACHING = (Role.ADMINISTRATOR, Role.INSTRUCTOR)


def teaches(user: Asker, cohort: Cohort) -> bool:
    """Whether the user is a teacher of the cohort: an instructor or administrator of its organisation, or above."""
    return covers(user, cohort.organisation, *TEACHING)


def teachers_of(cohort: Cohort) -> list[User]:
    """Who is told of what the cohort asks: the instructors of its organisation, or else of the nearest above it that
    has any; where there is none, the administrators who decide on its applications. One query, or two."""
    rows = _held_over(cohort, Role.INSTRUCTOR).filter(user__is_active=True)
    held = list(rows.select_related("user__person", "organisation"))
    nearest = max((len(row.organisation.path) for row in held), default=0)
    found = {row.user_id: row.user for row in held if len(row.organisation.path) == nearest}
    return list(found.values()) or deciders_of(cohort)


def _held_over(cohort: Cohort, *roles: Role) -> QuerySet[RoleAssignment]:
    """These roles as they are held today at the cohort's organisation, or at one above it."""
    above = Organisation.paths_above(cohort.organisation.path)
    return RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role__in=roles, organisation__path__in=above
    )


def is_member(user: Asker, cohort: Cohort) -> bool:
    """Whether the user learns in the cohort, or has completed it."""
    return user.is_authenticated and cohort.enrolments.learning().filter(person__user=user).exists()


def learners_of(cohort: Cohort) -> dict[int, tuple[User, int]]:
    """Everybody who learns in the cohort: the account with its person, and the enrolment. One query."""
    rows = Enrolment.objects.learning().filter(cohort=cohort, person__user__is_active=True)
    return {
        row.person.user_id: (row.person.user, row.pk)
        for row in rows.select_related("person__user__person").order_by("pk")
        if row.person.user_id is not None
    }


def mute_of(user: Asker, cohort: Cohort) -> Mute | None:
    """What keeps the user from writing in this cohort today, if anything."""
    rows = Mute.objects.filter(cohort=cohort, user=user.pk, lifted_at=None, until__gte=timezone.localdate())
    return rows.first()


def words_for(cohort: Cohort) -> list[str]:
    """The words that hold a post in this cohort."""
    return list(ReviewWord.objects.for_cohort(cohort).values_list("word", flat=True))


def lessons_of(enrolment: Enrolment) -> list[tuple[str, str]]:
    """The lessons that a question can be about: key and title."""
    items = items_of(enrolment.version.outline)
    return [(item.key, item.title) for item in items if item.kind == "lesson"]


# --- For the members -------------------------------------------------------------------------------------------
def unread_of(enrolment: Enrolment) -> int:
    """How many announcements this trainee has not opened. One query."""
    rows = Announcement.objects.standing().filter(cohort=enrolment.cohort_id)
    return rows.exclude(reads__enrolment=enrolment).count()


def announcements_for(enrolment: Enrolment) -> QuerySet[Announcement]:
    """What the cohort is told, pinned first, each with `is_read`."""
    read = AnnouncementRead.objects.filter(announcement=models.OuterRef("pk"), enrolment=enrolment)
    rows = Announcement.objects.standing().filter(cohort=enrolment.cohort_id)
    return rows.annotate(is_read=models.Exists(read)).select_related("author__person")


def questions_for(user: Asker, cohort: Cohort, *, q: str = "", show: str = "") -> QuerySet[Question]:
    """The questions that a member may read: frequent ones first; `show` is "mine" or "frequent"."""
    rows = Question.objects.visible_to(user).filter(cohort=cohort)
    if show == "mine":
        rows = rows.filter(author=user.pk)
    elif show == "frequent":
        rows = rows.filter(is_frequent=True)
    return found_in(rows, q).select_related("author__person").order_by("-is_frequent", "-asked_at", "-pk")


def found_in(rows: QuerySet[Question], q: str) -> QuerySet[Question]:
    """Those in which every word stands: in the question, its text, its lesson, or what was replied."""
    for word in q.split()[:6]:
        said = models.Exists(Reply.objects.filter(question=models.OuterRef("pk"), body__icontains=word))
        own = models.Q(title__icontains=word) | models.Q(body__icontains=word)
        rows = rows.filter(own | models.Q(lesson_title__icontains=word) | models.Q(said))
    return rows


@dataclass(frozen=True)
class Spot:
    """A discussion of a lesson: what it is about, and where it stands."""

    lesson: LessonVersion
    talk: Mapping[str, Any]

    @property
    def fields(self) -> dict[str, Any]:
        """What a thread that is opened there keeps of it."""
        lesson = {"lesson_key": self.lesson.key, "lesson_title": self.lesson.title[:255]}
        return {"place": UUID(self.talk["key"]), **lesson}


def spot_in(lesson: LessonVersion, place: UUID) -> Spot | None:
    """The discussion of a lesson with this key; None where it has none."""
    return next((Spot(lesson, talk) for talk in lesson.talks or () if talk["key"] == str(place)), None)


def threads_for(user: Asker, cohort: Cohort, place: UUID | None = None) -> QuerySet[Thread]:
    """The threads of a cohort that the user may read, those last written in first; of one discussion of a lesson only where
    its `place` is given."""
    rows = Thread.objects.visible_to(user).filter(cohort=cohort, **({"place": place} if place else {}))
    # said here: a count in the query makes Django forget the order of the model
    return rows.with_counts().select_related("author__person").order_by("-last_post_at", "-pk")


def posts_in(thread: Thread, user: Asker) -> QuerySet[Post]:
    """What the user may read of a thread, in its order, with who wrote it and who hid it; `by_teacher`: its author
    teaches the cohort; `is_reported`: this user has reported it. One query."""
    rows: Any = Post.objects.visible_to(user).filter(thread=thread).with_reports()
    own_reports = Report.objects.filter(post=models.OuterRef("pk"), reporter=user.pk)
    held = _held_over(thread.cohort, *TEACHING).filter(user=models.OuterRef("author"))
    rows = rows.annotate(by_teacher=models.Exists(held), is_reported=models.Exists(own_reports))
    rows = rows.select_related("author__person__employer", "decided_by__person")
    return rows.order_by("written_at", "pk")


# --- For the teachers ------------------------------------------------------------------------------------------
def waiting_questions_in(cohort_ids: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    """How many questions wait for an answer in each of these cohorts that has any."""
    return _counted(Question.objects.waiting(), "cohort", cohort_ids)


def reported_posts_in(cohort_ids: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    """How many posts wait for a moderator, reported or held, in each of these cohorts that has any."""
    return _counted(Post.objects.to_look_at(), "thread__cohort", cohort_ids)


def with_waiting(cohorts: QuerySet[Cohort]) -> QuerySet[Any]:
    """With what waits for the teachers: `questions_waiting` and `posts_waiting`; and `thread_count`. No further query."""
    here = models.OuterRef("pk")
    return cohorts.annotate(
        questions_waiting=_number(Question.objects.waiting().filter(cohort=here), "cohort"),
        posts_waiting=_number(Post.objects.to_look_at().filter(thread__cohort=here), "thread__cohort"),
        thread_count=_number(Thread.objects.filter(cohort=here), "cohort"),
    )


def _number(rows: QuerySet[Any], at: str) -> Coalesce:
    counted = rows.order_by().values(at).annotate(number=models.Count("pk")).values("number")
    return Coalesce(models.Subquery(counted), 0)


def _counted(rows: QuerySet[Any], at: str, cohort_ids: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    here = rows.filter(**{f"{at}__in": cohort_ids}).order_by()
    return here.values_list(at).annotate(number=models.Count("pk"))


def desk_questions(user: Asker, cohort: Cohort, *, q: str = "", state: str = "") -> QuerySet[Question]:
    """The questions of a cohort as its teachers see them: those that wait first, longest waiting on top."""
    rows = found_in(Question.objects.visible_to(user).filter(cohort=cohort), q)
    if state:
        rows = rows.filter(state=state)
    first = models.Case(models.When(state=QuestionState.WAITING, then=0), default=1)
    return rows.select_related("author__person").order_by(first, "waiting_since", "-asked_at", "-pk")


def posts_to_look_at(user: Asker, cohort: Cohort) -> QuerySet[Post]:
    """What waits for a moderator in a cohort, longest first, with the reports."""
    rows = Post.objects.visible_to(user).filter(thread__cohort=cohort).to_look_at()
    open_ones = models.Prefetch("reports", to_attr="open_list")
    return rows.select_related("author__person", "thread").prefetch_related(open_ones)


def posts_at_desk(thread: Thread, user: Asker) -> QuerySet[Post]:
    """The posts of a thread with their reports, and `enrolment_id` of an author who learns in the cohort. Two queries."""
    learning = Enrolment.objects.learning().filter(
        cohort=thread.cohort_id, person__user=models.OuterRef("author")
    )
    reports = models.Prefetch("reports", Report.objects.select_related("reporter__person"))
    rows = posts_in(thread, user).prefetch_related(reports)
    return rows.annotate(enrolment_id=models.Subquery(learning.order_by("pk").values("pk")[:1]))


# --- One's own data --------------------------------------------------------------------------------------------
def talk_data_of(person: Person) -> dict[str, Any]:
    """What this person asked, wrote and reported, what was answered to their questions, which announcements they have
    opened, and where they could not write for a time. Six queries. What others wrote in threads is theirs."""
    user = person.user
    questions = Question.objects.filter(author=user).select_related("cohort").prefetch_related("replies")
    posts = Post.objects.filter(author=user).select_related("thread__cohort")
    reports = Report.objects.filter(reporter=user).select_related("post__thread")
    reads = AnnouncementRead.objects.filter(enrolment__person=person).select_related("announcement")
    return {
        "questions": [
            {
                "cohort": row.cohort.title,
                "lesson": row.lesson_title,
                "title": row.title,
                "text": row.body,
                "asked_at": row.asked_at,
                "is_public": row.is_public,
                "state": row.state,
                "replies": [
                    {
                        "by": "you" if reply.author_id == row.author_id else "teacher",
                        "text": reply.body,
                        "written_at": reply.written_at,
                    }
                    for reply in row.replies.all()
                ],
            }
            for row in questions
        ],
        "posts": [
            {
                "cohort": row.thread.cohort.title,
                "thread": row.thread.title,
                "text": row.body,
                "written_at": row.written_at,
                "edited_at": row.edited_at,
                "state": row.state,
                "reason": row.reason,
            }
            for row in posts
        ],
        "reports": [
            {"thread": row.post.thread.title, "reason": row.reason, "reported_at": row.reported_at}
            for row in reports
        ],
        "announcements_opened": [
            {"announcement": row.announcement.title, "read_at": row.read_at} for row in reads
        ],
        "silenced": list(
            Mute.objects.filter(user=user).values("cohort__title", "until", "reason", "muted_at", "lifted_at")
        ),
    }
