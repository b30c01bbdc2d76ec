"""One person of the pool at the desk: everything proved, and the CV taken out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.access.scope import holds
from core.access.states import READERS
from core.states import Refused
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
    profile = _profile(request, pk)
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
    }
    return render(request, "credentials/talent/admin/person.html", context)


@require_POST
def cv(request: HttpRequest, pk: int) -> HttpResponse:
    """The CV of one person as a PDF, once the purpose is said; audited with it."""
    someone = _profile(request, pk).person
    form = CvForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(" ".join(str(error) for error in form.errors["purpose"]))
        content = actions.print_cv(person=someone, actor=request.user, purpose=form.cleaned_data["purpose"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("talent:person", pk)
    return cv_answer(someone.name, content)
