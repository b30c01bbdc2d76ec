"""What officers were told of applications is done when none waits for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Notice
from lms.approvals.actions import settle_told
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import apply, approve, refuse, withdraw
from lms.models import Cohort, Enrolment
from lms.tasks import settle_told as task
from tests.factories import give_role, make_cohort, make_plan, make_user


@pytest.fixture
def cohort(tree, cast):
    return make_cohort(tree["district"])


def apply_as(name, cohort, tree):
    user = make_user(name, tree["station"])
    return apply(cohort=cohort, person=user.person, actor=user).enrolment


def unread(user):
    return Notice.objects.unread().filter(user=user, kind="lms.applications").count()


@pytest.mark.parametrize("end", ["approve", "refuse", "withdraw"])
def test_a_notice_of_applications_is_read_when_the_last_of_them_is_decided(cohort, cast, tree, end):
    first, second = apply_as("甲", cohort, tree), apply_as("乙", cohort, tree)
    colleague = make_user("同事", tree["district"])
    give_role(colleague, "administrator", tree["district"])
    approve(enrolment=first, actor=cast.administrator)
    assert unread(cast.administrator) == 1
    if end == "approve":
        approve(enrolment=second, actor=cast.administrator)
    elif end == "refuse":
        refuse(enrolment=second, actor=colleague, reason="不在范围内")
    else:
        withdraw(enrolment=second, actor=second.person.user)
    assert unread(cast.administrator) == 0


def test_what_comes_in_later_on_the_same_day_is_told_anew(cohort, cast, tree):
    approve(enrolment=apply_as("甲", cohort, tree), actor=cast.administrator)
    assert unread(cast.administrator) == 0
    apply_as("乙", cohort, tree)
    assert unread(cast.administrator) == 1


def test_whoever_approved_at_a_step_is_asked_no_more_and_the_next_tier_is(cast, tree):
    staged = make_cohort(tree["city"], plan=make_plan(tree["city"], stages=("county", "city")))
    application = apply_as("甲", staged, tree)
    assert unread(cast.administrator) == 1
    approve(enrolment=application, actor=cast.administrator)
    assert (unread(cast.administrator), unread(cast.city_administrator)) == (0, 1)


def test_nobody_is_asked_about_a_cohort_that_is_over_or_cancelled(cohort, cast, tree):
    apply_as("甲", cohort, tree)
    yesterday = timezone.localdate() - timedelta(days=1)
    Cohort.objects.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)
    task()
    assert unread(cast.administrator) == 0
    other = make_cohort(tree["district"])
    apply_as("乙", other, tree)
    cancel_cohort(cohort=other, reason="场地不能用", actor=cast.administrator)
    assert unread(cast.administrator) == 0


def test_what_left_by_another_way_is_found_later(cohort, cast, tree):
    apply_as("甲", cohort, tree)
    assert settle_told() == 0
    Enrolment.objects.update(state="withdrawn", decided_at=timezone.now())
    assert settle_told() == 1
