"""The numbers of the finance desk, the claims behind them, and the budgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.organisations.models import Organisation
from core.people.models import User
from core.sheets.words import list_words
from core.states import Refused
from credentials.claims.models import OFFICERS
from credentials.payments.actions import set_budget
from credentials.payments.forms import BudgetForm
from credentials.payments.models import PaymentBudget
from credentials.payments.queries.balance import accounts_of
from credentials.payments.queries.budgets import budget_rows
from credentials.payments.queries.desk import (
    GROUPS,
    MONEY_GROUPS,
    claims_at_desk,
    desk_rows,
    heaps_at_desk,
    in_group,
    in_no_district,
    payable_policies,
    policies_at_desk,
    shown_groups,
    total_row,
    twin_words,
)
from credentials.payments.queries.facts import level_words

BY = {
    "policy": gettext_lazy("By policy"),
    "district": gettext_lazy("By district"),
    "year": gettext_lazy("By year of the claim"),
}
PAGE = 50
NO_DISTRICT = "none"


def head(title: Any, *way: tuple[str, Any]) -> dict[str, Any]:
    """What the head of a page of the finance desk shows."""
    crumbs = desk_crumbs((reverse("payments:index"), _("Payments")), *way)
    return {"header_title": title, "header_icon": "tasks", "breadcrumbs_items": crumbs}


def who_can(people: Sequence[User]) -> str:
    """Whom to ask instead, in a sentence: the first of these, or the operator where there is nobody."""
    if names := list_words(one.get_full_name() for one in people[:5]):
        return _("Can do it: %(names)s.") % {"names": names}
    return _("Nobody here or above can do it: ask the operator to appoint another officer.")


def require_reader(request: HttpRequest) -> None:
    """404 for whoever has no business at this desk."""
    if not holds(request.user, *OFFICERS):
        raise Http404


def _number(given: QueryDict, name: str) -> int | None:
    """A number of the address; None where it is none."""
    said = given.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What is in notice, due, returned, in a batch and paid: by policy, district or year, with the budgets of the year."""
    require_reader(request)
    by = request.GET.get("by", "policy")
    by = by if by in BY else "policy"
    policy, year = _number(request.GET, "policy"), _number(request.GET, "year")
    heaps = heaps_at_desk(request.user)
    rows = desk_rows(request.user, by, policy=policy, year=year, heaps=heaps)
    total = total_row(rows)
    groups = shown_groups(total)
    this_year = timezone.localdate().year
    policies = list(policies_at_desk(request.user).select_related("organisation").order_by("name"))
    twins = twin_words(policies)
    accounts = accounts_of(policies)
    budgets = budget_rows(request.user, year or this_year, policies=policies, accounts=accounts, heaps=heaps)
    context = {
        "by": by,
        "ways": BY,
        "policy": policy,
        "year": year,
        "budget_year": year or this_year,
        "years": sorted({one.year for one in heaps if one.year}, reverse=True),
        "policies": [(row, twins.get(row.pk, "")) for row in policies],
        "groups": groups,
        "rows": [(row, row.listed(groups)) for row in rows],
        "total": total.listed(groups),
        "bars": [
            (
                GROUPS[name],
                cell.amount,
                ngettext("%(n)d claim", "%(n)d claims", cell.count) % {"n": cell.count},
            )
            for name, cell in total.cells.items()
            if name in MONEY_GROUPS
        ],
        "budgets": budgets,
        "over": [row for row in budgets if row.is_over],
        "unbalanced": [
            (row, accounts[row.pk].ledger, accounts[row.pk].lines)
            for row in policies
            if not accounts[row.pk].is_balanced
        ],
        "unconfirmed": sum(one.unconfirmed for one in accounts.values()),
        "may_build": any(request.user.has_perm("credentials.build_paymentbatch", row) for row in policies),
        **head(_("Payments")),
    }
    return render(request, "credentials/payments/admin/desk.html", context)


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """The claims behind a number of the desk."""
    require_reader(request)
    group = request.GET.get("group", "")
    policy, year = _number(request.GET, "policy"), _number(request.GET, "year")
    rows = claims_at_desk(request.user)
    rows = in_group(rows, group) if group in GROUPS else rows
    rows = rows.filter(version__subsidy=policy) if policy else rows
    rows = rows.filter(claimed_on__year=year) if year else rows
    district = _number(request.GET, "district")
    place = Organisation.objects.filter(pk=district).first() if district else None
    rows = rows.filter(employer__path__startswith=place.path) if place else rows
    rows = in_no_district(rows) if request.GET.get("district") == NO_DISTRICT else rows
    rows = rows.select_related("person", "employer", "version__subsidy").order_by("-claimed_on", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    title = str(GROUPS.get(group, _("Claims on their way to the money")))
    title = f"{title} · {place.name}" if place else title
    context = {
        "page": page,
        "lines": [(claim, level_words(claim)) for claim in page],
        "query": query.urlencode(),
        **head(title, ("", title)),
    }
    return render(request, "credentials/payments/admin/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def budgets(request: HttpRequest) -> HttpResponse:
    """The budgets with their history, and setting one."""
    require_reader(request)
    policies = payable_policies(request.user)
    may = request.user.has_perm("credentials.set_paymentbudget") and policies.exists()
    form = BudgetForm(request.POST or None, policies=policies, initial={"year": timezone.localdate().year})
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid():
            try:
                set_budget(actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Kept. What was set before stays in the history."))
                return redirect("payments:budgets")
    rows = PaymentBudget.objects.visible_to(request.user).select_related("policy", "set_by__person")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("p")),
        "form": form if may else None,
        **head(_("Budgets"), ("", _("Budgets"))),
    }
    return render(request, "credentials/payments/admin/budgets.html", context)
