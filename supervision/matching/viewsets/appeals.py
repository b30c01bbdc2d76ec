"""Deciding an appeal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access.predicates import by_rule
from core.states import IllegalMove, Refused
from supervision.matching import actions
from supervision.matching.forms import (
    DecideForm,
)
from supervision.matching.models import (
    Appeal,
    RunLine,
)
from supervision.matching.viewsets.basis import (
    head,
    results_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def appeal(request: HttpRequest, pk: int, appeal_id: int) -> HttpResponse:
    """One appeal: read it, and decide it with a reason."""
    round = results_of(request, pk)
    rows = Appeal.objects.visible_to(request.user).filter(round=round)
    found = get_object_or_404(rows.select_related("person__user", "round__organisation"), pk=appeal_id)
    may = request.user.has_perm("supervision.decide_appeal", found)
    if request.method == "POST" and not may:
        raise Http404
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        upholds = "uphold" in request.POST
        try:
            actions.decide_appeal(appeal=found, upholds=upholds, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        except IllegalMove:
            messages.info(request, _("This was settled before. Nothing was changed."))
            return redirect("rounds:appeal", round.pk, found.pk)
        else:
            messages.success(request, _("Decided, and the person has been told why."))
            return redirect("rounds:detail", round.pk)
    lines = RunLine.objects.visible_to(request.user).filter(
        run__round=round, run__discarded_at=None, mentee__person=found.person
    )
    context = {
        "appeal": found,
        "form": form,
        "may_decide": may and found.is_waiting,
        "may_read": by_rule(
            request.user, "supervision.read_appeal", found
        ),  # an auditor sees that there is one and how it was decided
        "line": lines.with_people().first(),
        **head(round, _("Appeal")),
    }
    return render(request, "supervision/matching/admin/appeal.html", context)
