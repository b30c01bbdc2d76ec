"""Late records of gatherings in the Wagtail admin: what waits, and one of them with its facts and reason."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds, scope_of
from core.access.states import READERS
from supervision.circles.actions import approve_late_gathering, decline_late_gathering
from supervision.circles.models import LateGathering
from supervision.circles.queries import approved_before
from supervision.sessions.forms import DeskAnswerForm
from supervision.sessions.states import LateState
from supervision.sessions.viewsets.late import decide_late, late_columns, rules_button


def desk_late(request: HttpRequest) -> QuerySet[LateGathering]:
    """The late gatherings that this user reads from the desk. One query."""
    mine = scope_of(request.user).q("gathering__circle__organisation", *READERS)
    rows = LateGathering.objects.visible_to(request.user).filter(mine)
    return rows.exclude(reason="").with_circle()  # without a reason: nobody was asked


class LateGatheringFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=LateState.choices)

    class Meta:
        model = LateGathering
        fields = ["state"]


class LateGatheringIndex(ReadersIndex):
    """Every late gathering in scope, the newest first."""

    model = LateGathering
    name = "late_gatherings"
    page_title = gettext_lazy("Late gatherings")
    header_icon = "warning"
    filterset_class = LateGatheringFilterSet
    default_ordering = "-asked_at"
    search_fields = ["gathering__circle__name", "gathering__leader__name"]

    def get_base_queryset(self) -> QuerySet[LateGathering]:
        return desk_late(self.request)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [rules_button()]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "held_on",
                label=gettext_lazy("day"),
                accessor="held_on",
                url_name="late_gatherings:inspect",
            ),
            Column("circle", label=pgettext_lazy("supervision", "circle"), accessor="gathering.circle"),
            Column("leader", label=pgettext_lazy("circle", "leader"), accessor="gathering.leader"),
            *late_columns(),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One late gathering: that it took place, for how many, how long and of which kind, and why it is late; approve or
    decline. Nothing of what was said."""
    if not holds(request.user, *READERS):
        raise Http404
    late = get_object_or_404(desk_late(request), pk=pk)
    may = request.user.has_perm("supervision.decide_lategathering", late)
    form = DeskAnswerForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise Http404
        acts: dict[str, Any] = {"approve": approve_late_gathering, "decline": decline_late_gathering}
        if done := decide_late(request, late, form, acts, "late_gatherings"):
            return done
    held, title = late.gathering, str(late.gathering.circle)
    earlier = desk_late(request).filter(gathering=held, decided_at__isnull=False).exclude(pk=late.pk)
    context = {
        "late": late,
        "session": held,
        "former": approved_before(late),
        "earlier": earlier.order_by("-pk"),
        "form": form,
        "may_decide": may and late.is_waiting,
        **desk_head(title, "warning", "late_gatherings:index", _("Late gatherings")),
    }
    return render(request, "supervision/circles/admin/late.html", context)


class LateGatheringViewSet(ViewSet):
    name = "late_gatherings"
    url_prefix = "late-gatherings"
    icon = "warning"
    menu_label = gettext_lazy("Late gatherings")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*LateGatheringIndex.urls(), path("<int:pk>/", inspect, name="inspect")]
