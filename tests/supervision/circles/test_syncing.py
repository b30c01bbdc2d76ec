import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from supervision.circles import actions
from supervision.models import Gathering, GatheringDraft, LoggingRule
from supervision.sessions.views.offline import WORKER
from tests.factories import make_gathering
from tests.supervision.circles.test_views import log_values

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, group, cast):
    """Send a record as a device does; what is given changes it."""
    client.force_login(cast.supervisor)
    key = str(uuid.uuid4())

    def sent(**more):
        data = log_values(group, key=key, topics="断网时写的", base="") | more
        answer = client.post(reverse("supervision:gathering-sync", args=[group.circle.pk]), data)
        assert answer.status_code == 200
        return json.loads(answer.content)

    sent.key = key
    return sent


def test_sent_twice_it_is_recorded_once(send):
    assert [send()["state"], send()["state"]] == ["done", "done"]
    assert Gathering.objects.count() == 1


def test_of_a_plan_it_is_recorded_once_whichever_form_it_was(send, group):
    planned = make_gathering(group.circle, "planned", days_ago=1, hour=9)
    for key in (send.key, str(uuid.uuid4())):
        assert send(gathering=str(planned.pk), key=key)["state"] == "done"
    assert Gathering.objects.get().state == "logged"


def test_recorded_already_with_other_content_it_is_shown_beside_it_and_can_be_kept(send, group):
    send()
    other = group.people[1]
    changed = {"topics": "手机上改过", f"came_{other.pk}": "on", f"minutes_{other.pk}": "30"}
    answer = send(**changed)
    assert (answer["state"], answer["about"]) == ("conflict", "gathering")
    assert "断网时写的" in str(answer["theirs"])
    assert "手机上改过" in str(answer["mine"])
    assert other.name in str(answer["mine"])
    assert other.name not in str(answer["theirs"])
    assert send(force="gathering", **changed)["state"] == "done"
    held = Gathering.objects.get()
    assert dict(held.parts.values_list("person", "minutes"))[other.pk] == 30
    assert send(**changed)["state"] == "done"


def test_kept_over_one_that_somebody_has_confirmed_it_is_a_proposal(send, cast):
    send()
    held = Gathering.objects.get()
    actions.confirm_part(part=held.parts.get(), actor=cast.trainee)
    assert send(topics="手机上改过", force="gathering")["state"] == "done"
    assert held.amendments.get().state == "proposed"
    assert send(topics="又改", force="gathering")["state"] == "refused"


def test_kept_long_after_the_day_its_reason_goes_with_the_proposal(send, cast, group):
    today = timezone.localdate()
    held_on = f"{today - timedelta(days=3)}"
    send(day=held_on)
    held = Gathering.objects.get()
    actions.confirm_part(part=held.parts.get(), actor=cast.trainee)
    rule = {"organisation": group.circle.organisation, "days": 1, "starts_on": today - timedelta(days=9)}
    LoggingRule.objects.create(**rule, source="通知")
    later = {"day": held_on, "start": "08:30", "topics": "手机上改过", "force": "gathering"}
    assert send(**later)["state"] == "refused"
    assert send(**later, late_reason="断网三天")["state"] == "done"
    assert held.amendments.get().late_records.get().reason == "断网三天"


def test_kept_over_one_that_was_taken_back_it_is_recorded_anew_once(send, cast):
    send()
    actions.cancel_gathering(gathering=Gathering.objects.get(), actor=cast.supervisor)
    for _ in range(2):
        assert send(topics="手机上改过", force="gathering")["state"] == "done"
    assert Gathering.objects.count() == 2


def test_a_draft_that_went_on_elsewhere_is_shown_beside_it_and_not_written_over(send, client, group):
    address = reverse("supervision:gathering-draft", args=[group.circle.pk])
    values = log_values(group, topics="电脑上写的", base="")
    first = client.post(address, values)
    assert first.status_code == 204
    page = client.get(reverse("supervision:gathering-record", args=[group.circle.pk]))
    assert "电脑上写的" in page.content.decode()
    assert client.post(address, values | {"topics": "别处写的"}).status_code == 412
    answer = send()
    assert (answer["state"], answer["about"]) == ("conflict", "draft")
    assert "电脑上写的" in str(answer["theirs"])
    assert send(base=first.headers["X-Saved"])["state"] == "done"
    assert not GatheringDraft.objects.exists()


def test_the_draft_of_one_plan_is_not_that_of_another(client, group, cast):
    client.force_login(cast.supervisor)
    address = reverse("supervision:gathering-draft", args=[group.circle.pk])
    plans = [make_gathering(group.circle, "planned", days_ago=day) for day in (1, 2)]
    for plan in plans:
        values = log_values(group, topics=f"草稿{plan.pk}", base="", gathering=str(plan.pk))
        assert client.post(address, values).status_code == 204
    for plan in plans:
        log = client.get(reverse("supervision:gathering-log", args=[plan.pk]), follow=True)
        assert f"草稿{plan.pk}" in log.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "\0"},
        {"gathering": "9" * 40},
        {"gathering": "x"},
        {"done": ["x", "9" * 30]},
        {"share_educational": "9" * 99},
        {"who_1": "99999999999999999999", "what_1": "x"},
        {"late_reason": "\0"},
        {"revision": "-1"},
    ],
)
def test_any_input_is_answered(client, group, cast, wrong):
    client.force_login(cast.supervisor)
    for name in ("sync", "draft"):
        address = reverse(f"supervision:gathering-{name}", args=[group.circle.pk])
        assert client.post(address, log_values(group) | wrong).status_code in (200, 204, 404, 409)


def test_only_who_leads_it_sends(client, group, cast):
    for user in (cast.trainee, cast.administrator, cast.outside_trainee):
        client.force_login(user)
        for name in ("sync", "draft"):
            address = reverse(f"supervision:gathering-{name}", args=[group.circle.pk])
            assert client.post(address, log_values(group)).status_code == 404


def test_the_shell_is_the_same_for_everybody_and_the_worker_that_of_sessions(client, group, cast):
    pages = []
    for user in (None, cast.supervisor):
        client.force_login(user) if user else client.logout()
        pages.append(client.get(reverse("supervision:gathering-shell")).content.decode())
    assert all(person.name not in pages[1] for person in group.people)
    assert "data-shell" in pages[0]
    answer = client.get(reverse("supervision:gathering-worker"))
    assert answer.content == WORKER.read_bytes()
    reach = reverse("supervision:gathering-worker").rpartition("/")[0]
    assert reverse("supervision:gathering-record", args=[1]).startswith(reach)
