"""Whoever is on a pathway hears of a course's deadline before it, and once when it has passed."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from lms.pathways.actions import join_pathway, leave_pathway, remind_deadlines
from tests.factories import make_cohort, make_enrolment, make_on_pathway, make_pathway, make_user


@pytest.fixture
def joined(pathway, cast):
    """The first course is due 60 days after joining."""
    return join_pathway(pathway=pathway, person=cast.trainee.person, actor=cast.trainee)


def after(days, hours=0):
    return time_machine.travel(timezone.now() + timedelta(days=days, hours=hours), tick=False)


def told_on(days):
    found = []
    for day in days:
        with after(day):
            found.append((day, remind_deadlines()))
    return [day for day, number in found if number]


def test_it_is_said_twice_before_the_deadline_and_once_after_it(joined):
    assert told_on(range(80)) == [46, 57, 61]
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == [
        "lms.pathway_due",
        "lms.pathway_due",
        "lms.pathway_missed",
    ]


def test_the_notice_names_the_course_the_day_and_the_pathway_and_leads_to_the_checklist(joined, versions):
    with after(50):
        remind_deadlines()
    notice = Notice.objects.get()
    assert notice.user == joined.person.user
    assert versions[0].course.title in notice.title_in("en")
    assert joined.pathway.title in notice.body_in("zh-hans") and joined.pathway.title_en in notice.body_in(
        "en"
    )
    assert notice.url == reverse("lms:pathway-mine", args=[joined.pk])


def test_days_that_were_missed_are_made_up_for_with_the_latest_word_only(joined):
    assert told_on([59]) == [59]
    assert Notice.objects.count() == 1
    assert told_on([90, 91]) == [90]
    assert Notice.objects.filter(kind="lms.pathway_missed").count() == 1


def test_who_has_completed_the_course_or_left_the_pathway_hears_nothing(
    joined, tree, cast, versions, pathway
):
    make_enrolment(make_cohort(tree["district"], versions[0]), cast.trainee.person, "completed")
    left = join_pathway(pathway=pathway, person=cast.other_trainee.person, actor=cast.other_trainee)
    leave_pathway(enrolment=left, actor=cast.other_trainee)
    assert told_on([50, 70]) == []


def test_nothing_is_said_of_a_course_that_others_of_its_group_have_made_needless(tree, cast, versions):
    pathway = make_pathway(tree["district"], *versions, groups={1: "a", 2: "a"}, days={1: 60, 2: 60})
    join_pathway(pathway=pathway, person=cast.trainee.person, actor=cast.trainee)
    make_enrolment(make_cohort(tree["district"], versions[1]), cast.trainee.person, "completed")
    assert told_on([50, 70]) == []


def test_nobody_is_told_whose_account_is_closed(joined):
    joined.person.user.is_active = False
    joined.person.user.save()
    assert told_on([50, 70]) == []


def test_looking_at_many_rounds_costs_the_same_as_at_one(joined, pathway, django_assert_num_queries):
    for _ in range(5):
        make_on_pathway(pathway, make_user().person)
    with after(50):
        assert remind_deadlines() == 6
        with django_assert_num_queries(4):
            assert remind_deadlines() == 0
