"""Taking packages, and keeping what their content reports."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from lms.enrolments.models import Enrolment
from lms.packages.files import digest_of, drop_folder, drop_incoming, incoming, keep_incoming, sweep, unpack
from lms.packages.models import Package, PackageUpload, PackageVersion, Registration, ScoState
from lms.packages.policy.archive import Archive
from lms.packages.policy.manifest import Found, examine
from lms.packages.policy.refusals import Reason, Refusal, Refused
from lms.packages.policy.runtime import clean_values, counted_seconds, mastery_of, outcome_of
from lms.packages.queries import address_of_upload, done_items, item_of, items_of_version
from lms.packages.queries.summary import refused_summary, summary_of
from lms.packages.states import PLAYED, Completion

TAKE = "lms.take_package"
LONGEST = timedelta(hours=12)  # of one session: what a window that was left open counts at most


# --- Taking a package ---------------------------------------------------------------------------------------
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
            if found.kind not in PLAYED:
                raise Refused(Refusal(Reason.NOT_PLAYED, found.kind))
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
                created_by=row.created_by,
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
        created_by=row.created_by,
    )
    record(
        action="lms.take_package",
        target=version,
        actor=row.created_by,
        organisation=row.organisation,
        after={"package": package.title, "number": version.number, "sha256": digest},
    )
    return version


def reconcile() -> list[str]:
    """Erase what a crash left of packages."""
    return sweep()


# --- What content reports -----------------------------------------------------------------------------------
class NoSuchItem(Exception):
    """The package has no such SCO."""


@transaction.atomic
def begin_session(*, enrolment: Enrolment, version: PackageVersion, item: str) -> ScoState:
    """Open a SCO in this window: from now on only it may write. The seconds of the session before are kept.

    Raises NoSuchItem. Side effects: the registration and the state, if they are not there yet.
    """
    if item not in {one["identifier"] for one in items_of_version(version)}:
        raise NoSuchItem(item)
    registration, _made = Registration.objects.get_or_create(enrolment=enrolment, version=version)
    state, _made = ScoState.objects.get_or_create(registration=registration, item=item)
    ScoState.objects.filter(pk=state.pk).update(
        holder=secrets.token_urlsafe(24),
        sequence=0,
        seconds=F("seconds") + F("session_seconds"),
        session_seconds=0,
        began_at=timezone.now(),
    )
    state.refresh_from_db()
    state.registration = registration
    if not item_of(version, item)["is_sco"]:
        _settle_asset(state)
    return state


def _settle_asset(state: ScoState) -> None:
    """What does not speak SCORM is completed by being opened."""
    ScoState.objects.filter(pk=state.pk).update(completion=Completion.COMPLETED)
    _complete_if_done(state.registration)


class NotHolder(Exception):
    """The SCO was opened elsewhere since: this window may not write any more."""


def save_state(
    *, state: ScoState, version: PackageVersion, holder: str, sequence: int, values: Any
) -> ScoState:
    """Keep the data model as a window reports it. A report that was kept already, or is older, changes nothing.

    `state` comes with its registration. Raises NotHolder, and ValueError for what is no data model. Side effects: one
    statement; when the package is completed with it, that is kept as well.
    """
    if not holder or holder != state.holder:
        raise NotHolder
    if sequence <= state.sequence:
        return state
    cmi = clean_values(values)
    if cmi is None:
        raise ValueError("no data model")
    now = timezone.now()
    outcome = outcome_of(cmi, version.kind, mastery_of(item_of(version, state.item), version.kind))
    elapsed = min(now - state.began_at, LONGEST).total_seconds()
    changes: Mapping[str, Any] = {
        "data": cmi,
        "sequence": sequence,
        "completion": outcome.completion,
        "success": outcome.success,
        "score": outcome.score,
        "raw": outcome.raw,
        "suspended": outcome.suspended,
        "session_seconds": counted_seconds(
            claimed=outcome.seconds, counted=state.session_seconds, elapsed=elapsed
        ),
        "updated_at": now,
    }
    mine = ScoState.objects.filter(pk=state.pk, holder=holder, sequence__lt=sequence)
    if not mine.update(**changes):
        state.refresh_from_db(fields=["holder", "sequence"])
        if state.holder != holder:
            raise NotHolder
        return state
    for name, value in changes.items():
        setattr(state, name, value)
    if outcome.is_done and state.registration.completed_at is None:
        _complete_if_done(state.registration)
    return state


def _complete_if_done(registration: Registration) -> None:
    """Note when every SCO of the package is done, once."""
    wanted = {one["identifier"] for one in items_of_version(registration.version)}
    if wanted <= done_items(registration):
        Registration.objects.filter(pk=registration.pk, completed_at=None).update(completed_at=timezone.now())
