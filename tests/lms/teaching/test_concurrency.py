"""Two teachers with the same list, at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection

from core.models import Notice
from lms.models import Contact, Enrolment
from lms.teaching import actions
from tests.factories import make_cohort, make_enrolment, make_organisation, make_user

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_of_many_clicks_at_once_one_message_is_sent():
    enrolment = make_enrolment(make_cohort(make_organisation("示例机构")), make_user().person)
    teachers = [make_user(f"老师{number}") for number in range(8)]

    def reach(teacher):
        close_old_connections()
        try:
            actions.contact_trainee(
                enrolment=Enrolment.objects.get(pk=enrolment.pk),
                actor=teacher,
                way="notice",
                note="好",
                seen=0,
            )
        except actions.NotPossible as refused:
            return str(refused)
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(reach, teachers))
    assert answers.count("sent") == 1
    assert all("刚才已有人联系过" in answer for answer in answers if answer != "sent")
    assert (Contact.objects.count(), Notice.objects.count()) == (1, 1)
