"""Taking packages."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from lms.packages.files import digest_of, drop_folder, drop_incoming, incoming, keep_incoming, unpack
from lms.packages.models import Package, PackageUpload, PackageVersion
from lms.packages.policy.archive import Archive
from lms.packages.policy.manifest import Found, examine
from lms.packages.policy.refusals import Reason, Refusal, Refused
from lms.packages.queries import address_of_upload
from lms.packages.queries.summary import refused_summary, summary_of

TAKE = "lms.take_package"


@transaction.atomic
def hand_in_package(
    *, upload: UploadedFile, organisation: Organisation, package: Package | None, title: str, actor: Asker
) -> PackageUpload:
    """Keep an archive and look at it in a job. With `package` it becomes that one's next version.

    Side effects: the file in the private store; a row; an audit entry; the job.
    """
    row = PackageUpload.objects.create(
        organisation=organisation,
        package=package,
        name=(upload.name or "")[-200:],
        title=title[:200],
        stored=keep_incoming(upload),
        size=upload.size or 0,
        created_by_id=actor.pk or 0,
    )
    row.job = start_job(
        kind=TAKE,
        title=_("Package: %(name)s") % {"name": row.name},
        params={"upload": row.pk},
        actor=actor,
        organisation=organisation,
    )
    row.save(update_fields=["job"])
    record(
        action="lms.hand_in_package",
        target=row,
        actor=actor,
        organisation=organisation,
        after={"name": row.name, "size": row.size},
    )
    return row


def _place(job: Job) -> Place | None:
    row = PackageUpload.objects.filter(pk=job.params["upload"]).first()
    return Place(row.name, address_of_upload(row)) if row else None


@job_kind(TAKE, place=_place)
def take_package(run: Run) -> dict[str, Any]:
    """Let the archive pass the guards, unpack it and make the version. What is refused is kept as the outcome."""
    row = PackageUpload.objects.select_related("organisation", "package").get(pk=run.params["upload"])
    if row.outcome is not None:
        return {}
    run.report(0, 1)
    try:
        with incoming(row.stored).open("rb") as file:
            archive, found = examine(file)
            run.report(0, len(archive.files))
            folder = unpack(archive, run.report)
            version = _keep_version(row, archive, found, folder, digest_of(file))
    except Refused as refused:
        PackageUpload.objects.filter(pk=row.pk).update(outcome=refused_summary(refused.refusals))
        drop_incoming(row.stored)
        return {"wrong": len(refused.refusals)}
    except FileNotFoundError:
        refusal = Refusal(Reason.NO_ARCHIVE)
        PackageUpload.objects.filter(pk=row.pk).update(outcome=refused_summary([refusal]))
        return {"wrong": 1}
    drop_incoming(row.stored)
    return {"of": version.files}


def store_package(*, file: BinaryIO, name: str, organisation: Organisation) -> PackageVersion:
    """Take an archive without the desk, as its administrator does at the command line. Raises Refused, and leaves nothing
    then. What the organisation has already is not taken twice.

    Side effects: the files in the private store; the package and its version; an audit entry without an actor.
    """
    archive, found = examine(file)
    digest = digest_of(file)
    versions = PackageVersion.objects.select_related("package")
    known = versions.filter(package__organisation=organisation, sha256=digest).first()
    if known is not None:
        return known
    row = PackageUpload(organisation=organisation, name=name[-200:])  # not kept: nobody waits for it
    return _keep_version(row, archive, found, unpack(archive, lambda _done, _of: None), digest)


def _keep_version(
    row: PackageUpload, archive: Archive, found: Found, folder: str, digest: str
) -> PackageVersion:
    """The version, or the one that has just this content already; then the folder goes again."""
    try:
        with transaction.atomic():
            package = row.package or Package.objects.create(
                organisation=row.organisation,
                title=(row.title or found.title or row.name)[:200],
                kind=found.kind,
                created_by_id=row.created_by_id,
            )
            Package.objects.select_for_update().get(pk=package.pk)
            known = package.versions.filter(sha256=digest).first()
            version = known or _new_version(package, row, archive, found, folder, digest)
            PackageUpload.objects.filter(pk=row.pk).update(
                package=package, version=version, outcome=version.summary
            )
    except BaseException:
        drop_folder(folder)
        raise
    if known:
        drop_folder(folder)
    return version


def _new_version(
    package: Package, row: PackageUpload, archive: Archive, found: Found, folder: str, digest: str
) -> PackageVersion:
    if package.kind != found.kind:
        raise Refused(Refusal(Reason.OTHER_KIND, found.kind, package.kind))
    latest = package.versions.aggregate(number=Max("number"))["number"] or 0
    version = PackageVersion.objects.create(
        package=package,
        number=latest + 1,
        sha256=digest,
        kind=found.kind,
        edition=found.edition,
        manifest=found.manifest,
        summary=summary_of(archive, found),
        folder=folder,
        files=len(archive.files),
        size=archive.total,
        created_by_id=row.created_by_id,
    )
    record(
        action="lms.take_package",
        target=version,
        actor=row.created_by if row.created_by_id else None,
        organisation=row.organisation,
        after={"package": package.title, "number": version.number, "sha256": digest},
    )
    return version
