"""A meeting is proposed, moved, or answered with another time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access.bounds import key_in
from supervision.pairings.models import Pairing, of_pair
from supervision.slots import actions
from supervision.slots.forms import (
    ProposeForm,
)
from supervision.slots.models import Meeting
from supervision.slots.queries import (
    bookable_for,
)
from supervision.slots.views.frame import STALE, meeting_of, refusable, say_left_out


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_propose(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Propose a time to the other of a pair; with `?again=` in place of one that was cancelled, missed or declined."""
    rows = Pairing.objects.visible_to(request.user).filter(
        of_pair(request.user)
    )  # nor the operator: it holds the link
    pairing = get_object_or_404(rows.with_people(), pk=pairing_id)
    if not request.user.has_perm("supervision.propose_meeting", pairing):
        raise Http404
    if not pairing.is_active:
        messages.info(request, _("This pairing is not active, so nothing new can be planned for it."))
        return redirect(pairing)
    before = _named_meeting(request.GET.get("again", ""), pairing)
    return _propose(request, pairing, "new", follows=before)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_move(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Ask the other to move a planned meeting; it stays as it is until the answer."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    if not meeting.is_coming:
        messages.info(request, _(STALE))
        return redirect(meeting)
    return _propose(request, meeting.pairing, "move", moves=meeting)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_answer(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Answer a proposal of the other with another time."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    if not meeting.is_proposed or meeting.made_by.user_id == request.user.pk:
        messages.info(request, _(STALE))
        return redirect(meeting)
    return _propose(request, meeting.pairing, "answer", answers=meeting)


def _named_meeting(asked: str, pairing: Pairing) -> Meeting | None:
    key = key_in(asked)
    return None if key is None else pairing.meetings.filter(pk=key).first()


def _propose(request: HttpRequest, pairing: Pairing, way: str, **tied: Meeting | None) -> HttpResponse:
    """The one form with which a time is proposed: anew, to move, or as the answer to a proposal."""
    model = next((meeting for meeting in tied.values() if meeting is not None), None)
    form = ProposeForm(
        request.POST or None,
        pairing=pairing,
        needs_text=way == "move",
        single=way == "move" or bool(model and model.moves_id),
        length=model.minutes if model else _usual_minutes(pairing),
        initial=_starting_values(pairing, model),
    )
    if request.method == "POST" and form.is_valid():
        made = refusable(
            form,
            lambda: actions.propose_meeting(
                pairing=pairing,
                actor=request.user,
                plans=form.plans,
                text=form.cleaned_data["text"],
                **tied,
            ),
        )
        if made is not None:
            other = made.other_than(request.user).name
            messages.success(request, _("Proposed. %(name)s has been asked to answer.") % {"name": other})
            say_left_out(request, form)
            return redirect(made)
    is_supervisor = pairing.supervisor.person.user_id == request.user.pk
    context = {
        "form": form,
        "pairing": pairing,
        "way": way,
        "meeting": model,
        "other": pairing.mentee if is_supervisor else pairing.supervisor.person,
        "slots": [] if is_supervisor or way == "answer" else bookable_for(pairing, tied.get("moves"))[:4],
        "instead": f"?instead={model.pk}" if model and way == "move" else "",
        "back": model.get_absolute_url() if model else pairing.get_absolute_url(),
    }
    return render(request, "supervision/slots/propose.html", context)


def _usual_minutes(pairing: Pairing) -> int:
    agreement = pairing.agreements.in_force().first()
    return agreement.minutes if agreement else 60


def _starting_values(pairing: Pairing, model: Meeting | None) -> dict[str, Any]:
    """Where the two met last, or the meeting that is moved, answered or repeated, as far as its time still comes."""
    last = model or pairing.meetings.exclude(planned_at=None).order_by("-starts_at").first()
    if last is None:
        return {}
    values: dict[str, Any] = {"setting": last.setting, "place": last.place, "link": last.link}
    starts_at = timezone.localtime(last.starts_at)
    values |= {"start": starts_at.time()}
    if model is not None and last.starts_at > timezone.now():
        values |= {"day": starts_at.date()}
    return values
