"""The page of one's own qualifications, and the renewal pack: frozen, the same bytes again, long ones as a job."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.jobs.actions import run_job
from core.jobs.queries import place_of
from core.models import Job, Notice, Person, RoleAssignment
from credentials.hours.actions import credit_course
from credentials.models import HoursStatement, RenewalPack
from credentials.renewals import jobs
from credentials.renewals.actions import PackRefused, make_pack
from credentials.renewals.files import open_pack
from credentials.renewals.queries import overview_of
from lms.public import completion_told
from tests.factories import make_certificate, make_cohort, make_period, make_qualification


@pytest.fixture
def period(cast, tree):
    """A trainee with a qualification, hours, a certificate, and a period that is in its last three months."""
    person = cast.trainee.person
    make_qualification(person, days_ago=1200, number="示例20230001")
    period = make_period(person, days_ago=1040)
    held = make_certificate(person, tree["district"])
    credit_course(event=completion_told(held.enrolment_id))
    return period


def test_it_says_everything_that_is_handed_in_and_never_changes(period, cast, tmp_path):
    pack = make_pack(period=period, actor=cast.trainee)
    assert make_pack(period=period, actor=cast.trainee) == pack  # nothing has changed
    assert pack.statement == HoursStatement.objects.get()
    assert pack.facts["qualifications"][0][1] == "示例20230001"
    assert len(pack.facts["certificates"]) == 1 and len(pack.facts["lines"]) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RenewalPack.objects.update(number=7)
    content = open_pack(pack).read()
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="改名")
    storages["private"].delete(pack.file)
    assert open_pack(pack).read() == content  # drawn again from what was frozen
    again = make_pack(period=period, actor=cast.trainee)
    assert (again.number, again.facts["name"]) == (2, "改名")
    if shutil.which("pdftotext"):
        path = tmp_path / "pack.pdf"
        path.write_bytes(content)
        text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
        for words in ("林小荷", "示例20230001", pack.statement.serial, "登记机构意见（盖章）", pack.serial):
            assert words in text


def test_a_period_that_was_returned_has_no_pack_and_one_without_hours_has(cast):
    returned = make_period(cast.trainee.person, state="returned")
    with pytest.raises(PackRefused):
        make_pack(period=returned, actor=cast.trainee)
    empty = make_pack(period=make_period(cast.trainee.person), actor=cast.trainee)
    assert empty.statement is None and empty.facts["lines"] == []
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王ཀ")
    with pytest.raises(PackRefused, match="ཀ"):
        make_pack(period=empty.period, actor=cast.trainee)


def test_a_long_one_is_a_job_whose_end_is_told(period, cast, client, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 0)
    client.force_login(cast.trainee)
    address = reverse("credentials:pack-make", args=[period.pk])
    page = client.post(address)
    job = Job.objects.get(kind="credentials.make_pack")
    assert page.url == reverse("core:job", args=[job.pk])
    assert reverse("credentials:qualification-list") in client.get(page.url).text  # back to one's own
    by_officer = Job(kind=job.kind, params=job.params, created_by=cast.administrator)
    assert place_of(by_officer).url == reverse("periods:inspect", args=[period.pk])
    client.post(address)
    assert Job.objects.filter(kind="credentials.make_pack").count() == 1
    for _twice in range(2):
        run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done" and RenewalPack.objects.count() == 1
    assert Notice.objects.filter(user=cast.trainee, source__startswith="credentials.pack:").count() == 1


def test_while_a_job_goes_on_the_same_is_asked_once_whatever_is_entered_meanwhile(
    period, cast, tree, monkeypatch
):
    monkeypatch.setattr(jobs, "LONG_LINES", 0)
    job = jobs.ask_for_pack(period=period, actor=cast.trainee)
    held = make_certificate(cast.trainee.person, tree["district"])
    credit_course(event=completion_told(held.enrolment_id))  # one more line

    assert jobs.ask_for_pack(period=period, actor=cast.trainee) == job
    assert jobs.ask_for_pack(period=period, actor=cast.administrator) != job  # a pack says who asked for it


def test_asked_anew_after_a_job_has_ended_what_has_changed_is_printed(period, cast, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 0)
    first = jobs.ask_for_pack(period=period, actor=cast.trainee)
    run_job(first.pk)
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="改名")  # as many lines as before

    second = jobs.ask_for_pack(period=period, actor=cast.trainee)
    run_job(second.pk)
    third = jobs.ask_for_pack(period=period, actor=cast.trainee)
    run_job(third.pk)

    assert len({first.pk, second.pk, third.pk}) == 3
    names = list(RenewalPack.objects.order_by("number").values_list("facts__name", flat=True))
    assert names == ["林小荷", "改名"]  # the third has found nothing new


def test_what_failed_can_be_asked_for_again_the_same_day(period, cast, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 0)
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="")
    failed = jobs.ask_for_pack(period=period, actor=cast.trainee)
    run_job(failed.pk)
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="林小荷")

    run_job(jobs.ask_for_pack(period=period, actor=cast.trainee).pk)

    failed.refresh_from_db()
    assert failed.state == "failed" and RenewalPack.objects.get().facts["name"] == "林小荷"


def test_whose_role_has_ended_meanwhile_gets_none(period, cast, client, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_LINES", 0)
    client.force_login(cast.administrator)
    client.post(reverse("credentials:pack-make", args=[period.pk]))
    job = Job.objects.get(kind="credentials.make_pack")
    yesterday = timezone.localdate() - timedelta(days=1)
    RoleAssignment.objects.filter(user=cast.administrator).update(
        starts_on=yesterday - timedelta(days=1), ends_on=yesterday
    )
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and not RenewalPack.objects.exists()
    assert "管理权限已经结束" in job.failures.get().reason
    assert not Notice.objects.filter(source__startswith="credentials.pack:").exists()
    assert "管理权限已经结束" in client.get(reverse("core:job", args=[job.pk])).content.decode()


def test_who_may_make_and_open_one(period, cast, client):
    address = reverse("credentials:pack-make", args=[period.pk])
    for user, may in (
        (cast.other_trainee, 404),
        (cast.outsider, 404),
        (cast.auditor, 404),
        (cast.administrator, 302),
    ):
        client.force_login(user)
        assert client.post(address).status_code == may
    pack = RenewalPack.objects.get()
    file = reverse("credentials:pack-file", args=[pack.pk])
    for user, sees in (
        (cast.trainee, 200),
        (cast.auditor, 200),
        (cast.outsider, 404),
        (cast.supervisor, 404),
    ):
        client.force_login(user)
        assert client.get(file).status_code == sees
    client.force_login(cast.administrator)
    assert pack.serial in client.get(reverse("periods:inspect", args=[period.pk])).content.decode()


def test_the_page_shows_what_is_missing_and_what_would_fill_it(period, cast, tree, client):
    make_cohort(tree["district"])
    overview = overview_of(cast.trainee.person)
    assert [stop.code for stop in overview.stops] == ["issued", "first", "renewal"]
    assert overview.stops[-1].state == "now" and overview.found.progress.missing > 0
    assert overview.renewal_opens <= timezone.localdate()
    client.force_login(cast.trainee)
    page = client.get(reverse("credentials:qualification-list")).content.decode()
    assert "现在可以办理继续登记" in page
    client.force_login(cast.outside_trainee)
    assert "资格" in client.get(reverse("credentials:qualification-list")).content.decode()
