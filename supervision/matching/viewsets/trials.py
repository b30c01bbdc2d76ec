"""Trying a change before it is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.templatetags.ui import colon
from supervision.matching import actions
from supervision.matching.forms import (
    TryForm,
)
from supervision.matching.models import (
    RoundRun,
)
from supervision.matching.queries import (
    changes_of,
    cost_words,
    figures_of,
    knob_words,
    moves_of,
)
from supervision.matching.states import Engine, RoundState
from supervision.matching.viewsets.basis import (
    CHANGE,
    PER_PAGE,
    attempt,
    head,
    looks_again,
    results_of,
    seen_run,
)


@require_POST
def try_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a change: pin, forbid, take back, set places, or the other engine. It moves nothing until it is kept."""
    round = results_of(request, pk, CHANGE)
    form = TryForm(request.POST, round=round)
    if not form.is_valid():
        words = " ".join(map(str, form.errors.get("places", ())))
        if words and (about := form.cleaned_data.get("supervisor")):
            words = f"{about.supervisor}{colon()}{words}"
        messages.error(request, words or _("Choose whom this is about, and what is to be tried."))
        return redirect("rounds:detail", round.pk)
    change = form.change()
    if form.cleaned_data["what"] == "engine":
        trial = RoundRun.objects.visible_to(request.user).filter(round=round, discarded_at=None).first()
        now = trial.engine if trial is not None else round.engine
        change = {"engine": Engine.STABLE if now == Engine.OPTIMAL else Engine.OPTIMAL}
    if attempt(request, lambda: actions.try_change(round=round, actor=request.user, **change), ""):
        return redirect("rounds:trial", round.pk)
    return redirect("rounds:detail", round.pk)


@require_safe
@never_cache
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What the open trial would move: before and after, figure by figure and mentee by mentee."""
    round = results_of(request, pk)
    runs = RoundRun.objects.visible_to(request.user).filter(round=round)
    latest = runs.select_related("job").order_by("-number").first()
    if latest is None:
        raise Http404
    current = runs.current().first()
    moved = (
        moves_of(latest, current, request.user)
        if current and latest.is_trial and latest.finished_at and latest.pk != current.pk
        else []
    )
    page = Paginator(moved, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "trial": latest,
        "current": current,
        "page": page,
        "moved": len(moved),
        "changes": changes_of(latest, request.user),
        "figures": _compared(current, latest),
        "knob_words": knob_words(latest.weighed),
        "cost_words": cost_words(latest),
        "is_calculating": latest.finished_at is None and not latest.error and latest.discarded_at is None,
        "may_change": request.user.has_perm(CHANGE, round) and round.state == RoundState.RUN,
        **head(round, _("Trial")),
    }
    answer = render(request, "supervision/matching/admin/trial.html", context)
    return looks_again(answer, is_calculating=context["is_calculating"])


def _compared(current: RoundRun | None, latest: RoundRun) -> list[tuple[str, Any, Any]]:
    """The figures before and after."""
    places = {engine: place for place, engine in enumerate(Engine.values, start=1)}
    before = [(row[0], row[places[current.engine]]) for row in figures_of(current)] if current else []
    after = [row[places[latest.engine]] for row in figures_of(latest)]
    return [(label, old, new) for (label, old), new in zip(before, after, strict=False)]


@require_POST
def decide_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the trial that the page showed, or put it aside."""
    round = results_of(request, pk, CHANGE)
    number = seen_run(request)
    if number is None:
        return redirect("rounds:detail", round.pk)
    runs = RoundRun.objects.visible_to(request.user).trials().filter(round=round)
    run = runs.select_related("round__organisation").first()
    if run is None or run.number != number:
        messages.info(request, _("The round has changed meanwhile. Nothing was changed now."))
    elif "keep" in request.POST:
        done = _("Kept. This is the result of the round now.")
        attempt(request, lambda: actions.keep_trial(run=run, actor=request.user), done)
    else:
        done = _("Put aside. Nothing was changed.")
        attempt(request, lambda: actions.discard_trial(run=run, actor=request.user), done)
    return redirect("rounds:detail", round.pk)
