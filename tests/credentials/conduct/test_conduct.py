"""Conduct records: with a source, told to the person, read under audit, lifted by a second officer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, Person
from core.states import IllegalMove
from credentials.conduct.actions import ConductRefused, lift_conduct
from credentials.models import ConductRecord
from credentials.public import conduct_since
from tests.factories import make_conduct

TODAY = timezone.localdate


def test_it_is_kept_with_its_source_and_asked_for_by_policies(cast):
    kept = make_conduct(cast.trainee.person, cast.administrator, details="示例")
    assert Notice.objects.filter(user=cast.trainee).count() == 1
    entry = AuditEntry.objects.get(action="credentials.record_conduct")
    assert "details" not in entry.data and kept.get_head_display() not in entry.label
    person = kept.person_id
    assert [each.head for each in conduct_since([person], TODAY() - timedelta(days=200))[person]] == [
        "ethics"
    ]
    assert conduct_since([person], TODAY() - timedelta(days=199)) == {person: []}
    lift_conduct(kept=kept, reason="查无此事", actor=cast.city_administrator)
    assert conduct_since([person], TODAY() - timedelta(days=900)) == {person: []}
    with pytest.raises(IllegalMove):
        lift_conduct(kept=kept, reason="x", actor=cast.city_administrator)


def test_what_cannot_be_is_refused(cast):
    for fields in (
        {"source": " "},
        {"established_on": TODAY() + timedelta(days=1)},
        {"occurred_on": TODAY()},
    ):
        with pytest.raises(ConductRefused):
            make_conduct(cast.trainee.person, cast.administrator, **fields)
    with pytest.raises(ConductRefused):
        make_conduct(cast.administrator.person, cast.administrator)
    kept = make_conduct(cast.trainee.person, cast.administrator)
    with pytest.raises(ConductRefused):
        make_conduct(cast.trainee.person, cast.administrator)
    for actor, reason in ((cast.administrator, "x"), (cast.trainee, "x"), (cast.city_administrator, " ")):
        with pytest.raises(ConductRefused):
            lift_conduct(kept=kept, reason=reason, actor=actor)
    for fields in ({"state": "lifted"}, {"head": "other"}, {"recorded_by": cast.trainee}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConductRecord.objects.filter(pk=kept.pk).update(**fields)


def test_every_look_at_the_desk_is_audited_and_the_person_may_read_it(client, cast):
    kept = make_conduct(cast.trainee.person, cast.administrator, details="示例")
    inspect, index = reverse("conduct:inspect", args=[kept.pk]), reverse("conduct:index")
    for user, sees in (
        (cast.auditor, 200),
        (cast.outsider, 404),
        (cast.supervisor, 404),
        (cast.finance, 404),
    ):
        client.force_login(user)
        assert client.get(inspect).status_code in (sees, 302, 403)
        client.get(index)
    readers = AuditEntry.objects.filter(action="credentials.read_conduct").values_list("user", flat=True)
    assert list(readers) == [cast.auditor.pk]
    client.force_login(cast.city_administrator)  # a lifting without a reason shows the record too
    assert "示例" in client.post(inspect, {"reason": ""}).content.decode()
    assert readers.filter(user=cast.city_administrator).count() == 1
    assert AuditEntry.objects.filter(action="credentials.list_conduct", user=cast.auditor).exists()
    client.force_login(cast.trainee)
    assert "违背职业操守" in client.get(reverse("credentials:qualification-list")).content.decode()
    client.force_login(cast.other_trainee)
    assert "违背职业操守" not in client.get(reverse("credentials:qualification-list")).content.decode()


def test_recorded_and_lifted_at_the_desk(client, cast):
    client.force_login(cast.administrator)
    add = reverse("conduct:add", args=[cast.trainee.person.pk])
    assert client.get(add).status_code == 200
    day = f"{TODAY() - timedelta(days=9)}"
    answers = {"head": "unlawful", "occurred_on": day, "established_on": day, "source": "示例〔2026〕2号"}
    assert client.post(add, answers | {"source": ""}).context["form"].errors
    client.post(add, answers)
    kept = ConductRecord.objects.get()
    assert client.post(add, answers).context["form"].errors  # it stands already
    inspect = reverse("conduct:inspect", args=[kept.pk])
    assert client.post(inspect, {"reason": "x"}).status_code == 404  # who recorded it
    client.force_login(cast.city_administrator)
    client.post(inspect, {"reason": "查无此事"})
    kept.refresh_from_db()
    assert (kept.state, kept.lifted_by) == ("lifted", cast.city_administrator)
    client.force_login(cast.outsider)
    assert client.get(add).status_code == 404


def test_the_list_and_the_form_are_reached_from_the_desk(client, cast):
    index = reverse("conduct:index")
    person = cast.trainee.person
    page, form = reverse("people:detail", args=[person.pk]), reverse("conduct:add", args=[person.pk])
    for user, enters in ((cast.administrator, True), (cast.auditor, False)):
        client.force_login(user)
        shown, listed = client.get(page).content.decode(), client.get(index).content.decode()
        assert f'"{index}"' in shown  # the menu of the desk
        assert ("选择人员，登记诚信记录" in listed) == enters
        assert f'href="{index}?q=' in shown and (form in shown) == enters
    client.force_login(cast.finance)
    assert client.get(index).status_code in (302, 403)


def test_a_record_goes_with_its_person_to_whoever_answers_for_them_now(cast, tree):
    kept = make_conduct(cast.trainee.person, cast.administrator)
    seen = ConductRecord.objects.visible_to
    assert kept in seen(cast.administrator) and kept not in seen(cast.outsider)
    Person.objects.filter(pk=kept.person_id).update(employer=tree["other_station"])
    assert kept not in seen(cast.administrator) and kept in seen(cast.outsider)
    assert kept in seen(cast.city_administrator) and kept in seen(cast.trainee)
    Person.objects.filter(pk=kept.person_id).update(employer=None)
    assert not seen(cast.outsider).exists() and kept in seen(cast.trainee)
    found = conduct_since([kept.person_id], TODAY() - timedelta(days=900))
    assert len(found[kept.person_id]) == 1  # policies ask wherever one works
