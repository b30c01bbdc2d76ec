"""What the database refuses by itself: a batch behind which stands whoever has a part in it, and money without its line."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.models import Person
from core.states import move
from credentials.claims.models import Claim, ClaimAppeal, PaymentEntry
from credentials.claims.states import MOVES
from credentials.payments import actions
from credentials.payments.models import PaymentBatch, PaymentLine, PaymentReversal
from tests.credentials.payments.test_payments import facts_of
from tests.factories import make_qualification
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_claim,
    make_paid,
    make_payer,
    make_reviewer,
    money_back,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
OWN = "own ID number"
PARTS = ["holder", "enterer", "reviewer", "approver", "hearer", "conflicted"]


def refused(act, words="part in|without its line"):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


@pytest.fixture
def parts(desk, tree, cast):
    """Those with a part in a claim that waits for payment: claimant, enterer, reviewer, approver, who decided an appeal of it,
    and who declared a conflict of interest."""
    enterer, station = make_reviewer(tree["station"], "代录人"), make_reviewer(tree["station"], "站长")
    make_qualification(cast.instructor.person, "senior", days_ago=60)
    claim = make_claim(
        cast.instructor.person, desk.version, level="senior", state="review", entered_by=enterer
    )
    claim.reviews.create(holder=claim.holder, stage="employer", verdict="pass", by=station)
    judge, friend = make_reviewer(tree["city"], "复核人"), make_reviewer(tree["city"], "同学")
    refusal = claim.reviews.create(
        holder=claim.holder,
        stage="county",
        verdict="refuse",
        reason="不符",
        by=make_reviewer(tree["city"], "拒"),
    )
    heard = {"state": "upheld", "decided_by": judge, "decided_at": timezone.now(), "answer": "属实"}
    claim.appeals.create(against=refusal, holder=claim.holder, refused_by=refusal.by, words="复核", **heard)
    claim.conflicts.create(officer=friend, words="同学")
    move(claim, "approved", MOVES, stage="", stage_due_on=None, approved_by=desk.approver)
    people = {"holder": claim.holder, "enterer": enterer, "reviewer": station, "approver": desk.approver}
    people |= {"hearer": judge, "conflicted": friend}
    return Claim.objects.select_related("version__subsidy").get(pk=claim.pk), people


@pytest.mark.parametrize("who", [*PARTS, "builder"])
def test_a_batch_is_released_by_nobody_with_a_part_in_one_of_its_claims(desk, parts, who):
    claim, people = parts
    batch = make_batch(claim, desk.claims[0], built_by=desk.builder, state="locked")
    user = {**people, "builder": desk.builder}[who]
    said = {"state": "released", "released_by": user, "released_at": timezone.now()}

    refused(lambda: PaymentBatch.objects.filter(pk=batch.pk).update(**said), words=None)

    said["released_by"] = desk.releaser
    refused(lambda: PaymentBatch.objects.filter(pk=batch.pk).update(**said))  # the lines name nobody
    batch = actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)
    assert batch.state == "released"


def test_who_had_a_part_in_a_claim_of_a_batch_of_before_is_told_so_before_locking(desk):
    batch, claim = make_batch(*desk.claims[:2], built_by=desk.builder), desk.claims[0]
    claim.reviews.create(holder=claim.holder, stage="employer", verdict="pass", by=desk.builder)
    with pytest.raises(actions.PaymentRefused, match=claim.serial):
        actions.lock_batch(batch=batch, actor=desk.builder)
    actions.drop_line(line=batch.lines.get(claim=claim), actor=desk.builder)
    assert actions.lock_batch(batch=batch, actor=desk.builder).count == 1


@pytest.mark.parametrize("who", PARTS)
def test_a_batch_is_built_by_nobody_with_a_part_in_one_of_its_claims(desk, parts, who):
    claim, people = parts
    line = facts_of(make_batch(claim, built_by=desk.builder).lines.get()) | {"attempt": 9, "turn": 1}
    PaymentLine.objects.update(state="withdrawn")
    about = {"authority": desk.policy.organisation, "policy": desk.policy, "year": 2026}
    batch = PaymentBatch.objects.create(**about, serial="FF-2099-0001", built_by=people[who])

    for builder in (people[who], desk.builder):  # by themselves, or in the name of somebody else
        said = line | {"batch": batch, "built_by": builder}
        refused(lambda said=said: PaymentLine.objects.create(**said), words=None)
    if who != "holder":  # nor in the name of another claimant
        said = line | {"batch": batch, "built_by": people[who], "holder": desk.claims[0].holder}
        refused(lambda: PaymentLine.objects.create(**said), words=None)
    batch = PaymentBatch.objects.create(**about, serial="FF-2099-0002", built_by=desk.builder)
    PaymentLine.objects.create(**line | {"batch": batch})


def test_a_line_is_put_in_waiting_and_answered_by_the_bank_alone(desk):
    batch = make_batch(desk.claims[0], built_by=desk.builder)
    line = batch.lines.get()
    facts = facts_of(line) | {"attempt": 2, "position": 2}
    PaymentLine.objects.filter(pk=line.pk).update(state="withdrawn")
    refused(lambda: PaymentLine.objects.create(**facts | {"released_by": desk.releaser}))
    line = PaymentLine.objects.create(**facts)
    answer = {"settled_by": desk.builder, "settled_at": timezone.now(), "released_by": desk.releaser}
    rows = PaymentLine.objects.filter(pk=line.pk)

    refused(lambda: rows.update(state="paid", paid_on=TODAY(), **answer))
    refused(lambda: rows.update(state="failed", reason="销户", **answer))
    batch = actions.lock_batch(batch=batch, actor=desk.builder)
    actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)
    refused(lambda: rows.update(state="withdrawn"))


def test_nothing_is_entered_as_paid_but_a_line_that_was_with_its_amount(desk, cast):
    claim = Claim.objects.get(pk=desk.claims[0].pk)
    entry = {
        "person": claim.person, "holder": claim.holder, "authority": claim.authority, "claim": claim, "kind": "paid",
        "benefit": claim.benefit, "key": claim.key, "id_hash": claim.id_hash, "amount": claim.amount, "on": TODAY(),
        "entered_by": desk.builder,
    }  # fmt: skip
    for source in ("payment:99999", "zz1", f"payment:{claim.pk}"):
        refused(lambda source=source: PaymentEntry.objects.create(**entry | {"amount": 9999}, source=source))
        refused(lambda source=source: PaymentEntry.objects.create(**entry, source=source))
    batch = make_batch(claim, built_by=desk.builder, released_by=desk.releaser, state="released")
    source = f"payment:{batch.lines.get().pk}"
    refused(lambda: PaymentEntry.objects.create(**entry, source=source))  # the bank has not answered yet
    answer = {"state": "paid", "paid_on": TODAY(), "settled_by": desk.builder, "settled_at": timezone.now()}
    batch.lines.update(**answer)
    refused(lambda: PaymentEntry.objects.create(**entry | {"amount": 9999}, source=source))
    other = Claim.objects.get(pk=desk.claims[1].pk)
    refused(lambda: PaymentEntry.objects.create(**entry | {"claim": other}, source=source), words=None)
    PaymentEntry.objects.create(**entry, source=source)


@pytest.mark.parametrize("state", ["approved", "locked", "released"])
def test_a_claim_is_paid_with_its_paid_line_alone(desk, state):
    claim = desk.claims[0]
    if state != "approved":
        make_batch(claim, built_by=desk.builder, released_by=desk.releaser, state=state)

    def pay():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE credentials_claim SET state = 'paid' WHERE id = %s", [claim.pk])

    refused(pay)


def test_a_claim_whose_money_came_back_needs_another_line(desk):
    line = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    reversal = actions.record_reversal(line=line, back=money_back(), actor=desk.builder)
    actions.confirm_reversal(reversal=reversal, actor=desk.releaser)
    rows = Claim.objects.filter(pk=line.claim_id)
    assert rows.get().state == "approved"

    refused(lambda: rows.update(state="paid"))


@pytest.fixture
def twin(tree, desk, cast):
    """A finance officer who has claimed with the ID number that another account keeps by now, and a claim of that account."""
    officer = make_payer(tree["city"], "本人")
    Person.objects.filter(pk=officer.person.pk).update(employer=cast.trainee.person.employer)
    make_paid(
        make_approved(Person.objects.get(pk=officer.person.pk), desk.version, desk.approver),
        built_by=desk.builder,
        released_by=desk.releaser,
    )
    first, other = Person.objects.get(pk=officer.person.pk), cast.instructor.person
    number = first.id_number
    first.set_id_number("", None)
    first.save()
    other.set_id_number("resident_id", number)
    other.save()
    return officer, make_approved(other, desk.version, desk.approver, level="senior")


def answered_by(user):
    return {"state": "failed", "reason": "销户", "settled_by": user, "settled_at": timezone.now()}


def decided_by(user, state="confirmed"):
    return {"state": state, "decided_by": user, "decided_at": timezone.now(), "answer": "无退汇"}


def recording(line, user):
    said = {"authority": line.batch.authority, "amount": line.amount, "cause": "came_back", "end": "again"}
    said |= {"line": line, "claim_id": line.claim_id, "holder": line.holder, "on": TODAY(), "reason": "销户"}
    return PaymentReversal(**said, reference="回单8号", recorded_by=user)


@pytest.mark.parametrize("who", PARTS)
def test_what_became_of_a_line_is_said_by_nobody_with_a_part_in_its_claim(desk, parts, who):
    claim, people = parts
    batch = make_batch(claim, built_by=desk.builder, released_by=desk.releaser, state="released")
    rows = PaymentLine.objects.filter(batch=batch)
    refused(lambda: rows.update(**answered_by(people[who])), words=None)
    actions.record_result(line=rows.get(), paid=True, on=TODAY(), actor=desk.builder)

    refused(lambda: recording(rows.get(), people[who]).save(), words=None)
    reversal = actions.record_reversal(line=rows.get(), back=money_back(), actor=desk.builder)
    for state in ("confirmed", "refused"):
        kept = PaymentReversal.objects.filter(pk=reversal.pk)
        for user in (people[who], desk.builder):  # who recorded it, or built the batch, is no second person
            refused(
                lambda user=user, kept=kept, state=state: kept.update(**decided_by(user, state)), words=None
            )
    actions.confirm_reversal(reversal=reversal, actor=desk.releaser)


def test_who_built_the_batch_confirms_no_reversal_that_another_has_recorded(desk):
    line = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    reversal = actions.record_reversal(line=line, back=money_back(), actor=desk.releaser)
    refused(lambda: PaymentReversal.objects.filter(pk=reversal.pk).update(**decided_by(desk.builder)))


def test_nor_is_any_of_it_done_by_who_has_claimed_with_the_same_id_number(desk, twin):
    officer, claim = twin
    batch = make_batch(claim, built_by=desk.builder)
    facts = facts_of(batch.lines.get()) | {"attempt": 9}
    PaymentLine.objects.filter(batch=batch).update(state="withdrawn")
    about = {"authority": desk.policy.organisation, "policy": desk.policy, "year": 2026}
    own = PaymentBatch.objects.create(**about, serial="FF-2099-0001", built_by=officer)
    refused(lambda: PaymentLine.objects.create(**facts | {"batch": own, "built_by": officer}))
    PaymentLine.objects.create(**facts)
    batch = actions.lock_batch(batch=batch, actor=desk.builder)
    said = {"state": "released", "released_by": officer, "released_at": timezone.now()}
    batch.lines.filter(state="waiting").update(released_by=officer)

    refused(lambda: PaymentBatch.objects.filter(pk=batch.pk).update(**said))


def test_nor_is_what_became_of_its_line_said_by_them(desk, twin):
    officer, claim = twin
    batch = make_batch(claim, built_by=desk.builder, released_by=desk.releaser, state="released")
    rows = PaymentLine.objects.filter(batch=batch)
    refused(lambda: rows.update(**answered_by(officer)))
    actions.record_result(line=rows.get(), paid=True, on=TODAY(), actor=desk.builder)
    refused(lambda: recording(rows.get(), officer).save())
    reversal = actions.record_reversal(line=rows.get(), back=money_back(), actor=desk.builder)
    refused(lambda: PaymentReversal.objects.filter(pk=reversal.pk).update(**decided_by(officer)))


def test_nobody_reviews_approves_or_hears_what_is_claimed_with_their_own_id_number(desk, twin):
    officer, claim = twin
    review = {"holder": claim.holder, "stage": "city", "reason": "不符"}
    for verdict in ("pass", "return", "refuse"):
        refused(lambda said=verdict: claim.reviews.create(**review, verdict=said, by=officer), words=OWN)
    refusal = claim.reviews.create(
        **review, verdict="refuse", by=make_reviewer(desk.policy.organisation, "拒")
    )
    about = {"against": refusal, "holder": claim.holder, "refused_by": refusal.by, "words": "请复核"}
    appeal = claim.appeals.create(**about)
    rows = ClaimAppeal.objects.filter(pk=appeal.pk)
    refused(lambda: rows.update(**decided_by(officer, "upheld")), words=OWN)
    rows.update(**decided_by(desk.releaser, "upheld"))
    back = Claim.objects.filter(pk=claim.pk)
    back.update(state="review", stage="city", approved_by=None)
    refused(lambda: back.update(state="approved", approved_by=officer), words=OWN)
    back.update(state="approved", approved_by=desk.approver)


def test_nor_hands_it_over_in_kind(desk, twin):
    officer, claim = twin
    rows = Claim.objects.filter(pk=claim.pk)
    rows.update(in_kind=True)
    PaymentEntry.objects.create(
        person=claim.person, holder=claim.holder, authority=claim.authority, claim=claim, kind="given",
        benefit=claim.benefit, key=claim.key, id_hash=claim.id_hash, amount=claim.amount, on=TODAY(),
        source=f"given:{claim.pk}", words="课程券", entered_by=desk.builder,
    )  # fmt: skip

    refused(lambda: rows.update(state="given", given_by=officer), words=OWN)
    rows.update(state="given", given_by=desk.builder)
