"""Recording a gathering without a network: what was typed is kept, the blank form that a worker keeps, and the door for
what has waited. The worker and what the device sends are those of sessions."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
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
from supervision.sessions.views.offline import (
    blank,
    draft_differs,
    has_seen,
    in_conflict,
    refused_in,
    shown_of,
    taken,
    usual_times,
    words_of_form,
    worker_file,
)
from supervision.sessions.views.recording import keep_typed, typed_of


@login_not_required
@require_safe
def gathering_worker(request: HttpRequest) -> HttpResponse:
    """The service worker at the address of circles: it governs what lies below that."""
    return worker_file()


@login_not_required
@require_safe
def gathering_shell(request: HttpRequest) -> HttpResponse:
    """The log form of a gathering as the worker keeps it: the same for everybody, of nobody, whoever asks."""
    form = LogForm(people=(), circle=None, initial=usual_times())
    return blank(request, "supervision/circles/offline.html", form)


@require_POST
def gathering_draft(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Keep what has been typed so far; the page asks for it every few seconds. With `base` (when the page's draft was
    saved last) a draft that was changed elsewhere since is not written over: 412."""
    circle, gathering = room_to_record(request, circle_id)
    form = log_form(request, circle, gathering)
    form.is_valid()
    key, typed = form.cleaned_data.get("key"), typed_of(request.POST, form)
    author = leader_of(circle, gathering)
    return keep_typed(
        request,
        typed,
        held=lambda: gathering_draft_of(circle, request.user, gathering),
        keep=lambda: (
            key
            and actions.save_gathering_draft(
                circle=circle, gathering=gathering, author=author, actor=request.user, key=key, typed=typed
            )
        ),
    )


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
            return taken(_kept_mine(request, found.other, form))
    except IllegalMove:
        return refused_in(mine, _("The record changed meanwhile. Look at it, and send yours again."))
    except NotPossible as refused:
        return refused_in(mine, str(refused))
    if found.gathering is not None:
        return taken(found.gathering)
    if found.other is not None:
        page = gathering_page(found.other, request.user)
        live = [part for part in page.parts if part.state != "removed"]
        theirs = shown_of(form, held_values(found.other, page.content, live))
        words = _("This gathering has been recorded already, with other content.")
        url, revision = found.other.get_absolute_url(), found.other.revision
        return in_conflict("gathering", words, mine, theirs, url, revision)
    assert found.draft is not None
    return draft_differs(form, mine, found.draft, request.path.replace("/sync/", "/record/"))


def _kept_mine(request: HttpRequest, other: Gathering, form: LogForm) -> Gathering:
    """Make the gathering say what the device holds: corrected while nobody has confirmed, proposed once somebody has,
    recorded anew when it was taken back."""
    said: dict[str, Any] = {"actor": request.user, "facts": form.facts, "shared": form.shared}
    if other.state == GatheringState.CANCELLED:
        more = kept_of(form) | {"key": uuid5(other.key, "again"), "came": form.came}
        return actions.log_gathering(circle=other.circle, **said, **more)
    said |= {"revision": other.revision, "late_reason": form.cleaned_data["late_reason"]}
    if other.parts.confirmed().exists():
        reason = _("Written on the device without a network; it says what I had recorded there.")
        actions.propose_gathering_amendment(gathering=other, minutes=form.came, reason=reason, **said)
        return other
    return actions.amend_gathering(gathering=other, came=form.came, **said)
