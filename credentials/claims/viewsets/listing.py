"""The list of claims at the desk, as a page and as a table, and passing many of them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.access.desk import desk_crumbs
from core.access.scope import Asker, holds
from core.access.states import READERS, Role
from core.sheets.writing import Heading, Table, sheet_response
from credentials.claims.actions import (
    AT_ONCE,
    MOST,
    NotPassed,
    chosen_of,
    export_claims,
    pass_claims,
    read_chosen,
    start_passing,
)
from credentials.claims.forms import ClaimFilter
from credentials.claims.models import OFFICERS, Claim
from credentials.claims.queries.desk import Row, counts_for, found_claims, policies_to_post, rows_of
from credentials.claims.queries.waiting import waiting_for

PER_PAGE = 50
MOST_ROWS = 5000
SHOWN_WITH = ("person", "employer")


def crumbs(*last: tuple[str, Any]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("claims:index"), _("Review of claims")), *last)


def require_officer(user: Asker) -> None:
    """Claims at the desk are read by administrators, finance officers and auditors."""
    if not holds(user, *OFFICERS):
        raise Http404


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every claim in scope: chips, filters and search; those that wait for the officer can be passed together."""
    require_officer(request.user)
    form = ClaimFilter(request.GET, user=request.user)
    manages = holds(request.user, Role.ADMINISTRATOR)
    asked = (
        form.asked if manages else replace(form.asked, waiting=False)
    )  # nothing ever waits for who only reads
    rows = found_claims(request.user, asked)
    if request.GET.get("format") == "xlsx":
        return _sheet(request, rows.select_related(*SHOWN_WITH))
    page = Paginator(rows.select_related(*SHOWN_WITH), PER_PAGE).get_page(request.GET.get("page"))
    shown = rows_of(page.object_list, request.user)
    context = {
        "form": form,
        "fields": [form[name] for name in form.shown],
        "asked": asked,
        "counts": counts_for(request.user),
        "page": page,
        "rows": shown,
        "mine": sum(row.is_mine for row in shown),
        "query": _query(request),
        "all": asked.waiting and page.paginator.count > 1,
        "most": MOST_ROWS if page.paginator.count > MOST_ROWS else 0,
        "today": timezone.localdate(),
        "reads": holds(request.user, *READERS),
        "manages": manages,
        "posts": policies_to_post(request.user).exists(),
        "header_title": _("Review of claims"),
        "header_icon": "form",
        "breadcrumbs_items": crumbs(),
    }
    return render(request, "credentials/claims/desk/index.html", context)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    return query.urlencode()


def _sheet(request: HttpRequest, claims: Any) -> HttpResponse:
    """The first rows as a table; where there are more, its last line says so."""
    rows, of = rows_of(claims[:MOST_ROWS], request.user), claims.count()
    export_claims(actor=request.user, rows=len(rows))
    headings = [
        *(
            Heading(_("Number"), 18),
            Heading(_("Name"), 12),
            Heading(_("ID number"), 22),
            Heading(_("Employer"), 28),
        ),
        *(Heading(_("Subsidy policy"), 30), Heading(_("What is claimed"), 28), Heading(_("Amount"), 12)),
        *(Heading(_("Handed in"), 14), Heading(_("Stage"), 12), Heading(_("To be decided by"), 14)),
        *(Heading(_("State"), 18), Heading(_("Reason"), 30)),
    ]
    cells = [_cells(row) for row in rows]
    if of > MOST_ROWS:
        cut = _(
            "The first %(rows)s of %(of)s claims: filter the list, and take the others along by themselves."
        )
        cells.append([cut % {"rows": MOST_ROWS, "of": of}, *[""] * (len(headings) - 1)])
    table = Table(_("Review of claims"), headings, cells)
    return sheet_response(_("Review of claims") + ".xlsx", table)


def _cells(row: Row) -> list[Any]:
    claim = row.claim
    due = claim.stage_due_on if row.stage else None
    return [
        *(
            claim.serial,
            claim.person.name,
            claim.person.id_masked,
            claim.employer.name if claim.employer else "",
        ),
        *(row.policy, row.what, f"{claim.amount:.2f}", claim.claimed_on, row.stage, due),
        *(claim.get_state_display(), claim.reason),
    ]


@never_cache
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Pass many: first a page that says how many and what they come to, then each by itself; many become a job."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise Http404
    if "confirmed" in request.POST:
        return _pass(request)
    rows = waiting_for(request.user)
    if "all" in request.POST:
        wanted = found_claims(request.user, ClaimFilter(request.POST, user=request.user).asked)
        rows = rows.filter(pk__in=wanted.values("pk"))
    else:
        chosen = [one for one in request.POST.getlist("chosen") if one.isdecimal() and len(one) < 16]
        rows = rows.filter(pk__in=[int(one) for one in chosen[:MOST]])
    claims = list(rows.select_related(*SHOWN_WITH).order_by("stage_due_on", "-pk")[:MOST])
    if not claims:
        messages.info(
            request, _("Tick the claims first that you want to pass. Only those that wait for you can be.")
        )
        return redirect(f"{reverse('claims:index')}?waiting=on")
    context = {
        "rows": rows_of(claims, request.user),
        "total": sum(one.amount for one in claims),
        "chosen": ",".join(chosen_of(one).said() for one in claims),
        "becomes_job": len(claims) > AT_ONCE,
        "beyond": rows.count() - MOST if len(claims) == MOST else 0,
        "header_title": _("Pass several claims"),
        "header_icon": "form",
        "breadcrumbs_items": crumbs(("", _("Pass several claims"))),
    }
    return render(request, "credentials/claims/desk/batch.html", context)


def _pass(request: HttpRequest) -> HttpResponse:
    chosen = read_chosen(request.POST.get("chosen", "").split(","))
    if len(chosen) > AT_ONCE:
        job = start_passing(chosen=chosen, actor=request.user)
        messages.success(request, _("The claims are being passed. This page follows the work."))
        return redirect("core:job", job.pk)
    passed, left = pass_claims(chosen=chosen, actor=request.user)
    if passed:
        words = ngettext("%(count)s claim passed.", "%(count)s claims passed.", passed)
        messages.success(request, words % {"count": passed})
    if not left:
        return redirect(f"{reverse('claims:index')}?waiting=on")
    return _left(request, left)


def _left(request: HttpRequest, left: list[NotPassed]) -> HttpResponse:
    rows = Claim.objects.visible_to(request.user).select_related(*SHOWN_WITH)
    known = rows.in_bulk([one.claim.pk for one in left])
    context = {
        "left": [(known[one.claim.pk], one.reason) for one in left if one.claim.pk in known],
        "header_title": _("These claims were not passed"),
        "header_icon": "warning",
        "breadcrumbs_items": crumbs(("", _("These claims were not passed"))),
    }
    return render(request, "credentials/claims/desk/left.html", context)
