"""The pages of an applicant and of the officer who decides."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import AuditEntry
from supervision.models import Supervisor, SupervisorApplication
from tests.factories import make_application, make_user

TYPED = {"tier": "junior", "basis": "中级社会工作师", "statement": "想带新人。"}


def upload():
    return SimpleUploadedFile("证书.pdf", b"%PDF-1.7 letter")


def test_from_the_form_to_the_appointment(client, cast, tree):
    user = make_user("尉迟申", tree["agency"])
    client.force_login(user)
    own, new = reverse("supervision:application-own"), reverse("supervision:application-apply")
    assert reverse("supervision:application-apply") in client.get(own).content.decode()
    assert client.post(new, TYPED).status_code == 200  # no document
    for wrong in ({"tier": "x"}, {"statement": "\0"}, {"fields_known": "x"}):
        assert client.post(new, TYPED | wrong | {"document_1": upload()}).status_code == 200
    assert client.post(new, TYPED | {"document_1": upload()}).status_code == 302
    application = SupervisorApplication.objects.get()
    file = application.documents.get()
    assert (
        client.get(reverse("supervision:application-file", args=[application.pk, file.pk])).status_code == 200
    )
    assert not AuditEntry.objects.filter(action="supervision.open_application_file").exists()

    client.force_login(cast.administrator)
    page = reverse("appointments:inspect", args=[application.pk])
    shown = client.get(page).content.decode()
    assert "想带新人。" in shown
    assert "申请担任督导" in shown  # what was done has its name
    assert "supervision.apply_to_supervise" not in shown
    assert client.get(reverse("appointments:file", args=[application.pk, file.pk])).status_code == 200
    assert AuditEntry.objects.filter(action="supervision.open_application_file").count() == 1
    read = SupervisorApplication.objects.get().version
    assert f'value="{read}"' in shown
    unsaid = client.post(page, {"return": "1", "reason": "", "seen": read})
    assert unsaid.status_code == 200 and "尚未办理" in unsaid.text  # on top; the field stands far down
    assert client.post(page, {"return": "1", "reason": "缺证明", "seen": read}).status_code == 302

    client.force_login(user)
    assert "缺证明" in client.get(new).content.decode()
    assert client.post(new, TYPED).status_code == 302  # the document of before is there
    assert "上次退回的原因：缺证明" in client.get(own, headers={"accept-language": "zh-hans"}).text

    client.force_login(cast.administrator)
    assert "上次退回的原因" in client.get(page).text
    given = {"appoint": "1", "tier": "junior", "issuer": "市社协", "starts_on": "2026-01-01", "capacity": "4"}
    for decision in (given, {"return": "1", "reason": "不"}, {"refuse": "1", "reason": "不"}):
        for stale in ({}, {"seen": read}):  # an officer who has read what was handed in before
            answer = client.post(page, decision | stale)
            assert answer.status_code == 200 and "打开本页后" in answer.text
    assert (SupervisorApplication.objects.get().state, Supervisor.objects.count()) == ("handed_in", 0)
    given["seen"] = SupervisorApplication.objects.get().version
    for wrong in (
        {"starts_on": "9999-12-31"},
        {"capacity": "9999"},
        {"ends_on": "2020-01-01"},
        {"issuer": "\0"},
    ):
        assert client.post(page, given | wrong).status_code == 200
    assert "请填写聘任单位。" in client.post(page, given | {"issuer": ""}).text
    assert client.post(page, given).status_code == 302
    assert Supervisor.objects.get().person == user.person
    assert client.post(page, given).status_code == 302  # decided already
    assert Supervisor.objects.count() == 1


def test_it_is_withdrawn_by_the_applicant_alone(client, cast, tree):
    application = make_application(cast.trainee.person)
    url = reverse("supervision:application-withdraw", args=[application.pk])
    client.force_login(cast.supervisor)
    assert client.post(url).status_code == 404
    client.force_login(cast.trainee)
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"


@pytest.mark.parametrize("part", ["outsider", "instructor", "finance", "trainee"])
def test_others_find_neither_the_application_nor_its_files(client, cast, part):
    application = make_application(cast.supervisor.person)
    client.force_login(getattr(cast, part))
    assert client.get(reverse("appointments:inspect", args=[application.pk])).status_code in (302, 403, 404)
    assert client.get(reverse("appointments:file", args=[application.pk, 1])).status_code in (302, 403, 404)


def test_the_auditor_reads_and_decides_nothing(client, cast):
    application = make_application(cast.supervisor.person)
    client.force_login(cast.auditor)
    page = reverse("appointments:inspect", args=[application.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"refuse": "1", "reason": "不"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(client, cast, tree, django_assert_num_queries):
    client.force_login(cast.administrator)
    url = reverse("appointments:index")
    make_application(cast.trainee.person)
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(4):
        make_application(make_user(f"尉迟{number}", tree["agency"]).person)
    with django_assert_num_queries(len(one)):
        client.get(url)
