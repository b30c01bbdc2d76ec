from datetime import date, timedelta

import pytest
from django.utils import timezone

from supervision.models import (
    AllowanceCount,
    AllowanceLine,
    AllowanceStatement,
    Designation,
    SupervisionReport,
)
from supervision.reports import actions
from supervision.reports.actions import ReportRefused
from tests.factories import (
    make_allowance_rate,
    make_allowance_statement,
    make_organisation,
    make_pairing,
    make_report,
    make_session,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def worked():
    place = make_organisation("同心社工机构", kind="agency")
    supervisor = make_supervisor(organisation=place)
    Designation.objects.create(
        supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
    )
    make_allowance_rate(place)
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    make_session(
        make_pairing(supervisor, make_user("林一", place).person),
        "confirmed",
        days_ago=(timezone.localdate() - month).days,
    )
    return place


def trying(act):
    def one(_):
        try:
            return act()
        except ReportRefused:
            return None

    return one


def test_twenty_clicks_make_one_statement_and_one_correction(worked):
    officer = make_user("单于明", worked)
    made = at_once(trying(lambda: make_allowance_statement(worked, officer).pk), range(20))
    assert len([each for each in made if each]) == 1
    statement = AllowanceStatement.objects.get()

    def correct():
        return actions.correct_statement(statement=statement, actor=officer, reason="重算").pk

    assert len([each for each in at_once(trying(correct), range(20)) if each]) == 1
    assert AllowanceLine.objects.count() == 2


def test_reports_issued_at_once_have_numbers_of_their_own(worked):
    officer = make_user("单于明", worked)
    at_once(trying(lambda: make_report(worked, officer).pk), range(8))
    assert sorted(SupervisionReport.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_a_city_and_its_districts_stated_at_the_same_moment_count_nobody_twice():
    """Forty supervisors in four districts with a session each: one statement of the city and one of each district begin at
    once, twice. Whoever comes first has them; the sum is forty sessions."""
    city = make_organisation("示例市", kind="city")
    districts = [make_organisation(f"示例{number}区", city, kind="district") for number in range(4)]
    make_allowance_rate(city)
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    back = (timezone.localdate() - month).days
    for number in range(40):
        place = districts[number % 4]
        supervisor = make_supervisor(organisation=place)
        Designation.objects.create(
            supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
        )
        pairing = make_pairing(supervisor, make_user("林一", place).person)
        make_session(pairing, "confirmed", days_ago=back)
    officer = make_user("单于明", city)

    def issue(place):
        try:
            return make_allowance_statement(place, officer).pk
        except ReportRefused:
            return None

    at_once(issue, [city, *districts] * 2)
    assert (
        AllowanceLine.objects.values("supervisor").distinct().count() == AllowanceLine.objects.count() == 40
    )
    assert AllowanceCount.objects.count() == 40
    assert sum(row.total for row in AllowanceStatement.objects.all()) == 8000
