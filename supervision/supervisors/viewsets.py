"""The registry of supervisors in the Wagtail admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from core.access.scope import holds, scope_of
from core.access.states import READERS, Role
from core.attachments.actions import attachment_response, hold_files
from core.organisations.models import Organisation
from core.people.models import ServiceField
from core.people.qualifications import qualifications_of
from supervision.supervisors.actions import (
    SupervisorRefused,
    change_supervisor,
    designate,
    end_designation,
    open_document,
    register_supervisor,
    set_norm,
)
from supervision.supervisors.forms import (
    ChangeSupervisorForm,
    CreateSupervisorForm,
    DesignationForm,
    EndDesignationForm,
    NormForm,
)
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.queries import (
    fields_words,
    load_of,
    month_words,
    naming_either,
    places_words,
    registry,
    tiers_words,
)
from supervision.supervisors.states import Tier

SHOWN = 50  # names in a list of the overview; the rest stands in the registry


def trees(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations by which a list can be narrowed: all that the user reads."""
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class ForReaders:
    """A list is for administrators and auditors; that one may see one's own row is no reason for a list."""

    request: HttpRequest
    any_permission_required = ["view", "change"]

    def user_has_any_permission(self, permissions: Any) -> bool:
        return holds(self.request.user, *READERS)


class FindsPairs:
    """A list of what two people share, searched by either of them: name, pinyin, the supervisor's number. There is
    nothing else to find. `pair_path` leads to them, such as `pairing__`."""

    pair_path = ""

    def search_queryset(self: Any, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        return queryset.filter(naming_either(self.search_query, self.pair_path))

    def columns_of_pair(self, page: Callable[[Any], str], is_live: Callable[[Any], bool]) -> list[Column]:
        """Who the two are, who runs it, and how it stands; the mentee leads to its `page`."""
        return [
            TitleColumn(
                "mentee",
                label=gettext_lazy("mentee"),
                accessor="mentee",
                get_url=page,
                sort_key="mentee__pinyin",
            ),
            Column(
                "supervisor",
                label=gettext_lazy("supervisor"),
                accessor="supervisor",
                sort_key="supervisor__code",
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            StatusTagColumn(
                "state", label=gettext_lazy("state"), accessor="get_state_display", primary=is_live
            ),
        ]


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


def _supervisor(request: HttpRequest, pk: int) -> Supervisor:
    rows = registry(request.user).filter(scope_of(request.user).q("organisation", *READERS))
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def designations(request: HttpRequest, pk: int) -> HttpResponse:
    """One supervisor with the designations held, now and before; who keeps the registry adds one here."""
    supervisor = _supervisor(request, pk)
    may = request.user.has_perm("supervision.designate_supervisor", supervisor)
    if request.method == "POST" and not may:
        raise Http404
    today = timezone.localdate()
    form = DesignationForm(
        request.POST or None, request.FILES or None, initial={"starts_on": today}, actor=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            designate(supervisor=supervisor, actor=request.user, **form.facts())
        except SupervisorRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The designation is recorded."))
            return redirect("supervisors:designations", supervisor.pk)
    if may:
        form.show_held(hold_files(uploads=form.uploads(), actor=request.user))
    rows = [(row, row.is_in_force(today)) for row in supervisor.designations.select_related("document")]
    context = {
        "supervisor": supervisor,
        "rows": rows,
        "in_force": any(in_force for _row, in_force in rows),
        "regions": "、".join(each.name for each in supervisor.regions.all()),
        "places": places_words(supervisor),
        "month": month_words(supervisor),
        "specialities": supervisor.specialities.select_related("field"),
        "qualifications": qualifications_of([supervisor.pk])[supervisor.pk],
        "fields": fields_words(supervisor),
        "form": form if may else None,
        "may_change": request.user.has_perm("supervision.change_supervisor", supervisor),
        **_head(supervisor),
    }
    return render(request, "supervision/supervisors/admin/designations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int, designation_id: int) -> HttpResponse:
    """Say on which day a designation ends."""
    supervisor = _supervisor(request, pk)
    if not request.user.has_perm("supervision.designate_supervisor", supervisor):
        raise Http404
    designation = get_object_or_404(
        supervisor.designations.select_related("supervisor__organisation"), pk=designation_id
    )
    form = EndDesignationForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_designation(designation=designation, on=form.cleaned_data["ends_on"], actor=request.user)
        except SupervisorRefused as refused:
            form.add_error("ends_on", str(refused))
        else:
            messages.success(request, _("The designation ends on that day."))
            return redirect("supervisors:designations", supervisor.pk)
    context = {"supervisor": supervisor, "designation": designation, "form": form, **_head(supervisor)}
    return render(request, "supervision/supervisors/admin/end_designation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Who is full, who is idle, the ratio against the norm, and how districts and fields are covered; an administrator
    sets the norm here."""
    if not holds(request.user, *READERS):
        raise Http404
    may = holds(request.user, Role.ADMINISTRATOR)
    if request.method == "POST" and not may:
        raise Http404
    form = (
        NormForm(request.POST or None, user=request.user, initial={"starts_on": timezone.localdate()})
        if may
        else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_norm(actor=request.user, **form.cleaned_data)
        except SupervisorRefused as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, _("The norm is set."))
            return redirect("supervisors:load")
    found = load_of(request.user)
    bars = {
        "district_bars": [
            (row.label, row.supervisors, _("%(n)s places free") % {"n": row.free}) for row in found.districts
        ],
        "field_bars": [(row.label, row.supervisors) for row in found.fields],
    }
    context = {
        "load": found,
        "form": form,
        "shown": SHOWN,
        "districts": [(row, row.is_short(found.norm)) for row in found.districts],
        **bars,
        "header_title": _("Load and coverage"),
        "header_icon": "group",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("supervisors:index"), "label": _("Supervisors")},
            {"url": "", "label": _("Load and coverage")},
        ],
    }
    return render(request, "supervision/supervisors/admin/load.html", context)


@require_safe
def document(request: HttpRequest, pk: int, designation_id: int) -> HttpResponseBase:
    """The document of a designation, for who reads the registry. That it was opened is audited."""
    rows = _supervisor(request, pk).designations.select_related("document", "supervisor__organisation")
    designation = get_object_or_404(rows.exclude(document=None), pk=designation_id)
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_document(designation=designation, actor=request.user)
    assert designation.document is not None
    return attachment_response(designation.document, download="download" in request.GET)


def _head(supervisor: Supervisor) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("supervisors:index"), "label": _("Supervisors")},
        {"url": "", "label": str(supervisor)},
    ]
    return {"header_title": str(supervisor), "header_icon": "user", "breadcrumbs_items": crumbs}


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
