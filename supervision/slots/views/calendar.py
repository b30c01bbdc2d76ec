"""One's meetings as a calendar file, once or by an address that a phone reads again and again."""

from __future__ import annotations

import hashlib
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.limits import limited
from core.calendars.document import calendar_of as calendar_file
from core.people.models import Person
from supervision.slots import actions
from supervision.slots.models import MeetingFeed
from supervision.slots.queries import (
    feed_entries,
    named,
)
from supervision.slots.views.frame import meeting_of

FETCHES_A_MINUTE = 120  # a whole station may stand behind one address


@require_safe
def meeting_ics(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting as a file for a calendar."""
    meeting = meeting_of(request, meeting_id)
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
