"""Supervision on the site: my page, a pairing, a session, and the acts of the two on it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.states import IllegalMove
from core.ui.acting import was_done
from supervision.agreements.queries import agreements_of
from supervision.evaluations.queries import evaluations_of, waiting_for, waits_elsewhere
from supervision.goals.actions import reached
from supervision.goals.models import LearningGoal
from supervision.handovers.queries import handovers_at
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair
from supervision.requests.queries import inbox_of
from supervision.sessions import actions
from supervision.sessions.forms import (
    LISTS,
    AmendForm,
    AnswerForm,
    CancelForm,
    DisputeForm,
    ExplainForm,
    FileForm,
    LogForm,
    NoteForm,
    ReflectionForm,
    RevisionForm,
    SessionForm,
    choices_of,
)
from supervision.sessions.models import Session, SessionReview
from supervision.sessions.queries import (
    SessionPage,
    days_to_record,
    draft_of,
    held_values,
    home_of,
    open_follow_ups,
    page_of,
    starting_values,
    state_label,
    with_sessions,
)
from supervision.sessions.states import TONES, Mode, SessionState, Setting
from supervision.slots.queries import glance_of, meeting_to_record, meetings_of, recording_values
from supervision.supervisors.queries import tiers_of
from supervision.wishes.queries import wishes_at

PER_PAGE = 20
Done = TypeVar("Done")
ASKED = ("day", "start", "end", "setting", "mode", "place")


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """My supervision: for a supervisor the mentees, for a mentee the supervisor and what waits for an answer."""
    found = home_of(getattr(request.user, "person", None))
    inbox = inbox_of(getattr(request.user, "person", None))
    glance = glance_of(getattr(request.user, "person", None))
    context = {"home": found, "inbox": inbox, "glance": glance, "account": account_mark(request.user)}
    context["evaluations"] = waiting_for(request.user)
    context["elsewhere"] = waits_elsewhere(request.user) if found.supervisor else []
    return render(request, "supervision/sessions/home.html", context)


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
    of_pair = is_supervisor or is_mentee
    context = {
        "reviews": list(SessionReview.objects.visible_to(request.user).with_people().filter(pairing=pairing))
        if of_pair
        else [],
        "open_actions": open_follow_ups(pairing, request.user) if of_pair else [],
        "account": account_mark(request.user),
        "pairing": pairing,
        "goals": goals,
        "reached": reached(goals),
        "goal_count": len(goals),
        "of_pair": of_pair,
        "page": page,
        "handovers": (handovers := handovers_at(pairing, request.user)),
        "left": any(row.pairing_id == pairing.pk for row in handovers),
        "evaluations": evaluations_of(pairing, request.user),
        "tiers": tiers_of(pairing.supervisor),
        "pause": None if pairing.is_active else pairing.pauses.running().first(),
        "wishes": wishes_at(pairing, request.user),
        "agreements": agreements_of(pairing, request.user),
        "meetings": meetings_of(pairing) if is_supervisor or is_mentee else None,
        "is_supervisor": is_supervisor,
        "is_mentee": is_mentee,
        "may_log": pairing.is_active and request.user.has_perm("supervision.log_session", pairing),
    }
    return render(request, "supervision/pairings/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_log(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Record a session of this pairing. What was typed before and not handed in is there again."""
    pairing = own_pairing(request, pairing_id)
    if not pairing.is_active:
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
    days, source = days_to_record(pairing, timezone.localdate())
    saved_at = initial.get("saved_at")
    context = {"form": form, "pairing": pairing, "saved_at": saved_at, "days": days, "source": source}
    context |= {"earlier": earlier, "base": base_of(saved_at), "account": account_mark(request.user)}
    known: dict[str, Any] = {"name": pairing.mentee.name, "place": str(form["place"].value() or "")}
    known |= {name: choices_of(form, name) for name in ("goals", "done")}
    context["known"] = json.dumps(known, ensure_ascii=False)
    return render(request, "supervision/sessions/log.html", context)


def asked_values(request: HttpRequest) -> dict[str, Any]:
    """What the address of the form asks it to begin with, as a planned meeting does: day, start, end, setting, mode,
    place. What is no such thing is left out; the form checks it once more."""
    asked = {name: request.GET[name].replace("\0", "")[:120] for name in ASKED if request.GET.get(name)}
    for name, words in (("setting", Setting.values), ("mode", Mode.values)):
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
    key = form.cleaned_data.get("key")
    if "base" in request.POST:
        held = draft_of(pairing, request.user)
        if (
            held is not None
            and base_of(held.saved_at) != request.POST["base"]
            and typed_of(request.POST, form) != held.values
        ):
            return HttpResponse(status=412)
    typed = typed_of(request.POST, form)
    kept = key and actions.save_draft(pairing=pairing, actor=request.user, key=key, typed=typed)
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


def account_mark(user: Any) -> str:
    """The account as the device keeps it beside what was typed: a mark that says nothing."""
    return salted_hmac("supervision.offline", str(user.pk), algorithm="sha256").hexdigest()[:24]


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


@require_POST
def session_note(request: HttpRequest, session_id: int) -> HttpResponse:
    """Keep, change or delete one's own working note."""
    session = session_of(request, session_id, "supervision.write_note")
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, session, note_form=form)
    done = _("Your note is saved.") if form.cleaned_data["text"] else _("Your note is deleted.")
    return act_on(request, session, done, actions.write_note, text=form.cleaned_data["text"])


def own_pairing(request: HttpRequest, pairing_id: int) -> Pairing:
    """A pairing in which this user is the supervisor."""
    rows = Pairing.objects.visible_to(request.user).filter(of_pair(request.user)).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    if not request.user.has_perm("supervision.log_session", pairing):
        raise Http404
    return pairing


def session_of(request: HttpRequest, session_id: int, perm: str = "") -> Session:
    """A session that the user may see; with `perm`, one of the user's own: a superuser, who may all, is not of the pair."""
    rows = Session.objects.visible_to(request.user).with_people()
    if perm:
        rows = rows.filter(of_pair(request.user, "pairing__"))
    session = get_object_or_404(rows, pk=session_id)
    if perm and not request.user.has_perm(perm, session):
        raise Http404
    return session


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


def refusable(form: SessionForm, act: Callable[[], Done]) -> Done | None:
    """What was done, or None with the refusal said at the field that it is about. Nothing typed is lost."""
    try:
        return act()
    except actions.SessionRefused as refused:
        form.add_error(refused.problems[0].field, str(refused))
    except NotPossible as refused:
        form.add_error(None, str(refused))
    return None


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
