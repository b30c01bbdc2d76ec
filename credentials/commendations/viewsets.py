"""The register of commendations in the Wagtail admin."""

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
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.audit.models import AuditEntry
from core.imports.uploads import upload_page
from core.people.models import Person
from core.people.queries import is_let_in_by
from core.states import IllegalMove
from credentials.commendations.actions import (
    COMMENDATIONS,
    CommendationRefused,
    register_commendation,
    strike_commendation,
)
from credentials.commendations.forms import CommendationForm, StrikeForm
from credentials.commendations.models import Commendation
from credentials.commendations.queries import desk_commendations
from credentials.commendations.states import CommendationState, Rank


def crumbs(label: str) -> list[dict[str, Any]]:
    """Where an officer is: home, commendations, and a page of them."""
    return desk_crumbs((reverse("commendations:index"), _("Commendations")), ("", label))


class CommendationFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=CommendationState.choices)
    rank = django_filters.ChoiceFilter(label=gettext_lazy("rank"), choices=Rank.choices)
    year = django_filters.NumberFilter(label=gettext_lazy("year"))

    class Meta:
        model = Commendation
        fields = ["state", "rank", "year"]


class CommendationIndex(ReadersIndex):
    """Every commendation in scope, the latest first."""

    model = Commendation
    name = "commendations"
    page_title = gettext_lazy("Commendations")
    header_icon = "pick"
    filterset_class = CommendationFilterSet
    search_fields = ["person__name", "person__name_search", "title", "issuer"]

    def get_base_queryset(self) -> QuerySet[Commendation]:
        return desk_commendations(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("core.add_sheetimport"):
            return []
        return [
            HeaderButton(_("Import from a table"), url=reverse("commendations:upload"), icon_name="upload")
        ]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="commendations:inspect",
            ),
            Column("employer", label=gettext_lazy("employer"), accessor="person.employer"),
            Column("title", label=gettext_lazy("name of the commendation")),
            Column("rank", label=gettext_lazy("rank"), accessor="get_rank_display"),
            Column("issuer", label=gettext_lazy("given by")),
            Column("year", label=gettext_lazy("year"), sort_key="year"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state == CommendationState.REGISTERED,
            ),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One commendation, and striking it off with a reason."""
    if not holds(request.user, *READERS):
        raise Http404
    row = get_object_or_404(desk_commendations(request.user), pk=pk)
    may = request.user.has_perm("credentials.strike_commendation", row)
    form = StrikeForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid():
            return _strike(request, row, form.cleaned_data["reason"])
    context = {
        "row": row,
        "form": form,
        "may_strike": may and row.state == CommendationState.REGISTERED,
        "is_bound": not may and is_let_in_by(request.user, row.person),
        "trail": AuditEntry.objects.trail_of(row),
        "header_title": f"{row.person.name} · {row.title}",
        "header_icon": "pick",
        "breadcrumbs_items": crumbs(row.person.name),
    }
    return render(request, "credentials/commendations/admin/inspect.html", context)


def _strike(request: HttpRequest, row: Commendation, reason: str) -> HttpResponse:
    try:
        strike_commendation(commendation=row, reason=reason, actor=request.user)
        messages.success(request, _("Struck off; the person has been told why."))
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except CommendationRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("commendations:inspect", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Register a commendation of somebody in one's tree."""
    people = Person.objects.visible_to(request.user).select_related("employer", "user")
    person = get_object_or_404(people, pk=person_id)
    if not request.user.has_perm("credentials.register_commendation", person):
        raise Http404
    form = CommendationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = register_commendation(person=person, actor=request.user, **form.cleaned_data)
        except CommendationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Registered, and the person has been told."))
            return redirect("commendations:inspect", row.pk)
    context = {
        "person": person,
        "form": form,
        "lede": _("A title that an authority has given to this person, not to their unit."),
        "submit": _("Register it"),
        "header_title": _("Register a commendation"),
        "header_icon": "pick",
        "breadcrumbs_items": crumbs(person.name),
    }
    return render(request, "credentials/qualifications/admin/about_person.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a table of commendations."""
    return upload_page(
        request,
        kind=COMMENDATIONS,
        heading=_("Import commendations"),
        name_of=lambda file: _("Commendations: %(file)s") % {"file": file},
        crumbs=crumbs(_("Import commendations")),
    )


class CommendationViewSet(ViewSet):
    name = "commendations"
    icon = "pick"
    menu_label = gettext_lazy("Commendations")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *CommendationIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("add/<int:person_id>/", add, name="add"),
            path("upload/", upload, name="upload"),
        ]
