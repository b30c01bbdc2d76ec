"""A cohort of two thousand: every page of it costs as many statements as with a few more people than one page shows."""

import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Person, User
from lms.models import (
    AbsenceRequest,
    AnnouncementRead,
    ApplicationRecord,
    ApprovalStep,
    Attempt,
    Attendance,
    Enrolment,
    LessonProgress,
    Post,
    Question,
    Submission,
    SurveyInvitation,
    SurveyResponse,
    Thread,
    Transfer,
)
from tests.factories import (
    make_announcement,
    make_class,
    make_cohort,
    make_post,
    make_register,
    make_survey,
    make_version,
)

FEW, PEOPLE = 120, 2000  # a few: more than any page shows at once
MOST = 15  # statements of any page
MOST_STEPS = 2000  # thousands: what is counted for each person again by reading all others is far beyond


class Cost(NamedTuple):
    """Who opens the page, whose page it is (an entry of the hall), and the statements that it takes."""

    who: str
    of: str
    statements: int


# At the desk seven of each are the sign-in and Wagtail's own frame.
DESK = {
    "cohorts:index": Cost("administrator", "", 10),
    "cohorts:edit": Cost("administrator", "cohort", 10),
    "applications:cohort": Cost("administrator", "queue", 14),
    "applications:versions": Cost("administrator", "cohort", 9),
    "approvals:index": Cost("administrator", "", 11),
    "approvals:detail": Cost("administrator", "application", 14),
    "rosters:upload": Cost("administrator", "cohort", 8),
    "transfers:cohort": Cost("administrator", "cohort", 11),
    "timetable:cohort": Cost("administrator", "cohort", 11),
    "timetable:change": Cost("administrator", "klass", 9),
    "attendance:cohort": Cost("instructor", "cohort", 13),
    "attendance:register": Cost("instructor", "klass", 14),
    "attendance:rule": Cost("administrator", "cohort", 9),
    "teaching:index": Cost("instructor", "", 15),
    "teaching:marking": Cost("instructor", "", 9),
    "teaching:risk": Cost("instructor", "cohort", 13),
    "teaching:grades": Cost("instructor", "cohort", 14),
    "teaching:grid": Cost("instructor", "cohort", 13),
    "assignments:cohort": Cost("instructor", "cohort", 12),
    "assignments:mark": Cost("instructor", "submission", 15),
    "talk:announcements": Cost("instructor", "cohort", 12),
    "talk:announcement": Cost("instructor", "announcement", 9),
    "talk:questions": Cost("instructor", "cohort", 10),
    "talk:discussion": Cost("instructor", "cohort", 11),
    "talk:thread": Cost("instructor", "thread", 12),
    "cohort-surveys:cohort": Cost("instructor", "cohort", 10),
    "cohort-surveys:results": Cost("instructor", "survey", 11),
    "cohort-surveys:raters": Cost("administrator", "survey", 10),
    "issuing:index": Cost("administrator", "", 9),
    "issuing:cohort": Cost("administrator", "cohort", 12),
    "lms:attendance-screen": Cost("instructor", "today", 9),
    "lms:attendance-code": Cost("instructor", "today", 9),
}
OWN = {
    "dashboard": Cost("trainee", "", 14),
    "lms:enrolment-detail": Cost("trainee", "enrolment", 9),
    "lms:enrolment-progress": Cost("trainee", "enrolment", 12),
    "lms:enrolment-waiting-list": Cost("other_trainee", "waiting", 9),
    "lms:learning-outline": Cost("trainee", "enrolment", 8),
    "lms:timetable-mine": Cost("trainee", "", 10),
    "lms:timetable-enrolment": Cost("trainee", "enrolment", 13),
    "lms:attendance-own": Cost("trainee", "enrolment", 11),
    "lms:assignments": Cost("trainee", "enrolment", 7),
    "lms:talk": Cost("trainee", "enrolment", 8),
    "lms:talk-questions": Cost("trainee", "enrolment", 9),
    "lms:talk-discussion": Cost("trainee", "enrolment", 10),
    "lms:survey-room": Cost("trainee", "enrolment", 5),
    "lms:transfer-ask": Cost("trainee", "enrolment", 9),
}
EXPORTS = {
    "teaching:grades-sheet": Cost("instructor", "cohort", 11),
    "teaching:grid-sheet": Cost("instructor", "cohort", 9),
    "attendance:sheet": Cost("instructor", "klass", 6),
    "cohort-surveys:download": Cost("instructor", "survey", 10),
}


