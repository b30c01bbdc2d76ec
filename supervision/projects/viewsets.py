"""Companion projects in the Wagtail admin: how they stand and what is overdue, to read. No notes, no files."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView

from core.access.desk import KeptViewSet, ReaderMenuItem, desk_head
from core.access.scope import holds
from core.access.states import READERS
from supervision.projects.models import CompanionProject
from supervision.projects.queries import desk_projects, page_of
from supervision.projects.states import ProjectState
from supervision.supervisors.viewsets import ForReaders


class ProjectFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=ProjectState.choices)
    overdue = django_filters.BooleanFilter(label=gettext_lazy("something is overdue"), method="is_overdue")

    class Meta:
        model = CompanionProject
        fields = ["state", "overdue"]

    def is_overdue(
        self, queryset: QuerySet[CompanionProject], name: str, value: bool
    ) -> QuerySet[CompanionProject]:
        return queryset.filter(late__gt=0) if value else queryset.filter(late=0)  # type: ignore[misc]


class ProjectIndex(ForReaders, IndexView):
    default_ordering = "-starts_on"

    def get_base_queryset(self) -> QuerySet[CompanionProject]:
        return desk_projects(self.request.user)

    def search_queryset(self, queryset: Any) -> Any:
        """By the title, the supervisor and the organisation."""
        if not self.is_searching:
            return queryset
        plain = self.search_query.strip().lower()
        found = Q(title__icontains=plain) | Q(organisation__name__icontains=plain)
        found |= Q(supervisor__code__icontains=plain) | Q(supervisor__person__name__icontains=plain)
        return queryset.filter(found | Q(supervisor__person__name_search__contains=plain))

    @cached_property
    def columns(self) -> list[Column]:
        def page(project: CompanionProject) -> str:
            return reverse("companion_projects:detail", args=[project.pk])

        def progress(project: Any) -> str:
            return f"{project.done} / {project.wanted}"

        return [
            TitleColumn(
                "title", label=gettext_lazy("title"), accessor="title", get_url=page, sort_key="title"
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column(
                "supervisor",
                label=gettext_lazy("supervisor"),
                accessor="supervisor",
                sort_key="supervisor__code",
            ),
            Column(
                "starts_on",
                label=gettext_lazy("first day"),
                accessor=lambda row: date_format(row.starts_on),
                sort_key="starts_on",
            ),
            Column(
                "ends_on",
                label=gettext_lazy("last day"),
                accessor=lambda row: date_format(row.ends_on),
                sort_key="ends_on",
            ),
            Column("progress", label=gettext_lazy("deliverables accepted"), accessor=progress),
            Column("late", label=gettext_lazy("overdue"), sort_key="late"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_open,
            ),
        ]


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One project as the desk may know it: who, what is due when and how it stands, how many visits and minutes."""
    if not holds(request.user, *READERS):
        raise Http404
    project = get_object_or_404(desk_projects(request.user), pk=pk)
    context = {
        "page": page_of(project, request.user),
        "project": project,
        **desk_head(
            project.title, "folder-open-inverse", "companion_projects:index", _("Companion projects")
        ),
    }
    return render(request, "supervision/projects/admin/detail.html", context)


class ProjectViewSet(KeptViewSet):
    model = CompanionProject
    name = "companion_projects"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Companion projects")
    index_view_class = ProjectIndex
    filterset_class = ProjectFilterSet
    search_fields = ("title",)
    list_per_page = 50
    form_fields = ["state"]  # never shown: there is no form
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"add", "edit"}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("project/<int:pk>/", detail, name="detail")]
