"""The list of internships at the desk, and what its pages share."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from core.access.desk import ReadersIndex, desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from credentials.internships.models import Internship
from credentials.internships.queries import desk_internships, progress_in, waiting_for
from credentials.internships.states import InternshipState, ProofState


def crumbs(label: str) -> list[dict[str, Any]]:
    """Where an officer is: home, internships, and a page of them."""
    return desk_crumbs((reverse("internships:index"), _("Internships")), ("", label))


def require_reader(request: HttpRequest) -> None:
    if not holds(request.user, *READERS):
        raise Http404


class InternshipFilterSet(WagtailFilterSet):
    # Not a box to tick: one that is not ticked says "no", and would stand there as a filter that is on.
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("waiting for me"), method="for_me", choices=[("on", gettext_lazy("yes"))]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=InternshipState.choices)

    class Meta:
        model = Internship
        fields = ["waiting", "state"]

    def for_me(self, queryset: QuerySet[Internship], name: str, value: str) -> QuerySet[Internship]:
        return queryset.filter(pk__in=waiting_for(self.request.user).values("pk")) if value else queryset


class InternshipIndex(ReadersIndex):
    """Every internship in scope, with how many months of employment are proved."""

    model = Internship
    name = "internships"
    page_title = gettext_lazy("Internships")
    header_icon = "user"
    filterset_class = InternshipFilterSet
    search_fields = ["person__name", "person__name_search", "school"]

    def get_base_queryset(self) -> QuerySet[Internship]:
        return desk_internships(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="internships:inspect",
            ),
            Column("school", label=gettext_lazy("school")),
            Column("station", label=pgettext_lazy("internship", "place"), accessor="station.name"),
            Column("starts_on", label=gettext_lazy("from"), sort_key="starts_on"),
            Column("ends_on", label=gettext_lazy("until"), sort_key="ends_on"),
            Column("months", label=gettext_lazy("months proved"), accessor=_months),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state in (InternshipState.CONFIRMED, InternshipState.SIGNED),
            ),
        ]


def _months(row: Internship) -> str:
    if row.state != InternshipState.ENDED:
        return ""
    words = str(progress_in(row).months)
    waits = any(each.state == ProofState.DECLARED for each in row.proofs.all())
    return f"{words} · " + _("a proof waits") if waits else words
