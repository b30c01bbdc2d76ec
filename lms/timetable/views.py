"""One's own timetable, that of one enrolment, and the calendars that phones subscribe to."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.limits import limited
from core.calendars.document import calendar_of
from core.people.models import Person
from lms.enrolments.models import Enrolment
from lms.timetable.actions import renew_feed
from lms.timetable.models import CalendarFeed, ClassSession
from lms.timetable.queries import (
    by_day,
    classes_of_enrolment,
    feed_entries,
    my_classes,
    past,
    rows_for,
    upcoming,
)

PER_PAGE = 30
FETCHES_A_MINUTE = 120  # a whole station may stand behind one address


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My timetable: today first, then what comes; what is over on a page of its own. What I teach stands in it too."""
    person: Person | None = getattr(request.user, "person", None)
    rows = my_classes(person) if person else ClassSession.objects.none()
    return render(request, "lms/timetable/mine.html", _listed(request, rows))


@require_safe
def of_enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The timetable of the cohort of one enrolment, for those who learn in it and for the desk."""
    rows = Enrolment.objects.visible_to(request.user).learning()
    enrolment = get_object_or_404(
        rows.select_related("cohort__organisation", "version", "person"), pk=enrolment_id
    )
    context = _listed(request, classes_of_enrolment(enrolment, request.user))
    feed = CalendarFeed.objects.visible_to(request.user).filter(cohort=enrolment.cohort).first()
    context |= {
        "enrolment": enrolment,
        "is_own": enrolment.person.user_id == request.user.pk,
        "feed_url": _address(request, feed) if feed else "",
    }
    return render(request, "lms/timetable/enrolment.html", context)


def _listed(request: HttpRequest, rows: QuerySet[ClassSession]) -> dict[str, Any]:
    is_past = request.GET.get("show") == "past"
    found = past(rows) if is_past else upcoming(rows)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    days = by_day(rows_for(page.object_list, request.user))
    has_past = is_past or past(rows).exists()
    return {
        "page": page,
        "days": days,
        "is_past": is_past,
        "has_past": has_past,
        "attends": any(row.attends for _day, rows in days for row in rows),
        "today": timezone.localdate(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The address of one's calendar, made when it is first asked for, and how a phone subscribes to it."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    if request.method == "POST":
        is_first = not CalendarFeed.objects.filter(person=person).exists()
        renew_feed(actor=request.user, person=person)
        made = _("Your calendar has its address now.")
        again = _("Your calendar has a new address. An older one no longer works.")
        messages.success(request, made if is_first else again)
        return redirect("lms:timetable-subscribe")
    feed = CalendarFeed.objects.filter(person=person).first()
    address = _address(request, feed) if feed else ""
    context = {"feed": feed, "address": address, "webcal": _webcal(address)}
    return render(request, "lms/timetable/subscribe.html", context)


def _address(request: HttpRequest, feed: CalendarFeed) -> str:
    return request.build_absolute_uri(reverse("lms:timetable-feed", args=[feed.token]))


def _webcal(address: str) -> str:
    """The same address in the scheme that calendar programs answer to."""
    return f"webcal:{address.partition(':')[2]}" if address else ""


@login_not_required
@require_safe
@limited("calendar", FETCHES_A_MINUTE)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address. Whoever knows the address may read it; it is asked for by programs."""
    found = CalendarFeed.objects.of_token(token) if token.isascii() and len(token) < 100 else None
    if found is None or (found.person is not None and not found.person.user.is_active):
        raise Http404
    name, entries = feed_entries(found)
    body = calendar_of(name, entries, product="Timetable")
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="timetable.ics"'
    answer["ETag"] = etag
    answer = cast(HttpResponse, get_conditional_response(request, etag=etag, response=answer))
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
