"""How far a registration period has come: what counts by which rule, on which days, and who lags behind."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from credentials.hours.actions import add_hours_rule, correct_hours, credit, rule_on
from credentials.hours.models import EntryKind
from credentials.hours.policy import Step
from credentials.hours.queries import holdings_in, progress_of, totals_of
from credentials.models import HoursEntry, HoursRule
from tests.factories import make_period, make_user

TODAY = timezone.localdate
PEOPLE = reverse("hours:people")


def give(person, organisation, minutes, kind="course", days_ago=1, source=""):
    return credit(
        person_id=person.pk,
        organisation_id=organisation.pk,
        kind=kind,
        minutes=minutes,
        occurred_on=TODAY() - timedelta(days=days_ago),
        title="课",
        source=source or f"test:{kind}:{minutes}:{days_ago}",
        evidence={},
    )


STEPS = (Step(1, Decimal("0.25")), Step(16, Decimal("0.5")), Step(30, Decimal(1)))


def stepped(tree, cast, **fields):
    values = {
        "organisation": tree["city"],
        "starts_on": TODAY() - timedelta(days=50),
        "source": "文件",
        "steps": STEPS,
    }
    return add_hours_rule(actor=cast.city_administrator, **values | fields)


def test_by_steps_each_entry_counts_by_itself(tree, cast):
    stepped(tree, cast)
    person = cast.trainee.person
    for minutes in (10, 20, 45):
        give(person, tree["district"], minutes)
    assert totals_of(person).learned == Decimal("1.75")
    taken = correct_hours(entry=HoursEntry.objects.get(minutes=20), reason="误", actor=cast.administrator)
    assert taken.hours == Decimal("-0.5")
    assert totals_of(person).learned == Decimal("1.25")


def test_only_what_counts_and_lies_in_the_period_is_progress(tree, cast):
    person = cast.trainee.person
    period = make_period(person, days_ago=100)
    give(person, tree["district"], 450, days_ago=1)
    give(person, tree["district"], 900, days_ago=101)
    give(person, tree["district"], 450, "supervising", days_ago=1)
    wrong = give(person, tree["district"], 45, days_ago=2)
    correct_hours(entry=wrong, reason="误", actor=cast.administrator)
    found = progress_of(period)
    assert (found.progress.done, found.progress.missing) == (10, 62)
    assert {each.label: each.uncounted for each in found.kinds}[str(EntryKind.SUPERVISING.label)] == 10


def test_a_place_may_say_that_supervision_does_not_count(tree, cast):
    stepped(tree, cast, kind="supervision", counts=False)
    person = cast.trainee.person
    period = make_period(person)
    give(person, tree["district"], 450, "supervision")
    give(person, tree["district"], 90)
    assert progress_of(period).progress.done == 2


def test_a_rule_for_the_kind_goes_before_a_nearer_one_for_every_kind(tree, cast):
    of_kind = stepped(tree, cast, organisation=tree["province"], kind="supervision")
    general = stepped(tree, cast, minutes_per_hour=40, steps=())
    assert rule_on(TODAY(), tree["station"], "supervision") == of_kind
    assert rule_on(TODAY(), tree["station"], "course") == general
    assert rule_on(TODAY(), tree["station"], "supervising").counts is False
    assert HoursRule.objects.filter(organisation=None).count() == 1


@pytest.mark.parametrize("number", [1, 6])
def test_the_page_takes_the_same_statements_for_few_and_many(
    client, tree, cast, number, django_assert_max_num_queries
):
    person = cast.trainee.person
    make_period(person)
    for each in range(number):
        give(person, tree["district"], 45 + each)
    client.force_login(cast.trainee)
    client.get(reverse("credentials:hours-list"))
    with django_assert_max_num_queries(40) as captured:
        page = client.get(reverse("credentials:hours-list"))
    assert "credentials/periods" in page.content.decode()
    assert len([one for one in captured.captured_queries if "credentials_" in one["sql"]]) == 7


# --- At the desk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def people(tree, cast):
    """One far behind whose period ends soon, one who is done, and one without a period."""
    ending = TODAY() + timedelta(days=40)
    make_period(cast.trainee.person, starts_on=ending - timedelta(days=1000), ends_on=ending)
    give(cast.trainee.person, tree["district"], 450)
    make_period(cast.other_trainee.person)
    give(cast.other_trainee.person, tree["district"], 72 * 45)
    give(cast.supervisor.person, tree["district"], 90)
    return cast


def names(rows):
    return {row.person.name for row in rows}


def test_the_list_finds_who_lags_behind(people, tree):
    officer = people.administrator
    assert names(holdings_in(officer)) == {"林小荷", "周一鸣", "欧阳若水"}
    assert names(holdings_in(officer, below=True)) == names(holdings_in(officer, ending=True)) == {"林小荷"}
    assert names(holdings_in(officer, words="zhou")) == {"周一鸣"}
    assert names(holdings_in(officer, place=tree["agency"].path)) == {"欧阳若水"}
    assert names(holdings_in(people.outsider)) == names(holdings_in(people.instructor)) == set()
    done = {row.person.name: row.progress.done for row in holdings_in(officer) if row.progress}
    assert done == {"林小荷": 10, "周一鸣": 72}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=%00",
        "?place=x",
        "?place=999999",
        "?below=on&ending=on",
        "?page=x",
        "?page=999999999999999999999",
    ],
)
def test_the_desk_reads_it_whatever_is_asked(client, people, query):
    client.force_login(people.administrator)
    assert client.get(PEOPLE + query).status_code == 200


def test_taking_it_out_is_audited(client, people):
    client.force_login(people.auditor)
    answer = client.get(PEOPLE + "?format=xlsx&below=on")
    assert "spreadsheetml" in answer["Content-Type"]
    assert AuditEntry.objects.get(action="credentials.export_holdings").user == people.auditor
    for part in ("trainee", "instructor", "finance"):
        client.force_login(getattr(people, part))
        assert client.get(PEOPLE).status_code in (302, 403)


def test_the_list_takes_the_same_statements_for_one_and_for_many(people, tree, django_assert_num_queries):
    with django_assert_num_queries(5):
        assert len(holdings_in(people.auditor)[:]) == 3  # and one for the roles
    with django_assert_num_queries(5):
        assert len(holdings_in(people.city_administrator)[:]) == 3


def test_a_page_of_the_list_adds_up_the_hours_of_its_people_only(people, tree, django_assert_num_queries):
    """Of 20,000 people a page shows fifty: the hours of the others are not read for it."""
    for number in range(6):
        give(make_user(f"司徒{number}", tree["district"]).person, tree["district"], 90)
    rows = holdings_in(people.administrator)
    with django_assert_num_queries(5) as captured:
        page = Paginator(rows, 4).get_page(2)
        assert [row.hours for row in page] == [2, 2, 2, 2]
    read = [one["sql"] for one in captured.captured_queries if "GROUP BY" in one["sql"]]
    assert len(read) == 2
    assert all(str(row.person.pk) in sql for row in page for sql in read)
    assert not any("employer" in sql for sql in read)
