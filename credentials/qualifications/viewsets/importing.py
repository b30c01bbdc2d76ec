"""A table of qualifications at the desk: sending it, and its conflicts beside what we have."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.imports.models import SheetImport
from core.imports.uploads import upload_page
from credentials.qualifications.actions import QUALIFICATIONS
from credentials.qualifications.queries import clashes_in


def crumbs(label: str) -> list[dict[str, Any]]:
    """Where an officer is: home, qualifications, and a page of them."""
    return desk_crumbs((reverse("qualifications:index"), _("Qualifications")), ("", label))


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a table of qualifications."""
    return upload_page(
        request,
        kind=QUALIFICATIONS,
        heading=_("Import qualifications"),
        name_of=lambda file: _("Qualifications: %(file)s") % {"file": file},
        crumbs=crumbs(_("Import qualifications")),
    )


@never_cache
@require_safe
def conflicts(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The rows of a table that clash, each beside the qualification that we have."""
    if not holds(request.user, *READERS):
        raise Http404
    sheets = SheetImport.objects.visible_to(request.user).select_related("file", "organisation")
    sheet = get_object_or_404(sheets, pk=sheet_id, kind=QUALIFICATIONS.key)
    context = {
        "sheet": sheet,
        "clashes": clashes_in(sheet, request.user),
        "header_title": _("Conflicts side by side"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs(sheet.title_here),
    }
    return render(request, "credentials/qualifications/admin/conflicts.html", context)
