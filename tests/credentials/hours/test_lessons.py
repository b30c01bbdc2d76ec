"""A lesson counts once, in whichever cohort of its course it is learned again; the rule says when it counts anew."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import Notice
from credentials.hours.actions import add_hours_rule, correct_hours, credit_course, reconcile
from credentials.hours.policy import Taught, lessons_left
from credentials.models import CreditedLesson, HoursEntry, SkippedCredit
from lms.public import completion_told
from tests.factories import make_cohort, make_course_page, make_enrolment, make_period, make_version
from tests.lms.enrolments.test_concurrency import at_once


def completed(tree, person, version, days_ago=0, **fields):
    moment = timezone.now() - timedelta(days=days_ago)
    cohort = make_cohort(tree["district"], version, title=f"{days_ago}天前的班")
    enrolment = make_enrolment(cohort, person, "completed", completed_at=moment, **fields)
    return completion_told(enrolment.pk)


def minutes():
    return list(HoursEntry.objects.standing().order_by("pk").values_list("minutes", flat=True))


def test_the_same_course_in_another_cohort_adds_nothing_and_that_is_said_once(tree, cast):
    person, version = cast.trainee.person, make_version(lessons=3)
    first = credit_course(event=completed(tree, person, version, 30))
    for _ in range(2):
        assert credit_course(event=completed(tree, person, version)) is None
    assert (minutes(), first.evidence["lessons"]) == ([90], completed(tree, person, version).lessons)
    assert SkippedCredit.objects.filter(covered_by=first).count() == 2
    notice = Notice.objects.filter(user=cast.trainee, source__startswith="credentials.skip_credit").first()
    assert "只计" in notice.body_in("zh-hans") or "counts once" in notice.body_in("en")
    assert [line for line in reconcile() if "hours" in line] == []


def test_of_a_newer_version_only_the_new_lessons_count(tree, cast):
    person, course = cast.trainee.person, make_course_page()
    credit_course(event=completed(tree, person, make_version(lessons=2, quizzes=0, course=course), 30))
    newer = make_version(lessons=3, quizzes=0, course=course)
    entry = credit_course(event=completed(tree, person, newer))
    assert (minutes(), entry.evidence["asked"], entry.evidence["taken"]) == ([90, 30], 90, 60)
    assert list(entry.evidence["lessons"].values()) == [30]


def test_an_entry_from_before_lessons_were_named_counts_for_those_of_its_enrolment(tree, cast):
    person, version = cast.trainee.person, make_version(lessons=3)
    event = completed(tree, person, version, 30)
    twice = completed(tree, person, version, 20)
    for each in (event, twice):
        old = {"kind": "course", "minutes": 90, "occurred_on": timezone.localdate(), "title": "课程"}
        HoursEntry.objects.create(
            person=person, organisation=tree["district"], source=f"lms.enrolment:{each.enrolment_id}", **old
        )
    import_module("credentials.migrations.0008_credited_lessons").take_lessons(apps, None)
    rows = CreditedLesson.objects.values_list("lesson", "slot", "entry__source")
    first, second = HoursEntry.objects.order_by("pk")
    assert set(rows) == {(key, "life", first.source) for key in event.lessons} | {
        (key, f"entry:{second.pk}", second.source) for key in event.lessons
    }
    assert credit_course(event=completed(tree, person, version)) is None
    for entry in (first, second):
        correct_hours(entry=entry, reason="重复计入", actor=cast.administrator)
    assert credit_course(event=completed(tree, person, version)).minutes == 90


def test_the_lessons_of_the_ledger_are_taken_over_as_they_are_credited(tree, cast):
    make_period(cast.trainee.person, state="verified", days_ago=100)
    version = make_version(lessons=3)
    credit_course(event=completed(tree, cast.trainee.person, version, 30))
    credit_course(event=completed(tree, cast.trainee.person, make_version(lessons=2), 200))
    gone = credit_course(event=completed(tree, cast.other_trainee.person, version, 30))
    correct_hours(entry=gone, reason="代学", actor=cast.administrator)
    before = set(CreditedLesson.objects.values_list("person", "lesson", "slot", "entry"))
    assert {slot.partition(":")[0] for _, _, slot, _ in before} == {"period", "life"}
    CreditedLesson.objects.all().delete()
    import_module("credentials.migrations.0008_credited_lessons").take_lessons(apps, None)
    assert set(CreditedLesson.objects.values_list("person", "lesson", "slot", "entry")) == before


def test_the_database_itself_refuses_a_lesson_a_second_time(tree, cast):
    person, version = cast.trainee.person, make_version(lessons=1)
    entry = credit_course(event=completed(tree, person, version, 30))
    row = CreditedLesson.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditedLesson.objects.create(person=person, lesson=row.lesson, slot=row.slot, entry=entry)
    correct_hours(entry=entry, reason="代学", actor=cast.administrator)
    assert not CreditedLesson.objects.exists()


def test_what_was_taken_back_can_be_credited_after_all(tree, cast):
    person, version = cast.trainee.person, make_version(lessons=3)
    first = credit_course(event=completed(tree, person, version, 30))
    assert credit_course(event=completed(tree, person, version)) is None
    correct_hours(entry=first, reason="代学", actor=cast.administrator)
    assert [line for line in reconcile() if "hours" in line]
    assert minutes() == [90]


@pytest.mark.parametrize(
    ("again", "state", "days_ago", "counts"),
    [
        ("period", "verified", 200, True),  # learned before the period that runs now
        ("period", "verified", 50, False),  # within it
        ("period", "declared", 200, False),  # nobody has looked at that period
        ("never", "verified", 200, False),
    ],
)
def test_when_it_counts_anew_is_said_by_the_rule(tree, cast, again, state, days_ago, counts):
    person, version = cast.trainee.person, make_version(lessons=3)
    add_hours_rule(
        organisation=tree["city"],
        starts_on=timezone.localdate() - timedelta(days=1),
        minutes_per_hour=45,
        lessons_again=again,
        source="示例〔2026〕1号",
        actor=cast.city_administrator,
    )
    make_period(person, state=state, days_ago=100)
    credit_course(event=completed(tree, person, version, days_ago))
    entry = credit_course(event=completed(tree, person, version))
    assert bool(entry) is counts


@given(
    lessons=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 90)),
    earlier=st.lists(st.frozensets(st.sampled_from("abcdefg"))),
)
def test_whatever_was_credited_before_no_lesson_is_credited_twice(lessons, earlier):
    found, left = lessons_left(lessons, [Taught(keys) for keys in earlier])
    assert not left.keys() & frozenset().union(*earlier)
    assert left.keys() | frozenset().union(*earlier) >= lessons.keys()
    assert found.minutes == sum(left.values()) <= found.asked == sum(lessons.values())


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_cohorts_completed_at_the_same_moment_credit_each_lesson_once(tree, cast):
    version = make_version(lessons=3)
    events = [completed(tree, cast.trainee.person, version, number) for number in range(8)]
    at_once(lambda event: credit_course(event=event), events)
    assert minutes() == [90]
    assert SkippedCredit.objects.count() == 7
