"""Two officers, or an officer and a claimant, at the same moment: one of two things happens, and never half of both."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from core.models import AuditEntry
from credentials.claims.actions import correct_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.models import PaymentBatch, PaymentReversal
from credentials.payments import actions
from credentials.payments.policy import Result
from credentials.payments.queries.balance import balance_of
from tests.credentials.payments.test_concurrency import at_once
from tests.factories import make_organisation, make_user
from tests.factories.subsidies import (
    ACCOUNT,
    make_approved,
    make_batch,
    make_paid,
    make_payer,
    make_reviewer,
    make_subsidies,
    money_back,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
OTHER = "6222029900000015"
TODAY = timezone.localdate


@pytest.fixture
def desk():
    city = make_organisation("示例市民政局", tier="city", kind="bureau")
    station = make_organisation("新街社工站", city)
    approver = make_reviewer(city, "审批人")
    version = make_subsidies(city, approver, notice=0)
    people = [make_user(f"申领人{number}", station) for number in range(2)]
    return SimpleNamespace(
        builder=make_payer(city, "制表人"),
        releaser=make_payer(city, "审核人"),
        third=make_payer(city, "第三人"),
        policy=version.subsidy,
        claims=[make_approved(user.person, version, approver) for user in people],
    )


def agrees(batch):
    """The batch is as its lines are, and its claims with them."""
    batch.refresh_from_db()
    live = list(batch.lines.live().select_related("claim"))
    if batch.state == "cancelled":
        assert not live
        return
    assert (batch.count, batch.total) == (len(live), sum(line.amount for line in live))
    assert {line.claim.state for line in live} <= {"locked", "paid"}


def test_an_account_is_corrected_before_its_claim_is_taken_or_not_at_all(desk):
    claim = desk.claims[0]
    first = make_batch(claim, built_by=desk.builder, released_by=desk.releaser, state="released")
    actions.record_result(
        line=first.lines.get(), paid=False, on=TODAY(), reason="户名不符", actor=desk.builder
    )
    claim = Claim.objects.select_related("version__subsidy", "holder").get(pk=claim.pk)

    at_once(
        lambda: correct_account(
            claim=claim, bank="示例银行新支行", account=OTHER, consent_version="1", actor=claim.holder
        ),
        lambda: actions.build_batch(policy=desk.policy, claims=[claim], actor=desk.builder),
    )

    line = PaymentBatch.objects.get(state="draft").lines.get()
    claim.refresh_from_db()
    assert line.account_sealed in (ACCOUNT, OTHER)
    assert (line.bank, line.account_sealed) == (claim.bank, claim.account_sealed)


def test_a_line_leaves_before_the_lock_or_stays(desk):
    batch = make_batch(*desk.claims, built_by=desk.builder)
    line = batch.lines.first()
    at_once(
        lambda: actions.drop_line(line=line, actor=desk.releaser),
        lambda: actions.lock_batch(batch=batch, actor=desk.builder),
    )
    agrees(batch)
    assert batch.state == "locked"


@pytest.mark.parametrize("other", ["cancel", "return"])
def test_a_batch_is_released_or_taken_back_and_not_both(desk, other):
    batch = make_batch(*desk.claims, built_by=desk.builder, state="locked")
    back = {"cancel": actions.cancel_batch, "return": actions.return_batch}[other]
    at_once(
        lambda: actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser),
        lambda: back(batch=batch, reason="重做", actor=desk.builder),
    )
    agrees(batch)
    done = {"credentials.release_batch", f"credentials.{other}_batch"}
    assert AuditEntry.objects.filter(action__in=done).count() == 1
    by = desk.releaser.pk if batch.state == "released" else None
    assert set(batch.lines.values_list("released_by", flat=True)) == {by}


def test_one_answer_counts_of_a_table_and_a_hand_that_say_two_things(desk):
    batch = make_batch(*desk.claims, built_by=desk.builder, released_by=desk.releaser, state="released")
    lines = list(batch.lines.select_related("batch__authority", "claim"))
    results = [Result(line.pk, True) for line in lines]
    at_once(
        lambda: actions.import_results(batch=batch, results=results, on=TODAY(), actor=desk.builder),
        lambda: actions.record_result(
            line=lines[0], paid=False, on=TODAY(), reason="销户", actor=desk.releaser
        ),
    )
    paid = batch.lines.filter(state="paid").count()
    assert (paid, batch.lines.filter(state="failed").count()) in ((2, 0), (0, 1))  # the table whole, or not
    assert PaymentEntry.objects.count() == paid
    assert balance_of(desk.policy) == (500 * paid, 500 * paid)


def test_a_reversal_is_confirmed_or_refused(desk):
    line = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    reversal = actions.record_reversal(line=line, back=money_back(), actor=desk.builder)
    at_once(
        lambda: actions.confirm_reversal(reversal=reversal, actor=desk.releaser),
        lambda: actions.refuse_reversal(reversal=reversal, answer="银行无退汇", actor=desk.third),
    )
    back = PaymentEntry.objects.filter(kind="reversed").count()
    state = PaymentReversal.objects.get().state
    assert (state, back) in (("confirmed", 1), ("refused", 0))
    assert Claim.objects.get(pk=line.claim_id).state == ("approved" if back else "paid")
    assert balance_of(desk.policy) == (500 * (1 - back), 500 * (1 - back))
