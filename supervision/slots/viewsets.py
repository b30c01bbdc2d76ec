"""Planned meetings in the Wagtail admin: figures and times to read, nothing to change, no place, no link, no sentence."""

from __future__ import annotations

import django_filters
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, desk_head
from core.access.scope import holds
from core.access.states import READERS
from supervision.pairings.models import read_from_desk
from supervision.slots.models import Meeting
from supervision.slots.queries import desk_pairings
from supervision.slots.states import MeetingState
from supervision.supervisors.states import AT_MEETINGS, settings_of
from supervision.supervisors.viewsets import FindsPairs, ForReaders

PER_PAGE = 50
SHOWN = ("all", "coming", "to_record", "nothing")


class MeetingFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=MeetingState.choices)
    setting = django_filters.ChoiceFilter(label=gettext_lazy("setting"), choices=settings_of(AT_MEETINGS))
    to_record = django_filters.BooleanFilter(label=gettext_lazy("to record"), method="is_to_record")
    since = django_filters.DateFilter(
        label=gettext_lazy("from"), field_name="starts_at", lookup_expr="date__gte", widget=AdminDateInput
    )
    until = django_filters.DateFilter(
        label=gettext_lazy("until"), field_name="starts_at", lookup_expr="date__lte", widget=AdminDateInput
    )

    class Meta:
        model = Meeting
        fields = ["state", "setting", "to_record", "since", "until"]

    def is_to_record(self, queryset: QuerySet[Meeting], name: str, value: bool) -> QuerySet[Meeting]:
        overdue = Q(state=MeetingState.PLANNED, ends_at__lte=timezone.now())
        return queryset.filter(overdue if value else ~overdue)


class MeetingIndex(FindsPairs, ForReaders, IndexView):
    pair_path = "pairing__"
    default_ordering = "-starts_at"

    def get_base_queryset(self) -> QuerySet[Meeting]:
        user = self.request.user
        return Meeting.objects.visible_to(user).filter(read_from_desk(user, "pairing__")).with_people()

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        url = reverse("supervision_meetings:by_pairing")
        return [HeaderButton(label=gettext_lazy("Planned by pairing"), url=url, icon_name="group")]

    @cached_property
    def columns(self) -> list[Column]:
        def when(meeting: Meeting) -> str:
            starts_at = timezone.localtime(meeting.starts_at)
            return f"{date_format(starts_at.date())} {starts_at:%H:%M}"

        def state(meeting: Meeting) -> str:
            return _("To record") if meeting.is_to_record else str(meeting.get_state_display())

        return [
            Column("starts_at", label=gettext_lazy("start"), accessor=when, sort_key="starts_at"),
            Column("supervisor", label=gettext_lazy("supervisor"), accessor="pairing.supervisor"),
            Column("mentee", label=gettext_lazy("mentee"), accessor="pairing.mentee"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="pairing.organisation"),
            Column("minutes", label=gettext_lazy("minutes"), accessor="minutes"),
            Column("setting", label=gettext_lazy("setting"), accessor="get_setting_display"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor=state,
                primary=lambda meeting: meeting.is_coming,
            ),
        ]


@require_safe
def by_pairing(request: HttpRequest) -> HttpResponse:
    """For each open pairing how many meetings come, wait for their record, were held, missed or cancelled."""
    if not holds(request.user, *READERS):
        raise Http404
    shown = request.GET.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    rows = desk_pairings(request.user).open()  # type: ignore[attr-defined]
    if shown == "coming":
        rows = rows.filter(coming__gt=0)
    elif shown == "to_record":
        rows = rows.filter(to_record__gt=0)
    elif shown == "nothing":
        rows = rows.filter(coming=0)
    page = Paginator(rows.order_by("-to_record", "next_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    title = _("Planned by pairing")
    words = (_("All"), _("With a session to come"), _("With a session to record"), _("With nothing planned"))
    context = {
        "page": page,
        "shown": shown,
        "choices": list(zip(SHOWN, words, strict=True)),
        **desk_head(title, "date", "supervision_meetings:index", _("Planned meetings")),
    }
    return render(request, "supervision/slots/admin/by_pairing.html", context)


class MeetingViewSet(KeptViewSet):
    model = Meeting
    name = "supervision_meetings"
    icon = "date"
    menu_label = gettext_lazy("Planned meetings")
    index_view_class = MeetingIndex
    filterset_class = MeetingFilterSet
    search_fields = ("pairing__supervisor__code",)
    list_per_page = 50
    form_fields = ["state"]  # never shown: there is no form
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"add", "edit"}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("pairings/", by_pairing, name="by_pairing")]
