"""One's own record: what is proved, whether one is listed in the talent pool, and the CV."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.access.limits import limited
from core.people.actions import has_consented
from core.people.models import Person, User
from core.states import Refused
from credentials.talent import actions
from credentials.talent.files import cv_answer
from credentials.talent.queries import skill_picture_of, timeline_of
from credentials.talent.states import PURPOSE


def _me(request: HttpRequest) -> Person:
    rows = Person.objects.select_related("user", "employer", "talent_profile__level")
    person = rows.filter(user=request.user.pk).first()
    if person is None:
        raise Http404
    return person


@never_cache
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Everything proved of me on one timeline, and whether I am listed in the talent pool."""
    person = _me(request)
    context = {
        "person": person,
        "profile": getattr(person, "talent_profile", None),
        "proofs": timeline_of(person),
        "skills": skill_picture_of(person),
        "is_listed": has_consented(person, PURPOSE),
    }
    return render(request, "credentials/talent/record.html", context)


@require_POST
def listing(request: HttpRequest) -> HttpResponse:
    """Agree to be listed in the talent pool, or take that back; a second click changes nothing."""
    person = _me(request)
    assert isinstance(request.user, User)
    if "agree" in request.POST:
        actions.agree_to_be_listed(person=person, actor=request.user)
        messages.success(request, _("You are listed in the talent pool now. You can leave it at any time."))
    else:
        actions.leave_list(person=person, actor=request.user)
        messages.success(request, _("You are no longer listed in the talent pool."))
    return redirect("credentials:record")


@never_cache
@require_safe
@limited("cv", 20, by_account=True)
def cv(request: HttpRequest) -> HttpResponse:
    """My CV as a PDF."""
    person = _me(request)
    try:
        return cv_answer(person.name, actions.print_cv(person=person, actor=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("credentials:record")
