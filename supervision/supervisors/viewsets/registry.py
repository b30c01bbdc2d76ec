"""The list of supervisors, entering one, and changing what the registry says."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from core.access.scope import scope_of
from core.access.states import READERS
from core.people.models import ServiceField
from supervision.supervisors.actions import (
    change_supervisor,
    register_supervisor,
)
from supervision.supervisors.forms import (
    ChangeSupervisorForm,
    CreateSupervisorForm,
)
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.queries import (
    fields_words,
    places_words,
    registry,
    tiers_words,
)
from supervision.supervisors.states import Tier
from supervision.supervisors.viewsets.designations import designations, document, end
from supervision.supervisors.viewsets.lists import ForReaders, ReaderMenuItem
from supervision.supervisors.viewsets.load import load


class SupervisorFilterSet(WagtailFilterSet):
    free = django_filters.BooleanFilter(label=gettext_lazy("with a free place"), method="with_place")
    tier = django_filters.ChoiceFilter(
        label=gettext_lazy("tier today"), choices=Tier.choices, method="with_tier"
    )
    undesignated = django_filters.BooleanFilter(
        label=gettext_lazy("without a designation in force"), method="without_designation"
    )
    words = django_filters.CharFilter(
        label=gettext_lazy("population, language or dialect"), method="with_words", max_length=20
    )
    fields = django_filters.ModelChoiceFilter(
        label=gettext_lazy("service field"), queryset=ServiceField.objects.all()
    )
    month = django_filters.ChoiceFilter(
        label=gettext_lazy("this month"), method="by_month", choices=[("full", gettext_lazy("full"))]
    )
    is_active = django_filters.BooleanFilter(label=gettext_lazy("takes new mentees"))

    class Meta:
        model = Supervisor
        fields = ["free", "tier", "undesignated", "fields", "words", "month", "is_active"]

    def with_place(self, queryset: QuerySet[Supervisor], name: str, value: bool) -> QuerySet[Supervisor]:
        free = queryset.filter(is_active=True, load__lt=F("capacity"))
        return free if value else queryset.exclude(pk__in=free.values("pk"))

    def by_month(self, queryset: QuerySet[Supervisor], name: str, value: str) -> QuerySet[Supervisor]:
        return queryset.filter(pk__in=queryset.full_this_month())  # type: ignore[attr-defined]

    def with_tier(self, queryset: QuerySet[Supervisor], name: str, value: str) -> QuerySet[Supervisor]:
        held = Designation.objects.in_force(timezone.localdate()).filter(tier=value)
        return queryset.filter(pk__in=held.values("supervisor"))

    def without_designation(
        self, queryset: QuerySet[Supervisor], name: str, value: bool
    ) -> QuerySet[Supervisor]:
        bare = Supervisor.objects.undesignated(timezone.localdate())
        return (
            queryset.filter(pk__in=bare.values("pk")) if value else queryset.exclude(pk__in=bare.values("pk"))
        )

    def with_words(self, queryset: QuerySet[Supervisor], name: str, value: str) -> QuerySet[Supervisor]:
        value = value.strip()
        return queryset.filter(Q(populations__icontains=value) | Q(languages__icontains=value))


class SupervisorIndex(ForReaders, IndexView):
    default_ordering = "code"

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        url = reverse("supervisors:load")
        more = HeaderButton(label=gettext_lazy("Load and coverage"), url=url, icon_name="group")
        return [*super().header_more_buttons, more]

    def get_base_queryset(self) -> QuerySet[Supervisor]:
        return registry(self.request.user).filter(scope_of(self.request.user).q("organisation", *READERS))

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.named(self.search_query) if self.is_searching else queryset

    def get_edit_url(self, instance: Supervisor) -> str | None:
        may = self.request.user.has_perm("supervision.change_supervisor", instance)
        return super().get_edit_url(instance) if may else None

    @cached_property
    def columns(self) -> list[Column]:
        def page(supervisor: Supervisor) -> str:
            return reverse("supervisors:designations", args=[supervisor.pk])

        return [
            TitleColumn("code", label=gettext_lazy("number"), accessor=str, get_url=page, sort_key="code"),
            Column(
                "organisation",
                label=gettext_lazy("organisation"),
                accessor="organisation",
                sort_key="organisation__path",
            ),
            Column("tiers", label=pgettext_lazy("designation", "tier"), accessor=tiers_words),
            Column("places", label=gettext_lazy("places"), accessor=places_words, sort_key="load"),
            Column("fields", label=gettext_lazy("service fields"), accessor=fields_words),
            BooleanColumn("is_active", label=gettext_lazy("takes new mentees")),
        ]


class SupervisorCreate(SavedByAction, CreateView):
    """Saved by the action. What only the action can see (somebody was faster) comes back as a sentence."""

    def save_instance(self) -> Supervisor:
        return register_supervisor(actor=self.request.user, **self.form.entry())

    def get_success_url(self) -> str:
        return reverse("supervisors:designations", args=[self.object.pk])


class SupervisorEdit(SavedByAction, ScopedEditView):
    refused_field = "capacity"

    def save_instance(self) -> Supervisor:
        return change_supervisor(supervisor=self.object, actor=self.request.user, **self.form.entry())

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        url = reverse("supervisors:designations", args=[self.object.pk])
        return [HeaderButton(label=gettext_lazy("Designations"), url=url, icon_name="list-ul")]


class SupervisorViewSet(KeptViewSet):
    model = Supervisor
    name = "supervisors"
    icon = "user"
    menu_label = gettext_lazy("Supervisors")
    index_view_class = SupervisorIndex
    add_view_class = SupervisorCreate
    edit_view_class = SupervisorEdit
    filterset_class = SupervisorFilterSet
    search_fields = ("code", "person__name", "person__name_search")
    list_per_page = 50
    menu_item_class = ReaderMenuItem

    def get_form_class(self, for_update: bool = False) -> type:
        return ChangeSupervisorForm if for_update else CreateSupervisorForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("load/", load, name="load"),
            path("designations/<int:pk>/", designations, name="designations"),
            path("designations/<int:pk>/<int:designation_id>/end/", end, name="end_designation"),
            path("designations/<int:pk>/<int:designation_id>/document/", document, name="document"),
        ]
