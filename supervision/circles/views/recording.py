"""A gathering recorded and corrected, and one's own note on it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access.bounds import key_in
from core.people.models import Person
from supervision.circles import actions
from supervision.circles.forms import (
    LogForm,
    NoteForm,
    held_values,
    log_values,
)
from supervision.circles.models import Circle, Gathering
from supervision.circles.queries import (
    gathering_draft_of,
    gathering_page,
    lately,
    open_actions,
    people_of,
    was_sent,
)
from supervision.circles.views.gatherings import act_on, already, gathering_of, led_circle, refusable, show
from supervision.sessions.forms import choices_of
from supervision.sessions.queries import days_to_record_at, usual_span
from supervision.sessions.views.own import account_mark
from supervision.sessions.views.recording import base_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gathering_record(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Record a gathering: with `?gathering=` one that was planned. What was typed before and not handed in is there
    again."""
    circle, gathering = room_to_record(request, circle_id)
    author = leader_of(circle, gathering)
    initial = {} if request.method == "POST" else starting_values(request, circle, gathering)
    form = log_form(request, circle, gathering, initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        made = refusable(
            form,
            lambda: actions.log_gathering(
                circle=circle, gathering=gathering, actor=request.user, **said_of(form), **kept_of(form)
            ),
        )
        if made is not None:
            messages.success(request, _("Recorded. Everybody who took part has been asked to confirm."))
            return redirect(made)
        _renew_key(form)
    days, source = days_to_record_at(circle.organisation, timezone.localdate())
    saved_at = initial.get("saved_at")
    context: dict[str, Any] = {"form": form, "circle": circle, "gathering": gathering, "saved_at": saved_at}
    context |= {"days": days, "source": source, "base": base_of(saved_at), "author": author}
    context |= {"account": account_mark(request.user), "known": _known(circle, form)}
    return render(request, "supervision/circles/log.html", context)


@require_safe
def gathering_log(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """The record of a planned gathering is written in the room of its circle."""
    gathering = gathering_of(request, gathering_id, "supervision.log_gathering")
    if not gathering.is_planned:
        messages.info(request, already())
        return redirect(gathering)
    address = reverse("supervision:gathering-record", args=[gathering.circle_id])
    return redirect(f"{address}?gathering={gathering.pk}")


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
        circle=gathering.circle,
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
                late_reason=form.cleaned_data["late_reason"],
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


def room_to_record(request: HttpRequest, circle_id: int) -> tuple[Circle, Gathering | None]:
    """The circle, and the planned gathering that is recorded, if one is named; this user led it."""
    asked = request.POST.get("gathering") or request.GET.get("gathering") or ""
    if (key := key_in(asked)) is None:
        return led_circle(request, circle_id), None
    gathering = gathering_of(request, key, "supervision.log_gathering")
    if gathering.circle_id != circle_id or gathering.leader.user_id != request.user.pk:
        raise Http404
    return gathering.circle, gathering


def leader_of(circle: Circle, gathering: Gathering | None) -> Person:
    return gathering.leader if gathering else circle.leader


def log_form(
    request: HttpRequest, circle: Circle, gathering: Gathering | None, initial: dict[str, Any] | None = None
) -> LogForm:
    """The form with whom it can tick: of a planned gathering the members of that time, else of the last weeks."""
    now = timezone.now()
    span = (gathering.starts_at, gathering.ends_at) if gathering else lately(now)
    return LogForm(
        request.POST if request.method == "POST" else None,
        people=people_of(gathering, circle, leader_of(circle, gathering).pk, span),
        circle=circle,
        open_actions=open_actions(circle, request.user),
        initial=initial,
    )


def starting_values(request: HttpRequest, circle: Circle, gathering: Gathering | None) -> dict[str, Any]:
    """What the form holds when it opens: the draft of this record, or the plan, or the last hour."""
    draft = gathering_draft_of(circle, request.user, gathering)
    if draft is not None:
        return {**draft.values, "key": draft.key, "saved_at": draft.saved_at}
    return log_values(gathering, usual_span(timezone.now())) | _last_kind(circle, gathering)


def said_of(form: LogForm) -> dict[str, Any]:
    """What a form says of a gathering."""
    return {"facts": form.facts, "shared": form.shared, "came": form.came}


def kept_of(form: LogForm) -> dict[str, Any]:
    """What a form says besides."""
    data = form.cleaned_data
    done = [int(pk) for pk in data["done"]]
    return {"key": data["key"], "note": data["note"], "late_reason": data["late_reason"], "done": done}


def _renew_key(form: LogForm) -> None:
    """Another key for a form that was refused because a gathering has its key: sent once more, it is another one."""
    if was_sent(form.cleaned_data["key"]):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["key"] = str(uuid4())  # type: ignore[index]


def _known(circle: Circle, form: LogForm) -> str:
    """What the device keeps, so that the blank form can be filled without a network."""
    known: dict[str, Any] = {"name": circle.name, "done": choices_of(form, "done")}
    known["functions"] = form.local_functions
    known["people"] = [(str(each.pk), each.name) for each in form.people]
    return json.dumps(known, ensure_ascii=False)


def _last_kind(circle: Circle, gathering: Gathering | None) -> dict[str, Any]:
    """Mode, setting and functions as they were the last time."""
    last = circle.gatherings.logged().order_by("-starts_at").first()
    if last is None:
        return {"mode": circle.mode} if circle.mode else {}
    shares = {f"share_{code}": percent for code, percent in (last.shares or {}).items()}
    found: dict[str, Any] = {"mode": last.mode, "functions": last.functions, **shares}
    return found if gathering is not None else found | {"setting": last.setting}
