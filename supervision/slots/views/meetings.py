"""One meeting on the site, and what each of the two can do with it; the list of all of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.people.models import Person
from supervision.slots import actions
from supervision.slots.forms import (
    CancelMeetingForm,
    PlaceForm,
    ReasonForm,
)
from supervision.slots.queries import (
    calendar_of,
    past_of,
)
from supervision.slots.views.frame import STALE, act_on, meeting_of, refusable, show

PER_PAGE = 20


@require_safe
@never_cache
def meeting_list(request: HttpRequest) -> HttpResponse:
    """My supervision calendar from both sides; what is over stands on a page of its own."""
    person: Person | None = getattr(request.user, "person", None)
    if request.GET.get("show") == "past" and person is not None:
        page = Paginator(past_of(person), PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "supervision/slots/past.html", {"page": page, "person": person})
    context = {"calendar": calendar_of(person, request.user), "person": person}
    return render(request, "supervision/slots/list.html", context)


@require_safe
@never_cache
def meeting_detail(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting: when and where, how it stands, and what each of the two can do now."""
    return show(request, meeting_of(request, meeting_id))


@require_POST
def meeting_accept(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Agree to a proposal."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    done = _("Agreed. It stands in both calendars.")
    skip = request.POST.get("skip") == "clashes"
    return act_on(request, meeting, done, actions.accept_meeting, skip_clashes=skip)


@require_POST
def meeting_decline(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say no to a proposal, and why."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, meeting, decline_form=form)
    done = _("Declined. %(name)s has been told.") % {"name": meeting.other_than(request.user).name}
    return act_on(request, meeting, done, actions.decline_meeting, reason=form.cleaned_data["reason"])


@require_POST
def meeting_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take one's proposal back."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    return act_on(request, meeting, _("Your proposal is taken back."), actions.withdraw_meeting)


@require_POST
def meeting_cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Cancel a planned meeting, or it and all later ones of its series."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    form = CancelMeetingForm(request.POST, in_series=bool(meeting.series))
    if not form.is_valid():
        return show(request, meeting, cancel_form=form)
    done = _("Cancelled. Propose another time below, so that the session is not dropped.")
    return act_on(
        request,
        meeting,
        done,
        actions.cancel_meeting,
        reason=form.cleaned_data["reason"],
        following=bool(form.cleaned_data.get("following")),
    )


@require_POST
def meeting_missed(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The supervisor says that a meeting did not take place."""
    meeting = meeting_of(request, meeting_id, "supervision.close_meeting")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show(request, meeting, missed_form=form)
    done = _("Noted. Propose another time below, so that the session is not dropped.")
    return act_on(request, meeting, done, actions.miss_meeting, reason=form.cleaned_data["reason"])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_place(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Correct where a planned meeting is held."""
    meeting = meeting_of(request, meeting_id, "supervision.keep_meeting")
    if not meeting.is_coming:
        messages.info(request, _(STALE))
        return redirect(meeting)
    held = {name: getattr(meeting, name) for name in ("setting", "place", "link")}
    form = PlaceForm(request.POST or None, meeting=meeting, initial=held)
    if request.method == "POST" and form.is_valid():
        changed = refusable(
            form, lambda: actions.change_place(meeting=meeting, actor=request.user, **form.cleaned_data)
        )
        if changed is not None:
            messages.success(request, _("Changed. The other of you has been told."))
            return redirect(meeting)
    return render(request, "supervision/slots/place.html", {"form": form, "meeting": meeting})
