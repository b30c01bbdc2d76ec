"""Designations of one supervisor, their documents, and their end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.desk import desk_head
from core.access.scope import scope_of
from core.access.states import READERS
from core.attachments.actions import attachment_response
from core.people.qualifications import qualifications_of
from supervision.supervisors.actions import (
    SupervisorRefused,
    designate,
    end_designation,
    open_document,
)
from supervision.supervisors.forms import (
    DesignationForm,
    EndDesignationForm,
)
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import (
    fields_words,
    month_words,
    places_words,
    registry,
)


def _supervisor(request: HttpRequest, pk: int) -> Supervisor:
    rows = registry(request.user).filter(scope_of(request.user).q("organisation", *READERS))
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def designations(request: HttpRequest, pk: int) -> HttpResponse:
    """One supervisor with the designations held, now and before; who keeps the registry adds one here."""
    supervisor = _supervisor(request, pk)
    may = request.user.has_perm("supervision.designate_supervisor", supervisor)
    if request.method == "POST" and not may:
        raise Http404
    today = timezone.localdate()
    form = DesignationForm(
        request.POST or None, request.FILES or None, initial={"starts_on": today}, actor=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            designate(supervisor=supervisor, actor=request.user, **form.facts())
        except SupervisorRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The designation is recorded."))
            return redirect("supervisors:designations", supervisor.pk)
    if may:
        form.hold()
    rows = [(row, row.is_in_force(today)) for row in supervisor.designations.select_related("document")]
    context = {
        "supervisor": supervisor,
        "rows": rows,
        "in_force": any(in_force for _row, in_force in rows),
        "regions": "、".join(each.name for each in supervisor.regions.all()),
        "places": places_words(supervisor),
        "month": month_words(supervisor),
        "specialities": supervisor.specialities.select_related("field"),
        "qualifications": qualifications_of([supervisor.pk])[supervisor.pk],
        "fields": fields_words(supervisor),
        "form": form if may else None,
        "may_change": request.user.has_perm("supervision.change_supervisor", supervisor),
        **_head(supervisor),
    }
    return render(request, "supervision/supervisors/admin/designations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int, designation_id: int) -> HttpResponse:
    """Say on which day a designation ends."""
    supervisor = _supervisor(request, pk)
    if not request.user.has_perm("supervision.designate_supervisor", supervisor):
        raise Http404
    designation = get_object_or_404(
        supervisor.designations.select_related("supervisor__organisation"), pk=designation_id
    )
    form = EndDesignationForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_designation(designation=designation, on=form.cleaned_data["ends_on"], actor=request.user)
        except SupervisorRefused as refused:
            form.add_error("ends_on", str(refused))
        else:
            messages.success(request, _("The designation ends on that day."))
            return redirect("supervisors:designations", supervisor.pk)
    context = {"supervisor": supervisor, "designation": designation, "form": form, **_head(supervisor)}
    return render(request, "supervision/supervisors/admin/end_designation.html", context)


@require_safe
def document(request: HttpRequest, pk: int, designation_id: int) -> HttpResponseBase:
    """The document of a designation, for who reads the registry. That it was opened is audited."""
    rows = _supervisor(request, pk).designations.select_related("document", "supervisor__organisation")
    designation = get_object_or_404(rows.exclude(document=None), pk=designation_id)
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_document(designation=designation, actor=request.user)
    assert designation.document is not None
    return attachment_response(designation.document, download="download" in request.GET)


def _head(supervisor: Supervisor) -> dict[str, Any]:
    return desk_head(str(supervisor), "user", "supervisors:index", _("Supervisors"))
