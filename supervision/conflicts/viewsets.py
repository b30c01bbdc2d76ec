"""Conflicts of interest in the Wagtail admin: what is declared, one with its sealed reason, and declaring for others."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.predicates import by_rule
from core.access.scope import holds
from core.access.states import READERS, Role
from core.states import Refused
from supervision.conflicts.actions import declare_conflict, end_conflict
from supervision.conflicts.forms import DeskConflictForm
from supervision.conflicts.models import Conflict
from supervision.conflicts.queries import desk_conflicts
from supervision.conflicts.states import ConflictKind
from supervision.supervisors.viewsets import FindsPairs


class ConflictFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("kind"), choices=ConflictKind.choices)

    class Meta:
        model = Conflict
        fields = ["kind"]


class ConflictIndex(FindsPairs, ReadersIndex):
    """Every declaration in scope, the newest first; the reasons stand on the page of each."""

    model = Conflict
    name = "conflicts"
    page_title = gettext_lazy("Conflicts of interest")
    header_icon = "warning"
    filterset_class = ConflictFilterSet
    search_fields = ["mentee__name"]

    def get_base_queryset(self) -> QuerySet[Conflict]:
        return desk_conflicts(self.request.user)

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        if not holds(self.request.user, Role.ADMINISTRATOR):
            return []
        label = gettext_lazy("Declare a conflict of interest")
        return [HeaderButton(label=label, url=reverse("conflicts:declare"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "mentee", label=gettext_lazy("mentee"), accessor="mentee", url_name="conflicts:inspect"
            ),
            Column("supervisor", label=gettext_lazy("supervisor"), accessor="supervisor"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("kind", label=gettext_lazy("kind"), accessor="get_kind_display"),
            Column("side", label=pgettext_lazy("conflict", "declared by"), accessor="get_side_display"),
            Column("declared_at", label=pgettext_lazy("conflict", "declared"), sort_key="declared_at"),
            BooleanColumn("is_in_force", label=gettext_lazy("in force"), accessor="is_in_force"),
        ]


def _head(title: str) -> dict[str, Any]:
    return desk_head(title, "warning", "conflicts:index", _("Conflicts of interest"))


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One declaration; an administrator reads the reason, and can say that it holds no longer."""
    if not holds(request.user, *READERS):
        raise Http404
    conflict = get_object_or_404(desk_conflicts(request.user), pk=pk)
    may = request.user.has_perm("supervision.end_conflict", conflict)
    if request.method == "POST":
        if not may:
            raise Http404
        try:
            end_conflict(conflict=conflict, actor=request.user)
        except Refused as refused:
            messages.info(request, str(refused))
        else:
            messages.success(request, _("Ended. The two can be paired again."))
        return redirect("conflicts:inspect", conflict.pk)
    paired = conflict.supervisor.pairings.filter(mentee=conflict.mentee, ended_at=None).first()
    context = {
        "conflict": conflict,
        "paired": paired if conflict.is_in_force else None,
        "may_end": may and conflict.is_in_force,
        "may_read": by_rule(request.user, "supervision.read_conflict", conflict),
    }
    return render(request, "supervision/conflicts/admin/inspect.html", context | _head(str(conflict)))


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Declare a conflict between two people of whom one is employed in one's tree."""
    if not request.user.has_perm("supervision.add_conflict"):
        raise Http404
    form = DeskConflictForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = declare_conflict(actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Declared. No round, request or officer pairs the two while it holds.")
            )
            is_seen = desk_conflicts(request.user).filter(pk=made.pk).exists()
            return redirect("conflicts:inspect", made.pk) if is_seen else redirect("conflicts:index")
    context = {"form": form, **_head(_("Declare a conflict of interest"))}
    return render(request, "supervision/conflicts/admin/declare.html", context)


class ConflictViewSet(ViewSet):
    name = "conflicts"
    url_prefix = "supervision-conflicts"
    icon = "warning"
    menu_label = gettext_lazy("Conflicts of interest")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ConflictIndex.urls(),
            path("declare/", declare, name="declare"),
            path("<int:pk>/", inspect, name="inspect"),
        ]
