"""The answers of those who took part, and what its leader does about single participants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from supervision.circles import actions
from supervision.circles.forms import (
    AddForm,
    CorrectForm,
    DisputeForm,
    RemoveForm,
    RevisionForm,
)
from supervision.circles.models import Participation
from supervision.circles.queries import (
    gathering_page,
)
from supervision.circles.views.gatherings import act_on, already, forgotten_of, gathering_of, show


@require_POST
def part_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The leader puts a member into the record who was forgotten."""
    gathering = gathering_of(request, gathering_id, "supervision.log_gathering")
    form = AddForm(request.POST, people=forgotten_of(gathering))
    if not form.is_valid():
        return show(request, gathering, add_form=form)
    values = {"person": form.chosen, "minutes": form.cleaned_data["minutes"]}
    values["late_reason"] = form.cleaned_data["late_reason"]
    done = _("%(name)s is in the record and has been asked to confirm.") % {"name": form.chosen.name}
    return act_on(
        request,
        gathering,
        done,
        lambda: actions.add_part(gathering=gathering, actor=request.user, **values),
    )


@require_POST
def part_confirm(request: HttpRequest, part_id: int) -> HttpResponse:
    """The participant agrees."""
    part = _part(request, part_id, "supervision.confirm_participation")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    done = _("Confirmed. Your minutes are credited.")
    return act_on(
        request,
        part.gathering,
        done,
        lambda: actions.confirm_part(part=part, actor=request.user, revision=revision),
    )


@require_POST
def part_dispute(request: HttpRequest, part_id: int) -> HttpResponse:
    """The participant objects."""
    part = _part(request, part_id, "supervision.confirm_participation")
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return show(request, part.gathering, dispute_form=form)
    values = form.cleaned_data
    done = _("Whoever led the gathering has been told, and will correct it or take you out of the record.")
    return act_on(
        request,
        part.gathering,
        done,
        lambda: actions.dispute_part(part=part, actor=request.user, **values),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def part_correct(request: HttpRequest, part_id: int) -> HttpResponse:
    """The leader corrects the minutes of one participant, or takes them out (`part_remove`)."""
    part = _part(request, part_id, "supervision.correct_participation")
    if not part.is_open:
        messages.info(request, already())
        return redirect(part.gathering)
    initial = {"minutes": part.minutes, "revision": part.revision}
    form = CorrectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = _("Corrected. %(name)s has been asked to confirm it.") % {"name": part.person.name}
        return act_on(
            request,
            part.gathering,
            done,
            lambda: actions.correct_part(part=part, actor=request.user, **values),
        )
    return _show_part(request, part, form=form)


@require_POST
def part_remove(request: HttpRequest, part_id: int) -> HttpResponse:
    """The leader takes one participant out of the record."""
    part = _part(request, part_id, "supervision.correct_participation")
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return _show_part(request, part, remove_form=form, status=422)
    values = form.cleaned_data
    done = _("Taken out of the record, and told.")
    return act_on(
        request, part.gathering, done, lambda: actions.remove_part(part=part, actor=request.user, **values)
    )


def _part(request: HttpRequest, part_id: int, perm: str) -> Participation:
    rows = Participation.objects.visible_to(request.user).select_related(
        "person__user", "gathering__circle__organisation", "gathering__circle__leader", "gathering__leader"
    )
    part = get_object_or_404(rows, pk=part_id)
    if not request.user.has_perm(perm, part):
        raise Http404
    return part


def _show_part(request: HttpRequest, part: Participation, status: int = 200, **forms: Any) -> HttpResponse:
    initial = {"minutes": part.minutes, "revision": part.revision}
    page = gathering_page(part.gathering, request.user)
    context = {
        "part": part,
        "gathering": part.gathering,
        "remarks": [each for each in page.remarks if each.part_id == part.pk],
        "form": CorrectForm(initial=initial),
        "remove_form": RemoveForm(initial={"revision": part.revision}),
        **forms,
    }
    return render(request, "supervision/circles/part.html", context, status=status)
