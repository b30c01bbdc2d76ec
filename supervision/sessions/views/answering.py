"""One session, and the acts of the two on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.ui.acting import was_done
from supervision.sessions import actions
from supervision.sessions.forms import (
    AnswerForm,
    CancelForm,
    DisputeForm,
    ExplainForm,
    FileForm,
    NoteForm,
    ReflectionForm,
    RevisionForm,
)
from supervision.sessions.models import Session
from supervision.sessions.queries import SessionPage, page_of
from supervision.sessions.views.own import session_of


@require_safe
@never_cache
def session_detail(request: HttpRequest, session_id: int) -> HttpResponse:
    """One session. The pair reads all of it; the desk reads that it took place, how long, and of which kind."""
    return show(request, session_of(request, session_id))


@require_POST
def session_confirm(request: HttpRequest, session_id: int) -> HttpResponse:
    """The mentee agrees."""
    session = session_of(request, session_id, "supervision.confirm_session")
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    done = _("Confirmed. The minutes are credited to both of you.")
    return act_on(request, session, done, actions.confirm_session, revision=revision)


@require_POST
def session_dispute(request: HttpRequest, session_id: int) -> HttpResponse:
    """The mentee objects."""
    session = session_of(request, session_id, "supervision.dispute_session")
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return show(request, session, dispute_form=form)
    done = _("Your supervisor has been told, and will correct the record or take it back.")
    return act_on(request, session, done, actions.dispute_session, **form.cleaned_data)


@require_POST
def session_cancel(request: HttpRequest, session_id: int) -> HttpResponse:
    """The supervisor takes the record back."""
    session = session_of(request, session_id, "supervision.cancel_session")
    form = CancelForm(request.POST)
    if not form.is_valid():
        return show(request, session, cancel_form=form)
    return act_on(
        request,
        session,
        _("The record is taken back. It counts nowhere."),
        actions.cancel_session,
        **form.cleaned_data,
    )


@require_POST
def session_note(request: HttpRequest, session_id: int) -> HttpResponse:
    """Keep, change or delete one's own working note."""
    session = session_of(request, session_id, "supervision.write_note")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, session, note_form=form)
    done = _("Your note is saved.") if form.cleaned_data["text"] else _("Your note is deleted.")
    return act_on(request, session, done, actions.write_note, text=form.cleaned_data["text"])


def show(request: HttpRequest, session: Session, **forms: Any) -> HttpResponse:
    page: SessionPage = page_of(session, request.user)
    revision = {"revision": session.revision}
    context = {
        "page": page,
        "session": session,
        "confirm_form": RevisionForm(initial=revision),
        "dispute_form": DisputeForm(initial=revision),
        "cancel_form": CancelForm(initial=revision),
        "note_form": NoteForm(initial={"text": page.note.text if page.note else ""}),
        "reflection_form": ReflectionForm(initial={"text": page.reflection.text if page.reflection else ""}),
        "file_form": FileForm(),
        "refuse_form": AnswerForm(),
        "explain_form": ExplainForm(),
        **forms,
    }
    return render(request, "supervision/sessions/detail.html", context, status=422 if forms else 200)


def act_on(
    request: HttpRequest, session: Session, done: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    """Do it and go back to the session; a second click or an old page is told so, and changes nothing."""
    was_done(
        request,
        lambda: act(session=session, actor=request.user, **values),
        done,
        late=_("This was already done, or is no longer possible. The page shows how it stands now."),
        stale=_("The record has changed since you opened it. Read it again before you answer."),
    )
    return redirect(session)
