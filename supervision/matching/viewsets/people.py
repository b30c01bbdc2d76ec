"""Who takes part in a round: mentees, supervisors and their places."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access.bounds import key_in
from core.states import Refused
from core.templatetags.ui import colon
from supervision.matching import actions
from supervision.matching.forms import (
    AddMenteesForm,
    AddSupervisorsForm,
    FindForm,
    PlacesForm,
)
from supervision.matching.models import (
    RoundMentee,
    RoundSupervisor,
)
from supervision.matching.queries import (
    is_inside,
)
from supervision.matching.states import CHANGEABLE, RoundState
from supervision.matching.viewsets.basis import (
    CHANGE,
    PER_PAGE,
    attempt,
    head,
    round_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mentees(request: HttpRequest, pk: int) -> HttpResponse:
    """The mentees of a round; while it is a draft or open, more are added here."""
    round = round_of(request, pk)
    may = round.state in CHANGEABLE and request.user.has_perm(CHANGE, round)
    if request.method == "POST" and not may:
        raise Http404
    form = AddMenteesForm(request.POST or None, round=round) if may else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            number = actions.add_mentees(round=round, people=form.rows(), actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("New in the round: %(number)s.") % {"number": number})
            return redirect("rounds:mentees", round.pk)
    find = FindForm(request.GET)
    rows = RoundMentee.objects.visible_to(request.user).inside().filter(round=round)
    if name := find.wish():
        rows = rows.filter(Q(person__name__icontains=name) | Q(person__name_search__contains=name.lower()))
    rows = rows.select_related("person__employer").annotate(
        named=Count("wishes", filter=Q(wishes__side="mentee"))
    )
    rows = rows.order_by("person__pinyin", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "find": find, "may": may, **head(round, _("Mentees"))}
    return render(request, "supervision/matching/admin/mentees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def supervisors(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisors of a round with their places; while it is a draft or open, more are added here."""
    round = round_of(request, pk)
    may = round.state in CHANGEABLE and request.user.has_perm(CHANGE, round)
    if request.method == "POST" and not may:
        raise Http404
    form = AddSupervisorsForm(request.POST or None, round=round, user=request.user) if may else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            number = actions.add_supervisors(round=round, supervisors=form.rows(), actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("New in the round: %(number)s.") % {"number": number})
            return redirect("rounds:supervisors", round.pk)
    find = FindForm(request.GET)
    rows = RoundSupervisor.objects.visible_to(request.user).inside().filter(round=round)
    if name := find.wish():
        rows = rows.filter(
            Q(supervisor__person__name__icontains=name)
            | Q(supervisor__person__name_search__contains=name.lower())
            | Q(supervisor__code__icontains=name)
        )
    rows = rows.select_related("supervisor__person", "supervisor__organisation").annotate(
        named=Count("wishes", filter=Q(wishes__side="supervisor"), distinct=True),
        given=Count(
            "lines",
            filter=Q(lines__run__kept_at__isnull=False, lines__run__discarded_at=None),
            distinct=True,
        ),
    )
    rows = rows.order_by("supervisor__code")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "find": find,
        "may": may,
        "may_try": round.state == RoundState.RUN and request.user.has_perm(CHANGE, round),
        "has_result": (round.state == RoundState.RUN or round.is_told) and not is_inside(request.user, round),
        **head(round, _("Supervisors")),
    }
    return render(request, "supervision/matching/admin/supervisors.html", context)


@require_POST
def out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mentee or a supervisor out of the round."""
    round = round_of(request, pk, CHANGE)
    side, key = request.POST.get("side", ""), key_in(request.POST.get("member", ""))
    models: dict[str, Any] = {"mentees": RoundMentee, "supervisors": RoundSupervisor}
    if side not in models or key is None:
        raise Http404
    member = get_object_or_404(models[side].objects.visible_to(request.user), pk=key, round=round)
    done = _("Taken out of the round.")
    attempt(request, lambda: actions.take_out(round=round, member=member, actor=request.user), done)
    return redirect(f"rounds:{side}", round.pk)


@require_POST
def places(request: HttpRequest, pk: int, member_id: int) -> HttpResponse:
    """Set a supervisor's places for the round."""
    round = round_of(request, pk, CHANGE)
    rows = RoundSupervisor.objects.visible_to(request.user).select_related("round", "supervisor")
    member = get_object_or_404(rows, pk=member_id, round=round)
    form = PlacesForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"{member.supervisor}{colon()}{' '.join(map(str, form.errors['places']))}")
    else:
        number = form.cleaned_data["places"]
        done = _("Places set.")
        attempt(request, lambda: actions.set_places(member=member, places=number, actor=request.user), done)
    return redirect("rounds:supervisors", round.pk)
