"""Giving a post on its own page, and ending it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.states import Refused
from credentials.posts.actions import end_post, give_post
from credentials.posts.forms import EndForm, FillForm
from credentials.posts.models import PostHolding
from credentials.posts.queries import could_hold
from credentials.posts.viewsets.staffing import post_of, show_post


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
    if form.is_valid():
        try:
            end_post(holding=holding, actor=request.user, **form.cleaned_data)
            messages.success(request, _("The post is ended; its place is free."))
            return redirect("posts:inspect", holding.post_id)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return show_post(request, post_of(request, holding.post_id), ending=(holding.pk, form))
