"""Evaluations on the site: what waits for me, answering it, how skills grow, what is published about me."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.states import IllegalMove
from supervision.evaluations import actions
from supervision.evaluations.forms import AnswerForm
from supervision.evaluations.models import Evaluation
from supervision.evaluations.policy import Growth
from supervision.evaluations.queries import (
    own_growth,
    page_of,
    pairing_growth,
    published_of,
    waiting_for,
    who_reads,
)
from supervision.evaluations.states import Skill
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair
from supervision.supervisors.models import Supervisor

SHOWN = 100  # of what was answered before


@require_safe
@never_cache
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """What I am asked, what was said about me and by me, and for a supervisor the published averages."""
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "pairing__supervisor__person", "pairing__mentee"
    )
    waiting = waiting_for(request.user)
    known = {row.pk for row in waiting}
    earlier = [row for row in rows.order_by("-closes_on", "pk")[:SHOWN] if row.pk not in known]
    supervisor = (
        Supervisor.objects.select_related("organisation").filter(person__user=request.user.pk).first()
    )
    context = {
        "waiting": waiting,
        "earlier": earlier,
        "published": published_of(request.user, supervisor.organisation) if supervisor else None,
    }
    return render(request, "supervision/evaluations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def evaluation_detail(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    """One evaluation: its form while it can be answered, and afterwards what was answered."""
    rows = Evaluation.objects.visible_to(request.user).with_people()
    evaluation = get_object_or_404(rows.select_related("pairing__supervisor__organisation"), pk=evaluation_id)
    page = page_of(evaluation, request.user)
    taking = page.is_mine and evaluation.is_taking(timezone.localdate())
    if request.method == "POST" and not page.is_mine:
        raise Http404
    form = AnswerForm(request.POST or None, evaluation=evaluation) if taking else None
    if form is not None and page.answer is not None:
        form.first_values(page.answer)
    if request.method == "POST" and form is None:
        messages.info(request, _("The last day is over, so the answers stay as they are."))
    elif request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.answer_evaluation(evaluation=evaluation, actor=request.user, said=form.said)
        except (NotPossible, IllegalMove) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. Until the last day you can still change your answers."))
            return redirect("supervision:evaluation-list")
    context = {
        "evaluation": evaluation,
        "page": page,
        "form": form,
        "readers": who_reads(evaluation.direction, page.minimum),
    }
    return render(request, "supervision/evaluations/detail.html", context)


@require_safe
@never_cache
def growth_own(request: HttpRequest) -> HttpResponse:
    """How my skills grew, over all my pairings."""
    person = getattr(request.user, "person", None)
    found = own_growth(person) if person is not None else []
    return _growth(request, found, pairing=None)


@require_safe
@never_cache
def growth_pairing(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """How the mentee's skills grew in this pairing, for the two of it."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user)).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    return _growth(request, pairing_growth(pairing, request.user), pairing=pairing)


def _growth(request: HttpRequest, found: Sequence[Growth], *, pairing: Pairing | None) -> HttpResponse:
    words = {int(value): str(label) for value, label in Skill.choices}
    bars = [
        (each.skill, each.latest, _note(each, words)) for each in sorted(found, key=lambda each: -each.latest)
    ]
    charts: list[dict[str, Any]] = [
        {
            "skill": each.skill,
            "words": words[each.latest],
            "series": [(_("Supervisor"), each.by_supervisor), (_("Mentee"), each.by_self)],
            "levels": [(day, words[level], _("Supervisor")) for day, level in each.by_supervisor]
            + [(day, words[level], _("Mentee")) for day, level in each.by_self],
        }
        for each in found
    ]
    context = {"bars": bars, "charts": charts, "pairing": pairing, "scale": list(words.items())}
    return render(request, "supervision/evaluations/growth.html", context)


def _note(each: Growth, words: dict[int, str]) -> str:
    if each.change:
        return _("%(now)s, at first %(before)s") % {"now": words[each.latest], "before": words[each.first]}
    return words[each.latest]
