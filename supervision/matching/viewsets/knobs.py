"""What a round weighs beside the scores: the curves of each knob, and the choice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.states import Refused
from supervision.matching import actions
from supervision.matching.forms import KnobsForm
from supervision.matching.queries import knobs_page
from supervision.matching.states import RoundState
from supervision.matching.viewsets.basis import CHANGE, attempt, head, looks_again, results_of

TURNED = (RoundState.LOCKED, RoundState.RUN)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def knobs(request: HttpRequest, pk: int) -> HttpResponse:
    """See what each value of each knob would come to for the people of this round, and choose."""
    round = results_of(request, pk, CHANGE if request.method == "POST" else "")
    page = knobs_page(round, request.user)
    form = KnobsForm(request.POST or None, initial=page.knobs)
    if request.method == "POST" and form.is_valid():
        try:
            trial = actions.choose_knobs(round=round, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if trial is not None:
                return redirect("rounds:trial", round.pk)
            messages.success(request, _("Chosen. The next calculation weighs it."))
            return redirect("rounds:knobs", round.pk)
    may = request.user.has_perm(CHANGE, round) and round.state in TURNED
    context = {"knobs": page, "form": form, "may_change": may, **head(round, _("What is weighed"))}
    answer = render(request, "supervision/matching/admin/knobs.html", context)
    return looks_again(answer, is_calculating=page.is_drawing and not form.is_bound)


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the curves anew."""
    round = results_of(request, pk, CHANGE)
    attempt(request, lambda: actions.draw_curves(round=round, actor=request.user), "")
    return redirect("rounds:knobs", round.pk)
