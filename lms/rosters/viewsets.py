"""Sending the list of a cohort, in the Wagtail admin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.viewsets.base import ViewSet

from core.imports.forms import UploadForm
from core.people.models import User
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.rosters.actions import ROSTER, enrol, place_of
from lms.rosters.queries import staged_words


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Send a table of people who are to have a place."""
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user).select_related("organisation", "plan"), pk=cohort_id
    )
    user = request.user
    if not isinstance(user, User) or not user.has_perm("lms.change_cohort", cohort):
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            sheet = enrol(cohort=cohort, upload=data["file"], all_or_none=data["all_or_none"], actor=user)
            return redirect("imports:detail", sheet.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "refusal": staged_words(cohort),
        "place": place_of(cohort),
        "kind": ROSTER.key,
        "columns": ROSTER.columns,
        "header_title": _("Enrol from a table"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs(cohort, _("Enrol from a table")),
    }
    return render(request, "core/imports/admin/upload.html", context)


class RosterViewSet(ViewSet):
    name = "rosters"
    icon = "upload"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("<int:cohort_id>/", upload, name="upload")]
