from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import close_old_connections, connection

from core.models import Notice
from lms.models import CalendarFeed, ClassSession
from lms.timetable.actions import InTheWay, cancel_class, plan_class, renew_feed
from tests.factories import (
    make_class,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_user,
    make_version,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def at_once(act, things):
    def one(thing):
        close_old_connections()
        try:
            return act(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(one, things))


def test_of_many_who_plan_the_same_hour_one_does(draft):
    cohort = make_cohort(make_organisation("示例机构"), starts_on=None)
    wanted = draft()

    def plan(number):
        try:
            return plan_class(cohort=cohort, drafts=[replace(wanted, title=f"第{number}节")], actor=None)
        except InTheWay:
            return None

    assert len([done for done in at_once(plan, range(12)) if done]) == 1
    assert ClassSession.objects.count() == 1


def test_two_cohorts_do_not_take_one_instructor_to_two_places(draft):
    organisation, version, teacher = make_organisation("示例机构"), make_version(), make_user("曾可")
    cohorts = [make_cohort(organisation, version, starts_on=None) for _ in range(8)]
    wanted = replace(draft(), instructor_id=teacher.person.pk)

    def plan(number):
        try:
            mine = replace(wanted, room=str(number))
            return plan_class(cohort=cohorts[number], drafts=[mine], actor=None)
        except InTheWay:
            return None

    assert len([done for done in at_once(plan, range(8)) if done]) == 1


def test_many_clicks_cancel_once_and_tell_once():
    cohort = make_cohort(make_organisation("示例机构"), starts_on=None)
    make_enrolment(cohort, make_user().person)
    session = make_class(cohort, days=9)
    done = at_once(lambda _: cancel_class(klass=session, actor=None, reason="停电"), range(12))
    assert [one.told for one in done if one] == [1]
    session.refresh_from_db()
    assert session.sequence == Notice.objects.count() == 1


def test_many_clicks_leave_one_calendar_that_works():
    user = make_user()
    tokens = at_once(lambda _: renew_feed(actor=user, person=user.person).token, range(8))
    assert CalendarFeed.objects.count() == 1
    assert CalendarFeed.objects.get().token in tokens
