from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance import actions
from lms.attendance.queries import settled_attendances
from lms.models import Attendance, CheckInFlag, ClassSession
from lms.signals import attendance_settled
from tests.factories import (
    make_class,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_register,
    make_user,
)
from tests.lms.attendance.conftest import come
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def klass():
    now = timezone.now()
    cohort = make_cohort(make_organisation("示例机构"), capacity=200)
    found = make_class(cohort, starts_at=now - timedelta(minutes=8), ends_at=now + timedelta(minutes=30))
    make_register(found)
    return found


def learners(klass, number):
    users = [make_user() for _ in range(number)]
    for user in users:
        make_enrolment(klass.cohort, user.person)
    return users


def test_ten_clicks_at_once_write_one_row(klass):
    (user,) = learners(klass, 1)
    answers = at_once(lambda _: come(klass, user), range(10))
    assert sorted(answers) == ["already"] * 9 + ["done"]
    assert Attendance.objects.count() == 1


def test_two_phones_of_one_person_at_once_write_one_row(klass):
    (user,) = learners(klass, 1)
    answers = at_once(lambda device: come(klass, user, device=device), ["one", "two"])
    assert sorted(answers) == ["already", "done"]
    assert Attendance.objects.count() == 1


def test_one_phone_for_ten_people_at_once_checks_one_in(klass):
    answers = at_once(lambda user: come(klass, user, device="shared"), learners(klass, 10))
    assert sorted(answers) == ["done"] + ["shared"] * 9
    assert Attendance.objects.count() == 1
    assert CheckInFlag.objects.count() == 9


def test_who_checks_in_while_the_register_closes_is_settled_or_refused(klass):
    """Nobody slips in unsettled: whoever is told "done" has their minutes, whoever is not is absent."""
    heard = []
    attendance_settled.connect(hear := lambda sender, event, **_: heard.append(event))
    users = learners(klass, 20)
    scanned = timezone.now() - timedelta(minutes=1)
    ClassSession.objects.filter(pk=klass.pk).update(ends_at=scanned + timedelta(seconds=30))

    def act(number):
        if number == 10:
            return str(actions.close_register(klass=klass, actor=None).closed_at)
        return come(klass, users[number], device=f"phone {number}", at=scanned)

    klass.refresh_from_db()
    answers = at_once(act, range(20))
    attendance_settled.disconnect(hear)
    done = answers.count("done")
    assert done + answers.count("closed") == 19
    rows = Attendance.objects.all()
    assert rows.count() == 20
    assert not rows.filter(settled_at=None).exists()
    assert rows.there().count() == len(heard) == len(list(settled_attendances())) == done


def test_two_who_close_at_once_settle_once(klass):
    heard = []
    attendance_settled.connect(hear := lambda sender, event, **_: heard.append(event))
    for number, user in enumerate(learners(klass, 5)):
        come(klass, user, device=f"phone {number}")
    ClassSession.objects.filter(pk=klass.pk).update(ends_at=timezone.now())
    klass.refresh_from_db()
    at_once(lambda _: actions.close_register(klass=klass, actor=None), range(4))
    attendance_settled.disconnect(hear)
    assert len(heard) == 5


def test_of_two_classes_that_stand_for_each_other_one_is_attended(klass):
    (user,) = learners(klass, 1)
    other = make_cohort(klass.cohort.organisation, klass.cohort.version, title="另一班")
    elsewhere = make_class(other, starts_at=klass.starts_at, ends_at=klass.ends_at)
    teacher = make_user("曾可")
    actions.let_make_up(
        klass=klass,
        instead=elsewhere,
        enrolment=klass.cohort.enrolments.get(),
        actor=teacher,
        reason="因公",
    )
    answers = at_once(lambda each: come(each, user, device=str(each.pk)), [klass, elsewhere])
    assert sorted(answers) == ["done", "made_up"]
    assert Attendance.objects.there().count() == 1
