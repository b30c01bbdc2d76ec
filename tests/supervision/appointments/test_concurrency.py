import pytest
from django.utils import timezone

from core.states import IllegalMove
from supervision.appointments.actions import ApplicationRefused, appoint, refuse_application
from supervision.models import Designation, Supervisor, SupervisorApplication
from tests.factories import give_role, make_application, make_organisation, make_user
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    return make_organisation("同心社工机构", kind="agency")


def officer_of(place):
    user = make_user("解守正", place)
    give_role(user, "administrator", place)
    return user


def deciding(act):
    """Whether the decision was made; whoever is too late is told."""

    def one(pk):
        try:
            act(SupervisorApplication.objects.get(pk=pk))
        except (IllegalMove, ApplicationRefused):
            return False
        return True

    return one


def appointing(officer):
    today = timezone.localdate()
    return deciding(
        lambda row: appoint(
            application=row, actor=officer, tier="junior", issuer="市社协", starts_on=today, capacity=4
        )
    )


def test_ten_officers_appoint_somebody_once(place):
    row = make_application(make_user("林一", place).person)
    results = at_once(appointing(officer_of(place)), [row.pk] * 10)
    assert results.count(True) == 1
    assert Designation.objects.count() == Supervisor.objects.count() == 1


def test_ten_who_are_appointed_at_once_have_ten_numbers(place):
    rows = [make_application(make_user("林一", place).person) for _ in range(10)]
    results = at_once(appointing(officer_of(place)), [row.pk for row in rows])
    made = Supervisor.objects.values_list("code", flat=True)
    assert len(set(made)) == results.count(True) == Designation.objects.count() > 0
    # Who found every drawn number taken is told so and still waits: nothing is half done.
    assert SupervisorApplication.objects.filter(state="appointed").count() == results.count(True)


def test_appointed_and_refused_at_once_is_one_of_the_two(place):
    row = make_application(make_user("林一", place).person)
    officer = officer_of(place)
    refuse = deciding(lambda each: refuse_application(application=each, reason="资历不足", actor=officer))
    acts = [appointing(officer), refuse] * 4
    results = at_once(lambda act: act(row.pk), acts)
    assert results.count(True) == 1
    row.refresh_from_db()
    assert (row.state == "appointed") == Designation.objects.exists()
