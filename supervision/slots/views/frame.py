"""What the pages of meetings share: the fetch that is the right, the page, and an act with its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.calendars.queries import holidays_on, years_without_holidays
from core.states import IllegalMove
from core.templatetags.times import day as day_words
from core.ui.acting import was_done
from core.ui.lists import listed
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import of_pair
from supervision.slots import actions
from supervision.slots.actions.rows import clashes_of
from supervision.slots.forms import (
    CancelMeetingForm,
    PlanForm,
    ReasonForm,
)
from supervision.slots.models import Meeting
from supervision.slots.queries import (
    remarks_of,
    series_of,
)
from supervision.slots.states import MeetingState

STALE = gettext_noop("This was already done, or is no longer possible. The page shows how it stands now.")


def meeting_of(request: HttpRequest, pk: int, perm: str = "") -> Meeting:
    """A meeting of one's own: the desk reads figures elsewhere, but not where and why."""
    rows = Meeting.objects.visible_to(request.user).filter(of_pair(request.user, "pairing__"))
    meeting = get_object_or_404(rows.with_people().select_related("moves", "follows", "session"), pk=pk)
    if perm and not request.user.has_perm(perm, meeting):
        raise Http404
    return meeting


def show(request: HttpRequest, meeting: Meeting, **forms: Any) -> HttpResponse:
    is_supervisor = meeting.pairing.supervisor.person.user_id == request.user.pk
    together = series_of(meeting, meeting.state) if meeting.series else []
    asked = meeting.movers.proposed().first() if meeting.is_planned else None
    may_answer = (
        meeting.is_proposed
        and any(row.starts_at > timezone.now() for row in together or [meeting])
        and meeting.made_by.user_id != request.user.pk
    )
    context = {
        "meeting": meeting,
        "is_supervisor": is_supervisor,
        "clashes": _clashes(meeting, together or [meeting], request) if may_answer else [],
        "other": meeting.other_than(request.user),
        "is_mine": meeting.made_by.user_id == request.user.pk,
        "may_answer": may_answer,
        "has_begun": meeting.is_planned and meeting.starts_at <= timezone.now(),
        "holiday": holidays_on([meeting.day]).get(meeting.day, ""),
        "together": [row for row in together if row.pk != meeting.pk],
        "asked": asked,
        "after": meeting.followers.order_by("-pk").first() if meeting.is_to_repeat else None,
        "remarks": remarks_of(meeting, request.user),
        "states": MeetingState,
        "decline_form": ReasonForm(),
        "missed_form": ReasonForm(),
        "cancel_form": CancelMeetingForm(in_series=bool(meeting.series), initial={"following": ""}),
        **forms,
    }
    return render(request, "supervision/slots/detail.html", context, status=422 if forms else 200)


def _clashes(meeting: Meeting, rows: list[Meeting], request: HttpRequest) -> list[str]:
    """What is in the way of these proposals, for the reader; said before they agree."""
    besides = [meeting.moves_id] if meeting.moves_id else []
    plans = [row.plan for row in rows if row.starts_at > timezone.now()]
    return [words for words in clashes_of(meeting.pairing, plans, request.user, besides) if words]


def refusable(form: Any, act: Callable[[], Any]) -> Any:
    """What the act gives, or None with the refusal said at the field that it is about. Nothing typed is lost."""
    try:
        return act()
    except actions.MeetingRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except NotPossible as refused:
        form.add_error(None, str(refused))
    except IllegalMove:
        form.add_error(None, _(STALE))
    return None


def act_on(
    request: HttpRequest, meeting: Meeting, done: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    """Do it and go back to the meeting; a second click or an old page is told so, and changes nothing."""
    was_done(request, lambda: act(meeting=meeting, actor=request.user, **values), done, late=_(STALE))
    return redirect(meeting)


def say_left_out(request: HttpRequest, form: PlanForm) -> None:
    """Which days a series leaves out, and for which years nobody has entered holidays."""
    if form.left_out:
        days = listed(f"{day_words(day)} {name}" for day, name in form.left_out.items())
        messages.info(request, _("Left out as holidays: %(days)s") % {"days": days})
    years = years_without_holidays(plan.starts_at.date() for plan in form.plans)
    if years:
        words = _("The holidays of %(years)s are not entered yet, so none were left out there.")
        messages.warning(request, words % {"years": listed(years)})
