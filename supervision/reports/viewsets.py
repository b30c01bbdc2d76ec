"""Reports and allowance statements in the Wagtail admin: look first, issue then; what is issued is read and taken out."""

from __future__ import annotations

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex
from core.access.scope import holds
from core.access.states import READERS, Role
from core.jobs.models import Job
from core.organisations.models import Organisation
from core.sheets.writing import sheet_response
from supervision.reports.actions import (
    ReportRefused,
    correct_statement,
    issue_statement,
    period_of,
    printed,
    set_allowance_rate,
    start_report,
)
from supervision.reports.document import Paper
from supervision.reports.forms import CorrectionForm, RateForm, ReportForm, StatementForm, last_month
from supervision.reports.models import PAYS, AllowanceRate, AllowanceStatement, SupervisionReport
from supervision.reports.policy import Row, hours
from supervision.reports.queries import (
    CONFIRM_WITHIN,
    capitals,
    cells,
    columns,
    dues_of,
    figures_of,
    kind_cell,
    kind_columns,
    period_words,
    report_paper,
    row_of,
    sheets_of,
    statement_paper,
)

SHOWN = 200


def _crumbs(index: str, label: str, here: str) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse(index), "label": label},
        {"url": "", "label": here},
    ]
    return {"header_title": here, "header_icon": "table", "breadcrumbs_items": crumbs}


def _pdf(name: str, document: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _xlsx(name: str, paper: Paper) -> HttpResponse:
    return sheet_response(f"{name}.xlsx", *sheets_of(paper))


# --- Reports ----------------------------------------------------------------------------------------------


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
        return [HeaderButton(label=gettext_lazy("Look and issue"), url=url, icon_name="plus")]

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
            Column("number", label=gettext_lazy("number")),
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


def _table(rows: list[Row], total: Row, links: dict[str, str]) -> dict[str, Any]:
    """What the page shows of figures, live or frozen; `links` leads from a row to the lists behind it."""
    kinds = kind_columns()
    named = [(row.name, links.get(row.path, ""), row) for row in rows]
    return {
        "columns": [label for label, _share in columns()],
        "rows": [(name, url, cells(row)) for name, url, row in named],
        "total": cells(total),
        "kinds": [label for _what, label in kinds],
        "kind_rows": [(name, [kind_cell(row, what) for what, _label in kinds]) for name, _url, row in named],
        "kind_total": [kind_cell(total, what) for what, _label in kinds],
        "hour_bars": [(row.name, row.hours) for row in rows],
        "cover_bars": [
            (row.name, row.coverage, f"{row['covered']} / {row['trainees']}") for row in rows if row.coverage
        ],
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
    index = _crumbs("supervision_reports:index", _("Supervision reports"), _("Look and issue"))
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
        "trend": [(f"{month:%Y-%m}", hours(minutes)) for month, minutes in figures.trend],
        "table": _table(figures.rows, figures.total, links),
    }


def _report(request: HttpRequest, pk: int) -> SupervisionReport:
    rows = SupervisionReport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organisation", "issued_by__person"), pk=pk)


@require_safe
@never_cache
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One issued report: what was frozen, and the two files of it."""
    report = _report(request, pk)
    facts = report.facts
    context = {
        "report": report,
        "period": period_words(report.span, report.first_on),
        "table": _table([row_of(each) for each in facts["rows"]], row_of(facts["total"]), {}),
        "trend": [(month[:7], hours(minutes)) for month, minutes in facts["trend"]],
        **_crumbs("supervision_reports:index", _("Supervision reports"), str(report)),
    }
    return render(request, "supervision/reports/admin/report.html", context)


@require_safe
@never_cache
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    return _pdf(f"supervision-report-{report.pk}", printed(report_paper(report)))


@require_safe
@never_cache
def report_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    return _xlsx(f"supervision-report-{report.pk}", report_paper(report))


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


# --- Allowances -------------------------------------------------------------------------------------------


class PayMenuItem(MenuItem):
    """For whoever reads what supervisors are due: administrators, auditors and finance officers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *PAYS)


