"""Supervision on the site: my page, a pairing, a session, and the acts of the two on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import IllegalMove, StaleState
from supervision.agreements.queries import agreements_of
from supervision.evaluations.queries import evaluations_of, waiting_for, waits_elsewhere
from supervision.goals.actions import reached
from supervision.goals.models import LearningGoal
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.requests.queries import inbox_of
from supervision.sessions import actions
from supervision.sessions.forms import (
    AmendForm,
    CancelForm,
    DisputeForm,
    LogForm,
    NoteForm,
    RevisionForm,
    SessionForm,
)
from supervision.sessions.models import Session
from supervision.sessions.queries import (
    SessionPage,
    held_values,
    home_of,
    page_of,
    starting_values,
    state_label,
    with_sessions,
)
from supervision.sessions.states import TONES, SessionState
from supervision.supervisors.queries import tiers_of

PER_PAGE = 20


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """My supervision: for a supervisor the mentees, for a mentee the supervisor and what waits for an answer."""
    found = home_of(getattr(request.user, "person", None))
    inbox = inbox_of(getattr(request.user, "person", None))
    return render(
        request,
        "supervision/sessions/home.html",
        {
            "home": found,
            "inbox": inbox,
            "evaluations": waiting_for(request.user),
            "elsewhere": waits_elsewhere(request.user) if found.supervisor else [],
        },
    )


@require_safe
@never_cache
def pairing_detail(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """One pairing: who, for what, since when, and its sessions without what was said in them."""
    rows = with_sessions(Pairing.objects.visible_to(request.user))
    pairing = get_object_or_404(rows, pk=pairing_id)
    page = Paginator(pairing.sessions.all(), PER_PAGE).get_page(request.GET.get("page"))
    is_mentee = pairing.mentee.user_id == request.user.pk
    for session in page:
        session.label = state_label(session, for_mentee=is_mentee)  # type: ignore[attr-defined]
        session.tone = TONES[SessionState(session.state)]  # type: ignore[attr-defined]
    goals = list(
        LearningGoal.objects.visible_to(request.user).filter(pairing=pairing).select_related("competency")
    )
    is_supervisor = pairing.supervisor.person.user_id == request.user.pk
    context = {
        "pairing": pairing,
        "goals": goals,
        "reached": reached(goals),
        "goal_count": len(goals),
        "of_pair": is_supervisor or is_mentee,
        "page": page,
        "evaluations": evaluations_of(pairing, request.user),
        "tiers": tiers_of(pairing.supervisor),
        "agreements": agreements_of(pairing, request.user),
        "is_supervisor": is_supervisor,
        "is_mentee": is_mentee,
        "may_log": pairing.is_active and request.user.has_perm("supervision.log_session", pairing),
    }
    return render(request, "supervision/pairings/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_log(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Record a session of this pairing. What was typed before and not handed in is there again."""
    pairing = _own_pairing(request, pairing_id)
    if not pairing.is_active:
        messages.info(request, _("This pairing is not active, so no session can be recorded for it."))
        return redirect(pairing)
    initial = starting_values(pairing, request.user, timezone.now()) if request.method != "POST" else {}
    form = LogForm(request.POST or None, pairing=pairing, initial=initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        session = _refusable(
            form,
            lambda: actions.log_session(
                pairing=pairing,
                actor=request.user,
                facts=form.facts,  # type: ignore[arg-type]
                written=form.written,
                key=form.cleaned_data["key"],
                note=form.cleaned_data["note"],
            ),
        )
        if session is not None:
            words = _("Recorded. %(name)s has been asked to confirm it.")
            messages.success(request, words % {"name": pairing.mentee.name})
            return redirect(session)
    context = {"form": form, "pairing": pairing, "saved_at": initial.get("saved_at")}
    return render(request, "supervision/sessions/log.html", context)


@require_POST
def session_draft(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Keep what has been typed so far; the page asks for it every few seconds."""
    pairing = _own_pairing(request, pairing_id)
    form = LogForm(request.POST, pairing=pairing)
    form.is_valid()
    key = form.cleaned_data.get("key")
    typed = {name: request.POST.get(name, "") for name in form.fields if name not in ("key", "functions")}
    typed["functions"] = request.POST.getlist("functions")[:10]  # type: ignore[assignment]
    kept = key is not None and actions.save_draft(pairing=pairing, actor=request.user, key=key, typed=typed)
    return HttpResponse(status=204 if kept else 409)


@require_safe
@never_cache
def session_detail(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session. The pair reads all of it; the desk reads that it took place, how long, and of which kind."""
    return _show(request, _session(request, session_id))


@require_POST
def session_confirm(request: HttpRequest, session_id: int) -> HttpResponse:
    """The mentee agrees."""
    session = _session(request, session_id, "supervision.confirm_session")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    done = _("Confirmed. The minutes are credited to both of you.")
    return _act(request, session, done, actions.confirm_session, revision=revision)


@require_POST
def session_dispute(request: HttpRequest, session_id: int) -> HttpResponse:
    """The mentee objects."""
    session = _session(request, session_id, "supervision.dispute_session")
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return _show(request, session, dispute_form=form)
    done = _("Your supervisor has been told, and will correct the record or take it back.")
    return _act(request, session, done, actions.dispute_session, **form.cleaned_data)


@require_POST
def session_cancel(request: HttpRequest, session_id: int) -> HttpResponse:
    """The supervisor takes the record back."""
    session = _session(request, session_id, "supervision.cancel_session")
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _show(request, session, cancel_form=form)
    return _act(
        request,
        session,
        _("The record is taken back. It counts nowhere."),
        actions.cancel_session,
        **form.cleaned_data,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_amend(request: HttpRequest, session_id: int) -> HttpResponse:
    """The supervisor corrects a record that is not confirmed; the mentee is asked again."""
    session = _session(request, session_id, "supervision.amend_session")
    if not session.is_open:
        messages.info(request, _("This record can no longer be changed. The page shows how it stands now."))
        return redirect(session)
    initial = held_values(page_of(session, request.user)) | {"revision": session.revision}
    form = AmendForm(request.POST or None, pairing=session.pairing, initial=initial)
    if request.method == "POST" and form.is_valid() and form.facts is not None:
        try:
            changed = _refusable(
                form,
                lambda: actions.amend_session(
                    session=session,
                    actor=request.user,
                    facts=form.facts,  # type: ignore[arg-type]
                    written=form.written,
                    answer=form.cleaned_data["answer"],
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


@require_POST
def session_note(request: HttpRequest, session_id: int) -> HttpResponse:
    """Keep, change or delete one's own working note."""
    session = _session(request, session_id, "supervision.write_note")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, session, note_form=form)
    done = _("Your note is saved.") if form.cleaned_data["text"] else _("Your note is deleted.")
    return _act(request, session, done, actions.write_note, text=form.cleaned_data["text"])


def _own_pairing(request: HttpRequest, pairing_id: int) -> Pairing:
    """A pairing in which this user is the supervisor."""
    rows = Pairing.objects.visible_to(request.user).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    if not request.user.has_perm("supervision.log_session", pairing):
        raise Http404
    return pairing


def _session(request: HttpRequest, session_id: int, perm: str = "") -> Session:
    session = get_object_or_404(Session.objects.visible_to(request.user).with_people(), pk=session_id)
    if perm and not request.user.has_perm(perm, session):
        raise Http404
    return session


def _show(request: HttpRequest, session: Session, **forms: Any) -> HttpResponse:
    page: SessionPage = page_of(session, request.user)
    revision = {"revision": session.revision}
    context = {
        "page": page,
        "session": session,
        "confirm_form": RevisionForm(initial=revision),
        "dispute_form": DisputeForm(initial=revision),
        "cancel_form": CancelForm(initial=revision),
        "note_form": NoteForm(initial={"text": page.note.text if page.note else ""}),
        **forms,
    }
    return render(request, "supervision/sessions/detail.html", context, status=422 if forms else 200)


def _refusable(form: SessionForm, act: Callable[[], Session]) -> Session | None:
    """The session, or None with the refusal said at the field that it is about. Nothing typed is lost."""
    try:
        return act()
    except actions.SessionRefused as refused:
        form.add_error(refused.problems[0].field, str(refused))
    except NotPossible as refused:
        form.add_error(None, str(refused))
    return None


def _act(
    request: HttpRequest, session: Session, done: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    """Do it and go back to the session; a second click or an old page is told so, and changes nothing."""
    try:
        act(session=session, actor=request.user, **values)
    except StaleState:
        messages.warning(
            request, _("The record has changed since you opened it. Read it again before you answer.")
        )
    except IllegalMove:
        messages.info(
            request, _("This was already done, or is no longer possible. The page shows how it stands now.")
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(session)
