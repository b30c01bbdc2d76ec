"""Building a batch: claims are taken into it one by one, each asked anew, and each by one batch only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.scope import Asker
from core.audit.actions import entry_of, record, record_all
from core.audit.models import AuditEntry
from core.organisations.models import Organisation
from core.people.models import User
from credentials.claims.actions import ClaimRefused, lock_for_payment
from credentials.claims.models import Claim
from credentials.claims.queries.identity import is_same_person
from credentials.claims.states import ClaimState
from credentials.hours.actions import lock_people
from credentials.payments.actions.asking import (
    APART,
    PaymentRefused,
    locked,
    require_builder,
    require_finance,
)
from credentials.payments.models import PaymentBatch, PaymentCounter, PaymentLine
from credentials.payments.policy import SERIAL
from credentials.payments.queries.apart import why_not_build
from credentials.payments.queries.doubles import why_paid_already
from credentials.payments.queries.facts import frozen_facts
from credentials.payments.states import BatchState, LineState
from credentials.policies.models import SubsidyPolicy

WHY_NOT_BUILD: dict[str, Any] = APART | {
    "own": gettext_lazy("Nobody puts a claim of their own into a batch."),
    "decided": gettext_lazy("You have decided about this claim: somebody else puts it into a batch."),
    "entered": gettext_lazy("You have entered this claim: somebody else puts it into a batch."),
}


@dataclass
class Built:
    """A batch with what it has taken; `left` are the claims that it could not take, each with a sentence."""

    batch: PaymentBatch | None = None
    taken: int = 0
    left: list[tuple[Claim, str]] = field(default_factory=list)


@transaction.atomic
def build_batch(*, policy: SubsidyPolicy, claims: Iterable[Claim], actor: Asker) -> Built:
    """Take these approved claims of a policy into a new batch; those that have lost their ground since go back to review,
    and are listed with those that another batch was quicker to take. Without any left to take there is no batch.

    Raises PaymentRefused for whoever is no finance officer at or above the authority. Side effects, in the order of the
    claimants: as of `open_batch` and `add_claim`.
    """
    user = require_builder(actor, policy)
    entries: list[AuditEntry] = []
    built, wanted = Built(), sorted(claims, key=lambda one: (one.person_id, one.pk))
    lock_people(
        *{claim.person_id for claim in wanted}
    )  # all at once and in order: two builds never wait for each other
    for claim in wanted:
        try:
            with transaction.atomic():
                taken = _take(built.batch, policy, claim, user)
        except (ClaimRefused, PaymentRefused) as refusal:
            built.left.append((claim, str(refusal)))
            continue
        if taken is None:
            built.left.append((claim, lost_words(claim)))
        else:
            built.batch, built.taken = taken[0], built.taken + 1
            entries.append(taken[1])
    record_all(entries)
    if built.batch:
        built.batch.refresh_from_db()
    return built


def _take(
    batch: PaymentBatch | None, policy: SubsidyPolicy, claim: Claim, user: User
) -> tuple[PaymentBatch, AuditEntry] | None:
    """The batch that has taken the claim, opened for the first one, with the audit entry of the claim that is still to be added;
    None when the claim has lost its ground."""
    _require_payable(policy.pk, policy.organisation, claim, user)
    if not lock_for_payment(claim=claim, actor=user):
        return None
    batch = batch or open_batch(policy=policy, actor=user)
    return batch, _put(batch, claim, user)


def lost_words(claim: Claim) -> str:
    """Why a claim that is not paid has gone back to review."""
    if not is_same_person(Claim.objects.select_related("person").get(pk=claim.pk)):
        return _("Name or ID number were changed since it was handed in: it has gone back to review.")
    return _("The policy no longer grants it, or another amount: it has gone back to review.")


@transaction.atomic
def open_batch(*, policy: SubsidyPolicy, actor: Asker) -> PaymentBatch:
    """An empty batch with the next serial of the year. Raises PaymentRefused. Side effects: serial, row, audit entry."""
    user = require_builder(actor, policy)
    today = timezone.localdate()
    batch = PaymentBatch.objects.create(
        serial=_take_serial(today.year),
        authority=policy.organisation,
        policy=policy,
        year=today.year,
        built_by=user,
    )
    record(
        action="credentials.build_batch",
        target=batch,
        actor=actor,
        organisation=batch.authority,
        after={"policy": policy.name},
    )
    return batch


@transaction.atomic
def add_claim(*, batch: PaymentBatch, claim: Claim, actor: Asker) -> bool:
    """Take an approved claim into a batch that is being built, with everything that the list prints.

    By whoever builds it. False when the policy no longer grants it as approved, or to another person: then it has gone back to
    review. Raises ClaimRefused when it is not there to be paid, and PaymentRefused for everybody else, and when it is of
    another policy, one's own, or the batch is locked. Side effects, in order: the batch's row is locked; the claim's state
    moves; the line; an audit entry of the claim.
    """
    user = require_finance(actor, batch)
    row = locked(batch)
    if row.built_by_id != user.pk:
        raise PaymentRefused(_("Only whoever builds a batch puts claims into it."))
    if row.state != BatchState.DRAFT:
        raise PaymentRefused(_("Batch %(serial)s takes no more claims.") % {"serial": row.serial})
    _require_payable(row.policy_id, row.authority, claim, user)
    if not lock_for_payment(claim=claim, actor=actor):
        return False
    record_all([_put(row, claim, user)])
    return True


def _require_payable(policy_id: int, place: Organisation, claim: Claim, user: User) -> None:
    if claim.version.subsidy_id != policy_id:
        raise PaymentRefused(_("A batch pays claims of one policy only."))
    if why := why_not_build(Claim.objects.filter(pk=claim.pk), place, user):
        raise PaymentRefused(str(WHY_NOT_BUILD[why[claim.pk]]))


def _put(row: PaymentBatch, claim: Claim, user: User) -> AuditEntry:
    """The line of a claim that has just been locked, and the audit entry, still to be added, that says in which batch."""
    fresh = Claim.objects.select_related("person__user", "employer", "version").get(pk=claim.pk)
    facts = frozen_facts(fresh)
    if not facts["id_sealed"] or not facts["bank"]:
        raise PaymentRefused(_("The ID number or the bank is missing: the claim cannot be paid."))
    if why := why_paid_already(fresh, facts["certificate_number"]):
        raise PaymentRefused(why)
    _add_line(row, fresh, user, facts)
    PaymentBatch.objects.filter(pk=row.pk).update(count=F("count") + 1, total=F("total") + fresh.amount)
    return entry_of(
        action="credentials.lock_for_payment",
        target=fresh,
        actor=user,
        organisation=fresh.employer,
        before={"state": ClaimState.APPROVED.value},
        after={"state": ClaimState.LOCKED.value, "batch": row.serial},
    )


def _add_line(row: PaymentBatch, claim: Claim, user: User, facts: dict[str, Any]) -> None:
    """The next line of a batch. Raises PaymentRefused where the database takes none like it. Side effect: the row."""
    assert claim.approved_by_id is not None  # the database: nothing is locked that nobody has approved
    lines = row.lines.exclude(state=LineState.WITHDRAWN)
    tried = list(PaymentLine.objects.filter(claim=claim).order_by("attempt").select_related("batch"))
    back = list(claim.reversals.confirmed().values_list("line", flat=True))
    try:
        with transaction.atomic():
            PaymentLine.objects.create(
                batch=row,
                position=(lines.aggregate(last=Max("position"))["last"] or 0) + 1,
                claim=claim,
                attempt=len(tried) + 1,
                turn=len(back) + 1,
                holder_id=claim.holder_id,
                approver_id=claim.approved_by_id,
                enterer_id=claim.entered_by_id,
                built_by=user,
                remark=_remark(tried, back),
                **facts,
            )
    except IntegrityError:
        words = _(
            "Claim %(serial)s stands in another batch, or is not to be paid like this by you: look at it again."
        )
        raise PaymentRefused(words % {"serial": claim.serial}) from None


def _remark(tried: list[PaymentLine], back: list[int]) -> str:
    """What the list says beside a payment that is tried again, in Chinese as the list is."""
    failed = [line for line in tried if line.state == LineState.FAILED or line.pk in back]
    return f"重新发放：{failed[-1].batch.serial} 第{failed[-1].position}行退回" if failed else ""


def _take_serial(year: int) -> str:
    """The next serial of the year; the counter's row is locked until the transaction ends."""
    PaymentCounter.objects.get_or_create(year=year)
    PaymentCounter.objects.filter(year=year).update(last=F("last") + 1)
    number = PaymentCounter.objects.values_list("last", flat=True).get(year=year)
    return f"{SERIAL}-{year}-{number:04}"
