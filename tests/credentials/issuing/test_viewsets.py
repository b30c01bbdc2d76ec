"""Issuing for a cohort: look first, then a job, then a ZIP of exactly what was issued."""

import hashlib
import io
import re
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse

from core.jobs.actions import run_job
from core.models import AuditEntry, Job, Person, RoleAssignment, User
from credentials.certificates.actions import revoke
from credentials.certificates.files import render_file
from credentials.issuing.actions import start_issue
from credentials.issuing.queries import dry_run
from credentials.models import Certificate, PendingIssue
from tests.factories import make_certificate, make_cohort, make_enrolment, make_user

CHOOSE = reverse("issuing:index")
NOT_ISSUING = ["trainee", "supervisor", "instructor", "finance", "auditor", "outsider", "outside_trainee"]


@pytest.fixture
def cohort(tree, cast):
    """Two to issue (with a name that no file may have), one that has it, one on hold, one who still learns, and one's own."""
    cohort = make_cohort(tree["district"], title="春季班")
    for name in ("王䶮", '阿/卜:杜*"?'):
        make_enrolment(cohort, make_user(name, tree["station"]).person, "completed")
    make_certificate(cast.trainee.person, tree["district"], cohort)
    make_enrolment(cohort, make_user("王ཀ", tree["station"]).person, "completed")
    make_enrolment(cohort, cast.other_trainee.person, "enrolled")
    make_enrolment(cohort, cast.administrator.person, "completed")
    return cohort


def page_of(cohort) -> str:
    return reverse("issuing:cohort", args=[cohort.pk])


def done(cohort, actor) -> Job:
    job = start_issue(cohort=cohort, actor=actor)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def status_of(client, job) -> int:
    answer = client.get(reverse("core:job-file", args=[job.pk]))
    b"".join(answer)  # to its end, so that the file is closed
    return answer.status_code


# --- Looking -------------------------------------------------------------------------------------------------------


def test_the_dry_run_says_what_would_happen_and_does_nothing(client, cohort, cast):
    client.force_login(cast.administrator)
    assert page_of(cohort) in client.get(CHOOSE).content.decode()
    answer = client.get(page_of(cohort))
    counts = {outlook.value: number for outlook, number in answer.context["counts"]}
    assert counts == {"issue": 2, "has": 1, "cannot": 2, "not_yet": 1}
    assert "ཀ (U+0F40)" in answer.content.decode()
    assert Certificate.objects.count() == 1
    assert not PendingIssue.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize("part", NOT_ISSUING)
def test_who_may_not_issue_finds_no_page_and_starts_nothing(client, cohort, cast, part):
    client.force_login(getattr(cast, part))
    assert page_of(cohort) not in client.get(CHOOSE).content.decode()
    for answer in (client.get(page_of(cohort)), client.post(page_of(cohort))):
        assert answer.status_code in (302, 403, 404)
        assert answer.status_code != 302 or "/jobs/" not in answer.url
    assert not Job.objects.exists()


# --- Doing ---------------------------------------------------------------------------------------------------------


def test_the_job_issues_packs_and_lists_what_could_not_be(client, cohort, cast):
    client.force_login(cast.administrator)
    answer = client.post(page_of(cohort))
    job = Job.objects.get()
    assert answer.url == reverse("core:job", args=[job.pk])
    assert client.post(page_of(cohort)).url == answer.url
    assert AuditEntry.objects.filter(action="credentials.start_issue").count() == 1
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert (job.result["packed"], job.result["of"]) == (3, 5)
    page = client.get(answer.url).content.decode()
    assert f'href="{page_of(cohort)}"' in page  # the way back to what the job belongs to
    assert "ཀ (U+0F40)" in page
    assert "单于明" in page
    assert {failure.label for failure in job.failures.all()} == {"王ཀ", "单于明"}
    assert PendingIssue.objects.count() == 1
    assert not Certificate.objects.filter(person=cast.administrator.person).exists()


