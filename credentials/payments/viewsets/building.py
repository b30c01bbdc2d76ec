"""Building a batch: choose the policy, look at what is due, tick, and build."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.jobs.models import Job
from core.states import Refused
from credentials.payments.jobs import ask_for_batch
from credentials.payments.models import PaymentBatch
from credentials.payments.policy import capitals, control_total
from credentials.payments.queries.desk import candidates, payable_policies, to_be_paid
from credentials.payments.queries.facts import level_words
from credentials.payments.viewsets.figures import head
from credentials.policies.models import SubsidyPolicy


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The policies whose money one pays, with what is due of each."""
    policies = payable_policies(request.user)
    if not policies.exists():
        raise Http404
    rows = []
    for policy in policies.select_related("organisation").order_by("name"):
        amounts = list(to_be_paid(policy).values_list("amount", flat=True))
        rows.append((policy, len(amounts), control_total(amounts)))
    context = {"rows": rows, **head(_("Build a payment batch"), ("", _("Build a payment batch")))}
    return render(request, "credentials/payments/admin/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def build(request: HttpRequest, policy_id: int) -> HttpResponse:
    """What is due of one policy, ticked; what is built is asked anew."""
    policy = get_object_or_404(payable_policies(request.user), pk=policy_id)
    if request.method == "POST":
        return _build(request, policy)
    rows = candidates(policy, level_words)
    total = control_total(row.claim.amount for row in rows)
    context = {
        "policy": policy,
        "rows": rows,
        "own": [row.claim.pk for row in rows if row.claim.holder_id == request.user.pk],
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


def _build(request: HttpRequest, policy: SubsidyPolicy) -> HttpResponse:
    keys = [int(said) for said in request.POST.getlist("claim") if said.isdecimal() and len(said) < 18]
    chosen = list(to_be_paid(policy).filter(pk__in=keys))
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
