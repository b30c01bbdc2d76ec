"""What the pages of companion projects share: whose they are, how one is shown, and how an act is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.people.models import Person
from core.states import IllegalMove, Refused
from supervision.projects.forms import (
    DeliverableForm,
    EvaluateForm,
    StopForm,
)
from supervision.projects.models import CompanionProject
from supervision.projects.queries import page_of


def me_of(request: HttpRequest) -> Person:
    return get_object_or_404(Person.objects.select_related("user"), user=request.user.pk)


def project_of(request: HttpRequest, project_id: int, perm: str = "") -> CompanionProject:
    rows = CompanionProject.objects.visible_to(request.user).with_people()
    project = get_object_or_404(rows, pk=project_id)
    if perm and not request.user.has_perm(perm, project):
        raise Http404
    return project


def show(request: HttpRequest, project: CompanionProject, **forms: Any) -> HttpResponse:
    page = page_of(project, request.user)
    both = (
        any(row.author_id == project.supervisor_id for row in page.evaluations) and len(page.evaluations) > 1
    )
    context = {
        "page": page,
        "project": project,
        "plan_form": DeliverableForm(),
        "stop_form": StopForm(),
        "evaluate_form": EvaluateForm(),
        "may_close": page.is_supervisor and project.is_closing and both,
        **forms,
    }
    return render(request, "supervision/projects/detail.html", context, status=422 if forms else 200)


def already() -> str:
    return _("This was already done, or is no longer possible. The page shows how it stands now.")


def carry_out(
    request: HttpRequest, project: CompanionProject, done: str, act: Callable[[], object]
) -> HttpResponse:
    """Do it and go back to the project; a second click or an old page is told so, and changes nothing."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, already())
    else:
        messages.success(request, done)
    return redirect(project)
