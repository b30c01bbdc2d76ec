"""Opening a document of an application: the applicant, and whoever reads the application."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.attachments.actions import attachment_response
from lms.admissions.models import AnswerFile
from lms.approvals.actions import open_application_document
from lms.enrolments.models import Enrolment


@require_safe
def document(request: HttpRequest, enrolment_id: int, file_id: int) -> FileResponse:
    """One file of the application, for who may read it; any other is not there. Opened by anybody but the applicant, that is
    audited."""
    rows = Enrolment.objects.readable_by(request.user).select_related("cohort__organisation", "person")
    enrolment = get_object_or_404(rows, pk=enrolment_id)
    if not request.user.has_perm("lms.read_application", enrolment):
        raise Http404
    files = AnswerFile.objects.filter(record__enrolment=enrolment).select_related("attachment")
    file = get_object_or_404(files, pk=file_id)
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_application_document(file=file, enrolment=enrolment, actor=request.user)
    return attachment_response(file.attachment)
