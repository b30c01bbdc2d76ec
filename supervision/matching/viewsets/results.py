"""What a round came to: every pair with its reasons, one mentee, the prices."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.sheets.writing import sheet_response
from supervision.matching import actions
from supervision.matching.forms import (
    FindForm,
)
from supervision.matching.models import (
    RoundSupervisor,
    RunLine,
    Wish,
)
from supervision.matching.queries import (
    alternatives_for,
    cost_words,
    knob_words,
    line_words,
    prices_of,
    proof_words,
    recruit_of,
    result_lines,
    result_table,
)
from supervision.matching.states import RoundState
from supervision.matching.viewsets.basis import (
    CHANGE,
    PER_PAGE,
    attempt,
    head,
    results_of,
    run_of,
)

AT_A_GLANCE = 8  # districts and fields beside the list; all of them on the page of the prices


@require_safe
@never_cache
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Every mentee with the supervisor and why, or why there is none; those without one first."""
    round = results_of(request, pk)
    run = run_of(round, request)
    find = FindForm(request.GET)
    only = request.GET.get("only", "")
    rows = result_lines(run, request.user, name=find.wish(), only=only)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    is_whole = page.number == 1 and not only and not find.wish()
    context = {
        "page": page,
        "run": run,
        "find": find,
        "only": only if only in ("none", "paired", "failed", "pinned") else "",
        "lines": [(line, line_words(line)) for line in page],
        "knob_words": knob_words(run.weighed),
        "cost_words": cost_words(run),
        "proof_words": proof_words(run),
        "recruit": recruit_of(run, most=AT_A_GLANCE) if is_whole else None,
        **head(round, _("Result")),
    }
    return render(request, "supervision/matching/admin/results.html", context)


@require_safe
@never_cache
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole result as a workbook, with every reason. That it was taken out is audited."""
    round = results_of(request, pk)
    run = run_of(round, request)
    if request.method == "GET":
        actions.export_results(round=round, actor=request.user)
    return sheet_response(f"round-{round.pk}.xlsx", result_table(run, request.user))


@require_safe
@never_cache
def line(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """One mentee: why this supervisor or none, the alternatives side by side, and what can be tried."""
    round = results_of(request, pk)
    rows = RunLine.objects.visible_to(request.user).filter(run__round=round, run__discarded_at=None)
    found = get_object_or_404(
        rows.with_people().select_related("run__round__organisation", "pairing"), pk=line_id
    )
    wishes = Wish.objects.visible_to(request.user).filter(mentee=found.mentee, side="mentee")
    other = None
    if found.other_id != found.supervisor_id and found.other_id:
        members = RoundSupervisor.objects.visible_to(request.user).select_related("supervisor__person")
        other = members.filter(pk=found.other_id).first()
    may = request.user.has_perm(CHANGE, round)
    context = {
        "line": found,
        "words": line_words(found),
        "wishes": wishes.select_related("supervisor__supervisor__person"),
        "alternatives": alternatives_for(found, request.user)
        if found.run.is_current or found.run.is_trial
        else [],
        "other": other,
        "may_try": may and round.state == RoundState.RUN,
        "may_retry": may and round.is_told and bool(found.failure),
        **head(round, str(found.mentee)),
    }
    return render(request, "supervision/matching/admin/line.html", context)


@require_POST
def retry(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Try once more to make a pairing that failed."""
    round = results_of(request, pk, CHANGE)
    rows = RunLine.objects.visible_to(request.user).filter(run__round=round, run__discarded_at=None)
    found = get_object_or_404(rows.select_related("run__round"), pk=line_id)
    done = _("The pairing is made, and both have been told.")
    attempt(request, lambda: actions.retry_line(line=found, actor=request.user), done)
    return redirect("rounds:line", round.pk, found.pk)


@require_safe
@never_cache
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Where supervisors are short: by the mentees' district and field, and supervisor by supervisor."""
    round = results_of(request, pk)
    run = run_of(round, request)
    prices = prices_of(run, request.user)
    context = {
        "run": run,
        "prices": prices,
        "page": Paginator(prices.scarce, PER_PAGE).get_page(request.GET.get("page")),
        "recruit": recruit_of(run),
        **head(round, _("Where places are short")),
    }
    return render(request, "supervision/matching/admin/prices.html", context)
