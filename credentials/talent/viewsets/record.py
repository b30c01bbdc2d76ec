"""One person of the pool at the desk: everything proved, the CV taken out, a post given and a route recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access.scope import holds
from core.access.states import READERS
from core.states import Refused
from credentials.posts.actions import give_post, record_route
from credentials.posts.forms import GiveForm, RouteForm
from credentials.posts.queries import offered_to
from credentials.talent import actions
from credentials.talent.files import cv_answer
from credentials.talent.forms import CvForm
from credentials.talent.models import TalentProfile
from credentials.talent.queries import names_now, skill_picture_of, timeline_of
from credentials.talent.viewsets.doors import TITLE, header


def _profile(request: HttpRequest, pk: int) -> TalentProfile:
    """The row of one person, if this reader may have it in a list."""
    if not holds(request.user, *READERS):
        raise Http404
    rows = TalentProfile.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("person__employer", "person__user", "level", "sector"), pk=pk
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's record: everything proved, the fields, the posts; an administrator gives a post or records a route."""
    return _show(request, _profile(request, pk))


def _show(request: HttpRequest, profile: TalentProfile, **sent: Any) -> HttpResponse:
    """The page of a person; `sent` is the form that was just sent and is refused, under its name: nothing typed is lost."""
    someone = profile.person
    may_act = request.user.has_perm("credentials.give_post", someone)
    fields = names_now().field
    context = {
        "profile": profile,
        "person": someone,
        "field_names": [fields[each] for each in profile.field_ids if each in fields],
        "proofs": timeline_of(someone),
        "skills": skill_picture_of(someone),
        "may_act": may_act,
        "give_form": GiveForm(posts=offered_to(someone)) if may_act else None,
        "route_form": RouteForm(),
        "cv_form": CvForm(),
        **header(someone.name, (reverse("talent:index"), str(TITLE))),
        **sent,
    }
    return render(request, "credentials/talent/admin/person.html", context)


@require_POST
def cv(request: HttpRequest, pk: int) -> HttpResponse:
    """The CV of one person as a PDF, once the purpose is said; audited with it."""
    profile = _profile(request, pk)
    form = CvForm(request.POST)
    if form.is_valid():
        try:
            content = actions.print_cv(person=profile.person, actor=request.user, **form.cleaned_data)
            return cv_answer(profile.person.name, content)
        except Refused as refusal:
            messages.error(request, str(refusal))
            form.add_error(None, str(refusal))
    return _show(request, profile, cv_form=form)


def _profile_for(request: HttpRequest, pk: int, verb: str) -> TalentProfile:
    """The row of one person with whom the reader may do this."""
    profile = _profile(request, pk)
    if not request.user.has_perm(verb, profile.person):
        raise Http404
    return profile


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person hold a post of their employer."""
    profile = _profile_for(request, pk, "credentials.give_post")
    form = GiveForm(request.POST, posts=offered_to(profile.person))
    if form.is_valid():
        try:
            give_post(person=profile.person, actor=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s holds this post now.") % {"name": profile.person.name})
            return redirect("talent:person", pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
            form.add_error(None, str(refusal))
    return _show(request, profile, give_form=form)


@require_POST
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """Record by which route somebody came."""
    profile = _profile_for(request, pk, "credentials.record_route")
    form = RouteForm(request.POST)
    if form.is_valid():
        try:
            record_route(person=profile.person, actor=request.user, **form.cleaned_data)
            messages.success(request, _("The route is recorded."))
            return redirect("talent:person", pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
            form.add_error(None, str(refusal))
    return _show(request, profile, route_form=form)