@pytest.fixture
def hall(request, tree, cast):
    """A cohort in its middle, with so many people, who have been in class, read, handed in, asked, written and
    answered; a quarter have completed it, and others want to move; and a cohort that as many apply for, half of whom are on its waiting list."""
    number, now = request.param, timezone.now()
    today = timezone.localdate()
    version = make_version(lessons=3, assignments=1)
    cohort = make_cohort(
        tree["district"],
        version,
        capacity=number + 1,
        seats_taken=number + 1,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
    )
    learned = {str(lesson.key): 30 for lesson in version.lessons.all()}
    completed = {"state": "completed", "completed_at": now, "learned": learned}
    others = [cast.trainee.person, *_people("many", number)]
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            cohort=cohort,
            person=person,
            version=version,
            decided_at=now - timedelta(days=29),
            **({"state": "enrolled"} if place % 4 else completed),
        )
        for place, person in enumerate(others, start=1)
    )
    queue = make_cohort(tree["district"], version, title="秋季班", capacity=number, seats_taken=number // 2)
    places = {"cohort": cohort.pk, "queue": queue.pk, "enrolment": rows[0].pk}
    places |= _in_class(cohort, rows) | _work(cohort, rows) | _talk(cohort, rows, cast.instructor)
    places |= _surveyed(cohort, rows) | _in_line(
        queue, [cast.other_trainee.person, *_people("queue", number)]
    )
    Transfer.objects.bulk_create(
        Transfer(enrolment=row, from_cohort=cohort, to_cohort=queue, asked_by=row.person.user, reason="换班")
        for row in rows[1::2]
        if row.state == "enrolled"
    )
    return places


def _people(stem, number):
    users = User.objects.bulk_create(User(email=f"{stem}{place}@example.com") for place in range(number))
    return Person.objects.bulk_create(
        Person(user=user, name=f"学员{place}", pinyin=f"xueyuan {place:04}")
        for place, user in enumerate(users)
    )


def _in_class(cohort, rows):
    """Yesterday's class, which a third missed; the one that runs now; and a wish to be let off the next."""
    now = timezone.now()
    held, today, later = make_class(cohort, days=-1), make_class(cohort, days=0), make_class(cohort, days=3)
    type(today).objects.filter(pk=today.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=60)
    )
    make_register(held, closed_at=now)
    make_register(today, opened_at=now)
    Attendance.objects.bulk_create(
        Attendance(
            class_session=held,
            enrolment=row,
            presence="present" if number % 3 else "absent",
            minutes=90 if number % 3 else 0,
            method="officer",
            settled_at=now,
            revision=1,
        )
        for number, row in enumerate(rows)
    )
    AbsenceRequest.objects.bulk_create(
        AbsenceRequest(
            kind="leave", class_session=later, enrolment=row, applicant=row.person.user, reason="出差"
        )
        for row in rows[1:]
    )
    return {"klass": held.pk, "today": today.uid}


def _work(cohort, rows):
    """A third have begun to read; everybody has sat the quiz, and has handed in work that waits for a mark."""
    now, version = timezone.now(), cohort.version
    lesson, paper, task = version.lessons.first(), version.papers.first(), version.assignments.first()
    LessonProgress.objects.bulk_create(
        LessonProgress(enrolment=row, lesson=lesson, opened_at=now, completed_at=now) for row in rows[::3]
    )
    Attempt.objects.bulk_create(
        Attempt(
            enrolment=row,
            paper=paper,
            number=1,
            state="submitted",
            percent=80,
            passed=True,
            finished_at=now,
            marked_at=now,
        )
        for row in rows
    )
    handed_in = Submission.objects.bulk_create(
        Submission(
            enrolment=row,
            assignment=task,
            key=task.key,
            state="submitted",
            number=1,
            text="记录",
            submitted_at=now,
        )
        for row in rows
    )
    return {"submission": handed_in[1].pk}


