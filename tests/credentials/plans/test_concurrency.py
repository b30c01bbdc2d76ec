"""A plan that is closed or begun while a target of it is set or taken out: what one of the two did, the other has seen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from django.db import close_old_connections, connection, transaction

from credentials.models import TalentPlan
from credentials.plans.actions import PlanRefused, close_plan, remove_target, set_target, start_plan
from tests.factories import make_organisation, make_plan_of, make_user

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def first_then(slow, quick):
    """`slow` has done its part and not committed yet when `quick` begins."""
    is_done = Event()

    def one():
        with transaction.atomic():
            slow()
            is_done.set()
            sleep(0.5)

    def other():
        is_done.wait(10)
        try:
            quick()
        except PlanRefused:
            pass

    def alone(what):
        close_old_connections()
        try:
            what()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(alone, (one, other)))


@pytest.fixture
def officer():
    return make_user("单于明")


@pytest.fixture
def plan(officer):
    return make_plan_of(make_organisation("和平区", tier="county"), officer, trained=10)


def again(plan):
    return TalentPlan.objects.get(pk=plan.pk)


def test_a_target_set_while_the_plan_is_being_closed_has_its_figure(plan, officer):
    start_plan(plan=plan, actor=officer)
    first_then(
        lambda: set_target(plan=again(plan), kind="posted", number=3, actor=officer),
        lambda: close_plan(plan=again(plan), actor=officer),
    )
    closed = again(plan)
    assert closed.is_closed
    assert set(closed.figures) == {str(pk) for pk in closed.targets.values_list("pk", flat=True)}


def test_a_plan_is_not_begun_while_its_last_target_is_being_taken_out(plan, officer):
    first_then(
        lambda: remove_target(target=again(plan).targets.get(), actor=officer),
        lambda: start_plan(plan=again(plan), actor=officer),
    )
    assert (again(plan).state, again(plan).targets.count()) == ("draft", 0)
