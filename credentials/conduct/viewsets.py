"""Conduct records in the Wagtail admin. Every look at one is audited."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from core.audit.models import AuditEntry
from core.people.models import Person
from core.people.queries import is_let_in_by
from core.states import IllegalMove
from credentials.conduct.actions import (
    ConductRefused,
    lift_conduct,
    list_conduct,
    read_conduct,
    record_conduct,
)
from credentials.conduct.forms import ConductForm, LiftForm
from credentials.conduct.models import ConductRecord
from credentials.conduct.queries import desk_conduct
from credentials.conduct.states import ConductState, Head


def _head(title: str) -> dict[str, Any]:
    return desk_head(title, "warning", "conduct:index", _("Conduct records"))


class ConductFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=ConductState.choices)
    head = django_filters.ChoiceFilter(label=gettext_lazy("what it is"), choices=Head.choices)

    class Meta:
        model = ConductRecord
        fields = ["state", "head"]


class ConductIndex(ReadersIndex):
    """Every record in scope, the latest first. What was established stands on the page of each only."""

    model = ConductRecord
    name = "conduct"
    page_title = gettext_lazy("Conduct records")
    header_icon = "warning"
    filterset_class = ConductFilterSet
    search_fields = ["person__name", "person__name_search"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        list_conduct(actor=request.user)
        return answer

    def get_base_queryset(self) -> QuerySet[ConductRecord]:
        return desk_conduct(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A record is about somebody: whoever may enter one chooses the person first, whose page leads to the form."""
        if not holds(self.request.user, Role.ADMINISTRATOR):
            return []
        label = _("Choose a person and record conduct")
        return [HeaderButton(label, url=reverse("people:index"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person", label=gettext_lazy("person"), accessor="person.name", url_name="conduct:inspect"
            ),
            Column("employer", label=gettext_lazy("employer"), accessor="person.employer"),
            Column("head", label=gettext_lazy("what it is"), accessor="get_head_display"),
            Column("occurred_on", label=gettext_lazy("day on which it happened"), sort_key="occurred_on"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state == ConductState.STANDING,
            ),
        ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One record: read it, and lift it with a reason."""
    if not holds(request.user, *READERS):
        raise Http404
    kept = get_object_or_404(desk_conduct(request.user), pk=pk)
    may_lift = kept.state == ConductState.STANDING and request.user.has_perm(
        "credentials.lift_conductrecord", kept
    )
    form = LiftForm(request.POST or None)
    if request.method == "POST":
        if not request.user.has_perm("credentials.lift_conductrecord", kept):
            raise Http404
        if form.is_valid():
            return _lift(request, kept, form.cleaned_data["reason"])
    if request.method != "HEAD":  # a form that is sent without a reason shows the record too
        read_conduct(kept=kept, actor=request.user)
    context = {
        "kept": kept,
        "form": form,
        "may_lift": may_lift,
        "is_bound": kept.state == ConductState.STANDING and is_let_in_by(request.user, kept.person),
        "recorded_by_me": kept.recorded_by_id == request.user.pk,
        "trail": AuditEntry.objects.trail_of(kept),
        **_head(kept.person.name),
    }
    return render(request, "credentials/conduct/admin/inspect.html", context)


def _lift(request: HttpRequest, kept: ConductRecord, reason: str) -> HttpResponse:
    try:
        lift_conduct(kept=kept, reason=reason, actor=request.user)
        messages.success(request, _("The record is lifted, and the person has been told why."))
    except IllegalMove:
        messages.warning(request, _("This record was lifted in the meantime. Nothing was changed now."))
    except ConductRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("conduct:inspect", kept.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Record what was established about somebody in one's tree."""
    people = Person.objects.visible_to(request.user).select_related("employer", "user")
    person = get_object_or_404(people, pk=person_id)
    if not request.user.has_perm("credentials.record_conduct", person):
        raise Http404
    form = ConductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = record_conduct(person=person, actor=request.user, **form.cleaned_data)
        except ConductRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Recorded, and the person has been told."))
            return redirect("conduct:inspect", kept.pk)
    context = {
        "person": person,
        "form": form,
        "lede": _(
            "Only what an authority has established, with its source. The person is told and can read it."
        ),
        "submit": _("Record it"),
        **_head(_("Record conduct")),
    }
    return render(request, "credentials/qualifications/admin/about_person.html", context)


class ConductViewSet(ViewSet):
    name = "conduct"
    icon = "warning"
    menu_label = gettext_lazy("Conduct records")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ConductIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("add/<int:person_id>/", add, name="add"),
        ]
