"""The batches that pay claims, what the bank says of them, and the money that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import give_role, make_user
from tests.factories.credentials import make_proof
from tests.factories.subsidies.claims import (
    ACCOUNT,
    make_claim,
)

if TYPE_CHECKING:
    from credentials.models import (
        Claim,
        PaymentBatch,
        PaymentLine,
        PaymentReversal,
        PolicyVersion,
    )


def make_payer(place: Organisation, name: str = "财务员") -> User:
    """A finance officer of this place."""
    officer = make_user(name, place)
    give_role(officer, "finance", place)
    return officer


def make_approved(
    person: Person, version: PolicyVersion, officer: User, *, level: str = "assistant"
) -> Claim:
    """A claim that has passed everything and waits for payment, approved by this officer."""
    from core.states import move
    from credentials.claims.models import Claim
    from credentials.claims.states import MOVES

    claim = make_claim(person, version, level=level, state="review")
    move(claim, "approved", MOVES, stage_due_on=None, approved_by=officer)
    return Claim.objects.select_related("version__subsidy").get(pk=claim.pk)


def make_batch(
    *claims: Claim, built_by: User, released_by: User | None = None, state: str = "draft"
) -> PaymentBatch:
    """A batch of these claims, of one policy: `draft`, `locked`, or `released` by another officer."""
    from credentials.payments import actions

    built = actions.build_batch(policy=claims[0].version.subsidy, claims=claims, actor=built_by)
    batch = built.batch
    assert batch is not None and not built.left, built.left
    if state != "draft":
        batch = actions.lock_batch(batch=batch, actor=built_by)
    if state == "released":
        batch = actions.release_batch(batch=batch, total=batch.total, actor=released_by)
    return batch


def money_back(**said: Any) -> Any:
    """What an officer says about money that the bank sent back today: the claim is paid again."""

    from credentials.payments.actions import Back
    from credentials.payments.states import ReversalCause, ReversalEnd

    about: dict[str, Any] = {
        "cause": ReversalCause.CAME_BACK,
        "end": ReversalEnd.AGAIN,
        "on": timezone.localdate(),
        "reason": "收款账户已销户",
        "reference": "退汇凭证8号",
    }
    return Back(**about | said)


def make_paid(claim: Claim, *, built_by: User, released_by: User) -> PaymentLine:
    """The line of a claim that was paid today by a batch of its own."""

    from credentials.payments import actions

    batch = make_batch(claim, built_by=built_by, released_by=released_by, state="released")
    actions.record_result(line=batch.lines.get(), paid=True, on=timezone.localdate(), actor=built_by)
    return batch.lines.select_related("batch__policy__organisation", "claim").get()


def make_payment_rows(claim: Claim, officer: User) -> PaymentBatch:
    """A batch that is being built with one line for this claim, and a budget, written past the verbs."""
    from credentials.models import PaymentBatch, PaymentBudget

    policy = claim.version.subsidy
    about = {"authority": policy.organisation, "policy": policy, "year": 2026}
    number = PaymentBatch.objects.count() + 1
    batch = PaymentBatch.objects.create(
        **about, serial=f"FF-2026-{number:04}", built_by=officer, total=500, count=1
    )
    _put_line(batch, claim, officer)
    PaymentBudget.objects.create(
        **about, number=number, amount=1000, words="示例财〔2026〕1号", set_by=officer
    )
    return batch


def _put_line(batch: PaymentBatch, claim: Claim, officer: User) -> PaymentLine:
    from credentials.models import PaymentLine

    return PaymentLine.objects.create(
        batch=batch,
        position=1,
        claim=claim,
        holder=claim.holder,
        approver=make_user("审批人"),
        built_by=officer,
        name=claim.name,
        id_hash=claim.id_hash,
        enterer=claim.entered_by,
        id_sealed="120199199001010000",
        level="助理社会工作师",
        standard=500,
        already=0,
        amount=500,
        bank="示例银行荆州支行",
        account_sealed=ACCOUNT,
    )


def make_reversal_rows(claim: Claim, officer: User, second: User) -> PaymentReversal:
    """A claim like this one whose line was paid and whose money came back: recorded, not confirmed. Written past the verbs."""

    from core.attachments.actions import keep_file
    from credentials.models import Claim, PaymentBatch, PaymentLine, PaymentReversal

    today, policy = timezone.localdate(), claim.version.subsidy
    names = ("person", "name", "holder", "version", "authority", "employer", "family")
    other = Claim.objects.create(
        **{name: getattr(claim, name) for name in names}, benefit="commended", key="r", state="withdrawn"
    )
    batch = PaymentBatch.objects.create(
        authority=policy.organisation,
        policy=policy,
        year=2026,
        serial=f"FF-2026-{PaymentBatch.objects.count() + 1:04}",
        built_by=officer,
        total=500,
        count=1,
    )
    line = _put_line(batch, other, officer)
    now = timezone.now()
    PaymentLine.objects.filter(pk=line.pk).update(released_by=second)
    PaymentBatch.objects.filter(pk=batch.pk).update(
        state="released", locked_at=now, released_by=second, released_at=now
    )
    PaymentLine.objects.filter(pk=line.pk).update(
        state="paid", paid_on=today, settled_by=second, settled_at=now
    )
    return PaymentReversal.objects.create(
        line=line,
        claim=other,
        holder=other.holder,
        authority=batch.authority,
        amount=500,
        cause="came_back",
        end="again",
        on=today,
        reason="账户已销户",
        reference="退汇凭证8号",
        proof=keep_file(upload=make_proof(), actor=officer),
        recorded_by=officer,
    )
