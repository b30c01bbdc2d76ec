"""Matching rounds on the site: joining, the own list, whom one may wish for and why not, the result, an appeal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.people.models import Person
from core.states import IllegalMove, Refused
from supervision.matching import actions
from supervision.matching.forms import AppealForm, FindForm, JoinForm, PlacesForm, WishForm
from supervision.matching.models import Appeal, MatchingRound, RoundMentee, RoundSupervisor
from supervision.matching.queries import (
    MyRound,
    mentees_offered,
    my_round,
    own_rounds,
    reasons_for_supervisor,
    supervisors_offered,
)
from supervision.matching.states import Side


@require_safe
@never_cache
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds in which I take part, or may."""
    return render(request, "supervision/matching/list.html", {"rounds": own_rounds(request.user)})


@require_safe
@never_cache
def round_detail(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round: until when wishes are taken, my list, and once it is published my result with its reasons."""
    return _show(request, _mine(request, round_id))


@require_safe
@never_cache
def round_browse(request: HttpRequest, round_id: int, side: str) -> HttpResponse:
    """Whom I may wish for, the best fit first, and of supervisors also those who are not possible, with the reason."""
    mine = _mine(request, round_id)
    form = FindForm(request.GET)
    page, offered = _offered(mine, side, request, form.wish())
    context = {
        "mine": mine,
        "round": mine.round,
        "side": side,
        "form": form,
        "page": page,
        "offered": offered,
        "most": mine.round.most_wishes if side == Side.MENTEE else 2 * mine.round.most_wishes,
        "named": len(mine.mentee_wishes if side == Side.MENTEE else mine.supervisor_wishes),
    }
    return render(request, "supervision/matching/browse.html", context)


def _offered(mine: MyRound, side: str, request: HttpRequest, name: str) -> Any:
    number = request.GET.get("page")
    if side == Side.MENTEE and mine.mentee is not None and mine.mentee.is_in:
        return supervisors_offered(mine.round, mine.mentee, request.user, name=name, page=number)
    if side == Side.SUPERVISOR and mine.supervisor is not None and mine.supervisor.is_in:
        return mentees_offered(mine.round, mine.supervisor, request.user, name=name, page=number)
    raise Http404


@require_POST
def round_join(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take part, or say my languages anew."""
    mine = _mine(request, round_id)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _show(request, mine, join_form=form)
    return _act(
        request,
        mine.round,
        _("You take part. Now say whom you would like."),
        lambda: actions.join_round(
            round=mine.round,
            person=_me(request),
            actor=request.user,
            languages=form.cleaned_data["languages"],
        ),
    )


@require_POST
def round_leave(request: HttpRequest, round_id: int) -> HttpResponse:
    """Take part no longer."""
    mine = _mine(request, round_id)
    member = mine.mentee
    if member is None or not member.is_in:
        raise Http404
    done = _("You do not take part any more. Your wishes are gone.")
    return _act(request, mine.round, done, lambda: actions.leave_round(member=member, actor=request.user))


@require_POST
def round_wish(request: HttpRequest, round_id: int) -> HttpResponse:
    """One step in my list: add, up, down, remove."""
    mine = _mine(request, round_id)
    form = WishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That could not be understood. Nothing was changed."))
        return redirect(mine.round)
    data = form.cleaned_data
    pair = _pair(mine, data["side"], data["other"], request)
    try:
        actions.change_wish(**pair, side=data["side"], step=data["step"], actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    if data["back"] != "browse":
        anchor = "wishes" if data["side"] == Side.MENTEE else "choices"
        return redirect(f"{mine.round.get_absolute_url()}#{anchor}")
    asked = {name: data[name] for name in ("name", "page") if data[name]}
    name = "round-supervisors" if data["side"] == Side.MENTEE else "round-mentees"
    url = reverse(f"supervision:{name}", args=[mine.round.pk])
    return redirect(f"{url}?{urlencode(asked)}#member-{data['other']}")


def _pair(mine: MyRound, side: str, other: int, request: HttpRequest) -> dict[str, Any]:
    """The two whom a wish is about: my own row on this side, and one of the other side that I may see."""
    if side == Side.MENTEE and mine.mentee is not None:
        rows = RoundSupervisor.objects.visible_to(request.user).filter(round=mine.round)
        return {"mentee": mine.mentee, "supervisor": get_object_or_404(rows, pk=other)}
    if side == Side.SUPERVISOR and mine.supervisor is not None:
        people = RoundMentee.objects.visible_to(request.user).filter(round=mine.round)
        return {"supervisor": mine.supervisor, "mentee": get_object_or_404(people, pk=other)}
    raise Http404


@require_POST
def round_places(request: HttpRequest, round_id: int) -> HttpResponse:
    """The supervisor says how many mentees they take in this round."""
    mine = _mine(request, round_id)
    member = mine.supervisor
    if member is None or not member.is_in:
        raise Http404
    form = PlacesForm(request.POST)
    if not form.is_valid():
        return _show(request, mine, places_form=form)
    places = form.cleaned_data["places"]
    done = _("Kept. The round counts on so many places with you.")
    return _act(
        request,
        mine.round,
        done,
        lambda: actions.set_places(member=member, places=places, actor=request.user),
    )


@require_POST
def round_appeal(request: HttpRequest, round_id: int) -> HttpResponse:
    """Ask that my result is looked at again."""
    mine = _mine(request, round_id)
    if not mine.is_in:
        raise Http404
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _show(request, mine, appeal_form=form)
    done = _("Your appeal is made. An administrator decides and tells you why.")
    return _act(
        request,
        mine.round,
        done,
        lambda: actions.make_appeal(
            round=mine.round, person=_me(request), text=form.cleaned_data["text"], actor=request.user
        ),
    )


@require_POST
def appeal_withdraw(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Take my appeal back."""
    rows = Appeal.objects.visible_to(request.user).filter(person__user=request.user.pk)
    appeal = get_object_or_404(rows.select_related("round__organisation"), pk=appeal_id)
    done = _("Your appeal is withdrawn.")
    return _act(
        request, appeal.round, done, lambda: actions.withdraw_appeal(appeal=appeal, actor=request.user)
    )


def _me(request: HttpRequest) -> Person:
    return get_object_or_404(Person.objects.select_related("employer", "user"), user=request.user.pk)


def _mine(request: HttpRequest, round_id: int) -> MyRound:
    """The round as this person sees it; who only reads it from the desk has the desk's page for it."""
    rows = MatchingRound.objects.visible_to(request.user).select_related("organisation")
    round = get_object_or_404(rows, pk=round_id)
    mine = my_round(round, getattr(request.user, "person", None), request.user)
    if not mine.is_in and not mine.mentee and not mine.supervisor and not _may_join(request, round):
        raise Http404
    return mine


def _may_join(request: HttpRequest, round: MatchingRound) -> bool:
    employer = getattr(getattr(request.user, "person", None), "employer", None)
    return bool(
        round.is_joinable and employer is not None and employer.path.startswith(round.organisation.path)
    )


def _show(request: HttpRequest, mine: MyRound, **forms: Any) -> HttpResponse:
    languages = mine.mentee.languages if mine.mentee else _me(request).languages
    context = {
        "mine": mine,
        "round": mine.round,
        "may_join": mine.takes_wishes
        and not (mine.mentee and mine.mentee.is_in)
        and not mine.supervisor
        and _may_join(request, mine.round),
        "join_form": JoinForm(initial={"languages": languages}),
        "places_form": PlacesForm(initial={"places": mine.supervisor.places if mine.supervisor else 0}),
        "appeal_form": AppealForm(),
        "given": [(line, reasons_for_supervisor(line)) for line in mine.given],
        **forms,
    }
    return render(request, "supervision/matching/detail.html", context, status=422 if forms else 200)


def _act(request: HttpRequest, round: MatchingRound, done: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _("This was settled before. Nothing was changed."))
    else:
        messages.success(request, done)
    return redirect("supervision:round-detail", round.pk)
