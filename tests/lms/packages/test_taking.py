"""A package that is handed in becomes a version, whole or not at all."""

import json
import os
import time
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.audit.models import AuditEntry
from core.jobs.actions import Fenced, claim_job, run_job
from core.jobs.models import Job
from lms.models import Package, PackageUpload, PackageVersion
from lms.packages import actions
from lms.packages.files import sweep
from tests.factories.core import make_organisation
from tests.factories.packages import cmi5, scorm12, scorm12_by, scorm2004

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_store(settings, tmp_path):
    """A private store with nothing else in it."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path


def handed_in(cast, tree, data, *, package=None, title=""):
    """What was handed in, after its job."""
    upload = actions.hand_in_package(
        upload=SimpleUploadedFile("课件.zip", data),
        organisation=tree["district"],
        package=package,
        title=title,
        actor=cast.instructor,
    )
    run_job(upload.job_id)
    upload.refresh_from_db()
    return upload


def files_below(root):
    return sorted(str(path.relative_to(root)) for path in Path(root).rglob("*") if path.is_file())


def test_what_was_found_becomes_a_version_with_its_files(cast, tree, private_store):
    upload = handed_in(cast, tree, scorm12())
    version = upload.version
    assert version.package.title == "家庭探访" and version.number == 1 and version.kind == "scorm12"
    assert files_below(storages["private"].path(version.folder)) == [
        "content/one.html", "content/shared.js", "content/two.html", "imsmanifest.xml",
    ]  # fmt: skip
    assert len(files_below(private_store)) == 4  # the archive is gone
    assert upload.outcome["ok"] and Job.objects.get().state == "done"


def test_a_refused_package_leaves_nothing_but_the_reason(cast, tree, private_store):
    upload = handed_in(cast, tree, scorm12(**{"../evil.txt": "x"}))
    assert upload.version is None and not Package.objects.exists()
    assert [one["key"] for one in upload.outcome["refusals"]] == ["escapes"]
    assert files_below(private_store) == []


def test_a_course_of_cmi5_is_taken_with_its_units(cast, tree, private_store):
    upload = handed_in(cast, tree, cmi5())
    assert upload.version.kind == "cmi5" and upload.outcome["units"][0]["move_on"] == "CompletedAndPassed"


def test_the_same_archive_again_makes_no_second_version(cast, tree, private_store):
    first = handed_in(cast, tree, scorm12())
    again = handed_in(cast, tree, scorm12(), package=first.package)
    assert again.version == first.version and PackageVersion.objects.count() == 1
    assert len(files_below(private_store)) == 4


def test_another_archive_is_the_next_version(cast, tree):
    first = handed_in(cast, tree, scorm12())
    second = handed_in(cast, tree, scorm12_by("第一节", "第一课"), package=first.package)
    assert second.version.number == 2 and second.version.package == first.package


def test_another_kind_is_not_the_next_version(cast, tree, private_store):
    first = handed_in(cast, tree, scorm12())
    second = handed_in(cast, tree, scorm2004(), package=first.package)
    assert second.outcome["refusals"][0]["key"] == "other_kind" and second.version is None
    assert len(files_below(private_store)) == 4


def test_a_worker_that_lost_its_job_leaves_nothing_unpacked(cast, tree, private_store, monkeypatch):
    upload = actions.hand_in_package(
        upload=SimpleUploadedFile("a.zip", scorm12(**{f"{n}.txt": "x" for n in range(60)})),
        organisation=tree["district"], package=None, title="", actor=cast.instructor,
    )  # fmt: skip
    run = claim_job(upload.job_id)
    Job.objects.filter(pk=upload.job_id).update(attempt=9)
    with pytest.raises(Fenced):
        actions.take_package(run)
    assert [name for name in files_below(private_store) if "unpacked" in name] == []


def test_what_a_crash_left_is_swept_and_what_is_named_stays(cast, tree, private_store):
    version = handed_in(cast, tree, scorm12()).version
    left = private_store / "packages/unpacked/left.partly"
    left.mkdir()
    (left / "a.html").write_text("x")
    waiting = private_store / "packages/incoming/lost.zip"
    waiting.write_text("x")
    for path in (left, waiting, Path(storages["private"].path(version.folder))):
        os.utime(path, (time.time() - 86_400,) * 2)
    assert sweep() == ["packages left behind by a crash: 2 erased"]
    assert not left.exists() and not waiting.exists()
    assert len(files_below(private_store)) == 4 and sweep() == []


def test_a_version_is_never_changed_or_deleted(cast, tree):
    version = handed_in(cast, tree, scorm12()).version
    for attempt in (lambda: PackageVersion.objects.update(number=7), lambda: version.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_an_instructor_hands_a_package_in_at_the_desk(client, cast, tree, django_capture_on_commit_callbacks):
    client.force_login(cast.instructor)
    with django_capture_on_commit_callbacks(execute=False):
        answer = client.post(
            reverse("packages:add"),
            {"organisation": tree["district"].pk, "file": SimpleUploadedFile("a.zip", scorm12())},
        )
    upload = PackageUpload.objects.get()
    assert answer.url == reverse("packages:upload", args=[upload.pk])
    assert client.get(answer.url).status_code == 200
    run_job(upload.job_id)
    page = client.get(answer.url).content.decode()
    assert "家庭探访" in page and "content/one.html" in page
    upload.refresh_from_db()
    assert "家庭探访" in client.get(reverse("packages:detail", args=[upload.package_id])).content.decode()
    assert "家庭探访" in client.get(reverse("packages:index")).content.decode()


def test_the_desk_says_why_a_package_is_refused(client, cast, tree):
    upload = handed_in(cast, tree, scorm12_by('href="two.html"', 'href="gone.html"'))
    client.force_login(cast.instructor)
    page = client.get(reverse("packages:upload", args=[upload.pk])).content.decode()
    assert "缺少文件“content/gone.html”" in page


@pytest.mark.parametrize("part", ["trainee", "outsider"])
def test_who_has_no_desk_there_finds_nothing(client, cast, tree, part):
    upload = handed_in(cast, tree, scorm12())
    client.force_login(getattr(cast, part))
    for address in (
        reverse("packages:upload", args=[upload.pk]),
        reverse("packages:detail", args=[upload.package_id]),
    ):
        assert client.get(address).status_code in (302, 403, 404)


def test_an_auditor_looks_and_hands_nothing_in(client, cast, tree):
    upload = handed_in(cast, tree, scorm12())
    client.force_login(cast.auditor)
    assert client.get(reverse("packages:detail", args=[upload.package_id])).status_code == 200
    assert client.get(reverse("packages:add")).status_code == 404


def test_a_file_that_is_no_zip_is_told_in_the_form(client, cast, tree):
    client.force_login(cast.instructor)
    for name, data in (("a.pdf", b"x"), ("a.zip", b"")):
        answer = client.post(
            reverse("packages:add"),
            {"organisation": tree["district"].pk, "file": SimpleUploadedFile(name, data)},
        )
        assert answer.status_code == 200 and not PackageUpload.objects.exists()


def test_the_command_takes_a_package_for_an_organisation_and_once(tree, tmp_path, capsys, private_store):
    path = tmp_path.parent / f"{tmp_path.name}.zip"
    path.write_bytes(scorm12())
    for _time in range(2):
        call_command("import_package", str(path), store=tree["district"].name)
        said = json.loads(capsys.readouterr().out)
        version = PackageVersion.objects.get()
        assert said["stored"] == {"package": version.package_id, "title": "家庭探访", "version": 1}
        assert said["ok"] and said["mastery_scores"] == {"I1": 80.0}
    assert version.package.organisation == tree["district"] and version.package.created_by is None
    assert len(files_below(private_store)) == 4
    assert AuditEntry.objects.get(action="lms.take_package").user_id is None


def test_an_organisation_that_is_not_there_is_told_in_a_sentence(tree, tmp_path, capsys, private_store):
    path = tmp_path.parent / f"{tmp_path.name}.zip"
    path.write_bytes(scorm12())
    make_organisation(name=tree["district"].name)
    for name, words in (
        ("没有这个机构", "没有名为“没有这个机构”的机构。"),
        (tree["district"].name, "有多个机构"),
    ):
        with pytest.raises(SystemExit) as ended:
            call_command("import_package", str(path), store=name)
        said = json.loads(capsys.readouterr().out)
        assert ended.value.code == 2 and said["error"].startswith(words) and not said["ok"]
    assert not Package.objects.exists() and files_below(private_store) == []
