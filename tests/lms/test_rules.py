"""The permission table agrees with what each role's queries find."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.models import (
    Announcement,
    Attempt,
    CalendarFeed,
    ClassSession,
    Cohort,
    Enrolment,
    LessonProgress,
    Post,
    Question,
    ReviewWord,
    Submission,
    Thread,
)
from tests.cast import CAST
from tests.factories import (
    make_announcement,
    make_class,
    make_cohort,
    make_enrolment,
    make_feed,
    make_post,
    make_question,
    make_submission,
    make_version,
)

MODELS = [
    Announcement,
    Attempt,
    CalendarFeed,
    ClassSession,
    Cohort,
    Enrolment,
    LessonProgress,
    Post,
    Question,
    ReviewWord,
    Submission,
    Thread,
]
WRITERS = {"administrator", "city_administrator"}


@pytest.fixture
def rows(tree, cast):
    """A cohort in the district with a trainee of the district and one from outside, and what both have learned."""
    cohort = make_cohort(tree["district"], make_version(assignments=1))
    other = make_cohort(tree["other_district"], cohort.version)
    enrolments = [
        make_enrolment(cohort, cast.trainee.person, "applied"),
        make_enrolment(cohort, cast.outside_trainee.person),
        make_enrolment(other, cast.other_trainee.person),
        make_enrolment(cohort, cast.administrator.person, "applied"),
    ]
    lesson, paper = cohort.version.lessons.get(), cohort.version.papers.get()
    learned = [LessonProgress.objects.create(enrolment=row, lesson=lesson) for row in enrolments]
    sat = [Attempt.objects.create(enrolment=row, paper=paper, number=1) for row in enrolments]
    work = [
        make_submission(row, state)
        for row, state in zip(enrolments, ("draft", "submitted", "passed", "submitted"), strict=True)
    ]
    later = timezone.now() + timedelta(days=1)
    told = [
        make_announcement(cohort, cast.instructor),
        make_announcement(cohort, cast.instructor, publish_at=later),
        make_announcement(other, cast.outsider),
    ]
    asked = [
        make_question(cohort, cast.outside_trainee),
        make_question(cohort, cast.trainee, is_public=True),
        make_question(other, cast.other_trainee),
    ]
    posts = [
        make_post(cohort, cast.outside_trainee),
        make_post(cohort, cast.outside_trainee, state="held"),
        make_post(cohort, cast.administrator, state="held"),
        make_post(cohort, cast.instructor, state="hidden"),
        make_post(other, cast.other_trainee),
    ]
    listed = [
        ReviewWord.objects.create(organisation=tree[name], word="词")
        for name in ("district", "other_district", "city")
    ]
    classes = [
        make_class(cohort),
        make_class(other),
        make_class(other, instructor=cast.instructor.person),
    ]
    feeds = [make_feed(cohort=cohort), make_feed(cohort=other), make_feed(person=cast.trainee.person)]
    return {
        CalendarFeed: feeds,
        ClassSession: classes,
        Cohort: [cohort, other],
        Enrolment: enrolments,
        LessonProgress: learned,
        Attempt: sat,
        Submission: work,
        Announcement: told,
        Question: asked,
        Post: posts,
        Thread: [post.thread for post in posts],
        ReviewWord: listed,
    }


@pytest.mark.parametrize("part", CAST)
@pytest.mark.parametrize("model", MODELS)
def test_who_may_view_a_row_finds_it_and_nobody_else(cast, rows, part, model):
    user = getattr(cast, part)
    found = set(model.objects.visible_to(user))
    for row in rows[model]:
        allowed = user.has_perm(f"lms.view_{model._meta.model_name}", row)
        assert allowed == (row in found), (part, row)


@pytest.mark.parametrize("part", CAST)
def test_what_may_be_changed_may_be_seen(cast, rows, part):
    user = getattr(cast, part)
    verbs = {
        CalendarFeed: ["change_calendarfeed"],
        ClassSession: ["change_classsession"],
        Cohort: ["change_cohort", "cancel_cohort", "move_to_version"],
        Enrolment: ["approve_enrolment", "refuse_enrolment", "withdraw_enrolment"],
        LessonProgress: ["change_lessonprogress"],
        Attempt: ["change_attempt"],
        Submission: ["mark_submission"],
        Announcement: ["change_announcement"],
        Question: ["answer_question"],
        Post: ["moderate_post"],
        Thread: ["close_thread"],
    }
    for model, names in verbs.items():
        found = set(model.objects.visible_to(user))
        for row in rows[model]:
            assert not any(user.has_perm(f"lms.{name}", row) for name in names) or row in found


@pytest.mark.parametrize("part", CAST)
def test_only_administrators_of_the_organisation_or_above_run_its_cohorts(cast, rows, part):
    user = getattr(cast, part)
    here, there = rows[Cohort]
    assert user.has_perm("lms.change_cohort", here) == (part in WRITERS)
    assert user.has_perm("lms.change_cohort", there) == (part in {"outsider", "city_administrator"})
    assert user.has_perm("lms.add_cohort") == (part in WRITERS | {"outsider"})


def test_nobody_approves_their_own(cast, rows):
    own = rows[Enrolment][3]
    assert not cast.administrator.has_perm("lms.approve_enrolment", own)
    assert cast.administrator.has_perm("lms.withdraw_enrolment", own)
    assert cast.administrator.has_perm("lms.approve_enrolment", rows[Enrolment][0])
