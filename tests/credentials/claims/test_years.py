"""A benefit of a year that no record knows: the claimant chooses the year and describes it."""

import pytest
import time_machine as clock
from django.urls import reverse
from django.utils import timezone

from credentials.claims.models import Claim
from tests.factories.policies import make_policy_of
from tests.factories.subsidies import make_subsidies

pytestmark = pytest.mark.django_db
YEARLY = """
format: 2
code: yearly-2020
name: {zh-hans: 示例市岗位津贴}
document: {zh-hans: 《示例市岗位津贴办法》}
jurisdiction: "421000"
issuers: [示例市民政局]
in_force: {from: 2020-01-01}
conditions:
  half_a_year:
    is: at_least
    fact: year.months
    number: 6
    says: {zh-hans: 当年在岗满六个月}
  appraised:
    is: yes
    fact: year.is_appraised
    says: {zh-hans: 年度考核合格}
benefits:
  allowance:
    kind: recurring
    monthly: yes
    name: {zh-hans: 岗位津贴}
    amounts: {assistant: 100, social_worker: 200}
    needs: [half_a_year, appraised]
review: {stages: [city]}
payment: {channel: bank}
"""


def at(name, claim, *args):
    return reverse(f"credentials:claim-{name}", args=[claim.pk, *args])


def test_a_year_that_no_record_knows_is_chosen_and_described_by_the_claimant(client, tree, cast, me):
    make_subsidies(tree["city"], cast.city_administrator)  # gives the city its region
    version = make_policy_of(tree["city"], cast.city_administrator, YEARLY).latest()
    maybe = client.get(reverse("credentials:claim-list")).context["overview"].maybe
    assert [(one.title, one.years[-1]) for one in maybe] == [("岗位津贴", timezone.localdate().year - 1)]
    last_year = timezone.localdate().year - 1
    for forged in (last_year - 1, last_year + 2):
        client.post(
            reverse("credentials:claim-start"),
            {"version": version.pk, "benefit": "allowance", "year": forged},
        )
    assert not Claim.objects.exists()

    client.post(
        reverse("credentials:claim-start"), {"version": version.pk, "benefit": "allowance", "year": last_year}
    )

    claim = Claim.objects.get()
    assert (claim.key, claim.declared) == (f"{last_year}", {"year.year": f"{last_year}"})
    assert set(client.get(at("edit", claim)).context["form"].facts) == {
        "year.months",
        "year.level",
        "year.is_appraised",
    }
    said = {"fact-year-months": "8", "fact-year-level": "social_worker", "fact-year-is_appraised": "yes"}
    client.post(at("edit", claim), said | {"stamp": client.get(at("edit", claim)).context["stamp"]})
    page = client.get(at("check", claim)).context["page"]
    assert (page.amount, page.title, page.failing) == ("1,600", f"岗位津贴 · {last_year}", [])


@pytest.mark.parametrize(
    ("day", "starts", "pays", "years"),
    [
        ("2026-11-28", 2020, "", (2026, 2025)),
        ("2026-01-31", 2020, "", (2025,)),  # no month of 2026 is over
        ("2026-11-28", 2026, "", (2026,)),  # nothing is paid for a year before the policy
        ("2026-11-28", 2020, "pays: after_year", (2025,)),
        ("2026-01-31", 2020, "pays: within_year", (2026, 2025)),
    ],
)
def test_only_years_of_the_policy_that_are_due_can_be_chosen(
    client, tree, cast, me, day, starts, pays, years
):
    make_subsidies(tree["city"], cast.city_administrator)
    text = YEARLY.replace("from: 2020", f"from: {starts}").replace(
        "monthly: yes", f"monthly: yes\n    {pays}"
    )
    version = make_policy_of(tree["city"], cast.city_administrator, text).latest()
    with clock.travel(f"{day} 04:00:00+00:00", tick=False):
        client.force_login(me.user)
        [shown] = client.get(reverse("credentials:claim-list")).context["overview"].maybe
        assert shown.years == years
        asked = {"version": version.pk, "benefit": "allowance"}
        for year in {2024, 2025, 2026, 2027} - {*years}:
            client.post(reverse("credentials:claim-start"), asked | {"year": year})
        assert not Claim.objects.exists()
        client.post(reverse("credentials:claim-start"), asked | {"year": years[0]})
    assert Claim.objects.get().key == str(years[0])


def test_where_no_year_is_due_yet_it_is_said_from_when_on_one_is(client, tree, cast, me):
    make_subsidies(tree["city"], cast.city_administrator)
    text = YEARLY.replace("from: 2020", "from: 2026").replace("monthly: yes", "pays: after_year")
    make_policy_of(tree["city"], cast.city_administrator, text)
    with clock.travel("2026-11-28 04:00:00+00:00", tick=False):
        client.force_login(me.user)
        overview = client.get(reverse("credentials:claim-list")).context["overview"]
    assert not overview.maybe
    [shown] = [one for one in overview.coming if one.title == "岗位津贴"]
    assert str(shown.first_day) == "2027-01-01" and "2026 年尚未结束" in shown.against[-1].sentence


@pytest.mark.parametrize(
    ("manner", "said"), [("monthly: yes", "最高每月 200 元"), ("pays: after_year", "最高每年 200 元")]
)
def test_what_it_comes_to_is_said_by_the_month_or_the_year(client, tree, cast, me, manner, said):
    make_subsidies(tree["city"], cast.city_administrator)
    make_policy_of(tree["city"], cast.city_administrator, YEARLY.replace("monthly: yes", manner))
    assert said in client.get(reverse("credentials:claim-list")).content.decode()
