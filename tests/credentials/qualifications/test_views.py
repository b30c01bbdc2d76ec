"""Registration periods on the person's page and at the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from credentials.models import QualificationLevel, RegistrationPeriod
from tests.factories import make_period

LIST = reverse("credentials:period-list")
DESK = reverse("periods:index")


def inspect(period):
    return reverse("periods:inspect", args=[period.pk])


def test_declared_on_the_page_it_shows_on_the_hours(client, cast, level):
    client.force_login(cast.trainee)
    assert client.get(LIST).status_code == 200
    day = timezone.localdate() - timedelta(days=30)
    page = client.post(
        LIST, {"level": level.pk, "starts_on": day.isoformat(), "number": "示例0001"}, follow=True
    )
    assert page.redirect_chain[-1][0] == reverse("credentials:hours-list")
    assert "72" in page.content.decode()
    again = client.post(LIST, {"level": level.pk, "starts_on": day.isoformat()})
    assert again.context["form"].errors["starts_on"]
    assert RegistrationPeriod.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"starts_on": "x"}, "starts_on"),
        ({"level": "x"}, "level"),
        ({"level": "99999999999999999999"}, "level"),
        ({"number": "9" * 99}, "number"),
        ({"number": "a\0"}, "number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, cast, level, more, field):
    client.force_login(cast.trainee)
    values = {"level": level.pk, "starts_on": timezone.localdate().isoformat()} | more
    assert field in client.post(LIST, values).context["form"].errors
    assert not RegistrationPeriod.objects.exists()


def test_only_ones_own_is_withdrawn_and_once(client, cast):
    period = make_period(cast.trainee.person, state="declared")
    address = reverse("credentials:period-withdraw", args=[period.pk])
    client.force_login(cast.other_trainee)
    assert client.post(address).status_code == 404
    client.force_login(cast.trainee)
    for _ in range(2):
        assert client.post(address, follow=True).status_code == 200
    assert AuditEntry.objects.filter(action="credentials.withdraw_period").count() == 1


@pytest.mark.parametrize("part", ["auditor", "outsider", "trainee", "instructor", "finance"])
def test_nobody_else_verifies(client, cast, part):
    period = make_period(cast.trainee.person, state="declared")
    client.force_login(getattr(cast, part))
    for values in ({"verify": "1"}, {"return": "1", "reason": "x"}):
        assert client.post(inspect(period), values).status_code in (403, 404)
    assert RegistrationPeriod.objects.get().state == "declared"


def test_the_officer_verifies_once_or_returns_with_a_reason(client, cast):
    period = make_period(cast.trainee.person, state="declared")
    client.force_login(cast.administrator)
    assert cast.trainee.person.name in client.get(DESK).content.decode()
    assert client.post(inspect(period), {"return": "1", "reason": ""}).context["form"].errors
    for _ in range(2):
        assert client.post(inspect(period), {"verify": "1"}, follow=True).status_code == 200
    assert AuditEntry.objects.filter(action="credentials.verify_period").count() == 1
    client.post(inspect(period), {"return": "1", "reason": "核验有误"})
    assert RegistrationPeriod.objects.get().state == "returned"


def test_what_waits_for_an_officer_is_neither_their_own_nor_what_they_declared(client, cast):
    waiting = make_period(cast.trainee.person, state="declared")
    make_period(cast.administrator.person, state="declared")
    make_period(cast.other_trainee.person, state="declared", declared_by=cast.administrator)
    make_period(cast.supervisor.person)
    client.force_login(cast.administrator)
    assert len(client.get(DESK).context["page_obj"].object_list) == 4
    assert "w-pill" not in client.get(DESK).content.decode()
    assert list(client.get(f"{DESK}?waiting=on").context["page_obj"].object_list) == [waiting]


def test_levels_are_kept_by_whoever_leads_a_tree(client, cast, tree, level):
    address = reverse("levels:edit", args=[level.pk])
    client.force_login(cast.administrator)
    assert client.get(address).status_code in (302, 403, 404)
    from tests.factories import give_role

    give_role(cast.city_administrator, "administrator", tree["province"])
    client.force_login(cast.city_administrator)
    assert client.get(address).status_code == 200
    values = {
        "code": "assistant",
        "name": "助理社工师",
        "name_en": "",
        "target_hours": "80",
        "position": "1",
        "is_active": "on",
    }
    client.post(address, values)
    assert QualificationLevel.objects.get(pk=level.pk).target_hours == 80
    assert AuditEntry.objects.filter(action="credentials.save_level").count() == 1
