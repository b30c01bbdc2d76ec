"""Building a batch: choose the policy, look at what is due, tick some of it or take all, and build."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.jobs.models import Job
from core.states import Refused
from credentials.claims.models import Claim
from credentials.payments.actions.building import WHY_NOT_BUILD
from credentials.payments.jobs import ask_for_batch
from credentials.payments.models import PaymentBatch
from credentials.payments.policy import capitals
from credentials.payments.queries.apart import why_not_build
from credentials.payments.queries.desk import payable_policies, twin_words
from credentials.payments.queries.due import (
    Candidate,
    candidates,
    is_unchanged,
    last_returned,
    sums_to_be_paid,
    to_be_paid,
)
from credentials.payments.queries.facts import level_words
from credentials.payments.viewsets.figures import head
from credentials.policies.models import SubsidyPolicy

SHOWN = 100
NONE = (0, Decimal(0))


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The policies whose money one pays, with what is due of each."""
    policies = list(payable_policies(request.user).select_related("organisation").order_by("name"))
    if not policies:
        raise Http404
    twins, sums = twin_words(policies), sums_to_be_paid(policies)
    rows = [(policy, twins.get(policy.pk, ""), *sums.get(policy.pk, NONE)) for policy in policies]
    context = {"rows": rows, **head(_("Build a payment batch"), ("", _("Build a payment batch")))}
    return render(request, "credentials/payments/admin/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def build(request: HttpRequest, policy_id: int) -> HttpResponse:
    """What is due of one policy, ticked; what is built is asked anew."""
    policy = get_object_or_404(payable_policies(request.user).select_related("organisation"), pk=policy_id)
    if not request.user.has_perm("credentials.build_paymentbatch", policy):
        raise Http404
    if request.method == "POST":
        return _build(request, policy)
    number, total = sums_to_be_paid([policy]).get(policy.pk, NONE)
    pages = Paginator(to_be_paid(policy), SHOWN)
    pages.count = number
    page = pages.get_page(request.GET.get("p"))
    context = {
        "policy": policy,
        "page": page,
        "rows": [(row, WHY_NOT_BUILD.get(row.barred, "")) for row in _candidates(request, policy, page)],
        "number": number,
        "total": total,
        "capitals": capitals(total) if total else "",
        "drafts": PaymentBatch.objects.filter(policy=policy, state="draft"),
        **head(
            policy.name,
            (reverse("payments:choose"), _("Build a payment batch")),
            ("", policy.name),
        ),
    }
    return render(request, "credentials/payments/admin/build.html", context)


def _candidates(request: HttpRequest, policy: SubsidyPolicy, page: Page[Claim]) -> list[Candidate]:
    claims = list(page.object_list)
    barred = why_not_build(
        Claim.objects.filter(pk__in=[one.pk for one in claims]), policy.organisation, request.user
    )
    return candidates(claims, level_words, barred)


def _chosen(request: HttpRequest, policy: SubsidyPolicy) -> list[Claim]:
    """What is ticked; or all but what this officer puts into no batch, and what would go to the account from which it came
    back."""
    if "all" in request.POST:
        claims = list(to_be_paid(policy))
        barred = why_not_build(to_be_paid(policy), policy.organisation, request.user)
        returned = last_returned(claims)
        open_ = (claim for claim in claims if claim.pk not in barred)
        return [claim for claim in open_ if not is_unchanged(claim, returned.get(claim.pk))]
    said: Any = request.POST.getlist("claim")
    keys = [int(one) for one in said if one.isdecimal() and len(one) < 18]
    return list(to_be_paid(policy).filter(pk__in=keys[:SHOWN]))


def _build(request: HttpRequest, policy: SubsidyPolicy) -> HttpResponse:
    chosen = _chosen(request, policy)
    if not chosen:
        messages.error(
            request, _("Tick at least one claim. What was ticked may have been taken by another batch.")
        )
        return redirect("payments:build", policy.pk)
    try:
        built = ask_for_batch(policy=policy, claims=chosen, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("payments:build", policy.pk)
    if isinstance(built, Job):
        return redirect("core:job", built.pk)
    for claim, why in built.left:
        messages.warning(request, f"{claim.serial} {claim.person.name}: {why}")
    if built.batch is None:
        return redirect("payments:build", policy.pk)
    words = ngettext(
        "%(n)d claim stands in the batch. Look through it, then lock it.",
        "%(n)d claims stand in the batch. Look through them, then lock it.",
        built.taken,
    )
    messages.success(request, words % {"n": built.taken})
    return redirect("payments:batch", built.batch.pk)
