"""The alarm of a cohort with too few members: told when applications close and when the start is near, once each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from lms.cohorts.actions import change_cohort
from lms.enrolments import actions
from lms.enrolments.states import EnrolmentState as S
from lms.models import Cohort
from tests.factories import make_cohort, make_enrolment, make_user


def test_those_who_decide_are_told_once_that_people_are_missing(cast, tree):
    start = timezone.localdate() + timedelta(days=7)
    cohort = make_cohort(tree["district"], min_members=3, starts_on=start)
    make_enrolment(cohort, cast.trainee.person)
    make_cohort(tree["district"], min_members=3)  # a month away
    make_cohort(tree["district"], starts_on=start)  # without a minimum
    assert actions.warn_below_minimum() == 1
    assert actions.warn_below_minimum() == 0
    notice = Notice.objects.get(kind="lms.below_minimum")
    assert (notice.user, notice.url) == (cast.administrator, reverse("applications:cohort", args=[cohort.pk]))
    assert "3" in notice.body_in("zh-hans")


def test_who_waits_for_a_decision_or_has_only_an_offer_does_not_make_up_the_minimum(client, cast, tree):
    start = timezone.localdate() + timedelta(days=3)
    cohort = make_cohort(tree["district"], min_members=3, starts_on=start)
    make_enrolment(cohort, make_user().person)
    for state in (S.APPLIED, S.APPLIED, S.OFFERED):
        make_enrolment(cohort, make_user().person, state)
    assert actions.warn_below_minimum() == 1
    said = Notice.objects.get(kind="lms.below_minimum").body_in("en")
    assert "1 of at least 3 people; applications that wait for a decision: 2" in said
    client.force_login(cast.administrator)
    page = client.get(reverse("applications:cohort", args=[cohort.pk]))
    assert page.context["missing"] == 2
    full = make_cohort(tree["district"], min_members=2, starts_on=start)
    for state in (S.ENROLLED, S.COMPLETED):
        make_enrolment(full, make_user().person, state)
    assert actions.warn_below_minimum() == 0


CLOSED_EARLY, CLOSED_LATE = (
    timedelta(days=30),
    timedelta(days=2),
)  # before the start; the alarm is 7 days before


@pytest.mark.parametrize("closes", [CLOSED_EARLY, CLOSED_LATE])
def test_the_end_of_applications_and_the_nearness_of_the_start_are_told_once_each(cast, tree, closes):
    now = timezone.localtime()
    make_cohort(tree["district"], min_members=3, starts_on=now.date() + timedelta(days=40))
    Cohort.objects.update(closes_at=now + timedelta(days=40) - closes)
    told = [actions.warn_below_minimum(now=now + timedelta(days=day)) for day in range(40)]
    assert [day for day, number in enumerate(told) if number] == sorted([40 - closes.days, 33])
    assert sum(told) == Notice.objects.filter(user=cast.administrator, kind="lms.below_minimum").count() == 2


def test_whoever_hears_of_both_at_once_hears_it_once(cast, tree):
    make_cohort(tree["district"], min_members=3, starts_on=timezone.localdate() + timedelta(days=5))
    Cohort.objects.update(closes_at=timezone.now() - timedelta(days=1))
    assert [actions.warn_below_minimum() for _ in range(3)] == [1, 0, 0]


def test_nothing_more_is_told_once_the_minimum_is_met(cast, tree):
    now = timezone.localtime()
    cohort = make_cohort(tree["district"], min_members=1, starts_on=now.date() + timedelta(days=40))
    Cohort.objects.update(closes_at=now + timedelta(days=10))
    assert actions.warn_below_minimum(now=now + timedelta(days=9)) == 0
    assert actions.warn_below_minimum(now=now + timedelta(days=10)) == 1
    make_enrolment(cohort, cast.trainee.person)
    assert actions.warn_below_minimum(now=now + timedelta(days=34)) == 0
    other = make_cohort(tree["district"], min_members=1, starts_on=now.date() + timedelta(days=40))
    make_enrolment(other, cast.trainee.person)
    Cohort.objects.filter(pk=other.pk).update(closes_at=now + timedelta(days=10))
    assert actions.warn_below_minimum(now=now + timedelta(days=11)) == 0


def test_a_cohort_that_is_put_off_is_warned_of_again(cast, tree):
    today = timezone.localdate()
    cohort = make_cohort(tree["district"], min_members=3, starts_on=today + timedelta(days=2))
    assert actions.warn_below_minimum() == 1
    change_cohort(cohort=cohort, actor=cast.administrator, starts_on=today + timedelta(days=5))
    assert actions.warn_below_minimum() == 1


def test_the_desk_warns_of_a_cohort_below_its_minimum(client, cast, tree):
    cohort = make_cohort(tree["district"], min_members=3)
    client.force_login(cast.administrator)
    shown = client.get(reverse("applications:cohort", args=[cohort.pk]))
    assert shown.context["missing"] == 3
