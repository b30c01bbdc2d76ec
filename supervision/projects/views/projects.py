"""Companion projects on the site: mine, one of them with its timeline, its visits, and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access.bounds import key_in
from core.states import Refused
from supervision.circles.models import Gathering
from supervision.projects import actions
from supervision.projects.forms import (
    DeliverableForm,
    EvaluateForm,
    NewProjectForm,
    ProjectForm,
    StopForm,
)
from supervision.projects.models import CompanionProject, ProjectLeaving, ProjectVisit
from supervision.projects.queries import left_by, left_page_of, mine_of, page_of, pairings_for
from supervision.projects.views.frame import carry_out, me_of, project_of, show
from supervision.sessions.models import Session
from supervision.supervisors.models import Supervisor


@require_safe
@never_cache
def project_list(request: HttpRequest) -> HttpResponse:
    """My projects, on either side, with how far each is, and those that I have left."""
    person = getattr(request.user, "person", None)
    is_supervisor = person is not None and Supervisor.objects.filter(pk=person.pk).exists()
    context = {
        "projects": mine_of(person),
        "left": left_by(person),
        "is_supervisor": is_supervisor,
        "person": person,
    }
    return render(request, "supervision/projects/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def project_new(request: HttpRequest) -> HttpResponse:
    """A supervisor begins to accompany a project of mentees."""
    supervisor = get_object_or_404(
        Supervisor.objects.select_related("person__user"), person__user_id=request.user.pk or 0
    )
    pairings = pairings_for(supervisor.person)
    initial = {"starts_on": timezone.localdate()}
    form = NewProjectForm(request.POST or None, pairings=pairings, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            project = actions.begin_project(supervisor=supervisor, actor=request.user, **form.values())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Begun. The mentees have been told. Now plan what it is to bring forth.")
            )
            return redirect(project)
    return render(request, "supervision/projects/new.html", {"form": form, "pairings": pairings})


@require_safe
@never_cache
def project_detail(request: HttpRequest, project_id: int) -> HttpResponse:
    """One project: its goals, what is due, its visits, how far it is, and what I can do now. Whoever has left it finds
    here what they keep of it."""
    try:
        project = project_of(request, project_id)
    except Http404:
        here = CompanionProject.objects.filter(pk=project_id)
        rows = ProjectLeaving.objects.filter(person__user=request.user.pk or 0, project__in=here)
        left = get_object_or_404(
            rows.select_related("person", "project__supervisor__person", "project__organisation")
        )
        return render(request, "supervision/projects/left.html", {"page": left_page_of(left), "left": left})
    return show(request, project)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def project_change(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor changes the frame of a project under way."""
    project = project_of(request, project_id, "supervision.lead_project")
    names = ("title", "goals", "starts_on", "ends_on")
    form = ProjectForm(request.POST or None, initial={name: getattr(project, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_project(project=project, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(project)
    return render(request, "supervision/projects/change.html", {"form": form, "project": project})


@require_POST
def project_plan(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor says what is to be handed in, until when."""
    project = project_of(request, project_id, "supervision.lead_project")
    form = DeliverableForm(request.POST)
    if form.is_valid():
        try:
            actions.plan_deliverable(project=project, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            messages.success(request, _("Planned. The mentees have been told."))
            return redirect(project)
    return show(request, project, plan_form=form)


@require_POST
def project_link(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor counts a session or a gathering as a visit."""
    project = project_of(request, project_id, "supervision.lead_project")
    session = _picked(Session.objects.visible_to(request.user), request.POST.get("session", ""))
    gathering = _picked(Gathering.objects.visible_to(request.user), request.POST.get("gathering", ""))
    return carry_out(
        request,
        project,
        _("Counted as a visit."),
        lambda: actions.link_visit(project=project, actor=request.user, session=session, gathering=gathering),
    )


@require_POST
def visit_unlink(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The supervisor no longer counts it as a visit."""
    rows: Any = ProjectVisit.objects.visible_to(request.user)
    visit = get_object_or_404(rows.select_related("project__supervisor__person"), pk=visit_id)
    if not request.user.has_perm("supervision.lead_project", visit.project):
        raise Http404
    done = _("No longer counted as a visit. The record itself stays.")
    return carry_out(
        request, visit.project, done, lambda: actions.unlink_visit(visit=visit, actor=request.user)
    )


@require_POST
def project_finish(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor asks for the closing evaluation, or goes on, or closes when both sides have spoken."""
    project = project_of(request, project_id, "supervision.lead_project")
    to = request.POST.get("to", "")
    acts: dict[str, tuple[Callable[..., Any], str]] = {
        "finish": (actions.finish_project, _("Everybody has been asked to evaluate the project.")),
        "go_on": (actions.go_on_with_project, _("The project goes on.")),
        "close": (actions.close_project, _("The project is completed.")),
    }
    if to not in acts:
        raise Http404
    act, done = acts[to]
    return carry_out(request, project, done, lambda: act(project=project, actor=request.user))


@require_POST
def project_stop(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor ends a project before its goals are reached."""
    project = project_of(request, project_id, "supervision.lead_project")
    form = StopForm(request.POST)
    if not form.is_valid():
        return show(request, project, stop_form=form)
    reason = form.cleaned_data["reason"]
    done = _("The project is stopped, and the mentees have been told.")
    return carry_out(
        request,
        project,
        done,
        lambda: actions.stop_project(project=project, actor=request.user, reason=reason),
    )


@require_POST
def project_evaluate(request: HttpRequest, project_id: int) -> HttpResponse:
    """One of the project's people says at the end how it was."""
    project = project_of(request, project_id)
    if not page_of(project, request.user).of_project:
        raise Http404
    form = EvaluateForm(request.POST)
    if not form.is_valid():
        return show(request, project, evaluate_form=form)
    person, values = me_of(request), form.cleaned_data
    return carry_out(
        request,
        project,
        _("Thank you. Your evaluation is kept."),
        lambda: actions.evaluate_project(project=project, person=person, actor=request.user, **values),
    )


def _picked(rows: Any, key: str) -> Any:
    """The row of this number among those that the user may see; None for anything else."""
    number = key_in(key)
    return None if number is None else rows.filter(pk=number).first()
