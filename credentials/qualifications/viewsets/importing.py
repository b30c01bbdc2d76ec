"""A table of qualifications at the desk: sending it, and its conflicts beside what we have."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.scope import holds
from core.access.states import READERS
from core.imports.actions import start_import
from core.imports.forms import PeopleUploadForm
from core.imports.kinds import later
from core.imports.models import SheetImport
from core.people.models import User
from credentials.qualifications.actions import QUALIFICATIONS
from credentials.qualifications.queries import clashes_in


def crumbs(label: str) -> list[dict[str, str]]:
    """Where an officer is: home, qualifications, and a page of them."""
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("qualifications:index"), "label": _("Qualifications")},
        {"url": "", "label": label},
    ]


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a table of qualifications."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("core.add_sheetimport"):
        raise Http404
    form = PeopleUploadForm(request.POST or None, request.FILES or None, user=user)
    form.fields["organisation"].label = _("Import at")
    form.fields["organisation"].help_text = _("Its administrators see the import and its wrong rows.")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sheet = start_import(
            kind=QUALIFICATIONS.key,
            organisation=data["organisation"],
            title=later(lambda: _("Qualifications: %(file)s") % {"file": data["file"].name}),
            upload=data["file"],
            all_or_none=data["all_or_none"],
            actor=user,
        )
        return redirect("imports:detail", sheet.pk)
    context = {
        "form": form,
        "kind": QUALIFICATIONS.key,
        "columns": QUALIFICATIONS.columns,
        "header_title": _("Import qualifications"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs(_("Import qualifications")),
    }
    return render(request, "core/imports/admin/upload.html", context)


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