def _talk(cohort, rows, teacher):
    """An announcement that everybody has read; a question, a thread and a post of each."""
    announcement = make_announcement(cohort, teacher)
    AnnouncementRead.objects.bulk_create(
        AnnouncementRead(announcement=announcement, enrolment=row) for row in rows
    )
    authors = [row.person.user for row in rows]
    Question.objects.bulk_create(
        Question(cohort=cohort, author=author, title="问题", body="？", key=uuid.uuid4(), is_public=True)
        for author in authors
    )
    opening = make_post(cohort, teacher)
    Post.objects.bulk_create(
        Post(thread=opening.thread, author=author, body="答", key=uuid.uuid4()) for author in authors
    )
    threads = Thread.objects.bulk_create(
        Thread(cohort=cohort, author=author, title="话题") for author in authors
    )
    Post.objects.bulk_create(
        Post(thread=each, author=each.author, body="问", key=uuid.uuid4(), is_opening=True)
        for each in threads
    )
    return {"announcement": announcement.pk, "thread": opening.thread_id}


def _surveyed(cohort, rows):
    """A survey with names that everybody has answered."""
    survey, today = make_survey(cohort), timezone.localdate()
    asked = SurveyInvitation.objects.bulk_create(
        SurveyInvitation(
            survey=survey,
            enrolment=row,
            subject=row.person,
            respondent=row.person.user,
            rater="self",
            opens_on=today,
            closes_on=today + timedelta(days=13),
            told_on=today,
            state="answered",
        )
        for row in rows
    )
    SurveyResponse.objects.bulk_create(
        SurveyResponse(
            survey=survey,
            invitation=each,
            rater="self",
            answers={"scale": number % 5 + 1, "text": f"第{number}条"},
            answered_on=today,
            pair=each.pair,
            is_anonymous=False,
            is_shown=False,
        )
        for number, each in enumerate(asked)
    )
    return {"survey": survey.pk}


def _in_line(queue, people):
    """Half wait for the county's step, half for a place; the first of those is somebody who signs in."""
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            cohort=queue,
            person=person,
            version=queue.version,
            state="applied" if number % 2 else "waiting",
        )
        for number, person in enumerate(people)
    )
    applied = rows[1::2]
    ApplicationRecord.objects.bulk_create(ApplicationRecord(enrolment=row) for row in applied)
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            enrolment=row,
            organisation=queue.organisation,
            number=1,
            stage="county",
            applicant_id=row.person.user_id,
        )
        for row in applied
    )
    return {"waiting": rows[0].pk, "application": applied[0].pk}


@contextmanager
def steps():
    """Counts, in thousands, the steps that SQLite takes for its statements: the same for the same rows, on any machine."""
    taken = Counter()
    if connection.vendor != "sqlite":
        yield taken
        return
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: taken.update(steps=1), 1000)
    try:
        yield taken
    finally:
        connection.connection.set_progress_handler(None, 0)


def cost_of(client, address, answers):
    """The statements and thousands of steps of a second look at a page; the versions are kept in the process by then."""
    with answers(execute=True):
        assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as captured, steps() as taken:
        client.get(address)
    return len(captured), taken["steps"]


@pytest.mark.parametrize("hall", [FEW, PEOPLE], indirect=True)
def test_two_thousand_people_cost_no_more_statements_than_a_few(
    client, cast, hall, django_capture_on_commit_callbacks
):
    pages, found, heavy = DESK | OWN | EXPORTS, {}, {}
    for name, cost in pages.items():
        client.force_login(getattr(cast, cost.who))
        address = reverse(name, args=[hall[cost.of]] if cost.of else [])
        found[name], thousands = cost_of(client, address, django_capture_on_commit_callbacks)
        if thousands > MOST_STEPS:
            heavy[name] = thousands
    assert found == {name: cost.statements for name, cost in pages.items()}
    assert not heavy, "These pages read far too many rows"


def test_no_page_of_them_costs_more_than_any_page_may():
    assert {name for name, cost in (DESK | OWN).items() if cost.statements > MOST} == set()
