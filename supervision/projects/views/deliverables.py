"""Deliverables on the site: what a mentee hands in, what the supervisor answers, and the files."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.states import IllegalMove, Refused
from supervision.projects import actions
from supervision.projects.forms import (
    AcceptForm,
    HandInForm,
)
from supervision.projects.models import Deliverable
from supervision.projects.queries import note_for
from supervision.projects.views.frame import already, carry_out, me_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def deliverable_detail(request: HttpRequest, deliverable_id: int) -> HttpResponse:
    """One deliverable: its files and notes; a mentee hands it in here, the supervisor answers."""
    thing = _deliverable(request, deliverable_id)
    is_supervisor = request.user.has_perm("supervision.lead_project", thing.project)
    is_mentee = thing.project.mentees.filter(user=request.user.pk).exists()
    may_hand_in = thing.is_planned and thing.project.is_open and is_mentee
    form = HandInForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST":
        if not may_hand_in:
            messages.info(request, already())
            return redirect("supervision:deliverable-detail", thing.pk)
        if form.is_valid():
            try:
                actions.hand_in_deliverable(
                    deliverable=thing,
                    person=me_of(request),
                    actor=request.user,
                    message=form.cleaned_data["message"],
                    files=form.files_given,
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            except IllegalMove:
                messages.info(request, already())
                return redirect(thing.project)
            else:
                messages.success(request, _("Handed in. The supervisor has been told."))
                return redirect(thing.project)
        form.hold()
    context = {
        "thing": thing,
        "project": thing.project,
        "files": list(thing.files.all()),
        "note": note_for(thing, request.user),
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
    return carry_out(request, thing.project, done, act)


@require_safe
def deliverable_file(request: HttpRequest, deliverable_id: int, file_id: int) -> HttpResponseBase:
    """A file of a deliverable, for the project's people."""
    thing = _deliverable(request, deliverable_id)
    found = get_object_or_404(thing.files.all(), pk=file_id)
    return attachment_response(found, download="download" in request.GET)


def _deliverable(request: HttpRequest, deliverable_id: int) -> Deliverable:
    """A deliverable of a project of mine, or one that I have handed in before I left; the desk sees how it stands with the
    project, and nothing more."""
    rows = Deliverable.objects.visible_to(request.user).select_related(
        "project__supervisor__person", "project__organisation", "handed_in_by"
    )
    thing = get_object_or_404(rows, pk=deliverable_id)
    named = (thing.project.supervisor.person, thing.handed_in_by)
    mine = any(person is not None and person.user_id == request.user.pk for person in named)
    if not mine and not thing.project.mentees.filter(user=request.user.pk).exists():
        raise Http404  # also for the operator, who has every permission
    return thing
