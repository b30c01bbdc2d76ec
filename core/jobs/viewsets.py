"""Jobs in the Wagtail admin: the list; each has its page on the site."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet

from core.access.predicates import reaches_desk
from core.jobs.models import Job
from core.jobs.states import OPEN, JobState


class JobFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("state"), choices=JobState.choices)

    class Meta:
        model = Job
        fields = ["state"]


class JobIndex(IndexView):
    """One's own jobs, and for administrators and auditors those of their tree; newest first."""

    model = Job
    permission_required = None
    any_permission_required = ["view"]
    page_title = _("Jobs")
    header_icon = "tasks"
    index_url_name = "jobs:index"
    index_results_url_name = "jobs:index_results"
    default_ordering = "-pk"
    filterset_class = JobFilterSet
    search_fields = ["title"]
    search_backend_name = None
    paginate_by = 30

    def user_has_any_permission(self, permissions: object) -> bool:
        """Whoever works at a desk may look at their own jobs."""
        return True

    def get_base_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.request.user).select_related("organisation", "created_by__person")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label=_("job"), get_url=lambda job: reverse("core:job", args=[job.pk])),
            StatusTagColumn(
                "state", label=_("state"), accessor="get_state_display", primary=lambda job: job.state in OPEN
            ),
            Column("progress", label=_("progress"), accessor=lambda job: f"{job.done} / {job.total}"),
            Column("created_by", label=_("started by"), accessor=lambda job: job.created_by or ""),
            Column("organisation", label=_("organisation"), accessor=lambda job: job.organisation or ""),
            DateColumn("created_at", label=_("created"), sort_key="created_at"),
        ]


class JobMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return reaches_desk(request.user)


class JobViewSet(ViewSet):
    name = "jobs"
    icon = "tasks"
    menu_label = _("Jobs")
    menu_order = 110
    menu_hook = "register_reports_menu_item"
    menu_item_class = JobMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", JobIndex.as_view(), name="index"),
            path("results/", JobIndex.as_view(results_only=True), name="index_results"),
        ]
