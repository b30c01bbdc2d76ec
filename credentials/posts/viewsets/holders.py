"""One post with its holders, and the acts on them: give a post, end it, record by which route somebody came."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from core.access.desk import desk_head
from core.access.scope import holds
from core.access.states import READERS
from core.people.models import Person
from core.states import Refused
from credentials.posts.actions import end_post, give_post, record_route
from credentials.posts.forms import EndForm, GiveForm, RouteForm
from credentials.posts.models import PostHolding
from credentials.posts.queries import desk_posts, offered_to


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: who holds it and who did."""
    if not holds(request.user, *READERS):
        raise Http404
    post = get_object_or_404(desk_posts(request.user), pk=pk)
    holdings = post.holdings.select_related("person__user", "person__employer")
    context = {
        "post": post,
        "holdings": holdings,
        "free": max(post.places - post.filled, 0),
        "end_form": EndForm(),
        "may_change": request.user.has_perm("credentials.change_post", post),
        **desk_head(str(post), "clipboard-list", "posts:index", pgettext("talent", "Posts")),
    }
    return render(request, "credentials/posts/admin/inspect.html", context)


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


def _errors(form: Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@require_POST
def give(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let a person hold a post of their employer."""
    someone = _person(request, person_id, "credentials.give_post")
    form = GiveForm(request.POST, posts=offered_to(someone))
    try:
        if not form.is_valid():
            raise Refused(_errors(form))
        give_post(person=someone, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s holds this post now.") % {"name": someone.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("talent:person", someone.pk)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say on which day somebody held a post for the last time."""
    rows = PostHolding.objects.visible_to(request.user).select_related("post__organisation", "person__user")
    holding = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("credentials.end_postholding", holding):
        raise Http404
    form = EndForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_errors(form))
        end_post(holding=holding, actor=request.user, **form.cleaned_data)
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
        if not form.is_valid():
            raise Refused(_errors(form))
        record_route(person=someone, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The route is recorded."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("talent:person", someone.pk)
