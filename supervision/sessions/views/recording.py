"""A session is recorded, corrected while it is not confirmed, and kept as a draft meanwhile."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.states import IllegalMove
from supervision.sessions import actions
from supervision.sessions.forms import LISTS, AmendForm, LogForm, SessionForm, choices_of
from supervision.sessions.models import Session
from supervision.sessions.queries import (
    days_to_record,
    draft_of,
    held_values,
    open_follow_ups,
    page_of,
    starting_values,
)
from supervision.sessions.states import Mode
from supervision.sessions.views.own import account_mark, own_pairing, refusable, session_of
from supervision.slots.queries import meeting_to_record, recording_values
from supervision.supervisors.states import AT_SESSIONS

ASKED = ("day", "start", "end", "setting", "mode", "place")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_log(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Record a session of this pairing. What was typed before and not handed in is there again."""
    pairing = own_pairing(request, pairing_id)
    if not pairing.is_open:
        messages.info(request, _("This pairing is not active, so no session can be recorded for it."))
        return redirect(pairing)
    now = timezone.now()
    initial = starting_values(pairing, request.user, now) if request.method != "POST" else {}
    earlier = open_follow_ups(pairing, request.user)
    initial |= asked_values(request)
    meeting = meeting_to_record(pairing, request.GET.get("meeting", ""))
    if meeting is not None and initial and str(initial.get("meeting", "")) != str(meeting.pk):
        initial |= recording_values(meeting)  # a draft that was begun for it keeps its own corrections
    form = LogForm(request.POST or None, pairing=pairing, initial=initial, open_actions=earlier)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        session = refusable(
            form,
            lambda: actions.log_session(
                pairing=pairing,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                written=form.written,
                **kept_of(form),
            ),
        )
        if session is not None:
            words = _("Recorded. %(name)s has been asked to confirm it.")
            messages.success(request, words % {"name": pairing.mentee.name})
            return redirect(session)
        renew_key(form)
    days, source = days_to_record(pairing, timezone.localdate())
    saved_at = initial.get("saved_at")
    context = {"form": form, "pairing": pairing, "saved_at": saved_at, "days": days, "source": source}
    context |= {"earlier": earlier, "base": base_of(saved_at), "account": account_mark(request.user)}
    known: dict[str, Any] = {"name": pairing.mentee.name, "place": str(form["place"].value() or "")}
    known |= {name: choices_of(form, name) for name in ("goals", "done")}
    known["functions"] = form.local_functions
    context["known"] = json.dumps(known, ensure_ascii=False)
    return render(request, "supervision/sessions/log.html", context)


def renew_key(form: LogForm) -> None:
    """Another key for a form that was refused because a session has its key: sent once more, it is another session."""
    if Session.objects.filter(key=form.cleaned_data["key"]).exists():
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["key"] = str(uuid4())  # type: ignore[index]


def asked_values(request: HttpRequest) -> dict[str, Any]:
    """What the address of the form asks it to begin with, as a planned meeting does: day, start, end, setting, mode,
    place. What is no such thing is left out; the form checks it once more."""
    asked = {name: request.GET[name].replace("\0", "")[:120] for name in ASKED if request.GET.get(name)}
    for name, words in (("setting", AT_SESSIONS), ("mode", Mode.values)):
        if asked.get(name) not in words:
            asked.pop(name, None)
    return asked


def kept_of(form: LogForm) -> dict[str, Any]:
    """What a log form says besides the facts and the content."""
    return {
        "key": form.cleaned_data["key"],
        "note": form.cleaned_data["note"],
        "meeting_id": form.cleaned_data.get("meeting"),
        "late_reason": form.cleaned_data["late_reason"],
        "done": [int(pk) for pk in form.cleaned_data["done"]],
    }


@require_POST
def session_draft(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Keep what has been typed so far; the page asks for it every few seconds.

    With `base` (when the page's draft was saved last) a draft that was changed elsewhere since is not written over: 412.
    """
    pairing = own_pairing(request, pairing_id)
    form = LogForm(request.POST, pairing=pairing)
    form.is_valid()
    key, typed = form.cleaned_data.get("key"), typed_of(request.POST, form)
    return keep_typed(
        request,
        typed,
        held=lambda: draft_of(pairing, request.user),
        keep=lambda: key and actions.save_draft(pairing=pairing, actor=request.user, key=key, typed=typed),
    )


def keep_typed(
    request: HttpRequest, typed: dict[str, Any], *, held: Callable[[], Any], keep: Callable[[], Any]
) -> HttpResponse:
    """Answer a page that sends what has been typed so far: kept (204, with the moment), or handed in already (409), or,
    by the moment `base` that the page knows, changed elsewhere since (412)."""
    if "base" in request.POST:
        known = held()
        if known is not None and base_of(known.saved_at) != request.POST["base"] and typed != known.values:
            return HttpResponse(status=412)
    kept = keep()
    if not kept:
        return HttpResponse(status=409)
    return HttpResponse(status=204, headers={"X-Saved": base_of(kept.saved_at)})


def typed_of(data: Any, form: SessionForm) -> dict[str, Any]:
    """What stands in the form, as it was typed."""
    typed: dict[str, Any] = {name: data.get(name, "") for name in form.fields if name not in ("key", *LISTS)}
    return typed | {name: data.getlist(name)[:30] for name in LISTS}


def base_of(saved_at: datetime.datetime | None) -> str:
    """A moment of saving as the page and the device keep it."""
    return saved_at.astimezone(datetime.UTC).isoformat() if saved_at else ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_amend(request: HttpRequest, session_id: int) -> HttpResponse:
    """The supervisor corrects a record that is not confirmed; the mentee is asked again."""
    session = session_of(request, session_id, "supervision.amend_session")
    if not session.is_open:
        messages.info(request, _("This record can no longer be changed. The page shows how it stands now."))
        return redirect(session)
    initial = held_values(page_of(session, request.user)) | {"revision": session.revision}
    form = AmendForm(request.POST or None, pairing=session.pairing, initial=initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        try:
            changed = refusable(
                form,
                lambda: actions.amend_session(
                    session=session,
                    actor=request.user,
                    facts=form.facts,  # type: ignore[arg-type]
                    written=form.written,
                    answer=form.cleaned_data["answer"],
                    late_reason=form.cleaned_data["late_reason"],
                    revision=form.cleaned_data["revision"],
                ),
            )
        except IllegalMove:
            form.add_error(
                None,
                _("The record changed while you wrote. Compare it with how it stands now, and send again."),
            )
            form.data = form.data.copy()  # type: ignore[attr-defined]
            session.refresh_from_db(fields=["revision", "state"])
            form.data["revision"] = str(session.revision)  # type: ignore[index]
        else:
            if changed is not None:
                words = _("Corrected. %(name)s has been asked to confirm it.")
                messages.success(request, words % {"name": session.pairing.mentee.name})
                return redirect(session)
    return render(request, "supervision/sessions/amend.html", {"form": form, "session": session})
