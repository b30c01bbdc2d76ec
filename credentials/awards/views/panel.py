"""The panel's pages: conflicts of interest first, then one nominee after the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.attachments.actions import attachment_response
from core.states import Refused
from credentials.awards.actions import declare_conflicts, give_scores
from credentials.awards.forms import ConflictForm, ScoreForm
from credentials.awards.models import PanelMember
from credentials.awards.queries import judged_by, membership, shortlisted
from credentials.awards.states import RoundState
from credentials.awards.views.rounds import round_of


def _seat(request: HttpRequest, pk: int) -> PanelMember:
    """My seat on the panel while it judges."""
    row = round_of(request, pk)
    seat = membership(row, request.user)
    if seat is None or row.state != RoundState.SCORING:
        raise Http404
    return seat


@require_http_methods(["GET", "HEAD", "POST"])
def award_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say with whom a conflict of interest lies; then the nominees to judge. Before that only names and units are shown."""
    seat = _seat(request, pk)
    barred = {row.nomination_id: row for row in seat.conflicts.all()}
    others = shortlisted(seat.round).exclude(pk__in=barred)
    form = ConflictForm(request.POST if request.method == "POST" else None, nominees=others)
    if request.method == "POST" and form.is_valid():
        chosen = [row.pk for row in form.cleaned_data["conflicts"]]
        try:
            declare_conflicts(member=seat, nomination_ids=chosen, actor=request.user)
            messages.success(request, _("Kept. You judge the others."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("credentials:award-panel", pk)
    wanted = seat.round.indicators.count()
    done: dict[int, int] = {}
    for nominee in seat.scores.values_list("nomination", flat=True):
        done[nominee] = done.get(nominee, 0) + 1
    rows = [(row, done.get(row.pk, 0) >= wanted) for row in judged_by(seat)]
    context = {
        "seat": seat,
        "round": seat.round,
        "form": form,
        "rows": rows,
        "left": sum(1 for _row, is_done in rows if not is_done),
        "barred": [(one, barred[one.pk]) for one in shortlisted(seat.round).filter(pk__in=barred)],
    }
    return render(request, "credentials/awards/panel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def award_score(request: HttpRequest, pk: int, nomination_id: int) -> HttpResponse:
    """What one nominee has done and shows, and my scores."""
    seat = _seat(request, pk)
    row = get_object_or_404(judged_by(seat), pk=nomination_id)
    given = dict(seat.scores.filter(nomination=row).values_list("indicator", "value"))
    form = ScoreForm(request.POST or None, indicators=list(seat.round.indicators.all()), given=given)
    if request.method == "POST" and form.is_valid():
        try:
            give_scores(member=seat, nomination=row, values=form.values(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your scores for %(name)s are kept.") % {"name": row.person.name})
            return redirect("credentials:award-panel", pk)
    papers = row.papers.select_related("attachment")
    return render(
        request,
        "credentials/awards/score.html",
        {"round": seat.round, "row": row, "form": form, "papers": papers},
    )


@require_safe
def award_score_paper(request: HttpRequest, pk: int, nomination_id: int, paper_id: int) -> HttpResponseBase:
    """A paper of a nominee whom I judge."""
    row = get_object_or_404(judged_by(_seat(request, pk)), pk=nomination_id)
    paper = get_object_or_404(row.papers.select_related("attachment"), pk=paper_id)
    return attachment_response(paper.attachment)
