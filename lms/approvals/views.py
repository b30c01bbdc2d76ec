"""Opening a document of an application: the applicant, and whoever reads the application."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.attachments.actions import attachment_response
from lms.admissions.models import AnswerFile
from lms.enrolments.models import Enrolment


@require_safe
def document(request: HttpRequest, enrolment_id: int, file_id: int) -> FileResponse:
    """One file of the application, for who may read it; any other is not there."""
    rows = Enrolment.objects.readable_by(request.user).select_related("cohort__organisation", "person")
    enrolment = get_object_or_404(rows, pk=enrolment_id)
    if not request.user.has_perm("lms.read_application", enrolment):
        raise Http404
    files = AnswerFile.objects.filter(record__enrolment=enrolment).select_related("attachment")
    return attachment_response(get_object_or_404(files, pk=file_id).attachment)
