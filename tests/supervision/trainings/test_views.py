"""The pages of own training: of the person, and of the officer who checks it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from supervision.models import OwnTraining, TrainingRequirement
from tests.factories import make_training, make_user

LIST, ADD = "supervision:training-list", "supervision:training-add"


def upload():
    return SimpleUploadedFile("结业证.pdf", b"%PDF-1.7 proof")


def typed(**more):
    day = timezone.localdate() - timedelta(days=3)
    return {"title": "督导培训", "provider": "市社协", "held_on": f"{day:%Y-%m-%d}", "hours": "7.5"} | more


def test_from_the_declaration_over_a_return_to_the_check(client, cast):
    client.force_login(cast.supervisor)
    assert client.post(reverse(ADD), typed()).status_code == 200  # without a proof
    future = f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}"
    for wrong in (
        {"hours": "0"},
        {"hours": "9" * 40},
        {"hours": "x"},
        {"title": "\0"},
        {"held_on": future},
        {"held_on": "1900-01-01"},
        {"provider": ""},
    ):
        assert client.post(reverse(ADD), typed(**wrong) | {"evidence": upload()}).status_code == 200
    assert not OwnTraining.objects.exists()
    assert client.post(reverse(ADD), typed(evidence=upload())).status_code == 302
    row = OwnTraining.objects.get()
    assert row.minutes == 450
    assert client.get(reverse("supervision:training-file", args=[row.pk])).status_code == 200
    assert client.get(reverse("supervision:training-correct", args=[row.pk])).status_code == 404

    client.force_login(cast.administrator)
    page = reverse("own_trainings:inspect", args=[row.pk])
    assert "督导培训" in client.get(page).content.decode()
    assert client.get(reverse("own_trainings:file", args=[row.pk])).status_code == 200
    assert AuditEntry.objects.filter(action="supervision.open_training_file").count() == 1
    assert client.post(page, {"return": "1", "reason": ""}).status_code == 200
    before = row.version
    assert client.post(page, {"return": "1", "reason": "看不清", "seen": before}).status_code == 302

    client.force_login(cast.supervisor)
    correct = reverse("supervision:training-correct", args=[row.pk])
    found = client.get(correct).content.decode()
    assert "看不清" in found
    assert 'value="7.5"' in found
    assert client.post(correct, typed(hours="6")).status_code == 302

    client.force_login(cast.administrator)
    for stale in ({}, {"seen": before}):  # a page from before the correction
        assert "更正" in client.post(page, {"check": "1"} | stale, follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == "declared"
    assert f'name="seen" value="{row.version}"' in client.get(page).content.decode()
    check = {"check": "1", "seen": row.version}
    assert client.post(page, check).status_code == 302
    assert client.post(page, check).status_code == 302  # a second click
    row.refresh_from_db()
    assert (row.state, row.minutes) == ("checked", 360)
    client.force_login(cast.supervisor)
    assert "6小时" in client.get(reverse(LIST)).content.decode().replace(" ", "")


def test_it_is_withdrawn_by_the_person_alone(client, cast):
    row = make_training(cast.supervisor.person)
    url = reverse("supervision:training-withdraw", args=[row.pk])
    client.force_login(cast.trainee)
    assert client.post(url).status_code == 404
    client.force_login(cast.supervisor)
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == client.post(url).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize("part", ["outsider", "instructor", "finance", "trainee"])
def test_others_find_neither_the_training_nor_its_proof(client, cast, part):
    row = make_training(cast.supervisor.person)
    client.force_login(getattr(cast, part))
    for name in ("own_trainings:inspect", "own_trainings:file"):
        assert client.get(reverse(name, args=[row.pk])).status_code in (302, 403, 404)
    assert client.get(reverse("supervision:training-file", args=[row.pk])).status_code == 404


def test_the_auditor_reads_and_decides_nothing(client, cast, tree):
    row = make_training(cast.supervisor.person)
    client.force_login(cast.auditor)
    page = reverse("own_trainings:inspect", args=[row.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"check": "1"}).status_code == 404
    url = reverse("own_trainings:requirements")
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 404


def test_what_a_renewal_asks_for_is_set_within_one_s_own_tree(client, cast, tree):
    url = reverse("own_trainings:requirements")
    client.force_login(cast.administrator)
    values = {
        "organisation": tree["district"].pk,
        "hours": "16",
        "starts_on": "2025-01-01",
        "source": "区实施方案",
    }
    for wrong in ({"organisation": tree["city"].pk}, {"hours": "-1"}, {"source": "\0"}, {"starts_on": "x"}):
        assert client.post(url, values | wrong).status_code == 200
    assert client.post(url, values).status_code == 302
    assert client.post(url, values).status_code == 200  # begins on that day already
    assert TrainingRequirement.objects.get().minutes == 960
    assert "区实施方案" in client.get(url).content.decode()


def test_the_lists_cost_the_same_for_one_and_for_many(client, cast, tree, django_assert_num_queries):
    make_training(cast.supervisor.person)
    for user, url in (
        (cast.administrator, reverse("own_trainings:index")),
        (cast.supervisor, reverse(LIST)),
    ):
        client.force_login(user)
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        assert len(one) <= 12
        for number in range(4):
            make_training(make_user(f"尉迟{number}", tree["agency"]).person)
            make_training(cast.supervisor.person)
        with django_assert_num_queries(len(one)):
            client.get(url)
