"""My circles, finding one, one of them, and who belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.people.models import Person
from core.states import IllegalMove, Refused
from supervision.circles import actions
from supervision.circles.forms import (
    CircleForm,
    CloseForm,
    FindCircleForm,
    HandOverForm,
    InviteForm,
    NewCircleForm,
    circle_values,
)
from supervision.circles.models import Circle, CircleMember, CircleReview, Gathering
from supervision.circles.queries import (
    candidates_for,
    joinable_by,
    mine_of,
    open_actions,
    page_of,
    parts_counted,
)
from supervision.circles.states import GatheringState, MemberState
from supervision.sessions.views.own import account_mark
from supervision.supervisors.models import Supervisor

PER_PAGE = 20


@require_safe
@never_cache
def circle_list(request: HttpRequest) -> HttpResponse:
    """My circles: what waits for me, where I am a member, and those that I lead."""
    person = getattr(request.user, "person", None)
    context = {"mine": mine_of(person), "person": person}
    return render(request, "supervision/circles/list.html", context)


@require_safe
@never_cache
def circle_find(request: HttpRequest) -> HttpResponse:
    """The circles of my province that I may join."""
    person = _me(request)
    form = FindCircleForm(request.GET)
    page = Paginator(joinable_by(person, **form.wishes()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "supervision/circles/find.html", {"form": form, "page": page, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def circle_new(request: HttpRequest) -> HttpResponse:
    """Make a circle that I lead: of any kind as a supervisor, else a peer circle."""
    person = _me(request)
    supervisor = Supervisor.objects.active().select_related("organisation").filter(pk=person.pk).first()
    organisation = supervisor.organisation if supervisor else person.employer
    if organisation is None:
        words = _(
            "Your employer is not confirmed yet. Name it in your profile; an administrator confirms it."
        )
        messages.info(request, words)
        return redirect("supervision:circle-list")
    form = NewCircleForm(request.POST or None, is_supervisor=supervisor is not None)
    if request.method == "POST" and form.is_valid():
        try:
            circle = actions.create_circle(
                leader=person, organisation=organisation, actor=request.user, **form.values()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Made. Invite members and plan the first gathering."))
            return redirect(circle)
    return render(request, "supervision/circles/new.html", {"form": form})


@require_safe
@never_cache
def circle_detail(request: HttpRequest, circle_id: int) -> HttpResponse:
    """One circle: what it is for, when it meets, and what I can do there now."""
    return _show(request, _circle(request, circle_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def circle_change(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The leader changes what the circle is."""
    circle = _circle(request, circle_id, "supervision.lead_circle")
    form = CircleForm(request.POST or None, initial=circle_values(circle))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_circle(circle=circle, actor=request.user, **form.values())
        except Refused as refused:
            form.add_error("capacity" if circle.is_open else None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(circle)
    return render(request, "supervision/circles/change.html", {"form": form, "circle": circle})


@require_POST
def circle_join(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Join, accept the invitation, or ask to join, as the circle has it."""
    circle, person = _circle(request, circle_id), _me(request)
    try:
        member = actions.join_circle(circle=circle, person=person, actor=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _already())
    else:
        joined = member.state == MemberState.JOINED
        words = _("You belong to this circle now.") if joined else _("Asked. The leader has been told.")
        messages.success(request, words)
    return redirect(circle)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def circle_invite(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The leader invites people whom they know from pairings, circles or work."""
    circle = _circle(request, circle_id, "supervision.lead_circle")
    name = request.GET.get("name", "").replace("\0", "").strip()[:60]
    people = candidates_for(circle, circle.leader, name)
    form = InviteForm(request.POST or None, candidates=people)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.invite_members(circle=circle, people=form.chosen, actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Invited: %(n)s. They have been told.") % {"n": number})
            return redirect(circle)
    context = {"form": form, "circle": circle, "people": people, "name": name}
    return render(request, "supervision/circles/invite.html", context)


@require_POST
def circle_hand_over(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The leader of a peer circle lets another member lead it."""
    circle = _circle(request, circle_id, "supervision.lead_circle")
    form = HandOverForm(request.POST, people=_others(circle))
    if not form.is_valid():
        return _show(request, circle, hand_over_form=form)
    done = _("Handed over to %(name)s.") % {"name": form.chosen.name}
    return _act(
        request,
        circle,
        done,
        lambda: actions.hand_over_circle(circle=circle, person=form.chosen, actor=request.user),
    )


@require_POST
def circle_close(request: HttpRequest, circle_id: int) -> HttpResponse:
    """The leader ends the circle."""
    circle = _circle(request, circle_id, "supervision.lead_circle")
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, circle, close_form=form)
    reason = form.cleaned_data["reason"]
    done = _("The circle has ended, and its members have been told.")
    return _act(
        request, circle, done, lambda: actions.close_circle(circle=circle, actor=request.user, reason=reason)
    )


@require_POST
def member_accept(request: HttpRequest, member_id: int) -> HttpResponse:
    """The leader lets somebody in who has asked."""
    member = _member(request, member_id, leads=True)
    done = _("%(name)s belongs to the circle now.") % {"name": member.person.name}
    return _act(
        request, member.circle, done, lambda: actions.accept_member(member=member, actor=request.user)
    )


@require_POST
def member_decline(request: HttpRequest, member_id: int) -> HttpResponse:
    """The leader says no or takes an invitation back; the invited person or the one who asked says no."""
    member = _member(request, member_id)
    return _act(
        request, member.circle, _("Done."), lambda: actions.decline_member(member=member, actor=request.user)
    )


@require_POST
def member_leave(request: HttpRequest, member_id: int) -> HttpResponse:
    """A member leaves, or is taken out by the leader."""
    member = _member(request, member_id)
    own = member.person.user_id == request.user.pk
    done = _("You have left the circle.") if own else _("Done.")
    return _act(request, member.circle, done, lambda: actions.leave_circle(member=member, actor=request.user))


def _me(request: HttpRequest) -> Person:
    """The person who asks; an account without one (the operator's) belongs to no circle."""
    return get_object_or_404(Person.objects.select_related("employer", "user"), user=request.user.pk)


def _circle(request: HttpRequest, circle_id: int, perm: str = "") -> Circle:
    rows = Circle.objects.visible_to(request.user).select_related(
        "leader__user", "leader__employer", "organisation"
    )
    circle = get_object_or_404(rows, pk=circle_id)
    if perm and not request.user.has_perm(perm, circle):
        raise Http404
    return circle


def _member(request: HttpRequest, member_id: int, *, leads: bool = False) -> CircleMember:
    """A row of mine, or of a circle that I lead; the desk reads, and does nothing here."""
    rows = CircleMember.objects.visible_to(request.user).select_related("circle__leader", "person")
    member = get_object_or_404(rows, pk=member_id)
    is_leader = member.circle.leader.user_id == request.user.pk
    if not is_leader and (leads or member.person.user_id != request.user.pk):
        raise Http404
    return member


def _others(circle: Circle) -> list[Person]:
    rows = CircleMember.objects.joined().filter(circle=circle).exclude(person=circle.leader_id)
    return [row.person for row in rows.select_related("person").order_by("person__pinyin")]


def _show(request: HttpRequest, circle: Circle, **forms: Any) -> HttpResponse:
    page = page_of(circle, request.user)
    held = Gathering.objects.visible_to(request.user).filter(circle=circle, state=GatheringState.LOGGED)
    may_hand_over = page.is_leader and circle.is_peer and circle.is_open and len(page.members) > 1
    context = {
        "page": page,
        "circle": circle,
        "fields": list(circle.fields.all()),
        "actions": open_actions(circle, request.user) if page.of_circle else [],
        "account": account_mark(request.user),
        "reviews": list(CircleReview.objects.visible_to(request.user).with_people().filter(circle=circle))
        if page.of_circle
        else [],
        "held": Paginator(parts_counted(held), PER_PAGE).get_page(request.GET.get("page")),
        "close_form": CloseForm(),
        "hand_over_form": HandOverForm(people=_others(circle)) if may_hand_over else None,
        "may_join": circle.is_open
        and not page.is_leader
        and getattr(request.user, "person", None) is not None
        and (page.is_invited or (page.membership is None and circle.is_found)),
        **forms,
    }
    return render(request, "supervision/circles/detail.html", context, status=422 if forms else 200)


def _already() -> str:
    return _("This was already done, or is no longer possible. The page shows how it stands now.")


def _act(request: HttpRequest, circle: Circle, done: str, act: Callable[[], object]) -> HttpResponse:
    """Do it and go back to the circle; a second click or an old page is told so, and changes nothing."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _already())
    else:
        messages.success(request, done)
    if Circle.objects.visible_to(request.user).filter(pk=circle.pk).exists():
        return redirect(circle)
    return redirect("supervision:circle-list")
