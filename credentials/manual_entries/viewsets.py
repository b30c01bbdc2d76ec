"""Manual entries in the Wagtail admin: what waits for me, one entry with its proof, and entering one for somebody."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.audit.models import AuditEntry
from core.people.models import Person
from core.states import IllegalMove
from credentials.manual_entries.actions import (
    ManualRefused,
    accept_manual,
    confirm_manual,
    enter_manual,
    return_manual,
)
from credentials.manual_entries.forms import AcceptForm, ManualForm, ReturnForm
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import (
    beside,
    desk_manual,
    leans_on_entering,
    minutes_asked,
    to_decide,
    twins_of,
)
from credentials.manual_entries.states import ManualState, Training


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    """Where an officer is: home, manual entries, and what follows as (address, label)."""
    return desk_crumbs((reverse("manual-entries:index"), _("Manual entries")), *last)


class ManualFilterSet(WagtailFilterSet):
    # Not a box to tick: one that is not ticked says "no", and would stand there as a filter that is on.
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("waiting for me"), method="for_me", choices=[("on", gettext_lazy("yes"))]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=ManualState.choices)
    training = django_filters.ChoiceFilter(label=gettext_lazy("kind of training"), choices=Training.choices)
    occurred_on = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("days"), widget=DateRangePickerWidget
    )

    class Meta:
        model = ManualEntry
        fields = ["waiting", "state", "training", "occurred_on"]

    def for_me(self, queryset: QuerySet[ManualEntry], name: str, value: str) -> QuerySet[ManualEntry]:
        return queryset.filter(pk__in=to_decide(self.request.user).values("pk")) if value else queryset


class ManualIndex(ReadersIndex):
    """Every manual entry in scope, the newest first."""

    model = ManualEntry
    name = "manual-entries"
    page_title = gettext_lazy("Manual entries")
    header_icon = "form"
    filterset_class = ManualFilterSet
    search_fields = ["person__name", "person__name_search", "title", "organiser"]

    def get_base_queryset(self) -> QuerySet[ManualEntry]:
        return desk_manual(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="manual-entries:inspect",
            ),
            Column("title", label=gettext_lazy("what for")),
            Column("organiser", label=gettext_lazy("organiser")),
            Column("occurred_on", label=gettext_lazy("date"), sort_key="occurred_on"),
            Column("minutes", label=gettext_lazy("minutes"), sort_key="minutes"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_open,
            ),
            Column("entered_by", label=gettext_lazy("entered by"), accessor=lambda row: row.entered_by or ""),
        ]


def may_decide(request: HttpRequest, entry: ManualEntry) -> dict[str, bool]:
    """Which of the steps this officer can take now."""
    user = request.user
    return {
        "may_accept": entry.state == ManualState.REQUESTED
        and user.has_perm("credentials.accept_manualentry", entry),
        "may_confirm": entry.state == ManualState.PROPOSED
        and user.has_perm("credentials.confirm_manualentry", entry),
        "may_return": entry.is_open and user.has_perm("credentials.return_manualentry", entry),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its proof; accept it, confirm it, or return it with a reason."""
    if not holds(request.user, *READERS):
        raise Http404
    entry = get_object_or_404(desk_manual(request.user), pk=pk)
    verb = next((name for name in ("accept", "confirm", "return") if name in request.POST), "")
    accepting = AcceptForm(request.POST if verb == "accept" else None)
    returning = ReturnForm(request.POST if verb == "return" else None)
    if request.method == "POST":
        if not verb or not request.user.has_perm(f"credentials.{verb}_manualentry", entry):
            raise Http404
        form = {"accept": accepting, "return": returning}.get(verb)
        if (form is None or form.is_valid()) and _do(request, entry, verb, form.cleaned_data if form else {}):
            return redirect("manual-entries:inspect", entry.pk)
    trail = list(AuditEntry.objects.trail_of(entry))
    context = {
        "entry": entry,
        "asked": minutes_asked(trail),
        "has_opened": any(
            act.action == "credentials.open_proof" and act.user_id == request.user.pk for act in trail
        ),
        "accepting": accepting,
        "returning": returning,
        **may_decide(request, entry),
        "entered_by_me": entry.entered_by_id == request.user.pk,
        "leans": entry.state == ManualState.PROPOSED and leans_on_entering(entry, request.user),
        "twins": twins_of(entry, request.user),
        "beside": beside(entry, request.user),
        "trail": trail,
        "header_title": f"{entry.person.name} · {entry.title}",
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", entry.title)),
    }
    return render(request, "credentials/manual_entries/admin/inspect.html", context)


def _do(request: HttpRequest, entry: ManualEntry, verb: str, data: dict[str, Any]) -> bool:
    """Take the step and say what came of it; False when it was refused, so that what was typed stays."""
    try:
        if verb == "accept":
            accept_manual(entry=entry, actor=request.user, minutes=data["minutes"])
            messages.success(request, _("Entered. It waits for a second officer now."))
        elif verb == "confirm":
            confirm_manual(entry=entry, actor=request.user)
            messages.success(request, _("Confirmed: the hours are credited, and the person has been told."))
        else:
            return_manual(entry=entry, reason=data["reason"], actor=request.user)
            messages.success(request, _("Returned; the person has been told why."))
    except IllegalMove:
        messages.warning(request, _("This entry was decided in the meantime. Nothing was changed now."))
    except ManualRefused as refusal:
        messages.error(request, str(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, person_id: int) -> HttpResponse:
    """Enter hours for somebody in one's tree."""
    people = Person.objects.visible_to(request.user).select_related("employer", "user")
    person = get_object_or_404(people, pk=person_id)
    if not request.user.has_perm("credentials.enter_manualentry", person):
        raise Http404
    form = ManualForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            entry = enter_manual(
                person=person, facts=form.facts, upload=form.given("proof"), actor=request.user
            )
        except ManualRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Entered. It waits for a second officer now."))
            return redirect("manual-entries:inspect", entry.pk)
    form.hold()
    context = {
        "person": person,
        "form": form,
        "header_title": _("Enter hours"),
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", person.name)),
    }
    return render(request, "credentials/manual_entries/admin/enter.html", context)


class ManualViewSet(ViewSet):
    name = "manual-entries"
    icon = "form"
    menu_label = gettext_lazy("Manual entries")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ManualIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("enter/<int:person_id>/", enter, name="enter"),
        ]
