"""What a move leaves of the way of an application: what was decided before stays to be read, and the move has its line."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.templatetags.times import day_time
from lms.admissions.queries import reviews_of
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import approve
from lms.enrolments.queries import steps_of
from lms.enrolments.states import EnrolmentState as S
from lms.models import Cohort, Enrolment
from tests.factories import make_cohort, make_enrolment, make_plan
from tests.lms.transfers.steps import again, ask, move


def way(enrolment):
    return [(row.label, row.state) for row in reviews_of(again(enrolment))]


def labels(enrolment):
    return [(step.label, step.state) for step in steps_of(again(enrolment))]


def there(tree, enrolment, title="夜间班", **plan):
    named = make_plan(tree["city"], **plan) if plan else None
    return make_cohort(tree["city"], enrolment.version, title=title, plan=named)


def test_what_was_decided_before_a_move_stays_and_the_move_has_its_dated_line(cast, tree, admitted):
    move(admitted, there(tree, admitted), cast.city_administrator)
    assert labels(admitted) == [
        ("已提交申请", "done"),
        (tree["district"].name, "done"),
        (tree["city"].name, "done"),
        ("已转班", "done"),
        ("学习", "now"),
        ("课程完成", "todo"),
    ]
    line = steps_of(again(admitted))[3].hint
    assert day_time(admitted.transfers.get().decided_at) in line
    assert "白天班" in line and "夜间班" in line


def test_the_steps_of_the_new_cohort_follow_those_of_the_old_one(cast, tree, admitted):
    move(admitted, there(tree, admitted, stages=("county", "organiser")), cast.city_administrator)
    assert again(admitted).state == S.APPLIED
    assert [state for _, state in way(admitted)] == ["done", "done", "done", "now", "todo"]
    assert [state for _, state in labels(admitted)][:6] == ["done", "done", "done", "done", "now", "todo"]


def test_what_was_never_decided_for_the_old_cohort_is_no_part_of_the_way(cast, tree, planned):
    move(planned, there(tree, planned, stages=("organiser",)), cast.city_administrator)
    assert [row.is_move for row in reviews_of(again(planned))] == [True, False]


def test_an_agreement_that_is_the_decision_comes_after_the_move(cast, tree, admitted):
    move(admitted, there(tree, admitted, stages=("city",)), cast.city_administrator)
    assert again(admitted).state == S.ENROLLED
    assert [row.is_move for row in reviews_of(again(admitted))] == [False, False, True, False]


def test_under_the_same_plan_the_move_follows_what_is_decided(cast, tree, admitted):
    target = make_cohort(tree["city"], admitted.version, title="夜间班", plan=admitted.cohort.plan)
    move(admitted, target, cast.city_administrator)
    assert [row.is_move for row in reviews_of(again(admitted))] == [False, False, True]
    assert labels(admitted)[-2:] == [("学习", "now"), ("课程完成", "todo")]


def test_a_decision_of_the_organiser_alone_stands_where_it_was_taken(cast, tree):
    plain = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person)
    before = timezone.now() - timedelta(days=3)
    Enrolment.objects.filter(pk=plain.pk).update(decided_at=before)
    move(again(plain), there(tree, plain), cast.city_administrator)
    assert [label for label, _ in labels(plain)][1:3] == ["主办单位审批", "已转班"]
    applied = make_enrolment(Cohort.objects.get(title="白天班"), cast.other_trainee.person, "applied")
    move(applied, Cohort.objects.get(title="夜间班"), cast.city_administrator)
    assert labels(applied)[1:3] == [("已转班", "done"), ("主办单位审批", "now")]
    approve(enrolment=again(applied), actor=cast.city_administrator)
    assert [label for label, _ in labels(applied)][1:3] == ["已转班", "主办单位审批"]


def test_the_way_of_somebody_who_moved_twice_is_all_there(cast, tree, admitted):
    move(admitted, there(tree, admitted), cast.city_administrator)
    move(again(admitted), there(tree, admitted, "周末班"), cast.city_administrator)
    shown = [label for label, _ in labels(admitted)]
    assert shown[1:5] == [tree["district"].name, tree["city"].name, "已转班", "已转班"]
    cancel_cohort(cohort=again(admitted).cohort, actor=cast.city_administrator, reason="停办")
    assert [label for label, _ in labels(admitted)][1:] == [*shown[1:5], "班次已取消"]


@pytest.mark.parametrize("who", ["trainee", "city_administrator"])
def test_both_sides_read_the_way_on_their_page(client, cast, tree, admitted, who):
    target = there(tree, admitted)
    move(admitted, target, cast.city_administrator)
    client.force_login(getattr(cast, who))
    name = "lms:enrolment-detail" if who == "trainee" else "approvals:detail"
    page = client.get(reverse(name, args=[admitted.pk])).content.decode()
    assert "已转班" in page and tree["district"].name in page
    assert page.index(tree["district"].name) < page.index("已转班")
    assert "独立审批" not in page


def test_moves_are_asked_for_only_where_there_were_any(client, cast, tree, django_assert_num_queries):
    plain = make_enrolment(make_cohort(tree["city"], title="白天班"), cast.trainee.person)
    [row] = Enrolment.objects.filter(pk=plain.pk)
    row.moved_at = None
    with django_assert_num_queries(1):
        assert reviews_of(row) == []


def test_a_wish_that_waits_is_no_move(cast, tree, admitted):
    ask(admitted, there(tree, admitted), cast.trainee)
    assert not any(row.is_move for row in reviews_of(again(admitted)))
