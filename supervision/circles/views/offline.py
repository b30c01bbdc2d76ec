"""Recording a gathering without a network: what was typed is kept, the blank form that a worker keeps, and the door for
what has waited. The worker and what the device sends are those of sessions."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.states import IllegalMove
from supervision.circles import actions
from supervision.circles.forms import LogForm, held_values
from supervision.circles.models import Gathering
from supervision.circles.queries import gathering_draft_of, gathering_page
from supervision.circles.states import GatheringState
from supervision.circles.views.recording import kept_of, leader_of, log_form, room_to_record, said_of
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import usual_span
from supervision.sessions.views.offline import (
    has_seen,
    in_conflict,
    refused_in,
    shown_of,
    words_of_form,
    worker_file,
)
from supervision.sessions.views.recording import base_of, typed_of


@login_not_required
@require_safe
def gathering_worker(request: HttpRequest) -> HttpResponse:
    """The service worker at the address of circles: it governs what lies below that."""
    return worker_file()


@login_not_required
@require_safe
def gathering_shell(request: HttpRequest) -> HttpResponse:
    """The log form of a gathering as the worker keeps it: the same for everybody, of nobody, whoever asks."""
    starts_at, ends_at = usual_span(timezone.now())
    initial = {"day": starts_at.date(), "start": starts_at.time(), "end": ends_at.time()}
    context = {"form": LogForm(people=(), circle=None, initial=initial), "elder": False}
    answer = render(request, "supervision/circles/offline.html", context)
    answer["Cache-Control"] = "no-cache"
    return answer


@require_POST
def gathering_draft(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Keep what has been typed so far; the page asks for it every few seconds. With `base` (when the page's draft was
    saved last) a draft that was changed elsewhere since is not written over: 412."""
    circle, gathering = room_to_record(request, circle_id)
    form = log_form(request, circle, gathering)
    form.is_valid()
    key, typed = form.cleaned_data.get("key"), typed_of(request.POST, form)
    if "base" in request.POST:
        held = gathering_draft_of(circle, request.user, gathering)
        if held is not None and base_of(held.saved_at) != request.POST["base"] and typed != held.values:
            return HttpResponse(status=412)
    author = leader_of(circle, gathering)
    kept = key and actions.save_gathering_draft(
        circle=circle, gathering=gathering, author=author, actor=request.user, key=key, typed=typed
    )
    if not kept:
        return HttpResponse(status=409)
    return HttpResponse(status=204, headers={"X-Saved": base_of(kept.saved_at)})


@require_POST
def gathering_sync(request: HttpRequest, circle_id: int) -> JsonResponse:
    """Take what a device has kept: recorded once; or refused in words; or shown beside what is there already.

    `force` says that the device's own is to be kept: "draft" over what was typed elsewhere, "gathering" as a correction.
    """
    circle, gathering = room_to_record(request, circle_id)
    form = log_form(request, circle, gathering)
    mine = shown_of(form, typed_of(request.POST, form))
    if not form.is_valid() or form.facts is None:
        return refused_in(mine, " ".join(words_of_form(form)))
    force = request.POST.get("force", "")
    try:
        found = actions.sync_gathering(
            circle=circle,
            gathering=gathering,
            actor=request.user,
            base=request.POST.get("base", "")[:40],
            force=bool(force),
            **said_of(form),
            **kept_of(form),
        )
        if found.other is not None and force == "gathering" and has_seen(request, found.other.revision):
            kept = _kept_mine(request, found.other, form)
            return JsonResponse({"state": "done", "url": kept.get_absolute_url()})
    except IllegalMove:
        return refused_in(mine, _("The record changed meanwhile. Look at it, and send yours again."))
    except NotPossible as refused:
        return refused_in(mine, str(refused))
    if found.gathering is not None:
        return JsonResponse({"state": "done", "url": found.gathering.get_absolute_url()})
    if found.other is not None:
        page = gathering_page(found.other, request.user)
        live = [part for part in page.parts if part.state != "removed"]
        theirs = shown_of(form, held_values(found.other, page.content, live))
        words = _("This gathering has been recorded already, with other content.")
        url, revision = found.other.get_absolute_url(), found.other.revision
        return in_conflict("gathering", words, mine, theirs, url, revision)
    assert found.draft is not None
    theirs = shown_of(form, found.draft.values)
    words = _("You went on with this record elsewhere, and have not sent that.")
    return in_conflict("draft", words, mine, theirs, request.path.replace("/sync/", "/record/"))


def _kept_mine(request: HttpRequest, other: Gathering, form: LogForm) -> Gathering:
    """Make the gathering say what the device holds: corrected while nobody has confirmed, proposed once somebody has,
    recorded anew when it was taken back."""
    said: dict[str, Any] = {"actor": request.user, "facts": form.facts, "shared": form.shared}
    if other.state == GatheringState.CANCELLED:
        more = kept_of(form) | {"key": uuid5(other.key, "again"), "came": form.came}
        return actions.log_gathering(circle=other.circle, **said, **more)
    said["revision"] = other.revision
    if other.parts.confirmed().exists():
        reason = _("Written on the device without a network; it says what I had recorded there.")
        actions.propose_gathering_amendment(gathering=other, minutes=form.came, reason=reason, **said)
        return other
    late_reason = form.cleaned_data["late_reason"]
    return actions.amend_gathering(gathering=other, came=form.came, late_reason=late_reason, **said)
