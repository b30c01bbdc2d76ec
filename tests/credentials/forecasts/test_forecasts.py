"""What a policy would cost with other amounts, beside the policy as it is; nothing is changed by looking."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.jobs.actions import run_job
from core.models import Job
from credentials.forecasts.policy import knobs_of, turned
from credentials.models import Claim, Forecast, PaymentEntry
from credentials.policies.files import bundled, text_of
from credentials.policies.policy import read_policy
from tests.factories import make_qualification
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
