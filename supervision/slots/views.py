"""Planned meetings on the site: my calendar, offering and booking, proposing and answering, and the calendar files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access.limits import limited
from core.calendars.document import calendar_of as calendar_file
from core.calendars.queries import holidays_on, years_without_holidays
from core.people.models import Person
from core.states import IllegalMove
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, of_pair
from supervision.slots import actions
from supervision.slots.actions.rows import clashes_of
from supervision.slots.forms import (
    BookForm,
    CancelMeetingForm,
    OfferForm,
    PlaceForm,
    PlanForm,
    ProposeForm,
    ReasonForm,
)
from supervision.slots.models import Meeting, MeetingFeed, Slot
from supervision.slots.queries import (
    bookable_for,
    calendar_of,
    feed_entries,
    named,
    past_of,
    remarks_of,
    series_of,
    with_holidays,
)
from supervision.slots.states import MeetingState
from supervision.supervisors.models import Supervisor

PER_PAGE = 20
FETCHES_A_MINUTE = 120  # a whole station may stand behind one address
STALE = gettext_noop("This was already done, or is no longer possible. The page shows how it stands now.")


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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def slot_offer(request: HttpRequest) -> HttpResponse:
    """A supervisor offers a slot, or a series of them."""
    supervisor = get_object_or_404(
        Supervisor.objects.select_related("person__user", "organisation"), person__user=request.user.pk
    )
    last = supervisor.slots.order_by("-pk").first()
    initial = {"setting": last.setting, "place": last.place, "link": last.link} if last else {}
    form = OfferForm(request.POST or None, supervisor=supervisor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _refusable(
            form,
            lambda: actions.offer_slots(
                supervisor=supervisor,
                actor=request.user,
                plans=form.plans,
                chosen=list(form.cleaned_data["chosen"]),
                skip_clashes=form.cleaned_data["skip_clashes"],
            ),
        )
        if made:
            words = ngettext("%(n)s slot is offered.", "%(n)s slots are offered.", len(made))
            messages.success(request, words % {"n": len(made)})
            _say_left_out(request, form)
            return redirect(reverse("supervision:meeting-list") + "#offered")
    return render(request, "supervision/slots/offer.html", {"form": form, "supervisor": supervisor})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def slot_book(request: HttpRequest, slot_id: int) -> HttpResponse:
    """A mentee books an offered slot; with `?instead=` a planned meeting of the two moves to it.

    Its supervisor sees for whom it is, and withdraws it here.
    """
    slot = get_object_or_404(Slot.objects.visible_to(request.user).with_people(), pk=slot_id)
    is_own = request.user.has_perm("supervision.withdraw_slot", slot)
    if request.method == "POST" and not request.user.has_perm("supervision.book_slot", slot):
        raise Http404
    free = Slot.objects.filter(pk=slot.pk).free(timezone.now()).exists()
    old = _instead(request, slot)
    form = BookForm(
        request.POST if request.method == "POST" else None, in_series=bool(slot.series) and old is None
    )
    if request.method == "POST" and form.is_valid():
        made = _refusable(
            form,
            lambda: actions.book_slot(
                slot=slot,
                actor=request.user,
                following=bool(form.cleaned_data.get("following")),
                instead_of=old,
                text=form.cleaned_data["text"],
            ),
        )
        if made:
            words = ngettext("Booked. It stands in both calendars.", "%(n)s sessions are booked.", len(made))
            messages.success(request, words % {"n": len(made)})
            return redirect(made[0])
        free = Slot.objects.filter(pk=slot.pk).free(timezone.now()).exists()
    with_holidays([slot])
    context = {"slot": slot, "form": form, "free": free, "old": old, "is_own": is_own}
    return render(request, "supervision/slots/book.html", context)


@require_POST
def slot_withdraw(request: HttpRequest, slot_id: int) -> HttpResponse:
    """The supervisor takes a free slot back, or all free ones of its series from it on."""
    slot = get_object_or_404(Slot.objects.visible_to(request.user).with_people(), pk=slot_id)
    if not request.user.has_perm("supervision.withdraw_slot", slot):
        raise Http404
    try:
        count = actions.withdraw_slots(
            slot=slot, actor=request.user, following=request.POST.get("following") == "all"
        )
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("The slot is withdrawn.", "%(n)s slots are withdrawn.", count)
        messages.success(request, words % {"n": count})
    return redirect(reverse("supervision:meeting-list") + "#offered")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_propose(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Propose a time to the other of a pair; with `?again=` in place of one that was cancelled, missed or declined."""
    pairing = get_object_or_404(Pairing.objects.visible_to(request.user).with_people(), pk=pairing_id)
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
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    if not meeting.is_coming:
        messages.info(request, _(STALE))
        return redirect(meeting)
    return _propose(request, meeting.pairing, "move", moves=meeting)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_answer(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Answer a proposal of the other with another time."""
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    if not meeting.is_proposed or meeting.made_by.user_id == request.user.pk:
        messages.info(request, _(STALE))
        return redirect(meeting)
    return _propose(request, meeting.pairing, "answer", answers=meeting)


@require_safe
@never_cache
def meeting_detail(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting: when and where, how it stands, and what each of the two can do now."""
    return _show(request, _meeting(request, meeting_id))


@require_POST
def meeting_accept(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Agree to a proposal."""
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    done = _("Agreed. It stands in both calendars.")
    skip = request.POST.get("skip") == "clashes"
    return _act(request, meeting, done, actions.accept_meeting, skip_clashes=skip)


@require_POST
def meeting_decline(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say no to a proposal, and why."""
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, meeting, decline_form=form)
    done = _("Declined. %(name)s has been told.") % {"name": meeting.other_than(request.user).name}
    return _act(request, meeting, done, actions.decline_meeting, reason=form.cleaned_data["reason"])


@require_POST
def meeting_withdraw(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take one's proposal back."""
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    return _act(request, meeting, _("Your proposal is taken back."), actions.withdraw_meeting)


@require_POST
def meeting_cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Cancel a planned meeting, or it and all later ones of its series."""
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    form = CancelMeetingForm(request.POST, in_series=bool(meeting.series))
    if not form.is_valid():
        return _show(request, meeting, cancel_form=form)
    done = _("Cancelled. Propose another time below, so that the session is not dropped.")
    return _act(
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
    meeting = _meeting(request, meeting_id, "supervision.close_meeting")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, meeting, missed_form=form)
    done = _("Noted. Propose another time below, so that the session is not dropped.")
    return _act(request, meeting, done, actions.miss_meeting, reason=form.cleaned_data["reason"])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_place(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Correct where a planned meeting is held."""
    meeting = _meeting(request, meeting_id, "supervision.keep_meeting")
    if not meeting.is_coming:
        messages.info(request, _(STALE))
        return redirect(meeting)
    held = {name: getattr(meeting, name) for name in ("setting", "place", "link")}
    form = PlaceForm(request.POST or None, meeting=meeting, initial=held)
    if request.method == "POST" and form.is_valid():
        changed = _refusable(
            form, lambda: actions.change_place(meeting=meeting, actor=request.user, **form.cleaned_data)
        )
        if changed is not None:
            messages.success(request, _("Changed. The other of you has been told."))
            return redirect(meeting)
    return render(request, "supervision/slots/place.html", {"form": form, "meeting": meeting})


@require_safe
def meeting_ics(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting as a file for a calendar."""
    meeting = _meeting(request, meeting_id)
    person: Person | None = getattr(request.user, "person", None)
    if meeting.planned_at is None or person is None:
        raise Http404
    answer = _calendar(calendar_file(*named([meeting], person.pk), product="Supervision"))
    answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.day:%Y%m%d}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting_subscribe(request: HttpRequest) -> HttpResponse:
    """The address of one's supervision calendar, made when it is first asked for, and how a phone subscribes to it."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    feed = MeetingFeed.objects.visible_to(request.user).first()
    if request.method == "POST":
        actions.renew_meeting_feed(actor=request.user, person=person)
        made = _("Your calendar has its address now.")
        again = _("Your calendar has a new address. An older one no longer works.")
        messages.success(request, again if feed else made)
        return redirect("supervision:meeting-subscribe")
    address = (
        request.build_absolute_uri(reverse("supervision:meeting-feed", args=[feed.token])) if feed else ""
    )
    webcal = f"webcal:{address.partition(':')[2]}" if address else ""
    context = {"feed": feed, "address": address, "webcal": webcal}
    return render(request, "supervision/slots/subscribe.html", context)


@login_not_required
@require_safe
@limited("calendar", FETCHES_A_MINUTE)
def meeting_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address. Whoever knows the address may read it; it is asked for by programs."""
    found = MeetingFeed.objects.of_token(token) if token.isascii() and len(token) < 100 else None
    if found is None or not found.person.user.is_active:
        raise Http404
    answer = _calendar(calendar_file(*feed_entries(found), product="Supervision"))
    answer["Content-Disposition"] = 'inline; filename="supervision.ics"'
    etag = answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    answer = cast(HttpResponse, get_conditional_response(request, etag=etag, response=answer))
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _calendar(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _meeting(request: HttpRequest, pk: int, perm: str = "") -> Meeting:
    """A meeting of one's own: the desk reads figures elsewhere, but not where and why."""
    rows = Meeting.objects.visible_to(request.user).filter(of_pair(request.user, "pairing__"))
    meeting = get_object_or_404(rows.with_people().select_related("moves", "follows", "session"), pk=pk)
    if perm and not request.user.has_perm(perm, meeting):
        raise Http404
    return meeting


def _named_meeting(asked: str, pairing: Pairing) -> Meeting | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return pairing.meetings.filter(pk=int(asked)).first()


def _instead(request: HttpRequest, slot: Slot) -> Meeting | None:
    """The planned meeting that is to move to this slot, if the address names one."""
    asked = request.GET.get("instead", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    rows = Meeting.objects.filter(
        pairing__mentee__user=request.user.pk, pairing__supervisor=slot.supervisor_id
    )
    found = rows.planned().filter(pk=int(asked)).with_people().first()
    return found if found is not None and found.is_coming else None


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
        made = _refusable(
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
            _say_left_out(request, form)
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
    agreement = pairing.agreements.filter(state="accepted").first()
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


def _show(request: HttpRequest, meeting: Meeting, **forms: Any) -> HttpResponse:
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


def _say_left_out(request: HttpRequest, form: PlanForm) -> None:
    """Which days a series leaves out, and for which years nobody has entered holidays."""
    if form.left_out:
        days = "、".join(f"{day:%m-%d} {name}" for day, name in form.left_out.items())
        messages.info(request, _("Left out as holidays: %(days)s") % {"days": days})
    years = years_without_holidays(plan.starts_at.date() for plan in form.plans)
    if years:
        words = _("The holidays of %(years)s are not entered yet, so none were left out there.")
        messages.warning(request, words % {"years": "、".join(map(str, years))})


def _refusable(form: Any, act: Callable[[], Any]) -> Any:
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


def _act(
    request: HttpRequest, meeting: Meeting, done: str, act: Callable[..., Any], **values: Any
) -> HttpResponse:
    """Do it and go back to the meeting; a second click or an old page is told so, and changes nothing."""
    try:
        act(meeting=meeting, actor=request.user, **values)
    except IllegalMove:
        messages.info(request, _(STALE))
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(meeting)
