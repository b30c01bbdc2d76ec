"""Allowance statements in the Wagtail admin, and the dated rates that they rest on."""

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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import Role
from supervision.reports.actions import (
    ReportRefused,
    correct_statement,
    export_statement,
    issue_statement,
    printed,
    set_allowance_rate,
)
from supervision.reports.forms import CorrectionForm, RateForm, StatementForm, last_month
from supervision.reports.models import PAYS, AllowanceRate, AllowanceStatement
from supervision.reports.queries import (
    capitals,
    dues_of,
    statement_paper,
)
from supervision.reports.viewsets.desk import look_words, pdf, xlsx

SHOWN = 200


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
                label=look_words(self.request.user),
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
                accessor=lambda row: date_format(row.month, "YEAR_MONTH_FORMAT"),
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
    index = desk_head(
        look_words(request.user), "table", "supervision_allowances:index", _("Allowance statements")
    )
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
        **desk_head(str(statement), "table", "supervision_allowances:index", _("Allowance statements")),
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


def _taken_out(request: HttpRequest, pk: int) -> AllowanceStatement:
    statement = _statement(request, pk)
    if request.method == "GET":
        export_statement(statement=statement, actor=request.user)
    return statement


@require_safe
@never_cache
def statement_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    statement = _taken_out(request, pk)
    return pdf(f"allowances-{statement.pk}", printed(statement_paper(statement)))


@require_safe
@never_cache
def statement_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    statement = _taken_out(request, pk)
    return xlsx(f"allowances-{statement.pk}", statement_paper(statement))


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
        **desk_head(_("Rates"), "table", "supervision_allowances:index", _("Allowance statements")),
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