def test_the_zip_holds_exactly_the_certificates_under_names_that_every_system_takes(client, cohort, cast):
    job = done(cohort, cast.administrator)
    client.force_login(cast.administrator)
    answer = client.get(reverse("core:job-file", args=[job.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        packed = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    rows = Certificate.objects.filter(enrolment__cohort=cohort)
    assert len(packed) == 3
    assert sorted(packed.values()) == sorted(rows.values_list("sha256", flat=True))
    assert any(name.endswith(" 王䶮.pdf") for name in packed)
    assert not [name for name in packed if re.search(r'[\\/:*?"<>|]', name)]
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("part", [*NOT_ISSUING, "other_trainee"])
def test_the_zip_is_for_those_who_read_there(client, cohort, cast, part):
    job = done(cohort, cast.administrator)
    client.force_login(getattr(cast, part))
    expected = 200 if part == "auditor" else 404
    assert status_of(client, job) == expected


def test_whoever_started_it_and_left_the_office_gets_the_zip_no_more(client, cohort, cast):
    job = done(cohort, cast.administrator)
    client.force_login(cast.administrator)
    assert status_of(client, job) == 200
    cast.administrator.roles.all().delete()
    assert status_of(client, job) == 404


def test_run_again_it_finds_what_is_there_and_packs_it_again(cohort, cast):
    first, second = (done(cohort, cast.administrator) for _ in range(2))
    assert first.pk != second.pk
    assert first.result["packed"] == second.result["packed"] == 3
    assert Certificate.objects.count() == 3


def test_a_revoked_one_is_not_packed_and_the_list_says_why(cohort, cast):
    revoke(certificate=Certificate.objects.get(), reason="考试作弊", actor=cast.administrator)
    job = done(cohort, cast.administrator)
    assert job.result["packed"] == 2
    assert any("撤销" in failure.reason for failure in job.failures.all())


def test_a_file_that_is_gone_for_good_fails_alone(cohort, cast):
    spoilt = Certificate.objects.get()
    Certificate.objects.filter(pk=spoilt.pk).update(sha256="0" * 64, file="certificates/gone.pdf")
    storages["private"].save("certificates/gone.pdf", ContentFile(b"forged"))
    job = done(cohort, cast.administrator)
    assert (job.state, job.result["packed"]) == ("done", 2)
    assert any(spoilt.serial in failure.reason for failure in job.failures.all())


def test_an_operator_without_a_person_may_start_it(cohort, db):
    operator = User.objects.create_superuser("root@example.com")
    job = done(cohort, operator)
    assert (job.state, job.result["packed"]) == ("done", 4)


def test_where_nothing_could_be_issued_there_is_no_file(client, tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, make_user("王ཀ", tree["station"]).person, "completed")
    job = done(cohort, cast.administrator)
    client.force_login(cast.administrator)
    assert (job.state, job.result["packed"], job.result_file) == ("done", 0, "")
    assert client.get(reverse("core:job-file", args=[job.pk])).status_code == 404


def test_the_outlook_follows_the_name_as_it_is_now(cohort, cast):
    assert [row.outlook for row in dry_run(cohort, cast.administrator) if row.name == "王ཀ"] == ["cannot"]
    done(cohort, cast.administrator)
    Person.objects.filter(name="王ཀ").update(name="王堃")
    assert [row.outlook for row in dry_run(cohort, cast.administrator) if row.name == "王堃"] == ["issue"]
    assert done(cohort, cast.administrator).result["packed"] == 4
    assert not PendingIssue.objects.waiting().exists()


@pytest.mark.parametrize("number", [1, 9])
def test_the_pages_take_the_same_statements_for_one_and_for_many(
    client, tree, cast, number, django_assert_max_num_queries
):
    cohorts = [make_cohort(tree["district"]) for _ in range(number)]
    for each in cohorts:
        for _ in range(number):
            certificate = make_certificate(make_user("林一", tree["station"]).person, tree["district"], each)
            render_file(certificate_id=certificate.pk)
        make_enrolment(each, make_user("周一", tree["station"]).person, "completed")
    client.force_login(cast.administrator)

    def asked(address):
        client.get(address)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len([one for one in captured.captured_queries if re.search("credentials_|lms_", one["sql"])])

    assert asked(CHOOSE) == 2
    assert asked(page_of(cohorts[0])) == 4


def test_whose_role_has_ended_meanwhile_issues_nothing(client, cohort, cast):
    job, issued = start_issue(cohort=cohort, actor=cast.administrator), Certificate.objects.count()
    RoleAssignment.objects.filter(user=cast.administrator).update(role="auditor")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, Certificate.objects.count()) == ("failed", issued)
    client.force_login(cast.administrator)  # who reads it still, and issues nothing any more
    assert "权限已经结束" in client.get(reverse("core:job", args=[job.pk])).text