class StatementIndex(ReadersIndex):
    name = "supervision_allowances"
    model = AllowanceStatement
    page_title = gettext_lazy("Allowance statements")
    header_icon = "table"

    def user_has_any_permission(self, permissions: Any) -> bool:
        return holds(self.request.user, *PAYS)

    def get_base_queryset(self) -> QuerySet[AllowanceStatement]:
        rows = AllowanceStatement.objects.visible_to(self.request.user).defer("facts")
        return rows.select_related("organisation", "issued_by__person", "corrected_by")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                label=gettext_lazy("Look and issue"),
                url=reverse("supervision_allowances:month"),
                icon_name="plus",
            ),
            HeaderButton(
                label=gettext_lazy("Rates"), url=reverse("supervision_allowances:rates"), icon_name="list-ul"
            ),
        ]

    @cached_property
    def columns(self) -> list[Column]:
        def page(row: AllowanceStatement) -> str:
            return reverse("supervision_allowances:detail", args=[row.pk])

        def kind(row: AllowanceStatement) -> str:
            if hasattr(row, "corrected_by"):
                return _("corrected since")
            return _("correction") if row.corrects_id else ""

        return [
            TitleColumn(
                "month",
                label=pgettext_lazy("allowance", "month"),
                accessor=lambda row: f"{row.month:%Y-%m}",
                get_url=page,
                sort_key="month",
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("total", label=gettext_lazy("total (CNY)"), accessor=lambda row: f"{row.total:,.2f}"),
            Column("kind", label=gettext_lazy("remark"), accessor=kind),
            Column(
                "issued_at",
                label=pgettext_lazy("report", "issued"),
                accessor=lambda row: date_format(timezone.localtime(row.issued_at), "DATETIME_FORMAT"),
            ),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def month(request: HttpRequest) -> HttpResponse:
    """Choose an organisation and a month and see who is due what; an administrator issues the statement, once."""
    if not holds(request.user, *((Role.ADMINISTRATOR,) if request.method == "POST" else PAYS)):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    form = StatementForm(
        asked if "organisation" in asked else None, user=request.user, initial={"month": last_month()}
    )
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        may = request.user.has_perm("supervision.issue_statement", data["organisation"])
        if request.method == "POST":
            if not may:
                raise Http404
            try:
                made = issue_statement(actor=request.user, **data)
            except ReportRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The statement is issued. It does not change any more."))
                return redirect("supervision_allowances:detail", made.pk)
        issued = AllowanceStatement.objects.filter(
            organisation=data["organisation"], month=data["month"]
        ).current()
        dues = dues_of(data["organisation"], data["month"])
        total = sum(due.amount for due in dues)
        context |= {
            "looked": True,
            "may_issue": may,
            "issued": issued.first(),
            "dues": dues,
            "total": total,
            "capitals": capitals(total) if total else "",
        }
    index = _crumbs("supervision_allowances:index", _("Allowance statements"), _("Look and issue"))
    return render(request, "supervision/reports/admin/month.html", context | index)


def _statement(request: HttpRequest, pk: int) -> AllowanceStatement:
    rows = AllowanceStatement.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("organisation", "issued_by__person", "corrects", "corrected_by"), pk=pk
    )


@require_safe
@never_cache
def statement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One issued statement: what was frozen, its two files, and for an administrator the correction."""
    return _show(request, _statement(request, pk))


def _show(request: HttpRequest, statement: AllowanceStatement, form: Any = None) -> HttpResponse:
    latest = not hasattr(statement, "corrected_by")
    may = latest and request.user.has_perm("supervision.issue_statement", statement.organisation)
    context = {
        "statement": statement,
        "form": (form or CorrectionForm()) if may else None,
        "corrected_by": None if latest else statement.corrected_by,
        **_crumbs("supervision_allowances:index", _("Allowance statements"), str(statement)),
    }
    return render(
        request, "supervision/reports/admin/statement.html", context, status=422 if form is not None else 200
    )


@require_POST
def statement_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the month again as it is known now, with the reason."""
    statement = _statement(request, pk)
    if not request.user.has_perm("supervision.issue_statement", statement.organisation):
        raise Http404
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _show(request, statement, form)
    try:
        made = correct_statement(statement=statement, actor=request.user, **form.cleaned_data)
    except ReportRefused as refused:
        messages.error(request, str(refused))
        return redirect("supervision_allowances:detail", statement.pk)
    messages.success(request, _("The correction is issued. The former statement stays as it is."))
    return redirect("supervision_allowances:detail", made.pk)


@require_safe
@never_cache
def statement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    statement = _statement(request, pk)
    return _pdf(f"allowances-{statement.pk}", printed(statement_paper(statement)))


@require_safe
@never_cache
def statement_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    statement = _statement(request, pk)
    return _xlsx(f"allowances-{statement.pk}", statement_paper(statement))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def rates(request: HttpRequest) -> HttpResponse:
    """The dated amounts; an administrator sets one here."""
    if not holds(request.user, *PAYS):
        raise Http404
    may = holds(request.user, Role.ADMINISTRATOR)
    if request.method == "POST" and not may:
        raise Http404
    first = {"starts_on": timezone.localdate()}
    form = RateForm(request.POST or None, user=request.user, initial=first) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_allowance_rate(actor=request.user, **form.cleaned_data)
        except ReportRefused as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, _("The rate is set."))
            return redirect("supervision_allowances:rates")
    rows = AllowanceRate.objects.visible_to(request.user).select_related("organisation")
    context = {
        "rows": rows[:SHOWN],
        "form": form,
        **_crumbs("supervision_allowances:index", _("Allowance statements"), _("Rates")),
    }
    return render(request, "supervision/reports/admin/rates.html", context)


class AllowanceViewSet(ViewSet):
    name = "supervision_allowances"
    icon = "table"
    menu_label = gettext_lazy("Allowance statements")
    menu_item_class = PayMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *StatementIndex.urls(),
            path("month/", month, name="month"),
            path("rates/", rates, name="rates"),
            path("<int:pk>/", statement_detail, name="detail"),
            path("<int:pk>/correct/", statement_correct, name="correct"),
            path("<int:pk>/pdf/", statement_pdf, name="pdf"),
            path("<int:pk>/xlsx/", statement_xlsx, name="xlsx"),
        ]
