"""The page of a job: how far it is, what came of it, what could not be done and why."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.access.predicates import reaches_desk
from core.jobs import actions
from core.jobs.models import Job
from core.jobs.queries import place_of, sheet_of


def _job(request: HttpRequest, pk: int, perm: str = "") -> Job:
    job = get_object_or_404(
        Job.objects.visible_to(request.user).select_related("organisation", "created_by__person"), pk=pk
    )
    if perm and not request.user.has_perm(perm, job):
        raise Http404
    return job


@never_cache
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one job."""
    shown = _job(request, pk)
    context = {
        "sheet": sheet_of(shown),
        "place": place_of(shown),
        "may_change": request.user.has_perm("core.change_job", shown),
        "at_desk": reaches_desk(request.user),
    }
    return render(request, "core/jobs/job.html", context)


@never_cache
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that lives; the browser stops asking when the job is finished."""
    shown = _job(request, pk)
    context = {"sheet": sheet_of(shown), "may_change": request.user.has_perm("core.change_job", shown)}
    return render(request, "core/jobs/progress.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file that a finished job made."""
    shown = _job(request, pk)
    storage = storages["private"]
    if not sheet_of(shown).has_file or not storage.exists(shown.result_file):
        raise Http404
    name = PurePosixPath(shown.result_file).name
    return FileResponse(storage.open(shown.result_file), as_attachment=True, filename=name)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a failed job again."""
    shown = _job(request, pk, "core.change_job")
    if actions.retry_job(job=shown, actor=request.user):
        messages.success(request, _("The job starts again. What was done before is not done twice."))
    else:
        messages.info(request, _("This job is not waiting to be started again."))
    return redirect("core:job", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job that has not finished."""
    shown = _job(request, pk, "core.change_job")
    if actions.cancel_job(job=shown, actor=request.user):
        messages.success(request, _("The job is stopped. What it had done stays."))
    else:
        messages.info(request, _("This job had already finished."))
    return redirect("core:job", pk)
