"""The page on which an administrator sends a table of a kind that is about people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.imports.actions import start_import
from core.imports.forms import PeopleUploadForm
from core.imports.kinds import Kind, later
from core.people.models import User


def upload_page(
    request: HttpRequest,
    *,
    kind: Kind,
    heading: str,
    name_of: Callable[[str], str],
    crumbs: Sequence[dict[str, Any]],
    opens_accounts: bool = False,
) -> HttpResponse:
    """Ask for the table, start its import and go there. `name_of` is what the import of a file is called, in the reader's
    language; `opens_accounts`: the organisation is the employer of new people, else only where the import is kept.
    404 for whoever may not send one."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("core.add_sheetimport"):
        raise Http404
    form = PeopleUploadForm(request.POST or None, request.FILES or None, user=user)
    if not opens_accounts:
        form.fields["organisation"].label = _("Import at")
        form.fields["organisation"].help_text = _("Its administrators see the import and its wrong rows.")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sheet = start_import(
            kind=kind.key,
            organisation=data["organisation"],
            title=later(lambda: name_of(data["file"].name)),
            upload=data["file"],
            all_or_none=data["all_or_none"],
            actor=user,
        )
        return redirect("imports:detail", sheet.pk)
    context = {
        "form": form,
        "kind": kind.key,
        "columns": kind.columns,
        "header_title": heading,
        "header_icon": "upload",
        "breadcrumbs_items": crumbs,
    }
    return render(request, "core/imports/admin/upload.html", context)
