"""What every page of a round at the desk begins with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.states import IllegalMove, Refused
from supervision.matching.models import (
    MatchingRound,
    RoundRun,
)
from supervision.matching.queries import (
    desk_rounds,
    is_inside,
)

PER_PAGE = 50


CHANGE = "supervision.change_matchinground"


def round_of(request: HttpRequest, pk: int, perm: str = "") -> MatchingRound:
    """A round of one's tree; to act in it one must run it, and not take part in it."""
    if not holds(request.user, *READERS):
        raise Http404
    round = get_object_or_404(desk_rounds(request.user), pk=pk)
    if perm and not request.user.has_perm(perm, round):
        raise Http404
    return round


def results_of(request: HttpRequest, pk: int, perm: str = "") -> MatchingRound:
    """A round whose lists and results this officer may look into: who takes part in it may not."""
    round = round_of(request, pk, perm)
    if is_inside(request.user, round):
        raise Http404
    return round


def run_of(round: MatchingRound, request: HttpRequest) -> RoundRun:
    """The calculation that holds."""
    runs = RoundRun.objects.visible_to(request.user).current().filter(round=round)
    return get_object_or_404(runs.select_related("round__organisation"))


def head(round: MatchingRound, *titles: str) -> dict[str, Any]:
    crumbs = desk_crumbs(
        (reverse("rounds:index"), _("Matching rounds")),
        (reverse("rounds:detail", args=[round.pk]), round.title),
        *(("", title) for title in titles),
    )
    title = " · ".join([round.title, *titles])
    return {"round": round, "header_title": title, "header_icon": "group", "breadcrumbs_items": crumbs}


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so; what is refused or was done before is told, and changes nothing."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _("The round has changed meanwhile. Nothing was changed now."))
    else:
        if done:
            messages.success(request, done)
        return True
    return False


def seen_run(request: HttpRequest) -> int | None:
    """The number of the calculation that the page showed; None, said so, when the request names none."""
    text = request.POST.get("run", "")
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    messages.info(request, _("The round has changed meanwhile. Nothing was changed now."))
    return None


def looks_again(answer: HttpResponse, *, is_calculating: bool) -> HttpResponse:
    """While the round is being calculated, the browser asks again every three seconds; nothing is typed on these pages."""
    if is_calculating:
        answer["Refresh"] = "3"
    return answer
