"""The hours ledger for the person it belongs to."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access.scope import Asker
from core.people.models import Person
from credentials.hours.actions import worth_now
from credentials.hours.models import HoursEntry, SkippedCredit
from credentials.hours.queries import (
    KINDS,
    HoursTotals,
    evidence_of,
    holders_for,
    progress_of,
    rests_of,
    totals_of,
)
from credentials.qualifications.queries import current_period

PER_PAGE = 20


@require_safe
def hours_list(request: HttpRequest) -> HttpResponse:
    """My hours: how far my registration period has come, totals by kind, and every entry with the way to its evidence."""
    person: Person | None = getattr(request.user, "person", None)
    rows = HoursEntry.objects.filter(person=person) if person else HoursEntry.objects.none()
    wanted = request.GET.get("kind", "")
    if wanted in KINDS:
        rows = rows.filter(kind=wanted) | rows.filter(corrects__kind=wanted)
    period = current_period(person) if person else None
    found = progress_of(period) if period else None
    context = {
        "found": found,
        "today": timezone.localdate(),
        "open_courses": worth_now(person) if person and found and not found.progress.reached else [],
        "totals": totals_of(person) if person else HoursTotals(),
        "skipped": list(SkippedCredit.objects.still(person)[:PER_PAGE]) if person else [],
        "page": Paginator(rows.select_related("rule"), PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted if wanted in KINDS else "",
    }
    return render(request, "credentials/hours/list.html", context)


def _desk_places(person: Person, reader: Asker) -> list[dict[str, Any]]:
    """Where an officer who reads somebody's entry came from. Of somebody employed outside their tree they read the entries
    that organisations of it credited, and nothing else."""
    places = [{"label": _("Hours of people"), "url": reverse("hours:people"), "icon": "users-round"}]
    if not holders_for(reader).filter(pk=person.pk).exists():
        return places
    theirs = _("Hours of %(name)s") % {"name": person.name}
    return [
        *places,
        {"label": theirs, "url": f"{reverse('hours:index')}?person={person.pk}", "icon": "clock"},
        {"label": person.name, "url": reverse("people:detail", args=[person.pk]), "icon": "user-round"},
    ]


@require_safe
def hours_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: who, when, by which rule, resting on what."""
    rows = HoursEntry.objects.visible_to(request.user).select_related(
        "rule__organisation", "organisation", "person", "corrects", "correction"
    )
    entry = get_object_or_404(rows, pk=pk)
    source = entry.corrects.source if entry.corrects else entry.source
    may_correct = entry.corrects is None and not hasattr(entry, "correction")
    evidence = (entry.corrects or entry).evidence
    context = {
        "entry": entry,
        "most": entry.rule.sharing.most_of(evidence.get("form", "")) if entry.rule else None,
        "may_correct": may_correct and request.user.has_perm("credentials.correct_hoursentry", entry),
        "correction": getattr(entry, "correction", None),
        "rests": rests_of(entry).filter(correction=None),
        "found": evidence_of(entry, request.user),
        "rests_on": source.partition(":")[0],
        "evidence": evidence,
        "is_mine": entry.person.user_id == request.user.pk,
    }
    if not context["is_mine"]:
        context["side_nav"] = _desk_places(entry.person, request.user)  # instead of the reader's own places
    return render(request, "credentials/hours/evidence.html", context)
