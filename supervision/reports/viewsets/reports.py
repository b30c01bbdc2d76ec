"""Reports in the Wagtail admin: look first, issue then; what is issued is read and taken out."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from core.jobs.models import Job
from core.organisations.models import Organisation
from supervision.reports.actions import (
    ReportRefused,
    period_of,
    printed,
    start_report,
)
from supervision.reports.forms import ReportForm, last_month
from supervision.reports.models import SupervisionReport, period_words
from supervision.reports.policy import hours
from supervision.reports.queries import (
    CONFIRM_WITHIN,
    facts_of,
    figures_of,
    report_paper,
    row_of,
    tables_of,
)
from supervision.reports.viewsets.desk import look_words, pdf, xlsx


class ReportIndex(ReadersIndex):
    name = "supervision_reports"
    model = SupervisionReport
    page_title = gettext_lazy("Supervision reports")
    header_icon = "table"

    def get_base_queryset(self) -> QuerySet[SupervisionReport]:
        rows = SupervisionReport.objects.visible_to(self.request.user).defer("facts")
        return rows.select_related("organisation", "issued_by__person")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("supervision_reports:look")
        return [HeaderButton(label=look_words(self.request.user), url=url, icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        def page(report: SupervisionReport) -> str:
            return reverse("supervision_reports:detail", args=[report.pk])

        return [
            TitleColumn(
                "period",
                label=gettext_lazy("period"),
                accessor=lambda report: period_words(report.span, report.first_on),
                get_url=page,
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("number", label=pgettext_lazy("report", "number")),
            Column(
                "issued_by",
                label=gettext_lazy("prepared by"),
                accessor=lambda report: report.issued_by.get_full_name(),
            ),
            Column(
                "issued_at",
                label=pgettext_lazy("report", "issued"),
                accessor=lambda report: date_format(timezone.localtime(report.issued_at), "DATETIME_FORMAT"),
            ),
        ]


def _shown(facts: dict[str, Any], links: dict[str, str]) -> dict[str, Any]:
    """What the page shows of figures as they are frozen; `links` leads from a row to the lists behind it."""
    rows = [row_of(each) for each in facts["rows"]]
    urls = [links.get(row.path, "") for row in rows]
    return {
        "tables": [
            (table, list(zip_longest([] if number else urls, table.rows, fillvalue="")))
            for number, table in enumerate(tables_of(facts))
        ],
        "hour_bars": [(row.name, row.hours) for row in rows],
        "cover_bars": [
            (row.name, row.coverage, f"{row['covered']} / {row['trainees']}") for row in rows if row.coverage
        ],
        "trend": [(month[:7], hours(minutes)) for month, minutes in facts["trend"]],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def look(request: HttpRequest) -> HttpResponse:
    """Choose a tree and a period and see the figures as they stand; an administrator issues them as a report."""
    if not holds(request.user, *((Role.ADMINISTRATOR,) if request.method == "POST" else READERS)):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    first = {"span": "month", "first_on": last_month(), "confirm_within": CONFIRM_WITHIN}
    form = ReportForm(asked if "organisation" in asked else None, user=request.user, initial=first)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        organisation: Organisation = data["organisation"]
        may = request.user.has_perm("supervision.issue_report", organisation)
        if request.method == "POST":
            if not may:
                raise Http404
            done = _issued(request, form)
            if done is not None:
                return done
        context |= {"may_issue": may, **_looked(data)}
    index = desk_head(
        look_words(request.user), "table", "supervision_reports:index", _("Supervision reports")
    )
    return render(request, "supervision/reports/admin/look.html", context | index)


def _issued(request: HttpRequest, form: ReportForm) -> HttpResponse | None:
    try:
        made = start_report(actor=request.user, **form.cleaned_data)
    except ReportRefused as refused:
        form.add_error(None, str(refused))
        return None
    if isinstance(made, Job):
        messages.success(request, _("The report is being made. This page shows how far it is."))
        return redirect("core:job", made.pk)
    messages.success(request, _("The report is issued. Its numbers do not change any more."))
    return redirect("supervision_reports:detail", made.pk)


def _looked(data: dict[str, Any]) -> dict[str, Any]:
    organisation: Organisation = data["organisation"]
    try:
        period = period_of(data["span"], data["first_on"], data["confirm_within"])
    except ReportRefused:
        return {}
    figures = figures_of(organisation, period)
    children = dict(organisation.get_children().values_list("path", "pk"))
    plain = {
        "span": period.span,
        "first_on": f"{period.first_on:%Y-%m}",
        "confirm_within": period.confirm_within,
    }
    links = {
        at: f"{reverse('supervision_reports:look')}?{urlencode({'organisation': pk} | plain)}"
        for at, pk in children.items()
    }
    days = {"organisation": organisation.pk, "since": period.first_on, "until": period.last_on}
    lists = [
        (_("Sessions of the period"), f"{reverse('sessions:index')}?{urlencode(days)}"),
        (
            _("Sessions that wait for the mentee"),
            f"{reverse('sessions:index')}?{urlencode({'organisation': organisation.pk, 'state': 'logged'})}",
        ),
        (
            _("Pairings that have gone quiet"),
            f"{reverse('pairings:index')}?{urlencode({'organisation': organisation.pk, 'quiet': 'true'})}",
        ),
        (
            _("Pairings without an agreement"),
            f"{reverse('pairings:index')}?{urlencode({'organisation': organisation.pk, 'bare': 'true'})}",
        ),
    ]
    return {
        "organisation": organisation,
        "period": period_words(period.span, period.first_on),
        "lists": lists,
        "table": _shown(facts_of(figures), links),
    }


def _report(request: HttpRequest, pk: int) -> SupervisionReport:
    rows = SupervisionReport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organisation", "issued_by__person"), pk=pk)


@require_safe
@never_cache
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One issued report: what was frozen, and the two files of it."""
    report = _report(request, pk)
    context = {
        "report": report,
        "period": period_words(report.span, report.first_on),
        "table": _shown(report.facts, {}),
        **desk_head(str(report), "table", "supervision_reports:index", _("Supervision reports")),
    }
    return render(request, "supervision/reports/admin/report.html", context)


@require_safe
@never_cache
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    return pdf(f"supervision-report-{report.pk}", printed(report_paper(report)))


@require_safe
@never_cache
def report_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    return xlsx(f"supervision-report-{report.pk}", report_paper(report))


class ReportViewSet(ViewSet):
    name = "supervision_reports"
    icon = "table"
    menu_label = gettext_lazy("Supervision reports")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ReportIndex.urls(),
            path("look/", look, name="look"),
            path("<int:pk>/", report_detail, name="detail"),
            path("<int:pk>/pdf/", report_pdf, name="pdf"),
            path("<int:pk>/xlsx/", report_xlsx, name="xlsx"),
        ]
