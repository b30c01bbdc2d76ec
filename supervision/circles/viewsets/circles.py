"""Circles and gatherings in the Wagtail admin: counts and minutes to read, circles to make and to close. Nothing of what
was said, and neither subject nor place."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets import AdminDateInput

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, desk_head
from core.access.scope import holds, scope_of
from core.access.states import READERS
from core.states import IllegalMove, Refused
from supervision.circles.actions import close_circle, create_circle
from supervision.circles.forms import CloseForm, DeskCircleForm
from supervision.circles.models import Circle, Gathering
from supervision.circles.queries import desk_gatherings, minutes_by_circle, parts_counted, with_counts
from supervision.circles.states import CircleState, GatheringState, Kind
from supervision.sessions.states import Mode
from supervision.supervisors.states import AT_SESSIONS, settings_of
from supervision.supervisors.viewsets import ForReaders

SHOWN = 100


def _moment(value: Any) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def desk_rows(request: HttpRequest) -> QuerySet[Circle]:
    """The circles that this user reads from the desk. One query."""
    mine = scope_of(request.user).q("organisation", *READERS)
    return with_counts(Circle.objects.visible_to(request.user).filter(mine))


class CircleFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("kind"), choices=Kind.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=CircleState.choices)

    class Meta:
        model = Circle
        fields = ["kind", "state"]


class CircleIndex(ForReaders, IndexView):
    default_ordering = "name"

    def get_base_queryset(self) -> QuerySet[Circle]:
        return desk_rows(self.request)

    def search_queryset(self, queryset: Any) -> Any:
        """By the name, and the name of the leader."""
        if not self.is_searching:
            return queryset
        plain = self.search_query.strip().lower()
        found = Q(name__icontains=plain) | Q(leader__name__icontains=plain)
        return queryset.filter(found | Q(leader__name_search__contains=plain))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        rows = list(context["object_list"])
        minutes = minutes_by_circle([row.pk for row in rows])
        for row in rows:
            row.minutes = minutes.get(row.pk, 0)
        return context

    @cached_property
    def columns(self) -> list[Column]:
        def page(circle: Circle) -> str:
            return reverse("circles:detail", args=[circle.pk])

        def places(circle: Circle) -> str:
            return f"{circle.taken} / {circle.capacity}"

        def minutes(circle: Any) -> int:
            return getattr(circle, "minutes", 0)

        return [
            TitleColumn("name", label=gettext_lazy("name"), accessor="name", get_url=page, sort_key="name"),
            Column("kind", label=gettext_lazy("kind"), accessor="get_kind_display"),
            Column(
                "leader",
                label=pgettext_lazy("circle", "leader"),
                accessor="leader",
                sort_key="leader__pinyin",
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("places", label=gettext_lazy("members"), accessor=places, sort_key="taken"),
            Column("held", label=gettext_lazy("gatherings"), sort_key="held"),
            Column("minutes", label=gettext_lazy("confirmed minutes"), accessor=minutes),
            Column(
                "next_at",
                label=gettext_lazy("next gathering"),
                accessor=lambda circle: _moment(circle.next_at),
                sort_key="next_at",
            ),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda circle: circle.is_open,
            ),
        ]


class CircleCreate(SavedByAction, CreateView):
    """Made by the action; what it refuses comes back as a sentence."""

    def save_instance(self) -> Circle:
        return create_circle(actor=self.request.user, **self.form.values())

    def get_success_url(self) -> str:
        return reverse("circles:detail", args=[self.object.pk])


def _circle(request: HttpRequest, pk: int, perm: str = "") -> Circle:
    if not holds(request.user, *READERS):
        raise Http404
    circle = get_object_or_404(desk_rows(request), pk=pk)
    if perm and not request.user.has_perm(perm, circle):
        raise Http404
    return circle


def _show(request: HttpRequest, circle: Circle, form: CloseForm, status: int = 200) -> HttpResponse:
    context = {
        "circle": circle,
        "minutes": minutes_by_circle([circle.pk]).get(circle.pk, 0),
        "members": circle.members.live().select_related("person__employer").order_by("since"),
        "gatherings": parts_counted(circle.gatherings.select_related("leader"))[:SHOWN],
        "may_close": circle.is_open and request.user.has_perm("supervision.close_circle", circle),
        "may_ask": request.user.has_perm("supervision.ask_circlereview", circle),
        "close_form": form,
        **desk_head(circle.name, "group", "circles:index", _("Circles")),
    }
    return render(request, "supervision/circles/admin/detail.html", context, status=status)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One circle with its members and gatherings as the desk may know them: when, for how many, how long."""
    return _show(request, _circle(request, pk), CloseForm())


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a circle and say why."""
    circle = _circle(request, pk, "supervision.close_circle")
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, circle, form, status=422)
    try:
        close_circle(circle=circle, actor=request.user, reason=form.cleaned_data["reason"])
    except IllegalMove:
        messages.info(request, _("This circle has ended before. Nothing was changed."))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The circle has ended, and its members have been told."))
    return redirect("circles:detail", circle.pk)


class CircleViewSet(KeptViewSet):
    model = Circle
    name = "circles"
    icon = "group"
    menu_label = gettext_lazy("Circles")
    index_view_class = CircleIndex
    add_view_class = CircleCreate
    filterset_class = CircleFilterSet
    search_fields = ("name",)
    list_per_page = 50
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"edit"}  # changed by whoever leads it

    def get_form_class(self, for_update: bool = False) -> type:
        return DeskCircleForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("circle/<int:pk>/", detail, name="detail"),
            path("circle/<int:pk>/close/", close, name="close"),
        ]


class GatheringFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=GatheringState.choices)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("kind"), field_name="circle__kind", choices=Kind.choices
    )
    mode = django_filters.ChoiceFilter(label=gettext_lazy("mode"), choices=Mode.choices)
    setting = django_filters.ChoiceFilter(label=gettext_lazy("setting"), choices=settings_of(AT_SESSIONS))
    since = django_filters.DateFilter(
        label=gettext_lazy("from"), field_name="starts_at", lookup_expr="date__gte", widget=AdminDateInput
    )
    until = django_filters.DateFilter(
        label=gettext_lazy("until"), field_name="starts_at", lookup_expr="date__lte", widget=AdminDateInput
    )

    class Meta:
        model = Gathering
        fields = ["state", "kind", "mode", "setting", "since", "until"]


class GatheringIndex(ForReaders, IndexView):
    default_ordering = "-starts_at"

    def get_base_queryset(self) -> QuerySet[Gathering]:
        user = self.request.user
        return desk_gatherings(user, scope_of(user).q("circle__organisation", *READERS))

    def search_queryset(self, queryset: Any) -> Any:
        """By the name of the circle, and of who led it. There is nothing else to find."""
        if not self.is_searching:
            return queryset
        plain = self.search_query.strip().lower()
        found = Q(circle__name__icontains=plain) | Q(leader__name__icontains=plain)
        return queryset.filter(found | Q(leader__name_search__contains=plain))

    @cached_property
    def columns(self) -> list[Column]:
        def kinds(gathering: Gathering) -> str:
            return f"{gathering.get_mode_display()} · {gathering.get_setting_display()}"

        return [
            Column(
                "starts_at",
                label=gettext_lazy("day"),
                accessor=lambda row: _moment(row.starts_at),
                sort_key="starts_at",
            ),
            TitleColumn(
                "circle",
                label=pgettext_lazy("supervision", "circle"),
                accessor="circle",
                get_url=lambda row: reverse("circles:detail", args=[row.circle_id]),
            ),
            Column("leader", label=pgettext_lazy("circle", "leader"), accessor="leader"),
            Column("minutes", label=gettext_lazy("minutes"), sort_key="minutes"),
            Column("came", label=gettext_lazy("took part"), sort_key="came"),
            Column("confirmed", label=pgettext_lazy("gathering", "confirmed"), sort_key="confirmed"),
            Column("disputed", label=pgettext_lazy("gathering", "disputed"), sort_key="disputed"),
            Column("credited", label=gettext_lazy("confirmed minutes"), sort_key="credited"),
            Column("mode", label=gettext_lazy("mode"), accessor=kinds),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_logged,
            ),
        ]


class GatheringViewSet(KeptViewSet):
    model = Gathering
    name = "gatherings"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Gatherings")
    index_view_class = GatheringIndex
    filterset_class = GatheringFilterSet
    search_fields = ("circle__name",)
    list_per_page = 50
    form_fields = ["state"]  # never shown: there is no form
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"add", "edit"}
