"""Recording without a network: the blank form that a worker keeps, the worker, and the door for what has waited."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from uuid import uuid5

from django.contrib.auth.decorators import login_not_required
from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.states import IllegalMove
from core.ui.lists import listed
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.forms import LISTS, LogForm, SessionForm
from supervision.sessions.models import Session
from supervision.sessions.queries import held_values, open_follow_ups, page_of, usual_span
from supervision.sessions.states import SessionState
from supervision.sessions.views.own import account_mark, own_pairing
from supervision.sessions.views.recording import kept_of, typed_of

WORKER = Path(__file__).resolve().parents[2] / "static/supervision/log-worker.js"
UNSAID = ("key", "revision", "gathering")


@login_not_required
@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at an address of its own: it governs what lies below that and nothing else."""
    return worker_file()


def worker_file() -> HttpResponse:
    """The worker, whose reach is decided by the address at which it is answered."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def offline_shell(request: HttpRequest) -> HttpResponse:
    """The log form as the worker keeps it: the same for everybody, of nobody, whoever asks."""
    return blank(request, "supervision/sessions/offline.html", LogForm(pairing=None, initial=usual_times()))


def usual_times() -> dict[str, Any]:
    """When a meeting that is recorded now will mostly have been."""
    starts_at, ends_at = usual_span(timezone.now())
    return {"day": starts_at.date(), "start": starts_at.time(), "end": ends_at.time()}


def blank(request: HttpRequest, template: str, form: Any) -> HttpResponse:
    """A form for the worker to keep: asked for anew each time there is a network."""
    answer = render(request, template, {"form": form, "elder": False})
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
@never_cache
def offline_ticket(request: HttpRequest) -> JsonResponse:
    """Whose sign-in the device meets, and the token with which it may send. Nobody else's records are sent with it."""
    return JsonResponse({"account": account_mark(request.user), "token": get_token(request)})


@require_POST
def session_sync(request: HttpRequest, pairing_id: int) -> JsonResponse:
    """Take what a device has kept: recorded once; or refused in words; or shown beside what is there already.

    `force` says that the device's own is to be kept: "draft" over what was typed elsewhere, "session" as a correction.
    """
    pairing = own_pairing(request, pairing_id)
    form = LogForm(request.POST, pairing=pairing, open_actions=open_follow_ups(pairing, request.user))
    mine = shown_of(form, typed_of(request.POST, form))
    if not form.is_valid() or form.facts is None:
        return refused_in(mine, " ".join(words_of_form(form)))
    force = request.POST.get("force", "")
    try:
        found = actions.sync_session(
            pairing=pairing,
            actor=request.user,
            facts=form.facts,
            written=form.written,
            base=request.POST.get("base", "")[:40],
            force=bool(force),
            **kept_of(form),
        )
        if found.other is not None and force == "session" and has_seen(request, found.other.revision):
            return taken(_kept_mine(request, found.other, form))
    except IllegalMove:
        return refused_in(mine, _("The record changed meanwhile. Look at it, and send yours again."))
    except NotPossible as refused:
        return refused_in(mine, str(refused))
    if found.session is not None:
        return taken(found.session)
    if found.other is not None:
        theirs = shown_of(form, held_values(page_of(found.other, request.user)))
        words = _("This session has been recorded already, with other content.")
        url, revision = found.other.get_absolute_url(), found.other.revision
        return in_conflict("session", words, mine, theirs, url, revision)
    assert found.draft is not None
    return draft_differs(form, mine, found.draft, request.path.replace("/sync/", "/log/"))


def _kept_mine(request: HttpRequest, other: Session, form: LogForm) -> Session:
    """Make the session say what the device holds: corrected while it waits, proposed once it is confirmed, recorded anew
    when it was taken back."""
    assert form.facts is not None
    said: dict[str, Any] = {"actor": request.user, "facts": form.facts, "written": form.written}
    late_reason = form.cleaned_data["late_reason"]
    if other.state == SessionState.CONFIRMED:
        reason = _("Written on the device without a network; it says what I had recorded there.")
        said |= {"late_reason": late_reason, "revision": other.revision}
        actions.propose_amendment(session=other, reason=reason, **said)
        return other
    if other.state == SessionState.CANCELLED:
        more = kept_of(form) | {"key": uuid5(other.key, "again")}
        return actions.log_session(pairing=other.pairing, **said, **more)
    return actions.amend_session(session=other, late_reason=late_reason, revision=other.revision, **said)


def has_seen(request: HttpRequest, revision: int) -> bool:
    """Whether the device has compared its own with the record as it is now; a device that does not say is believed."""
    return (request.POST.get("revision") or str(revision)) == str(revision)


def shown_of(form: SessionForm, values: dict[str, Any]) -> list[tuple[str, str]]:
    """What a form would hold, in words: (label, text) of all that says something."""
    rows = []
    for name, field in form.fields.items():
        value = values.get(name)
        if name in UNSAID or name.startswith(("risk_", "who_")) or value in (None, "", [], False):
            continue
        choices = dict(getattr(field, "choices", ()) or ())
        if name in LISTS and isinstance(value, list | tuple):
            text = listed(str(choices.get(each, each)) for each in value)
        elif isinstance(field, BooleanField):
            text = pgettext("ticked", "Yes")
        elif isinstance(value, datetime.time):
            text = f"{value:%H:%M}"
        else:
            text = str(choices.get(value, value))
        rows.append((str(field.label), text))
    return rows


def words_of_form(form: SessionForm) -> list[str]:
    found = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        found += [f"{label}: {error}" if label else str(error) for error in errors]
    return found


def taken(row: Any) -> JsonResponse:
    """What the device kept is recorded, here."""
    return JsonResponse({"state": "done", "url": row.get_absolute_url()})


def draft_differs(form: SessionForm, mine: list[tuple[str, str]], draft: Any, url: str) -> JsonResponse:
    """Elsewhere the person went on with the record, in a draft at this address."""
    words = _("You went on with this record elsewhere, and have not sent that.")
    return in_conflict("draft", words, mine, shown_of(form, draft.values), url)


def refused_in(mine: list[tuple[str, str]], words: str) -> JsonResponse:
    return JsonResponse({"state": "refused", "words": words, "mine": mine})


def in_conflict(
    about: str,
    words: str,
    mine: list[tuple[str, str]],
    theirs: list[tuple[str, str]],
    url: str,
    revision: int = 0,
) -> JsonResponse:
    shown = {"words": words, "mine": mine, "theirs": theirs, "url": url, "revision": revision}
    return JsonResponse({"state": "conflict", "about": about} | shown)
