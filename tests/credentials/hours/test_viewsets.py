"""The ledger at the desk, and the rules of counting."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from credentials.hours.actions import add_hours_rule, credit_course
from credentials.models import HoursEntry, HoursRule
from lms.public import completion_told
from tests.factories import make_cohort, make_enrolment, make_organisation, make_user

LEDGER, RULES, ADD = (reverse(name) for name in ("hours:index", "hours-rules:index", "hours-rules:add"))
OUTSIDE = ["trainee", "supervisor", "instructor", "finance"]


def credited(person, organisation) -> HoursEntry:
    enrolment = make_enrolment(make_cohort(organisation), person, "completed")
    credit_course(event=completion_told(enrolment.pk))
    return HoursEntry.objects.get(source=f"lms.enrolment:{enrolment.pk}")


@pytest.fixture
def entry(tree, cast):
    return credited(cast.trainee.person, tree["district"])


def values(organisation, **typed):
    day = timezone.localdate().isoformat()
    return {
        "organisation": organisation.pk,
        "starts_on": day,
        "minutes_per_hour": 40,
        "source": "文件",
        "lessons_again": "period",
        "degrees_again": "never",
    } | typed


# --- The ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["administrator", "city_administrator", "auditor"])
def test_officers_in_scope_read_the_ledger_and_are_led_to_the_evidence(client, entry, cast, part):
    client.force_login(getattr(cast, part))
    page = client.get(LEDGER).content.decode()
    assert reverse("credentials:hours-evidence", args=[entry.pk]) in page


@pytest.mark.parametrize("part", [*OUTSIDE, "outsider", "other_trainee"])
def test_others_find_no_entry(client, entry, cast, part):
    client.force_login(getattr(cast, part))
    page = client.get(LEDGER).content.decode()
    assert reverse("credentials:hours-evidence", args=[entry.pk]) not in page


def test_from_the_list_of_people_one_person_is_opened_and_no_namesake(client, entry, tree, cast):
    namesake = credited(make_user(entry.person.name, tree["station"]).person, tree["district"])
    client.force_login(cast.administrator)
    link = f"{LEDGER}?person={entry.person_id}"
    assert link in client.get(reverse("hours:people")).content.decode()
    page = client.get(link).content.decode()
    assert reverse("credentials:hours-evidence", args=[entry.pk]) in page
    assert reverse("credentials:hours-evidence", args=[namesake.pk]) not in page
    for odd in ("x", "9" * 40, "0"):
        assert client.get(f"{LEDGER}?person={odd}").status_code == 200


def test_where_the_ledger_can_hold_less_than_the_sum_it_says_so(client, entry, tree, cast):
    elsewhere = credited(cast.trainee.person, tree["other_district"])
    client.force_login(cast.administrator)
    people = client.get(reverse("hours:people"))
    assert [(row.person, str(row.hours)) for row in people.context["page"]] == [(entry.person, "4.0")]
    ledger = client.get(f"{LEDGER}?person={entry.person_id}").content.decode()
    assert reverse("credentials:hours-evidence", args=[elsewhere.pk]) not in ledger
    assert "所辖机构" in ledger
    assert "所辖机构" in people.content.decode()


@pytest.mark.parametrize("name", ["王䶮", "李堃", "赵㛃", "陈𬭎"])
def test_a_rare_name_is_found(client, entry, tree, cast, name):
    rare = credited(make_user(name, tree["station"]).person, tree["district"])
    client.force_login(cast.administrator)
    page = client.get(LEDGER, {"q": name}).content.decode()
    assert reverse("credentials:hours-evidence", args=[rare.pk]) in page
    assert reverse("credentials:hours-evidence", args=[entry.pk]) not in page


def test_an_entry_is_taken_back_once_with_a_reason(client, entry, cast):
    address = reverse("hours:take-back", args=[entry.pk])
    client.force_login(cast.administrator)
    assert "林小荷" in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).context["form"].errors["reason"]
    for _ in range(2):
        assert client.post(address, {"reason": "重复计入"}, follow=True).status_code == 200
    assert sorted(HoursEntry.objects.values_list("minutes", flat=True)) == [-90, 90]


@pytest.mark.parametrize("part", ["outsider", "auditor", "finance", "instructor"])
def test_nobody_else_takes_it_back(client, entry, cast, part):
    address = reverse("hours:take-back", args=[entry.pk])
    client.force_login(getattr(cast, part))
    assert client.get(address).status_code == client.post(address, {"reason": "x"}).status_code == 404
    assert HoursEntry.objects.count() == 1


def test_nobody_takes_back_their_own(client, tree, cast):
    own = credited(cast.administrator.person, tree["district"])
    client.force_login(cast.administrator)
    assert client.post(reverse("hours:take-back", args=[own.pk]), {"reason": "x"}).status_code == 404


# --- The rules -----------------------------------------------------------------------------------------------------


def test_a_rule_is_added_and_audited(client, tree, cast):
    client.force_login(cast.city_administrator)
    assert ADD in client.get(RULES).content.decode()
    assert client.get(ADD).status_code == 200
    answer = client.post(ADD, values(tree["city"]), follow=True)
    assert answer.redirect_chain[-1][0] == RULES
    assert "40" in answer.content.decode()
    assert HoursRule.objects.get().organisation == tree["city"]
    assert AuditEntry.objects.get(action="credentials.add_hours_rule").user == cast.city_administrator


def test_a_second_rule_from_the_same_day_is_answered_at_the_day(client, tree, cast):
    client.force_login(cast.city_administrator)
    for _ in range(2):
        answer = client.post(ADD, values(tree["city"], source="另一份文件"))
    form = answer.context["form"]
    assert list(form.errors) == ["starts_on"]
    assert len(form.errors["starts_on"]) == 1
    assert form["source"].value() == "另一份文件"
    assert HoursRule.objects.count() == 1
    tomorrow = timezone.localdate() + timedelta(days=1)
    client.post(ADD, values(tree["city"], starts_on=tomorrow.isoformat()))
    assert HoursRule.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes_per_hour": "0"}, "minutes_per_hour"),
        ({"minutes_per_hour": "-1"}, "minutes_per_hour"),
        ({"minutes_per_hour": "241"}, "minutes_per_hour"),
        ({"minutes_per_hour": "99999999999"}, "minutes_per_hour"),
        ({"minutes_per_hour": "x"}, "minutes_per_hour"),
        ({"minutes_per_hour": ""}, "minutes_per_hour"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"source": " "}, "source"),
        ({"source": "x" * 301}, "source"),
        ({"organisation": ""}, "organisation"),
        ({"organisation": "x"}, "organisation"),
    ],
    ids=str,
)
def test_bad_input_is_answered_at_its_field(client, tree, cast, wrong, field):
    client.force_login(cast.city_administrator)
    answer = client.post(ADD, values(tree["city"]) | wrong)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not HoursRule.objects.exists()


def test_a_rule_for_another_place_is_refused_at_the_place(client, tree, cast):
    elsewhere = make_organisation("别的市", tree["province"], tier="city", kind="bureau")
    client.force_login(cast.city_administrator)
    for place in (tree["province"], tree["district"], elsewhere):
        answer = client.post(ADD, values(place))
        assert list(answer.context["form"].errors) == ["organisation"]
    assert not HoursRule.objects.exists()


@pytest.mark.parametrize("part", ["administrator", "auditor", "outsider", *OUTSIDE])
def test_only_a_city_or_a_province_adds_rules(client, tree, cast, part):
    client.force_login(getattr(cast, part))
    client.get(ADD)
    answer = client.post(ADD, values(tree["city"]))
    assert answer.status_code in (302, 403, 404)
    assert not HoursRule.objects.exists()
    assert ADD not in client.get(RULES).content.decode()


@pytest.mark.parametrize("number", [1, 9])
def test_lists_take_the_same_statements_for_one_and_for_many(
    client, tree, cast, number, django_assert_max_num_queries
):
    for place in range(number):
        credited(make_user("林一", tree["station"]).person, tree["district"])
        day = timezone.localdate() - timedelta(days=place)
        rule = {"starts_on": day, "minutes_per_hour": 40, "source": "文件", "actor": cast.city_administrator}
        add_hours_rule(organisation=tree["city"], **rule)
    client.force_login(cast.city_administrator)

    def asked(address):
        client.get(address)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len([one for one in captured.captured_queries if "credentials_" in one["sql"]])

    assert asked(LEDGER) == 2
    assert asked(RULES) == 1
