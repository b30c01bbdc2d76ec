"""Giving a post and ending it, recording a route."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access.scope import holds
from core.access.states import READERS
from core.people.models import Person
from core.states import Refused
from credentials.posts.actions import end_post, give_post, record_route
from credentials.posts.forms import EndForm, FillForm, GiveForm, RouteForm
from credentials.posts.models import PostHolding
from credentials.posts.queries import could_hold, offered_to
from credentials.posts.viewsets.staffing import post_of, show_post


def _person(request: HttpRequest, pk: int, verb: str) -> Person:
    """Somebody in the reader's tree, with whom they may do this."""
    if not holds(request.user, *READERS):
        raise Http404
    someone = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("employer", "user"), pk=pk
    )
    if not request.user.has_perm(verb, someone):
        raise Http404
    return someone


def _sent(form: Form) -> dict[str, Any]:
    """What was sent. Raises Refused with everything that is wrong with it: these forms stand on another page."""
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return form.cleaned_data


@require_POST
def give(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let a person hold a post of their employer."""
    someone = _person(request, person_id, "credentials.give_post")
    form = GiveForm(request.POST, posts=offered_to(someone))
    try:
        give_post(person=someone, actor=request.user, **_sent(form))
        messages.success(request, _("%(name)s holds this post now.") % {"name": someone.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("talent:person", someone.pk)


@require_POST
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody employed there hold this post, whether they are listed in the talent pool or not."""
    post = post_of(request, pk)
    if not request.user.has_perm("credentials.change_post", post):
        raise Http404
    form = FillForm(request.POST, people=could_hold(post).exclude(user=request.user.pk))
    if not form.is_valid():
        return show_post(request, post, form)
    try:
        holding = give_post(post=post, actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return show_post(request, post, form)
    messages.success(request, _("%(name)s holds this post now.") % {"name": holding.person.name})
    return redirect("posts:inspect", post.pk)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say on which day somebody held a post for the last time."""
    rows = PostHolding.objects.visible_to(request.user).select_related("post__organisation", "person__user")
    holding = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("credentials.end_postholding", holding):
        raise Http404
    form = EndForm(request.POST)
    try:
        end_post(holding=holding, actor=request.user, **_sent(form))
        messages.success(request, _("The post is ended; its place is free."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("posts:inspect", holding.post_id)


@require_POST
def route(request: HttpRequest, person_id: int) -> HttpResponse:
    """Record by which route somebody came."""
    someone = _person(request, person_id, "credentials.record_route")
    form = RouteForm(request.POST)
    try:
        record_route(person=someone, actor=request.user, **_sent(form))
        messages.success(request, _("The route is recorded."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("talent:person", someone.pk)
