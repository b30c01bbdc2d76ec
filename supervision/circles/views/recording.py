"""A gathering recorded and corrected, and one's own note on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from supervision.circles import actions
from supervision.circles.forms import (
    LogForm,
    NoteForm,
    held_values,
    log_values,
)
from supervision.circles.models import Circle, Gathering
from supervision.circles.queries import (
    gathering_page,
    people_of,
)
from supervision.circles.views.gatherings import act_on, already, gathering_of, led_circle, refusable, show
from supervision.sessions.queries import usual_span


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_record(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Record a gathering that was not planned."""
    circle = led_circle(request, circle_id)
    return _record(request, circle, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_log(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Record a planned gathering after it has taken place."""
    gathering = gathering_of(request, gathering_id, "supervision.log_gathering")
    if not gathering.is_planned:
        messages.info(request, already())
        return redirect(gathering)
    return _record(request, gathering.circle, gathering)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_amend(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Correct a record that nobody has confirmed; everybody is asked again."""
    gathering = gathering_of(request, gathering_id, "supervision.log_gathering")
    page = gathering_page(gathering, request.user)
    if not gathering.is_logged or page.is_locked:
        words = _("A participant has confirmed it, so its facts stay. Correct single participants below.")
        messages.info(request, words if page.is_locked else already())
        return redirect(gathering)
    parts = [part for part in page.parts if part.state != "removed"]
    form = LogForm(
        request.POST or None,
        people=people_of(gathering, gathering.circle, gathering.leader_id),
        amends=True,
        initial=held_values(gathering, page.content, parts),
    )
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        changed = refusable(
            form,
            lambda: actions.amend_gathering(
                gathering=gathering,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                shared=form.shared,
                came=form.came,
                revision=form.cleaned_data["revision"],
            ),
        )
        if changed is not None:
            messages.success(request, _("Corrected. Everybody who took part has been asked again."))
            return redirect(gathering)
    context = {"form": form, "circle": gathering.circle, "gathering": gathering, "amends": True}
    return render(request, "supervision/circles/log.html", context)


@require_POST
def gathering_note(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Keep, change or delete one's own working note."""
    gathering = gathering_of(request, gathering_id)
    if not gathering_page(gathering, request.user).took_part:
        raise Http404
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, gathering, note_form=form)
    text = form.cleaned_data["text"]
    return act_on(
        request,
        gathering,
        _("Your note is saved.") if text else _("Your note is deleted."),
        lambda: actions.keep_gathering_note(gathering=gathering, actor=request.user, text=text),
    )


def _record(request: HttpRequest, circle: Circle, gathering: Gathering | None) -> HttpResponse:
    leader_id = gathering.leader_id if gathering else circle.leader_id
    people = people_of(gathering, circle, leader_id)
    initial = {}
    if request.method != "POST":
        initial = log_values(gathering, usual_span(timezone.now())) | _last_kind(circle, gathering)
    form = LogForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        made = refusable(
            form,
            lambda: actions.log_gathering(
                circle=circle,
                gathering=gathering,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                shared=form.shared,
                came=form.came,
                key=form.cleaned_data["key"],
                note=form.cleaned_data["note"],
            ),
        )
        if made is not None:
            messages.success(request, _("Recorded. Everybody who took part has been asked to confirm."))
            return redirect(made)
    context = {"form": form, "circle": circle, "gathering": gathering, "people": people}
    return render(request, "supervision/circles/log.html", context)


def _last_kind(circle: Circle, gathering: Gathering | None) -> dict[str, Any]:
    """Mode, setting and functions as they were the last time."""
    last = circle.gatherings.logged().order_by("-starts_at").first()
    if last is None:
        return {"mode": "universal"} if circle.kind == "open" else {}
    found: dict[str, Any] = {"mode": last.mode, "functions": last.functions}
    return found if gathering is not None else found | {"setting": last.setting}
