"""Sessions in the Wagtail admin: figures to read, nothing to change, and nothing of what was said."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import AdminDateInput

from core.access.desk import KeptViewSet, ReaderMenuItem
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from core.ui.lists import listed
from supervision.pairings.models import read_from_desk
from supervision.sessions.models import Session
from supervision.sessions.states import Mode, SessionState
from supervision.supervisors.states import AT_SESSIONS, Form, settings_of
from supervision.supervisors.viewsets import FindsPairs, ForReaders, trees


class SessionFilterSet(WagtailFilterSet):
    organisation = OrganisationFilter(
        label=gettext_lazy("organisation, with all below it"), queryset=trees, method="below"
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=SessionState.choices)
    form = django_filters.ChoiceFilter(label=gettext_lazy("form"), choices=Form.choices)
    mode = django_filters.ChoiceFilter(label=gettext_lazy("mode"), choices=Mode.choices)
    setting = django_filters.ChoiceFilter(label=gettext_lazy("setting"), choices=settings_of(AT_SESSIONS))
    since = django_filters.DateFilter(
        label=gettext_lazy("from"), field_name="starts_at", lookup_expr="date__gte", widget=AdminDateInput
    )
    until = django_filters.DateFilter(
        label=gettext_lazy("until"), field_name="starts_at", lookup_expr="date__lte", widget=AdminDateInput
    )

    class Meta:
        model = Session
        fields = ["organisation", "state", "form", "mode", "setting", "since", "until"]

    def below(self, queryset: QuerySet[Session], name: str, value: Organisation) -> QuerySet[Session]:
        return queryset.filter(pairing__organisation__path__startswith=value.path)


class SessionIndex(FindsPairs, ForReaders, IndexView):
    pair_path = "pairing__"
    default_ordering = "-starts_at"

    def get_base_queryset(self) -> QuerySet[Session]:
        user = self.request.user
        return Session.objects.visible_to(user).filter(read_from_desk(user, "pairing__")).with_people()

    @cached_property
    def columns(self) -> list[Column]:
        def functions(session: Session) -> str:
            return listed(session.function_labels)

        return [
            Column("held_on", label=gettext_lazy("day"), accessor="held_on", sort_key="starts_at"),
            Column("supervisor", label=gettext_lazy("supervisor"), accessor="pairing.supervisor"),
            Column("mentee", label=gettext_lazy("mentee"), accessor="pairing.mentee"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="pairing.organisation"),
            Column("minutes", label=gettext_lazy("minutes"), sort_key="minutes"),
            Column("form", label=gettext_lazy("form"), accessor="get_form_display"),
            Column("mode", label=gettext_lazy("mode"), accessor="get_mode_display"),
            Column("setting", label=gettext_lazy("setting"), accessor="get_setting_display"),
            Column("functions", label=gettext_lazy("functions"), accessor=functions),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda session: session.state == SessionState.CONFIRMED,
            ),
        ]


class SessionViewSet(KeptViewSet):
    model = Session
    name = "sessions"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Sessions")
    index_view_class = SessionIndex
    filterset_class = SessionFilterSet
    search_fields = ("pairing__supervisor__code",)
    list_per_page = 50
    form_fields = ["state"]  # never shown: there is no form
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"add", "edit"}
