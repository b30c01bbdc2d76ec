"""Requests in the Wagtail admin: who asked whom, how it stands, since when. Nothing to change here."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView

from core.access.desk import KeptViewSet, ReaderMenuItem
from supervision.pairings.models import read_from_desk
from supervision.requests.models import PairingRequest
from supervision.requests.states import RequestState
from supervision.supervisors.viewsets import FindsPairs, ForReaders


class RequestFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=RequestState.choices)

    class Meta:
        model = PairingRequest
        fields = ["state"]


class RequestIndex(FindsPairs, ForReaders, IndexView):
    default_ordering = "-asked_at"

    def get_base_queryset(self) -> QuerySet[PairingRequest]:
        user = self.request.user
        rows = PairingRequest.objects.visible_to(user).filter(read_from_desk(user))
        return rows.select_related("supervisor__person", "mentee", "organisation")

    @cached_property
    def columns(self) -> list[Column]:
        def page(row: PairingRequest) -> str:
            return row.get_absolute_url()

        def asked(row: PairingRequest) -> str:
            return date_format(timezone.localtime(row.asked_at).date())

        def answered(row: PairingRequest) -> str:
            return date_format(timezone.localtime(row.answered_at).date()) if row.answered_at else ""

        return [
            *self.columns_of_pair(page, lambda row: row.is_live),
            Column("asked_at", label=gettext_lazy("Asked"), accessor=asked, sort_key="asked_at"),
            Column("answered_at", label=gettext_lazy("answered or ended"), accessor=answered),
        ]


class RequestViewSet(KeptViewSet):
    model = PairingRequest
    name = "supervision_requests"
    icon = "mail"
    menu_label = gettext_lazy("Requests for supervision")
    index_view_class = RequestIndex
    filterset_class = RequestFilterSet
    search_fields = ("supervisor__code",)
    list_per_page = 50
    form_fields = ["state"]  # never shown: there is no form
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"add", "edit"}
