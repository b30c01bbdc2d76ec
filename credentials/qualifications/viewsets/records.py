"""Qualifications in the Wagtail admin: the queue, one beside whoever claims the same number, and a table of them."""

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
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex
from core.access.scope import holds
from core.access.states import READERS
from core.audit.models import AuditEntry
from core.people.queries import is_let_in_by
from core.states import IllegalMove
from credentials.qualifications.actions import (
    QualificationRefused,
    return_qualification,
    verify_qualification,
)
from credentials.qualifications.forms import ReturnForm
from credentials.qualifications.models import QualificationLevel, QualificationRecord
from credentials.qualifications.policy import first_registration_until, slip_until
from credentials.qualifications.queries import (
    desk_records,
    name_here,
    records_to_verify,
    registered_from,
    rivals_of,
    terms_at,
    terms_of,
)
from credentials.qualifications.states import RecordState
from credentials.qualifications.viewsets.importing import conflicts, crumbs, upload


class QualificationFilterSet(WagtailFilterSet):
    # Not a box to tick: one that is not ticked says "no", and would stand there as a filter that is on.
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("waiting for me"), method="for_me", choices=[("on", gettext_lazy("yes"))]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=RecordState.choices)
    level = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("qualification", "level"),
        queryset=lambda request: QualificationLevel.objects.all(),
    )

    class Meta:
        model = QualificationRecord
        fields = ["waiting", "state", "level"]

    def for_me(
        self, queryset: QuerySet[QualificationRecord], name: str, value: str
    ) -> QuerySet[QualificationRecord]:
        mine = records_to_verify(self.request.user).values("pk")
        return queryset.filter(pk__in=mine) if value else queryset


class QualificationIndex(ReadersIndex):
    """Every qualification in scope, the newest first."""

    model = QualificationRecord
    name = "qualifications"
    page_title = gettext_lazy("Qualifications")
    header_icon = "doc-full"
    filterset_class = QualificationFilterSet
    search_fields = ["person__name", "person__name_search", "number"]

    def get_base_queryset(self) -> QuerySet[QualificationRecord]:
        return desk_records(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("core.add_sheetimport"):
            return []
        return [
            HeaderButton(_("Import from a table"), url=reverse("qualifications:upload"), icon_name="upload")
        ]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="qualifications:inspect",
            ),
            Column("employer", label=gettext_lazy("employer"), accessor="person.employer"),
            Column("level", label=pgettext_lazy("qualification", "level"), accessor="level.name_here"),
            Column("number", label=gettext_lazy("certificate number")),
            Column("issued_on", label=gettext_lazy("issue date"), sort_key="issued_on"),
            Column("origin", label=gettext_lazy("where it comes from"), accessor="get_origin_display"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_open,
            ),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One qualification beside whoever claims the same number: verify it (`verify`), or return it with a reason."""
    if not holds(request.user, *READERS):
        raise Http404
    held = get_object_or_404(desk_records(request.user), pk=pk)
    may = request.user.has_perm("credentials.verify_qualificationrecord", held)
    form = ReturnForm(request.POST if "return" in request.POST else None)
    if request.method == "POST":
        if not may:
            raise Http404
        if answer := _decide(request, held, form):
            return answer
    terms = terms_of(held.level, terms_at(held.person.employer), held.issued_on)
    years = dict(held.passes)
    trail = list(AuditEntry.objects.trail_of(held))
    opened = any(act.action == "credentials.open_scan" and act.user_id == request.user.pk for act in trail)
    context = {
        "held": held,
        "level_name": name_here(terms),
        "terms": terms,
        "subjects": [
            (name, years[number]) for number, name in enumerate(terms.subjects, 1) if number in years
        ],
        "slip_until": slip_until(held.slip_on, terms.slip_years),
        "register_by": first_registration_until(held.issued_on),
        "registered_from": registered_from(held),
        "rivals": rivals_of(held, request.user) if held.holder_id != request.user.pk else [],
        "form": form,
        "may_verify": may and held.is_open,
        "may_return": may and (held.is_open or held.is_verified),
        "is_bound": not may and is_let_in_by(request.user, held.person),
        "has_opened": opened or held.scan is None,
        "trail": trail,
        "header_title": f"{held.person.name} · {name_here(terms)}",
        "header_icon": "doc-full",
        "breadcrumbs_items": crumbs(held.person.name),
    }
    return render(request, "credentials/qualifications/admin/qualification.html", context)


def _decide(request: HttpRequest, held: QualificationRecord, form: ReturnForm) -> HttpResponse | None:
    try:
        if "return" in request.POST:
            if not form.is_valid():
                return None
            return_qualification(qualification=held, reason=form.cleaned_data["reason"], actor=request.user)
            messages.success(request, _("Returned; the person has been told why."))
        else:
            verify_qualification(qualification=held, actor=request.user)
            messages.success(request, _("The qualification is verified."))
    except IllegalMove:
        messages.warning(
            request, _("This qualification was decided in the meantime. Nothing was changed now.")
        )
    except QualificationRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("qualifications:inspect", held.pk)


class QualificationViewSet(ViewSet):
    name = "qualifications"
    icon = "doc-full"
    menu_label = gettext_lazy("Qualifications")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        urls: list[Any] = [
            *QualificationIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("upload/", upload, name="upload"),
            path("conflicts/<int:sheet_id>/", conflicts, name="conflicts"),
        ]
        return urls
