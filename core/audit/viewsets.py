"""The audit in the Wagtail admin: read, filtered, taken out as a spreadsheet; never changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, cast

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from core.access.scope import holds, scope_of
from core.access.states import READERS
from core.audit.actions import export_audit
from core.audit.models import AuditEntry
from core.audit.queries import act_words, details, entries_for, known_actions, when
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from core.organisations.queries import tops_of

BOM = "\ufeff".encode()  # without it, Chinese in a CSV opens as garbage in a Chinese Excel
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS) else value


def trees(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class AuditFilterSet(WagtailFilterSet):
    action = django_filters.ChoiceFilter(label=_("act"), choices=[])
    timestamp = django_filters.DateFromToRangeFilter(label=_("days"), widget=DateRangePickerWidget)
    actor = django_filters.CharFilter(label=_("who (name or e-mail)"), method="by_actor")
    organisation = OrganisationFilter(
        label=_("organisation, with all below it"), queryset=trees, method="below"
    )
    content_type = django_filters.ModelChoiceFilter(
        label=_("kind of thing"), queryset=lambda request: kinds(request), field_name="content_type"
    )
    label = django_filters.CharFilter(label=_("thing (part of its name)"), lookup_expr="icontains")
    request_id = django_filters.CharFilter(label=_("request"))

    class Meta:
        model = AuditEntry
        fields = ["action", "timestamp", "actor", "organisation", "content_type", "label", "request_id"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["action"].extra["choices"] = known_actions(self.request.user)

    def by_actor(self, queryset: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return queryset.filter(Q(user__person__name__icontains=value) | Q(user__email__icontains=value))

    def below(self, queryset: QuerySet[AuditEntry], name: str, value: Organisation) -> QuerySet[AuditEntry]:
        return queryset.filter(organisation__path__startswith=value.path)


def kinds(request: HttpRequest) -> QuerySet[ContentType]:
    seen = AuditEntry.objects.visible_to(request.user).order_by().values("content_type")
    return ContentType.objects.filter(pk__in=seen).order_by("app_label", "model")


class AuditReport(ReportView):
    """Every act in one's tree. Read only: the database itself refuses to change a row."""

    model = AuditEntry
    page_title = _("Audit")
    header_icon = "history"
    index_url_name = "audit:index"
    index_results_url_name = "audit:index_results"
    filterset_class = AuditFilterSet
    default_ordering = "-timestamp"
    is_searchable = False
    list_export = [
        "when",
        "user",
        "action",
        "kind",
        "target_id",
        "label",
        "organisation",
        "details",
        "request_id",
    ]
    export_headings = {
        "when": _("Time"),
        "user": _("Who"),
        "action": _("Act"),
        "kind": _("Kind"),
        "target_id": _("Number"),
        "label": _("Thing"),
        "organisation": _("Organisation"),
        "details": _("What changed, and why"),
        "request_id": _("Request"),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not holds(request.user, *READERS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        return entries_for(self.request.user)

    def as_spreadsheet(self, queryset: QuerySet[AuditEntry], spreadsheet_format: str) -> HttpResponse:
        """The rows as a file; that they were taken out is an entry of the audit itself."""
        if self.request.method == "GET":
            export_audit(actor=self.request.user, tops=tops_of(self.request.user, *READERS))
        answer: HttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        return answer

    def get_filename(self) -> str:
        return f"audit-{timezone.localdate():%Y-%m-%d}"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("when", label=_("time"), accessor=when, sort_key="timestamp"),
            Column("user", label=_("who"), accessor=lambda entry: entry.user or _("the system")),
            Column(
                "action",
                label=_("act"),
                accessor=lambda entry: act_words(entry.action),
                sort_key="action",
            ),
            Column("label", label=_("thing")),
            Column("organisation", label=_("organisation"), accessor=lambda entry: entry.organisation or ""),
            Column("details", label=_("what changed, and why"), accessor=details),
        ]

    def to_row_dict(self, item: AuditEntry) -> dict[str, Any]:
        """One row of the spreadsheet, every cell text, nothing in it that a program would run."""
        kind = item.content_type
        cells = {
            "when": when(item),
            "user": str(item.user or ""),
            "action": act_words(item.action),
            "kind": f"{kind.app_label}.{kind.model}" if kind else "",
            "target_id": item.target_id,
            "label": item.label,
            "organisation": str(item.organisation or ""),
            "details": details(item),
            "request_id": item.request_id,
        }
        return {name: harmless(value) for name, value in cells.items()}

    def write_csv_response(self, queryset: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        response: StreamingHttpResponse = super().write_csv_response(queryset)
        lines = cast(Iterable[bytes], response.streaming_content)
        response.streaming_content = itertools.chain([BOM], lines)
        response["Content-Type"] = "text/csv; charset=utf-8"
        return response


class AuditViewSet(ViewSet):
    name = "audit"
    icon = "history"
    menu_label = _("Audit")
    menu_order = 100
    menu_item_class = ReaderMenuItem
    menu_hook = "register_reports_menu_item"
    add_to_admin_menu = False

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", AuditReport.as_view(), name="index"),
            path("results/", AuditReport.as_view(results_only=True), name="index_results"),
        ]
