"""A wish that is decided in the moment its person leaves or completes: it ends once, and nobody falls over the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from django.db import close_old_connections, connection, transaction

from lms.enrolments.actions import complete_if_done, withdraw
from lms.transfers.actions import refuse_transfer
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_learned,
    make_organisation,
    make_transfer,
    make_user,
)
from tests.lms.transfers.steps import again

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def complete(enrolment):
    complete_if_done(enrolment=make_learned(enrolment))


def leave(enrolment):
    withdraw(enrolment=enrolment, actor=enrolment.person.user)


@pytest.mark.parametrize(("act", "state"), [(complete, "completed"), (leave, "withdrawn")])
def test_a_wish_that_is_being_refused_stays_refused_and_keeps_nobody_from_leaving(act, state):
    old = make_cohort(make_organisation("示例机构"))
    enrolment = make_enrolment(old, make_user().person)
    wish = make_transfer(enrolment, make_cohort(old.organisation, old.version, title="夜间班"))
    officer, is_refused = make_user("管理员"), Event()

    def refuse():
        with transaction.atomic():
            refuse_transfer(transfer=again(wish), actor=officer, reason="已排满实习")
            is_refused.set()
            sleep(0.5)  # the other one looks at the wish meanwhile, and it is still open for them

    def go():
        is_refused.wait(10)
        act(again(enrolment))

    def alone(what):
        close_old_connections()
        try:
            what()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(alone, (refuse, go)))
    assert (again(enrolment).state, again(wish).state) == (state, "refused")
