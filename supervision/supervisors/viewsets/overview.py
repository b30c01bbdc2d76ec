"""Load and coverage on one page, and the norm it is measured by."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access.desk import desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from supervision.supervisors.actions import (
    SupervisorRefused,
    set_norm,
)
from supervision.supervisors.forms import (
    NormForm,
)
from supervision.supervisors.policy import Coverage
from supervision.supervisors.queries import (
    load_of,
)

SHOWN = 50  # names in a list of the overview; the rest stands in the registry
DRAWN = 20  # districts in the chart: a province has 150, and the table below has them all


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Who is full, who is idle, the ratio against the norm, and how districts and fields are covered; an administrator
    sets the norm here."""
    if not holds(request.user, *READERS):
        raise Http404
    may = holds(request.user, Role.ADMINISTRATOR)
    if request.method == "POST" and not may:
        raise Http404
    form = (
        NormForm(request.POST or None, user=request.user, initial={"starts_on": timezone.localdate()})
        if may
        else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_norm(actor=request.user, **form.cleaned_data)
        except SupervisorRefused as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, _("The norm is set."))
            return redirect("supervisors:load")
    found = load_of(request.user)
    needy = sorted(found.districts, key=lambda row: row.need, reverse=True)
    bars = {
        "district_bars": [(row.label, row.workers, _served_words(row)) for row in needy[:DRAWN]],
        "undrawn": max(0, len(needy) - DRAWN),
        "field_bars": [(row.label, row.supervisors) for row in found.fields],
    }
    context = {
        "load": found,
        "form": form,
        "shown": SHOWN,
        "districts": [(row, row.is_short(found.norm)) for row in needy],
        **bars,
        **desk_head(_("Load and coverage"), "group", "supervisors:index", _("Supervisors")),
    }
    return render(request, "supervision/supervisors/admin/load.html", context)


def _served_words(row: Coverage) -> str:
    return _("%(supervisors)s serve it, %(free)s places free") % {
        "supervisors": row.supervisors,
        "free": row.free,
    }
