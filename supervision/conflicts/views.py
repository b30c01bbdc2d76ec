"""My declared conflicts of interest: what I have declared myself, and nothing that others have."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.people.models import Person
from core.states import Refused
from supervision.conflicts import actions
from supervision.conflicts.forms import DeclareForm
from supervision.conflicts.models import Conflict
from supervision.conflicts.queries import own_conflicts


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def conflict_list(request: HttpRequest) -> HttpResponse:
    """What I have declared, and the form to declare one more."""
    rows = Person.objects.select_related("employer", "user", "supervisor__person")
    person = get_object_or_404(rows, user=request.user.pk)
    is_supervisor = hasattr(person, "supervisor")
    form = DeclareForm(
        request.POST or None,
        person=person,
        is_supervisor=is_supervisor,
        initial={name: _asked(request, name) for name in ("supervisor", "met")},
    )
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("kind", "reason")}
        try:
            actions.declare_conflict(**form.pair(), **said, actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Declared. You two are not paired while it holds; nobody else is told.")
            )
            return redirect("supervision:conflict-list")
    context = {"form": form, "rows": own_conflicts(request.user), "person": person}
    return render(request, "supervision/conflicts/list.html", context)


def _asked(request: HttpRequest, name: str) -> str:
    """Whom the page was opened about, such as from a request."""
    return request.GET.get(name, "").replace("\0", "")[:12]


@require_POST
def conflict_end(request: HttpRequest, conflict_id: int) -> HttpResponse:
    """It holds no longer."""
    rows = Conflict.objects.visible_to(request.user).filter(declared_by=request.user.pk)
    conflict = get_object_or_404(rows.select_related("organisation"), pk=conflict_id)
    try:
        actions.end_conflict(conflict=conflict, actor=request.user)
    except Refused as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("Ended. You two can be paired again."))
    return redirect("supervision:conflict-list")
