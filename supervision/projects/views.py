"""Companion projects on the site: mine, one of them with its timeline, what is handed in, and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response, hold_files
from core.people.models import Person
from core.states import IllegalMove, Refused
from supervision.circles.models import Gathering
from supervision.projects import actions
from supervision.projects.forms import (
    AcceptForm,
    DeliverableForm,
    EvaluateForm,
    HandInForm,
    NewProjectForm,
    ProjectForm,
    StopForm,
)
from supervision.projects.models import CompanionProject, Deliverable, ProjectVisit
from supervision.projects.queries import mine_of, page_of, pairings_for
from supervision.sessions.models import Session
from supervision.supervisors.models import Supervisor


@require_safe
@never_cache
def project_list(request: HttpRequest) -> HttpResponse:
    """My projects, on either side, with how far each is."""
    person = getattr(request.user, "person", None)
    is_supervisor = person is not None and Supervisor.objects.filter(pk=person.pk).exists()
    context = {"projects": mine_of(person), "is_supervisor": is_supervisor, "person": person}
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
    """One project: its goals, what is due, its visits, how far it is, and what I can do now."""
    return _show(request, _project(request, project_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def project_change(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor changes the frame of a project under way."""
    project = _project(request, project_id, "supervision.lead_project")
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
    project = _project(request, project_id, "supervision.lead_project")
    form = DeliverableForm(request.POST)
    if form.is_valid():
        try:
            actions.plan_deliverable(project=project, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            messages.success(request, _("Planned. The mentees have been told."))
            return redirect(project)
    return _show(request, project, plan_form=form)


@require_POST
def project_link(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor counts a session or a gathering as a visit."""
    project = _project(request, project_id, "supervision.lead_project")
    session = _picked(Session.objects.visible_to(request.user), request.POST.get("session", ""))
    gathering = _picked(Gathering.objects.visible_to(request.user), request.POST.get("gathering", ""))
    return _act(
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
    return _act(request, visit.project, done, lambda: actions.unlink_visit(visit=visit, actor=request.user))


@require_POST
def project_finish(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor asks for the closing evaluation, or goes on, or closes when both sides have spoken."""
    project = _project(request, project_id, "supervision.lead_project")
    to = request.POST.get("to", "")
    acts: dict[str, tuple[Callable[..., Any], str]] = {
        "finish": (actions.finish_project, _("Everybody has been asked to evaluate the project.")),
        "go_on": (actions.go_on_with_project, _("The project goes on.")),
        "close": (actions.close_project, _("The project is completed.")),
    }
    if to not in acts:
        raise Http404
    act, done = acts[to]
    return _act(request, project, done, lambda: act(project=project, actor=request.user))


@require_POST
def project_stop(request: HttpRequest, project_id: int) -> HttpResponse:
    """The supervisor ends a project before its goals are reached."""
    project = _project(request, project_id, "supervision.lead_project")
    form = StopForm(request.POST)
    if not form.is_valid():
        return _show(request, project, stop_form=form)
    reason = form.cleaned_data["reason"]
    done = _("The project is stopped, and the mentees have been told.")
    return _act(
        request,
        project,
        done,
        lambda: actions.stop_project(project=project, actor=request.user, reason=reason),
    )


@require_POST
def project_evaluate(request: HttpRequest, project_id: int) -> HttpResponse:
    """One of the project's people says at the end how it was."""
    project = _project(request, project_id)
    if not page_of(project, request.user).of_project:
        raise Http404
    form = EvaluateForm(request.POST)
    if not form.is_valid():
        return _show(request, project, evaluate_form=form)
    person, values = _me(request), form.cleaned_data
    return _act(
        request,
        project,
        _("Thank you. Your evaluation is kept."),
        lambda: actions.evaluate_project(project=project, person=person, actor=request.user, **values),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def deliverable_detail(request: HttpRequest, deliverable_id: int) -> HttpResponse:
    """One deliverable: its files and notes; a mentee hands it in here, the supervisor answers."""
    thing = _deliverable(request, deliverable_id)
    is_supervisor = request.user.has_perm("supervision.lead_project", thing.project)
    may_hand_in = thing.is_planned and thing.project.is_open and not is_supervisor
    form = HandInForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST":
        if not may_hand_in:
            messages.info(request, _already())
            return redirect("supervision:deliverable-detail", thing.pk)
        if form.is_valid():
            try:
                actions.hand_in_deliverable(
                    deliverable=thing,
                    person=_me(request),
                    actor=request.user,
                    message=form.cleaned_data["message"],
                    files=form.files_given,
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            except IllegalMove:
                messages.info(request, _already())
                return redirect(thing.project)
            else:
                messages.success(request, _("Handed in. The supervisor has been told."))
                return redirect(thing.project)
        form.show_held(hold_files(uploads=form.uploads(), actor=request.user))
    context = {
        "thing": thing,
        "project": thing.project,
        "files": list(thing.files.all()),
        "form": form if may_hand_in else None,
        "accept_form": AcceptForm() if is_supervisor and thing.is_handed_in else None,
        "is_supervisor": is_supervisor,
    }
    return render(request, "supervision/projects/deliverable.html", context)


@require_POST
def deliverable_answer(request: HttpRequest, deliverable_id: int) -> HttpResponse:
    """The supervisor accepts what was handed in, sends it back, or no longer asks for it."""
    thing = _deliverable(request, deliverable_id)
    if not request.user.has_perm("supervision.lead_project", thing.project):
        raise Http404
    form, to = AcceptForm(request.POST), request.POST.get("to", "")
    note = form.cleaned_data["note"] if form.is_valid() else ""
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "accept": (
            lambda: actions.accept_deliverable(deliverable=thing, actor=request.user, note=note),
            _("Accepted."),
        ),
        "send_back": (
            lambda: actions.send_back_deliverable(deliverable=thing, actor=request.user, note=note),
            _("Sent back, and the mentees have been told."),
        ),
        "drop": (
            lambda: actions.drop_deliverable(deliverable=thing, actor=request.user),
            _("No longer asked for."),
        ),
    }
    if to not in acts:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("The note is too long, or has signs that cannot be kept."))
        return redirect("supervision:deliverable-detail", thing.pk)
    act, done = acts[to]
    return _act(request, thing.project, done, act)


@require_safe
def deliverable_file(request: HttpRequest, deliverable_id: int, file_id: int) -> HttpResponseBase:
    """A file of a deliverable, for the project's people."""
    thing = _deliverable(request, deliverable_id)
    found = get_object_or_404(thing.files.all(), pk=file_id)
    return attachment_response(found, download="download" in request.GET)


def _me(request: HttpRequest) -> Person:
    return get_object_or_404(Person.objects.select_related("user"), user=request.user.pk)


def _picked(rows: Any, key: str) -> Any:
    """The row of this number among those that the user may see; None for anything else."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return rows.filter(pk=key).first()


def _project(request: HttpRequest, project_id: int, perm: str = "") -> CompanionProject:
    rows = CompanionProject.objects.visible_to(request.user).with_people()
    project = get_object_or_404(rows, pk=project_id)
    if perm and not request.user.has_perm(perm, project):
        raise Http404
    return project


def _deliverable(request: HttpRequest, deliverable_id: int) -> Deliverable:
    """A deliverable of a project of mine; the desk sees how it stands with the project, and nothing more."""
    rows = Deliverable.objects.visible_to(request.user).select_related(
        "project__supervisor__person", "project__organisation", "handed_in_by"
    )
    thing = get_object_or_404(rows, pk=deliverable_id)
    mentees = thing.project.mentees.filter(user=request.user.pk)
    if thing.project.supervisor.person.user_id != request.user.pk and not mentees.exists():
        raise Http404  # also for the operator, who has every permission
    return thing


def _show(request: HttpRequest, project: CompanionProject, **forms: Any) -> HttpResponse:
    page = page_of(project, request.user)
    both = any(row.author_id == project.supervisor_id for row in page.evaluations) and page.evaluated > 1
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


def _already() -> str:
    return _("This was already done, or is no longer possible. The page shows how it stands now.")


def _act(
    request: HttpRequest, project: CompanionProject, done: str, act: Callable[[], object]
) -> HttpResponse:
    """Do it and go back to the project; a second click or an old page is told so, and changes nothing."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _already())
    else:
        messages.success(request, done)
    return redirect(project)
