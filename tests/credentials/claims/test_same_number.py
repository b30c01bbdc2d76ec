"""An officer who has claimed with an ID number that another account keeps by now: what that account claims is their own."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Person, User
from credentials.claims import actions
from credentials.claims.actions import ClaimRefused
from credentials.claims.models import Claim
from credentials.claims.queries.noticed import PREFIX, why_not_judge
from credentials.claims.queries.stages import who_decides, why_not, why_not_give
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.payments.actions import (
    PaymentRefused,
    lock_batch,
    record_late_payment,
    record_result,
    record_reversal,
)
from credentials.payments.queries.apart import (
    who_releases,
    why_not_build,
    why_not_enter,
    why_not_release,
)
from tests.factories import give_role
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_claim,
    make_paid,
    make_payer,
    make_reviewer,
    make_subsidies,
    money_back,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_city(tree, cast):
    return make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")


@pytest.fixture
def payers(tree):
    return make_payer(tree["city"], "甲"), make_payer(tree["city"], "乙")


@pytest.fixture
def officer(tree, cast, at_city, payers):
    """Paid for the lower level; then the number went to another account (`cast.other_trainee`)."""
    user = make_reviewer(tree["city"], "自审")
    Person.objects.filter(pk=user.person.pk).update(employer=cast.trainee.person.employer)
    person = Person.objects.get(pk=user.person.pk)
    first = make_approved(person, at_city, make_reviewer(tree["city"], "审批人"))
    make_paid(first, built_by=payers[0], released_by=payers[1])
    person.refresh_from_db()
    number = person.id_number
    person.set_id_number("", None)
    person.save()
    other = cast.other_trainee.person
    other.set_id_number("resident_id", number)
    other.save()
    give_role(user, "finance", tree["city"])
    return User.objects.get(pk=user.pk)


def test_it_is_neither_reviewed_nor_waits_for_them_and_others_decide(cast, at_city, officer):
    claim = make_claim(cast.other_trainee.person, at_city, level="social_worker", state="review")

    assert why_not(claim, officer) == "own" and officer not in who_decides(claim)
    assert not waiting_for(officer).filter(pk=claim.pk).exists()
    with pytest.raises(ClaimRefused, match="自己的申领"):
        actions.review_claim(claim=claim, stage=claim.stage, verdict="pass", actor=officer)
    assert waiting_for(cast.city_administrator).filter(pk=claim.pk).exists()
    assert why_not_judge([f"{PREFIX}{claim.pk}"], officer)
    assert not why_not_judge([f"{PREFIX}{claim.pk}"], cast.city_administrator)
    Claim.objects.filter(pk=claim.pk).update(
        state="approved", stage="", in_kind=True, approved_by=cast.city_administrator
    )
    claim.refresh_from_db()
    assert why_not_give(claim, officer) == "own"


def test_they_do_not_hear_its_appeal(cast, at_city, officer):
    claim = make_claim(cast.other_trainee.person, at_city, level="social_worker", state="review")
    actions.review_claim(
        claim=claim, stage=claim.stage, verdict="refuse", reason="不在岗", actor=cast.city_administrator
    )
    appeal = actions.appeal(claim=Claim.objects.get(pk=claim.pk), words="一直在岗", actor=cast.other_trainee)

    assert appeal not in appeals_for(officer)
    with pytest.raises(ClaimRefused):
        actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=officer)


def test_they_neither_build_nor_release_what_pays_it(tree, cast, at_city, officer, payers):
    claim = make_approved(cast.other_trainee.person, at_city, cast.city_administrator, level="social_worker")
    assert why_not_build(Claim.objects.filter(pk=claim.pk), tree["city"], officer) == {claim.pk: "own"}
    batch = lock_batch(batch=make_batch(claim, built_by=payers[0]), actor=payers[0])

    assert why_not_release(batch, officer) == "own"
    found = who_releases(batch)
    assert payers[1] in found and officer not in found


def test_nor_do_they_enter_what_the_bank_says_of_it_or_that_its_money_came_back(
    client, cast, at_city, officer, payers
):
    first, second = payers
    claim = make_approved(cast.other_trainee.person, at_city, cast.city_administrator, level="social_worker")
    batch = make_batch(claim, built_by=first, released_by=second, state="released")
    line, said = batch.lines.get(), {"on": timezone.localdate()}
    assert why_not_enter(line, officer) == "own" and not why_not_enter(line, second)
    with pytest.raises(PaymentRefused, match="第 1 行是你本人"):
        record_result(line=line, paid=True, actor=officer, **said)

    record_result(line=line, paid=False, reason="销户", actor=first, **said)
    with pytest.raises(PaymentRefused, match="第 1 行是你本人"):
        record_late_payment(line=line, reference="回单1号", actor=officer, **said)
    record_late_payment(line=line, reference="回单1号", actor=first, **said)
    line.refresh_from_db()
    with pytest.raises(PaymentRefused, match="第 1 行是你本人"):
        record_reversal(line=line, back=money_back(), actor=officer)
    client.force_login(officer)
    page = client.get(reverse("payments:reverse", args=[batch.pk, line.pk]), follow=True)
    assert page.redirect_chain and "第 1 行是你本人" in page.content.decode()
    record_reversal(line=line, back=money_back(), actor=second)
