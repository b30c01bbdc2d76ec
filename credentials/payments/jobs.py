"""Long batches and long tables of the bank are done in the background, with progress."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.jobs.actions import ItemFailed, Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.jobs.states import OPEN
from core.people.models import User
from core.states import Refused
from credentials.claims.models import Claim
from credentials.payments.actions import (
    Built,
    add_claim,
    build_batch,
    import_results,
    open_batch,
    record_result,
)
from credentials.payments.actions.building import lost_words
from credentials.payments.models import PaymentBatch
from credentials.payments.policy import Result, without_numbers
from credentials.payments.states import LineState
from credentials.policies.models import SubsidyPolicy

LONG_LINES = 200  # more than these take longer than anybody waits for a page


@transaction.atomic
def ask_for_batch(*, policy: SubsidyPolicy, claims: Sequence[Claim], actor: Asker) -> Built | Job:
    """The batch of these claims, built now, or the job that fills it. Raises PaymentRefused."""
    if len(claims) <= LONG_LINES:
        return build_batch(policy=policy, claims=claims, actor=actor)
    batch = open_batch(policy=policy, actor=actor)
    return start_job(
        kind="credentials.fill_batch",
        title=_("Payment batch %(serial)s") % {"serial": batch.serial},
        params={"batch": batch.pk, "claims": [claim.pk for claim in claims], "actor": actor.pk},
        actor=actor,
        organisation=batch.authority,
    )


def _place(job: Job) -> Place:
    return Place(_("The payment batch"), reverse("payments:batch", args=[job.params["batch"]]))


@job_kind("credentials.fill_batch", _place)
def fill_batch(run: Run) -> dict[str, Any]:
    """Take the claims into the batch one by one. Safe to repeat: what stands in it is passed over."""
    batch = PaymentBatch.objects.select_related("policy__organisation", "authority").get(
        pk=run.params["batch"]
    )
    actor = User.objects.select_related("person").get(pk=run.params["actor"])
    rows = Claim.objects.filter(pk__in=run.params["claims"]).select_related("version__subsidy", "person")

    def take(claim: Claim) -> None:
        if batch.lines.filter(claim=claim).exists():
            return
        try:
            taken = add_claim(batch=batch, claim=claim, actor=actor)
        except Refused as refusal:
            raise ItemFailed(str(refusal)) from refusal
        if not taken:
            raise ItemFailed(lost_words(claim))

    claims = list(rows.order_by("person", "pk"))
    run.each(
        claims, take, total=len(claims), label=lambda one: (str(one.pk), f"{one.serial} {one.person.name}")
    )
    return {"taken": batch.lines.exclude(state=LineState.WITHDRAWN).count(), "of": len(claims)}


@transaction.atomic
def ask_for_results(
    *, batch: PaymentBatch, results: Sequence[Result], on: datetime.date, actor: Asker
) -> PaymentBatch | Job:
    """Enter a table that was read without any fault, now, or by a job where it is long. Raises PaymentRefused.

    The same table sent twice is one job as long as that goes on; another table, or one after that job has ended, is another.
    """
    if len(results) <= LONG_LINES:
        return import_results(batch=batch, results=results, on=on, actor=actor)
    said = [[result.line, result.paid, without_numbers(result.reason)] for result in results]
    PaymentBatch.objects.select_for_update(no_key=True).get(
        pk=batch.pk
    )  # of two clicks the second waits here
    mark = hashlib.sha256(repr((on.isoformat(), sorted(said))).encode()).hexdigest()[:40]
    key = f"credentials.results:{batch.pk}:{mark}:"
    before = Job.objects.filter(dedupe_key__startswith=key)
    if running := before.filter(state__in=sorted(OPEN)).first():
        return running
    return start_job(
        kind="credentials.enter_results",
        title=_("Bank results of %(serial)s") % {"serial": batch.serial},
        params={"batch": batch.pk, "results": said, "on": on.isoformat(), "actor": actor.pk},
        actor=actor,
        organisation=batch.authority,
        dedupe_key=f"{key}{before.count() + 1}",
    )


@job_kind("credentials.enter_results", _place)
def enter_results(run: Run) -> dict[str, Any]:
    """Enter the results one by one. Safe to repeat: a line that has the result already is passed over, and one that has
    another is named."""
    batch = PaymentBatch.objects.get(pk=run.params["batch"])
    actor = User.objects.select_related("person").get(pk=run.params["actor"])
    on = datetime.date.fromisoformat(run.params["on"])
    lines = {line.pk: line for line in batch.lines.select_related("batch__authority", "claim")}

    def enter(said: list[Any]) -> None:
        pk, paid, reason = said
        line = lines[pk]
        if line.state == (LineState.PAID if paid else LineState.FAILED):
            return
        try:
            record_result(line=line, paid=paid, on=on, reason=reason, actor=actor)
        except Refused as refusal:
            raise ItemFailed(str(refusal)) from refusal

    results = run.params["results"]
    run.each(results, enter, total=len(results), label=lambda one: (str(one[0]), lines[one[0]].name))
    return {"entered": len(results)}
