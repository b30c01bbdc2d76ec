"""What a policy would cost with other amounts, beside the policy as it is; nothing is changed by looking."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from core.jobs.actions import run_job
from core.models import Job
from core.states import Refused
from credentials.forecasts.actions import ask_forecast
from credentials.forecasts.policy import all_claimed, knobs_of, turned
from credentials.forecasts.queries import shown
from credentials.models import Claim, Forecast, PaymentEntry, SubsidyPolicy
from credentials.policies.files import bundled, text_of
from credentials.policies.policy import read_facts, read_policy
from tests.factories import make_proof, make_qualification
from tests.factories.subsidies import make_subsidies

pytestmark = pytest.mark.django_db


def test_every_number_of_a_policy_can_be_turned_and_only_there():
    for place in bundled().values():
        text = text_of(place)
        knobs = knobs_of(text)
        assert any(one.kind == "amount" for one in knobs)
        assert turned(text, {one.path: one.value for one in knobs}) == text
        amount = next(one for one in knobs if one.kind == "amount")
        other = turned(text, {amount.path: "12345"})
        assert [(a, b) for a, b in zip(text.splitlines(), other.splitlines(), strict=True) if a != b]
        assert read_policy(other).code == read_policy(text).code
    with pytest.raises(ValueError, match=re.escape(amount.path)):
        turned(text, {amount.path: "1, x: 2"})


@pytest.mark.parametrize(
    ("code", "on", "paid", "yuan"),
    [
        ("jingzhou-2022", "2024-06-01", "[]", {"social_worker": 1000}),  # the higher level, and no lower one beside it
        ("jingzhou-2022", "2024-06-01", "[{benefit: certificate, key: assistant, amount: 500}]", {"social_worker": 500}),
        ("weihai-2023", "2023-06-01", "[]", {"social_worker": 2000}),  # the ceiling holds over both
        ("weihai-2023", "2023-06-01", "[{benefit: certificate, key: senior, amount: 500}]", {"social_worker": 1500}),
        ("shanghang-2023", "2023-06-01", "[]", {"social_worker": 2000}),
    ],
)  # fmt: skip
def test_two_levels_of_one_person_cost_what_both_together_can_be_paid(code, on, paid, yuan):
    policy = read_policy(text_of(bundled()[code]))
    facts = read_facts(
        f"work: {{region: '{policy.jurisdiction}', fields: [社区建设]}}\nconduct: []\ntitles: []\ninternships: []\nyears: []\n"
        f"qualifications: [{{level: assistant, issued_on: {on[:4]}-03-01}}, {{level: social_worker, issued_on: {on[:4]}-05-01}}]\n"
        f"paid: {paid}\n"
    )
    found = all_claimed(policy, facts, datetime.date.fromisoformat(on))
    assert {one.key: one.amount for one in found} == yuan


@pytest.fixture
def version(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator)
    text = version.text.replace("needs: [serves_here, in_time, long_enough", "needs: [serves_here, in_time")
    from credentials.policies.actions import publish_policy, save_policy

    row = save_policy(
        subsidy=version.subsidy,
        organisation=tree["city"],
        text=text,
        cases="",
        answers={},
        actor=cast.city_administrator,
    )
    return publish_policy(subsidy=row, actor=cast.city_administrator)


def ask(client, cast, version, tree, **changes):
    client.force_login(cast.city_administrator)
    page = reverse("forecasts:ask", args=[version.subsidy_id])
    form = client.get(page).context["form"]
    sent = {name: field.initial for name, field in form.fields.items()}
    names = {knob.path: name for name, knob in form.knobs.items()}
    sent |= {"title": "提高标准", "organisation": tree["city"].pk, "on": timezone.localdate().isoformat()}
    sent |= {names[path]: value for path, value in changes.items()}
    return client.post(page, sent)


def test_people_and_yuan_by_district_and_level_beside_today(client, cast, tree, version):
    for user, level, days in (
        (cast.trainee, "assistant", 30),
        (cast.other_trainee, "social_worker", 400),  # today too late
        (cast.outside_trainee, "assistant", 60),
    ):
        make_qualification(user.person, level, days_ago=days)
    before = [model.objects.count() for model in (Claim, PaymentEntry)]

    answer = ask(
        client,
        cast,
        version,
        tree,
        **{"benefits/certificate/amounts/assistant": "800", "conditions/in_time/years": "2"},
    )
    forecast = Forecast.objects.get()
    assert answer.url == reverse("core:job", args=[forecast.job_id])
    if not Job.objects.get(pk=forecast.job_id).finished_at:
        run_job(forecast.job_id)
    page = client.get(reverse("forecasts:inspect", args=[forecast.pk]))

    shown = page.context["shown"]
    assert (shown.total.people, shown.total.yuan) == ([2, 3], [1000, 2600])
    by_place = {line.label: (line.people, line.more_yuan) for line in shown.districts}
    assert by_place["和平区指导中心"] == ([1, 2], 1300)
    assert by_place["河东区指导中心"] == ([1, 1], 300)
    assert [line.yuan for line in shown.levels] == [[1000, 1600], [0, 1000]]
    assert "¥1,600.00" in page.text and "+1,300" not in page.text
    assert before == [model.objects.count() for model in (Claim, PaymentEntry)]
    version.subsidy.refresh_from_db()
    assert version.subsidy.is_published()


def test_what_is_typed_wrong_is_named_and_kept_and_another_tree_is_refused(client, cast, tree, version):
    answer = ask(client, cast, version, tree, **{"benefits/certificate/amounts/assistant": "五百"})
    assert answer.status_code == 200 and "五百" in answer.text and not Forecast.objects.exists()

    client.force_login(cast.outsider)
    foreign = client.post(
        reverse("forecasts:ask", args=[version.subsidy_id]), {"organisation": tree["district"].pk}
    )
    assert foreign.status_code == 200 and not Forecast.objects.exists()
    client.force_login(cast.finance)
    assert client.get(reverse("forecasts:ask", args=[version.subsidy_id])).status_code in (302, 404)


def test_a_change_that_makes_no_policy_is_refused_in_words_and_the_ledger_counts_for_both_sides(
    cast, tree, version
):
    """A window that ends before it begins; and what was paid under the name by which the ledger knows the policy."""
    facts = {
        "organisation": tree["city"], "title": "x", "on": timezone.localdate(), "answers": {},
        "actor": cast.city_administrator,
    }  # fmt: skip
    with pytest.raises(Refused, match=r"第 \d+ 行"):
        ask_forecast(subsidy=version.subsidy, values={"in_force/from": "2020-02-30"}, **facts)
    SubsidyPolicy.objects.filter(pk=version.subsidy_id).update(code="example-2020-2")
    person = cast.trainee.person
    make_qualification(person, "social_worker", days_ago=30)
    PaymentEntry.objects.create(
        person=person, holder=cast.trainee, authority=tree["city"], kind="earlier", policy="example-2020-2",
        benefit="certificate", key="assistant", amount=500, on=timezone.localdate(), source="earlier:1",
        entered_by=cast.city_administrator, proof=keep_file(upload=make_proof(), actor=cast.trainee),
    )  # fmt: skip
    forecast = ask_forecast(
        subsidy=version.subsidy, values={"benefits/certificate/amounts/social_worker": "1200"}, **facts
    )
    if not Job.objects.get(pk=forecast.job_id).finished_at:
        run_job(forecast.job_id)
    forecast.refresh_from_db()
    total = shown(forecast).total
    assert (total.people, total.yuan) == ([1, 1], [500, 700])
    assert forecast.answers["today"] == forecast.answers["changed"]


def test_the_list_says_what_a_forecast_is_and_leads_to_one_and_an_unchanged_one_is_refused(
    client, cast, tree, version
):
    way = f'href="{reverse("forecasts:ask", args=[version.subsidy_id])}"'
    for user, may in ((cast.city_administrator, True), (cast.auditor, False)):
        client.force_login(user)
        page = client.get(reverse("forecasts:index")).text
        assert "现行政策" in page and (way in page) == may

    answer = ask(client, cast, version, tree)
    assert answer.status_code == 200 and "没有改动" in answer.text and not Forecast.objects.exists()
    ask(client, cast, version, tree, **{"benefits/certificate/amounts/assistant": "800"})
    assert way in client.get(reverse("forecasts:index")).text
